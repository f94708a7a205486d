"""What it costs to hold an inspection that a plan leaves out: each session tried with it, compiled."""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.pricing import price
from samsyn_planning.domain.planner.engine.tables import LONGEST, Floats, Ints, Masks, Tables

# So much is an inspection worth in the search that it is never left out.
BONUS = 1e9
EPSILON = 1e-6


class Included(NamedTuple):
    """By unplanned inspection: the session that holds it at the least loss (-1: none can), its route and classes."""

    session: Ints
    route: Ints
    classes: Ints
    nodes: int


@kernel
def inclusions(
    t: Tables,
    sessions: Ints,
    routes: Ints,
    points: Floats,
    unplanned: Ints,
    class_price: Floats,
    node_limit: int,
    leaf_limit: int,
    noise: Masks,
) -> Included:
    """Try each unplanned inspection on each session, beside any of what the session holds.

    `routes[s]` are the stops the session holds (-1 beyond the end), `points[s]` what they bring over the idle session.
    One look at a session with one inspection more ends after `node_limit` nodes, at one set of classes after
    `leaf_limit`; `noise` is that of `price`.
    """
    num_parties = 1
    for session in sessions:
        num_parties = max(num_parties, t.num_parties[session])
    best = np.full(len(unplanned), -1e18, np.float64)
    out_session = np.full(len(unplanned), -1, np.int64)
    out_route = np.full((len(unplanned), LONGEST), -1, np.int64)
    out_classes = np.full((len(unplanned), num_parties), -1, np.int64)
    place_of = np.full(len(t.place), -1, np.int64)
    for place in range(len(unplanned)):
        place_of[unplanned[place]] = place
    allowed = np.zeros(len(t.place), np.int64)
    prices = np.zeros(len(t.place), np.float64)
    none, no_calls = np.empty(0, np.int64), np.empty((0, len(class_price)), np.int64)
    no_members, no_prices = np.empty((0, 3), np.int64), np.empty(0, np.float64)
    nodes = 0
    for session in sessions:
        _allow(allowed, routes[session], 1)
        for row in range(t.cand_first[session], t.cand_first[session + 1]):
            who = t.cand[row]
            place = place_of[who]
            if place < 0:
                continue
            allowed[who] = 1
            prices[who] = -BONUS
            found = price(
                t,
                session,
                allowed,
                prices,
                class_price,
                0.0,
                BONUS / 2,
                1,
                node_limit,
                leaf_limit,
                noise,
                no_members,
                none,
                no_calls,
                no_prices,
            )
            allowed[who] = 0
            prices[who] = 0.0
            nodes += found.nodes
            if len(found.gain) and found.gain[0] - BONUS - points[session] > best[place] + EPSILON:
                best[place] = found.gain[0] - BONUS - points[session]
                out_session[place] = session
                out_route[place, :] = -1
                out_route[place, : found.route.shape[1]] = found.route[0]
                out_classes[place, :] = -1
                out_classes[place, : found.classes.shape[1]] = found.classes[0]
        _allow(allowed, routes[session], 0)
    return Included(out_session, out_route, out_classes, nodes)


@kernel
def _allow(allowed: Ints, route: Ints, mark: int) -> None:
    for stop in route:
        if stop >= 0:
            allowed[stop] = mark
