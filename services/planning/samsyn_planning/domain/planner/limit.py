"""How much a solve may do: steps, which give the same bytes every time, and seconds as a safety net."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """At most so much work, a unit being a thousand steps; `seconds` only cut off what takes too long. None: no limit."""

    seconds: float | None = None
    work: int | None = None


STEPS_PER_UNIT = 1000
# A cautious guess, for the seconds' sake: a kernel cannot look at the clock.
NODES_A_SECOND = 1_000_000
# What all sessions of a large problem together take at least.
AMPLE_STEPS, AMPLE_SECONDS = 30_000_000, 20.0
# What a solve may do where no limit is named.
DEFAULT_WORK = 60_000


class Budget:
    """Counts steps (nodes of pricing, and what else weighs as much) and watches the clock."""

    def __init__(self, limit: Limit, clock: Callable[[], float]) -> None:
        self._clock = clock
        work = DEFAULT_WORK if limit.work is None and limit.seconds is None else limit.work
        self._most_steps = None if work is None else work * STEPS_PER_UNIT
        self._began = clock()
        self._until = None if limit.seconds is None else self._began + limit.seconds
        self.steps = 0
        self.truncated = False

    def spend(self, steps: int) -> None:
        """Count steps of work."""
        self.steps += steps

    def is_spent(self, share: float = 1.0) -> bool:
        """Whether (a share of) the steps or the seconds are used up."""
        if share >= 1.0:
            return self.left() <= 0 or self.is_late()
        is_half_way = self._most_steps is not None and self.steps >= share * self._most_steps
        return is_half_way or (
            self._until is not None and self._clock() >= self._began + share * (self._until - self._began)
        )

    def left(self) -> int:
        """How many steps are left; many where no work is named."""
        return 1 << 60 if self._most_steps is None else max(0, self._most_steps - self.steps)

    def is_ample(self) -> bool:
        """Whether there is still enough for all sessions of a large problem together."""
        seconds = self.seconds_left()
        return self.left() >= AMPLE_STEPS and (seconds is None or seconds >= AMPLE_SECONDS)

    def within(self, nodes: int) -> int:
        """At most so many nodes of pricing, fewer where steps or seconds run out before."""
        seconds = self.seconds_left()
        at_most = nodes if seconds is None else min(nodes, 1 + int(seconds * NODES_A_SECOND))
        return max(1, min(at_most, self.left()))

    def seconds_left(self) -> float | None:
        """How many seconds are left, None where none are named."""
        return None if self._until is None else max(0.0, self._until - self._clock())

    def is_late(self) -> bool:
        """Whether the seconds are used up; noted in `truncated`."""
        if self._until is not None and self._clock() >= self._until:
            self.truncated = True
        return self.truncated
