"""Reads expressions: what is said between the words of a statement."""

from __future__ import annotations

from abc import ABC, abstractmethod

from tests.simulation.postgres.grammar import COMPARED, INFIX, TYPE_TAILS, Statement, Tree, UnknownSqlError, Words


class ExpressionReader(Words, ABC):
    """Takes expressions from the words of a statement."""

    @abstractmethod
    def select(self) -> Statement:
        """A query, once its first word has been taken."""

    def names(self) -> list[str]:
        names = [self.name()]
        while self.take(","):
            names.append(self.name())
        self.want(")")
        return names

    def row(self) -> list[Tree]:
        self.want("(")
        return self.listed()

    def listed(self) -> list[Tree]:
        if self.take(")"):
            return []
        found = self.members()
        self.want(")")
        return found

    def members(self) -> list[Tree]:
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        return found

    def expression(self) -> Tree:
        found = self._all_of()
        while self.take("or"):
            found = ("or", found, self._all_of())
        return found

    def _all_of(self) -> Tree:
        found = self._negated()
        while self.take("and"):
            found = ("and", found, self._negated())
        return found

    def _negated(self) -> Tree:
        return ("not", self._negated()) if self.take("not") else self._compared(4)

    def _compared(self, least: int) -> Tree:
        found = self._postfix(self._primary())
        while True:
            sign = self.peek()
            if sign in INFIX and INFIX[sign] >= least:
                self.at += 1
                found = self._infix(sign, found)
            elif least <= 4 and (tested := self._tested(found)) is not None:
                found = tested
            else:
                return found

    def _infix(self, sign: str, left: Tree) -> Tree:
        if sign in COMPARED and self.peek() == "any":
            self.at += 1
            self.want("(")
            array = self.expression()
            self.want(")")
            return ("any", sign, left, array)
        return ("infix", sign, left, self._compared(INFIX[sign] + 1))

    def _tested(self, left: Tree) -> Tree | None:
        if self.take("is"):
            is_not = self.take("not")
            word = self.name()
            tree: Tree = ("is", left, {"null": None, "true": True, "false": False}[word])
            return ("not", tree) if is_not else tree
        is_not = self.peek() == "not" and self.peek(1) in ("in", "like", "between")
        self.at += is_not
        tree = ()
        if self.take("in"):
            tree = self._within(left)
        elif self.take("like"):
            tree = ("like", left, self._compared(5))
        elif self.take("between"):
            low = self._compared(5)
            self.want("and")
            tree = ("and", ("infix", ">=", left, low), ("infix", "<=", left, self._compared(5)))
        if not tree:
            return None
        return ("not", tree) if is_not else tree

    def _within(self, left: Tree) -> Tree:
        self.want("(")
        if self.take("select"):
            query = self.select()
            self.want(")")
            return ("in_query", left, query)
        return ("in", left, tuple(self.listed()))

    def _postfix(self, tree: Tree) -> Tree:
        while self.take("::"):
            tree = ("cast", tree, self._type())
        return tree

    def _type(self) -> str:
        name = self.name()
        tail = TYPE_TAILS.get(name, ())
        self.take(*tail)
        if self.take("("):
            self.listed()
        return name + ("[]" if self.take("[", "]") else "")

    def _primary(self) -> Tree:
        token = self.name() if not self.peek().startswith('"') else self.peek()
        if token.startswith('"'):
            return self._column(self.name())
        if token.startswith("$"):
            return ("param", int(token[1:]) - 1)
        if token.startswith("'"):
            return ("constant", token[1:-1].replace("''", "'"))
        if token[0].isdigit():
            return ("constant", float(token) if "." in token else int(token))
        special = {"(": self._bracket, "exists": self._exists, "case": self._case, "cast": self._cast}
        if token in special:
            return special[token]()
        if token in ("null", "true", "false"):
            return ("constant", {"null": None, "true": True, "false": False}[token])
        if token in ("array", "row", "excluded") or token.isidentifier():
            return self._column(token)
        raise UnknownSqlError(f"{token!r} in: {self.text}")

    def _column(self, name: str) -> Tree:
        if self.take("("):
            if self.take("*"):
                self.want(")")
                return ("call", name, ())
            return ("call", name, tuple(self.listed()))
        if self.take("."):
            return ("star", name) if self.take("*") else self._qualified(name)
        return ("column", "", name)

    def _qualified(self, first: str) -> Tree:
        name = self.name()
        if self.take("("):  # pg_catalog.version()
            return ("call", name, tuple(self.listed()))
        return ("column", first, name)

    def _bracket(self) -> Tree:
        if self.take("select"):
            query = self.select()
            self.want(")")
            return ("scalar", query)
        found = self.listed()
        return found[0] if len(found) == 1 else ("tuple", tuple(found))

    def _exists(self) -> Tree:
        self.want("(", "select")
        query = self.select()
        self.want(")")
        return ("exists", query)

    def _case(self) -> Tree:
        branches: list[tuple[Tree, Tree]] = []
        while self.take("when"):
            condition = self.expression()
            self.want("then")
            branches.append((condition, self.expression()))
        otherwise = self.expression() if self.take("else") else ("constant", None)
        self.want("end")
        return ("case", tuple(branches), otherwise)

    def _cast(self) -> Tree:
        self.want("(")
        tree = self.expression()
        self.want("as")
        kind = self._type()
        self.want(")")
        return ("cast", tree, kind)
