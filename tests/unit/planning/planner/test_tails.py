"""No route brings more than its tails allow, and the tails of tight sessions allow far less than their stops do."""

import numpy as np
from samsyn_planning.domain.generator import generate
from samsyn_planning.domain.planner.engine.cuts import no_charges
from samsyn_planning.domain.planner.engine.generation import EXACT, Generation
from samsyn_planning.domain.planner.engine.kept import empty_store
from samsyn_planning.domain.planner.engine.leaf import Leaf, leaf_of
from samsyn_planning.domain.planner.engine.prices import Prices
from samsyn_planning.domain.planner.engine.stops import stops_of
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.engine.tails import no_tails, tails_of
from samsyn_planning.domain.planner.engine.team_sets import sets_of
from samsyn_planning.domain.planner.engine.walk import empty_memory, walk
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.limit import Budget, Limit
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule

SEEDS = (1, 2, 3)
LOW = -1e12
SETS = 3


def _generation(seed: int) -> Generation:
    schedule = Schedule(Facts(read_problem(generate("S", seed))))
    sessions = range(len(schedule.operations))
    return Generation(schedule, Drawer(schedule.facts), sessions, Budget(Limit(), lambda: 0.0))


def _prices(generation: Generation) -> Prices:
    generation.linear.take_in()
    return generation.generate(3, [EXACT])


def _leaves(generation: Generation, prices: Prices, session: int) -> list[tuple[Leaf, float, float]]:
    """The first leaves of the session, each with the best gain that a walk without tails finds, and its stops' sum."""
    t, allowed = generation.tables, np.ones(len(generation.tables.place), np.int64)
    stops = stops_of(t, session, allowed, prices.inspections)
    fixed = float(t.fixed_gain[session]) - prices.sessions[session]
    sets = sets_of(t, session, stops, prices.classes, fixed, LOW)
    nothing = no_charges(len(prices.classes))
    noise = np.arange(1, len(t.place) + len(prices.classes) + 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    found = []
    for classes, reach in list(zip(sets.classes, sets.reach, strict=True))[:SETS]:
        leaf = leaf_of(t, session, stops, classes, prices.classes, fixed, LOW, reach, noise, *nothing, len(stops.row))
        kept = empty_store(1, max(1, len(classes)), stops.most)
        best, _, is_done = walk(
            t, session, stops, leaf, no_tails(), classes, LOW, 1 << 40, kept, empty_memory(), noise, nothing.price
        )
        assert is_done
        found.append((leaf, best, reach))
    return found


def test_no_route_brings_more_than_the_tails_allow() -> None:
    compared, num_tighter = 0, 0
    for seed in SEEDS:
        generation = _generation(seed)
        prices = _prices(generation)
        for session in generation.sessions:
            for leaf, best, reach in _leaves(generation, prices, session):
                tails = tails_of(generation.tables, session, leaf)
                if best > LOW and len(tails.gain):
                    compared += 1
                    num_tighter += tails.best < reach
                    assert tails.best >= best - 1e-6
    assert compared > 50
    assert num_tighter > compared / 2


def test_the_walk_finds_the_same_best_with_tails_as_without() -> None:
    generation = _generation(SEEDS[0])
    prices = _prices(generation)
    t, nothing = generation.tables, no_charges(len(prices.classes))
    noise = np.arange(1, len(t.place) + len(prices.classes) + 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for session in generation.sessions:
        for leaf, best, _ in _leaves(generation, prices, session):
            stops = stops_of(t, session, np.ones(len(t.place), np.int64), prices.inspections)
            kept = empty_store(1, 1, stops.most)
            classes = np.empty(0, np.int64)
            tails = tails_of(t, session, leaf)
            threshold = best - 1e-6
            seen, _, _ = walk(
                t, session, stops, leaf, tails, classes, threshold, 1 << 40, kept, empty_memory(), noise, nothing.price
            )
            assert best <= LOW or abs(seen - best) < 1e-6
