"""One simulated history: agencies, all services, and all that goes wrong, drawn from a seed."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import samsyn_exchange
import samsyn_exchange.app
import samsyn_inspection
import samsyn_inspection.app
import samsyn_planning
import samsyn_planning.app
import samsyn_reporting
import samsyn_reporting.app
from samsyn_chassis.batches import dispatching
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING
from samsyn_contracts.register import Membership, Register, load_register
from samsyn_exchange.settings import ExchangeSettings
from samsyn_reporting.handlers import KEEPING
from samsyn_reporting.handlers import TOPICS as REPORTED
from samsyn_reporting.store import making_stores
from sqlalchemy.exc import SAWarning

from tests.simulation.agencies import AGENCIES, CENTRES, LATE, LEAVING, STOCKHOLM, Agencies
from tests.simulation.bus import Bus, Record
from tests.simulation.faults import Weather
from tests.simulation.machine import PACE, WallClock, quick_engine, simulated
from tests.simulation.on_the_spot import OnTheSpot
from tests.simulation.postgres.grammar import UnknownSqlError
from tests.simulation.postgres.schema import Shape, shapes_of
from tests.simulation.postgres.server import Server
from tests.simulation.processes import HERE, Build, Process
from tests.simulation.promises import Promises
from tests.simulation.virtual_time import VirtualLoop

# Each begins some days before something that a clock, or a register, does at midnight in Sweden.
STARTS = (date(2025, 3, 26), date(2025, 10, 22), date(2025, 6, 2), date(2025, 12, 27))
DAY = 86400 / PACE
STEP = DAY / 12
HEALED_WITHIN_DAYS = 5
CALM_STEPS = 6
PACKAGES = {
    "exchange": samsyn_exchange,
    "planning": samsyn_planning,
    "inspection": samsyn_inspection,
    "reporting": samsyn_reporting,
}
SHAPES: Mapping[str, Mapping[str, Shape]] = {
    name: shapes_of(Path(str(package.__file__)).parent / "migrations") for name, package in PACKAGES.items()
}
gc.freeze()  # what is imported stays: only what a run leaves behind is to be looked for after it
ANY: dict[str, Any] = {"kafka": "127.0.0.1:1", "http_port": 1, "environment": "test", "batch_records": 500}


@dataclass(frozen=True)
class Outcome:
    """What became of a run: equal seeds have equal histories."""

    seed: int
    days: int
    violations: tuple[str, ...]
    history: str
    figures: Mapping[str, int]


def run(seed: int, days: int) -> Outcome:
    """Simulate so many days, heal everything, and let it come to rest."""
    with warnings.catch_warnings():
        # A process that was killed closes nothing.
        warnings.filterwarnings("ignore", "The garbage collector is trying to clean up", SAWarning)
        return _run(seed, days)


def _run(seed: int, days: int) -> Outcome:
    gc.disable()  # collecting what is young costs a fifth of the time
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    loop.set_task_factory(_adopted)
    try:
        world = _World(seed, loop)
        with simulated(loop, world.clock, world.register):
            loop.run_until_complete(world.live(days))
            return world.outcome(days)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
        asyncio.set_event_loop(None)
        gc.enable()
        gc.collect()
        gc.freeze()  # what is left is kept for the runs to come


def _adopted(loop: asyncio.AbstractEventLoop, work: Any, **more: Any) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **more)
    process = HERE.get(None)
    if process is not None:
        process.adopt(task)
    return task


class _World:
    def __init__(self, seed: int, loop: VirtualLoop) -> None:
        self.seed, self._loop, self._random = seed, loop, Random(seed)
        starts_on = self._random.choice(STARTS)
        self.clock = WallClock(loop, datetime(starts_on.year, starts_on.month, starts_on.day, 4, tzinfo=UTC))
        self._day = starts_on + timedelta(days=self._random.randint(2, 6))
        self.register = _register(self._day)
        self.bus = Bus(Random(self._random.random()))
        self.weather = Weather(self.bus, Random(self._random.random()))
        self.servers = {name: Server(shapes, Random(self._random.random())) for name, shapes in SHAPES.items()}
        chance = Random(self._random.random())
        self.agencies = Agencies(self.bus, chance, self.clock.true_at, loop.time)
        self.on_the_spot = OnTheSpot(self.agencies)
        self.weather.take_back, self.weather.stir = self.agencies.take_back, self.agencies.stir
        self.promises = Promises(self.bus, self.agencies, self.register, self.servers, self.clock.true_at)
        self.bus.on_offsets = lambda group, place, position: self.promises.on_offsets(
            group.split("-")[1], place, position
        )
        self._history = hashlib.sha256()
        self.bus.watchers.append(self._note)
        self._processes: dict[str, Process] = {}
        self._starts = dict.fromkeys(("exchange-0", "planning-0", "planning-1", "inspection-0", "reporting-0"), 0.0)

    async def live(self, days: int) -> None:
        """Days with faults, then healing."""
        try:
            for centre in CENTRES:
                self.agencies.begin(centre)
            for _ in range(round(days * DAY / STEP)):
                await self._step()
                if self.promises.violations:
                    return
            await self._heal()
        finally:
            for process in self._processes.values():
                process.kill()
            await asyncio.sleep(1.0)

    def outcome(self, days: int) -> Outcome:
        """What became of it."""
        checked = {**self.promises.checked, **self.weather.happened}
        figures = {
            **checked,
            "events": sum(len(keys) for keys in self.promises.log.values()),
            "plans": self.promises.plans.num_plans,
            "facts": self.promises.plans.num_facts,
            "poison": len(self.promises.poison),
        }
        return Outcome(self.seed, days, tuple(self.promises.violations), self._history.hexdigest(), figures)

    async def _step(self) -> None:
        self._start_what_is_due()
        for centre in CENTRES:
            if self._random.random() < 0.15:
                self.agencies.work(centre)
            if self._changes_tonight():
                self._loop.call_later(self._random.random() * STEP, self._speak_at_night, centre)
        self.on_the_spot.work()
        self.agencies.speak()
        self._go_wrong()
        await self._pass()

    def _changes_tonight(self) -> bool:
        """About a midnight at which somebody joins or leaves: a day begins in Sweden, and later by machines' clocks."""
        local = self.clock.true_at().astimezone(STOCKHOLM)
        evening = local.date() if local.hour in (20, 21, 22, 23) else local.date() - timedelta(days=1)
        return local.hour in (20, 21, 22, 23, 0, 1) and evening in (self._day - timedelta(days=1), self._day)

    def _speak_at_night(self, centre: str) -> None:
        self.agencies.speak_as_a_guest(centre)
        self.agencies.speak()

    async def _pass(self) -> None:
        await asyncio.sleep(STEP)
        unknown = [text for server in self.servers.values() for text in server.unknown]
        if unknown:
            raise UnknownSqlError(unknown[0])
        if self.weather.refused:
            self.promises.violate(f"the engine's plans are accepted: {self.weather.refused[0]}")

    def _start_what_is_due(self) -> None:
        for name, process in list(self._processes.items()):
            if process.is_dead:
                if process.failure is not None:
                    self.promises.violate(f"services run on: {name} stopped by {process.failure!r}")
                del self._processes[name]
                self._starts[name] = self._loop.time() + self._random.choice((0.0, 0.2, 3.0))
        for name, at in list(self._starts.items()):
            if at <= self._loop.time():
                del self._starts[name]
                service = name.partition("-")[0]
                process = self._processes[name] = Process(name, _BUILDS[service], self.servers[service], self.weather)
                contextvars.copy_context().run(process.start)

    def _go_wrong(self) -> None:
        draw, at = self._random.random, self._loop.time()
        self.bus.is_away = draw() < 0.01 or (self.bus.is_away and draw() < 0.5)
        if draw() < 0.01:
            self.weather.away_until[self._random.choice(list(self.servers.values()))] = at + 2 * STEP
            self.weather.count("database away")
        if draw() < 0.03:
            self.bus.share_out(self._random.choice(sorted(self.bus.groups)))
            self.weather.count("partitions moved")
        if draw() < 0.01:
            self._read_again()
        if draw() < 0.02:
            self._poison()
        if draw() < 0.01:
            self._let_the_clock_lie()
        if draw() < 0.01:
            self._start_or_stop_a_second(f"{self._random.choice(tuple(_BUILDS))}-1")

    def _read_again(self) -> None:
        """A group's offsets are set back, as when a commit of theirs is lost with the broker."""
        places = sorted(self.bus.committed)
        if places:
            group, place = self._random.choice(places)
            back = self.bus.committed[group, place] - self._random.choice((1, 5, 1000))
            self.bus.committed[group, place] = max(0, back)
            self.bus.share_out(group)
            self.weather.count("offsets set back")

    def _poison(self) -> None:
        """Somebody writes where only a service writes, and what no service could have written."""
        topic, readers = self._random.choice(
            (
                (ADMITTED, ("planning", "reporting")),
                (INSPECTION, ("planning", "exchange", "reporting")),
                (PLANNING, ("exchange", "inspection", "reporting")),
            )
        )
        kind = b"se.samsyn.PoliceCancelled.v1" if topic == ADMITTED else b"se.samsyn.OperationCompleted.v1"
        kind = b"se.samsyn.OperationScheduled.v1" if topic == PLANNING else kind
        key = self._random.choice(CENTRES).encode()
        body = self._random.choice((b"{", b"\xff\xfe", b"null", b'{"a": 1}', b"[" * 40, None))
        place = self.bus.place_of(topic, key)
        offset = len(self.bus.logs[place])
        self.promises.poison |= {(reader, place, offset) for reader in readers}
        self.bus.append(topic, body, key, [("ce_type", kind), ("ce_id", b"poison")])

    def _let_the_clock_lie(self) -> None:
        """The exchange's machine has another time all of a sudden, until somebody sees it."""
        minutes = self._random.choice((-90, -20, -1, 1, 20)) if not self.clock.wrong_by else 0
        self.clock.wrong_by = timedelta(minutes=minutes)
        self.weather.count("clock set")
        if not minutes:
            self._processes.get("exchange-0", _Nobody).kill()

    def _start_or_stop_a_second(self, name: str) -> None:
        if name in self._processes:
            self._processes.pop(name).kill()
        else:
            self._starts[name] = 0.0

    async def _heal(self) -> None:
        """Nothing goes wrong any more: within some days everything has its effect, and nothing waits."""
        self.weather.is_calm, self.agencies.is_done, self.bus.is_away = True, True, False
        self.clock.wrong_by = timedelta()
        self._processes.get("exchange-0", _Nobody).kill()
        for number in range(round(HEALED_WITHIN_DAYS * DAY / STEP)):
            self._start_what_is_due()
            self.agencies.speak()
            await self._pass()
            if number >= CALM_STEPS and not self.promises.unfinished():
                break
        standing, log = self.promises.ledger.standing(), self._reported()
        wrong = self.promises.unfinished() or self.promises.otherwise_than(standing, await self._rebuilt(log))
        for sentence in wrong:
            self.promises.violate(f"all has its effect in the end: {sentence}")

    def _reported(self) -> list[Record]:
        """What reporting reads, as it stands on the topics, one partition after the other in any order."""
        places = [place for place in sorted(self.bus.logs) if place[0] in REPORTED]
        self._random.shuffle(places)
        return [record for place in places for record in self.bus.logs[place]]

    async def _rebuilt(self, log: Sequence[Record]) -> Server:
        """The ledger made anew from the log, by the handlers of reporting's own rebuild."""
        server = Server(SHAPES["reporting"], self._random)
        receive = dispatching(KEEPING, making_stores(ANY["environment"]))
        await Process("rebuild-0", _build_reporting, server, self.weather).replay(log, receive)
        return server

    def _note(self, record: Record) -> None:
        headers = [one for one in record.headers if one[0] != "committed_ms"]
        told = [record.topic, record.partition, record.key, headers, record.value]
        self._history.update(repr(told).encode())


