"""The parts of a statement that changes rows, ready to be carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.simulation.postgres.expressions import Columns, Rows, compiled
from tests.simulation.postgres.grammar import Source, Statement, Tree
from tests.simulation.postgres.selecting import Finding, Shapes, spread
from tests.simulation.postgres.tables import Row

if TYPE_CHECKING:
    from tests.simulation.postgres.statements import Running


class Changing:
    """An insert, update or delete."""

    def __init__(self, statement: Statement, shapes: Shapes) -> None:
        self.statement = statement
        target = Source("table", statement.table, statement.alias or statement.table)
        self.columns: Columns = {target.alias: list(shapes[statement.table].columns)}
        self._names = statement.columns or list(shapes[statement.table].columns)
        self._values = [[compiled(tree, {}) for tree in row] for row in statement.values]
        self._finding: Finding | None = None
        seen = {**self.columns, "excluded": self.columns[target.alias]}
        if statement.kind != "insert":
            # The target last, so that it is found by what the others ask of it.
            self._finding = Finding([*statement.sources, target], statement.where, shapes, {})
            seen = dict(self._finding.columns)
        self._sets = [(name, compiled(_of_target(tree, target.alias, seen), seen)) for name, tree in statement.sets]
        where = statement.conflict_where
        self.conflict_where = None if where is None else compiled(_of_target(where, target.alias, seen), seen)
        outputs = [one for output in statement.returning for one in spread(output, self.columns, [target])]
        self.names = [name for _, name in outputs]
        self.kinds = [shapes[statement.table].columns.get(name, "") for _, name in outputs]
        self._outputs = [
            compiled(tree, self._finding.columns if self._finding else self.columns) for tree, _ in outputs
        ]

    def inserted(self, running: Running) -> list[Row]:
        """The rows to be inserted, as they were given."""
        if self.statement.query is not None:
            told = running.asked(self.statement.query, {}, {})
        else:
            told = [tuple([value({}, running) for value in row]) for row in self._values]
        return [dict(zip(self._names, row, strict=True)) for row in told]

    def found(self, running: Running) -> list[Rows]:
        """The rows to be changed, each once, beside what they were found by."""
        rows = [] if self._finding is None else self._finding.rows(running, {})
        view, alias = running.view(self.statement.table), self.statement.alias
        return list({view.table.key_of(one[alias]): one for one in rows}.values())

    def assigned(self, rows: Rows, running: Running) -> Row:
        """The new values."""
        return {name: value(rows, running) for name, value in self._sets}

    def returned(self, rows: Rows, running: Running) -> tuple[Any, ...]:
        """What the statement returns of a row."""
        return tuple([value(rows, running) for value in self._outputs])


def _of_target(tree: Any, alias: str, columns: Columns) -> Any:
    """A column that is named alone is the target's, whatever else has one of that name."""
    if not isinstance(tree, tuple):
        return tree
    if tree and tree[0] == "column" and not tree[1] and tree[2] in columns[alias]:
        return _column(alias, tree[2])
    return tuple(_of_target(part, alias, columns) for part in tree)


def _column(alias: str, name: str) -> Tree:
    return ("column", alias, name)
