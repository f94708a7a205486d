"""What the party's own statements change in what it sees, at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

from samsyn_contracts import capacity, inspections, operations, plans
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.officers import OperationOfficerDesignated, OperationOfficerRetired
from samsyn_contracts.periods import AnnualWheelPublished
from samsyn_contracts.site_information import SiteInformationProvided

from samsyn_adapter_desk.domain import answers_told, officers
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import Seen, SiteRequestCard
from samsyn_adapter_desk.domain.cards_of_plans import WhatIfCard
from samsyn_adapter_desk.domain.cards_of_wishes import (
    CapacityCard,
    ConsentCard,
    LostSessionCard,
)
from samsyn_adapter_desk.domain.hearing import hear
from samsyn_adapter_desk.domain.hearing import needs_of as heard_needs
from samsyn_adapter_desk.domain.hearing_of_operations import loss_told
from samsyn_adapter_desk.domain.known import Known, Needs

Decision = plans.ReplanApproved | plans.ReplanRejected


def needs_of(message: Message, envelope: Envelope) -> Needs:
    """What must be known to show an own statement."""
    if isinstance(message, Decision):
        return Needs(keys=(("replan", message.replan_id),))
    if isinstance(message, capacity.CapacityWithdrawn):
        return Needs(keys=(("capacity", message.capacity_id),), session_id=message.capacity_id)
    if isinstance(message, capacity.ConsentRevoked):
        return Needs(keys=(("consent", message.consent_id),))
    if isinstance(message, OperationOfficerDesignated | OperationOfficerRetired):
        return Needs(keys=(("officer", message.slot_id),))
    if isinstance(message, inspections.InterestDeclared | inspections.ReadinessDeclared):
        return Needs(keys=(("inspection", message.inspection_id),))
    return heard_needs(message, envelope)


@singledispatch
def say(message: Message, envelope: Envelope, known: Known) -> Iterable[Card]:
    """The cards that an own statement changes before Samsyn has answered; else what hearing it would change."""
    return hear(message, envelope, known)


@say.register(operations.ParticipationAccepted)
@say.register(operations.ParticipationDeclined)
@say.register(operations.PoliceCommitted)
@say.register(operations.PoliceDeclined)
def _answered(message: answers_told.Answer, envelope: Envelope, known: Known) -> Iterable[Card]:
    is_yes = isinstance(message, operations.ParticipationAccepted | operations.PoliceCommitted)
    for question in known.questions():
        is_asked = question.capacity_id == message.capacity_id and not question.is_gone
        if is_asked and answers_told.is_about(message, question.slot.session_id):
            told = {"answer": "accepted" if is_yes else "declined", "answer_said": envelope.id}
            yield question.model_copy(update=told)
    yield from hear(message, envelope, known)


@say.register
def _acknowledged(message: operations.NotificationAcknowledged, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is None:
        return
    role, seen = envelope.actorrole, Seen(event_id=envelope.id, version=message.plan_version)
    told: dict[str, object] = {} if role is None else {"seen_by_role": {**operation.seen_by_role, role: seen}}
    if operation.acknowledged_version < message.plan_version:
        told |= {
            "acknowledged_version": message.plan_version,
            "acknowledged_before": operation.acknowledged_version,
            "acknowledged_said": envelope.id,
        }
    if told:
        yield operation.model_copy(update=told)


@say.register(plans.ReplanApproved)
@say.register(plans.ReplanRejected)
def _decided(message: Decision, envelope: Envelope, known: Known) -> Iterable[Card]:
    told: dict[str, object] = {"decision": "rejected", "decision_said": envelope.id}
    if isinstance(message, plans.ReplanApproved):
        let_stand = tuple(edit.operation_id for edit in message.edits)
        told |= {"decision": "approved", "alternative": message.alternative, "let_stand": let_stand}
    for replan in known.replans():
        if replan.decision is None:
            yield replan.model_copy(update=told)


@say.register
def _wondered(message: plans.WhatIfAsked, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield WhatIfCard(
        centre=message.centre,
        at=envelope.time,
        question_id=message.question_id,
        without=message.without,
        said=envelope.id,
    )


@say.register
def _offered(message: capacity.CapacityOffered, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield CapacityCard(
        centre=envelope.centre,
        at=message.start_at,
        capacity_id=message.capacity_id,
        role=envelope.actorrole,
        unit=message.unit,
        end_at=message.end_at,
        staff=message.staff,
        team=message.team,
        is_standing=message.consent.mode == "standing",
        said=envelope.id,
    )


@say.register
def _consented(message: capacity.ConsentGiven, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield ConsentCard(
        centre=envelope.centre,
        at=message.valid_until,
        consent_id=message.consent_id,
        role=envelope.actorrole,
        covers=message.covers,
        minutes=message.minutes,
        said=envelope.id,
    )


@say.register
def _revoked(message: capacity.ConsentRevoked, envelope: Envelope, known: Known) -> Iterable[Card]:
    card = known.cards.get(("consent", message.consent_id))
    if card is not None and card.status == "given":
        yield card.model_copy(update={"state": "revoked", "revoked_by": envelope.id})


@say.register
def _designated(message: OperationOfficerDesignated, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield officers.designated(message, envelope)


@say.register
def _retired(message: OperationOfficerRetired, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from officers.retired(message, envelope, known)


@say.register
def _withdrawn(message: capacity.CapacityWithdrawn, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from _without_capacity(message.capacity_id, "withdrawn", envelope, known)


@say.register
def _police_cancelled(message: capacity.PoliceCancelled, envelope: Envelope, known: Known) -> Iterable[Card]:
    for card in _without_capacity(message.capacity_id, "lost", envelope, known):
        yield card.model_copy(update={"is_partly_lost": not message.is_whole})
    yield from _lost_session(message, envelope, known)
    for operation in known.operations():
        if not operation.is_over:
            loss = loss_told(message, envelope, known.party)
            yield operation.model_copy(update={"loss": loss, "loss_before": operation.loss})


@say.register(capacity.PoliceRestored)
@say.register(capacity.PoliceCancellationRetracted)
def _police_back(
    message: capacity.PoliceRestored | capacity.PoliceCancellationRetracted, envelope: Envelope, known: Known
) -> Iterable[Card]:
    for card in known.cards.values():
        if isinstance(card, CapacityCard) and card.state == "lost":
            yield card.model_copy(
                update={"state": "offered", "lost_by": None, "is_partly_lost": False, "partly_lost_by": None}
            )
        if isinstance(card, LostSessionCard) and card.status == "lost":
            yield card.model_copy(update={"back_by": envelope.id})
    yield from hear(message, envelope, known)


@say.register
def _wants(message: inspections.InspectionProposed, envelope: Envelope, known: Known) -> Iterable[Card]:
    for card in hear(message, envelope, known):
        yield card.model_copy(update={"said": envelope.id, "role": envelope.actorrole})


@say.register
def _wanted_no_longer(message: inspections.InspectionWithdrawn, envelope: Envelope, known: Known) -> Iterable[Card]:
    inspection = known.inspection(message.inspection_id)
    if inspection is not None and inspection.state == "wanted":
        yield inspection.model_copy(update={"state": "withdrawn", "withdrawn_by": envelope.id})


@say.register
def _turned(message: AnnualWheelPublished, envelope: Envelope, known: Known) -> Iterable[Card]:
    for card in hear(message, envelope, known):
        yield card.model_copy(update={"said": envelope.id})


@say.register
def _interested(message: inspections.InterestDeclared, envelope: Envelope, known: Known) -> Iterable[Card]:
    inspection = known.inspection(message.inspection_id)
    if inspection is not None:
        of_role = {envelope.actorrole: message.interest} if envelope.actorrole else {}
        told = {"interest": message.interest, "interest_of": {**inspection.interest_of, **of_role}}
        yield inspection.model_copy(update=told)


@say.register
def _ready(message: inspections.ReadinessDeclared, envelope: Envelope, known: Known) -> Iterable[Card]:
    inspection = known.inspection(message.inspection_id)
    if inspection is not None:
        of_role = {envelope.actorrole: message.ready} if envelope.actorrole else {}
        told = {"is_ready": message.ready, "readiness_of": {**inspection.readiness_of, **of_role}}
        yield inspection.model_copy(update=told)


@say.register
def _site_told(message: SiteInformationProvided, envelope: Envelope, known: Known) -> Iterable[Card]:
    asked = known.cards.get(("site_request", message.operation_id))
    if isinstance(asked, SiteRequestCard):
        told = {**asked.answered, f"{message.inspection_id}|{message.section}": envelope.id}
        yield asked.model_copy(update={"answered": told})


def _lost_session(message: capacity.PoliceCancelled, envelope: Envelope, known: Known) -> Iterable[Card]:
    """What was offered elsewhere is known by the operation on it, which the plan takes away from it."""
    capacity_id = message.capacity_id
    on_it = next((o for o in known.operations() if o.slot.session_id == capacity_id and not o.is_over), None)
    before = known.cards.get(("lost_session", capacity_id))
    is_known = ("capacity", capacity_id) in known.cards
    if isinstance(before, LostSessionCard) and before.status == "lost":
        is_known = True
        if before.is_partly_lost:  # now more of it
            more = {"lost_by": envelope.id, "is_partly_lost": not message.is_whole, "partly_lost_by": before.lost_by}
            yield before.model_copy(update=more)
    if on_it is not None and not is_known:
        yield LostSessionCard(
            centre=envelope.centre,
            at=on_it.slot.start_at,
            capacity_id=capacity_id,
            end_at=on_it.slot.end_at,
            code_name=on_it.code_name,
            lost_by=envelope.id,
            is_partly_lost=not message.is_whole,
        )


def _without_capacity(capacity_id: str, state: str, envelope: Envelope, known: Known) -> Iterable[Card]:
    card = known.cards.get(("capacity", capacity_id))
    # What is gone is gone by the statement that said so first: a later one that is refused gives nothing back.
    if isinstance(card, CapacityCard) and (card.state == "offered" or card.is_partly_lost):
        lost = {"state": state, "lost_by": envelope.id, "is_partly_lost": False, "partly_lost_by": card.lost_by}
        yield card.model_copy(update=lost)
