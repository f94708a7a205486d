"""Services as processes that can die at any step: the product's own start-up, over simulated Kafka and PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from samsyn_chassis.app import Service, _taker, group_name
from samsyn_chassis.batches import Batches, Receive
from samsyn_chassis.placing import ReadUntil
from samsyn_chassis.relay import Relay
from samsyn_chassis.settings import Settings
from samsyn_planning.worker import Answer

from tests.simulation.bus import Producer, Reader
from tests.simulation.postgres.connection import Connection
from tests.simulation.postgres.server import Server

if TYPE_CHECKING:
    from tests.simulation.faults import Weather

logger = logging.getLogger(__name__)
Build = Callable[[], tuple[Service, Settings]]
# Of the machines' time: whoever reads a whole log takes some seconds, and who is stuck at a record for ever.
PATIENCE_SECONDS = 600.0
HERE: ContextVar[Process] = ContextVar("process")


class Process:
    """One process of a service, from its start until it dies."""

    def __init__(self, name: str, build: Build, server: Server, weather: Weather) -> None:
        self.name, self.is_dead = name, False
        self.failure: BaseException | None = None
        self._build, self._server, self._weather = build, server, weather
        self._tasks: dict[asyncio.Task[Any], None] = {}
        self._connections: list[Connection] = []
        self._readers: list[Reader] = []

    def start(self) -> None:
        """Start everything that the product starts, in the order in which it does."""
        HERE.set(self)
        service, settings = self._build()
        read_until = ReadUntil(service.database)
        self._run(Relay(settings).run())
        self._run(read_until.run())
        for work in service.background:
            self._run(work())
        for number, subscription in enumerate(service.subscriptions):
            batches = Batches(service.name, service.database, settings, subscription.receive)
            group = group_name(service.name, number)
            reader = Reader(self._weather.bus, group, subscription.topics, settings.batch_records)
            self._readers.append(reader)
            self._weather.bus.share_out(group)
            self._run(self._read(reader, _taker(batches, read_until)))

    async def replay(self, records: Sequence[Any], receive: Receive) -> None:
        """Give these records their effect, as somebody who makes tables anew; nothing else of the service runs."""
        service, settings = self._build()
        batches = Batches(service.name, service.database, settings, receive)

        async def take_all() -> None:
            HERE.set(self)
            for first in range(0, len(records), settings.batch_records):
                await batches.take(records[first : first + settings.batch_records])

        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.create_task(take_all())
        self.kill()

    def kill(self) -> None:
        """Die at once: what is open is cut, whoever would clean up finds nothing to clean."""
        if self.is_dead:
            return
        self.is_dead = True
        for connection in self._connections:
            connection.session.end()
        for reader in self._readers:
            reader.close()
        for task in list(self._tasks):
            task.cancel()

    def adopt(self, task: asyncio.Task[Any]) -> None:
        """A task that was begun in this process dies with it."""
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        if self.is_dead:
            task.cancel()

    async def between(self, point: str) -> None:
        """A step: time passes, and sometimes this is where the process, its connection or the broker dies."""
        if self.is_dead:
            raise asyncio.CancelledError
        await self._weather.step(self, point)

    async def connected(self) -> Connection:
        """A connection to its own database."""
        await self.between("connect")
        if self._weather.is_database_away(self._server):
            raise ConnectionRefusedError("the database is away")
        connection = Connection(self._server, self.between)
        self._connections = [one for one in self._connections if one.session.is_open]
        self._connections.append(connection)
        return connection

    def solve_seconds(self, answer: Answer) -> float:
        """How long a solve takes, in which the world may go on."""
        self._weather.refused += answer.against
        self._weather.meddle(answer.plan)
        return self._weather.random.choice((0.02, 0.1, 0.2, 0.4, 1.0))

    def cut_connections(self) -> None:
        """The database closes all connections, as when it is started anew."""
        for connection in self._connections:
            connection.session.end()

    def producer(self) -> Producer:
        """A producer as the relay makes one."""
        return Producer(self._weather.bus, self.between, self._weather.breaks_producer)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.create_task(work).add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """As in the product: background work that fails stops the process."""
        if not task.cancelled() and task.exception() is not None and not self.is_dead:
            self.failure = task.exception()
            logger.error("%s stops", self.name, exc_info=self.failure)
            self.kill()

    async def _read(self, reader: Reader, take: Callable[[Any], Awaitable[None]]) -> None:
        """What FastStream does around the product's own handler: a batch at a time, the next after its end."""
        async for message in reader.batches(self.between):
            try:
                await take(message)
            except Exception as error:
                logger.warning("%s: a batch is left: %s", self.name, type(error).__name__)
                reader.back()


def here() -> Process:
    """The process that the running code belongs to."""
    return HERE.get()
