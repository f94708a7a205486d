"""Reads the SQL that the product says into trees; what it does not know it refuses by name."""

from __future__ import annotations

from functools import lru_cache

from tests.simulation.postgres.expression_reader import ExpressionReader
from tests.simulation.postgres.grammar import RESERVED, Source, Statement, Tree, UnknownSqlError


@lru_cache(maxsize=5000)
def parsed(text: str) -> Statement:
    """The statement that a text says."""
    reader = StatementReader(text)
    statement = reader.statement()
    reader.take(";")
    if reader.peek():
        raise UnknownSqlError(f"{reader.rest()!r} in: {text}")
    return statement


class StatementReader(ExpressionReader):
    """Takes a whole statement."""

    def statement(self) -> Statement:
        named = self._named()
        kind = self.name()
        readers = {"select": self.select, "insert": self._insert, "update": self._update, "delete": self._delete}
        if kind in readers:
            found = readers[kind]()
            found.named = named
            return found
        if kind in ("notify", "show", "set"):
            rest, self.at = self.tokens[self.at :], len(self.tokens)
            return Statement(kind, " ".join(rest))
        if kind in ("", ";"):
            return Statement("nothing")
        raise UnknownSqlError(f"{kind!r} begins: {self.text}")

    def _named(self) -> list[tuple[str, Statement]]:
        """Statements that come before, by the names under which their rows are read."""
        found: list[tuple[str, Statement]] = []
        while self.take("with") or (found and self.take(",")):
            name = self.name()
            columns = self.names() if self.take("(") else []
            self.want("as", "(")
            inner = self.statement()
            self.want(")")
            self.named[name] = columns or [label for _, label in inner.returning or inner.outputs]
            found.append((name, inner))
        return found

    def select(self) -> Statement:
        found = Statement("select")
        if self.take("distinct", "on"):
            self.want("(")
            found.distinct_on = self.listed()
        found.is_distinct = self.take("distinct")
        if self.peek() not in ("from", ")", ""):
            found.outputs = self._outputs()
        if self.take("from"):
            found.sources = self._sources()
        found.where = self.expression() if self.take("where") else None
        if self.take("group", "by"):
            found.group = self.members()
        if self.take("order", "by"):
            found.order = [self._ordered()]
            while self.take(","):
                found.order.append(self._ordered())
        found.limit = self.expression() if self.take("limit") else None
        if self.take("union"):
            self.want("all", "select")
            following = self.select()
            found.unions, following.unions = [following, *following.unions], []
        return found

    def _insert(self) -> Statement:
        self.want("into")
        found = Statement("insert", self.name())
        found.alias = self.name() if self.take("as") else found.table
        if self.take("("):
            found.columns = self.names()
        if self.take("values"):
            found.values = [self.row()]
            while self.take(","):
                found.values.append(self.row())
        else:
            self.want("select")
            found.query = self.select()
        if self.take("on", "conflict"):
            self._conflict(found)
        found.returning = self._outputs() if self.take("returning") else []
        return found

    def _conflict(self, found: Statement) -> None:
        if self.take("("):
            found.conflict_columns = self.names()
        self.want("do")
        found.conflict = self.name()
        if found.conflict == "update":
            self.want("set")
            found.sets = self._assignments()
            found.conflict_where = self.expression() if self.take("where") else None

    def _update(self) -> Statement:
        found = Statement("update", self.name())
        found.alias = self._alias() or found.table
        self.want("set")
        found.sets = self._assignments()
        return self._changing(found, "from")

    def _delete(self) -> Statement:
        self.want("from")
        found = Statement("delete", self.name())
        found.alias = self._alias() or found.table
        return self._changing(found, "using")

    def _changing(self, found: Statement, more: str) -> Statement:
        found.sources = self._sources() if self.take(more) else []
        found.where = self.expression() if self.take("where") else None
        found.returning = self._outputs() if self.take("returning") else []
        return found

    def _assignments(self) -> list[tuple[str, Tree]]:
        found: list[tuple[str, Tree]] = []
        while True:
            name = self.name()
            self.want("=")
            found.append((name, self.expression()))
            if not self.take(","):
                return found

    def _sources(self) -> list[Source]:
        found = [self._source()]
        while True:
            if self.take(",") or self.take("cross", "join"):
                found.append(self._source())
            elif self.peek() in ("join", "inner", "left"):
                found.append(self._joined())
            else:
                return found

    def _joined(self) -> Source:
        is_outer = self.take("left")
        self.take("outer")
        self.take("inner")
        self.want("join")
        found = self._source()
        found.is_outer = is_outer
        if self.take("using"):
            self.want("(")
            found.using = self.names()
        else:
            self.want("on")
            found.condition = self.expression()
        return found

    def _source(self) -> Source:
        self.take("lateral")
        if self.take("("):
            self.want("select")
            query = self.select()
            self.want(")")
            found = Source("query", "", "", query=query)
        else:
            name = self.name()
            if self.take("."):
                name = self.name()
            found = Source("named" if name in self.named else "table", name, name)
            found.columns = list(self.named.get(name, ()))
            if self.take("("):
                found = Source("function", name, name, self.listed())
        found.is_numbered = self.take("with", "ordinality")
        found.alias = self._alias() or found.alias
        if found.kind in ("function", "query") and self.take("("):
            found.columns = self.names()
        return found

    def _alias(self) -> str:
        if self.take("as") or (self.peek().isidentifier() and self.peek() not in RESERVED):
            return self.name()
        return ""

    def _outputs(self) -> list[tuple[Tree, str]]:
        found: list[tuple[Tree, str]] = []
        while True:
            if self.take("*"):
                found.append((("star",), "*"))
            else:
                tree = self.expression()
                found.append((tree, self._alias() or _name_of(tree)))
            if not self.take(","):
                return found

    def _ordered(self) -> tuple[Tree, bool]:
        tree = self.expression()
        is_down = self.take("desc")
        self.take("asc")
        return tree, is_down


def _name_of(tree: Tree) -> str:
    if tree[0] == "column":
        return str(tree[2])
    if tree[0] == "cast":
        return _name_of(tree[1])
    return str(tree[1]) if tree[0] == "call" else "?column?"
