"""Solves in a process of its own, so that nobody waits for a solve; what it answers has been verified."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from typing import Any

from samsyn_contracts.register import load_register

from samsyn_planning.domain.planner import ColumnPool, Limit, ProblemError, solve
from samsyn_planning.domain.planner.baselines import just_cancel
from samsyn_planning.domain.restating import restate
from samsyn_planning.domain.verifier import verify
from samsyn_planning.domain.warming import warm
from samsyn_planning.process import Process, Wear

Engine = Callable[..., dict[str, Any]]

ENGINE = "columns-1"
# How much a process in the background steps back for others.
GENTLE = 10
# How long a solve may take where its limit names no seconds.
MOST_SECONDS = 60.0
# How long after its seconds a solve may still be at work on reasons, and the verifier: then it is killed.
GRACE_SECONDS = 5.0
Names = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """A plan, how long it took, and what the verifier found against it (nothing, if it may be published).

    Where it `fell_back` on the old plan, `against` is what was found against the engine's. `pool` is what the solve
    leaves to the centre's next one.
    """

    plan: dict[str, Any]
    seconds: float
    violations: tuple[str, ...]
    fell_back: bool = False
    against: tuple[str, ...] = ()
    engine: str = ENGINE
    pool: ColumnPool = field(default_factory=ColumnPool)

    @property
    def is_accepted(self) -> bool:
        """Whether the independent verifier accepts the plan."""
        return not self.violations


class Worker:
    """One worker process, warmed at start; a worker that dies, overruns its time or is worn is started anew.

    `engine` answers as `solve` does; it is a function of a module, for it is named to the worker's process.
    """

    def __init__(
        self,
        engine: Engine = solve,
        grace_seconds: float = GRACE_SECONDS,
        wear: Wear | None = None,
        is_gentle: bool = False,
    ) -> None:
        self._engine, self._grace_seconds = engine, grace_seconds
        self._process = Process(warm_gently if is_gentle else warm, wear)

    async def answer(
        self, problem: Mapping[str, Any], limit: Limit, named: Names, pool: ColumnPool | None = None
    ) -> Answer:
        """Solve and verify; a plan that the verifier refuses falls back on the old plan without the lost.

        `named` are names in both languages of the events and operations that reasons speak of, `pool` is what the
        centre's last solve left. A solve that overruns
        its seconds is killed, and the old plan without the lost stands; so it does where the process dies twice.
        Cancelled, it is killed at once.
        """
        longest, started = (limit.seconds or MOST_SECONDS) + self._grace_seconds, time.perf_counter()
        try:
            return await self._process.do(longest, answer, problem, limit, named, self._engine, pool or ColumnPool())
        except TimeoutError:
            against = ("engine: overran its time",)
        except BrokenProcessPool:
            against = ("engine: its process died twice",)
        stands = await self._process.do(longest, fallback, problem, against)
        return replace(stands, seconds=time.perf_counter() - started)

    async def standing(self, problem: Mapping[str, Any], against: tuple[str, ...]) -> Answer:
        """The old plan without the lost, where it is known beforehand that no better one may be published."""
        return await self._process.do(MOST_SECONDS, fallback, problem, against)

    async def unmoved(self, problem: Mapping[str, Any], named: Names) -> Answer:
        """The old plan without the lost as a plan to choose, with its reasons; verified as any is."""
        try:
            return await self._process.do(self._grace_seconds, unmoved, problem, named)
        except (TimeoutError, BrokenProcessPool) as error:
            return Answer({}, self._grace_seconds, (f"unmoved: {type(error).__name__}",))

    async def restated(
        self, problem: Mapping[str, Any], plan: Mapping[str, Any], session_id: str, named: Names
    ) -> Answer:
        """A plan made before for the loss of a session, as the answer to it; verified as any is."""
        try:
            return await self._process.do(self._grace_seconds, restated, problem, plan, session_id, named)
        except (TimeoutError, BrokenProcessPool) as error:
            return Answer({}, self._grace_seconds, (f"backup: {type(error).__name__}",))

    def close(self) -> None:
        """End the process."""
        self._process.close()


def warm_gently() -> None:
    """Leave the processor to others first, then be warm."""
    os.nice(GENTLE)
    warm()


def answer(problem: Mapping[str, Any], limit: Limit, named: Names, engine: Engine, pool: ColumnPool) -> Answer:
    """Solve within the limit and verify."""
    started = time.perf_counter()
    try:
        plan = engine(problem, limit, names={**party_names(), **named}, pool=pool)
        violations = violations_of(problem, plan)
    except ProblemError as error:
        return Answer({}, time.perf_counter() - started, (f"problem: {error}",))
    except Exception as error:  # a bug in the engine does not stop the others' planning: it counts as a refused plan
        plan, violations = {}, (f"engine: {type(error).__name__}",)
    if not violations:
        return Answer(plan, time.perf_counter() - started, (), pool=pool)
    return replace(fallback(problem, violations), seconds=time.perf_counter() - started)


def fallback(problem: Mapping[str, Any], violations: tuple[str, ...]) -> Answer:
    """The old plan without the lost, if the verifier accepts that; else what it had against the new one."""
    plan = just_cancel(problem)
    if violations_of(problem, plan):
        return Answer({}, 0.0, violations)
    return Answer(plan, 0.0, (), fell_back=True, against=violations)


def unmoved(problem: Mapping[str, Any], named: Names) -> Answer:
    """The old plan without the lost, and what the verifier finds against it."""
    started = time.perf_counter()
    try:
        plan = just_cancel(problem, {**party_names(), **named})
        violations = violations_of(problem, plan)
    except Exception as error:  # a plan that nobody needs stops no other
        plan, violations = {}, (f"unmoved: {type(error).__name__}",)
    return Answer(plan, time.perf_counter() - started, violations)


def restated(problem: Mapping[str, Any], plan: Mapping[str, Any], session_id: str, named: Names) -> Answer:
    """A plan made before, with the reasons of today, verified against today's problem."""
    started = time.perf_counter()
    try:
        now = restate(problem, plan, session_id, named)
        violations = violations_of(problem, now)
    except Exception as error:  # whatever is wrong with what was kept, it is solved anew
        now, violations = {}, (f"backup: {type(error).__name__}",)
    return Answer(now, time.perf_counter() - started, violations, engine=f"{ENGINE}, backup")


def violations_of(problem: Mapping[str, Any], plan: Mapping[str, Any]) -> tuple[str, ...]:
    """What the independent verifier finds against a plan; empty if nothing."""
    return tuple(f"{v.rule} {v.operation or ''} {v.sentence}" for v in verify(problem, plan).violations)


def party_names() -> dict[str, tuple[str, str]]:
    """Names of parties in Swedish and English, roles included."""
    named: dict[str, tuple[str, str]] = {}
    for party in load_register().parties:
        named[party.code] = (party.name_sv, party.name_en)
        named.update({f"{party.code}/{role.code}": (role.name_sv, role.name_en) for role in party.roles})
    return named
