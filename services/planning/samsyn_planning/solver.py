"""Asks the workers: losses have one of their own, and overtake whatever less urgent is being solved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from samsyn_planning.domain.backups import Backup
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.worker import Answer, Engine, Worker

# A safety net: what a solve does is limited by its work, so that the same problem has the same plan on any machine.
LONGEST_SECONDS = {"loss": 5.0, "period": 60.0}
IsOvertaken = Callable[[], Awaitable[bool]]


class Solver:
    """Two worker processes: one for losses alone, one that is patient; `wake` is set when facts change."""

    def __init__(self, engine: Engine, wake: asyncio.Event) -> None:
        self._urgent, self._patient = Worker(engine), Worker(engine)
        self._wake = wake

    async def at_once(self, snapshot: Snapshot, problem: dict[str, Any]) -> Answer:
        """The answer to a loss."""
        return await self._urgent.answer(problem, LONGEST_SECONDS["loss"], snapshot.names())

    async def restated(self, snapshot: Snapshot, problem: dict[str, Any], backup: Backup) -> Answer:
        """The answer to a loss where a plan was made before for it."""
        return await self._urgent.restated(problem, backup.plan, backup.session_id, snapshot.names())

    async def patiently(
        self, snapshot: Snapshot, problem: dict[str, Any], is_overtaken: IsOvertaken, scope: str = "period"
    ) -> Answer | None:
        """The answer; None, and the solve killed, where something more urgent came meanwhile: it does not wait."""
        asked = self._patient.answer(problem, LONGEST_SECONDS[scope], snapshot.names())
        solving = asyncio.create_task(asked)
        try:
            while not solving.done():
                self._wake.clear()
                if await is_overtaken():
                    return None
                await self._until_done_or_woken(solving)
            return await solving
        finally:
            if not solving.done():
                solving.cancel()
                with suppress(asyncio.CancelledError):
                    await solving

    def close(self) -> None:
        """End both processes."""
        self._urgent.close()
        self._patient.close()

    async def _until_done_or_woken(self, solving: asyncio.Task[Answer]) -> None:
        waking = asyncio.create_task(self._until_woken())
        await asyncio.wait([solving, waking], return_when=asyncio.FIRST_COMPLETED)
        waking.cancel()

    async def _until_woken(self) -> None:
        await self._wake.wait()
