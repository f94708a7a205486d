"""How rows are found: sources joined one after the other, by an index wherever a condition gives one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.simulation.postgres.expressions import AGGREGATES, Columns, Rows, Value, compiled
from tests.simulation.postgres.grammar import Source, Statement, Tree
from tests.simulation.postgres.schema import Shape
from tests.simulation.postgres.tables import Key, Row

if TYPE_CHECKING:
    from tests.simulation.postgres.statements import Running

Shapes = Mapping[str, Shape]
# Columns of a table, and the values that they may have beside the rows found so far.
Access = tuple[tuple[str, ...], Callable[[Rows, "Running"], list[Key]]]
GROUP = "the group"


class Step:
    """One source: where its rows come from, and what they must fulfil beside those before."""

    def __init__(self, source: Source, columns: Columns, conditions: list[Tree]) -> None:
        self.source = source
        before = self._before = {alias: names for alias, names in columns.items() if alias != source.alias}
        self._accesses: list[Access] = []
        self.using = source.using
        if source.kind == "table":
            found = (_access(condition, source, columns[source.alias], before) for condition in conditions)
            self._accesses = [access for access in found if access is not None]
            if source.using:
                self._accesses.append((tuple(source.using), self._values_before))
        own = source.condition
        self.condition = None if own is None else compiled(own, columns)
        self.takes_all = own is None and not source.using and not source.is_outer

    def rows(self, running: Running, before: Rows) -> Iterable[Row]:
        """Rows that may fit to those before."""
        if self.source.kind != "table":
            return running.source_rows(self.source, before, self._before)
        view = running.view(self.source.name)
        if not self._accesses:
            return view.rows()
        tried = [(columns, values(before, running)) for columns, values in self._accesses]
        columns, keys = tried[0] if len(tried) == 1 else min(tried, key=lambda one: view.table.num_found(*one))
        return view.candidates(columns, keys)

    def _values_before(self, before: Rows, _: Running) -> list[Key]:
        return [tuple([_common(name, before) for name in self.using])]


class Finding:
    """Every combination of rows of the sources that fulfils a condition."""

    def __init__(self, sources: list[Source], where: Tree | None, shapes: Shapes, outer: Columns) -> None:
        self.columns: dict[str, list[str]] = {alias: list(names) for alias, names in outer.items()}
        conditions = _conjuncts(where) + [one for source in sources for one in _conjuncts(source.condition)]
        self._steps: list[Step] = []
        for source in _ordered(sources):
            self.columns[source.alias] = columns_of(source, shapes)
            self._steps.append(Step(source, dict(self.columns), conditions))
        self._where = None if where is None else compiled(where, self.columns)

    def rows(self, running: Running, outer: Rows) -> list[Rows]:
        """What is found beside the rows around."""
        found: list[Rows] = [outer]
        for step in self._steps:
            if step.takes_all:
                alias = step.source.alias
                found = [{**before, alias: row} for before in found for row in step.rows(running, before)]
            else:
                found = [rows for before in found for rows in self._joined(step, running, before)]
        where = self._where
        return found if where is None else [rows for rows in found if where(rows, running) is True]

    def _joined(self, step: Step, running: Running, before: Rows) -> Iterator[Rows]:
        alias, is_alone = step.source.alias, True
        for row in step.rows(running, before):
            rows = {**before, alias: row}
            if step.condition is not None and step.condition(rows, running) is not True:
                continue
            if step.using and any(_common(name, before) != row[name] for name in step.using):
                continue
            is_alone = False
            yield rows
        if is_alone and step.source.is_outer:
            yield {**before, alias: dict.fromkeys(self.columns[alias])}


class Selection:
    """A query ready to be carried out."""

    def __init__(self, query: Statement, shapes: Shapes, outer: Columns) -> None:
        self.query = query
        self._finding = Finding(query.sources, query.where, shapes, outer)
        columns = self._finding.columns
        self._aggregates: list[tuple[str, Value | None]] = []
        outputs = [one for output in query.outputs for one in spread(output, columns, query.sources)]
        self.names = [name for _, name in outputs]
        self.kinds = [_kind(tree, query.sources, shapes) for tree, _ in outputs]
        self._is_grouped = bool(query.group) or any(_has_aggregate(tree) for tree, _ in outputs)
        trees = [self._ungrouped(tree, columns) if self._is_grouped else tree for tree, _ in outputs]
        seen = {**columns, GROUP: [str(number) for number in range(len(self._aggregates))]}
        self._outputs = [compiled(tree, seen) for tree in trees]
        named = dict(zip(self.names, trees, strict=True))
        self._group = [compiled(_placed(tree, trees), columns) for tree in query.group]
        self._order = [(compiled(_named(tree, named, columns), seen), is_down) for tree, is_down in query.order]
        self._distinct = [compiled(tree, columns) for tree in query.distinct_on]
        self._limit = None if query.limit is None else compiled(query.limit, columns)

    def rows(self, running: Running, outer: Rows) -> list[tuple[Any, ...]]:
        """What is selected; in an order that nobody can rely on, unless one was asked for."""
        found = self._finding.rows(running, outer)
        if self._is_grouped:
            found = self._groups(found, running, outer)
        if self._order:
            for value, is_down in reversed(self._order):
                found.sort(key=lambda rows: _sortable(value(rows, running)), reverse=is_down)
        elif len(found) > 1:
            running.session.server.shuffle(found)
        if self._distinct:
            firsts: dict[Key, Rows] = {}
            for rows in found:
                firsts.setdefault(tuple([value(rows, running) for value in self._distinct]), rows)
            found = list(firsts.values())
        limit = None if self._limit is None else self._limit(outer, running)
        if self.query.is_distinct:
            return list(dict.fromkeys(self._told(rows, running) for rows in found))[:limit]
        return [self._told(rows, running) for rows in found[:limit]]

    def _told(self, rows: Rows, running: Running) -> tuple[Any, ...]:
        return tuple([value(rows, running) for value in self._outputs])

    def _groups(self, found: list[Rows], running: Running, outer: Rows) -> list[Rows]:
        groups: dict[Key, list[Rows]] = {} if self._group else {(): []}
        for rows in found:
            groups.setdefault(tuple([value(rows, running) for value in self._group]), []).append(rows)
        return [
            {**(members[0] if members else outer), GROUP: self._aggregated(members, running)}
            for members in groups.values()
        ]

    def _aggregated(self, members: list[Rows], running: Running) -> Row:
        found: Row = {}
        for number, (name, value) in enumerate(self._aggregates):
            values = [1 if value is None else value(rows, running) for rows in members]
            found[str(number)] = _aggregate(name, [one for one in values if one is not None])
        return found

    def _ungrouped(self, tree: Any, columns: Columns) -> Any:
        """The tree with what is made of a whole group taken out, to be filled in later."""
        if not isinstance(tree, tuple):
            return tree
        if tree and tree[0] == "call" and tree[1] in AGGREGATES:
            self._aggregates.append((tree[1], compiled(tree[2][0], columns) if tree[2] else None))
            return ("column", GROUP, str(len(self._aggregates) - 1))
        return tuple(self._ungrouped(part, columns) for part in tree)


_SELECTIONS: dict[tuple[int, tuple[str, ...]], Selection] = {}


def selection_of(query: Statement, shapes: Shapes, outer: Columns) -> Selection:
    """How a query is carried out; worked out once, for its text is said again and again."""
    key = (id(query), tuple(outer))
    found = _SELECTIONS.get(key)
    if found is None or found.query is not query:
        found = _SELECTIONS[key] = Selection(query, shapes, outer)
    return found


def columns_of(source: Source, shapes: Shapes) -> list[str]:
    if source.kind == "table":
        return list(shapes[source.name].columns)
    if source.query is not None:
        return source.columns or [name for _, name in source.query.outputs]
    if source.name == "jsonb_populate_recordset":
        return list(shapes[source.args[0][2]].columns)
    if source.kind == "named":
        return source.columns
    return source.columns or [f"{source.alias}{number or ''}" for number in range(len(source.args))]


def _ordered(sources: list[Source]) -> list[Source]:
    """What a table is joined to by columns of the same name comes before it: then an index gives its rows."""
    if len(sources) == 2 and sources[0].kind == "table" and sources[1].kind == "function" and sources[1].using:
        table, asked = sources
        return [replace(asked, using=[]), replace(table, using=asked.using)]
    return sources


def _common(name: str, before: Rows) -> Any:
    return next(row[name] for row in reversed(before.values()) if name in row)


def _conjuncts(tree: Tree | None) -> list[Tree]:
    if tree is None:
        return []
    return [*_conjuncts(tree[1]), *_conjuncts(tree[2])] if tree[0] == "and" else [tree]


def _access(condition: Tree, source: Source, own: Sequence[str], before: Columns) -> Access | None:
    """The values that a condition asks of columns of one's own, if it asks for any."""
    kind, told, alias = condition[0], condition[1:], source.alias
    if kind == "not" and told[0][0] == "is" and told[0][2] is None:
        given = _own(told[0][1], alias, own, before)
        return None if given is None else (given, lambda rows, running: running.view(source.name).given(given))
    if kind == "infix" and told[0] == "=":
        return _equal(told[1], told[2], alias, own, before) or _equal(told[2], told[1], alias, own, before)
    columns = _own(told[1] if kind == "any" else told[0], alias, own, before) if kind in ("any", "in", "is") else None
    if columns is None:
        return None
    if kind == "any":
        array = _foreign(told[2], alias, own, before)
        return None if array is None else (columns, lambda rows, running: [(one,) for one in array(rows, running)])
    if kind == "is":
        return columns, lambda rows, running: [(told[1],)]
    members = [_foreign(member, alias, own, before) for member in told[1]]
    if None in members:
        return None
    is_one = len(columns) == 1
    return columns, lambda rows, running: [_key(member(rows, running), is_one) for member in members if member]


