"""What is said of plans changes: proposed, published, thought of, prepared for a loss, pinned, by itself or not."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn_contracts import capacity, plans
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message

from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_plans import BackupCard, ModeCard, PlanCard, ReplanCard, Thought, WhatIfCard
from samsyn_adapter_desk.domain.known import Hearing, Known


def _proposed(message: plans.ReplanProposed, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield ReplanCard(
        centre=message.centre,
        at=message.decide_by,
        proposed_at=envelope.time,
        replan_id=message.replan_id,
        base_plan_version=message.base_plan_version,
        changes=message.changes,
        untouched_count=message.untouched_count,
        score_delta=message.score_delta,
        consents_missing=message.consents_missing,
        alternatives=message.alternatives,
        may_stand=message.may_stand,
        proposed_event=envelope.id,
        cause_event=envelope.causationid,
    )
    for older in known.replans():
        if older.decision is None and older.replan_id != message.replan_id:
            yield older.model_copy(update={"decision": "overtaken"})


def _published(message: plans.PlanPublished, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield PlanCard(
        centre=message.centre,
        at=envelope.time,
        plan_version=message.plan_version,
        previous_version=message.previous_version,
        event_id=envelope.id,
        replan_id=message.replan_id,
        cause_event_ids=message.cause_event_ids,
        changes=message.changes,
        untouched_count=message.untouched_count,
    )
    for replan in known.replans():
        if replan.decision is None and replan.base_plan_version < message.plan_version:
            decision = "approved" if replan.replan_id == message.replan_id else "overtaken"
            yield replan.model_copy(update={"decision": decision})


def _backup(message: plans.BackupPlanPrepared, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield BackupCard(
        centre=message.centre,
        at=message.valid_until,
        operation_id=message.operation_id,
        code_name=message.code_name,
        against=message.against,
        plan_version=message.plan_version,
        ladder_step=message.ladder_step,
        to_slot=message.to_slot,
        is_consent_complete=message.consent_complete,
        needs_consent=message.needs_consent,
        value_loss=message.value_loss,
    )


def _no_backup(message: plans.BackupPlanInvalidated, envelope: Envelope, known: Known) -> Iterable[Card]:
    backup = known.cards.get(("backup", message.operation_id))
    if backup is not None:
        yield backup.model_copy(update={"is_valid": False})


def _worked_out(message: plans.WhatIfAnswered, envelope: Envelope, known: Known) -> Iterable[Card]:
    before = known.cards.get(("what_if", message.question_id))
    asked = before if isinstance(before, WhatIfCard) else None
    yield WhatIfCard(
        centre=message.centre,
        at=envelope.time if asked is None else asked.at,
        question_id=message.question_id,
        without=message.without,
        said=None if asked is None else asked.said,
        thought=Thought.model_validate(message.model_dump()),
    )


def _mode(message: capacity.AutomationModeChanged, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield ModeCard(
        centre=message.centre,
        at=envelope.time,
        mode=message.mode,
        by_function=message.by_function,
        reason_code=message.reason_code,
    )


def _pinned(message: plans.OperationPinned, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from _with_pin(known, message.operation_id, is_pinned=True)


def _unpinned(message: plans.OperationUnpinned, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from _with_pin(known, message.operation_id, is_pinned=False)


def _with_pin(known: Known, operation_id: str, *, is_pinned: bool) -> Iterable[Card]:
    operation = known.operation(operation_id)
    if operation is not None:
        yield operation.model_copy(update={"is_pinned": is_pinned})


HEARD: dict[type[Message], Hearing] = {
    plans.ReplanProposed: _proposed,
    plans.PlanPublished: _published,
    plans.BackupPlanPrepared: _backup,
    plans.BackupPlanInvalidated: _no_backup,
    plans.WhatIfAnswered: _worked_out,
    capacity.AutomationModeChanged: _mode,
    plans.OperationPinned: _pinned,
    plans.OperationUnpinned: _unpinned,
}
