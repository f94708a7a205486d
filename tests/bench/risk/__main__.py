"""Trains and judges the risk of cancellation: `python -m tests.bench.risk` (`--coverage`, `--write`)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date

from samsyn_demo.disturbances import DEFAULT_P_B, Disturbance, read_disturbances
from samsyn_planning.domain.shrinkage import Rates, fit

from tests.bench.risk import report
from tests.bench.risk.aftermath import by_hours_since
from tests.bench.risk.judging import forecasts, judged, reliability
from tests.bench.risk.losses import Days, counted, taken
from tests.bench.risk.table import MODEL_PATH, PATH, model_of, table_of

TRAINED = Days(date(2023, 4, 2), date(2024, 9, 30))
JUDGED = Days(date(2024, 10, 1), date(2025, 6, 30))
# What the shipped table is trained on: all days, once the split has told what it is worth.
ALL = Days(TRAINED.first, JUDGED.last)
SEED = 1
SUNDAY, NIGHT = 6, 2
CITIES = {"1480": "Göteborg", "0180": "Stockholm", "1280": "Malmö"}


def main() -> int:
    """Print the figures; with --write also write the table that planning ships."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.risk", description=__doc__)
    asked.add_argument("--coverage", action="store_true", help="plan generated problems with and without the weight")
    asked.add_argument("--seeds", type=int, default=30, help="problems of each centre for --coverage (default: 30)")
    asked.add_argument("--write", action="store_true", help="write the table, trained on all days")
    options = asked.parse_args()
    if options.coverage:
        from tests.bench.risk.coverage import told_coverage  # the planner is heavy, and only this needs it

        lines = told_coverage(options.seeds)
    else:
        lines = _told()
    for line in lines:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    if options.write:
        PATH.write_text(table_of(shipped()), "utf-8")
        MODEL_PATH.write_text(model_of(shipped(), ALL), "utf-8")
    return 0


def shipped() -> Rates:
    """The rates of all days by the demo's rule, which planning ships."""
    return fit(counted(taken(read_disturbances()[0], DEFAULT_P_B, SEED), ALL))


def _told() -> Iterator[str]:
    disturbances, _ = read_disturbances()
    yield f"trained on {TRAINED}, judged on {JUDGED}; a session a municipality, day and shift"
    yield from _judged_by_rule(disturbances, DEFAULT_P_B, SEED, in_full=True)
    for seed in (2, 3):
        yield from _judged_by_rule(disturbances, DEFAULT_P_B, seed)
    yield from _judged_by_rule(disturbances, 0.0, SEED)


def _judged_by_rule(
    disturbances: Sequence[Disturbance], p_b: float, seed: int, *, in_full: bool = False
) -> Iterator[str]:
    lost = taken(disturbances, p_b, seed)
    rates = fit(counted(lost, TRAINED))
    told = forecasts(rates)
    cell = told["area × weekday × shift"]
    later = judged(lost, JUDGED)
    yield f"\nclass A takes, class B with probability {p_b}, draw {seed}: {report.priors(rates)}"
    yield from report.scores(told, later)
    if not in_full:
        return
    yield " sessions that start by day or in the evening, Monday to Saturday (most that are offered)"
    yield from report.scores(told, [one for one in later if one.cell[0] < SUNDAY and one.cell[1] < NIGHT])
    for code, name in CITIES.items():
        yield f" {name} alone"
        yield from report.scores(told, judged(lost, JUDGED, frozenset({code})))
    yield " reliability of area × weekday × shift"
    yield from report.reliable(reliability(cell, later))
    for name, days in (("trained", TRAINED), ("judged", JUDGED)):
        yield f" after a heavy disturbance within 40 km that can no longer take the session, days {name}"
        yield from report.aftermath(by_hours_since(disturbances, lost, days, cell))


if __name__ == "__main__":
    sys.exit(main())
