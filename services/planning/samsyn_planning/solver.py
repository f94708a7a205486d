"""Asks the workers: losses have one of their own, and overtake whatever less urgent is being solved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from samsyn_planning.domain.facts import Centre
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.worker import Answer, Engine, Worker

# A safety net: what a solve does is limited by its work, so that the same problem has the same plan on any machine.
LONGEST_SECONDS = {"loss": 5.0, "period": 60.0}


class Solver:
    """Two worker processes; `wake` is set when facts change, `has_loss_waiting` tells whether one of them is a loss."""

    def __init__(
        self, engine: Engine, wake: asyncio.Event, has_loss_waiting: Callable[[Centre], Awaitable[bool]]
    ) -> None:
        self._urgent, self._patient = Worker(engine), Worker(engine)
        self._wake, self._has_loss_waiting = wake, has_loss_waiting

    async def answer(self, snapshot: Snapshot, problem: dict[str, Any], scope: str) -> Answer | None:
        """The answer; None where a loss came while something less urgent was solved: it does not wait for that."""
        if scope == "loss":
            return await self._urgent.answer(problem, LONGEST_SECONDS[scope], snapshot.names())
        solving = asyncio.create_task(self._patient.answer(problem, LONGEST_SECONDS[scope], snapshot.names()))
        while not solving.done():
            self._wake.clear()
            if await self._has_loss_waiting(snapshot.centre):
                solving.cancel()
                return None
            await self._until_done_or_woken(solving)
        return await solving

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
