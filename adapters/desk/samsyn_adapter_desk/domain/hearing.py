"""What a message changes in what a party knows: known cards and a message in, changed cards out."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn_contracts import capacity, carrying_out, indicators, inspections, periods, plans
from samsyn_contracts.contact_points import ContactPointChanged
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.participant_roles import ParticipantRoleDefined

from samsyn_adapter_desk.domain import (
    contacts,
    hearing_of_operations,
    hearing_of_plans,
    hearing_of_risk,
    hearing_of_the_day,
    hearing_of_wishes_and_the_year,
)
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.known import Hearing, Known, Needs

Wheel = periods.AnnualWheelPublished | periods.PlanningPeriodOpened | periods.PlanningPeriodFrozen
OnSession = capacity.PoliceCancelled | capacity.PoliceCancellationRetracted | capacity.PoliceRestored
HEARD: dict[type[Message], Hearing] = {
    **hearing_of_operations.HEARD,
    **hearing_of_the_day.HEARD,
    **hearing_of_plans.HEARD,
    **hearing_of_risk.HEARD,
    **hearing_of_wishes_and_the_year.HEARD,
}


def hear(message: Message, envelope: Envelope, known: Known) -> Iterable[Card]:
    """The cards that the message changes; none where it only stands in the record of what was heard."""
    hearing = HEARD.get(type(message))
    return () if hearing is None else hearing(message, envelope, known)


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
    if isinstance(message, indicators.WorkCounted):
        return "work", f"{message.centre}/{message.year}"
    if isinstance(message, plans.WhatIfAnswered):
        return "what_if", message.question_id
    if isinstance(message, ContactPointChanged):
        return "contact", contacts.card_id(envelope.centre, message.function_id)
    if isinstance(message, ParticipantRoleDefined):
        return "role", contacts.card_id(envelope.centre, f"{message.agency}/{message.role_code}")
    return None
