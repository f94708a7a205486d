"""Answers what centres wonder: the plan that would follow is solved and judged as any is, told, and kept nowhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import asyncpg
from samsyn_chassis.database import Database
from samsyn_chassis.failures import where
from samsyn_chassis.telemetry import METER, span
from samsyn_contracts.plans import WhatIfAnswered

from samsyn_planning.domain.facts import Centre
from samsyn_planning.domain.planner import just_cancel
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.what_if import GIVEN, WhatIf, answer_of, answered, no_answer, problem_of_thought
from samsyn_planning.solver import Solver
from samsyn_planning.waiting import MakeStore, Waiting
from samsyn_planning.worker import Answer

logger = logging.getLogger(__name__)
what_ifs = METER.create_counter("samsyn_what_ifs", description="what centres wondered, by whether it had an answer")
LOCK, UNLOCK = (f"select pg_{what}(hashtextextended($1, 7365))" for what in ("try_advisory_lock", "advisory_unlock"))


class Wondering:
    """The work of a planner that somebody waits for and nothing follows from."""

    def __init__(
        self, database: Database, make_store: MakeStore, policy: Policy, solver: Solver, waiting: Waiting
    ) -> None:
        self._database, self._make_store, self._policy = database, make_store, policy
        self._solver, self._waiting = solver, waiting

    async def answer(self, connection: asyncpg.Connection) -> bool:
        """Answer each open question, in the order asked; False if left for what is due."""
        questions, elsewhere = await self._waiting.questions(), set()
        for question in questions:
            if not await connection.fetchval(LOCK, question.id):
                elsewhere.add(question.id)
            elif not await self._answer_alone(connection, question):
                return False
        self._waiting.elsewhere = frozenset(elsewhere)
        return True

    async def _answer_alone(self, connection: asyncpg.Connection, question: WhatIf) -> bool:
        """Under a lock of the question: another process leaves it alone meanwhile."""
        try:
            with span("what-if", question.cause.traceparent, centre=question.centre):
                return await self._answer_one(question)
        finally:
            await connection.execute(UNLOCK, question.id)

    async def _answer_one(self, question: WhatIf) -> bool:
        async with self._database.transaction() as transaction:
            store = self._make_store(transaction)
            snapshot = await store.snapshot(question.centre)
            used_names = await store.versions.used_names(question.centre)
        told = await self._without_harm(question, snapshot, used_names)
        return told is not None and await self._tell(question, snapshot.centre, told)

    async def _without_harm(
        self, question: WhatIf, snapshot: Snapshot, used_names: Sequence[str]
    ) -> WhatIfAnswered | None:
        """A fault in answering leaves the question without a plan, and planning as it was; None if overtaken."""
        try:
            return await self._thought(question, snapshot, used_names)
        except (LookupError, ValueError, TypeError, ArithmeticError, RuntimeError) as error:
            logger.critical("%s: what was wondered could not be worked out: %s", question.centre, where(error))
            return no_answer(question, snapshot.centre)

    async def _thought(self, question: WhatIf, snapshot: Snapshot, used_names: Sequence[str]) -> WhatIfAnswered | None:
        # In threads: a loss that comes meanwhile is to be heard.
        problem = await asyncio.to_thread(problem_of_thought, snapshot, question, self._policy)
        answer = await self._solver.beforehand(snapshot, problem, self._waiting.is_anything_due)
        if answer is None:
            return None
        if not answer.is_accepted or answer.fell_back:
            against = answer.against or answer.violations
            logger.error("%s: the verifier refused a plan only thought: %s", question.centre, against[:3])
            return no_answer(question, snapshot.centre)
        return await asyncio.to_thread(self._told, question, snapshot, problem, answer, used_names)

    def _told(
        self,
        question: WhatIf,
        snapshot: Snapshot,
        problem: dict[str, Any],
        answer: Answer,
        used_names: Sequence[str],
    ) -> WhatIfAnswered:
        standing = just_cancel(problem_of(snapshot, GIVEN, self._policy))
        value = int(standing["objective"])
        return answer_of(question, snapshot, problem, answer.plan, value, used_names, self._policy)

    async def _tell(self, question: WhatIf, asked: Centre, told: WhatIfAnswered) -> bool:
        """Say it, once; False where the plan has become another since, and it is to be thought anew."""
        async with self._database.transaction() as transaction:
            store = self._make_store(transaction)
            await store.lock(question.centre)
            centre, now = await store.centre(question.centre), await store.what_if(question.id)
            if now is None or now.status == "answered":
                return True
            if centre.plan_version != asked.plan_version:
                return False
            store.say(told, question.centre, question.cause, question.id)
            store.keep(answered(question))
            await store.save()
        what_ifs.add(1, {"outcome": told.outcome})
        return True
