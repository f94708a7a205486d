"""A service's dead letters as they are kept: which there are, what was done about each, by whom and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa

from samsyn_chassis.database import Transaction

# retried: processed again, to its end; dropped: nothing will be done; refused, failed: tried, and still open; opened:
# somebody has read what it seals.
Outcome = Literal["retried", "dropped", "refused", "failed", "opened"]
SETTLED: tuple[Outcome, ...] = ("retried", "dropped")

LETTERS = sa.text("""
select id, created_at, body from outbox
where topic like 'samsyn.dlq.%' and (cast(:id as bigint) is null or id = :id) order by created_at, id
""")
HELD = sa.text("select id from outbox where topic like 'samsyn.dlq.%' and id = :id for update")
NOTES = sa.text("""
select letter, outcome, told, reason, noted_by, noted_at from dead_letter_note
where cast(:id as bigint) is null or letter = :id order by number
""")
INTO_NOTES = sa.text("""
insert into dead_letter_note (letter, outcome, told, reason, noted_by, noted_at)
values (:letter, :outcome, :told, :reason, :noted_by, :noted_at)
""")


@dataclass(frozen=True)
class Note:
    """What somebody did about a letter, what came of it, and why it was done."""

    outcome: Outcome
    told: str
    reason: str
    noted_by: str
    noted_at: datetime


@dataclass(frozen=True)
class Letter:
    """A record that was set aside; `told` is the letter itself (see dead_letters.py)."""

    id: int
    set_aside_at: datetime
    told: Mapping[str, Any]
    notes: Sequence[Note] = ()

    @property
    def place(self) -> str:
        """Where the record stood."""
        return f"{self.told['topic']}/{self.told['partition']}/{self.told['offset']}"

    @property
    def settled(self) -> Note | None:
        """The last word about it; None while it is open."""
        return next((note for note in reversed(self.notes) if note.outcome in SETTLED), None)


class Letters:
    """The dead letters of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def all(self) -> list[Letter]:
        """Every letter that is kept, the oldest first."""
        return await self._read(None)

    async def one(self, id_: int) -> Letter | None:
        """A letter by its number."""
        return next(iter(await self._read(id_)), None)

    async def hold(self, id_: int) -> Letter | None:
        """A letter that nobody else can settle until this transaction ends."""
        await self._transaction.execute(HELD, {"id": id_})
        return await self.one(id_)

    async def note(self, letter: int, outcome: Outcome, told: str, reason: str, by: str) -> None:
        """Keep what was done: who did it, why, and what came of it."""
        row = {"letter": letter, "outcome": outcome, "told": told, "reason": reason, "noted_by": by}
        await self._transaction.execute(INTO_NOTES, {**row, "noted_at": datetime.now(UTC)})

    async def _read(self, id_: int | None) -> list[Letter]:
        rows = (await self._transaction.execute(LETTERS, {"id": id_})).all()
        notes: dict[int, list[Note]] = {}
        for letter, *told in await self._transaction.execute(NOTES, {"id": id_}):
            notes.setdefault(letter, []).append(Note(*told))
        return [Letter(row[0], row[1], json.loads(row[2]), notes.get(row[0], ())) for row in rows]