def _key(value: Any, is_one: bool) -> Key:
    return (value,) if is_one else tuple(value)


def _equal(left: Tree, right: Tree, alias: str, own: Sequence[str], before: Columns) -> Access | None:
    columns, value = _own(left, alias, own, before), _foreign(right, alias, own, before)
    if columns is None or value is None:
        return None
    return columns, lambda rows, running: [_key(value(rows, running), is_one=True)]


def _own(tree: Tree, alias: str, own: Sequence[str], before: Columns) -> tuple[str, ...] | None:
    """The columns of one's own that a tree is."""
    trees = tree[1] if tree[0] == "tuple" else (tree,)
    if all(one[0] == "column" and _is_own(one, alias, own, before) for one in trees):
        return tuple(one[2] for one in trees)
    return None


def _is_own(column: Tree, alias: str, own: Sequence[str], before: Columns) -> bool:
    is_elsewhere = any(column[2] in names for names in before.values())
    return column[2] in own and (column[1] == alias or (not column[1] and not is_elsewhere))


def _foreign(tree: Tree, alias: str, own: Sequence[str], before: Columns) -> Value | None:
    """The value of a tree that speaks of nothing but rows found before."""
    if any(node[0] in ("exists", "scalar", "in_query") for node in _nodes(tree)):
        return None
    named = [node for node in _nodes(tree) if node[0] == "column"]
    if any(_is_own(one, alias, own, before) or (one[1] and one[1] not in before) for one in named):
        return None
    if any(not one[1] and not any(one[2] in names for names in before.values()) for one in named):
        return None
    return compiled(tree, before)


