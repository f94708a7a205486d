"""Expressions made into functions of the rows at hand and the parameters, with SQL's three truth values."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.simulation.postgres.grammar import Tree, UnknownSqlError

if TYPE_CHECKING:
    from tests.simulation.postgres.statements import Running

# By alias the row at hand.
Rows = dict[str, dict[str, Any]]
Value = Callable[[Rows, "Running"], Any]
Columns = Mapping[str, Sequence[str]]
SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": lambda one, other: _without(one, other) if isinstance(one, str) else one - other,
    "*": operator.mul,
    "||": operator.add,
}
JSON_TYPES = ("json", "jsonb")
AGGREGATES = ("count", "min", "max", "sum", "array_agg", "bool_or", "bool_and")


def compiled(tree: Tree, columns: Columns) -> Value:
    """The function that an expression is; `columns` are those of each alias in sight."""
    maker = _MAKERS.get(tree[0])
    if maker is None:
        raise UnknownSqlError(f"{tree[0]} cannot be evaluated")
    return maker(tree, columns)


def _constant(tree: Tree, _: Columns) -> Value:
    return lambda rows, running: tree[1]


def _param(tree: Tree, _: Columns) -> Value:
    number = tree[1]
    return lambda rows, running: running.params[number]


def _column(tree: Tree, columns: Columns) -> Value:
    _, alias, name = tree
    if not alias:
        having = [one for one, names in columns.items() if name in names]
        if not having:
            raise UnknownSqlError(f"no column {name} in {list(columns)}")
        alias = having[-1] if having[-1] != "excluded" else having[0]
    elif alias not in columns:
        raise UnknownSqlError(f"no alias {alias} in {list(columns)}")
    return lambda rows, running: rows[alias][name]


def _infix(tree: Tree, columns: Columns) -> Value:
    _, sign, left_tree, right_tree = tree
    left, right = compiled(left_tree, columns), compiled(right_tree, columns)
    act = SIGNS.get(sign) or _JSON_SIGNS.get(sign)
    if act is None:
        raise UnknownSqlError(f"{sign} is not known")

    def infix(rows: Rows, running: Running) -> Any:
        one, other = left(rows, running), right(rows, running)
        return None if one is None or other is None else act(one, other)

    return infix


def _any(tree: Tree, columns: Columns) -> Value:
    _, sign, left_tree, array_tree = tree
    left, array, act = compiled(left_tree, columns), compiled(array_tree, columns), SIGNS[sign]

    def any_(rows: Rows, running: Running) -> Any:
        one, others = left(rows, running), array(rows, running)
        return None if one is None or others is None else any(act(one, other) for other in others if other is not None)

    return any_


def _and(tree: Tree, columns: Columns) -> Value:
    left, right = compiled(tree[1], columns), compiled(tree[2], columns)

    def and_(rows: Rows, running: Running) -> Any:
        one = left(rows, running)
        if one is False:
            return False
        other = right(rows, running)
        return False if other is False else None if one is None or other is None else True

    return and_


def _or(tree: Tree, columns: Columns) -> Value:
    left, right = compiled(tree[1], columns), compiled(tree[2], columns)

    def or_(rows: Rows, running: Running) -> Any:
        one = left(rows, running)
        if one is True:
            return True
        other = right(rows, running)
        return True if other is True else None if one is None or other is None else False

    return or_


def _not(tree: Tree, columns: Columns) -> Value:
    inner = compiled(tree[1], columns)

    def not_(rows: Rows, running: Running) -> Any:
        value = inner(rows, running)
        return None if value is None else not value

    return not_


def _is(tree: Tree, columns: Columns) -> Value:
    inner, wanted = compiled(tree[1], columns), tree[2]
    return lambda rows, running: inner(rows, running) is wanted


def _in(tree: Tree, columns: Columns) -> Value:
    left, members = compiled(tree[1], columns), [compiled(member, columns) for member in tree[2]]

    def in_(rows: Rows, running: Running) -> Any:
        one = left(rows, running)
        return None if one is None else any(one == member(rows, running) for member in members)

    return in_


def _in_query(tree: Tree, columns: Columns) -> Value:
    left, query = compiled(tree[1], columns), tree[2]

    def in_query(rows: Rows, running: Running) -> Any:
        one = left(rows, running)
        return None if one is None else any(one == row[0] for row in running.asked(query, rows, columns))

    return in_query


def _exists(tree: Tree, columns: Columns) -> Value:
    return lambda rows, running: bool(running.asked(tree[1], rows, columns))


def _scalar(tree: Tree, columns: Columns) -> Value:
    def scalar(rows: Rows, running: Running) -> Any:
        found = running.asked(tree[1], rows, columns)
        return found[0][0] if found else None

    return scalar


def _tuple(tree: Tree, columns: Columns) -> Value:
    members = [compiled(member, columns) for member in tree[1]]
    return lambda rows, running: tuple([member(rows, running) for member in members])


def _like(tree: Tree, columns: Columns) -> Value:
    text, pattern = compiled(tree[1], columns), compiled(tree[2], columns)

    def like(rows: Rows, running: Running) -> Any:
        value, told = text(rows, running), str(pattern(rows, running))
        expression = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in told)
        return None if value is None else re.fullmatch(expression, value, re.DOTALL) is not None

    return like


def _case(tree: Tree, columns: Columns) -> Value:
    branches = [(compiled(condition, columns), compiled(value, columns)) for condition, value in tree[1]]
    otherwise = compiled(tree[2], columns)

    def case(rows: Rows, running: Running) -> Any:
        for condition, value in branches:
            if condition(rows, running) is True:
                return value(rows, running)
        return otherwise(rows, running)

    return case


def _cast(tree: Tree, columns: Columns) -> Value:
    inner, made = compiled(tree[1], columns), made_of(tree[2])
    if made is None:
        return inner
    return lambda rows, running: None if (value := inner(rows, running)) is None else made(value)


def _call(tree: Tree, columns: Columns) -> Value:
    _, name, argument_trees = tree
    if name in AGGREGATES:
        raise UnknownSqlError(f"{name} outside the list of what is selected")
    arguments = [compiled(argument, columns) for argument in argument_trees]

    def call(rows: Rows, running: Running) -> Any:
        return running.call(name, [argument(rows, running) for argument in arguments])

    return call


_MAKERS: dict[str, Callable[[Tree, Columns], Value]] = {
    "constant": _constant,
    "param": _param,
    "column": _column,
    "infix": _infix,
    "any": _any,
    "and": _and,
    "or": _or,
    "not": _not,
    "is": _is,
    "in": _in,
    "in_query": _in_query,
    "exists": _exists,
    "scalar": _scalar,
    "tuple": _tuple,
    "like": _like,
    "case": _case,
    "cast": _cast,
    "call": _call,
}


def made_of(kind: str) -> Callable[[Any], Any] | None:
    """What makes a value one that a type holds, if anything: JSON is kept as text, an instant given as text is read."""
    if kind.endswith("[]"):
        return None
    if kind in JSON_TYPES:
        return lambda value: value if isinstance(value, str) else json.dumps(value)
    if kind in ("integer", "int", "bigint", "smallint"):
        return lambda value: int(value) if isinstance(value, str) else value
    if kind.startswith("timestamp"):
        return lambda value: datetime.fromisoformat(value) if isinstance(value, str) else value
    return None


def _contains(value: Any, part: Any) -> bool:
    """Whether JSON, or an array, contains another; an array of JSON contains an object if one member does."""
    whole, wanted = (json.loads(one) if isinstance(one, str) else one for one in (value, part))
    return _holds(whole, wanted)


def _holds(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(k in whole and _holds(whole[k], v) for k, v in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(_holds(one, wanted) for one in whole) for wanted in part)
    return bool(whole == part)


def _without(value: str, name: str) -> str:
    """JSON without one of its members."""
    return json.dumps({key: member for key, member in json.loads(value).items() if key != name})


def _field(value: Any, name: Any) -> Any:
    found = json.loads(value).get(name)
    return found if found is None or isinstance(found, str) else json.dumps(found)


_JSON_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "@>": _contains,
    "->>": _field,
    "&&": lambda one, other: not set(one).isdisjoint(other),
}
