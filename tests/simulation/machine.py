"""Puts the product on the simulated machine: network, database, clock and workers are replaced, and no rule."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from samsyn_contracts.register import Register
from samsyn_planning.domain.planner.account import plan_form
from samsyn_planning.domain.planner.engine.greedy import Greedy
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.limit import Budget, Limit
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.standing import stand
from samsyn_planning.domain.planner.words import Names
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tests.simulation.processes import here
from tests.simulation.quick_statements import QuickEngine
from tests.simulation.virtual_time import VirtualLoop

# Seconds that pass for people while one passes for machines: a day of theirs is four of the machines' seconds.
PACE = 21600


FIRST_ENGINES: dict[str, AsyncEngine] = {}
# Nobody asks over HTTP here, and making the pages would take as long as starting all else.
PAGES = (
    "samsyn_exchange.app.routes",
    "samsyn_exchange.app.profile",
    "samsyn_planning.app.router",
    "samsyn_inspection.app.router",
    "samsyn_reporting.app.pages_of",
)


class WallClock:
    """What time people think it is; the machines' own time runs on, whatever is done to it."""

    def __init__(self, loop: VirtualLoop, starts_at: datetime) -> None:
        self._loop, self._starts_at = loop, starts_at
        self.wrong_by = timedelta()

    def true_at(self) -> datetime:
        """What time it is."""
        return self._starts_at + timedelta(seconds=self._loop.time() * PACE)

    def at(self) -> datetime:
        """What the clock says."""
        return self.true_at() + self.wrong_by


class InlineProcess:
    """A worker process whose jobs are done at once and whose answers come later."""

    def __init__(self, *_: object) -> None:
        pass

    async def do(self, seconds: float, job: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """What the job returns, after a while in which anything may happen."""
        process = here()
        await process.between("solving")
        done = job(*args, **named)
        await asyncio.sleep(process.solve_seconds(done))
        await process.between("solved")
        return done

    def close(self) -> None:
        """Nothing runs."""


def quick_engine(problem: Any, limit: Limit, names: Names | None = None, **_: object) -> dict[str, Any]:
    """The first rung of the product's own ladder alone: what stands, filled up in one sweep."""
    budget, schedule = Budget(limit, lambda: 0.0), Schedule(Facts(read_problem(problem)))
    stand(schedule, is_bare=False)
    unused = [number for number, one in enumerate(schedule.operations) if one is None]
    Greedy(Pricer(schedule, Drawer(schedule.facts), unused, budget)).fill()
    return plan_form(schedule, budget, {}, names or {})


def an_engine(url: str, **settings: Any) -> AsyncEngine:
    """An engine as SQLAlchemy makes it, but that it knows the statements that others of its service have compiled."""
    made = create_async_engine(url, **settings)
    first = FIRST_ENGINES.setdefault(url, made).sync_engine
    made.sync_engine.dialect, made.sync_engine._compiled_cache = first.dialect, first._compiled_cache
    return QuickEngine(made.sync_engine)


def no_pages(*_: object) -> None:
    """What is asked over HTTP: nothing."""


@contextmanager
def simulated(loop: VirtualLoop, clock: WallClock, register: Register) -> Iterator[None]:
    """While this is open, the product runs on the simulated machine."""

    class Datetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return clock.at().astimezone(tz or UTC)

    async def connect(*_: object, **__: object) -> Any:
        return await here().connected()

    async def topic_ids(_: object, topics: Collection[str]) -> dict[str, str]:
        return dict.fromkeys(topics, "the only one")

    def told() -> int:
        return int(clock.at().timestamp() * 1e9)

    machine = SimpleNamespace(monotonic=loop.time, perf_counter=loop.time, time_ns=told, time=loop.time)
    people = SimpleNamespace(monotonic=lambda: loop.time() * PACE, time_ns=told)
    replaced: dict[str, Any] = {
        "asyncpg.connect": connect,
        "samsyn_chassis.database.create_async_engine": an_engine,
        "samsyn_chassis.relay.AIOKafkaProducer": lambda **_: here().producer(),
        "samsyn_chassis.relay.datetime": Datetime,
        "samsyn_chassis.relay.topic_ids": topic_ids,
        "samsyn_chassis.database.time": machine,
        "samsyn_chassis.database.datetime": Datetime,
        "samsyn_exchange.app.load_register": lambda: register,
        **dict.fromkeys(PAGES, no_pages),
        "samsyn_exchange.border.time": machine,
        "samsyn_exchange.timekeeping.time": people,
        "samsyn_exchange.timekeeping.datetime": Datetime,
        "samsyn_planning.replanning.time": machine,
        "samsyn_planning.worker.time": machine,
        "samsyn_planning.worker.Process": InlineProcess,
    }
    with ExitStack() as stack:
        for name, stand_in in replaced.items():
            stack.enter_context(patch(name, stand_in))
        yield


__all__ = ["PACE", "WallClock", "quick_engine", "simulated"]
