"""A centre's work by agency and by area as it is told to the centre, where a figure is another than before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from samsyn_contracts.indicators import AgencyWork, AreaWork, WorkCounted

from samsyn_reporting.domain.agencies import OfAgency
from samsyn_reporting.domain.areas import OfArea

DEFINITION_VERSION = 1
Counted = tuple[tuple[AgencyWork, ...], tuple[AreaWork, ...]]


def counted(agencies: Sequence[OfAgency], areas: Sequence[OfArea]) -> Counted:
    """The figures as they are told."""
    return (
        tuple(AgencyWork.model_validate(each.model_dump()) for each in agencies),
        tuple(AreaWork.model_validate(each.model_dump(exclude_none=True)) for each in areas),
    )


def work_counted(centre: str, day: date, now: Counted, before: Counted) -> tuple[WorkCounted, ...]:
    """What is to be said: nothing where the figures are those that were told last in the same year."""
    if now == before:
        return ()
    told = {"centre": centre, "year": day.year, "as_of": day, "definition_version": DEFINITION_VERSION}
    return (WorkCounted.model_validate({**told, "agencies": now[0], "areas": now[1]}),)
