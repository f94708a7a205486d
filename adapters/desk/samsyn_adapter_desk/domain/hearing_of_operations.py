"""What planning and the participants say of operations changes: their place in the plan, questions, answers, losses."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn_contracts import capacity, operations
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from samsyn_adapter_desk.domain import answers_told, departments
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import Change, Loss, OperationCard, OperationState, QuestionCard
from samsyn_adapter_desk.domain.known import Hearing, Known

Told = operations.OperationScheduled | operations.OperationConfirmed | operations.OperationRescheduled
Gone = operations.OperationPostponed | operations.OperationCancelled


def _told(message: Told, envelope: Envelope, known: Known) -> Iterable[Card]:
    before = known.operation(message.operation_id)
    if before is not None and (before.plan_version > message.plan_version or before.is_over):
        return
    slot = message.to_slot if isinstance(message, operations.OperationRescheduled) else message.slot
    state: OperationState = "confirmed" if isinstance(message, operations.OperationConfirmed) else "scheduled"
    # A start that was refused is told to nobody: what moves to another session has not begun.
    if before is not None and before.state == "started" and before.slot.session_id == slot.session_id:
        state = "started"
    is_news = not isinstance(message, operations.OperationConfirmed) or before is None or before.change is None
    fresh = OperationCard(
        centre=envelope.centre,
        at=slot.start_at,
        operation_id=message.operation_id,
        code_name=message.code_name,
        state=state,
        slot=slot,
        plan_version=message.plan_version,
        participants=message.participants,
        inspections=message.inspections,
        told_event=envelope.id,
        change=_change(message, envelope) if is_news else before.change if before else None,
    )
    yield fresh if before is None else departments.parting(before, _kept(before, fresh), known.party)
    yield from _settled_questions(known, fresh)


def _kept(before: OperationCard, fresh: OperationCard) -> OperationCard:
    """The new word, with what only the party's own record tells of the operation."""
    moved = before.slot.session_id != fresh.slot.session_id
    # Off the plan because its police are lost, it stays so until they are back: the loss can still be taken back.
    is_lost = fresh.state in ("postponed", "cancelled") or fresh.plan_version == before.plan_version
    return fresh.model_copy(
        update={
            "acknowledged_version": before.acknowledged_version,
            "acknowledged_before": before.acknowledged_before,
            "acknowledged_said": before.acknowledged_said,
            "acknowledged_by": before.acknowledged_by,
            "seen_by_role": before.seen_by_role,
            "left": before.left,
            "answers": answers_told.still_told(before, fresh),
            "let_go": _let_go(before, fresh),
            "risk": before.risk,
            "is_pinned": before.is_pinned,
            "compromise": before.compromise,
            "arrivals": {} if moved else before.arrivals,
            "checked_in": {} if moved else before.checked_in,
            "account": before.account,
            "briefing": None if moved else before.briefing,
            "loss": before.loss if is_lost and not moved else None,
        }
    )


def _let_go(before: OperationCard, fresh: OperationCard) -> tuple[str, ...]:
    """Whom this version let go though they had accepted: they may come to what they think holds."""
    if fresh.plan_version == before.plan_version:
        return before.let_go
    said = {key for key, told in before.answers.items() if told.answer == "accept" and told.channel is None}
    had_accepted = {p.agency for p in before.participants if p.status == "accepted" or p.capacity_id in said}
    return tuple(sorted(had_accepted & set(fresh.change.released if fresh.change else ())))


def _settled_questions(known: Known, operation: OperationCard) -> Iterable[Card]:
    """Questions that the plan has gone past, or that are answered for by the list of participants."""
    status = {part.capacity_id: part.status for part in operation.participants}
    for question in known.questions():
        is_left_out = question.plan_version < operation.plan_version and question.capacity_id not in status
        if status.get(question.capacity_id) == "accepted":
            yield question.model_copy(update={"answer": "accepted", "answer_said": None})
        elif is_left_out or question.slot.session_id != operation.slot.session_id:
            yield question.model_copy(update={"is_gone": True})


def _change(message: Told, envelope: Envelope) -> Change:
    told = {"event_id": envelope.id, "plan_version": message.plan_version, "told_at": envelope.time}
    if not isinstance(message, operations.OperationRescheduled):
        return Change.model_validate(
            {
                **told,
                "to_slot": message.slot,
                "reasons": getattr(message, "reasons", ()),
                "released": getattr(message, "released", ()),
            }
        )
    return Change.model_validate(
        {
            **told,
            "ladder_step": message.ladder_step,
            "from_slot": message.from_slot,
            "to_slot": message.to_slot,
            "cause_event_ids": message.cause_event_ids,
            "reasons": message.reasons,
            "released": message.released,
            "notice_minutes": message.notice_minutes,
            "left_alone": message.left_alone,
        }
    )


