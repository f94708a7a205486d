"""Measures the planner against the bars of planning.md on fresh seeds: `python -m tests.bench.planner`."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from samsyn_planning.domain.generator import disturb, generate

from tests.bench.planner import explanations, first_plans, prices, published, repeated, replans, stability
from tests.bench.planner.bench import Bench
from tests.bench.planner.figures import Bar, closing

Family = Callable[[], list[Bar]]


def main() -> int:
    """Print each bar with its figures, then PASS or FAIL with the bars that are not met."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.planner", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="few seeds, under five minutes")
    asked.add_argument("--seed-base", type=int, default=_fresh(), help="first seed (default: from the date)")
    asked.add_argument("--only", default="", help="bars to measure, as F-S,R-M (default: all)")
    options = asked.parse_args()
    bench = Bench(options.seed_base, options.quick)
    families = _families(bench)
    chosen = [name for name in options.only.split(",") if name] or list(families)
    if unknown := [name for name in chosen if name not in families]:
        asked.error(f"--only: {', '.join(unknown)} is no bar, choose among {', '.join(families)}")
    _print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}; seeds from {options.seed_base}")
    _warm(bench)
    bars = []
    for name in chosen:
        bars += _measured(name, families[name])
        _print(str(bars[-1]))
    bars.append(_accepted(bench))
    _print(str(bars[-1]))
    told = closing(bars)
    _print(told)
    return 0 if told == "PASS" else 1


def _families(bench: Bench) -> dict[str, Family]:
    made = replans.Replans(bench)
    return {
        "F-S": partial(first_plans.first_small, bench),
        "F-M": partial(first_plans.first_middle, bench),
        "F-L": partial(first_plans.first_large, bench),
        "F-XL": partial(first_plans.first_huge, bench),
        "R-S": partial(replans.replan_proven, bench, made, "S", 0.1, 0.05),
        "R-M": partial(replans.replan_proven, bench, made, "M", 1.0, 0.3),
        "R-L": partial(replans.replan_large, bench, made),
        "R-0": partial(stability.nothing_needless, bench, made),
        "R-stab": partial(stability.disturbs_little, bench, made),
        "E-1": partial(explanations.explains_all, bench, made),
        "B-1": partial(prices.misses_nothing, bench),
        "D-1": partial(repeated.same_bytes, bench),
        "Y": partial(published.equals_the_published, bench),
    }


def _measured(name: str, family: Family) -> list[Bar]:
    """The family's bars; what breaks on the way fails them and leaves the others to be measured."""
    try:
        return family()
    except Exception as error:
        told = "".join(traceback.format_exception(error)[-3:]).splitlines()
        return [Bar(name, False, ("broke:", *told))]


def _fresh() -> int:
    """A first seed of the day: a thousand seeds until the next day's."""
    return int(f"{datetime.now(UTC):%Y%m%d}") * 1000


def _warm(bench: Bench) -> None:
    """One small first plan and replan: the service's worker is warm when it is asked."""
    problem = generate("S", bench.seed_base - 1)
    first = bench.solve("warming", problem, 60.0)
    again = bench.solve("warming", disturb(problem, first.plan, 1), 60.0)
    bench.say(f"warm after {first.seconds:.1f} s and {again.seconds:.1f} s")


def _accepted(bench: Bench) -> Bar:
    """Every plan of every answer was judged by the independent verifier."""
    figures = (f"plans or baselines that the verifier refused: {len(bench.refused)} sentences", *bench.refused[:8])
    return Bar("valid", not bench.refused, figures)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
