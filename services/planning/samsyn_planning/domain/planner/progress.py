"""What a solve says of itself while it runs: one line each time the best plan or the bound gets better."""

from collections.abc import Callable
from typing import NamedTuple


class Progress(NamedTuple):
    """The rung of the ladder, the best objective so far, and the bound (points; None where none is known yet)."""

    rung: str
    best: int
    bound: float | None

    @property
    def gap(self) -> float | None:
        """How far the best may be from the optimum, as a share of the bound; None where no bound is known."""
        return None if self.bound is None else (self.bound - self.best) / max(1.0, abs(self.bound))


Watcher = Callable[[Progress], None]
