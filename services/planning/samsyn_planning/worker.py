"""Solves in a process of its own, so that nobody waits for a solve; what it answers has been verified."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from samsyn_contracts.register import load_register

from samsyn_planning.domain.planner import Limit, ProblemError, solve
from samsyn_planning.domain.planner.baselines import just_cancel
from samsyn_planning.domain.verifier import verify

Engine = Callable[..., dict[str, Any]]

ENGINE = "constructive-1"
Names = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """A plan, how long it took, and what the verifier found against it (nothing, if it may be published)."""

    plan: dict[str, Any]
    seconds: float
    violations: tuple[str, ...]
    fell_back: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether the independent verifier accepts the plan."""
        return not self.violations


class Worker:
    """One worker process, warmed at start; a worker that dies is started anew.

    `engine` answers as `solve` does; it is a function of a module, for it is named to the worker's process.
    """

    def __init__(self, engine: Engine = solve) -> None:
        self._engine, self._pool = engine, _new_pool()

    async def answer(self, problem: Mapping[str, Any], seconds: float, named: Names) -> Answer:
        """Solve and verify; a plan that the verifier refuses falls back on the old plan without the lost.

        `named` are names in both languages of the events and operations that reasons speak of.
        """
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, answer, problem, seconds, named, self._engine)
        except BrokenProcessPool:
            self._pool = _new_pool()
            return await loop.run_in_executor(self._pool, answer, problem, seconds, named, self._engine)

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def answer(problem: Mapping[str, Any], seconds: float, named: Names, engine: Engine = solve) -> Answer:
    """Solve within `seconds` (wall clock, a safety net) and verify."""
    started = time.perf_counter()
    try:
        plan = engine(problem, Limit(seconds=seconds, work=None), names={**party_names(), **named})
        violations = violations_of(problem, plan)
    except ProblemError as error:
        return Answer({}, time.perf_counter() - started, (f"problem: {error}",))
    except Exception as error:  # a bug in the engine does not stop the others' planning: it counts as a refused plan
        plan, violations = {}, (f"engine: {type(error).__name__}",)
    if not violations:
        return Answer(plan, time.perf_counter() - started, ())
    fallback = just_cancel(problem)
    refused = violations_of(problem, fallback)
    spent = time.perf_counter() - started
    return Answer(plan, spent, violations) if refused else Answer(fallback, spent, (), fell_back=True)


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


def _new_pool() -> ProcessPoolExecutor:
    pool = ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn"))
    pool.submit(party_names)
    return pool
