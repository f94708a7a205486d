"""Makes new plans: takes a centre whose facts are ahead of its plan, solves outside any transaction, publishes."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial
from typing import Any

import asyncpg
from samsyn_chassis.batches import is_transient
from samsyn_chassis.database import KEPT_ALIVE, Database
from samsyn_chassis.settings import Settings
from samsyn_chassis.telemetry import METER, span

from samsyn_planning.asking import Asking
from samsyn_planning.domain.alternatives import is_as_approved, reasons_of_choice
from samsyn_planning.domain.announcements import Replan
from samsyn_planning.domain.backups import Backup, Outcome, chosen
from samsyn_planning.domain.facts import Centre, Operation
from samsyn_planning.domain.letting_go import Posed
from samsyn_planning.domain.planner import solve
from samsyn_planning.domain.policy import DEFAULT, Policy
from samsyn_planning.domain.problem import posed_of, problem_of
from samsyn_planning.domain.questions import Task, is_due, take_responsibility, task_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.preparing import Preparing
from samsyn_planning.publishing import planned, propose_plan, publish_plan, queue_replan
from samsyn_planning.solver import Solution, Solver
from samsyn_planning.store import FACTS_CHANNEL, Store
from samsyn_planning.waiting import Waiting
from samsyn_planning.wondering import Wondering
from samsyn_planning.worker import Answer, Engine, violations_of

logger = logging.getLogger(__name__)
refusals = METER.create_counter("samsyn_plans_refused", description="plans that the verifier refused; each is an alert")
backups_asked = METER.create_counter("samsyn_backups", description="losses soon, by what backup there was for them")
replan_seconds = METER.create_histogram("samsyn_replan_seconds", unit="s", description="snapshot to publication")
AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
QUIET_SECONDS = 0.08
LONGEST_WAIT_SECONDS = 0.5
TRIES_BEFORE_VERIFYING = 2


class Planner:
    """The planner task of one planning process; a centre is planned by one process at a time."""

    def __init__(
        self, database: Database, settings: Settings, policy: Policy = DEFAULT, engine: Engine = solve
    ) -> None:
        self._database, self._settings, self._policy = database, settings, policy
        self._wake = asyncio.Event()
        self._waiting = Waiting(database, self._store)
        self._solver = Solver(engine, self._wake)
        means = (database, self._store, policy, self._solver, self._waiting)
        self._asking, self._wondering, self._preparing = Asking(*means), Wondering(*means), Preparing(*means)
        self._is_busy = False

    async def run(self) -> None:
        """Plan for ever; wakes when facts change."""
        try:
            while True:
                try:
                    await self._listen()
                except Exception as error:
                    if not is_transient(error) and not isinstance(error, AWAY):
                        raise
                    logger.warning("planner starts anew: %s", type(error).__name__)
                    await asyncio.sleep(0.5)
        finally:
            self._solver.close()

    async def is_idle(self) -> bool:
        """Whether no centre's plan is due, and no question open that nobody else is at."""
        return not self._is_busy and not await self._waiting.is_anybody_waiting()

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._settings.database, server_settings=KEPT_ALIVE)
        try:
            await connection.add_listener(FACTS_CHANNEL, lambda *_: self._wake.set())
            while True:
                self._wake.clear()
                due = await self._waiting.due()
                for code in due:
                    await self._plan_alone(connection, code)
                if due or await self._at_leisure(connection):
                    await self._until_woken(2.0)
        finally:
            await connection.close()

    async def _at_leisure(self, connection: asyncpg.Connection) -> bool:
        """What is only thought: first of what centres wonder, then of losses soon; False if left for what is due."""
        return await self._wondering.answer(connection) and await self._preparing.prepare(connection)

    async def _until_woken(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._wake.wait(), timeout=seconds)
        except TimeoutError:
            return False
        return True

    async def _plan_alone(self, connection: asyncpg.Connection, code: str) -> None:
        """Under an advisory lock of the session: another process' planner leaves this centre alone meanwhile."""
        if not await connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 7363))", code):
            return
        self._is_busy = True
        try:
            await self._settle()
            await self._plan(code)
        finally:
            self._is_busy = False
            self._wake.set()  # what woke it while it was busy may concern another centre
            await connection.execute("select pg_advisory_unlock(hashtextextended($1, 7363))", code)

    async def _settle(self) -> None:
        """A storm becomes one replan: wait until facts are quiet for a moment, but not for long."""
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while time.monotonic() < until:
            self._wake.clear()
            if not await self._until_woken(QUIET_SECONDS):
                return

    async def _plan(self, code: str) -> None:
        for attempt in range(1, 20):
            async with self._database.transaction() as transaction:
                snapshot = await self._store(transaction).snapshot(code)
                former = await self._store(transaction).versions.former(snapshot)
                backups = await self._store(transaction).backups.of(code) if snapshot.centre.is_urgent else []
            if not is_due(snapshot.centre) or await self._once(snapshot, former, backups, attempt):
                return
            logger.info("%s: facts changed meanwhile, planned again (%d)", code, attempt)

    async def _once(
        self, snapshot: Snapshot, former: tuple[Operation, ...] | None, backups: list[Backup], attempt: int
    ) -> bool:
        """One try; False if facts changed meanwhile and the answer was thrown away."""
        if snapshot.centre.mode == "off":
            await self._queue(snapshot)
            return True
        task = task_of(snapshot, former)
        began = time.perf_counter()
        with span("replan", _traceparent(snapshot), centre=snapshot.centre.code, scope=task.scope):
            if not await self._answer(snapshot, task, backups, attempt > TRIES_BEFORE_VERIFYING):
                return False
            replan_seconds.record(time.perf_counter() - began, {"scope": task.scope})
            await self._asking.beyond_consent(snapshot.centre, task)
        return True

    async def _answer(self, snapshot: Snapshot, task: Task, backups: list[Backup], may_be_late: bool) -> bool:
        posed = posed_of(snapshot, task.question, self._policy)
        for one in posed.let_go:
            logger.warning("%s: %s cannot be held, by %s", snapshot.centre.code, one.operation_id, one.rule)
        answer, outcome = await self._solved(snapshot, task, posed, backups)
        if answer is None:
            return False
        if answer.fell_back or not answer.is_accepted:
            refusals.add(1)
            against = answer.against or answer.violations
            logger.error("%s: the verifier refused a plan: %s", snapshot.centre.code, against[:3])
        if not answer.is_accepted:
            return await self._give_up(snapshot)
        solution = await self._solution(snapshot, task, posed, answer)
        is_kept = await self._commit(snapshot, task, solution, may_be_late)
        if is_kept and outcome is not None:
            backups_asked.add(1, {"outcome": outcome})
            logger.info("%s: the backup for the loss was %s", snapshot.centre.code, outcome)
        return is_kept

    async def _solution(self, snapshot: Snapshot, task: Task, posed: Posed, answer: Answer) -> Solution:
        """The answer, whether the centre approved just that, and where it will be asked what else it may choose."""
        approved, fell_back = task.approved, answer.fell_back
        is_meant = approved is None or is_as_approved(approved, posed.problem, answer.plan, fell_back=fell_back)
        if task.publishes and is_meant:
            return Solution(posed, answer, is_meant)
        ways = await self._solver.ways_beside(snapshot, task.question, answer.plan, self._policy)
        return Solution(posed, answer, is_meant, ways)

    async def _solved(
        self, snapshot: Snapshot, task: Task, posed: Posed, backups: list[Backup]
    ) -> tuple[Answer | None, Outcome | None]:
        """A loss is answered by its backup if there is one that is right, else solved; the rest is solved patiently.

        Where more than pins clashes only the old plan without the lost is asked for: the freeze had to end early.
        """
        problem = posed.problem
        if posed.against:
            return await self._solver.standing(problem, posed.against), None
        if task.scope != "loss":
            is_overtaken = partial(self._waiting.has_loss_since, snapshot.centre)
            return await self._solver.patiently(snapshot, problem, is_overtaken), None
        outcome: Outcome | None = None
        if task.approved is None and not task.restores:
            outcome, backup = chosen(backups, problem, snapshot, self._policy)
            if backup is not None:
                answer = await self._solver.restated(snapshot, problem, backup)
                if answer.is_accepted:
                    return answer, outcome
                outcome = "refused"
                logger.error("%s: the verifier refused a backup: %s", snapshot.centre.code, answer.violations[:3])
        if task.approved is not None and task.approved.alternative is not None:
            return await self._solver.another(snapshot, problem, task.question), None
        return await self._solver.at_once(snapshot, problem), outcome

    async def _commit(self, snapshot: Snapshot, task: Task, solution: Solution, may_be_late: bool) -> bool:
        """In one short transaction: is the plan still the right answer? Then it and all it says is kept."""
        async with self._database.transaction() as transaction:
            store = self._store(transaction)
            await store.lock(snapshot.centre.code)
            # Answers given and readiness declared meanwhile raise no facts version, and must not be overwritten.
            current = await store.snapshot(snapshot.centre.code)
            if not self._is_still_right(snapshot.centre, current, task, solution.answer, may_be_late):
                return False
            await self._keep(store, snapshot.centre, current, task, solution)
            await store.save()
        return True

    def _is_still_right(self, asked: Centre, current: Snapshot, task: Task, answer: Answer, may_be_late: bool) -> bool:
        """Nothing has changed and no time has passed since it was asked; late, the verifier judges by the new facts."""
        now = current.centre
        if (now.plan_version, now.facts_version, now.now_at) == (asked.plan_version, asked.facts_version, asked.now_at):
            return True
        if not may_be_late or now.plan_version != asked.plan_version:
            return False
        return not violations_of(problem_of(current, task.question, self._policy), answer.plan)

    async def _keep(self, store: Store, asked: Centre, snapshot: Snapshot, task: Task, solution: Solution) -> None:
        now, posed, answer = snapshot.centre, solution.posed, solution.answer
        number = now.num_replans + 1
        replan = Replan(
            id=f"replan:{now.code}:{number}",
            scope=task.scope,
            causes=asked.causes if task.approved is None else (*task.approved.causes, *asked.causes),
            version=now.plan_version + 1,
            now_at=asked.now_at or _no_time(now.code),
            problem=posed.problem,
            plan=answer.plan,
            let_go=posed.let_go,
            former=(task.question.standing or ()) if task.restores else (),
            chosen=reasons_of_choice(task.approved, snapshot),
        )
        done = planned(now, asked, number, is_refused=answer.fell_back)
        if task.approved is not None:
            status = "published" if solution.is_meant else "stale"
            store.keep(task.approved.model_copy(update={"status": status}))
            for lost in take_responsibility(snapshot, task.approved) if solution.is_meant else ():
                store.keep(lost)
            if not solution.is_meant and (now.mode == "auto" or task.approved.is_chosen):
                return  # facts go on waiting: what happened since is answered as anything else is
        if task.publishes and solution.is_meant:
            await publish_plan(store, snapshot, replan, answer, done)
        else:
            store.keep(done)
            await propose_plan(store, snapshot, replan, task.question, solution.ways)

    async def _queue(self, snapshot: Snapshot) -> None:
        """Automation is off: warn once that facts wait, and leave the plan alone."""
        async with self._database.transaction() as transaction:
            store = self._store(transaction)
            await store.lock(snapshot.centre.code)
            queue_replan(store, snapshot, await store.centre(snapshot.centre.code))
            await store.save()
        logger.warning("%s: automation is off; %d changes wait", snapshot.centre.code, len(snapshot.centre.causes))

    async def _give_up(self, snapshot: Snapshot) -> bool:
        """No plan that the verifier accepts: the old one stands until facts change again."""
        async with self._database.transaction() as transaction:
            store = self._store(transaction)
            await store.lock(snapshot.centre.code)
            now = await store.centre(snapshot.centre.code)
            store.keep(planned(now, snapshot.centre, now.num_replans, is_refused=True))
            for proposal in snapshot.proposals:
                if proposal.status == "approved":
                    store.keep(proposal.model_copy(update={"status": "stale"}))
            await store.save()
        return True

    def _store(self, transaction: Any) -> Store:
        return Store(transaction, self._settings.environment, self._policy)


def _traceparent(snapshot: Snapshot) -> str | None:
    return snapshot.centre.causes[0].traceparent if snapshot.centre.causes else None


def _no_time(code: str) -> Any:
    raise ValueError(f"{code} has no time yet")
