"""Carries out statements on what a transaction sees; who must wait for another transaction is told so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import asyncpg

from tests.simulation.postgres.expressions import Columns, Rows
from tests.simulation.postgres.grammar import Source, Statement, UnknownSqlError
from tests.simulation.postgres.selecting import Selection, columns_of, selection_of
from tests.simulation.postgres.tables import Key, Row, View

if TYPE_CHECKING:
    from tests.simulation.postgres.server import Session


class MustWaitError(Exception):
    """Another transaction holds what the statement needs."""

    def __init__(self, holder: Session, what: tuple[Any, ...]) -> None:
        super().__init__("held by another transaction")
        self.holder, self.what = holder, what


class Running:
    """One statement under way: its parameters, and the session that it runs in."""

    def __init__(self, session: Session, params: Sequence[Any]) -> None:
        self.session, self.params = session, params
        self._named: dict[str, list[tuple[Any, ...]]] = {}

    def run(self, statement: Statement) -> tuple[list[tuple[Any, ...]], int]:
        """The rows it returns, and how many rows it was about."""
        for name, inner in statement.named:
            self._named[name] = self.run(inner)[0]
        if statement.kind == "select":
            rows = self.asked(statement, {}, {})
            return rows, len(rows)
        act = _ACTS.get(statement.kind)
        if act is None:
            raise UnknownSqlError(statement.kind)
        return act(self, statement)

    def asked(self, query: Statement, outer: Rows, columns: Columns) -> list[tuple[Any, ...]]:
        """What a query selects, seen from the rows around it."""
        rows = self.selection(query, columns).rows(self, outer)
        for following in query.unions:
            rows += self.selection(following, columns).rows(self, outer)
        return rows

    def selection(self, query: Statement, columns: Columns) -> Selection:
        """How a query is carried out."""
        return selection_of(query, self.session.server.shapes, columns)

    def view(self, table: str) -> View:
        """A table as the session sees it."""
        return self.session.view(table)

    def call(self, name: str, arguments: list[Any]) -> Any:
        """The value of a function."""
        return self.session.call(name, arguments)

    def source_rows(self, source: Source, outer: Rows, columns: Columns) -> Iterator[Row]:
        """The rows of a source that is no table; it may speak of the rows before it."""
        if source.kind == "named":
            yield from (dict(zip(source.columns, row, strict=True)) for row in self._named[source.name])
            return
        if source.query is not None:
            selection = self.selection(source.query, columns)
            names = source.columns or selection.names
            yield from (dict(zip(names, row, strict=True)) for row in selection.rows(self, outer))
            return
        arguments = [argument(outer, self) for argument in self.session.server.arguments_of(source, outer)]
        yield from _FUNCTIONS[source.name](source, arguments, self)


def _unnest(source: Source, arrays: list[Any], _: Running) -> Iterator[Row]:
    longest = max((len(array or ()) for array in arrays), default=0)
    columns = columns_of(source, {})
    for number in range(longest):
        values = [array[number] if number < len(array) else None for array in arrays]
        yield dict(zip(columns, [*values, number + 1][: len(columns)], strict=True))


def _record_set(source: Source, arguments: list[Any], running: Running) -> Iterator[Row]:
    shape = running.session.server.shapes[source.args[0][2]]
    for told in json.loads(arguments[1]):
        yield shape.row(told)


_FUNCTIONS: dict[str, Callable[[Source, list[Any], Running], Iterator[Row]]] = {
    "unnest": _unnest,
    "jsonb_populate_recordset": _record_set,
}
Done = tuple[list[tuple[Any, ...]], int]


def _insert(running: Running, statement: Statement) -> Done:
    view, plan = running.view(statement.table), running.session.server.changing(statement)
    rows = [_completed(view, row) for row in plan.inserted(running)]
    for row in rows:
        _wait_for_keys(running, view, row)
    touched: set[Key] = set()
    returned: list[tuple[Any, ...]] = []
    for row in rows:
        kept = _inserted(running, statement, view, row, touched)
        if kept is not None:
            returned.append(plan.returned({statement.alias: kept}, running))
    return returned, len(returned)


def _inserted(running: Running, statement: Statement, view: View, row: Row, touched: set[Key]) -> Row | None:
    keys = [tuple(statement.conflict_columns)] if statement.conflict_columns else view.table.shape.keys
    existing = next((old for columns in keys if (old := view.with_key(columns, row)) is not None), None)
    if existing is None:
        _write(running, view, row)
        touched.add(view.table.key_of(row))
        return row
    if not statement.conflict:
        raise asyncpg.UniqueViolationError(f"duplicate key in {statement.table}")
    if statement.conflict == "nothing":
        return None
    return _merged(running, statement, view, existing, row, touched)


def _merged(
    running: Running, statement: Statement, view: View, existing: Row, row: Row, touched: set[Key]
) -> Row | None:
    key, plan = view.table.key_of(existing), running.session.server.changing(statement)
    if key in touched:
        raise asyncpg.CardinalityViolationError("ON CONFLICT DO UPDATE cannot affect a row a second time")
    running.session.hold(view, existing)
    seen = {statement.alias: existing, "excluded": row}
    if plan.conflict_where is not None and plan.conflict_where(seen, running) is not True:
        return None
    changed = {**existing, **plan.assigned(seen, running)}
    _write(running, view, changed)
    touched.add(key)
    return changed


def _update(running: Running, statement: Statement) -> Done:
    view, plan = running.view(statement.table), running.session.server.changing(statement)
    found = plan.found(running)
    for rows in found:
        running.session.hold(view, rows[statement.alias])
    returned: list[tuple[Any, ...]] = []
    for rows in found:
        changed = {**rows[statement.alias], **plan.assigned(rows, running)}
        _write(running, view, changed)
        returned.append(plan.returned({**rows, statement.alias: changed}, running))
    return returned, len(found)


def _delete(running: Running, statement: Statement) -> Done:
    view, plan = running.view(statement.table), running.session.server.changing(statement)
    found = plan.found(running)
    for rows in found:
        running.session.hold(view, rows[statement.alias])
    for rows in found:
        view.changes[view.table.key_of(rows[statement.alias])] = None
    return [plan.returned(rows, running) for rows in found], len(found)


_ACTS: dict[str, Callable[[Running, Statement], Done]] = {"insert": _insert, "update": _update, "delete": _delete}


def _completed(view: View, told: Row) -> Row:
    """The whole row: of the columns' types, with what the database fills in."""
    shape = view.table.shape
    row = shape.row(told)
    if shape.numbered is not None and row[shape.numbered] is None:
        row[shape.numbered] = view.table.next_number()
    for name, value in shape.defaults.items():
        row[name] = value if name not in told else row[name]
    for name in shape.required:
        if row[name] is None:
            raise asyncpg.NotNullViolationError(f"{shape.name}.{name} is null")
    return row


def _wait_for_keys(running: Running, view: View, row: Row) -> None:
    for columns in view.table.shape.keys:
        running.session.check_free((view.table.shape.name, columns, tuple([row[name] for name in columns])))


def _write(running: Running, view: View, row: Row) -> None:
    for columns in view.table.shape.keys:
        running.session.take((view.table.shape.name, columns, tuple([row[name] for name in columns])))
    view.changes[view.table.key_of(row)] = row
