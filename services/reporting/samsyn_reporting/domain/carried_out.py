"""What was carried out: operations started and ended, insatser and kontroller apart, who handed in, what went back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from samsyn_contracts.carrying_out import (
    InspectionCompleted,
    InspectionSuspended,
    OperationAborted,
    OperationCompleted,
    OperationStarted,
)
from samsyn_contracts.envelope import Envelope

from samsyn_reporting.domain.accounts import Operation
from samsyn_reporting.domain.told import Told, Value, grouped, said


class Start(Told):
    """An agency told that an operation had begun."""

    operation_id: str
    agency: str
    police_present: bool


class HandIn(Told):
    """An agency told that its part of an inspection was finished."""

    operation_id: str
    inspection_id: str
    agency: str
    outcome: Literal["done", "closed", "not_found"]


class BreakOff(Told):
    """An agency told that an operation was broken off or given up, and which inspections were left."""

    operation_id: str
    agency: str
    kind: Literal["suspended", "aborted"]
    cause_code: str
    left_ids: tuple[str, ...]


class Ending(Told):
    """The inspection service told that an operation was over."""

    operation_id: str
    plan_version: int
    outcome: Literal["completed", "in_part", "aborted"]
    done_ids: tuple[str, ...]
    handed_in_by: tuple[str, ...]
    missing_from: tuple[str, ...]
    police_present: bool
    counts_as_operation: bool


class Day(Value):
    """What was told of one operation's day; only its participants are listened to, as the inspection service does."""

    operation: Operation
    start: Start | None = None
    ending: Ending | None = None
    hand_ins: tuple[HandIn, ...] = ()
    break_offs: tuple[BreakOff, ...] = ()

    @property
    def has_started(self) -> bool:
        """Whether it began, by what was told."""
        return self.start is not None or self.ending is not None

    @property
    def had_police(self) -> bool:
        """Whether police were there: the end's word goes before the start's."""
        if self.ending is not None:
            return self.ending.police_present
        return self.start is not None and self.start.police_present

    @property
    def back_ids(self) -> frozenset[str]:
        """The inspections that went back to the list and were not done in this operation."""
        done = frozenset(self.ending.done_ids) if self.ending is not None else frozenset()
        return frozenset(id_ for each in self.break_offs for id_ in each.left_ids) - done


class CarriedOut(Value):
    """What became of the operations of the period on their day."""

    started: Annotated[int, Field(description="Operations that began: a participant said so, or their end was told")]
    under_way: Annotated[int, Field(description="Of those started: not told of as over")]
    completed: Annotated[int, Field(description="Operations that ended with all inspections done")]
    in_part: Annotated[int, Field(description="Operations that ended with some inspections done")]
    aborted: Annotated[int, Field(description="Operations that were given up")]
    never_told_of: Annotated[
        int, Field(description="Confirmed operations whose slot has passed and of which nobody has told a start")
    ]
    with_police: Annotated[int, Field(description="Of those started: police were there")]
    without_police: Annotated[int, Field(description="Of those started: police were not there")]
    counting_operations: Annotated[
        int, Field(description="Insatser: operations that ended and count as such by the centre's dated rule")
    ]
    inspections_done: Annotated[
        int, Field(description="Kontroller: inspections done in operations that ended; never added to insatser")
    ]
    handed_in: Annotated[int, Field(description="Pairs of ended operation and agency: handed in")]
    missing: Annotated[int, Field(description="Pairs of ended operation and agency: did not hand in")]
    hand_ins: Annotated[
        dict[str, int], Field(description="Pairs of inspection and agency that handed in so far, by outcome")
    ]
    suspended: Annotated[int, Field(description="Operations that were broken off on the spot")]
    inspections_back: Annotated[
        int, Field(description="Inspections that went back to the list from operations broken off or given up")
    ]


def start_of(message: OperationStarted, envelope: Envelope) -> Start:
    """That an operation had begun."""
    return Start.model_validate(said(envelope) | message.model_dump())


