"""A simulated PostgreSQL of one service: what is committed survives, what is not is gone with its connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any

import asyncpg

from tests.simulation.postgres.changing import Changing
from tests.simulation.postgres.expressions import Rows, Value, compiled
from tests.simulation.postgres.grammar import Source, Statement
from tests.simulation.postgres.schema import Shape
from tests.simulation.postgres.statements import MustWaitError
from tests.simulation.postgres.tables import Table, View

Held = tuple[Any, ...]


class Server:
    """The tables, who holds what, and who listens."""

    def __init__(self, shapes: Mapping[str, Shape], random: Random) -> None:
        self.shapes = shapes
        self.tables = {name: Table(shape) for name, shape in shapes.items()}
        self.holders: dict[Held, Session] = {}
        self.sessions: dict[Session, None] = {}
        self.unknown: list[str] = []
        self.watchers: list[Callable[[Mapping[str, View]], None]] = []
        self._random = random
        self._changing: dict[int, Changing] = {}
        self._arguments: dict[int, tuple[Source, list[Value]]] = {}
        self._waiting: dict[Held, asyncio.Event] = {}

    def shuffle(self, rows: list[Any]) -> None:
        """Whoever asks for no order can rely on none."""
        self._random.shuffle(rows)

    def changing(self, statement: Statement) -> Changing:
        """How a statement that changes rows is carried out; worked out once."""
        found = self._changing.get(id(statement))
        if found is None or found.statement is not statement:
            found = self._changing[id(statement)] = Changing(statement, self.shapes)
        return found

    def arguments_of(self, source: Source, outer: Rows) -> list[Value]:
        """The arguments of a function that rows come from."""
        found = self._arguments.get(id(source))
        if found is None or found[0] is not source:
            columns = {alias: list(row) for alias, row in outer.items()}
            trees = [one for one in source.args if one[0] != "cast" or one[1] != ("constant", None)]
            padding = len(source.args) - len(trees)
            values = [compiled(tree, columns) for tree in trees]
            found = self._arguments[id(source)] = (source, [_nothing] * padding + values)
        return found[1]

    def watched(self, views: Mapping[str, View]) -> None:
        """Show those who look on from outside what is committed."""
        try:
            for watcher in self.watchers:
                watcher(views)
        except Exception as error:  # the watch's own fault must not look like the product's
            self.unknown.append(f"the watch failed: {error!r}")

    def let_go(self, what: Held) -> None:
        """Nobody holds it any more: whoever waits for it looks again."""
        self.holders.pop(what, None)
        self.wake(what)

    def wake(self, what: Held | None) -> None:
        """Let those who wait for it look again."""
        released = None if what is None else self._waiting.pop(what, None)
        if released is not None:
            released.set()

    async def until_released(self, what: Held) -> None:
        """Wait until nobody holds it."""
        if what in self.holders:
            await self._waiting.setdefault(what, asyncio.Event()).wait()

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What is committed, for who looks on from outside."""
        return list(self.tables[table].rows.values())


def _nothing(_rows: Rows, _running: Any) -> None:
    return None


