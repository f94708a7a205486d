"""What a party knows of an operation's being compromised: by whose word it is held, and that the centre let go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.envelope import Envelope

from samsyn_adapter_desk.domain.cards_of_operations import Compromise, OperationCard


def may_be_feared(operation: OperationCard, now: datetime) -> bool:
    """Whether it can be told that an operation may be compromised: planning takes it until the session has ended."""
    has_ended = operation.slot.end_at <= now and operation.state != "postponed"
    return not operation.is_over and not has_ended


def feared(
    operation: OperationCard | None, message: OperationCompromised, envelope: Envelope
) -> Iterable[OperationCard]:
    """Held by the first who said so; what others say after that is in the record of what has happened."""
    if operation is not None and not operation.is_over and not operation.is_compromised:
        told = Compromise(event_id=envelope.id, told_at=envelope.time, by_party=message.told_by, how=message.how)
        yield operation.model_copy(update={"compromise": told})


def cleared(operation: OperationCard | None, message: OperationCleared, envelope: Envelope) -> Iterable[OperationCard]:
    """Let go, also when the operation is over: its sites were held all the same."""
    if operation is not None and operation.compromise is not None and operation.is_compromised:
        let_go = operation.compromise.model_copy(update={"cleared_by": envelope.id})
        yield operation.model_copy(update={"compromise": let_go})


def without(card: OperationCard, refused_id: str) -> Mapping[str, Compromise | None]:
    """What of the card a refused statement of the party's own takes back."""
    told = card.compromise
    if told is None or refused_id not in (told.event_id, told.cleared_by):
        return {}
    return {"compromise": None if told.event_id == refused_id else told.model_copy(update={"cleared_by": None})}
