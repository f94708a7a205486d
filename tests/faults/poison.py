"""Measures P6: hostile records of every kind, each before a hundred good ones: `python -m tests.faults.poison`."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from samsyn_local.infrastructure import SERVICES, Infrastructure

from tests.faults.poison_evidence import Found, compared
from tests.faults.poison_kinds import Where, kinds
from tests.faults.poison_place import Place, Say, place_on
from tests.faults.poison_rounds import NUM_GOOD, Rounds

EVERY = 8  # so many rounds with poison between two without
PLACES: Sequence[Where] = ("party", "service")


@dataclass(frozen=True)
class Outcome:
    """What a report takes: the promise, what was tried, figures, checks, and what breaks the promise."""

    num_kinds: int
    num_poison: int
    num_good: int
    figures: dict[str, Any]
    found: Sequence[Found]
    promise: str = "P6"
    violations: Sequence[str] = field(default=())


async def measure_poison(place: Place, say: Say, every: int = 1) -> Outcome:
    """Say every kind of poison at each place (or one in `every`), compare what became of it, and count."""
    since = place.pids()
    async with Rounds(place) as rounds:
        for where in PLACES:
            await rounds.clean(where)  # what is done the first time takes longer
            rounds.seconds.pop(where)
            chosen = kinds(where)[::every]
            for number, kind in enumerate(chosen):
                if number % EVERY == 0:
                    await rounds.clean(where)
                await rounds.poisoned(where, kind)
                say(f"{where} {number + 1}/{len(chosen)} {kind.name}: {rounds.longest(where, kind):.2f} s")
        found = await compared(rounds, since)
        return _outcome(rounds, found)


def measured(say: Say, every: int = 1) -> Outcome:
    """The same over a Kafka, a PostgreSQL and services of its own, started and stopped."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="samsyn-poison-"))
        infrastructure = stack.enter_context(Infrastructure.start(Path(folder) / "run", given={}, say=say))
        databases = {name: infrastructure.database(name) for name in SERVICES}
        place = stack.enter_context(place_on(infrastructure, databases))
        return asyncio.run(measure_poison(place, say, every))


def _outcome(rounds: Rounds, found: Sequence[Found]) -> Outcome:
    names = {one.kind.name for one in rounds.written if one.kind.code is not None}
    figures: dict[str, Any] = {}
    for where in PLACES:
        clean, behind = rounds.told(where, is_clean=True), rounds.told(where, is_clean=False)
        for name, of in (("p50", _at(0.5)), ("p99", _at(0.99)), ("max", max)):
            figures[f"{where}: seconds without poison, {name}"] = round(of(clean), 3)
            figures[f"{where}: seconds behind poison, {name}"] = round(of(behind), 3)
            figures[f"{where}: extra seconds, {name}"] = round(max(0.0, of(behind) - of(clean)), 3)
    violations = [f"{len(one.broken)} {one.what}: {list(one.broken[:3])}" for one in found if one.broken]
    num_good = NUM_GOOD * len(rounds.written)
    return Outcome(len(names), len(rounds.written), num_good, figures, found, violations=violations)


def _at(share: float) -> Callable[[Sequence[float]], float]:
    return lambda values: sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    outcome = measured(_say)
    print(json.dumps(asdict(outcome), indent=2, ensure_ascii=False))
    sys.exit(int(bool(outcome.violations)))
