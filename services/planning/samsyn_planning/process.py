"""One process that works for another: warm before it is asked, killed when it overruns, renewed when it is worn."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from typing import NamedTuple, ParamSpec, TypeVar

logger = logging.getLogger(__name__)
T = TypeVar("T")
P = ParamSpec("P")


class Wear(NamedTuple):
    """When a process is renewed: after so many jobs, or when it has needed so much memory at its peak."""

    jobs: int = 2000
    peak_kib: int = 2 * 1024 * 1024


class Process:
    """A process of its own that does one job at a time; `warm` is done in it before the first.

    What is given to it is named to the process: functions of a module, with arguments that can be pickled.
    """

    def __init__(self, warm: Callable[[], object], wear: Wear | None = None) -> None:
        self._warm, self._wear = warm, wear or Wear()
        self._own = _Born(warm)
        self._spare: _Born | None = None

    async def do(self, seconds: float, job: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """What the job returns; TimeoutError, and the process killed, if it takes longer than `seconds`.

        A job that is cancelled is killed too; one whose process dies by itself is done once more.
        """
        self._take_spare()
        for is_last in (False, True):
            try:
                done, peak_kib = await self._own.do(seconds, partial(job, *args, **named))
            except BrokenProcessPool:
                self._renew()
                if is_last:
                    raise
            except (TimeoutError, asyncio.CancelledError) as ended:
                if isinstance(ended, TimeoutError):
                    logger.warning("%s took longer than %.1f s and was killed", job.__name__, seconds)
                self._renew()
                raise
            else:
                self._look_at_wear(peak_kib)
                return done
        raise AssertionError("the second try returns or raises")

    @property
    def pid(self) -> int | None:
        """The process that does the next job; None while it is not up yet."""
        self._take_spare()
        return self._own.pid

    def close(self) -> None:
        """End the process, whatever it does."""
        self._own.kill()
        if self._spare is not None:
            self._spare.kill()

    def _renew(self) -> None:
        self._own.kill()
        self._own = _Born(self._warm)

    def _look_at_wear(self, peak_kib: int) -> None:
        """A worn process works on until its successor is warm: nobody waits for that."""
        if self._spare is None and (self._own.num_jobs >= self._wear.jobs or peak_kib > self._wear.peak_kib):
            logger.info("a process is renewed after %d jobs, %d KiB at its peak", self._own.num_jobs, peak_kib)
            self._spare = _Born(self._warm)

    def _take_spare(self) -> None:
        if self._spare is not None and self._spare.pid is not None:
            self._own.kill()
            self._own, self._spare = self._spare, None


class _Born:
    """One process from its birth to its end."""

    def __init__(self, warm: Callable[[], object]) -> None:
        self._pool = ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn"))
        self._birth: Future[int] = self._pool.submit(_be_born, warm)
        self.num_jobs = 0

    @property
    def pid(self) -> int | None:
        is_up = self._birth.done() and not self._birth.cancelled() and self._birth.exception() is None
        return self._birth.result() if is_up else None

    async def do(self, seconds: float, job: Callable[[], T]) -> tuple[T, int]:
        """The seconds count from when the process is warm."""
        await asyncio.shield(asyncio.wrap_future(self._birth))
        self.num_jobs += 1
        working = self._pool.submit(_measured, job)
        return await asyncio.wait_for(asyncio.wrap_future(working), timeout=seconds)

    def kill(self) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self._pool.shutdown(wait=False, cancel_futures=True)


def _be_born(warm: Callable[[], object]) -> int:
    try:
        warm()
    except Exception as error:  # it works all the same: what was not made ready is made so by the first job
        logger.warning("a process is not warm: %s", type(error).__name__)
    return os.getpid()


def _measured(job: Callable[[], T]) -> tuple[T, int]:
    """What the job returns, and how much memory the process has needed at its peak, in KiB."""
    done = job()
    return done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