def _gone(message: Gone, envelope: Envelope, known: Known) -> Iterable[Card]:
    before = known.operation(message.operation_id)
    if before is not None and (before.plan_version > message.plan_version or before.is_over):
        return
    is_cancelled = isinstance(message, operations.OperationCancelled)
    change = Change(
        event_id=envelope.id,
        plan_version=message.plan_version,
        told_at=envelope.time,
        ladder_step="cancelled" if is_cancelled else "postponed",
        from_slot=message.from_slot,
        cause_code=message.cause_code,
        cause_event_ids=message.cause_event_ids,
        reasons=message.reasons,
        released=message.released,
        notice_minutes=message.notice_minutes,
    )
    fresh = OperationCard(
        centre=envelope.centre,
        at=message.from_slot.start_at,
        operation_id=message.operation_id,
        code_name=message.code_name,
        state="cancelled" if is_cancelled else "postponed",
        slot=message.from_slot,
        plan_version=message.plan_version,
        participants=before.participants if before else (),
        inspections=before.inspections if before else (),
        told_event=envelope.id,
        change=change,
    )
    yield fresh if before is None else _kept(before, fresh)
    for question in known.questions():
        yield question.model_copy(update={"is_gone": True})


def _participation_requested(
    message: operations.ParticipationRequested, envelope: Envelope, known: Known
) -> Iterable[Card]:
    yield _question(message, envelope, known, officers=None)


def _police_requested(message: operations.PoliceRequested, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield _question(message, envelope, known, officers=message.officers)


def _question(
    message: operations.ParticipationRequested | operations.PoliceRequested,
    envelope: Envelope,
    known: Known,
    officers: int | None,
) -> QuestionCard:
    return QuestionCard(
        centre=envelope.centre,
        at=message.reply_by,
        operation_id=message.operation_id,
        capacity_id=message.capacity_id,
        role=_asked_role(message, known),
        code_name=message.code_name,
        is_to_police=isinstance(message, operations.PoliceRequested),
        slot=message.slot,
        inspections=message.inspections,
        officers=officers,
        plan_version=message.plan_version,
        asked_by=envelope.id,
    )


def _asked_role(message: operations.ParticipationRequested | operations.PoliceRequested, known: Known) -> str | None:
    """The department that is asked: as the question says, or as the list of participants does."""
    if isinstance(message, operations.ParticipationRequested) and message.role is not None:
        return message.role
    operation = known.operation(message.operation_id)
    parts = () if operation is None else operation.part_of(message.agency)
    return next((part.role for part in parts if part.capacity_id == message.capacity_id), None)


def _answered(message: answers_told.Answer, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from answers_told.answered(message, envelope.id, envelope.party, known.operation(message.operation_id))


def _answer_noted(message: ParticipationAnswerReported, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from answers_told.noted(message, envelope.id, known.operation(message.operation_id), known.questions())


def _police_cancelled(message: capacity.PoliceCancelled, envelope: Envelope, known: Known) -> Iterable[Card]:
    for operation in known.operations():
        if not operation.is_over:
            yield operation.model_copy(update={"loss": loss_told(message, envelope, envelope.party)})


def loss_told(message: capacity.PoliceCancelled, envelope: Envelope, party: str) -> Loss:
    """What an operation on the session has lost, as the police tell it."""
    return Loss(
        event_id=envelope.id,
        told_at=envelope.time,
        cause_code=message.cause_code,
        by_party=party,
        is_partial=not message.is_whole,
        officers_left=message.officers_left,
    )


def _police_back(
    message: capacity.PoliceCancellationRetracted | capacity.PoliceRestored, envelope: Envelope, known: Known
) -> Iterable[Card]:
    for operation in known.operations():
        if operation.loss is not None:
            yield operation.model_copy(update={"loss": None})


def _loss_reported(message: operations.PoliceLossReported, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is None or message.session_id not in (None, operation.slot.session_id):
        return  # of a session that it has left: planning refuses it
    if operation.loss is None and not operation.is_over:
        loss = Loss(event_id=envelope.id, told_at=message.told_at, is_reported=True, by_party=message.agency)
        yield operation.model_copy(update={"loss": loss})


def _acknowledged(message: operations.NotificationAcknowledged, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None:
        seen = max(message.plan_version, operation.acknowledged_by.get(message.agency, 0))
        yield operation.model_copy(update={"acknowledged_by": {**operation.acknowledged_by, message.agency: seen}})


HEARD: dict[type[Message], Hearing] = {
    operations.OperationScheduled: _told,
    operations.OperationConfirmed: _told,
    operations.OperationRescheduled: _told,
    operations.OperationPostponed: _gone,
    operations.OperationCancelled: _gone,
    operations.ParticipationRequested: _participation_requested,
    operations.PoliceRequested: _police_requested,
    operations.ParticipationAccepted: _answered,
    operations.ParticipationDeclined: _answered,
    operations.ParticipationWithdrawn: _answered,
    operations.PoliceCommitted: _answered,
    operations.PoliceDeclined: _answered,
    ParticipationAnswerReported: _answer_noted,
    capacity.PoliceCancelled: _police_cancelled,
    capacity.PoliceCancellationRetracted: _police_back,
    capacity.PoliceRestored: _police_back,
    operations.PoliceLossReported: _loss_reported,
    operations.NotificationAcknowledged: _acknowledged,
}
