"""The exchange's answers to a sender: the same record always gets the same answer under the same id."""

from __future__ import annotations

from datetime import datetime

from samsyn_contracts.envelope import Envelope, Environment, Event, derived_id, service_source
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventAdmitted, EventRejected, RejectionReason, TimePassed
from samsyn_contracts.rejection import is_replayable

from samsyn_exchange.domain.admission import Refused

EXCHANGE = service_source("exchange")


def answer_admitted(admitted: Envelope, received_at: datetime) -> Event:
    """Tell the sender that its event is kept since `received_at`, when it first came."""
    message = EventAdmitted(admitted_id=admitted.id, received_at=received_at)
    id_ = derived_id("EventAdmitted", admitted.source, admitted.id)
    return _said(message, id_, received_at, admitted.centre, admitted.environment, admitted.id, admitted.correlationid)


def answer_rejected(refused: Refused, party: str, digest: str, environment: Environment, at: datetime) -> Event:
    """Tell the sender why its record has no effect; `digest` is a hash of the record, that tells tries apart."""
    message = EventRejected(
        rejected_id=refused.rejected_id,
        party=party,
        reasons=refused.reasons,
        replayable=is_replayable(refused.reasons),
        rejected_type=refused.rejected_type,
    )
    id_ = derived_id("EventRejected", party, refused.rejected_id, digest, message.body().decode())
    cause = refused.event_id
    return _said(message, id_, at, refused.centre or "_all", environment, cause, cause)


def rejected_afterwards(envelope: Envelope, reason: RejectionReason) -> EventRejected:
    """What a sender is told of an event that was admitted and then had no effect."""
    return EventRejected(
        rejected_id=envelope.id,
        party=envelope.party,
        reasons=(reason,),
        replayable=is_replayable((reason,)),
        rejected_type=envelope.type,
    )


def time_passed(centre: str, until: datetime, environment: Environment) -> Event:
    """Tell a centre what time it is."""
    id_ = derived_id("TimePassed", centre, until.isoformat())
    return _said(TimePassed(centre=centre, until=until), id_, until, centre, environment, None, None)


def said_because(message: Message, cause: Envelope, at: datetime) -> Event:
    """What the exchange itself says in consequence of an event: the same cause gives the same id."""
    id_ = derived_id(type(message).__name__, cause.source, cause.id, message.body().decode())
    return _said(message, id_, at, cause.centre, cause.environment, cause.id, cause.correlationid or cause.id)


def _said(
    message: Message,
    id_: str,
    at: datetime,
    centre: str,
    environment: Environment,
    cause: str | None,
    correlation: str | None,
) -> Event:
    envelope = Envelope(
        id=id_,
        source=EXCHANGE,
        type=message.type_name(),
        time=at,
        receivedtime=at,
        centre=centre,
        environment=environment,
        subject=message.subject,
        causationid=cause,
        correlationid=correlation or id_,
    )
    return Event(envelope, message)
