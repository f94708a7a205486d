"""An event loop whose time is simulated: nothing waits, the clock jumps to whatever comes next."""

from __future__ import annotations

import asyncio
from asyncio import base_events
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class StalledError(Exception):
    """Nothing is left that could ever happen, and the run is not over."""


class VirtualLoop(base_events.BaseEventLoop):
    """One thread, no sockets, no wall clock: the same calls give the same order of events, always."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0.0
        self._selector = self

    def time(self) -> float:
        """Seconds since the simulation began."""
        return self._at

    def select(self, timeout: float | None) -> list[object]:
        """What a selector does in other loops: here the time passes at once."""
        if timeout is None:
            raise StalledError("the simulation waits for something that cannot come any more")
        self._at += max(timeout, 0.0)
        return []

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """What the product does in a thread is done at once: no thread is simulated."""
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def _process_events(self, event_list: list[object]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""
