"""Agency hours: staff times the hours of the operations' slots; planned, carried out, rescued and lost, per agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field
from samsyn_contracts.capacity import CapacityOffered
from samsyn_contracts.envelope import Envelope

from samsyn_reporting.domain.accounts import Entry, Occasion, Operation
from samsyn_reporting.domain.told import ToldInSequence, Value, said

POLICE = "polisen"
STAFF_WHERE_UNKNOWN = 1
Use = Literal["planned", "carried_out", "rescued", "lost"]
Seconds = Counter[tuple[str, Use]]  # whole seconds of persons: sums of fractions would hang on their order


class Offer(ToldInSequence):
    """How many people a capacity is."""

    capacity_id: str
    agency: str
    staff: int


class HoursSum(Value):
    """Person-hours: staff of the capacity offered times the hours of the operation's slot."""

    planned: Annotated[float, Field(description="Of operations of the period, as planned when last hit or as they are")]
    carried_out: Annotated[float, Field(description="Of operations that started, by who had accepted")]
    rescued: Annotated[float, Field(description="Of hit operations with an occasion again, on that occasion")]
    lost: Annotated[float, Field(description="Of hit operations that were cancelled or have no occasion, as planned")]


class AgencyHours(HoursSum):
    """The person-hours of one agency."""

    agency: Annotated[str, Field(description="Party code")]


class Hours(Value):
    """Person-hours per agency and in total, the police apart from the others."""

    agencies: Annotated[tuple[AgencyHours, ...], Field(description="A row per agency, the police included")]
    police: Annotated[HoursSum, Field(description="The police alone")]
    other_agencies: Annotated[HoursSum, Field(description="All agencies but the police")]
    total: Annotated[HoursSum, Field(description="The police and the other agencies")]
    parts_of_unknown_staff: Annotated[
        int, Field(description="Parts in operations whose capacity's offer is not known: each counted as one person")
    ]


def offer_of(message: CapacityOffered, envelope: Envelope) -> Offer:
    """The staff of a capacity."""
    agency = message.capacity_id.partition(":")[0]
    about = {"sequence": envelope.sequence, "capacity_id": message.capacity_id, "agency": agency}
    return Offer.model_validate(said(envelope) | about | {"staff": message.staff})


def hours_of(
    planned: Iterable[Operation],
    last_hits: Mapping[str, Entry],
    carried_out: Sequence[tuple[Operation, bool]],
    offers: Mapping[str, Offer],
) -> Hours:
    """The hours of the operations of a period.

    `last_hits` by operation id; `carried_out` the operations that started, and whether police were there;
    `offers` by capacity id.
    """
    occasions = [*_planned(planned, last_hits), *_carried_out(carried_out), *_hit(last_hits.values())]
    seconds: Seconds = Counter()
    unknown: set[tuple[str, str]] = set()
    for use, occasion in occasions:
        length = (occasion.end_at - occasion.start_at) // timedelta(seconds=1)
        for part in occasion.parts:
            offer = offers.get(part.capacity_id)
            seconds[part.agency, use] += length * (offer.staff if offer else STAFF_WHERE_UNKNOWN)
            unknown |= set() if offer else {(part.agency, part.capacity_id)}
    return _hours(seconds, len(unknown))


def _planned(planned: Iterable[Operation], last_hits: Mapping[str, Entry]) -> Iterator[tuple[Use, Occasion]]:
    yield from (("planned", hit.planned_on) for hit in last_hits.values())
    yield from (("planned", each.occasion) for each in planned if each.operation_id not in last_hits)


def _hit(last_hits: Iterable[Entry]) -> Iterator[tuple[Use, Occasion]]:
    for hit in last_hits:
        yield ("lost", hit.planned_on) if hit.kept_on is None else ("rescued", hit.kept_on)


def _carried_out(carried_out: Iterable[tuple[Operation, bool]]) -> Iterator[tuple[Use, Occasion]]:
    """Who had accepted was there; the police only where that was told."""
    for operation, had_police in carried_out:
        parts = [p for p in operation.occasion.parts if p.is_accepted and (had_police or p.agency != POLICE)]
        yield "carried_out", operation.occasion.model_copy(update={"parts": tuple(parts)})


def _hours(seconds: Seconds, num_unknown: int) -> Hours:
    agencies = sorted({agency for agency, _ in seconds})
    others = [agency for agency in agencies if agency != POLICE]
    return Hours(
        agencies=tuple(AgencyHours(agency=agency, **_sum(seconds, [agency]).model_dump()) for agency in agencies),
        police=_sum(seconds, [POLICE]),
        other_agencies=_sum(seconds, others),
        total=_sum(seconds, [*others, POLICE]),
        parts_of_unknown_staff=num_unknown,
    )


def _sum(seconds: Seconds, agencies: Iterable[str]) -> HoursSum:
    uses: tuple[Use, ...] = ("planned", "carried_out", "rescued", "lost")
    listed = list(agencies)
    sums = {use: sum(seconds[agency, use] for agency in listed) for use in uses}
    return HoursSum.model_validate({use: round(number / 3600, 2) for use, number in sums.items()})
