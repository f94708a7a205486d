"""People at the desk: streams that stay open, and pages that are asked for at a steady pace beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from tests.support.desk_process import Somebody

OPEN_SECONDS, NEWS_SECONDS = 60.0, 60.0


@dataclass
class Streams:
    """Open streams of events: `rung` has for each stream when (monotonic seconds) it last got `changed`."""

    rung: list[float]
    num_open: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    all_open: asyncio.Event = field(default_factory=asyncio.Event)

    async def until_all_rang(self, since: float) -> list[float]:
        """Seconds from an instant until each stream got word; AssertionError if one gets none."""
        until = time.monotonic() + NEWS_SECONDS
        while not all(at > since for at in self.rung):
            assert time.monotonic() < until, f"{sum(at <= since for at in self.rung)} streams got no word"
            await asyncio.sleep(0.002)
        return [at - since for at in self.rung]

    async def follow(self, number: int, http: httpx.AsyncClient) -> None:
        """Read one stream for ever."""
        told = {"Accept": "text/event-stream"}
        async with http.stream("GET", "/live", headers=told, timeout=None) as answer:
            assert answer.status_code == 200, answer.status_code
            async for line in answer.aiter_lines():
                if line.startswith("retry:"):
                    self.num_open += 1
                    if self.num_open == len(self.rung):
                        self.all_open.set()
                elif line == "event: changed":
                    self.rung[number] = time.monotonic()


@asynccontextmanager
async def open_streams(somebody: Sequence[Somebody], num: int) -> AsyncIterator[Streams]:
    """So many streams, shared out among people, all open when the block begins."""
    streams = Streams([0.0] * num)
    streams.tasks = [
        asyncio.create_task(streams.follow(number, somebody[number % len(somebody)].http)) for number in range(num)
    ]
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await streams.all_open.wait()
        yield streams
        ended = [task for task in streams.tasks if task.done()]
        assert not ended, f"{len(ended)} streams have ended"
    finally:
        for task in streams.tasks:
            task.cancel()
        await asyncio.gather(*streams.tasks, return_exceptions=True)


async def pages_at_pace(
    somebody: Sequence[Somebody], paths: Sequence[str], pace: float, rounds: int
) -> Mapping[str, list[float]]:
    """Milliseconds of each page: every path so many rounds, `pace` requests a second, whoever still waits."""
    taken: dict[str, list[float]] = {path: [] for path in paths}
    began = time.monotonic()

    async def ask(number: int) -> None:
        path = paths[number % len(paths)]
        due = began + number / pace
        await asyncio.sleep(due - time.monotonic())
        answer = await somebody[number % len(somebody)].http.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        # From when it was due: a client that came too late to ask would hide a slow desk.
        taken[path].append(1000 * (time.monotonic() - due))

    await asyncio.gather(*(ask(number) for number in range(rounds * len(paths))))
    return taken
