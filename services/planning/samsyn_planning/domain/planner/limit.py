"""How much a solve may do: steps, which give the same bytes every time, and seconds as a safety net."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """At most so much work, in units of a thousand steps; `seconds` only cut off what takes too long. None: any."""

    seconds: float | None = None
    work: int | None = None


STEPS_PER_UNIT = 1000
# A cautious guess, for the seconds' sake: a kernel cannot look at the clock.
NODES_A_SECOND = 1_000_000
# What all sessions of a large problem together take at least.
AMPLE_STEPS, AMPLE_SECONDS = 50_000_000, 40.0
# What a solve may do where no limit is named.
DEFAULT_WORK = 60_000


class Budget:
    """Counts steps (nodes of pricing, and what else weighs as much) and watches the clock.

    Where work is named the clock decides nothing but when to stop; whatever it decides is noted in `truncated`.
    """

    def __init__(self, limit: Limit, clock: Callable[[], float]) -> None:
        self._clock, self._limit = clock, limit
        work = DEFAULT_WORK if limit.work is None and limit.seconds is None else limit.work
        self._most_steps = None if work is None else work * STEPS_PER_UNIT
        self._began = clock()
        self._most_nodes: int | None = None
        self._held_back = 0.0
        self.steps = 0
        self.truncated = False

    def spend(self, steps: int) -> None:
        """Count steps of work."""
        self.steps += steps
        if self._most_nodes is not None and steps >= self._most_nodes:
            self.truncated = True
        self._most_nodes = None

    def is_spent(self, share: float = 1.0) -> bool:
        """Whether (a share of) the steps or, where no work is named, the seconds are used up."""
        if self.is_late() or self.left() <= 0:
            return True
        if self._most_steps is not None:
            return self.steps >= share * self._most_steps
        if share < 1.0 and self._passed() >= share * (self._limit.seconds or 0.0):
            self.truncated = True
            return True
        return False

    def left(self) -> int:
        """How many steps are left; many where no work is named."""
        return 1 << 60 if self._most_steps is None else max(0, self._most_steps - self.steps)

    def is_ample(self) -> bool:
        """Whether the limit allows for all sessions of a large problem together."""
        if self._most_steps is not None:
            return self._most_steps >= AMPLE_STEPS
        return (self._limit.seconds or 0.0) >= AMPLE_SECONDS

    def within(self, nodes: int) -> int:
        """At most so many nodes of pricing, fewer where steps or seconds run out before."""
        seconds = self.seconds_left()
        by_clock = None if seconds is None else 1 + int(seconds * NODES_A_SECOND)
        by_steps = max(1, min(nodes, self.left()))
        self._most_nodes = by_clock if by_clock is not None and by_clock < by_steps else None
        return self._most_nodes or by_steps

    def seconds_left(self) -> float | None:
        """How many seconds are left, None where none are named."""
        if self._limit.seconds is None:
            return None
        return max(0.0, self._limit.seconds * (1 - self._held_back) - self._passed())

    def is_late(self) -> bool:
        """Whether the seconds are used up but for what is held back; noted in `truncated`."""
        if self._limit.seconds is not None and self._passed() >= self._limit.seconds * (1 - self._held_back):
            self.truncated = True
            return True
        return False

    def hold_back(self, share: float) -> None:
        """Keep a share of the seconds for what follows the search."""
        self._held_back = share

    def is_over(self) -> bool:
        """Whether all seconds are used up, what was held back too."""
        return self._limit.seconds is not None and self._passed() >= self._limit.seconds

    def _passed(self) -> float:
        return self._clock() - self._began
