"""Keeps which adapters have been heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import cast

from samsyn_chassis.database import Transaction
from sqlalchemy.dialects import postgresql
from sqlmodel import col, select

from samsyn_exchange.domain.adapters import Adapter, AdapterStatus
from samsyn_exchange.tables import AdapterRow


class Adapters:
    """The adapters known, within one transaction; there are few, so all are read together."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def known(self) -> list[Adapter]:
        """Every adapter ever heard, by id."""
        rows = await self._transaction.session.exec(select(AdapterRow).order_by(col(AdapterRow.adapter_id)))
        return [
            Adapter(
                adapter_id=row.adapter_id,
                party=row.party,
                version=row.version,
                interval_minutes=row.interval_minutes,
                first_seen_at=row.first_seen_at,
                last_seen_at=row.last_seen_at,
                status=cast("AdapterStatus", row.status),
            )
            for row in rows
        ]

    async def keep(self, adapters: Sequence[Adapter]) -> None:
        """Keep them as they are now."""
        if not adapters:
            return
        rows = [asdict(adapter) for adapter in adapters]
        insert = postgresql.insert(AdapterRow).values(rows)
        newer = {name: insert.excluded[name] for name in rows[0] if name != "adapter_id"}
        await self._transaction.execute(insert.on_conflict_do_update(index_elements=["adapter_id"], set_=newer))
