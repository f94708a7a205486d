"""Measures the planner on made centres: `python -m tests.unit.planning.planner.measure [SEEDS]`. No test."""

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from statistics import fmean, median
from time import perf_counter, process_time
from typing import TypeVar

from samsyn_planning.domain.planner import just_cancel, refill_only, solve
from samsyn_planning.domain.planner.dice import Dice
from samsyn_planning.domain.verifier import verify

from tests.unit.planning.planner.instances import MONDAY, Form, a_centre, after_losses

T = TypeVar("T")


def _timed(work: Callable[[], T]) -> tuple[T, float, float]:
    wall, cpu = perf_counter(), process_time()
    done = work()
    return done, perf_counter() - wall, process_time() - cpu


def _losses(problem: Form, plan: Form, dice: Dice) -> Iterator[Form]:
    """One to six sessions lost among the twelve next operations, a day frozen, within consent given."""
    for count in (1, 2, 3, 4, 6):
        now = MONDAY + timedelta(days=3 + dice.roll(12))
        ahead = [o["session"] for o in plan["operations"] if o["inspections"][0]["start_at"] > now.isoformat()][:12]
        lost = sorted({ahead[dice.roll(len(ahead))] for _ in range(count)})
        freeze_until = (now + timedelta(hours=24)).isoformat()
        yield after_losses(problem, plan, lost, now.isoformat(), freeze_until) | {"rules": {"consent": "given"}}


def _spread(name: str, seconds: list[float]) -> str:
    ranked = sorted(seconds)
    p95 = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    return f"{name}: n {len(ranked)}, p50 {median(ranked):.3f} s, p95 {p95:.3f} s, max {ranked[-1]:.3f} s"


def main(num_seeds: int) -> None:
    """Print times of first plans and replans, and what each simple answer is worth beside the replan."""
    walls: dict[str, list[float]] = {"first, wall": [], "first, cpu": [], "replan, wall": [], "replan, cpu": []}
    worth: dict[str, list[int]] = {"greedy": [], "first": [], "just cancel": [], "refill only": [], "replan": []}
    refused = needless = 0
    for seed in range(1, num_seeds + 1):
        problem, said = a_centre(seed), list[str]()
        plan, wall, cpu = _timed(partial(solve, problem, progress=said.append))
        walls["first, wall"].append(wall)
        walls["first, cpu"].append(cpu)
        worth["greedy"].append(int(said[0].split()[1]))
        worth["first"].append(plan["objective"])
        refused += not verify(problem, plan).is_accepted
        for later in _losses(problem, plan, Dice(seed)):
            again, wall, cpu = _timed(partial(solve, later))
            walls["replan, wall"].append(wall)
            walls["replan, cpu"].append(cpu)
            verdict = verify(later, again)
            refused += not verdict.is_accepted
            needless += len(verdict.needless)
            worth["just cancel"].append(just_cancel(later)["objective"])
            worth["refill only"].append(refill_only(later)["objective"])
            worth["replan"].append(again["objective"])
    report = [_spread(name, seconds) for name, seconds in walls.items()]
    report += [f"{name}: {fmean(points):.0f} points on average" for name, points in worth.items()]
    report.append(f"plans refused by the verifier: {refused}, needless moves: {needless}")
    sys.stdout.write("\n".join(report) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
