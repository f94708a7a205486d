"""The planning service in the test's own process, and a centre of the test's own that parties speak about."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from aiokafka import AIOKafkaConsumer
from httpx import AsyncClient
from samsyn_chassis.app import Service
from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING, event_of
from samsyn_contracts.envelope import Event
from samsyn_contracts.inspections import ReadinessDeclared
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)
from samsyn_contracts.plans import BackupPlanInvalidated, BackupPlanPrepared, PlanPublished
from samsyn_contracts.platform import TimePassed
from samsyn_planning.app import build
from samsyn_planning.domain.planner import solve
from samsyn_planning.worker import Engine

from tests.support.in_process import PATIENCE_SECONDS, Said, a_centre, running, say, settings_for, until_heard
from tests.support.planning_facts import (
    AV,
    NOW,
    SKV,
    a_cancellation,
    a_proposal,
    a_session_offer,
    a_team_offer,
    an_envelope,
    at,
)

M = TypeVar("M", bound=Message)
WEEK = 7
SETTLED = timedelta(minutes=15)
NUM_SAID = sa.text("select count(*) from outbox where topic = :topic")


class Ear:
    """Hears everything that planning says on Kafka, from now on."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    async def listen(self, consumer: AIOKafkaConsumer) -> None:
        """Hear until cancelled."""
        async for record in consumer:
            self.events.append(event_of(record.headers, record.value))


class Planning:
    """The service, and what a test asks of it."""

    def __init__(self, service: Service, client: AsyncClient, kafka: str, ear: Ear) -> None:
        self.service, self.client, self._kafka, self._ear = service, client, kafka, ear

    async def hear(self, *records: Said) -> None:
        """Say records and wait until the service has committed them."""
        await until_heard(self.service, await say(self._kafka, *records))

    async def settled(self) -> None:
        """Wait until no plan is due and everything planning has said is heard."""
        await _until(self._is_settled, "planning settles")

    def said(self, centre: str) -> list[Event]:
        """What planning has said about a centre, in order."""
        return [event for event in self._ear.events if event.envelope.centre == centre]

    async def pages(self, path: str) -> Any:
        """What the service's pages tell."""
        return (await self.client.get(path)).json()

    async def _is_settled(self) -> bool:
        status = await self.pages("/status")
        async with self.service.database.transaction() as transaction:
            num_said = (await transaction.execute(NUM_SAID, {"topic": PLANNING})).scalar_one()
        return bool(status["idle"]) and len(self._ear.events) >= num_said


@asynccontextmanager
async def listening(kafka: str) -> AsyncIterator[Ear]:
    """An ear on what planning says; one for all the services that share a database."""
    ear = Ear()
    async with AIOKafkaConsumer(PLANNING, bootstrap_servers=kafka, fetch_max_wait_ms=20) as consumer:
        await consumer.seek_to_end()
        hearing = asyncio.create_task(ear.listen(consumer))
        try:
            yield ear
        finally:
            hearing.cancel()


@asynccontextmanager
async def planning_on(
    kafka: str, database: str, ear: Ear, engine: Engine = solve, name: str = ""
) -> AsyncIterator[Planning]:
    """The service on Kafka and a database of its own; a `name` given before reads on where that one stopped."""
    settings = settings_for(kafka, database)
    service = replace(build(settings, engine=engine), name=name or f"planning-{a_centre()}")
    await _read_from_now_on(kafka, f"samsyn-{service.name}-0")
    async with running(service, settings) as client:
        yield Planning(service, client, kafka, ear)


async def _read_from_now_on(kafka: str, group: str) -> None:
    """A new group of readers begins at the end: it need not plan the centres of every test before it."""
    async with AIOKafkaConsumer(
        *(ADMITTED, INSPECTION),
        bootstrap_servers=kafka,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="latest",
    ) as consumer:

        async def is_assigned() -> bool:
            return bool(consumer.assignment())

        await _until(is_assigned, "readers begin at the end")
        ends = {place: await consumer.position(place) for place in consumer.assignment()}
        await consumer.commit(ends)


