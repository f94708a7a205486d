"""Waits at the start until Kafka and PostgreSQL answer: the log and the port say what is awaited, a stop ends it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

import sqlalchemy as sa

from samsyn_chassis.batches import is_transient
from samsyn_chassis.database import Database
from samsyn_chassis.settings import Settings
from samsyn_chassis.topic_ids import topic_ids

logger = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 3.0
ANSWER_SECONDS = 10.0
TOLD_AGAIN_SECONDS = 60.0
LARGEST_HEAD = 65536


@dataclass(frozen=True)
class Ground:
    """What a service cannot do without: its name, where it should be, and a try to reach it.

    `reach` raises what `is_transient` knows while it is away; anything else is a fault, and ends the start.
    """

    name: str
    place: str
    remedy: str
    reach: Callable[[], Awaitable[None]]


def grounds(settings: Settings) -> tuple[Ground, ...]:
    """What every service stands on."""
    address = urlsplit(settings.database)
    place = f"{address.hostname or 'localhost'}:{address.port or 5432}{address.path}"
    return (
        Ground("PostgreSQL", place, "start it, or correct SAMSYN_DATABASE", lambda: _reach_database(settings)),
        Ground("Kafka", settings.kafka, "start it, or correct SAMSYN_KAFKA", lambda: _reach_kafka(settings)),
    )


async def until_all_answer(service: str, stood_on: Sequence[Ground], settings: Settings) -> bool:
    """Wait until all answer, for however long; False if the process was told to stop first.

    Nothing is served and no signal is caught where all answer at once.
    """
    told = logging.getLogger("aiokafka")
    level = told.level
    told.setLevel(logging.CRITICAL)  # it would tell of every try
    try:
        away = await _away(stood_on)
        if not away:
            return True
        async with _waiting_room(service, settings) as room:
            return await _wait(room, away, stood_on)
    finally:
        told.setLevel(level)


async def _wait(room: _Room, away: Sequence[tuple[Ground, str]], stood_on: Sequence[Ground]) -> bool:
    pause = FIRST_PAUSE_SECONDS
    while away:
        room.tell(away)
        if await room.is_left_within(pause):
            return False
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        away = await _away(stood_on)
    logger.info("%s: all that it waited for answers, after %.0f s", room.service, monotonic() - room.began)
    return True


class _Room:
    """What is told to who asks meanwhile, and whether the process was told to stop."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.began = monotonic()
        self._stopped = asyncio.Event()
        self._since: dict[str, datetime] = {}
        self._told_at = self.began

    def tell(self, away: Sequence[tuple[Ground, str]]) -> None:
        """Say what is awaited: at once in the answers, in the log when it is news and once a minute."""
        before, now = self._since, datetime.now(UTC)
        self._since = {ground.name: before.get(ground.name, now) for ground, _ in away}
        if self._since == before and monotonic() - self._told_at < TOLD_AGAIN_SECONDS:
            return
        self._told_at = monotonic()
        for ground, why in away:
            since = self._since[ground.name].isoformat(timespec="seconds")
            told = (self.service, ground.name, ground.place, since, why, ground.remedy)
            logger.warning("%s is not ready: %s (%s) is away since %s (%s). It comes up by itself then: %s.", *told)

    def leave(self) -> None:
        """The process is told to stop."""
        self._stopped.set()

    async def is_left_within(self, seconds: float) -> bool:
        """Whether it is told so before that time has passed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        return self._stopped.is_set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The same to every request: not ready, and come again."""
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(self._response())
                await writer.drain()
        writer.close()

    def _response(self) -> bytes:
        awaited = " and ".join(self._since)
        body = {
            "status": f"not ready: {awaited} away",
            "service": self.service,
            "since": min(self._since.values()).isoformat(),
            "code": "away",
            "text_sv": f"Tjänsten väntar på {' och '.join(self._since)}. Skicka samma sak igen, med samma id.",
            "text_en": f"The service waits for {awaited}. Send the same again, with the same id.",
            "retry": "soon",
        }
        told = json.dumps(body, ensure_ascii=False).encode()
        head = (
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 2\r\n"
            f"Cache-Control: no-store\r\nContent-Length: {len(told)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + told


@asynccontextmanager
async def _waiting_room(service: str, settings: Settings) -> AsyncIterator[_Room]:
    """The service's port and signals while it waits; all is given back before the service takes them."""
    room, loop = _Room(service), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, room.leave)
    server = await asyncio.start_server(
        room.answer, settings.http_host, settings.http_port, ssl=_tls(settings), limit=LARGEST_HEAD
    )
    try:
        yield room
    finally:
        server.close()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.http_certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.http_certificate, settings.http_key)
    return context


async def _away(stood_on: Sequence[Ground]) -> list[tuple[Ground, str]]:
    """What does not answer, and why."""
    reasons = await asyncio.gather(*(_why_away(ground) for ground in stood_on))
    return [(ground, why) for ground, why in zip(stood_on, reasons, strict=True) if why is not None]


async def _why_away(ground: Ground) -> str | None:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await ground.reach()
    except Exception as error:
        if not is_transient(error):
            raise
        driver = getattr(getattr(error, "orig", None), "__cause__", None)  # behind what SQLAlchemy makes of it
        return type(driver or error).__name__
    return None


async def _reach_database(settings: Settings) -> None:
    database = Database(settings.async_database)
    try:
        async with database.engine.connect() as connection:
            await connection.execute(sa.text("select 1"))
    finally:
        await database.close()


async def _reach_kafka(settings: Settings) -> None:
    await topic_ids(settings.connection, ())
