"""What pages read of a party's rows, and by no other way: all of it, or what the visitor's department may read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message

from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, SiteRequestCard
from samsyn_adapter_desk.domain.cards_of_plans import PlanCard
from samsyn_adapter_desk.domain.cards_of_wishes import InspectionCard
from samsyn_adapter_desk.domain.departments import About, Department, may_hear, named_by, seen
from samsyn_adapter_desk.sayings import Said, said_in

AnyCard = TypeVar("AnyCard", bound=Card)
# A department that was let go is shown the operation as it stood then: by that it is found and sorted, too.
AS_LEFT = """(
  select party, kind, id, centre, coalesce(was ->> 'state', state) as state,
    coalesce(cast(was -> 'slot' ->> 'start_at' as timestamptz), at) as at,
    coalesce(was -> 'slot' ->> 'session_id', session_id) as session_id, body
  from (select *, body -> 'left' -> cast(:of_role as text) as was from card) as known
) as card"""


@dataclass(frozen=True)
class HeardRow:
    """An event from the record of what the party has heard."""

    number: int
    event_id: str
    name: str
    source: str
    subject: str | None
    centre: str
    happened_at: datetime
    causationid: str | None
    traceparent: str | None
    message: Message | None

    @property
    def operation_id(self) -> str | None:
        """The operation that it is about, if any."""
        return getattr(self.message, "operation_id", None)


class Reading:
    """A party's rows as somebody reads them; `role` is their department, None where the party is one."""

    def __init__(self, database: Database, party: str, role: str | None) -> None:
        self.party = party
        self._database = database
        self._department = None if role is None else Department(party, role)

    async def cards(self, kind: type[AnyCard], where: str = "true", **values: Any) -> list[AnyCard]:
        """The party's cards of a kind by `at`; `where` narrows them by columns, with named values."""
        found = await self._cards(kind, where, **values)
        if self._department is None:
            return found
        about = await self._about(_named_in(found))
        shown = (seen(card, self._department, about) for card in found)
        return [card for card in shown if isinstance(card, kind)]

    async def card(self, kind: type[AnyCard], card_id: str) -> AnyCard | None:
        """One card, or None where the visitor may know of no such thing."""
        found = await self.cards(kind, "id = :id", id=card_id)
        return found[0] if found else None

    async def heard(self, where: str, **values: Any) -> list[HeardRow]:
        """Events that the party has heard, the oldest first; `where` narrows them by columns, with named values."""
        asked = sa.text(f"select * from heard where party = :party and ({where}) order by number")  # noqa: S608
        async with self._database.as_party(self.party) as connection:
            rows = await connection.execute(asked, {"party": self.party, **values})
            found = [_heard(row) for row in rows.mappings()]
        if self._department is None:
            return found
        about = await self._about({row.operation_id for row in found if row.operation_id})
        return [row for row in found if may_hear(row.message, row.operation_id, self._department, about)]

    async def said(self, where: str = "true", **values: Any) -> list[Said]:
        """Statements of the party made here, of a department its own, the newest first."""
        own = "true" if self._department is None else "actorrole = :actorrole"
        asked = sa.text(
            f"select * from saying where party = :party and ({where}) and {own} order by number desc limit 200"  # noqa: S608
        )
        role = None if self._department is None else self._department.role
        async with self._database.as_party(self.party) as connection:
            rows = await connection.execute(asked, {"party": self.party, "actorrole": role, **values})
            return [said_in(row) for row in rows.mappings()]

    async def is_of_another(self, message: Message, centre: str) -> bool:
        """Whether a statement is about something that the party knows, and that is another department's."""
        if self._department is None:
            return False
        if self._department.is_about_another(message):
            return True
        for kind, card_id in named_by(message, centre):
            known, shown = await self._cards(kind, "id = :id", id=card_id), await self.card(kind, card_id)
            if known and (shown is None or self._department.is_foreign_to(message, known[0], shown)):
                return True
        return False

    async def _cards(self, kind: type[AnyCard], where: str, **values: Any) -> list[AnyCard]:
        source = "card" if self._department is None else AS_LEFT
        found = f"from {source} where party = :party and kind = :kind and ({where})"
        asked = sa.text(f"select body {found} order by at, id")
        role = {} if self._department is None else {"of_role": self._department.role}
        async with self._database.as_party(self.party) as connection:
            rows = await connection.execute(asked, {"party": self.party, "kind": kind.kind, **role, **values})
            return [kind.model_validate(row.body) for row in rows]

    async def _about(self, ids: Iterable[str]) -> About:
        """The operations and inspections of these ids."""
        named = sorted(ids)
        if not named:
            return About()
        operations = await self._cards(OperationCard, "id = any(:ids)", ids=named)
        inspections = await self._cards(InspectionCard, "id = any(:ids)", ids=named)
        return About({card.id: card for card in operations}, {card.id: card for card in inspections})


def _named_in(cards: Sequence[Card]) -> set[str]:
    """Ids of operations and inspections by which it is judged whose the cards are."""
    named: set[str] = set()
    for card in cards:
        if isinstance(card, SiteRequestCard):
            named |= {card.operation_id, *(site.inspection_id for site in card.sites)}
        if isinstance(card, PlanCard):
            named |= {change.operation_id for change in card.changes}
    return named


def _heard(row: Any) -> HeardRow:
    kind = MESSAGES.get(row["type"])
    return HeardRow(
        number=row["number"],
        event_id=row["event_id"],
        name=row["type"].split(".")[2],
        source=row["source"],
        subject=row["subject"],
        centre=row["centre"],
        happened_at=row["happened_at"],
        causationid=row["causationid"],
        traceparent=row["traceparent"],
        message=None if kind is None else kind.model_validate(row["body"]),
    )