class _Nobody:
    """A process that is not there."""

    @staticmethod
    def kill() -> None:
        """Nothing dies."""


def _build_exchange() -> Any:
    settings = ExchangeSettings(
        database="postgresql://simulated/exchange",
        token_secret="x" * 32,
        contents_key="0" * 64,
        clock_tick_seconds=8 * 3600,
        **ANY,
    )
    return samsyn_exchange.app.build(settings), settings


def _build_planning() -> Any:
    settings = Settings(database="postgresql://simulated/planning", **ANY)
    return samsyn_planning.app.build(settings, engine=quick_engine), settings


def _build_inspection() -> Any:
    settings = Settings(database="postgresql://simulated/inspection", **ANY)
    return samsyn_inspection.app.build(settings), settings


def _build_reporting() -> Any:
    settings = Settings(database="postgresql://simulated/reporting", **ANY)
    return samsyn_reporting.app.build(settings), settings


_BUILDS: Mapping[str, Build] = {
    "exchange": _build_exchange,
    "planning": _build_planning,
    "inspection": _build_inspection,
    "reporting": _build_reporting,
}


def _register(day: date) -> Register:
    """Few parties at two centres; that day one is there for the first time and one for the last."""
    whole = load_register()
    parties = []
    for party in whole.parties:
        if party.code in CENTRES:
            parties.append(party)
        if party.code in AGENCIES:
            joins = day if party.code == LATE else date(2022, 1, 1)
            leaves = day if party.code == LEAVING else None
            memberships = tuple(Membership(centre=one, valid_from=joins, valid_to=leaves) for one in CENTRES)
            parties.append(party.model_copy(update={"memberships": memberships}))
    return replace(whole, parties=tuple(parties))
