"""Who waits for news of a party is woken when the database tells of it: one listening connection for all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from samsyn_adapter_desk.store import CHANNEL

_LOG = logging.getLogger("samsyn.desk")
RETRY_SECONDS = 1.0
CHECK_SECONDS = 20.0


class Bell:
    """Rings when something of its party changed; what rang while nobody waited is not lost."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake who waits."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Whether it rang within that time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        rang = self._event.is_set()
        self._event.clear()
        return rang


class Bells:
    """All bells of this process; `dsn` is the database that tells."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._bells: dict[str, set[Bell]] = defaultdict(set)
        self._num_rung: dict[str, int] = defaultdict(int)
        self._process = secrets.token_hex(4)

    @contextmanager
    def listen(self, party: str) -> Iterator[Bell]:
        """A bell of a party's, as long as the block lasts."""
        bell = Bell()
        self._bells[party].add(bell)
        try:
            yield bell
        finally:
            self._bells[party].discard(bell)

    def mark(self, party: str) -> str:
        """A mark that differs after every piece of news of the party, and from those of other processes."""
        return f"{self._process}-{self._num_rung[party]}"

    async def run(self) -> None:
        """Listen for ever; after a lost connection everybody is woken, for news may have been missed."""
        while True:
            try:
                await self._listen_once()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _LOG.warning("the database tells nothing: %s", type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen_once(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=RETRY_SECONDS * 5)
        try:
            await connection.add_listener(CHANNEL, self._rung)
            for party in list(self._bells):
                self._ring(party)
            while True:
                await asyncio.sleep(CHECK_SECONDS)
                await connection.execute("select 1", timeout=RETRY_SECONDS * 5)
        finally:
            await connection.close()

    def _rung(self, _connection: object, _pid: int, _channel: str, party: object) -> None:
        self._ring(str(party))

    def _ring(self, party: str) -> None:
        self._num_rung[party] += 1
        for bell in self._bells[party]:
            bell.ring()
