"""R-0 and R-stab: nothing moved needlessly, nothing frozen touched, nobody booked twice or called late."""

from samsyn_planning.domain.planner import ProblemError

from tests.bench.planner.bench import Bench
from tests.bench.planner.figures import Bar
from tests.bench.planner.replans import SECONDS, Replan, Replans, changed_unhit
from tests.bench.planner.scratch import as_if_unpublished, free_to_move, num_changed

SIZES = ("S", "M", "L")
# Broken rules by what they would mean to people.
TROUBLES = {
    "frozen or pinned changed": {"H11"},
    "teams called late": {"H12"},
    "double bookings": {"H1", "H10", "H15"},
}
NUM_FROZEN_AGAIN = {"S": 60, "M": 6}
NUM_ANEW = {"S": 20, "M": 8}
NUM_FROZEN_QUICK = {"S": 5, "M": 1}


def nothing_needless(bench: Bench, replans: Replans) -> list[Bar]:
    """R-0: by the verifier on every replan, and by freezing each changed operation and solving again on some."""
    made = [replan for size in SIZES for replan in replans.of(size)]
    broken = [violation.rule for replan in made for violation in replan.run.verdict.violations]
    troubles = {what: sum(rule in rules for rule in broken) for what, rules in TROUBLES.items()}
    needless = [f"{replan.label}: {moved}" for replan in made for moved in replan.run.verdict.needless]
    num_tried, as_good = _frozen_again(bench, replans)
    figures = (
        f"replans: n {len(made)}; needless by the verifier {len(needless)}; "
        + "; ".join(f"{what} {num}" for what, num in troubles.items()),
        f"changed operations frozen as published and solved again: n {num_tried}, as good or better {len(as_good)}",
        *needless[:5],
        *as_good[:5],
    )
    return [Bar("R-0", not needless and not as_good and not any(troubles.values()), figures)]


def _frozen_again(bench: Bench, replans: Replans) -> tuple[int, list[str]]:
    num_tried, as_good = 0, list[str]()
    for size, num in (NUM_FROZEN_QUICK if bench.is_quick else NUM_FROZEN_AGAIN).items():
        for replan in replans.of(size)[:num]:
            for operation in changed_unhit(replan.run):
                num_tried += 1
                again = _points_if_frozen(bench, replan, operation, SECONDS[size])
                if again is not None and again >= replan.run.objective:
                    as_good.append(f"{replan.label}: {operation} can stay, {again} points and not less")
        bench.say(f"{size}: {num_tried} changed operations frozen again so far")
    return num_tried, as_good


def _points_if_frozen(bench: Bench, replan: Replan, operation: str, seconds: float) -> int | None:
    """The best plan's points with the operation as published; None where it clashes with what is frozen already."""
    problem = replan.run.problem | {"pinned": [*replan.run.problem["pinned"], operation]}
    try:
        return bench.solve(f"{replan.label}, {operation} frozen", problem, seconds).objective
    except ProblemError as error:
        if error.status != 3:
            raise
        return None


def disturbs_little(bench: Bench, replans: Replans) -> list[Bar]:
    """R-stab: a quarter at most of what a free re-solve changes; beside it, what making the plan anew changes."""
    figures, stable, free = [], 0, 0
    for size in ("S", "M"):
        made = [replan for replan in replans.of(size) if replan.free is not None]
        own = sum(replan.num_changed for replan in made)
        others = sum(replan.num_changed_freely for replan in made)
        unhit = sum(len(r.run.problem["published"]["operations"]) - len(r.run.verdict.hit) for r in made)
        figures.append(f"{size}: n {len(made)}; of {unhit} not hit changed {own}, by a free re-solve {others}")
        figures.append(_made_anew(bench, made[: NUM_ANEW[size]], SECONDS[size]))
        stable, free = stable + own, free + others
    share = stable / free if free else 0.0
    figures.append(f"together {100 * share:.1f} % of what a free re-solve changes (bar: 25 %)")
    return [Bar("R-stab", share <= 0.25, tuple(figures))]


def _made_anew(bench: Bench, made: list[Replan], seconds: float) -> str:
    """How many operations that could move are changed by the replan, and by a plan that knows of none of them."""
    num_free, stable, anew = 0, 0, 0
    for replan in made:
        problem = replan.run.problem
        operations = free_to_move(problem, replan.run.verdict.hit)
        plan = bench.solve(f"{replan.label}, made anew", as_if_unpublished(problem), seconds).plan
        num_free += len(operations)
        stable += num_changed(operations, replan.run.plan)
        anew += num_changed(operations, plan)
    return f"   beside, n {len(made)}: of {num_free} free to move changed {stable}, by a plan made anew {anew}"
