"""The words of SQL, and the forms that statements and expressions have once they are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Tree = tuple[Any, ...]
TOKEN = re.compile(
    r"""\s*(?:
    (?P<param>\$\d+) | (?P<number>\d+(?:\.\d+)?) | (?P<string>'(?:[^']|'')*') | (?P<quoted>"[^"]+")
    | (?P<word>[A-Za-z_][A-Za-z_0-9]*) | (?P<sign>::|->>|->|@>|&&|\|\||<>|!=|<=|>=|[-+*/(),.;=<>\[\]])
    )""",
    re.VERBOSE,
)
COMPARED = {"=": 4, "<>": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4}
INFIX = {**COMPARED, "@>": 5, "&&": 5, "||": 5, "+": 6, "-": 6, "*": 7, "/": 7, "->>": 8, "->": 8}
TYPE_TAILS = {"timestamp": ("with", "time", "zone"), "double": ("precision",), "character": ("varying",)}
# Words that end an expression or an alias.
RESERVED_WORDS = """
from where group order limit on conflict returning set using join left inner cross and or not in is as when then else
end case between like asc desc union with for do nothing update values select having offset
"""
RESERVED = frozenset(RESERVED_WORDS.split())


class UnknownSqlError(Exception):
    """The simulated database does not know what was said; teach it, or say it otherwise."""


@dataclass
class Source:
    """A table, a function or a subquery that rows come from; `condition` joins it to those before."""

    kind: str
    name: str
    alias: str
    args: list[Tree] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    is_numbered: bool = False
    is_outer: bool = False
    condition: Tree | None = None
    using: list[str] = field(default_factory=list)
    query: Statement | None = None


@dataclass
class Statement:
    """Any statement; what does not concern its kind is empty."""

    kind: str
    table: str = ""
    alias: str = ""
    columns: list[str] = field(default_factory=list)
    outputs: list[tuple[Tree, str]] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    where: Tree | None = None
    group: list[Tree] = field(default_factory=list)
    order: list[tuple[Tree, bool]] = field(default_factory=list)
    limit: Tree | None = None
    distinct_on: list[Tree] = field(default_factory=list)
    is_distinct: bool = False
    values: list[list[Tree]] = field(default_factory=list)
    query: Statement | None = None
    conflict: str = ""
    conflict_columns: list[str] = field(default_factory=list)
    sets: list[tuple[str, Tree]] = field(default_factory=list)
    conflict_where: Tree | None = None
    returning: list[tuple[Tree, str]] = field(default_factory=list)
    named: list[tuple[str, Statement]] = field(default_factory=list)
    unions: list[Statement] = field(default_factory=list)


class Words:
    """The words of a statement, taken one after the other."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.tokens = text, 0, list[str]()
        self.named: dict[str, list[str]] = {}
        position, end = 0, len(text.rstrip())
        while position < end:
            found = TOKEN.match(text, position)
            if found is None:
                raise UnknownSqlError(f"{text[position : position + 20]!r} in: {text}")
            token = found[found.lastgroup or 0]
            self.tokens.append(token.lower() if found.lastgroup == "word" else token)
            position = found.end()

    def rest(self) -> str:
        """What follows, for whoever complains."""
        return " ".join(self.tokens[self.at : self.at + 5])

    def peek(self, ahead: int = 0) -> str:
        """The next word, or one further on; empty at the end."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        """Step over these words if they are what follows."""
        if [self.peek(number) for number in range(len(words))] != list(words):
            return False
        self.at += len(words)
        return True

    def want(self, *words: str) -> None:
        """Step over these words; UnknownSqlError if something else follows."""
        if not self.take(*words):
            raise UnknownSqlError(f"{' '.join(words)!r} is not at {self.rest()!r} in: {self.text}")

    def name(self) -> str:
        """The next word, without quotes."""
        token = self.peek()
        self.at += 1
        return token.strip('"')
