"""What is said before an operation and on its day changes: sites, briefing, who comes, late or not, what was done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from samsyn_contracts import carrying_out
from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.contact_points import ContactPointChanged
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.participant_roles import ParticipantRoleDefined
from samsyn_contracts.site_information import (
    BriefingPublished,
    ParticipantCheckedIn,
    SiteInformationCompleted,
    SiteInformationRequested,
)

from samsyn_adapter_desk.domain import compromised, contacts
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import CheckedIn, OperationState, SiteRequestCard
from samsyn_adapter_desk.domain.known import Hearing, Known


def _feared(message: OperationCompromised, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from compromised.feared(known.operation(message.operation_id), message, envelope)


def _cleared(message: OperationCleared, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield from compromised.cleared(known.operation(message.operation_id), message, envelope)


def _reached(message: ContactPointChanged, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield contacts.changed(message, envelope)


def _defined(message: ParticipantRoleDefined, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield contacts.defined(message, envelope)


def _delayed(message: carrying_out.ParticipantDelayed, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None:
        arrives_at = message.arrives_at or operation.slot.start_at + timedelta(minutes=message.minutes)
        yield operation.model_copy(update={"arrivals": {**operation.arrivals, message.agency: arrives_at}})


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


def _prepared(
    message: SiteInformationCompleted | BriefingPublished, envelope: Envelope, known: Known
) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None:
        name = "briefing" if isinstance(message, BriefingPublished) else "account"
        before = getattr(operation, name)
        if before is None or before.version < message.version:
            yield operation.model_copy(update={name: message})


def _come(message: ParticipantCheckedIn, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None and not operation.is_over:
        come = CheckedIn(event_id=envelope.id, at=envelope.time, head_count=message.head_count)
        arrivals = {party: at for party, at in operation.arrivals.items() if party != message.agency}
        checked_in = {**operation.checked_in, message.agency: come}
        yield operation.model_copy(update={"checked_in": checked_in, "arrivals": arrivals})


def _started(message: carrying_out.OperationStarted, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None and not operation.is_over:
        yield operation.model_copy(update={"state": "started"})


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


HEARD: dict[type[Message], Hearing] = {
    OperationCompromised: _feared,
    OperationCleared: _cleared,
    ContactPointChanged: _reached,
    ParticipantRoleDefined: _defined,
    carrying_out.ParticipantDelayed: _delayed,
    SiteInformationRequested: _site_asked,
    SiteInformationCompleted: _prepared,
    BriefingPublished: _prepared,
    ParticipantCheckedIn: _come,
    carrying_out.OperationStarted: _started,
    carrying_out.OperationCompleted: _completed,
}
