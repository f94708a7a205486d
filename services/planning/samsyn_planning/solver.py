"""Asks the workers: losses have one of their own, and overtake whatever less urgent is being solved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from samsyn_planning.domain.alternatives import KINDS, Beside, Way, beside, is_compared, question_of
from samsyn_planning.domain.backups import Backup
from samsyn_planning.domain.facts import Alternative, Question
from samsyn_planning.domain.letting_go import Posed
from samsyn_planning.domain.planner import ColumnPool, Limit
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.problem import posed_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.worker import Answer, Engine, Names, Worker

logger = logging.getLogger(__name__)
# What a solve does is limited by its work, so that the same problem has the same plan on any machine; the seconds are a
# safety net.
LIMITS = {
    "loss": Limit(seconds=5.0, work=3000),
    "period": Limit(seconds=60.0, work=5000),
    "beside": Limit(seconds=1.0, work=300),
}
# How long an overtaken solve may still be at work when its process is needed again: a new one is slow to be warm.
MOMENT_SECONDS = 4.0
IsOvertaken = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Solution:
    """A plan for the problem posed, whether it is what was meant, and what may be chosen beside it if it is proposed.

    `is_meant`: nothing was approved, or just this.
    """

    posed: Posed
    answer: Answer
    is_meant: bool
    ways: Beside = field(default_factory=Beside)


class Solver:
    """Worker processes: for losses alone, for what is planned patiently, and in the background for thoughts."""

    def __init__(self, engine: Engine, wake: asyncio.Event) -> None:
        self._pools: dict[str, ColumnPool] = {}
        self._urgent = Worker(engine)
        self._patient = _Patient(Worker(engine), wake)
        self._background = _Patient(Worker(engine, is_gentle=True), wake)

    async def at_once(self, snapshot: Snapshot, problem: dict[str, Any]) -> Answer:
        """The answer to a loss."""
        return self._kept(snapshot, await self._urgent.answer(problem, LIMITS["loss"], *self._known(snapshot)))

    async def standing(self, problem: dict[str, Any], against: tuple[str, ...]) -> Answer:
        """The old plan without the lost, where what is held hardest clashes."""
        return await self._urgent.standing(problem, against)

    async def restated(self, snapshot: Snapshot, problem: dict[str, Any], backup: Backup) -> Answer:
        """The answer to a loss where a plan was made before for it."""
        return await self._urgent.restated(problem, backup.plan, backup.session_id, snapshot.names())

    async def another(self, snapshot: Snapshot, problem: dict[str, Any], question: Question) -> Answer:
        """The answer of a plan to choose beside the best, by little work: nearly all of it is held.

        The same question has the same answer whatever was solved before, so that what was told is what is published.
        """
        if question.moves_nothing:
            return await self._urgent.unmoved(problem, snapshot.names())
        return await self._urgent.answer(problem, LIMITS["beside"], snapshot.names())

    async def ways_beside(self, snapshot: Snapshot, asked: Question, plan: dict[str, Any], policy: Policy) -> Beside:
        """Other ways than the plan that is to be proposed; those that the verifier refuses or that clash are none."""
        found: list[Way] = []
        for kind in KINDS if is_compared(asked, plan) else ():
            question = question_of(kind, asked)
            posed = posed_of(snapshot, question, policy)
            answer = None if posed.against else await self.another(snapshot, posed.problem, question)
            if answer is not None and answer.is_accepted and not answer.fell_back:
                found.append(Way(alternative=Alternative(kind=kind, question=question, plan=answer.plan), posed=posed))
        return beside(plan, found)

    async def patiently(self, snapshot: Snapshot, problem: dict[str, Any], is_overtaken: IsOvertaken) -> Answer | None:
        """The answer; None where something more urgent came meanwhile."""
        answer = await self._patient.ask(problem, LIMITS["period"], *self._known(snapshot), is_overtaken)
        return None if answer is None else self._kept(snapshot, answer)

    async def beforehand(self, snapshot: Snapshot, problem: dict[str, Any], is_overtaken: IsOvertaken) -> Answer | None:
        """The answer to losses that have not come, with the same work; None where something is due meanwhile."""
        return await self._background.ask(problem, LIMITS["loss"], *self._known(snapshot), is_overtaken)

    def _known(self, snapshot: Snapshot) -> tuple[Names, ColumnPool]:
        """Names of what is spoken of, and what the centre's last solve left."""
        return snapshot.names(), self._pools.get(snapshot.centre.code, ColumnPool())

    def _kept(self, snapshot: Snapshot, answer: Answer) -> Answer:
        """What the solve leaves is kept for the centre's next one."""
        if answer.pool.columns:
            self._pools[snapshot.centre.code] = answer.pool
        return answer

    def close(self) -> None:
        """End all processes, whatever they do."""
        self._urgent.close()
        self._patient.close()
        self._background.close()


class _Patient:
    """One worker whose solves may be overtaken; `wake` is set when facts change."""

    def __init__(self, worker: Worker, wake: asyncio.Event) -> None:
        self._worker, self._wake = worker, wake
        self._left: asyncio.Task[Answer] | None = None

    async def ask(
        self, problem: dict[str, Any], limit: Limit, named: Names, pool: ColumnPool, is_overtaken: IsOvertaken
    ) -> Answer | None:
        """The answer; None where something more urgent came meanwhile: it does not wait for the solve.

        That is left to itself, and killed if it is still at work a moment after the process is needed again: often it
        is done by then, and a new process takes longer to be warm.
        """
        solving = self._left = asyncio.create_task(self._when_free(self._left, problem, limit, named, pool))
        solving.add_done_callback(_note_failure)
        while not solving.done():
            self._wake.clear()
            if await is_overtaken():
                return None
            await self._until_done_or_woken(solving)
        return await solving

    async def _when_free(
        self,
        left: asyncio.Task[Answer] | None,
        problem: dict[str, Any],
        limit: Limit,
        named: Names,
        pool: ColumnPool,
    ) -> Answer:
        if left is not None and not left.done():
            try:
                await asyncio.wait([left], timeout=MOMENT_SECONDS)
            finally:
                left.cancel()
            await asyncio.wait([left])
        return await self._worker.answer(problem, limit, named, pool)

    def close(self) -> None:
        """End the process."""
        if self._left is not None:
            self._left.cancel()
        self._worker.close()

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
