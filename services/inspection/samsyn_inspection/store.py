"""Reads what a batch needs, once and on demand, and writes everything that changed at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from samsyn_contracts.catalogue import MESSAGES
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel, col, select

from samsyn_inspection.domain import ENDED, Life, Operation, Record, Said, Told
from samsyn_inspection.tables import CentreTimeRow, HeldRow, OperationRow

ROWS_PER_STATEMENT = 1000  # PostgreSQL takes at most 32 767 parameters in a statement


class Store:
    """The operations and times that one batch touches."""

    def __init__(self, transaction: Transaction) -> None:
        self._session = transaction.session
        self._records: dict[str, Record] = {}
        self._times: dict[str, datetime | None] = {}
        self._changed_records: set[str] = set()
        self._changed_times: set[str] = set()

    async def record(self, operation_id: str, centre: str) -> Record:
        """What is known of an operation; an empty record where nothing is."""
        if operation_id not in self._records:
            self._records[operation_id] = await self._read(operation_id) or Record(operation_id, centre)
        return self._records[operation_id]

    async def begun(self, centre: str, until: datetime) -> Sequence[Record]:
        """The centre's operations that have begun by `until` and whose life goes on."""
        statement = select(OperationRow).where(
            OperationRow.centre == centre, OperationRow.start_at <= until, col(OperationRow.life).not_in(ENDED)
        )
        for row in (await self._session.exec(statement)).all():
            self._records.setdefault(row.operation_id, Record(row.operation_id, row.centre, _operation_of(row)))
        return [record for record in self._records.values() if _is_begun(record, centre, until)]

    async def time_of(self, centre: str) -> datetime | None:
        """Up to when everything has happened at the centre; None before its first tick."""
        if centre not in self._times:
            row = await self._session.get(CentreTimeRow, centre)
            self._times[centre] = row.until if row is not None else None
        return self._times[centre]

    def keep(self, record: Record) -> None:
        """Keep what is now known of an operation."""
        if self._records.get(record.operation_id) != record:
            self._records[record.operation_id] = record
            self._changed_records.add(record.operation_id)

    def keep_time(self, centre: str, until: datetime) -> None:
        """Keep the centre's time."""
        self._times[centre] = until
        self._changed_times.add(centre)

    async def save(self) -> None:
        """Write everything that changed."""
        changed = [self._records[operation_id] for operation_id in sorted(self._changed_records)]
        await self._upsert(OperationRow, [_row_of(r.operation, r.centre) for r in changed if r.operation is not None])
        await self._upsert(HeldRow, [_held_row_of(record) for record in changed if record.held])
        known = [record.operation_id for record in changed if not record.held]
        if known:
            await self._session.exec(sa.delete(HeldRow).where(col(HeldRow.operation_id).in_(known)))
        times = [{"centre": centre, "until": self._times[centre]} for centre in sorted(self._changed_times)]
        await self._upsert(CentreTimeRow, times)

    async def _read(self, operation_id: str) -> Record | None:
        row = await self._session.get(OperationRow, operation_id)
        if row is not None:
            return Record(operation_id, row.centre, _operation_of(row))
        held = await self._session.get(HeldRow, operation_id)
        return Record(operation_id, held.centre, None, _messages_of(held)) if held is not None else None

    async def _upsert(self, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        for first in range(0, len(rows), ROWS_PER_STATEMENT):
            statement = postgresql.insert(table).values(list(rows[first : first + ROWS_PER_STATEMENT]))
            key = [column.name for column in sa.inspect(table).primary_key]
            newer = {name: statement.excluded[name] for name in rows[0] if name not in key}
            await self._session.exec(statement.on_conflict_do_update(index_elements=key, set_=newer))


def _is_begun(record: Record, centre: str, until: datetime) -> bool:
    operation = record.operation
    if operation is None or record.centre != centre or operation.life in ENDED:
        return False
    return operation.start_at <= until


def _row_of(operation: Operation, centre: str) -> dict[str, Any]:
    return {**asdict(operation), "centre": centre}


def _operation_of(row: OperationRow) -> Operation:
    return Operation(
        operation_id=row.operation_id,
        code_name=row.code_name,
        said=cast("Said", row.said),
        life=cast("Life", row.life),
        is_confirmed=row.is_confirmed,
        plan_version=row.plan_version,
        session_id=row.session_id,
        start_at=row.start_at,
        end_at=row.end_at,
        agencies=tuple(row.agencies),
        inspection_ids=tuple(row.inspection_ids),
    )


def _held_row_of(record: Record) -> dict[str, Any]:
    messages = [{"type": m.type_name(), "body": m.model_dump(mode="json", exclude_none=True)} for m in record.held]
    return {"operation_id": record.operation_id, "centre": record.centre, "messages": messages}


def _messages_of(row: HeldRow) -> tuple[Told, ...]:
    return tuple(cast("Told", MESSAGES[kept["type"]].model_validate(kept["body"])) for kept in row.messages)
