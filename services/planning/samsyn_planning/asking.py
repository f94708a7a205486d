"""After a loss: what consent could save beyond what was published goes to the centre as a proposal."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from samsyn_chassis.database import Database

from samsyn_planning.domain.alternatives import Beside
from samsyn_planning.domain.announcements import Replan
from samsyn_planning.domain.facts import Cause, Centre, Question
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.questions import Task, has_unserved, reported_losses
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.publishing import propose_plan
from samsyn_planning.solver import IsOvertaken, Solver
from samsyn_planning.waiting import MakeStore, Waiting
from samsyn_planning.worker import Answer


class Asking:
    """Asks the centre; a loss that comes meanwhile goes first."""

    def __init__(
        self, database: Database, make_store: MakeStore, policy: Policy, solver: Solver, waiting: Waiting
    ) -> None:
        self._database, self._make_store, self._policy = database, make_store, policy
        self._solver, self._waiting = solver, waiting

    async def beyond_consent(self, asked: Centre, task: Task) -> None:
        """Losses told by phone are proposed; after a loss, so is what any consent could save beyond the published."""
        async with self._database.transaction() as transaction:
            snapshot = await self._make_store(transaction).snapshot(asked.code)
        reported = reported_losses(snapshot)
        # What the centre has just chosen, by an alternative or edits, it is not asked about again.
        is_chosen = task.approved is not None and task.approved.is_chosen
        asks_more = not reported and task.scope == "loss" and task.publishes and not is_chosen
        if not reported and not (asks_more and await self._is_clearly_better(snapshot)):
            return
        question = Question(consent="any", assumed_lost=reported, asks_to_go_without_police=True)
        problem = problem_of(snapshot, question, self._policy)
        answer = await self._solver.patiently(snapshot, problem, self._has_loss(snapshot))
        if answer is not None and answer.is_accepted:
            ways = await self._solver.ways_beside(snapshot, question, answer.plan, self._policy)
            await self._keep_proposal(snapshot, problem, answer, question, asked.causes, ways)

    async def _is_clearly_better(self, snapshot: Snapshot) -> bool:
        given = await self._ask(snapshot, Question(consent="given"))
        if given is None or not given.is_accepted or not has_unserved(given.plan):
            return False
        any_ = await self._ask(snapshot, Question(consent="any", asks_to_go_without_police=True))
        if any_ is None or not any_.is_accepted:
            return False
        return int(any_.plan["objective"]) - int(given.plan["objective"]) >= self._policy.clearly_better

    async def _ask(self, snapshot: Snapshot, question: Question) -> Answer | None:
        problem = problem_of(snapshot, question, self._policy)
        return await self._solver.patiently(snapshot, problem, self._has_loss(snapshot))

    def _has_loss(self, snapshot: Snapshot) -> IsOvertaken:
        return partial(self._waiting.has_loss_since, snapshot.centre)

    async def _keep_proposal(
        self,
        snapshot: Snapshot,
        problem: dict[str, Any],
        answer: Answer,
        question: Question,
        causes: tuple[Cause, ...],
        ways: Beside,
    ) -> None:
        async with self._database.transaction() as transaction:
            store = self._make_store(transaction)
            await store.lock(snapshot.centre.code)
            current = await store.snapshot(snapshot.centre.code)
            now, asked = current.centre, snapshot.centre
            if (now.plan_version, now.facts_version) != (asked.plan_version, asked.facts_version):
                return
            number = now.num_replans + 1
            store.keep(now.model_copy(update={"num_replans": number}))
            replan = Replan(
                id=f"replan:{now.code}:{number}",
                scope="loss",
                causes=causes,
                version=now.plan_version + 1,
                now_at=_time_of(now),
                problem=problem,
                plan=answer.plan,
            )
            await propose_plan(store, current, replan, question, ways)
            await store.save()


def _time_of(centre: Centre) -> datetime:
    if centre.now_at is None:
        raise ValueError(f"{centre.code} has no time yet")
    return centre.now_at
