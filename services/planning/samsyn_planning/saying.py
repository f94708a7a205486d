"""How planning says what it has decided: the envelope of a message, and the answer to a message refused."""

from __future__ import annotations

from datetime import datetime

from samsyn_contracts.envelope import Envelope, Environment, derived_id, service_source
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.rejection import is_replayable, rejection

from samsyn_planning.domain.facts import Cause, Centre, Refusal


def envelope_of(
    message: Message, centre: str, cause: Envelope | Cause | None, key: str, at: datetime, environment: Environment
) -> Envelope:
    """The envelope of something that planning says of a centre; the same key gives the same event id."""
    cause_id = None if cause is None else cause.id if isinstance(cause, Envelope) else cause.event_id
    correlation = None if cause is None else _correlation(cause)
    return Envelope.model_validate(
        {
            "id": derived_id("planning", type(message).__name__, key),
            "source": service_source("planning"),
            "type": message.type_name(),
            "subject": message.subject,
            "time": at,
            "centre": centre,
            "environment": environment,
            "correlationid": correlation,
            "causationid": cause_id,
        }
    )


def own_key(known: Centre | None, key: str) -> str:
    """The key of something said of a centre: after a restore none that may have been used in the lost time."""
    if known is None or known.restored_at is None:
        return key
    return f"{key}/restored-{known.restored_at.isoformat()}"


def time_of(known: Centre | None, cause: Envelope | Cause | None) -> datetime:
    """When it is said: the centre's time, else that of the message it follows from."""
    if known is not None and known.now_at is not None:
        return known.now_at
    if isinstance(cause, Envelope):
        return cause.receivedtime or cause.time
    raise ValueError("the centre has no time yet")


def refusal_of(refused: Refusal, envelope: Envelope) -> EventRejected:
    """EventRejected, with its reason."""
    reasons = (rejection(refused.code, refused.pointer),)
    return EventRejected(
        rejected_id=envelope.id,
        party=envelope.party,
        reasons=reasons,
        replayable=is_replayable(reasons),
        rejected_type=envelope.type,
    )


def _correlation(cause: Envelope | Cause) -> str:
    return cause.correlation_id if isinstance(cause, Cause) else cause.correlationid or cause.id
