"""Which sets of classes of teams could belong to a column worth having, each with the most that it could bring."""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.stops import Stops, top
from samsyn_planning.domain.planner.engine.tables import LONGEST, Floats, Ints, Tables

# So many sets of one session are looked at; beyond, the answer says that it is not exact.
MOST_SETS = 1 << 14
NO_CLASS = -1


class Sets(NamedTuple):
    """Sets as rows: for each party its class row or -1; `reach` bounds what a column with the set brings."""

    reach: Floats
    classes: Ints
    is_whole: bool


@kernel
def party_rows(t: Tables, session: int) -> Ints:
    """The first class row of each party of the session, and the end."""
    first, last = t.class_first[session], t.class_first[session + 1]
    rows = np.full(t.num_parties[session] + 1, last, np.int64)
    for row in range(last - 1, first - 1, -1):
        rows[t.class_party[row]] = row
    return rows


@kernel
def sets_of(t: Tables, session: int, stops: Stops, class_price: Floats, fixed: float, threshold: float) -> Sets:
    """The sets whose bound reaches the threshold; depth first over the parties, cut off by the same bound."""
    n, num_parties = len(stops.row), t.num_parties[session]
    rows = party_rows(t, session)
    worth0, cand0 = t.worth_first[session], t.cand_first[session]
    # What parties still to be decided may add to each stop, and to the costs.
    still = np.zeros((num_parties + 1, n), np.float64)
    still_cost = np.zeros(num_parties + 1, np.float64)
    for party in range(num_parties - 1, -1, -1):
        cheapest = 0.0
        for row in range(rows[party], rows[party + 1]):
            cheapest = min(cheapest, class_price[row])
        still_cost[party] = still_cost[party + 1] + cheapest
        for a in range(n):
            worth = t.worth[worth0 + (stops.row[a] - cand0) * num_parties + party]
            still[party, a] = still[party + 1, a] + max(0.0, worth)
    gain = np.empty((num_parties + 1, n), np.float64)
    gain[0, :] = stops.gain
    cost = np.zeros(num_parties + 1, np.float64)
    mask = np.zeros(num_parties + 1, np.uint64)
    counted = np.zeros(num_parties + 1, np.int64)
    called = np.zeros(num_parties + 1, np.int64)
    choice = np.full(num_parties + 1, -2, np.int64)
    values, scratch = np.empty(n, np.float64), np.empty(LONGEST + 1, np.float64)
    found_reach = np.empty(64, np.float64)
    found_classes = np.full((64, max(1, num_parties)), NO_CLASS, np.int64)
    num_found, is_whole = 0, True
    level = 0
    while level >= 0:
        if level == num_parties:
            reach = _reach(t, stops, gain[level], mask[level], values, scratch) + fixed - cost[level]
            if counted[level] >= t.least_counted[session] and reach >= threshold:
                if num_found == len(found_reach):
                    if num_found >= MOST_SETS:
                        is_whole = False
                        break
                    found_reach = np.append(found_reach, np.empty(num_found, np.float64))
                    found_classes = np.concatenate((found_classes, np.full_like(found_classes, NO_CLASS)))
                found_reach[num_found] = reach
                for party in range(num_parties):
                    found_classes[num_found, party] = NO_CLASS if choice[party] < 0 else rows[party] + choice[party]
                num_found += 1
            level -= 1
            continue
        choice[level] += 1
        chosen = choice[level]
        if chosen >= rows[level + 1] - rows[level]:
            choice[level] = -2
            level -= 1
            continue
        row = rows[level] + chosen
        if chosen >= 0 and (called[level] >= t.most_parties or class_price[row] > 1e17):
            continue
        deeper = level + 1
        cost[deeper], mask[deeper] = cost[level], mask[level]
        counted[deeper], called[deeper] = counted[level], called[level]
        gain[deeper, :] = gain[level, :]
        if chosen >= 0:
            cost[deeper] += class_price[row]
            mask[deeper] |= np.uint64(1) << np.uint64(level)
            counted[deeper] += t.class_counts[row]
            called[deeper] += 1
            for a in range(n):
                gain[deeper, a] += t.worth[worth0 + (stops.row[a] - cand0) * num_parties + level]
        reach = _reach(t, stops, gain[deeper] + still[deeper], mask[deeper], values, scratch)
        if reach + fixed - cost[deeper] - still_cost[deeper] >= threshold:
            level = deeper
            choice[level] = -2
    return Sets(found_reach[:num_found], found_classes[:num_found], is_whole)


@kernel
def _reach(t: Tables, stops: Stops, gain: Floats, mask: np.uint64, values: Floats, scratch: Floats) -> float:
    """The most that a route could bring with these gains, where every party called must be ready for each stop."""
    for a in range(len(stops.row)):
        is_ready = (t.ready[stops.row[a]] & mask) == mask
        values[a] = gain[a] - stops.in_cost[a] if is_ready else 0.0
    return top(values, len(stops.row), stops.most, scratch) - stops.home_cost
