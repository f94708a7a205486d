"""The processes that solve: killed when they overrun, renewed when they are worn, and nobody waits for that."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psutil
import pytest
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.verifier import verify
from samsyn_planning.process import Process, Wear
from samsyn_planning.worker import Engine, Worker

from tests.support.engines import dawdle, die
from tests.support.in_process import PATIENCE_SECONDS
from tests.support.planning_forms import a_problem, a_session

# The plan that stands in the place of one that overran has as long.
LONG_SECONDS, GRACE_SECONDS = 60.0, 2.5


def a_loss() -> dict[str, Any]:
    """A problem whose one published operation has lost its session."""
    published = solve(a_problem())
    return a_problem([a_session("s2")], published=published, lost=[{"id": "s1", "cause": "c1"}])


@contextmanager
def working(engine: Engine = solve, grace_seconds: float = 5.0) -> Iterator[Worker]:
    worker = Worker(engine, grace_seconds)
    try:
        yield worker
    finally:
        worker.close()


@contextmanager
def up(wear: Wear | None = None) -> Iterator[Process]:
    process = Process(os.getpid, wear)
    try:
        yield process
    finally:
        process.close()


async def test_a_solve_that_overruns_is_killed_the_old_plan_without_the_lost_stands_and_the_next_is_solved() -> None:
    problem = a_loss()
    with working(partial(dawdle, LONG_SECONDS), grace_seconds=GRACE_SECONDS) as worker:
        began = time.monotonic()
        answered = await worker.answer(problem, Limit(seconds=0.5), {})
        again = await worker.answer(a_problem(), Limit(seconds=5.0), {})

    assert again.is_accepted
    assert time.monotonic() - began < LONG_SECONDS / 2
    assert (answered.fell_back, answered.against) == (True, ("engine: overran its time",))
    assert answered.plan["operations"] == []
    assert verify(problem, answered.plan).violations == ()


async def test_where_each_solve_takes_its_process_with_it_the_old_plan_without_the_lost_stands() -> None:
    with working(die) as worker:
        answered = await worker.answer(a_loss(), Limit(seconds=5.0), {})

        assert (answered.fell_back, answered.against) == (True, ("engine: its process died twice",))
        assert (await worker.answer(a_problem(), Limit(seconds=5.0), {})).is_accepted


async def test_a_solve_that_is_cancelled_is_killed_and_not_waited_for() -> None:
    with up() as process:
        first = await process.do(5.0, os.getpid)
        sleeping = asyncio.create_task(process.do(LONG_SECONDS, time.sleep, LONG_SECONDS))
        await asyncio.sleep(0.1)
        sleeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sleeping

        assert await process.do(5.0, os.getpid) != first
    await until_gone(first)


@pytest.mark.parametrize("wear", [Wear(jobs=3), Wear(peak_kib=1)])
async def test_a_worn_process_works_until_its_successor_is_warm(wear: Wear) -> None:
    with up(wear) as process:
        first = await process.do(5.0, os.getpid)
        began = time.monotonic()
        while (now := await process.do(5.0, os.getpid)) == first:
            assert time.monotonic() - began < PATIENCE_SECONDS, "it was never renewed"
            await asyncio.sleep(0.01)

        assert now != first
    await until_gone(first)


async def test_a_process_that_is_not_worn_stays() -> None:
    with up() as process:
        assert len({await process.do(5.0, os.getpid) for _ in range(5)}) == 1


async def until_gone(pid: int) -> None:
    """Wait until a process has ended; one that is not yet buried has."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_alive(pid):
        assert time.monotonic() < deadline, f"{pid} lives on"
        await asyncio.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether a process is there."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
