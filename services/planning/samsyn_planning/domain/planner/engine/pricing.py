"""Pricing: the columns of a session that bring most over the prices of their inspections, teams and session.

A column is a session, an ordered route with start times, and a set of classes of teams. Sets are taken in the order of
what they could bring (`team_sets`); for each the stops it allows are worked out (`leaf`) and the routes over them
enumerated depth first (`walk`). Exact unless the node limit is met.

Method: column generation for team orienteering, routes enumerated with completion bounds (Boussier, Feillet and
Gendreau 2007, "An exact algorithm for team orienteering problems", 4OR 5), with the agencies as part of the column.
"""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kept import SMALL, empty_store, raised
from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.leaf import Leaf, leaf_of
from samsyn_planning.domain.planner.engine.stops import Stops, stops_of, top
from samsyn_planning.domain.planner.engine.tables import LONGEST, Floats, Ints, Masks, Tables
from samsyn_planning.domain.planner.engine.tails import Tails, no_tails, tails_of
from samsyn_planning.domain.planner.engine.team_sets import party_rows, sets_of
from samsyn_planning.domain.planner.engine.walk import empty_memory, walk

EPSILON = 1e-6
# A look at a set that ends after so few nodes is not worth a bound of its own.
FEW_NODES = 1000
# Over more stops tails take too long themselves.
MANY_STOPS = 400
# Of so many stops it takes those alone that bring most for their time.
FEW_STOPS = 80


class Found(NamedTuple):
    """Columns as rows: reduced gains, routes (inspections, -1 beyond the end) and class rows (-1 beyond the end).

    `best` is no column's reduced gain exceeds, even where the node limit was met (`is_exact` false).
    """

    gain: Floats
    route: Ints
    classes: Ints
    best: float
    nodes: int
    is_exact: bool


@kernel
def price(
    t: Tables,
    session: int,
    allowed: Ints,
    inspection_price: Floats,
    class_price: Floats,
    session_price: float,
    threshold: float,
    keep: int,
    node_limit: int,
    leaf_limit: int,
    noise: Masks,
    cut_inspections: Ints,
    cut_session: Ints,
    cut_calls: Ints,
    cut_price: Floats,
) -> Found:
    """Up to `keep` columns of the session with a reduced gain of at least `threshold`, the best ones.

    `allowed` marks the inspections that may be visited, `inspection_price` and `class_price` are points by inspection
    and class row. `keep` over 64 asks for all columns (each set of inspections and classes once, in its best form):
    where they do not fit `is_exact` is false. One set of classes is given up after `leaf_limit` nodes, the session
    after `node_limit`. `noise` has a random word for each inspection and class row. `cut_…` are
    the fields of `Charges`.
    """
    num_parties = t.num_parties[session]
    stops = stops_of(t, session, allowed, inspection_price)
    kept = empty_store(keep, num_parties, stops.most)
    best, nodes, is_exact, is_full = -1e18, 0, True, False
    if stops.most > 0:
        fixed = float(t.fixed_gain[session]) - session_price
        sets = sets_of(t, session, stops, class_price, fixed, threshold)
        is_exact = sets.is_whole
        memory = empty_memory()
        order = np.argsort(-sets.reach)
        if not is_exact:
            best = fixed + _utmost(t, session, stops, class_price)
        for at in order:
            if sets.reach[at] < threshold:
                break
            if nodes >= node_limit or is_full:
                is_exact = False
                best = max(best, sets.reach[at])
                break
            classes = sets.classes[at]
            reach = sets.reach[at]
            leaf = leaf_of(
                t,
                session,
                stops,
                classes,
                class_price,
                fixed,
                threshold,
                reach,
                noise,
                cut_inspections,
                cut_session,
                cut_calls,
                cut_price,
                FEW_STOPS if leaf_limit <= FEW_NODES else len(stops.row),
            )
            tails = _tails(t, session, leaf, leaf_limit)
            nodes += tails.work
            if tails.best < threshold:
                best = max(best, tails.best)
                continue
            most_nodes = min(leaf_limit, node_limit - nodes)
            seen, spent, is_done = walk(
                t, session, stops, leaf, tails, classes, threshold, most_nodes, kept, memory, noise, cut_price
            )
            nodes += spent
            best = max(best, seen)
            is_done &= leaf.is_whole
            is_full = not is_done and kept.num[0] == keep and keep > SMALL
            if not is_done:
                is_exact = False
                best = max(best, sets.reach[at])
            threshold = raised(kept, threshold)
    count = kept.num[0]
    return Found(kept.gain[:count], kept.route[:count], kept.classes[:count], best, nodes, is_exact)


@kernel
def _tails(t: Tables, session: int, leaf: Leaf, leaf_limit: int) -> Tails:
    """The leaf's tails, where looking at it takes long enough to be worth them."""
    if leaf_limit > FEW_NODES and len(leaf.row) <= MANY_STOPS:
        return tails_of(t, session, leaf)
    return no_tails()


@kernel
def _utmost(t: Tables, session: int, stops: Stops, class_price: Floats) -> float:
    """A bound over all sets at once."""
    num_parties = t.num_parties[session]
    rows = party_rows(t, session)
    values = stops.gain - stops.in_cost
    total = -stops.home_cost
    for party in range(num_parties):
        cheapest = 0.0
        for row in range(rows[party], rows[party + 1]):
            cheapest = min(cheapest, class_price[row])
        total -= cheapest
        for a in range(len(values)):
            worth = t.worth[t.worth_first[session] + (stops.row[a] - t.cand_first[session]) * num_parties + party]
            values[a] += max(0.0, worth)
    return total + top(values, len(values), stops.most, np.empty(LONGEST + 1, np.float64))