def hand_in_of(message: InspectionCompleted, envelope: Envelope) -> HandIn:
    """That an agency's part of an inspection was finished."""
    return HandIn.model_validate(said(envelope) | message.model_dump())


def break_off_of(message: InspectionSuspended | OperationAborted, envelope: Envelope) -> BreakOff:
    """That an operation was broken off or given up."""
    if isinstance(message, InspectionSuspended):
        left = {"kind": "suspended", "left_ids": message.remaining_inspection_ids}
    else:
        left = {"kind": "aborted", "left_ids": message.left_inspection_ids}
    return BreakOff.model_validate(said(envelope) | message.model_dump() | left)


def ending_of(message: OperationCompleted, envelope: Envelope) -> Ending:
    """That an operation was over."""
    done = {"done_ids": message.done_inspection_ids}
    return Ending.model_validate(said(envelope) | message.model_dump() | done)


def days_of(
    operations: Iterable[Operation],
    starts: Iterable[Start],
    hand_ins: Iterable[HandIn],
    break_offs: Iterable[BreakOff],
    endings: Iterable[Ending],
) -> Sequence[Day]:
    """What was told of each operation's day; of several starts and ends the newest counts."""
    told_starts, told_endings = grouped(starts, "operation_id"), grouped(endings, "operation_id")
    told_hand_ins, told_break_offs = grouped(hand_ins, "operation_id"), grouped(break_offs, "operation_id")
    days = []
    for operation in operations:
        id_, agencies = operation.operation_id, operation.agencies
        heard = [each for each in told_starts.get(id_, ()) if each.agency in agencies]
        day = Day(
            operation=operation,
            start=max(heard, key=lambda each: each.rank, default=None),
            ending=max(told_endings.get(id_, ()), key=lambda each: (each.plan_version, each.rank), default=None),
            hand_ins=tuple(each for each in told_hand_ins.get(id_, ()) if each.agency in agencies),
            break_offs=tuple(each for each in told_break_offs.get(id_, ()) if each.agency in agencies),
        )
        days.append(day)
    return days


def carried_out_of(days: Sequence[Day], heard_until: Mapping[str, datetime]) -> CarriedOut:
    """The figures of the day; `heard_until` tells per centre up to when, by message time, anything was heard."""
    ended = [(day, day.ending) for day in days if day.ending is not None]
    started = [day for day in days if day.has_started]
    outcomes = Counter(ending.outcome for _, ending in ended)
    with_police = sum(day.had_police for day in started)
    newest = {
        (e.inspection_id, e.agency): e.outcome for day in days for e in sorted(day.hand_ins, key=lambda e: e.rank)
    }
    return CarriedOut(
        started=len(started),
        under_way=len(started) - len(ended),
        completed=outcomes["completed"],
        in_part=outcomes["in_part"],
        aborted=outcomes["aborted"],
        never_told_of=sum(_is_never_told_of(day, heard_until) for day in days),
        with_police=with_police,
        without_police=len(started) - with_police,
        counting_operations=sum(ending.counts_as_operation for _, ending in ended),
        inspections_done=len({id_ for _, ending in ended for id_ in ending.done_ids}),
        handed_in=sum(len(set(ending.handed_in_by)) for _, ending in ended),
        missing=sum(len(set(ending.missing_from)) for _, ending in ended),
        hand_ins=dict(sorted(Counter(newest.values()).items())),
        suspended=sum(any(each.kind == "suspended" for each in day.break_offs) for day in days),
        inspections_back=len({id_ for day in days for id_ in day.back_ids}),
    )


def _is_never_told_of(day: Day, heard_until: Mapping[str, datetime]) -> bool:
    operation = day.operation
    until = heard_until.get(operation.centre)
    has_passed = until is not None and operation.occasion.end_at <= until
    return operation.state == "confirmed" and has_passed and not day.has_started
