"""Asks the workers: losses have one of their own, and overtake whatever less urgent is being solved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from samsyn_planning.domain.backups import Backup
from samsyn_planning.domain.planner import Limit
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.worker import Answer, Engine, Worker

logger = logging.getLogger(__name__)
# What a solve does is limited by its work, so that the same problem has the same plan on any machine; the seconds are a
# safety net.
LIMITS = {"loss": Limit(seconds=5.0, work=3000), "period": Limit(seconds=60.0, work=8000)}
MOMENT_SECONDS = 1.0
IsOvertaken = Callable[[], Awaitable[bool]]


class Solver:
    """Two worker processes: one for losses alone, one that is patient; `wake` is set when facts change."""

    def __init__(self, engine: Engine, wake: asyncio.Event) -> None:
        self._urgent, self._patient = Worker(engine), Worker(engine)
        self._wake = wake
        self._left: asyncio.Task[Answer] | None = None

    async def at_once(self, snapshot: Snapshot, problem: dict[str, Any]) -> Answer:
        """The answer to a loss."""
        return await self._urgent.answer(problem, LIMITS["loss"], snapshot.names())

    async def restated(self, snapshot: Snapshot, problem: dict[str, Any], backup: Backup) -> Answer:
        """The answer to a loss where a plan was made before for it."""
        return await self._urgent.restated(problem, backup.plan, backup.session_id, snapshot.names())

    async def patiently(
        self, snapshot: Snapshot, problem: dict[str, Any], is_overtaken: IsOvertaken, scope: str = "period"
    ) -> Answer | None:
        """The answer; None where something more urgent came meanwhile: it does not wait for the solve.

        That is left to itself, and killed if it is still at work a moment after the process is needed again: often it
        is done by then, and a new process takes longer to be warm.
        """
        asked = self._when_free(self._left, problem, LIMITS[scope], snapshot)
        solving = self._left = asyncio.create_task(asked)
        solving.add_done_callback(_note_failure)
        while not solving.done():
            self._wake.clear()
            if await is_overtaken():
                return None
            await self._until_done_or_woken(solving)
        return await solving

    async def _when_free(
        self, left: asyncio.Task[Answer] | None, problem: dict[str, Any], limit: Limit, snapshot: Snapshot
    ) -> Answer:
        if left is not None and not left.done():
            try:
                await asyncio.wait([left], timeout=MOMENT_SECONDS)
            finally:
                left.cancel()
            await asyncio.wait([left])
        return await self._patient.answer(problem, limit, snapshot.names())

    def close(self) -> None:
        """End both processes, whatever they do."""
        if self._left is not None:
            self._left.cancel()
        self._urgent.close()
        self._patient.close()

    async def _until_done_or_woken(self, solving: asyncio.Task[Answer]) -> None:
        waking = asyncio.create_task(self._until_woken())
        await asyncio.wait([solving, waking], return_when=asyncio.FIRST_COMPLETED)
        waking.cancel()

    async def _until_woken(self) -> None:
        await self._wake.wait()


def _note_failure(solving: asyncio.Task[Answer]) -> None:
    """Nobody may be waiting any more for a solve that was left."""
    if not solving.cancelled() and solving.exception() is not None:
        logger.warning("a solve failed: %s", type(solving.exception()).__name__)
