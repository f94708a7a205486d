"""What a centre can take away in thought, and what the plan that would follow means, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from samsyn_contracts.plans import PlanChange

from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_plans import Thought
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.domain.sentences import change_in_plan
from samsyn_adapter_desk.marks import msgid


@dataclass(frozen=True)
class Choice:
    """A police session or a team of an operation to come."""

    capacity_id: str
    agency: str
    role: str | None
    is_session: bool

    def named(self, reader: Reader) -> str:
        """Whose it is, and which."""
        own = self.capacity_id.partition(":")[2]
        if self.is_session:
            return reader.text(msgid("Police session %(id)s"), id=own)
        party = reader.party(f"{self.agency}/{self.role}" if self.role else self.agency)
        return reader.text(msgid("%(party)s, team %(id)s"), party=party, id=own)


@dataclass(frozen=True)
class Occasion:
    """An operation to come, and what it rests on: its police first."""

    operation: OperationCard
    choices: tuple[Choice, ...]


def occasions(operations: Iterable[OperationCard], now: datetime) -> list[Occasion]:
    """Operations that have not begun, the soonest first, with all that can be taken away from each."""
    coming = [card for card in operations if card.state in ("scheduled", "confirmed") and card.slot.start_at > now]
    found = [Occasion(card, _choices(card)) for card in sorted(coming, key=lambda card: (card.at, card.id))]
    return [occasion for occasion in found if occasion.choices]


def taken_away(without: Iterable[str], operations: Iterable[OperationCard], reader: Reader) -> list[str]:
    """What a question takes away, in words; what no known operation, past or to come, rests on by its own id."""
    named: Mapping[str, str] = {
        choice.capacity_id: f"{choice.named(reader)} ({card.code_name})"
        for card in operations
        for choice in _choices(card)
    }
    return [named.get(capacity_id, capacity_id.partition(":")[2]) for capacity_id in without]


def summary(thought: Thought, reader: Reader) -> list[str]:
    """The whole of it in a few sentences."""
    if thought.outcome == "no_plan":
        return [reader.text(msgid("No plan without them holds before Samsyn's own check. The old plan would stand."))]
    if not thought.changes:
        return [reader.text(msgid("Nothing in the plan would change."))]
    told = [reader.plural(one, many, count) for one, many, count in _counted(thought) if count]
    points = reader.text(
        msgid("Worth %(points)s points against the plan that stands."), points=f"{thought.score_delta:+d}"
    )
    return [*told, points]


def changes(thought: Thought, reader: Reader) -> list[tuple[PlanChange, list[str]]]:
    """Each operation that would change, with what would happen to it and why."""
    return [(change, change_in_plan(change, reader)) for change in thought.changes]


def _choices(card: OperationCard) -> tuple[Choice, ...]:
    made = [
        Choice(part.capacity_id, part.agency, part.role, part.capacity_id == card.slot.session_id)
        for part in card.participants
    ]
    return tuple(sorted(made, key=lambda choice: (not choice.is_session, choice.capacity_id)))


def _counted(thought: Thought) -> list[tuple[str, str, int]]:
    return [
        (
            msgid("%(count)d operation would change and still take place."),
            msgid("%(count)d operations would change and still take place."),
            thought.kept_count,
        ),
        (
            msgid("%(count)d operation would be cancelled or wait for an occasion."),
            msgid("%(count)d operations would be cancelled or wait for an occasion."),
            thought.lost_count,
        ),
        (
            msgid("%(count)d inspection would go back to the list."),
            msgid("%(count)d inspections would go back to the list."),
            thought.returned_count,
        ),
        (
            msgid("%(count)d other operation would stay as it is."),
            msgid("%(count)d other operations would stay as they are."),
            thought.untouched_count,
        ),
    ]
