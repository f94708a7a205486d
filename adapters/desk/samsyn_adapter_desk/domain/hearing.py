"""What a message changes in what a party knows: known cards and a message in, changed cards out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import singledispatch

from samsyn_contracts import capacity, carrying_out, indicators, inspections, operations, periods, plans
from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.contact_points import ContactPointChanged
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.site_information import (
    BriefingPublished,
    ParticipantCheckedIn,
    SiteInformationCompleted,
    SiteInformationRequested,
)
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from samsyn_adapter_desk.domain import answers_told, compromised, contacts
from samsyn_adapter_desk.domain.cards import (
    BackupCard,
    Card,
    Change,
    CheckedIn,
    FiguresCard,
    InspectionCard,
    Loss,
    ModeCard,
    OperationCard,
    OperationState,
    PlanCard,
    QuestionCard,
    ReplanCard,
    SiteRequestCard,
    TargetCard,
    Thought,
    WhatIfCard,
    WheelCard,
)

Told = operations.OperationScheduled | operations.OperationConfirmed | operations.OperationRescheduled
Gone = operations.OperationPostponed | operations.OperationCancelled
Wheel = periods.AnnualWheelPublished | periods.PlanningPeriodOpened | periods.PlanningPeriodFrozen
OnSession = capacity.PoliceCancelled | capacity.PoliceCancellationRetracted | capacity.PoliceRestored


@dataclass(frozen=True)
class Needs:
    """Which cards a message is about: single ones, all on an operation, all on a session, a centre's open replans."""

    keys: tuple[tuple[str, str], ...] = ()
    operation_id: str | None = None
    session_id: str | None = None
    replans_of: str | None = None


@dataclass(frozen=True)
class Known:
    """The cards that a message is about, and whose they are."""

    party: str
    cards: Mapping[tuple[str, str], Card]

    def operation(self, operation_id: str) -> OperationCard | None:
        """An operation, if the party knows it."""
        found = self.cards.get(("operation", operation_id))
        return found if isinstance(found, OperationCard) else None

    def operations(self) -> list[OperationCard]:
        """All operations among them."""
        return [card for card in self.cards.values() if isinstance(card, OperationCard)]

    def questions(self) -> list[QuestionCard]:
        """All questions among them."""
        return [card for card in self.cards.values() if isinstance(card, QuestionCard)]

    def replans(self) -> list[ReplanCard]:
        """All proposed plans among them."""
        return [card for card in self.cards.values() if isinstance(card, ReplanCard)]

    def wheel(self, wheel_id: str) -> WheelCard | None:
        """An annual wheel, if the party knows it."""
        found = self.cards.get(("wheel", wheel_id))
        return found if isinstance(found, WheelCard) else None

    def inspection(self, inspection_id: str) -> InspectionCard | None:
        """A wanted inspection, if the party knows it."""
        found = self.cards.get(("inspection", inspection_id))
        return found if isinstance(found, InspectionCard) else None


def needs_of(message: Message, envelope: Envelope) -> Needs:
    """What must be known to take in a message."""
    if isinstance(message, OnSession):
        return Needs(session_id=message.capacity_id)
    if isinstance(message, plans.PlanPublished | plans.ReplanProposed):
        return Needs(replans_of=message.centre)
    if isinstance(message, inspections.InspectionAmended | inspections.InspectionWithdrawn):
        return Needs(keys=(("inspection", message.inspection_id),))
    if isinstance(message, carrying_out.OperationCompleted):
        done = tuple(("inspection", inspection_id) for inspection_id in message.done_inspection_ids)
        return Needs(keys=done, operation_id=message.operation_id)
    if (one := _one_card(message, envelope)) is not None:
        return Needs(keys=(one,))
    operation_id = getattr(message, "operation_id", None)
    return Needs() if operation_id is None else Needs(operation_id=operation_id)


def _one_card(message: Message, envelope: Envelope) -> tuple[str, str] | None:
    """The only card that a message about neither an operation nor a session is about, by kind and id."""
    if isinstance(message, Wheel):
        return "wheel", message.wheel_id
    if isinstance(message, indicators.KpiSnapshotTaken):
        return "figures", f"{message.centre}/{message.year}"
    if isinstance(message, plans.WhatIfAnswered):
        return "what_if", message.question_id
    if isinstance(message, ContactPointChanged):
        return "contact", contacts.card_id(envelope.centre, message.function_id)
    return None


@singledispatch
def hear(message: Message, envelope: Envelope, known: Known) -> Iterable[Card]:
    """The cards that the message changes; none where it only stands in the record of what was heard."""
    return ()


@hear.register(operations.OperationScheduled)
@hear.register(operations.OperationConfirmed)
@hear.register(operations.OperationRescheduled)
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
    yield fresh if before is None else _kept(before, fresh)
    yield from _settled_questions(known, fresh)


