"""A connection to the simulated database, in the form of asyncpg's: what SQLAlchemy, relay and planner call."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import asyncpg

from tests.simulation.postgres.expressions import JSON_TYPES
from tests.simulation.postgres.grammar import Statement, UnknownSqlError
from tests.simulation.postgres.server import Server, Session
from tests.simulation.postgres.statement_reader import parsed
from tests.simulation.postgres.statements import MustWaitError, Running

# What happens between any two steps of a client: time passes, or the client or the server dies there.
Between = Callable[[str], Awaitable[None]]
# SQLAlchemy asks for the type's number where it depends on it how a value is read.
OIDS = {"float": 701, "double precision": 701}


class GoneError(asyncpg.ConnectionDoesNotExistError):  # type: ignore[misc]  # asyncpg has no types
    """The connection broke."""


class Record(tuple[Any, ...]):
    """A row whose columns have names too."""

    names: Sequence[str] = ()

    def __getitem__(self, name: Any) -> Any:
        return super().__getitem__(self.names.index(name) if isinstance(name, str) else name)


@cache
def _row_class(names: tuple[str, ...]) -> type[Record]:
    return type("Row", (Record,), {"names": names})


@dataclass
class Prepared:
    """A statement that is said again and again."""

    connection: Connection
    statement: Statement
    names: Sequence[str]
    kinds: Sequence[str]
    num_rows: int = 0

    def get_attributes(self) -> Sequence[SimpleNamespace]:
        """Names of the columns that it returns."""
        told = zip(self.names, self.kinds, strict=True)
        return [SimpleNamespace(name=name, type=SimpleNamespace(oid=OIDS.get(kind, 0))) for name, kind in told]

    def get_statusmsg(self) -> str:
        """What the last time came to, in PostgreSQL's words."""
        said = self.statement.kind.upper()
        return f"{said} 0 {self.num_rows}" if said == "INSERT" else f"{said} {self.num_rows}"

    async def fetch(self, *params: Any) -> list[tuple[Any, ...]]:
        """The rows that it returns."""
        rows, self.num_rows = await self.connection.run(self.statement, params)
        if self.connection.decodes and any(kind in JSON_TYPES for kind in self.kinds):
            return [self._decoded(row) for row in rows]
        return rows

    def _decoded(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            json.loads(value) if value is not None and kind in JSON_TYPES else value
            for value, kind in zip(row, self.kinds, strict=True)
        )


class Transaction:
    """BEGIN until COMMIT or ROLLBACK."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def start(self) -> None:
        """Begin."""
        self._connection.alive().in_transaction = True

    async def commit(self) -> None:
        """Keep everything, unless the client or the server dies just before; after it, nobody may hear of it."""
        await self._connection.between("before commit")
        self._connection.alive().commit()
        await self._connection.between("after commit")

    async def rollback(self) -> None:
        """Forget everything."""
        self._connection.alive().rollback()


class Connection:
    """One connection; `between` is awaited before each statement and around each commit."""

    def __init__(self, server: Server, between: Between) -> None:
        self.session, self.between = Session(server), between
        self.decodes = False
        self.is_broken_by: BaseException | None = None

    def alive(self) -> Session:
        """The session; GoneError if the connection broke."""
        if not self.session.is_open:
            raise GoneError("connection is closed")
        return self.session

    async def run(self, statement: Statement, params: Sequence[Any]) -> tuple[list[tuple[Any, ...]], int]:
        """Carry out a statement, waiting for others where it must."""
        if self.is_broken_by is not None:
            raise self.is_broken_by
        await self.between("statement")
        session = self.alive()
        if statement.kind in ("nothing", "show", "set"):
            return ([("on",)], 1) if statement.kind == "show" else ([], 0)
        if statement.kind == "notify":
            session.notify(statement.table)
            return [], 0
        if session.has_failed:
            raise asyncpg.InFailedSQLTransactionError("current transaction is aborted")
        try:
            return await self._waiting(session, statement, params)
        except (asyncpg.PostgresError, UnknownSqlError) as error:
            if isinstance(error, UnknownSqlError):
                session.server.unknown.append(str(error))
            session.has_failed = session.in_transaction
            raise
        finally:
            if session.is_open and not session.in_transaction:
                session.commit()

    async def _waiting(
        self, session: Session, statement: Statement, params: Sequence[Any]
    ) -> tuple[list[tuple[Any, ...]], int]:
        while True:
            take_back = session.as_before() if statement.named else None
            try:
                return Running(session, params).run(statement)
            except MustWaitError as wait:
                if take_back is not None:
                    take_back()
                await session.wait_for(wait.holder, wait.what)
                self.alive()

    def _prepared(self, text: str) -> Prepared:
        try:
            return self._known(text)
        except UnknownSqlError as error:
            self.session.server.unknown.append(str(error))
            raise

    def _known(self, text: str) -> Prepared:
        statement, server = parsed(text), self.session.server
        if statement.kind == "select":
            selection = Running(self.session, ()).selection(statement, {})
            return Prepared(self, statement, selection.names, selection.kinds)
        if statement.kind in ("insert", "update", "delete"):
            changing = server.changing(statement)
            return Prepared(self, statement, changing.names, changing.kinds)
        return Prepared(self, statement, *((("?",), ("",)) if statement.kind == "show" else ((), ())))

    async def prepare(self, text: str, *, name: str | None = None) -> Prepared:
        """Make a statement ready."""
        self.alive()
        return self._prepared(text)

    async def fetch(self, text: str, *params: Any) -> list[Record]:
        """The rows of a statement."""
        prepared = self._prepared(text)
        row_class = _row_class(tuple(prepared.names))
        return [row_class(row) for row in await prepared.fetch(*params)]

    async def fetchrow(self, text: str, *params: Any) -> Record | None:
        """The first row."""
        return next(iter(await self.fetch(text, *params)), None)

    async def fetchval(self, text: str, *params: Any) -> Any:
        """The first value of the first row."""
        row = await self.fetchrow(text, *params)
        return None if row is None else row[0]

    async def execute(self, text: str, *params: Any) -> str:
        """Carry out a statement for what it does."""
        prepared = self._prepared(text)
        await prepared.fetch(*params)
        return prepared.get_statusmsg()

    async def executemany(self, text: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out a statement for each row."""
        prepared = self._prepared(text)
        for params in rows:
            await self.run(prepared.statement, params)

    def transaction(self, **_: Any) -> Transaction:
        """A transaction, not begun yet."""
        return Transaction(self)

    async def add_listener(self, channel: str, listener: Callable[..., object]) -> None:
        """Hear of what is said on a channel."""
        self.alive().listeners.setdefault(channel, []).append(listener)

    async def set_type_codec(self, name: str, **_: Any) -> None:
        """Who sets how JSON is read gets it read."""
        self.decodes = self.decodes or name in JSON_TYPES

    def is_closed(self) -> bool:
        """Whether it broke, or was closed."""
        return not self.session.is_open

    async def close(self, **_: float) -> None:
        """Close it."""
        self.session.end()

    def terminate(self) -> None:
        """Close it at once."""
        self.session.end()

    async def reload_schema_state(self) -> None:
        """The schema never changes."""
