"""Who has seen the newest word on a confirmed operation, and how long that took."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Annotated

from pydantic import Field
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import NotificationAcknowledged

from samsyn_reporting.domain.accounts import Operation
from samsyn_reporting.domain.told import Told, Value, said


class Acknowledgement(Told):
    """A function of an agency had seen what was told of an operation, up to a plan version."""

    operation_id: str
    agency: str
    plan_version: int


class Acknowledgements(Value):
    """Participants of confirmed operations, and whether they have acknowledged the operation's newest version."""

    expected: Annotated[
        int, Field(description="Pairs of confirmed operation and agency that has accepted a part in it")
    ]
    acknowledged: Annotated[int, Field(description="Of those: acknowledged the newest version or a later one")]
    share: Annotated[float | None, Field(description="Acknowledged of expected, 0 to 1; absent where none is expected")]
    median_minutes: Annotated[
        float | None,
        Field(
            description="Median minutes, by message time, from the newest message to the first acknowledgement of it"
        ),
    ]


def acknowledgement_of(message: NotificationAcknowledged, envelope: Envelope) -> Acknowledgement:
    """That an agency had seen what was told."""
    return Acknowledgement.model_validate(said(envelope) | message.model_dump())


def acknowledgements_of(operations: Iterable[Operation], told: Iterable[Acknowledgement]) -> Acknowledgements:
    """The figures of the operations that are confirmed."""
    confirmed = [operation for operation in operations if operation.state == "confirmed"]
    expected = [(each, agency) for each in confirmed for agency in _accepted(each)]
    by_pair: dict[tuple[str, str], list[Acknowledgement]] = {}
    for each in sorted(told, key=lambda one: one.rank):
        by_pair.setdefault((each.operation_id, each.agency), []).append(each)
    minutes = []
    for operation, agency in expected:
        seen = [
            each
            for each in by_pair.get((operation.operation_id, agency), ())
            if each.plan_version >= operation.plan_version
        ]
        if seen:
            # Seen before it was told: the agency had read an earlier message of the same version.
            minutes.append(max((seen[0].said_at - operation.told_at).total_seconds() / 60, 0))
    return Acknowledgements(
        expected=len(expected),
        acknowledged=len(minutes),
        share=round(len(minutes) / len(expected), 4) if expected else None,
        median_minutes=round(median(minutes), 1) if minutes else None,
    )


def _accepted(operation: Operation) -> Sequence[str]:
    return sorted({part.agency for part in operation.occasion.parts if part.is_accepted})