def _kept(before: OperationCard, fresh: OperationCard) -> OperationCard:
    """The new word, with what only the party's own record tells of the operation."""
    moved = before.slot.session_id != fresh.slot.session_id
    return fresh.model_copy(
        update={
            "acknowledged_version": before.acknowledged_version,
            "acknowledged_before": before.acknowledged_before,
            "acknowledged_said": before.acknowledged_said,
            "acknowledged_by": before.acknowledged_by,
            "answers": answers_told.still_told(before, fresh),
            "is_pinned": before.is_pinned,
            "compromise": before.compromise,
            "arrivals": {} if moved else before.arrivals,
            "checked_in": {} if moved else before.checked_in,
            "account": before.account,
            "briefing": None if moved else before.briefing,
            "loss": None if moved or fresh.plan_version > before.plan_version else before.loss,
        }
    )


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


@hear.register(operations.OperationPostponed)
@hear.register(operations.OperationCancelled)
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


@hear.register
def _participation_requested(
    message: operations.ParticipationRequested, envelope: Envelope, known: Known
) -> Iterable[Card]:
    yield _question(message, envelope, officers=None)


@hear.register
def _police_requested(message: operations.PoliceRequested, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield _question(message, envelope, officers=message.officers)


def _question(
    message: operations.ParticipationRequested | operations.PoliceRequested, envelope: Envelope, officers: int | None
) -> QuestionCard:
    return QuestionCard(
        centre=envelope.centre,
        at=message.reply_by,
        operation_id=message.operation_id,
        capacity_id=message.capacity_id,
        code_name=message.code_name,
        is_to_police=isinstance(message, operations.PoliceRequested),
        slot=message.slot,
        inspections=message.inspections,
        officers=officers,
        plan_version=message.plan_version,
        asked_by=envelope.id,
    )


@hear.register(operations.ParticipationAccepted)
@hear.register(operations.ParticipationDeclined)
@hear.register(operations.ParticipationWithdrawn)
@hear.register(operations.PoliceCommitted)
@hear.register(operations.PoliceDeclined)
def _answered(message: answers_told.Answer, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from answers_told.answered(message, envelope.id, envelope.party, known.operation(message.operation_id))


@hear.register
def _answer_noted(message: ParticipationAnswerReported, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from answers_told.noted(message, envelope.id, known.operation(message.operation_id), known.questions())


@hear.register
def _feared(message: OperationCompromised, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from compromised.feared(known.operation(message.operation_id), message, envelope)


@hear.register
def _cleared(message: OperationCleared, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from compromised.cleared(known.operation(message.operation_id), message, envelope)


@hear.register
def _reached(message: ContactPointChanged, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield contacts.changed(message, envelope)


@hear.register
def _police_cancelled(message: capacity.PoliceCancelled, envelope: Envelope, known: Known) -> Iterable[Card]:
    for operation in known.operations():
        if not operation.is_over:
            loss = Loss(
                event_id=envelope.id, told_at=envelope.time, cause_code=message.cause_code, by_party=envelope.party
            )
            yield operation.model_copy(update={"loss": loss})


@hear.register(capacity.PoliceCancellationRetracted)
@hear.register(capacity.PoliceRestored)
def _police_back(
    message: capacity.PoliceCancellationRetracted | capacity.PoliceRestored, envelope: Envelope, known: Known
) -> Iterable[Card]:
    for operation in known.operations():
        if operation.loss is not None:
            yield operation.model_copy(update={"loss": None})


@hear.register
def _loss_reported(message: operations.PoliceLossReported, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None and operation.loss is None and not operation.is_over:
        loss = Loss(event_id=envelope.id, told_at=message.told_at, is_reported=True, by_party=message.agency)
        yield operation.model_copy(update={"loss": loss})


@hear.register
def _acknowledged(message: operations.NotificationAcknowledged, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None:
        seen = max(message.plan_version, operation.acknowledged_by.get(message.agency, 0))
        yield operation.model_copy(update={"acknowledged_by": {**operation.acknowledged_by, message.agency: seen}})


@hear.register
def _started(message: carrying_out.OperationStarted, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None and not operation.is_over:
        yield operation.model_copy(update={"state": "started"})


@hear.register
def _completed(message: carrying_out.OperationCompleted, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None:
        state: OperationState = "aborted" if message.outcome == "aborted" else "completed"
        facts = {"done_inspection_ids": message.done_inspection_ids, "counts_as_operation": message.counts_as_operation}
        yield operation.model_copy(update={"state": state, **facts})
    for inspection_id in message.done_inspection_ids:
        inspection = known.inspection(inspection_id)
        if inspection is not None:
            yield inspection.model_copy(update={"state": "done"})


@hear.register
def _proposed(message: plans.ReplanProposed, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield ReplanCard(
        centre=message.centre,
        at=message.decide_by,
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


@hear.register
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


@hear.register
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


@hear.register
def _no_backup(message: plans.BackupPlanInvalidated, envelope: Envelope, known: Known) -> Iterable[Card]:
    backup = known.cards.get(("backup", message.operation_id))
    if backup is not None:
        yield backup.model_copy(update={"is_valid": False})


@hear.register
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


@hear.register
def _mode(message: capacity.AutomationModeChanged, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield ModeCard(
        centre=message.centre,
        at=envelope.time,
        mode=message.mode,
        by_function=message.by_function,
        reason_code=message.reason_code,
    )


@hear.register
def _wanted(message: inspections.InspectionProposed, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield InspectionCard(
        centre=envelope.centre,
        at=envelope.time,
        inspection_id=message.inspection_id,
        is_own=message.owner == known.party,
        municipality=message.site.municipality,
        industry=message.site.industry,
        site_name=message.site.name,
        site_address=message.site.address,
        indications=message.indications,
        police_need=message.police_need,
        programme=message.programme,
        duration_minutes=message.duration_minutes,
        due_at=message.due_at,
        required_agencies=message.required_agencies,
    )


@hear.register
def _amended(message: inspections.InspectionAmended, envelope: Envelope, known: Known) -> Iterable[Card]:
    inspection = known.inspection(message.inspection_id)
    if inspection is not None:
        told = message.changes.model_dump(exclude_none=True)
        shown = {name: value for name, value in told.items() if name in InspectionCard.model_fields}
        yield inspection.model_copy(update=shown)


@hear.register
def _withdrawn(message: inspections.InspectionWithdrawn, envelope: Envelope, known: Known) -> Iterable[Card]:
    inspection = known.inspection(message.inspection_id)
    if inspection is not None:
        yield inspection.model_copy(update={"state": "withdrawn"})


@hear.register
def _pinned(message: plans.OperationPinned, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from _with_pin(known, message.operation_id, is_pinned=True)


@hear.register
def _unpinned(message: plans.OperationUnpinned, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from _with_pin(known, message.operation_id, is_pinned=False)


def _with_pin(known: Known, operation_id: str, *, is_pinned: bool) -> Iterable[Card]:
    operation = known.operation(operation_id)
    if operation is not None:
        yield operation.model_copy(update={"is_pinned": is_pinned})


@hear.register
def _delayed(message: carrying_out.ParticipantDelayed, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None:
        arrives_at = message.arrives_at or operation.slot.start_at + timedelta(minutes=message.minutes)
        yield operation.model_copy(update={"arrivals": {**operation.arrivals, message.agency: arrives_at}})


@hear.register
def _site_asked(message: SiteInformationRequested, envelope: Envelope, known: Known) -> Iterable[Card]:
    before = known.cards.get(("site_request", message.operation_id))
    yield SiteRequestCard(
        centre=envelope.centre,
        at=message.due_at,
        operation_id=message.operation_id,
        code_name=message.code_name,
        slot=message.slot,
        sites=message.sites,
        answered=before.answered if isinstance(before, SiteRequestCard) else {},
    )


@hear.register(SiteInformationCompleted)
@hear.register(BriefingPublished)
def _prepared(
    message: SiteInformationCompleted | BriefingPublished, envelope: Envelope, known: Known
) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None:
        name = "briefing" if isinstance(message, BriefingPublished) else "account"
        before = getattr(operation, name)
        if before is None or before.version < message.version:
            yield operation.model_copy(update={name: message})


@hear.register
def _come(message: ParticipantCheckedIn, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None and not operation.is_over:
        come = CheckedIn(event_id=envelope.id, at=envelope.time, head_count=message.head_count)
        yield operation.model_copy(update={"checked_in": {**operation.checked_in, message.agency: come}})


@hear.register
def _wheel(message: periods.AnnualWheelPublished, envelope: Envelope, known: Known) -> Iterable[Card]:
    before = known.wheel(message.wheel_id)
    if before is None or before.version < message.version:
        yield WheelCard(
            centre=envelope.centre,
            at=envelope.time,
            wheel_id=message.wheel_id,
            year=message.year,
            version=message.version,
            periods=message.periods,
            fixed_days=message.fixed_days,
            opened=before.opened if before else (),
            frozen=before.frozen if before else {},
        )


@hear.register
def _opened(message: periods.PlanningPeriodOpened, envelope: Envelope, known: Known) -> Iterable[Card]:
    wheel = known.wheel(message.wheel_id)
    if wheel is not None and message.period_id not in wheel.opened:
        yield wheel.model_copy(update={"opened": (*wheel.opened, message.period_id)})


@hear.register
def _frozen(message: periods.PlanningPeriodFrozen, envelope: Envelope, known: Known) -> Iterable[Card]:
    wheel = known.wheel(message.wheel_id)
    if wheel is not None:
        yield wheel.model_copy(update={"frozen": {**wheel.frozen, message.period_id: message.frozen_operation_ids}})


@hear.register
def _target(message: periods.AnnualTargetSet, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield TargetCard(
        centre=message.centre,
        at=envelope.time,
        year=message.year,
        unit=message.unit,
        baseline=message.baseline,
        target=message.target,
    )


@hear.register
def _figures(message: indicators.KpiSnapshotTaken, envelope: Envelope, known: Known) -> Iterable[Card]:
    before = known.cards.get(("figures", f"{message.centre}/{message.year}"))
    if not isinstance(before, FiguresCard) or before.as_of < message.as_of:
        yield FiguresCard(
            centre=message.centre,
            at=envelope.time,
            year=message.year,
            as_of=message.as_of,
            values={kpi.code: kpi.value for kpi in message.kpis},
        )
