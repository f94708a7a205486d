"""How much a solve may do: moves, which give the same bytes every time, and seconds as a safety net."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """At most so many moves of work; `seconds` of the clock only cut off what takes too long. None: no such limit."""

    seconds: float | None = None
    work: int | None = None


class Budget:
    """Counts moves and watches the clock."""

    def __init__(self, limit: Limit, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._work = limit.work
        self._until = None if limit.seconds is None else clock() + limit.seconds
        self.moves = 0
        self.truncated = False

    def take(self) -> bool:
        """Whether one more move may be tried; counts it."""
        if self._work is not None and self.moves >= self._work:
            return False
        if self.is_late():
            return False
        self.moves += 1
        return True

    def is_late(self) -> bool:
        """Whether the seconds are used up; noted in `truncated`."""
        if self._until is not None and self._clock() >= self._until:
            self.truncated = True
        return self.truncated
