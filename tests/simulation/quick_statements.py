"""Carries statements that SQLAlchemy has compiled straight to the simulated database, past what it makes for each.

SQLAlchemy compiles and fills in every statement as ever, begins and ends every transaction, and is asked the whole way
for all that is said for the first time, in several rows or by the ORM, and for every error. Left out are a greenlet, an
execution context, a cursor and its description: they are the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import ref

from sqlalchemy.engine.result import IteratorResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.compiler import WARN_LINTING, SQLCompiler

# By what SQLAlchemy has compiled: what it knows of the rows that come; None where none do.
_KNOWN: dict[SQLCompiler, Any] = {}
KEPT = "_compiled_in_simulation"


@dataclass(frozen=True)
class Done:
    """What is known of a statement that returns no rows."""

    rowcount: int


@dataclass(frozen=True)
class Said:
    """A statement as it reaches the driver."""

    compiled: SQLCompiler
    params: Sequence[Any]


class QuickConnection(AsyncConnection):
    """As AsyncConnection."""

    async def execute(self, statement: Any, parameters: Any = None, **more: Any) -> Any:
        """What the statement returns."""
        if isinstance(parameters, list) and len(parameters) == 1:
            parameters = parameters[0]  # which is what SQLAlchemy makes of it
        said = None if more or isinstance(parameters, list) else self._said(statement, parameters)
        if said is None:
            return await super().execute(statement, parameters, **more)
        if said.compiled not in _KNOWN:
            result = await super().execute(statement, parameters)
            _KNOWN[said.compiled] = result._metadata if result.returns_rows else None
            return result
        connection = self._driver()
        try:
            async with connection._execute_mutex:
                if connection._transaction is None:
                    await connection._start_transaction()
                prepared, _ = await connection._prepare(said.compiled.string, connection._invalidate_schema_cache_asof)
                rows = await prepared.fetch(*said.params)
        except BaseException as error:
            return await self._told(error, statement, parameters)
        metadata = _KNOWN[said.compiled]
        return Done(prepared.num_rows) if metadata is None else IteratorResult(metadata, iter(rows))

    def _said(self, statement: Any, parameters: Any) -> Said | None:
        """The statement as SQLAlchemy says it; None where it has more to do than to say it."""
        connection, dialect = self.sync_connection, self.dialect
        if connection is None or connection.closed or connection.invalidated or not connection.in_transaction():
            return None
        # A statement that is said again and again is one object: what it was compiled to is kept with it.
        kept, keys = _kept_with(statement), sorted(parameters or ())
        found = kept.get((dialect, *keys))
        if found is None:
            found = kept[dialect, *keys] = statement._compile_w_cache(
                dialect=dialect,
                compiled_cache=connection.engine._compiled_cache,
                column_keys=keys,
                linting=dialect.compiler_linting | WARN_LINTING,
            )
        compiled, extracted, collected, _ = found
        if not _is_plain(compiled):
            return None
        values = compiled.construct_params(
            parameters or None, extracted_parameters=extracted, escape_names=False, _collected_params=collected
        )
        made = compiled._bind_processors
        return Said(compiled, [made[key](values[key]) if key in made else values[key] for key in compiled.positiontup])

    def _driver(self) -> Any:
        """The connection in the form that SQLAlchemy gives it."""
        return None if self.sync_connection is None else self.sync_connection.connection.dbapi_connection

    async def _told(self, error: BaseException, statement: Any, parameters: Any) -> Any:
        """Let the error come the whole way: SQLAlchemy wraps it, and gives up the connection if it must."""
        driver = self._driver()._connection
        driver.is_broken_by = error
        try:
            return await super().execute(statement, parameters)
        finally:
            driver.is_broken_by = None


def _kept_with(statement: Any) -> dict[Any, Any]:
    """What is kept with a statement, and not with the one that it was made from."""
    of, kept = vars(statement).get(KEPT, (None, None))
    if of is not None and of() is statement and isinstance(kept, dict):
        return kept
    anew: dict[Any, Any] = {}
    vars(statement)[KEPT] = (ref(statement), anew)
    return anew


class QuickEngine(AsyncEngine):
    """As AsyncEngine."""

    _connection_cls = QuickConnection


def _is_plain(compiled: Any) -> bool:
    """Whether nothing has to be worked out for each time that it is said but the values of its parameters."""
    if not isinstance(compiled, SQLCompiler) or compiled.literal_execute_params or compiled.post_compile_params:
        return False
    if not (compiled.isinsert or compiled.isupdate or compiled.isdelete):
        return True
    worked_out = (compiled.insert_prefetch, compiled.update_prefetch, compiled.effective_returning)
    return not any(worked_out) and not compiled.postfetch_lastrowid
