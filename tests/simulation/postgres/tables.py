"""Rows in memory: what is committed, found by any column, and what open transactions see of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from tests.simulation.postgres.schema import Shape

Row = dict[str, Any]
Key = tuple[Any, ...]


class Table:
    """Committed rows by primary key; a row is never changed, only replaced."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.rows: dict[Key, Row] = {}
        self._indexes: dict[tuple[str, ...], dict[Key, dict[Key, None]]] = {}
        self._last_number = 0

    def next_number(self) -> int:
        """The next of an identity column: given out once, whatever becomes of the transaction."""
        self._last_number += 1
        return self._last_number

    def key_of(self, row: Row) -> Key:
        """A row's primary key."""
        return tuple([row[name] for name in self.shape.keys[0]])

    def index(self, columns: tuple[str, ...]) -> dict[Key, dict[Key, None]]:
        """By the values in these columns, the primary keys of the committed rows that have them."""
        index = self._indexes.get(columns)
        if index is None:
            index = self._indexes[columns] = {}
            for key, row in self.rows.items():
                index.setdefault(tuple([row[name] for name in columns]), {})[key] = None
        return index

    def found(self, columns: tuple[str, ...], values: Sequence[Key]) -> Collection[Key]:
        """Primary keys of the committed rows that have any of the values in these columns, each once."""
        index = self.index(columns)
        if len(values) == 1:
            return index.get(values[0], ())
        keys: dict[Key, None] = {}
        for value in values:
            keys.update(index.get(value, ()))
        return keys

    def num_found(self, columns: tuple[str, ...], values: Iterable[Key]) -> int:
        """How many those are, or more where a value stands there twice."""
        index = self.index(columns)
        return sum([len(index.get(value, ())) for value in values])

    def put(self, key: Key, row: Row | None) -> None:
        """Commit a row, or that it is gone."""
        old = self.rows.pop(key, None) if row is None else self.rows.get(key)
        for columns, index in self._indexes.items():
            if old is not None:
                value = tuple([old[name] for name in columns])
                index[value].pop(key, None)
                if not index[value]:
                    del index[value]
            if row is not None:
                index.setdefault(tuple([row[name] for name in columns]), {})[key] = None
        if row is not None:
            self.rows[key] = row


class View:
    """A table as one transaction sees it: what is committed when it looks, and its own changes."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.changes: dict[Key, Row | None] = {}

    def rows(self) -> Iterator[Row]:
        """Every row."""
        for key, row in self.table.rows.items():
            if key not in self.changes:
                yield row
        yield from (row for row in self.changes.values() if row is not None)

    def candidates(self, columns: tuple[str, ...], values: list[Key]) -> list[Row]:
        """Every row that has one of the values in these columns, and perhaps some that have not."""
        rows, changes = self.table.rows, self.changes
        if not changes:
            return [rows[key] for key in self.table.found(columns, values)]
        found = [rows[key] for key in self.table.found(columns, values) if key not in changes]
        return found + [row for row in changes.values() if row is not None]

    def given(self, columns: tuple[str, ...]) -> list[Key]:
        """Every value in these columns that is not null."""
        return [value for value, keys in self.table.index(columns).items() if None not in value]

    def get(self, key: Key) -> Row | None:
        """The row with a primary key."""
        return self.changes[key] if key in self.changes else self.table.rows.get(key)

    def with_key(self, columns: tuple[str, ...], row: Row) -> Row | None:
        """The row that has what another has in columns that are unique; nothing equals null."""
        value = tuple([row[name] for name in columns])
        if None in value:
            return None
        for other in self.candidates(columns, [value]):
            if all(other[name] == row[name] for name in columns):
                return other
        return None
