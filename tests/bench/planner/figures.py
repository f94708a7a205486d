"""Bars and their figures: spreads with their n, and the sentence that the bench closes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

NEVER = inf


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of planning.md: whether it is met (None where it is only reported), and the figures behind it."""

    id: str
    is_met: bool | None
    figures: tuple[str, ...]

    def __str__(self) -> str:
        verdict = {True: "PASS", False: "FAIL", None: "reported"}[self.is_met]
        return "\n".join([f"{self.id:<7}{verdict}", *(f"       {figure}" for figure in self.figures)])


@dataclass(frozen=True, slots=True)
class Spread:
    """What was measured over some seeds; `NEVER` counts for what did not happen at all."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return median(self.values) if self.values else NEVER

    @property
    def p95(self) -> float:
        """The smallest value that at least 95 in a hundred do not exceed."""
        ordered = sorted(self.values)
        return ordered[max(0, -(-95 * len(ordered) // 100) - 1)] if ordered else NEVER

    @property
    def max(self) -> float:
        """The largest value."""
        return max(self.values, default=NEVER)

    def of_seconds(self, what: str) -> str:
        """The spread in seconds."""
        return self._told(what, lambda value: f"{value:.3f} s")

    def of_shares(self, what: str) -> str:
        """The spread in per cent."""
        return self._told(what, lambda value: f"{100 * value:.2f} %")

    def _told(self, what: str, form: Callable[[float], str]) -> str:
        num_never = sum(value == NEVER for value in self.values)
        told = {
            name: "never" if value == NEVER else form(value)
            for name, value in (("median", self.median), ("p95", self.p95), ("max", self.max))
        }
        missing = f", never in {num_never}" if num_never else ""
        spread = ", ".join(f"{name} {value}" for name, value in told.items())
        return f"{what}: n {len(self.values)}, {spread}{missing}"


def spread(values: Sequence[float | None]) -> Spread:
    """The spread of the values; None is what never happened."""
    return Spread(tuple(NEVER if value is None else value for value in values))


def closing(bars: Sequence[Bar]) -> str:
    """PASS, or FAIL with the bars that are not met."""
    failed = [bar.id for bar in bars if bar.is_met is False]
    return f"FAIL: {', '.join(failed)}" if failed else "PASS"
