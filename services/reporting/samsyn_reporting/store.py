"""Reads what a batch or a page needs, and writes everything that changed once at the batch's end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel, col, select

from samsyn_reporting.domain.accounts import Account, Entry, Fact, Operation, Value
from samsyn_reporting.domain.ledger import Ledger, Loss, ledger_of, standing_inspections
from samsyn_reporting.tables import EntryRow, FactRow, LossRow, OperationRow, TakenBackRow

ROWS_PER_STATEMENT = 1000  # PostgreSQL takes at most 32 767 parameters in a statement
V = TypeVar("V", bound=Value)


class Store:
    """The accounts and losses that one batch touches, and the ledger of a period."""

    def __init__(self, transaction: Transaction) -> None:
        self._session = transaction.session
        self._facts: dict[str, tuple[Fact, ...]] = {}
        self._accounts: dict[str, Account] = {}
        self._losses: dict[str, Loss] = {}
        self._taken_back: dict[str, str] = {}

    async def facts(self, operation_id: str) -> tuple[Fact, ...]:
        """Every fact known of an operation."""
        if operation_id not in self._facts:
            statement = select(FactRow).where(FactRow.operation_id == operation_id)
            self._facts[operation_id] = tuple(_values(Fact, (await self._session.exec(statement)).all()))
        account = self._accounts.get(operation_id)
        return account.facts if account is not None else self._facts[operation_id]

    def keep(self, account: Account) -> None:
        """Keep an operation's facts and what follows from them."""
        self._accounts[account.operation.operation_id] = account

    def keep_loss(self, loss: Loss) -> None:
        """Keep a loss."""
        self._losses[loss.event_id] = loss

    def keep_taken_back(self, event_id: str, centre: str) -> None:
        """Keep that the loss of that event was a mistake."""
        self._taken_back[event_id] = centre

    async def save(self) -> None:
        """Write everything that changed."""
        accounts = [self._accounts[operation_id] for operation_id in sorted(self._accounts)]
        await self._upsert(FactRow, _dumped(fact for account in accounts for fact in self._new_facts(account)))
        await self._upsert(OperationRow, _dumped(account.operation for account in accounts))
        await self._upsert(EntryRow, _dumped(entry for account in accounts for entry in account.entries))
        await self._upsert(LossRow, _dumped(self._losses[event_id] for event_id in sorted(self._losses)))
        taken_back = [{"event_id": id_, "centre": centre} for id_, centre in sorted(self._taken_back.items())]
        await self._upsert(TakenBackRow, taken_back)

    async def ledger(self, centre: str, from_at: datetime, until_at: datetime) -> Ledger:
        """The ledger of operations planned to start in the half-open period."""
        in_period = EntryRow.planned_start_at >= from_at, EntryRow.planned_start_at < until_at
        entries = (await self._session.exec(select(EntryRow).where(EntryRow.centre == centre, *in_period))).all()
        causes = {row.cause_event_id for row in entries}
        losses = (await self._session.exec(select(LossRow).where(col(LossRow.event_id).in_(causes)))).all()
        mistakes = select(TakenBackRow.event_id).where(col(TakenBackRow.event_id).in_(causes))
        rows = (await self._session.exec(select(OperationRow).where(OperationRow.centre == centre))).all()
        operations = _values(Operation, rows)
        return ledger_of(
            _values(Entry, entries),
            {loss.event_id: loss for loss in _values(Loss, losses)},
            set((await self._session.exec(mistakes)).all()),
            [operation for operation in operations if from_at <= operation.start_at < until_at],
            standing_inspections(operations),
        )

    def _new_facts(self, account: Account) -> Sequence[Fact]:
        known = {fact.event_id for fact in self._facts.get(account.operation.operation_id, ())}
        return [fact for fact in account.facts if fact.event_id not in known]

    async def _upsert(self, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        for first in range(0, len(rows), ROWS_PER_STATEMENT):
            statement = postgresql.insert(table).values(list(rows[first : first + ROWS_PER_STATEMENT]))
            key = [column.name for column in sa.inspect(table).primary_key]
            newer = {name: statement.excluded[name] for name in rows[0] if name not in key}
            await self._session.exec(statement.on_conflict_do_update(index_elements=key, set_=newer))


def _values(kind: type[V], rows: Iterable[SQLModel]) -> list[V]:
    return [kind.model_validate(row.model_dump()) for row in rows]


def _dumped(values: Iterable[Value]) -> list[dict[str, Any]]:
    return [value.model_dump() for value in values]
