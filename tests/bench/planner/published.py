"""Y: published TOPTW instances beside their best known scores and beside OR-Tools routing."""

from dataclasses import dataclass

from tests.bench.planner.bench import Bench
from tests.bench.planner.figures import Bar, spread
from tests.bench.planner.routing import routed_score
from tests.bench.planner.timed import Timed
from tests.support.toptw import Best, best_known, toptw_problem

SECONDS = 10
QUICK = (("r101", 1), ("c201", 1), ("pr01", 2), ("r203", 3))
ROUTING_SECONDS, ROUTING_SECONDS_QUICK = 10, 2


@dataclass(frozen=True)
class Scored:
    """A published instance solved: its best known score, ours, and that of OR-Tools routing."""

    best: Best
    run: Timed
    routed: int

    @property
    def shortfall(self) -> float:
        """The share of the best known score that is missing."""
        return max(0.0, 1 - self.run.objective / self.best.score)

    def __str__(self) -> str:
        run, best = self.run, self.best
        bound = "no bound" if run.bound is None else f"bound {run.bound:.1f}"
        proven = ", proven" if run.plan["proven"] else ""
        return (
            f"{best.instance} m={best.num_routes}: best known {best.score}, ours {run.objective} "
            f"({100 * self.shortfall:.2f} % short, {bound}{proven}, {run.seconds:.1f} s), "
            f"OR-Tools routing {self.routed}"
        )


def equals_the_published(bench: Bench) -> list[Bar]:
    """Y: the best known score or at most 1 % less at 10 s."""
    chosen = [best for best in best_known() if not bench.is_quick or (best.instance, best.num_routes) in QUICK]
    made = [_scored(bench, best) for best in chosen]
    short = spread([scored.shortfall for scored in made])
    above = [f"above the best known, look into it: {s}" for s in made if s.run.objective > s.best.score]
    figures = (
        short.of_shares(f"below the best known score at {SECONDS} s (bar: 1 %)"),
        f"best known reached in {sum(s.shortfall == 0 for s in made)} of {len(made)}, "
        f"by OR-Tools routing in {sum(s.routed >= s.best.score for s in made)}",
        *map(str, made),
        *above,
    )
    return [Bar("Y", short.max <= 0.01, figures)]


def _scored(bench: Bench, best: Best) -> Scored:
    label = f"{best.instance} with {best.num_routes} routes"
    run = bench.solve(label, toptw_problem(best.instance, best.num_routes), SECONDS)
    seconds = ROUTING_SECONDS_QUICK if bench.is_quick else ROUTING_SECONDS
    scored = Scored(best, run, routed_score(best.instance, best.num_routes, seconds))
    bench.say(str(scored))
    return scored
