"""Waits at the start until the desk's database answers: the log and the port say so, and a stop ends it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

import sqlalchemy as sa

from samsyn_adapter_desk.database import Database, is_away
from samsyn_adapter_desk.settings import Settings

_LOG = logging.getLogger("samsyn.desk")
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 3.0
TOLD_AGAIN_SECONDS = 60.0
ANSWER_SECONDS = 10.0
NOT_READY = b'{"status": "not ready: PostgreSQL away"}'
ANSWER = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 2\r\n"
    b"Cache-Control: no-store\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(NOT_READY), NOT_READY)
)


async def until_there(settings: Settings) -> bool:
    """Wait until the database answers, for however long; False if the process was told to stop first.

    Nothing is served and no signal is caught where it answers at once.
    """
    why = await _why_away(settings)
    if why is None:
        return True
    since, told_at, pause = datetime.now(UTC), -TOLD_AGAIN_SECONDS, FIRST_PAUSE_SECONDS
    async with _waiting_room(settings) as stopped:
        while why is not None:
            if monotonic() - told_at >= TOLD_AGAIN_SECONDS:
                _tell(settings, since, why)
                told_at = monotonic()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    return not await stopped.wait()
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            why = await _why_away(settings)
    _LOG.info("the desk's database answers, after %.0f s", (datetime.now(UTC) - since).total_seconds())
    return True


def _tell(settings: Settings, since: datetime, why: str) -> None:
    address = urlsplit(settings.database)
    _LOG.warning(
        "the desk is not ready: PostgreSQL (%s:%s%s) is away since %s (%s). It comes up by itself then: start it, or "
        "correct SAMSYN_DATABASE.",
        *(address.hostname or "localhost", address.port or 5432, address.path),
        *(since.isoformat(timespec="seconds"), why),
    )


@asynccontextmanager
async def _waiting_room(settings: Settings) -> AsyncIterator[asyncio.Event]:
    """The desk's port and signals while it waits; the event is set when the process is told to stop."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    server = await asyncio.start_server(_answer, settings.http_host, settings.http_port)
    try:
        yield stopped
    finally:
        server.close()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        async with asyncio.timeout(ANSWER_SECONDS):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER)
            await writer.drain()
    writer.close()


async def _why_away(settings: Settings) -> str | None:
    """What keeps the database from answering, None where it does; raises what waiting does not mend."""
    database = Database(settings.async_database)
    try:
        async with database.transaction() as transaction:
            await transaction.execute(sa.text("select 1"))
    except Exception as error:
        if not is_away(error):
            raise
        driver = getattr(getattr(error, "orig", None), "__cause__", None)
        return type(driver or error).__name__
    finally:
        await database.close()
    return None