class Session:
    """One connection's transactions and locks."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.is_open = True
        self.in_transaction = False
        self.has_failed = False
        self.waits_for: Session | None = None
        self.waits_on: Held | None = None
        self.listeners: dict[str, list[Callable[..., object]]] = {}
        self._views: dict[str, View] = {}
        self._taken: list[Held] = []
        self._own: dict[Held, int] = {}
        self._told: list[str] = []
        server.sessions[self] = None

    def view(self, table: str) -> View:
        """A table as this session sees it."""
        view = self._views.get(table)
        if view is None:
            view = self._views[table] = View(self.server.tables[table])
        return view

    def check_free(self, what: Held) -> None:
        """MustWaitError where another session holds it."""
        holder = self.server.holders.get(what)
        if holder is not None and holder is not self:
            raise MustWaitError(holder, what)

    def take(self, what: Held) -> None:
        """Hold it until the transaction ends."""
        self.check_free(what)
        if what not in self.server.holders:
            self.server.holders[what] = self
            self._taken.append(what)

    def hold(self, view: View, row: dict[str, Any]) -> None:
        """Hold a row that is to be changed."""
        columns = view.table.shape.keys[0]
        self.take((view.table.shape.name, columns, view.table.key_of(row)))

    def call(self, name: str, arguments: list[Any]) -> Any:
        """The value of one of the server's functions."""
        if name == "pg_notify":
            self.notify(arguments[0])
            return ""
        if name.startswith("pg_"):
            return self._advisory(name, ("advisory", *arguments))
        plain: dict[str, Callable[..., Any]] = {
            "hashtextextended": lambda text, seed: (text, seed),
            "greatest": lambda *values: max((one for one in values if one is not None), default=None),
            "least": lambda *values: min((one for one in values if one is not None), default=None),
            "coalesce": lambda *values: next((one for one in values if one is not None), None),
            "clock_timestamp": lambda: "now",
            "version": lambda: "PostgreSQL 16.2 on simulated",
            "current_schema": lambda: "public",
        }
        return plain[name](*arguments)

    def _advisory(self, name: str, key: Held) -> Any:
        if name == "pg_advisory_unlock":
            return self._unlock(key)
        if name == "pg_sleep":
            return None
        is_for_good = "xact" not in name
        try:
            self.check_free(key)
        except MustWaitError:
            if "_try_" in name:
                return False
            raise
        if is_for_good:
            self.server.holders[key] = self
            self._own[key] = self._own.get(key, 0) + 1
        else:
            self.take(key)
        return True if "_try_" in name else ""

    def _unlock(self, key: Held) -> bool:
        if key not in self._own:
            return False
        self._own[key] -= 1
        if not self._own[key]:
            del self._own[key]
            self.server.let_go(key)
        return True

    def as_before(self) -> Callable[[], None]:
        """What takes back all that is done from here on, where a statement has to begin anew."""
        before, told = {table: dict(view.changes) for table, view in self._views.items()}, list(self._told)

        def take_back() -> None:
            for table, view in self._views.items():
                view.changes = before.get(table, {})
            self._told = told

        return take_back

    def notify(self, channel: str) -> None:
        """Tell who listens, once this is committed."""
        self._told.append(channel)

    def commit(self) -> None:
        """Make everything that was done last."""
        if self.has_failed:
            self.rollback()
            return
        for table, view in self._views.items():
            for key, row in view.changes.items():
                self.server.tables[table].put(key, row)
        self.server.watched(self._views)
        told = dict.fromkeys(self._told)
        self.rollback()
        for session in list(self.server.sessions):
            session.hear(told)

    def hear(self, channels: Iterable[str]) -> None:
        """Call who listens to any of these channels."""
        for channel in channels:
            for listener in self.listeners.get(channel, ()):
                asyncio.get_running_loop().call_soon(listener, self, 0, channel, "")

    def rollback(self) -> None:
        """Forget everything that was not committed."""
        for held in self._taken:
            if held not in self._own:
                self.server.let_go(held)
        self._views, self._taken, self._told = {}, [], []
        self.in_transaction = self.has_failed = False

    def end(self) -> None:
        """The connection is gone, and with it all that hangs on it."""
        if self.is_open:
            self.is_open = False
            self.rollback()
            for key in self._own:
                self.server.let_go(key)
            self._own, self.listeners = {}, {}
            self.server.sessions.pop(self, None)
            self.server.wake(self.waits_on)

    async def wait_for(self, holder: Session, what: Held) -> None:
        """Wait for what another holds; a circle of waits is a deadlock, and who closes it gives up."""
        other: Session | None = holder
        while other is not None:
            if other is self:
                raise asyncpg.DeadlockDetectedError("deadlock detected")
            other = other.waits_for
        self.waits_for, self.waits_on = holder, what
        try:
            await self.server.until_released(what)
        finally:
            self.waits_for = self.waits_on = None
