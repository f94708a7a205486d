"""Keeps which adapters have been heard."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from sqlmodel import col

from samsyn_exchange.domain.adapters import Adapter
from samsyn_exchange.tables import AdapterRow

COLUMNS = tuple(field.name for field in fields(Adapter))
ALL = sa.select(*(col(getattr(AdapterRow, name)) for name in COLUMNS))
NAMED = ALL.where(col(AdapterRow.adapter_id) == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Text))))
KEPT = sa.text("""
insert into adapter (adapter_id, party, version, interval_minutes, first_seen_at, last_seen_at, status)
select * from unnest(cast(:adapter_id as text[]), cast(:party as text[]), cast(:version as text[]),
  cast(:interval_minutes as integer[]), cast(:first_seen_at as timestamptz[]), cast(:last_seen_at as timestamptz[]),
  cast(:status as text[]))
on conflict (adapter_id) do update set party = excluded.party, version = excluded.version,
  interval_minutes = excluded.interval_minutes, first_seen_at = excluded.first_seen_at,
  last_seen_at = excluded.last_seen_at, status = excluded.status
""")


class Adapters:
    """The adapters of one transaction: each is read at most once, and what has changed is written by `save`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._known: dict[str, Adapter | None] = {}
        self._changed: dict[str, Adapter] = {}
        self._has_all = False

    async def read(self, adapter_ids: Collection[str]) -> None:
        """Read those that are not known yet, in one statement."""
        missing = set() if self._has_all else set(adapter_ids) - self._known.keys()
        if missing:
            self._known |= dict.fromkeys(missing)
            self._note(await self._transaction.execute(NAMED, {"ids": sorted(missing)}))

    async def of(self, adapter_id: str) -> list[Adapter]:
        """The adapter, if it was ever heard."""
        await self.read([adapter_id])
        found = self._known.get(adapter_id)
        return [] if found is None else [found]

    async def known(self) -> list[Adapter]:
        """Every adapter ever heard, by id."""
        if not self._has_all:
            self._has_all = True
            self._note(await self._transaction.execute(ALL))
            self._known |= self._changed
        return [adapter for _, adapter in sorted(self._known.items()) if adapter is not None]

    def keep(self, adapters: Iterable[Adapter]) -> None:
        """Keep them as they are now."""
        for adapter in adapters:
            self._known[adapter.adapter_id] = self._changed[adapter.adapter_id] = adapter

    async def save(self) -> None:
        """Write what has changed."""
        if self._changed:
            rows = [asdict(adapter) for _, adapter in sorted(self._changed.items())]
            await self._transaction.execute(KEPT, {name: [row[name] for row in rows] for name in COLUMNS})
            self._changed = {}

    def _note(self, rows: Iterable[sa.Row[*tuple[Any, ...]]]) -> None:
        self._known |= {row[0]: Adapter(*row) for row in rows}