def _nodes(tree: Any) -> Iterator[Tree]:
    if isinstance(tree, tuple):
        if tree and isinstance(tree[0], str):
            yield tree
        for part in tree:
            yield from _nodes(part)


def _has_aggregate(tree: Tree) -> bool:
    return any(node[0] == "call" and node[1] in AGGREGATES for node in _nodes(tree))


def spread(output: tuple[Tree, str], columns: Columns, sources: list[Source]) -> list[tuple[Tree, str]]:
    """Each column that a star stands for."""
    if output[0][0] != "star":
        return [output]
    aliases = output[0][1:] or [source.alias for source in sources]
    return [(("column", alias, name), name) for alias in aliases for name in columns[alias]]


def _kind(tree: Tree, sources: list[Source], shapes: Shapes) -> str:
    """The SQL type of an output that is a table's column, or made one of a type; empty for any other."""
    if tree[0] == "cast":
        return str(tree[2])
    if tree[0] != "column":
        return ""
    tables = [one for one in sources if one.kind == "table" and tree[1] in ("", one.alias)]
    return next((kinds[tree[2]] for one in tables if tree[2] in (kinds := shapes[one.name].columns)), "")


def _placed(tree: Tree, outputs: list[Tree]) -> Tree:
    is_place = tree[0] == "constant" and isinstance(tree[1], int)
    return outputs[tree[1] - 1] if is_place else tree


def _named(tree: Tree, named: Mapping[str, Tree], columns: Columns) -> Tree:
    is_output = tree[0] == "column" and not tree[1] and not any(tree[2] in names for names in columns.values())
    return named[tree[2]] if is_output else tree


def _sortable(value: Any) -> tuple[Any, ...]:
    return (value is None, 0 if value is None else value)


def _aggregate(name: str, values: list[Any]) -> Any:
    if name == "count":
        return len(values)
    if not values:
        return None
    kinds: dict[str, Callable[[list[Any]], Any]] = {
        "min": min,
        "max": max,
        "sum": sum,
        "array_agg": list,
        "bool_or": any,
        "bool_and": all,
    }
    return kinds[name](values)
