"""Promises hold in simulated histories of fixed seeds; `make simulate` runs as many others as one likes."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.simulation.world import Outcome, run

SEEDS = (1, 2, 3, 4, 8)
DAYS = 8


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@cache
def simulated(seed: int) -> Outcome:
    return run(seed, DAYS)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_promise_holds_and_in_the_end_everything_has_its_effect(seed: int) -> None:
    violations = simulated(seed).violations

    assert not violations, f"{violations}; again: make simulate SEED={seed} DAYS={DAYS}"


def test_the_same_seed_is_the_same_history_and_another_is_another() -> None:
    first, again, other = run(11, 2), run(11, 2), run(12, 2)

    assert first == again
    assert first.history != other.history


def test_faults_happen_and_hit_work_in_flight() -> None:
    figures: Counter[str] = Counter()
    for seed in SEEDS:
        figures.update(simulated(seed).figures)

    assert {name.partition(" ")[0] for name in figures} >= {
        "killed",
        "connections",
        "producer",
        "partitions",
        "offsets",
    }
    told = ("sent again after a fault", "plans", "facts", "poison", "periods are told once")
    assert min(figures[what] for what in told) > 0
