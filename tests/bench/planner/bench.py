"""What all families of bars share: seeds, sizes, first plans made once, and what the verifier refused."""

import sys
from collections.abc import Iterator
from functools import cache
from time import perf_counter

from samsyn_planning.domain.generator import disturb, generate
from samsyn_planning.domain.verifier import verify

from tests.bench.planner.timed import Timed, timed
from tests.support.planning_forms import Form

# Seconds that a solve may take, by size: a safety net above the bar, so that what fails is told by how much.
FIRST_SECONDS = {"S": 5.0, "M": 5.0, "L": 30.0, "XL": 60.0}
QUICK_SECONDS = {"S": 5.0, "M": 5.0, "L": 10.0, "XL": 20.0}
NUM_SEEDS = {"S": 30, "M": 30, "L": 10, "XL": 10}
NUM_QUICK = {"S": 10, "M": 4, "L": 1, "XL": 1}
# Mostly police sessions, as it is in truth; what kind follows from the seed's place alone.
KINDS = ("police", "mixed", "police", "storm", "police", "team", "police", "shortened", "police", "inspection")


class Bench:
    """One run of the bench: everything follows from `seed_base`."""

    def __init__(self, seed_base: int, is_quick: bool) -> None:
        self.seed_base = seed_base
        self.is_quick = is_quick
        self.refused: list[str] = []
        self._started = perf_counter()
        self.first = cache(self._first)

    def say(self, what: str) -> None:
        """Tell on stderr how far it has come."""
        sys.stderr.write(f"[{perf_counter() - self._started:6.0f} s] {what}\n")
        sys.stderr.flush()

    def seeds(self, size: str) -> range:
        """The fresh seeds of a size."""
        return range(self.seed_base, self.seed_base + (NUM_QUICK if self.is_quick else NUM_SEEDS)[size])

    def first_seconds(self, size: str) -> float:
        """The seconds of a first plan."""
        return (QUICK_SECONDS if self.is_quick else FIRST_SECONDS)[size]

    def firsts(self, size: str) -> Iterator[Timed]:
        """The first plan of each seed."""
        for seed in self.seeds(size):
            yield self.first(size, seed)

    def disturbed(self, size: str, num_each: int) -> Iterator[tuple[str, Form]]:
        """So many replanning problems of each first plan, with a label."""
        for seed in self.seeds(size):
            first = self.first(size, seed)
            for number in range(num_each):
                kind = KINDS[(seed - self.seed_base + 3 * number) % len(KINDS)]
                label = f"{size} seed {seed}, {kind}"
                yield label, disturb(first.problem, first.plan, 100 * seed + number, kind)

    def solve(self, label: str, problem: Form, seconds: float | None = None, work: int | None = None) -> Timed:
        """Solve, and note what the verifier refuses."""
        done = timed(problem, seconds, work)
        self.judge(label, problem, done.plan)
        return done

    def judge(self, label: str, problem: Form, plan: Form) -> int:
        """The plan's points as the verifier computes them; a plan that it refuses is noted."""
        verdict = verify(problem, plan)
        self.refused += [f"{label}: {v.rule} {v.operation or ''} {v.sentence}" for v in verdict.violations[:3]]
        return verdict.objective

    def _first(self, size: str, seed: int) -> Timed:
        label = f"{size} seed {seed}, first plan"
        done = self.solve(label, generate(size, seed), self.first_seconds(size))
        self.say(f"{label}: {done.objective} points, bound {done.bound}, {done.seconds:.2f} s")
        return done
