"""Solves with a clock beside it: when which plan and bound were known, and what the verifier says of the plan."""

from dataclasses import dataclass
from math import floor
from time import perf_counter
from typing import NamedTuple

from samsyn_planning.domain.planner import Limit, Progress, solve
from samsyn_planning.domain.verifier import Verdict, verify

from tests.support.planning_forms import Form


class Event(NamedTuple):
    """A line of progress, so many seconds after the solve began."""

    seconds: float
    rung: str
    best: int
    bound: float | None


@dataclass(frozen=True)
class Timed:
    """A solved problem with its events, its whole time (reasons included) and the verifier's verdict."""

    problem: Form
    plan: Form
    seconds: float
    events: tuple[Event, ...]
    verdict: Verdict

    @property
    def objective(self) -> int:
        """The plan's points."""
        return int(self.plan["objective"])

    @property
    def bound(self) -> float | None:
        """The least bound known at the end."""
        bound = self.plan["bound"]
        return None if bound is None else float(bound)

    @property
    def first(self) -> Event | None:
        """The first plan that holds anything."""
        return next((event for event in self.events if event.best > 0), None)

    @property
    def proven_at(self) -> float | None:
        """When the optimum was proven: the first event whose bound, rounded down, is its best plan."""
        for event in self.events:
            if event.bound is not None and floor(event.bound + 1e-6) <= event.best:
                return event.seconds
        return self.seconds if self.plan["proven"] else None

    @property
    def explaining_seconds(self) -> float:
        """From the last event that told a better plan or bound to the end: what is left is the account."""
        told = [event for n, event in enumerate(self.events) if n == 0 or event[2:] != self.events[n - 1][2:]]
        return self.seconds - (told[-1].seconds if told else 0.0)

    def best_at(self, seconds: float) -> int | None:
        """The best plan's points known by then."""
        return max((event.best for event in self.events if event.seconds <= seconds), default=None)

    def gap_at(self, seconds: float) -> float | None:
        """The gap known by then, None where no plan or no bound was."""
        bounds = [event.bound for event in self.events if event.seconds <= seconds and event.bound is not None]
        if self.seconds <= seconds and self.bound is not None:
            bounds.append(self.bound)
        return self._gap(self._best_or_last(seconds), min(bounds, default=None))

    def distance_at(self, seconds: float) -> float | None:
        """How far the plan known by then is from the least bound that the whole solve found."""
        return self._gap(self._best_or_last(seconds), self.bound)

    def better_at(self, standing: int) -> float | None:
        """When the first plan better than the standing one was known; None where none was found."""
        told = next((event.seconds for event in self.events if event.best > standing), None)
        return self.seconds if told is None and self.objective > standing else told

    def _best_or_last(self, seconds: float) -> int | None:
        return self.objective if self.seconds <= seconds else self.best_at(seconds)

    @staticmethod
    def _gap(best: int | None, bound: float | None) -> float | None:
        return None if best is None or bound is None else max(0.0, bound - best) / max(1.0, abs(bound))


def timed(problem: Form, seconds: float | None = None, work: int | None = None) -> Timed:
    """Solve within the seconds and the work, and judge the plan."""
    events: list[Event] = []
    started = perf_counter()

    def note(progress: Progress) -> None:
        events.append(Event(perf_counter() - started, progress.rung, progress.best, progress.bound))

    plan = solve(problem, Limit(seconds=seconds, work=work), progress=note)
    whole = perf_counter() - started
    return Timed(problem, plan, whole, tuple(events), verify(problem, plan))
