"""The search among long routes keeps windows and lengths, remembers rightly what would fit, and repeats itself."""

from itertools import pairwise

import numpy as np
import pytest
from samsyn_planning.domain.planner.dice import Dice
from samsyn_planning.domain.planner.engine.field import Cooling, Field, Plan
from samsyn_planning.domain.planner.engine.long_routes import offer, rebuild, roam, started, take_out
from samsyn_planning.domain.planner.engine.tables import Ints, Masks
from samsyn_planning.domain.planner.engine.tearing import tear

NUM_ROUTES, NUM_STOPS, MOST, END = 2, 24, 7, 900
COOLING = Cooling(hot=10.0, cold=1.0, done=0, total=50_000)
SEEDS = range(5)


def a_field(seed: int, most: int = MOST) -> Field:
    """Stops in a square with way along its sides, each open twice; the second route may not hold every third."""
    dice = Dice(seed)
    places = np.array([[dice.roll(100), dice.roll(100)] for _ in range(NUM_STOPS)] + [[50, 50]] * NUM_ROUTES)
    leg = np.abs(places[:, None] - places[None, :]).sum(axis=2).astype(np.int64)
    opens = np.array([dice.roll(400) for _ in range(NUM_STOPS)])
    low = np.column_stack([opens, opens + 250]).ravel().astype(np.int64)
    can_hold = np.ones((NUM_ROUTES, NUM_STOPS), np.bool_)
    can_hold[1, ::3] = False
    worth = np.array([1.0 + dice.roll(30) for _ in range(NUM_STOPS)])
    first = np.tile(np.arange(0, 2 * NUM_STOPS, 2), (NUM_ROUTES, 1))
    return Field(
        who=np.arange(NUM_STOPS),
        can_hold=can_hold,
        gain=np.where(can_hold, worth, 0.0),
        most=np.full(NUM_ROUTES, most, np.int64),
        start=np.zeros(NUM_ROUTES, np.int64),
        end=np.full(NUM_ROUTES, END, np.int64),
        stay=np.full(NUM_STOPS, 20, np.int64),
        leg=leg,
        cost=leg / 50.0,
        span_first=first,
        span_last=first + 1,
        span_low=low,
        span_high=low + 90,
        near=np.argsort(leg[:NUM_STOPS, :NUM_STOPS], axis=1, kind="stable"),
    )


def no_plan() -> Plan:
    return Plan(np.full((NUM_ROUTES, NUM_STOPS + 1), -1, np.int64), np.zeros(NUM_ROUTES, np.int64))


def lots(seed: int) -> Masks:
    return np.array([seed], np.uint64)


def roamed(field: Field, seed: int, calls: int = 1) -> Plan:
    best, now, drawn = no_plan(), no_plan(), lots(seed)
    for _ in range(calls):
        roam(field, best, now, COOLING, COOLING.total, drawn)
    return best


def routes_of(plan: Plan) -> list[list[int]]:
    return [[int(u) for u in row[:num]] for row, num in zip(plan.stop, plan.num, strict=True)]


def points_of(field: Field, plan: Plan) -> float:
    total = 0.0
    for r, route in enumerate(routes_of(plan)):
        total += sum(float(field.gain[r, u]) for u in route)
        total -= sum(float(field.cost[u, v]) for u, v in pairwise([NUM_STOPS + r, *route, NUM_STOPS + r]))
    return total


def is_in_time(field: Field, r: int, route: list[int]) -> bool:
    """Whether the route can be driven, each stop begun as early as can be."""
    now, here = int(field.start[r]), NUM_STOPS + r
    for u in route:
        arrival = now + int(field.leg[here, u])
        spans = range(field.span_first[r, u], field.span_last[r, u] + 1)
        begin = next((max(arrival, int(field.span_low[s])) for s in spans if arrival <= field.span_high[s]), None)
        if begin is None:
            return False
        now, here = begin + int(field.stay[u]), u
    return now + int(field.leg[here, NUM_STOPS + r]) <= int(field.end[r])


@pytest.mark.parametrize("seed", SEEDS)
def test_every_route_found_is_in_time_and_holds_what_it_may(seed: int) -> None:
    field = a_field(seed)

    routes = routes_of(roamed(field, seed))

    held = [u for route in routes for u in route]
    assert len(held) == len(set(held)) > 0
    assert all(len(route) <= MOST for route in routes)
    assert all(is_in_time(field, r, route) for r, route in enumerate(routes))
    assert all(field.can_hold[r, u] for r, route in enumerate(routes) for u in route)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_written_down_is_never_worse_after_more_search(seed: int) -> None:
    field = a_field(seed)

    assert points_of(field, roamed(field, seed, calls=1)) <= points_of(field, roamed(field, seed, calls=3))


def test_the_same_lots_find_the_same_plan() -> None:
    field = a_field(1)

    assert routes_of(roamed(field, 7)) == routes_of(roamed(field, 7))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_an_open_stop_would_bring_is_known_after_any_change(seed: int) -> None:
    field, drawn = a_field(seed, most=NUM_STOPS), lots(seed)
    routes = started(field, no_plan())
    worth = np.zeros(field.gain.shape)

    for _ in range(30):
        rebuild(field, routes, worth, drawn)
        take_out(field, routes, tear(field, routes, drawn))

        unserved: Ints = np.flatnonzero(routes.route_of < 0)
        for r in range(NUM_ROUTES):
            kept = routes.points[r, unserved].copy()
            offer(field, routes, r, unserved, True)
            assert (kept == routes.points[r, unserved]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_after_a_rebuilding_nothing_more_fits(seed: int) -> None:
    field, drawn = a_field(seed), lots(seed)
    routes = started(field, no_plan())

    rebuild(field, routes, np.zeros(field.gain.shape), drawn)

    unserved: Ints = np.flatnonzero(routes.route_of < 0)
    for r in range(NUM_ROUTES):
        offer(field, routes, r, unserved, True)
    assert (routes.points[:, unserved] <= 0).all()


def test_every_stop_that_is_served_is_taken_out_sooner_or_later_and_no_other() -> None:
    field, drawn = a_field(3), lots(3)
    routes = started(field, no_plan())
    rebuild(field, routes, np.zeros(field.gain.shape), drawn)

    torn = np.logical_or.reduce([tear(field, routes, drawn) for _ in range(200)])

    assert (torn == (routes.route_of >= 0)).all()
