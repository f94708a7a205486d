"""The cards that a message is about: which must be read to take it in, and what is then known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from samsyn_contracts.envelope import Envelope

from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard
from samsyn_adapter_desk.domain.cards_of_plans import ReplanCard
from samsyn_adapter_desk.domain.cards_of_the_year import WheelCard
from samsyn_adapter_desk.domain.cards_of_wishes import InspectionCard


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


# A message, its envelope and what is known of its things in; changed cards out. Each takes one class of messages.
Hearing = Callable[[Any, Envelope, Known], Iterable[Card]]
