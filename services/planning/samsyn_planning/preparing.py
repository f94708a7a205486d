"""Prepares backups when nothing else is to be planned: one at a time, left when a plan is due or a question comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg
from samsyn_chassis.database import Database
from samsyn_chassis.failures import where
from samsyn_chassis.telemetry import METER
from samsyn_contracts.plans import BackupPlanPrepared

from samsyn_planning.domain.backups import (
    Backup,
    Review,
    agreements_missing,
    holds_until,
    likeness,
    problem_with_everybody,
    problem_without,
    review,
    told_of,
)
from samsyn_planning.domain.facts import Centre, Operation, Question
from samsyn_planning.domain.planner import just_cancel
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.kept_backups import progress
from samsyn_planning.solver import Solver
from samsyn_planning.waiting import MakeStore, Waiting
from samsyn_planning.worker import Answer

logger = logging.getLogger(__name__)
kept_backups = METER.create_gauge("samsyn_backups_kept", description="operations soon, by what backup they have")
LOCK, UNLOCK = (f"select pg_{what}(hashtextextended($1, 7364))" for what in ("try_advisory_lock", "advisory_unlock"))


class Preparing:
    """The least urgent work of a planner."""

    def __init__(
        self, database: Database, make_store: MakeStore, policy: Policy, solver: Solver, waiting: Waiting
    ) -> None:
        self._database, self._make_store, self._policy = database, make_store, policy
        self._solver, self._waiting = solver, waiting
        self._looked_at: dict[str, tuple[object, ...]] = {}

    async def prepare(self, connection: asyncpg.Connection) -> bool:
        """Look at each centre that has changed and settled since the last look; False if left for what is due."""
        async with self._database.transaction() as transaction:
            centres = await self._make_store(transaction).centres_settled()
        for centre in centres:
            seen = (centre.facts_version, centre.plan_version, centre.now_at, centre.mode)
            if self._looked_at.get(centre.code) == seen:
                continue
            if not await self._without_harm(connection, centre.code):
                return False
            self._looked_at[centre.code] = seen
        return True

    async def _without_harm(self, connection: asyncpg.Connection, code: str) -> bool:
        """A fault in preparing leaves the centre without backups till its facts change, and planning as it was."""
        try:
            return await self._prepare_alone(connection, code)
        except (LookupError, ValueError, TypeError, ArithmeticError, RuntimeError) as error:
            logger.critical("%s: backups could not be prepared: %s", code, where(error))
            return True

    async def _prepare_alone(self, connection: asyncpg.Connection, code: str) -> bool:
        """Under a lock of its own, which no replan asks for; False where it was left before the end."""
        if not await connection.fetchval(LOCK, code):
            return True
        try:
            return await self._prepare(code)
        finally:
            await connection.execute(UNLOCK, code)

    async def _prepare(self, code: str) -> bool:
        async with self._database.transaction() as transaction:
            store = self._make_store(transaction)
            snapshot, backups = await store.snapshot(code), await store.backups.of(code)
        # In a thread: many problems are made, and a loss that comes meanwhile is to be heard.
        found = await asyncio.to_thread(review, snapshot, backups, self._policy)
        if not await self._keep_review(snapshot, found):
            return False
        for operation in found.wanting:
            if not await self._prepare_one(snapshot, operation):
                return False
        await self._show(code)
        return True

    async def _keep_review(self, snapshot: Snapshot, found: Review) -> bool:
        """Keep and tell which backups hold no longer; False where something has changed since."""
        asked = snapshot.centre
        async with self._database.transaction() as transaction:
            store = self._make_store(transaction)
            await store.lock(asked.code)
            if not _is_as(asked, await store.centre(asked.code)):
                return False
            for backup in found.kept:
                store.keep(backup)
            told_in = await transaction.number() if found.told else None
            for message in found.told:
                store.say(message, asked.code, None, f"{message.operation_id}/{told_in}")
            await store.backups.forget(found.gone)
            await store.save()
        return True

    async def _prepare_one(self, snapshot: Snapshot, operation: Operation) -> bool:
        """Solve, twice: under consent given, and as if everybody agreed. False where it was overtaken."""
        problem = problem_without(snapshot, operation, self._policy)
        answer = await self._ask(snapshot, problem)
        if answer is None:
            return False
        if not answer.is_accepted or answer.fell_back:
            against = answer.against or answer.violations
            logger.warning("%s: no backup that the verifier accepts: %s", operation.id, against[:3])
            return await self._keep(snapshot, self._backup(snapshot, operation, problem, None), operation, problem)
        agreed = problem_with_everybody(snapshot, operation, self._policy)
        at_best = await self._ask(snapshot, agreed)
        if at_best is None:
            return False
        backup = self._backup(snapshot, operation, problem, answer)
        if self._would_save_more(at_best, answer):
            missing = agreements_missing(agreed, at_best.plan, snapshot)
            backup = backup.model_copy(update={"consent_missing": missing})
        return await self._keep(snapshot, backup, operation, problem)

    async def _ask(self, snapshot: Snapshot, problem: dict[str, Any]) -> Answer | None:
        return await self._solver.beforehand(snapshot, problem, self._waiting.is_anybody_waiting)

    def _would_save_more(self, at_best: Answer, given: Answer) -> bool:
        """Whether it is worth anybody's while to be asked, as it is after a loss."""
        if not at_best.is_accepted or at_best.fell_back:
            return False
        return int(at_best.plan["objective"]) - int(given.plan["objective"]) >= self._policy.clearly_better

    def _backup(
        self, snapshot: Snapshot, operation: Operation, problem: Mapping[str, Any], answer: Answer | None
    ) -> Backup:
        centre, until = snapshot.centre, holds_until(problem, operation, self._policy)
        return Backup(
            id=operation.id,
            centre=centre.code,
            session_id=operation.session_id,
            status="refused" if answer is None else "fresh",
            facts_version=centre.facts_version,
            plan_version=centre.plan_version,
            likeness=likeness(problem),
            plan={} if answer is None else answer.plan,
            valid_until=until.at,
            expires_by=until.reason,
            made_at=_time_of(centre),
        )

    async def _keep(self, snapshot: Snapshot, backup: Backup, operation: Operation, problem: dict[str, Any]) -> bool:
        """Keep it and tell the centre, if nothing has changed meanwhile."""
        prepared: BackupPlanPrepared | None = None
        if backup.status == "fresh":
            loss = await asyncio.to_thread(self._value_loss, snapshot, backup)
            backup, prepared = told_of(backup, operation, problem, loss, snapshot, self._policy)
        async with self._database.transaction() as transaction:
            store = self._make_store(transaction)
            await store.lock(backup.centre)
            if not _is_as(snapshot.centre, await store.centre(backup.centre)):
                return False
            if prepared is not None:
                store.say(prepared, backup.centre, None, f"{backup.id}/{await transaction.number()}")
            store.keep(backup)
            await store.save()
        return True

    def _value_loss(self, snapshot: Snapshot, backup: Backup) -> int:
        """How many points less than the plan that stands the backup is worth."""
        standing = just_cancel(problem_of(snapshot, Question(consent="given"), self._policy))
        return int(standing["objective"]) - int(backup.plan["objective"])

    async def _show(self, code: str) -> None:
        async with self._database.transaction() as transaction:
            counted = (await progress(transaction, self._policy)).get(code, {})
        for state, number in counted.items():
            kept_backups.set(number, {"centre": code, "state": state})


def _is_as(asked: Centre, now: Centre) -> bool:
    """Whether neither facts nor plan have changed; that time has passed the backup's own time tells."""
    return (now.facts_version, now.plan_version) == (asked.facts_version, asked.plan_version)


def _time_of(centre: Centre) -> datetime:
    if centre.now_at is None:
        raise ValueError(f"{centre.code} has no time yet")
    return centre.now_at