async def until_there(marker: os.PathLike[str]) -> None:
    """Wait until the engine is at work."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not os.access(marker, os.F_OK):
        assert time.monotonic() < deadline, "nothing was solved"
        await asyncio.sleep(0.02)


def let_go_on(go: Path) -> None:
    """Let an engine that waits for this file go on."""
    go.touch()


@dataclass
class Town:
    """One centre for one test: its ids are nobody else's, its time is the test's."""

    planning: Planning
    code: str = field(default_factory=a_centre)
    num_said: int = 0
    now_at: datetime = NOW

    def id(self, own: str) -> str:
        """An id of this town's: "polisen:P13" for the police session of the 13th."""
        return f"{own}-{self.code}"

    def told(self, message: Message, id_: str = "", **envelope: Any) -> Said:
        """A record about this centre, said by the thing's owner unless told otherwise."""
        self.num_said += 1
        told = {"centre": self.code, "time": self.now_at, "receivedtime": self.now_at, **envelope}
        return ADMITTED, an_envelope(message, id_ or f"{self.code}-{self.num_said}", **told), message

    async def hears(self, *messages: Message) -> None:
        """Each said by its owner; waits until planning has done what follows."""
        await self.planning.hear(*(self.told(message) for message in messages))
        await self.planning.settled()

    async def heard(self, *records: Said) -> None:
        """The same of records already made."""
        await self.planning.hear(*records)
        await self.planning.settled()

    async def passes(self, until: datetime) -> None:
        """Time passes."""
        self.now_at = until
        await self.heard(self.told(TimePassed(centre=self.code, until=until), party="exchange"))

    async def works(self, days: Sequence[int] = (13, 14), num_inspections: int = 2, **offers: Any) -> None:
        """A police session and both agencies' teams on each day, inspections I1, I2 …; planned and confirmed."""
        await self.planning.hear(*self.capacity(days, **offers), *self.wanted(num_inspections))
        await self.passes(NOW + SETTLED)

    async def works_by_day(self, *days: int, **offers: Any) -> None:
        """An inspection I<day> for each day, possible on that day and a week later; sessions and teams on both."""
        facts = self.capacity((*days, *(day + WEEK for day in days)), **offers)
        for day in days:
            windows = [{"from_at": at(d), "until_at": at(d + 1)} for d in (day, day + WEEK)]
            facts += self.wanted(1, first=day, time_windows=windows)
        await self.planning.hear(*facts)
        await self.passes(NOW + SETTLED)

    def capacity(self, days: Sequence[int], **offers: Any) -> list[Said]:
        """A police session P<day> and a shift T<day> of a team of each agency."""
        told = []
        for day in days:
            told.append(self.told(a_session_offer(self.id(f"polisen:P{day}"), day, **offers.get("session", {}))))
            for agency in (AV, SKV):
                own = {"team": f"lag-{self.code}", **offers.get("team", {})}
                told.append(self.told(a_team_offer(self.id(f"{agency}:T{day}"), day, **own)))
        return told

    def wanted(self, num: int, first: int = 1, ready: Sequence[str] = (AV, SKV), **proposal: Any) -> list[Said]:
        """Inspections I<first> and on, with the agencies that are ready for them."""
        told = []
        for number in range(first, first + num):
            inspection_id = self.id(f"{AV}:I{number}")
            site = a_proposal(f"{AV}:I{number}").site.model_dump(mode="json", exclude_none=True)
            own = {"site": {**site, "site_id": f"{inspection_id}-site"}, **proposal}
            told.append(self.told(a_proposal(inspection_id, **own)))
            declared = [ReadinessDeclared(inspection_id=inspection_id, agency=a, ready=True) for a in ready]
            told += [self.told(ready_) for ready_ in declared]
        return told

    def police_lose(self, *days: int, **part: Any) -> list[Said]:
        """The police lose the sessions of these days."""
        return [self.told(a_cancellation(self.id(f"polisen:P{day}"), **part)) for day in days]

    def said(self, kind: type[M]) -> list[M]:
        """The messages of a kind that planning has said about this centre, in order."""
        return [event.message for event in self.planning.said(self.code) if isinstance(event.message, kind)]

    def only(self, kind: type[M]) -> M:
        """The one message of a kind."""
        (message,) = self.said(kind)
        return message

    def names(self, since: int = 0) -> list[str]:
        """Names of what planning has said about this centre's plans, in order; of backups it tells at its leisure."""
        said = [type(event.message) for event in self.planning.said(self.code)[since:]]
        return [kind.__name__ for kind in said if kind not in (BackupPlanPrepared, BackupPlanInvalidated)]

    async def backed(self, **states: int) -> None:
        """Wait until the frozen part's operations have such backups, and what was said of them is heard."""
        wanted = {"fresh": 0, "stale": 0, "missing": 0, **states}

        async def are_so() -> bool:
            return bool((await self.planning.pages("/status"))["backups"].get(self.code) == wanted)

        await _until(are_so, f"backups are {wanted}")
        await self.planning.settled()

    async def tells(self, kind: type[Message], num_told: int) -> None:
        """Wait until planning has said so many messages of a kind about this centre."""

        async def are_there() -> bool:
            return len(self.said(kind)) >= num_told

        await _until(are_there, f"{num_told} {kind.__name__}")

    @property
    def num_heard(self) -> int:
        """How much planning has said about this centre."""
        return len(self.planning.said(self.code))

    @property
    def published(self) -> PlanPublished:
        """The newest plan."""
        return self.said(PlanPublished)[-1]

    async def plan(self, version: int | None = None) -> dict[str, Any]:
        """A plan version (the newest unless told) as the pages tell it."""
        number = version or self.published.plan_version
        page: dict[str, Any] = await self.planning.pages(f"/v1/plans/{self.code}/{number}")
        return page

    async def operations(self, version: int | None = None) -> list[tuple[Any, ...]]:
        """What a plan holds, without this town's tag: sessions, routes with times, teams."""
        plan = (await self.plan(version))["plan"]
        rows = [
            (o["id"], o["session"], [(v["id"], v["start_at"]) for v in o["inspections"]], sorted(o["teams"]))
            for o in plan["operations"]
        ]
        return [_untagged(row, f"-{self.code}") for row in rows]

    def day_of(self, operation_id: str) -> str:
        """The name of the session that an operation was first on: "P13"."""
        return operation_id.partition("-")[0].rpartition(":")[2]

    def now_on(self) -> dict[str, str]:
        """Where each operation is by all that was said: on a session, or nowhere."""
        places: dict[str, str] = {}
        for event in self.planning.said(self.code):
            message = event.message
            if isinstance(message, OperationScheduled | OperationConfirmed):
                places[self.day_of(message.operation_id)] = _day(message.slot.session_id)
            elif isinstance(message, OperationRescheduled):
                places[self.day_of(message.operation_id)] = _day(message.to_slot.session_id)
            elif isinstance(message, OperationPostponed | OperationCancelled):
                places[self.day_of(message.operation_id)] = "nowhere"
        return places


def _untagged(row: tuple[Any, ...], tag: str) -> tuple[Any, ...]:
    """The row with the town's tag left out of its texts."""

    def bare(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(tag, "")
        return type(value)(bare(v) for v in value) if isinstance(value, list | tuple) else value

    return tuple(bare(value) for value in row)


async def _until(is_so: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await is_so():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(0.02)


def _day(session_id: str) -> str:
    return session_id.partition("-")[0].partition(":")[2]
