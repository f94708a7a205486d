"""R-S, R-M and R-L: replans after losses, beside doing nothing, refilling only and solving freely."""

from dataclasses import dataclass

from samsyn_planning.domain.planner import just_cancel, refill_only
from samsyn_planning.domain.verifier import objective_of

from tests.bench.planner.bench import Bench
from tests.bench.planner.figures import Bar, spread
from tests.bench.planner.timed import Timed
from tests.support.planning_forms import Form

SECONDS = {"S": 2.0, "M": 5.0, "L": 5.0}
NUM_EACH = {"S": 2, "M": 1, "L": 3}
NO_DISRUPTION = ("removed", "team_removed", "team_added", "added", "shifted", "changed")


@dataclass(frozen=True)
class Replan:
    """A replan beside the simpler answers to the same losses; points as the verifier computes them."""

    label: str
    run: Timed
    nothing: int
    refilled: int
    free: Timed | None

    @property
    def free_worth(self) -> int | None:
        """What the freely solved plan is worth where moving has its price."""
        return None if self.free is None else objective_of(self.run.problem, self.free.plan["operations"]).objective

    @property
    def num_changed(self) -> int:
        """Published operations that were neither hit nor kept."""
        return len(changed_unhit(self.run))

    @property
    def num_changed_freely(self) -> int:
        """The same where moving costs nothing."""
        return 0 if self.free is None else len(changed_unhit(self.free))


def changed_unhit(run: Timed) -> list[str]:
    """The published operations that changed and were not hit."""
    published = {operation["id"] for operation in run.problem["published"]["operations"]}
    changed = [change["operation"] for change in run.plan["changes"] if change["kinds"] != ["kept"]]
    return [operation for operation in changed if operation in published - run.verdict.hit]


class Replans:
    """All replans of a bench, made once for the bars that look at them."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._made: dict[str, list[Replan]] = {}

    def of(self, size: str) -> list[Replan]:
        """The replans of a size."""
        if size not in self._made:
            problems = self._bench.disturbed(size, NUM_EACH[size])
            self._made[size] = [self._replan(size, label, problem) for label, problem in problems]
        return self._made[size]

    def _replan(self, size: str, label: str, problem: Form) -> Replan:
        bench, seconds = self._bench, SECONDS[size]
        run = bench.solve(label, problem, seconds)
        nothing = bench.judge(f"{label}, nothing done", problem, just_cancel(problem))
        refilled = bench.judge(f"{label}, refilled", problem, refill_only(problem))
        free = None if size == "L" else bench.solve(f"{label}, free", without_disruption(problem), seconds)
        proven = "not proven" if run.proven_at is None else f"proven after {run.proven_at:.3f} s"
        bench.say(f"{label}: {run.objective} points, {proven}; nothing done {nothing}, refilled {refilled}")
        return Replan(label, run, nothing, refilled, free)


def without_disruption(problem: Form) -> Form:
    """The same problem where moving costs nothing."""
    weights = problem.get("weights", {})
    free = weights.get("disruption", {}) | dict.fromkeys(NO_DISRUPTION, 0)
    return problem | {"weights": weights | {"disruption": free}}


def replan_proven(bench: Bench, replans: Replans, size: str, proven_bar: float, better_bar: float) -> list[Bar]:
    """R-S and R-M: how soon a better plan than the standing one is known, and how soon the best is proven."""
    made = replans.of(size)
    proven = spread([replan.run.proven_at for replan in made])
    improved = [replan for replan in made if replan.run.objective > replan.nothing]
    better = spread([replan.run.better_at(replan.nothing) for replan in improved])
    figures = (
        proven.of_seconds(f"optimum proven after (bar: p95 {proven_bar} s)"),
        better.of_seconds(f"first plan better than the standing one after (bar: p95 {better_bar} s)"),
        *_beside(made),
    )
    return [Bar(f"R-{size}", proven.p95 <= proven_bar and (not improved or better.p95 <= better_bar), figures)]


def replan_large(bench: Bench, replans: Replans) -> list[Bar]:
    """R-L: a gap of 1 % at 1 s."""
    made = replans.of("L")
    gaps = spread([replan.run.gap_at(1.0) for replan in made])
    figures = (
        gaps.of_shares("gap known at 1 s (bar: p95 1 %)"),
        spread([r.run.distance_at(1.0) for r in made]).of_shares("  to the last bound, plan of 1 s"),
        spread([r.run.better_at(r.nothing) for r in made if r.run.objective > r.nothing]).of_seconds(
            "first plan better than the standing one after"
        ),
        *_beside(made),
    )
    return [Bar("R-L", gaps.p95 <= 0.01, figures)]


def _beside(made: list[Replan]) -> tuple[str, ...]:
    """What the simpler answers are worth beside the replan, as means of shares."""

    def share(points: list[tuple[int, int]]) -> str:
        return f"{100 * sum(a / max(1, b) for a, b in points) / max(1, len(points)):.1f} %"

    nothing = share([(replan.nothing, replan.run.objective) for replan in made])
    refilled = share([(replan.refilled, replan.run.objective) for replan in made])
    free = [(replan.free_worth or 0, replan.run.objective) for replan in made if replan.free is not None]
    told = [
        spread([replan.run.seconds for replan in made]).of_seconds("whole solve, reasons included"),
        f"beside, in per cent of the replan's points: nothing done {nothing}, refill only {refilled}",
    ]
    if free:
        told.append(f"beside: free re-solve, judged where moving has its price: {share(free)}")
    return tuple(told)
