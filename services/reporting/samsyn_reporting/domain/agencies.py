"""What each agency did: the operations that it joined, and what began with a proposal of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from samsyn_reporting.domain.carried_out import Day
from samsyn_reporting.domain.hours import POLICE
from samsyn_reporting.domain.told import Value
from samsyn_reporting.domain.work import NOTHING, work_by


class OfAgency(Value):
    """What one agency joined and initiated; what it initiated it has mostly joined too."""

    agency: Annotated[str, Field(description="Party code")]
    joined_operations: Annotated[
        int, Field(description="Insatser in which it took part: it had accepted; the police where they were there")
    ]
    initiated_operations: Annotated[int, Field(description="Insatser with an inspection that it had proposed")]
    initiated_inspections: Annotated[int, Field(description="Kontroller that it had proposed")]


def agencies_of(days: Sequence[Day]) -> tuple[OfAgency, ...]:
    """A row for each agency that joined or initiated something, by code."""
    joined = Counter(agency for day in days for agency in _joined_by(day))
    # An inspection's id begins with the party that proposed it: the exchange lets nobody else propose it.
    own = work_by(days, {id_: id_.partition(":")[0] for day in days for id_ in _inspections_of(day)})
    initiated = {agency for agency, work in own.items() if work.counting_operations or work.inspections_done}
    return tuple(
        OfAgency(
            agency=agency,
            joined_operations=joined[agency],
            initiated_operations=own.get(agency, NOTHING).counting_operations,
            initiated_inspections=own.get(agency, NOTHING).inspections_done,
        )
        for agency in sorted(joined.keys() | initiated)
    )


def _joined_by(day: Day) -> frozenset[str]:
    if day.ending is None or not day.ending.counts_as_operation:
        return frozenset()
    accepted = {part.agency for part in day.operation.occasion.parts if part.is_accepted}
    return frozenset(accepted if day.had_police else accepted - {POLICE})


def _inspections_of(day: Day) -> Iterator[str]:
    yield from day.operation.inspection_ids
    yield from () if day.ending is None else day.ending.done_ids
