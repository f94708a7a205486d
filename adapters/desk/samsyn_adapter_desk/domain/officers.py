"""Designated operation officers as the police tell them here: slots that come and go, and what a refusal takes back."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.officers import OperationOfficerDesignated, OperationOfficerRetired

from samsyn_adapter_desk.domain.cards_of_wishes import OfficerCard
from samsyn_adapter_desk.domain.known import Known


def designated(message: OperationOfficerDesignated, envelope: Envelope) -> OfficerCard:
    """The slot as it is now, retired before or not."""
    return OfficerCard(centre=envelope.centre, at=envelope.time, said=envelope.id, **message.model_dump())


def retired(message: OperationOfficerRetired, envelope: Envelope, known: Known) -> Iterable[OfficerCard]:
    """The slot with its end, where it was designated here."""
    card = known.cards.get(("officer", message.slot_id))
    if isinstance(card, OfficerCard):
        yield card.model_copy(update={"valid_to": message.valid_to, "retired_by": envelope.id})


def without(card: OfficerCard, refused_id: str) -> OfficerCard:
    """The slot without what a refused statement had put there."""
    if card.said == refused_id:
        return card.model_copy(update={"is_refused": True})
    return card.model_copy(update={"valid_to": None, "retired_by": None}) if card.retired_by == refused_id else card
