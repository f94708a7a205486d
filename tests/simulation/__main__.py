"""Simulates days of agencies and all services in one process: `python -m tests.simulation`."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

from tests.simulation.world import Outcome, run

DAYS_OF_A_SEED = 20
DAYS = 400


def main() -> int:
    """Run seed after seed until so many days have been simulated; 0 if nothing was broken."""
    asked = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    asked.add_argument("--seed", type=int, help="the first seed (default: by the date)")
    asked.add_argument("--days", type=int, default=DAYS, help=f"days in all, {DAYS_OF_A_SEED} of each seed")
    asked.add_argument("--processes", type=int, default=num_cores(), help="seeds at a time (default: one per core)")
    asked.add_argument("--log", action="store_true", help="show what the product logs, one seed at a time")
    options = asked.parse_args()
    if options.days < 1:
        asked.error("--days: give at least 1")
    if options.processes < 1:
        asked.error("--processes: give at least 1")
    logging.disable(logging.NOTSET if options.log else logging.CRITICAL)
    first = options.seed if options.seed is not None else int(datetime.now(UTC).strftime("%Y%m%d00"))
    shares = [
        (first + number, min(DAYS_OF_A_SEED, options.days - day))
        for number, day in enumerate(range(0, options.days, DAYS_OF_A_SEED))
    ]
    outcomes, began = list[Outcome](), time.monotonic()
    for outcome in simulated(shares, 1 if options.log else min(options.processes, len(shares))):
        outcomes.append(outcome)
        tell(outcome, time.monotonic() - began)
    return summed_up(outcomes, time.monotonic() - began)


def num_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def simulated(shares: Sequence[tuple[int, int]], num_processes: int) -> Iterator[Outcome]:
    """What becomes of each seed and its days, in their order, so many at a time; who stops asking ends them all."""
    if num_processes == 1:
        yield from (run(*share) for share in shares)
        return
    # Forked: what is imported, compiled and read here is there at once in each of them.
    with ProcessPoolExecutor(num_processes, multiprocessing.get_context("fork")) as processes:
        coming = [processes.submit(run, *share) for share in shares]
        try:
            yield from (one.result() for one in coming)
        except BaseException:
            for one in multiprocessing.active_children():
                one.kill()
            raise


def tell(outcome: Outcome, seconds: float) -> None:
    """One line of progress, and where a promise is broken, which, and how to see it again."""
    figures = outcome.figures
    what = f"{figures['events']:4} events  {figures['plans']:3} plans  {figures['poison']:2} poison"
    found = f"{len(outcome.violations)} violations" if outcome.violations else "no violation"
    print(f"{seconds:6.0f} s  seed {outcome.seed}  {outcome.days} days  {what}  {found}", file=sys.stderr, flush=True)
    for sentence in outcome.violations:
        print(f"    {sentence}", file=sys.stderr)
    if outcome.violations:
        print(f"    again: {replayed(outcome)}", file=sys.stderr, flush=True)


def replayed(outcome: Outcome) -> str:
    """The command that shows the same history once more."""
    return f"make simulate SEED={outcome.seed} DAYS={outcome.days}"


def summed_up(outcomes: list[Outcome], seconds: float) -> int:
    """What was checked and what went wrong on the way, and the last line."""
    figures: Counter[str] = Counter()
    for outcome in outcomes:
        figures.update(outcome.figures)
    for what, number in sorted(figures.items()):
        print(f"  {number:8}  {what}")
    days, broken = sum(one.days for one in outcomes), sum(len(one.violations) for one in outcomes)
    pace = f"{days / seconds * 60:.0f} days a minute"
    print(f"{len(outcomes)} seeds from {outcomes[0].seed}, {days} simulated days ({pace}), {broken} violations")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
