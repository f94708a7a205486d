"""Reads the chronicle: what happened to an operation, what is behind an event, and what followed from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from samsyn_contracts.envelope import ALL_CENTRES
from sqlalchemy.dialects import postgresql
from sqlmodel import col, select

from samsyn_exchange.domain.chronicle import MOST_EVENTS, Entry, Key
from samsyn_exchange.rows import entry_of_row
from samsyn_exchange.tables import ChronicleRow, DisclosureRow, OperationRow

PLAN_VERSION = sa.cast(sa.literal_column("body ->> 'plan_version'"), sa.Integer)
CAUSES = sa.type_coerce(col(ChronicleRow.causes), postgresql.ARRAY(sa.Text))
Told = tuple[str, str, datetime]


@dataclass
class Found:
    """Events read so far, of one centre where it is given; `is_cut` when there are more than may be told."""

    centre: str | None
    most: int = MOST_EVENTS
    asked: list[Entry] = field(default_factory=list)
    by_key: dict[Key, Entry] = field(default_factory=dict)
    is_cut: bool = False

    def take(self, rows: Iterable[ChronicleRow]) -> list[Entry]:
        """Add what is new, as far as there is room; returns what was added."""
        new: list[Entry] = []
        for row in rows:
            entry = entry_of_row(row)
            if entry.key in self.by_key:
                continue
            if len(self.by_key) >= self.most:
                self.is_cut = True
                break
            self.by_key[entry.key] = entry
            new.append(entry)
        return new


class Chronicle:
    """The chronicle within one transaction, for reading."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def operations(self, name: str, centre: str | None) -> list[tuple[str, str]]:
        """Id and centre of each operation of that code name or id."""
        row = OperationRow
        is_named = sa.or_(col(row.operation_id) == name, col(row.code_name) == name)
        wanted = sa.select(col(row.operation_id), col(row.centre)).where(is_named).order_by(col(row.centre))
        found = [(id_, place) for id_, place in await self._transaction.execute(wanted)]
        return [one for one in found if centre in (None, one[1])]

    async def of_operation(self, operation_id: str, centre: str) -> Found:
        """The newest events about an operation, the plans it was part of, and all that is behind them."""
        found = Found(centre)
        found.asked = found.take(await self._rows(found, col(ChronicleRow.operation_id) == operation_id))
        plans = found.take(await self._plans_of(found))
        await self._add_behind(found, [*found.asked, *plans])
        return found

    async def of_event(self, name: str, centre: str | None) -> Found:
        """An event by its id, or all about a thing (a session, a proposal); what is behind, and what followed."""
        found = Found(centre)
        is_meant = sa.or_(col(ChronicleRow.id) == name, col(ChronicleRow.subject) == name)
        found.asked = found.take(await self._rows(found, is_meant))
        await self._add_behind(found, found.asked)
        newest = found.asked
        while newest and not found.is_cut:
            follows = CAUSES.overlap([entry.id for entry in newest])
            newest = found.take(await self._rows(found, follows))
        return found

    async def told(self, keys: Collection[Key]) -> dict[Key, list[Told]]:
        """Who was told of each event, in which view, when; by party."""
        row = DisclosureRow
        key = sa.tuple_(col(row.source), col(row.event_id))
        columns = (col(row.source), col(row.event_id), col(row.receiver), col(row.view), col(row.disclosed_at))
        wanted = sa.select(*columns).where(key.in_(list(keys))).order_by(col(row.receiver))
        told: dict[Key, list[Told]] = {}
        for source, id_, receiver, view, at in await self._transaction.execute(wanted):
            told.setdefault((source, id_), []).append((receiver, view, at))
        return told

    async def kept(self, ids: Collection[str], centre: str | None) -> set[str]:
        """Which of these ids it has."""
        wanted = sa.select(col(ChronicleRow.id)).where(col(ChronicleRow.id).in_(ids), _is_of(centre))
        return set((await self._transaction.execute(wanted)).scalars())

    async def code_names(self, operation_ids: Collection[str]) -> dict[str, str]:
        """The code names of operations."""
        row = OperationRow
        wanted = sa.select(col(row.operation_id), col(row.code_name)).where(col(row.operation_id).in_(operation_ids))
        return dict((await self._transaction.execute(wanted)).tuples().all())

    async def _add_behind(self, found: Found, entries: list[Entry]) -> None:
        """Go up from cause to cause, a statement per step, until nothing new is found."""
        newest = entries
        while newest and not found.is_cut:
            ids = {id_ for entry in newest for id_ in entry.causes}
            newest = found.take(await self._rows(found, col(ChronicleRow.id).in_(ids)))

    async def _plans_of(self, found: Found) -> Sequence[ChronicleRow]:
        plans = {entry.plan for entry in found.asked if entry.plan is not None}
        is_one = sa.tuple_(col(ChronicleRow.centre), PLAN_VERSION).in_(list(plans))
        return await self._rows(found, col(ChronicleRow.name) == "PlanPublished", is_one)

    async def _rows(self, found: Found, *conditions: sa.ColumnElement[bool]) -> Sequence[ChronicleRow]:
        """The newest rows, one more than may be told: so that it is known when there are."""
        wanted = select(ChronicleRow).where(*conditions, _is_of(found.centre))
        newest = wanted.order_by(col(ChronicleRow.number).desc()).limit(MOST_EVENTS + 1)
        return (await self._transaction.session.exec(newest)).all()


def _is_of(centre: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if centre is None else col(ChronicleRow.centre).in_((centre, ALL_CENTRES))
