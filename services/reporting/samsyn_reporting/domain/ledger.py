"""The ledger: each loss with what it did to each operation, and the totals, operations and inspections apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from samsyn_contracts.capacity import CapacityWithdrawn, PoliceCancelled
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import (
    LadderStep,
    ParticipationDeclined,
    ParticipationWithdrawn,
    PoliceDeclined,
    PoliceLossReported,
)

from samsyn_reporting.domain.accounts import Entry, Operation, Outcome, Value

LossMessage = (
    PoliceCancelled
    | PoliceLossReported
    | PoliceDeclined
    | CapacityWithdrawn
    | ParticipationWithdrawn
    | ParticipationDeclined
)
ELSEWHERE = "other_operation"


class Loss(Value):
    """Somebody took back, or turned out not to have, what a plan counted on."""

    event_id: str
    centre: str
    kind: str
    cause_code: str
    said_at: datetime


class Line(Value):
    """One cause and one operation, as the ledger shows them; `inspections` counts what became of those hit."""

    cause_event_id: str
    cause_kind: str
    cause_code: str
    caused_at: datetime
    is_taken_back: bool
    operation_id: str
    code_name: str
    planned_start_at: datetime
    outcome: Outcome
    ladder_step: LadderStep
    notice_minutes: int | None
    num_inspections: int
    inspections: dict[str, int]
    plan_version: int


class Count(Value):
    """How many were planned, hit, rescued (by the ladder's names), still wait for an occasion, or were lost."""

    planned: int
    hit: int
    rescued: dict[str, int]
    waiting: int
    lost: int


class Ledger(Value):
    """The lines of a period and their totals; each operation and inspection is counted once, by its last hit."""

    lines: tuple[Line, ...]
    operations: Count
    inspections: Count


def ledger_of(
    entries: Iterable[Entry],
    losses: Mapping[str, Loss],
    taken_back: Collection[str],
    planned: Sequence[Operation],
    standing: Collection[str],
) -> Ledger:
    """The ledger of the entries whose cause is a loss.

    `losses` by event id; `taken_back` the ids of those retracted; `planned` the operations of the period; `standing`
    the inspections that have an occasion in any operation of the centre.
    """
    hits = sorted((entry for entry in entries if entry.cause_event_id in losses), key=_place_in_order)
    lines = [_line(e, losses[e.cause_event_id], fates(e, standing), e.cause_event_id in taken_back) for e in hits]
    operation_fates = {e.operation_id: _operation_fate(e) for e in hits}
    inspection_fates = {id_: fate for e in hits for id_, fate in fates(e, standing).items()}
    inspection_ids = {id_ for operation in planned for id_ in operation.inspection_ids}
    return Ledger(
        lines=tuple(sorted(lines, key=lambda line: (line.planned_start_at, line.operation_id, line.cause_event_id))),
        operations=_count({operation.operation_id for operation in planned}, operation_fates),
        inspections=_count(inspection_ids, inspection_fates),
    )


def loss_of(message: LossMessage, envelope: Envelope) -> Loss:
    """The loss that a party told of; who was told by phone of a loss knows no cause code."""
    match message:
        case PoliceCancelled():
            code = message.cause_code
        case PoliceLossReported():
            code = "not_stated"
        case _:
            code = message.reason_code
    kind = type(message).__name__
    return Loss(event_id=envelope.id, centre=envelope.centre, kind=kind, cause_code=code, said_at=envelope.time)


def standing_inspections(operations: Iterable[Operation]) -> frozenset[str]:
    """The inspections that have an occasion."""
    return frozenset(id_ for operation in operations if operation.stands for id_ in operation.inspection_ids)


def fates(entry: Entry, standing: Collection[str]) -> Mapping[str, str]:
    """Each inspection hit, and what became of it: a ladder step, `other_operation`, `waiting` or `lost`."""
    return {id_: _fate(entry, id_, standing) for id_ in entry.inspection_ids}


def _fate(entry: Entry, inspection_id: str, standing: Collection[str]) -> str:
    if inspection_id in entry.kept_ids:
        return entry.ladder_step
    if inspection_id in standing:
        return ELSEWHERE
    return "waiting" if entry.outcome == "waiting" else "lost"


def _operation_fate(entry: Entry) -> str:
    return entry.ladder_step if entry.outcome == "rescued" else entry.outcome


def _count(planned_ids: Collection[str], fates_by_id: Mapping[str, str]) -> Count:
    """Hit is planned, even where the operation has since left the period."""
    tally = Counter(fates_by_id.values())
    rescued = {fate: number for fate, number in sorted(tally.items()) if fate not in ("waiting", "lost")}
    return Count(
        planned=len(fates_by_id.keys() | planned_ids),
        hit=len(fates_by_id),
        rescued=rescued,
        waiting=tally["waiting"],
        lost=tally["lost"],
    )


def _place_in_order(entry: Entry) -> tuple[int, int, str, str]:
    return entry.plan_version, entry.hit_version, entry.operation_id, entry.cause_event_id


def _line(entry: Entry, loss: Loss, fates_of_inspections: Mapping[str, str], is_taken_back: bool) -> Line:
    return Line(
        cause_event_id=entry.cause_event_id,
        cause_kind=loss.kind,
        cause_code=loss.cause_code,
        caused_at=loss.said_at,
        is_taken_back=is_taken_back,
        operation_id=entry.operation_id,
        code_name=entry.code_name,
        planned_start_at=entry.planned_start_at,
        outcome=entry.outcome,
        ladder_step=entry.ladder_step,
        notice_minutes=entry.notice_minutes,
        num_inspections=len(entry.inspection_ids),
        inspections=dict(sorted(Counter(fates_of_inspections.values()).items())),
        plan_version=entry.plan_version,
    )
