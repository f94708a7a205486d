"""The stops that one set of classes of teams allows, with all that a walk over them asks for again and again."""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.stops import Stops, leg_cost
from samsyn_planning.domain.planner.engine.tables import Floats, Ints, Masks, Tables
from samsyn_planning.domain.planner.engine.team_sets import NO_CLASS


class Leaf(NamedTuple):
    """Stops as rows, those that bring most for their time first; instants and durations in seconds, gains in points.

    `row` is a stop's candidate row, `who` its inspection, `gain` what it brings over its price, `bound` the same less
    the cheapest drive there, `stay` its duration with the shortest drive, `latest` its last possible start. `cost` is
    what the set brings without stops. Where no way round is ever shorter `is_closed` holds. `code` is the set's random
    word, `cut_at[cut_first[b]:cut_first[b + 1]]` the cuts that stop b is in, `cut_load` how many rows
    of each cut the session and the set are in themselves.
    """

    row: Ints
    who: Ints
    place: Ints
    gain: Floats
    bound: Floats
    duration: Ints
    stay: Ints
    in_time: Ints
    latest: Ints
    has_steps: Ints
    cost: float
    is_closed: bool
    code: np.uint64
    cut_first: Ints
    cut_at: Ints
    cut_load: Ints
    is_whole: bool


@kernel
def leaf_of(
    t: Tables,
    session: int,
    stops: Stops,
    classes: Ints,
    class_price: Floats,
    fixed: float,
    threshold: float,
    reach: float,
    noise: Masks,
    cut_inspections: Ints,
    cut_session: Ints,
    cut_calls: Ints,
    cut_price: Floats,
    most_stops: int,
) -> Leaf:
    """The stops that a set allows, with their gains from the teams called; `reach` bounds what the set brings.

    Of more than `most_stops` those that bring most for their time, and then the leaf is not whole.

    One long function on purpose: see `walk`.
    """
    n, num_parties = len(stops.row), t.num_parties[session]
    mask, cover, skills = np.uint64(0), np.uint64(0), np.uint64(0)
    cost, code = fixed, np.uint64(0)
    for party in range(num_parties):
        row = classes[party]
        if row != NO_CLASS:
            bit = np.uint64(1) << np.uint64(party)
            mask |= bit
            if t.class_covers[row]:
                cover |= bit
            skills |= t.class_skills[row]
            cost -= class_price[row]
            code += noise[len(t.place) + row]
    cut_load = np.zeros(len(cut_price), np.int64)
    for cut in range(len(cut_price)):
        load = 1 if cut_session[cut] == session else 0
        for party in range(num_parties):
            if classes[party] != NO_CLASS:
                load += cut_calls[cut, classes[party]]
        cut_load[cut] = load
        if load >= 2:
            cost -= cut_price[cut]
    is_closed = bool(t.has_triangles[session])
    # Where no way round is shorter, a stop that brings less than its price is worth leaving out. It can count only
    # where it is the route's one stop and the teams pay for it, or while all columns within a gap are asked for.
    least = -1e18
    if is_closed:
        least = threshold - reach if threshold < 0 else min(0.0, threshold - cost)
    gain, chosen, num = np.empty(n, np.float64), np.empty(n, np.int64), 0
    for a in range(n):
        row = stops.row[a]
        if (t.required[row] & cover) != t.required[row] or (t.ready[row] & mask) != mask:
            continue
        if (t.needs[row] & skills) != t.needs[row]:
            continue
        total = stops.gain[a]
        first = t.worth_first[session] + (row - t.cand_first[session]) * num_parties
        for party in range(num_parties):
            if classes[party] != NO_CLASS:
                total += t.worth[first + party]
        if total < least or (total <= 0 and least == 0):
            continue
        gain[num], chosen[num] = total, a
        num += 1
    chosen, gain, is_whole = chosen[:num], gain[:num], num <= most_stops
    if not is_whole:
        best = _densest(gain - stops.in_cost[chosen], stops.stay[chosen])[:most_stops]
        chosen, gain, num = chosen[best], gain[best], most_stops
    # By the ways in from these stops alone: the walk's knapsack is a bound in the order of its own figures only.
    who = t.cand[stops.row[chosen]]
    in_cost, in_time = _ways_in(t, session, t.place[who])
    order = _densest(gain - in_cost, t.duration[who] + in_time)
    chosen, gain, in_cost, in_time = chosen[order], gain[order], in_cost[order], in_time[order]
    row, who = stops.row[chosen], who[order]
    place, duration = t.place[who], t.duration[who]
    latest, has_steps = np.empty(num, np.int64), np.zeros(num, np.int64)
    for b in range(num):
        home = np.int64(t.travel[place[b], t.base[session]]) if is_closed else stops.home
        latest[b] = min(t.span_high[t.span_first[row[b] + 1] - 1], t.end[session] - home - duration[b])
        has_steps[b] = t.step_first[row[b] + 1] - t.step_first[row[b]]
    bound = gain - in_cost
    stay = duration + in_time
    cut_first, cut_at = _cuts_of(who, cut_inspections, cut_load)
    return Leaf(
        row,
        who,
        place,
        gain,
        bound,
        duration,
        stay,
        in_time,
        latest,
        has_steps,
        cost,
        is_closed,
        code,
        cut_first,
        cut_at,
        cut_load,
        is_whole,
    )


@kernel
def _densest(gain: Floats, stay: Ints) -> Ints:
    """The order of stops by what they bring for their time, most first."""
    return np.argsort(-gain / stay)


@kernel
def _cuts_of(who: Ints, cut_members: Ints, load: Ints) -> tuple[Ints, Ints]:
    """Which cuts each stop is in, of those that stops here decide."""
    first = np.zeros(len(who) + 1, np.int64)
    at = np.empty(3 * len(cut_members), np.int64)
    num = 0
    num_here = np.zeros(len(cut_members), np.int64)
    for cut in range(len(cut_members)):
        for b in range(len(who)):
            if who[b] == cut_members[cut, 0] or who[b] == cut_members[cut, 1] or who[b] == cut_members[cut, 2]:
                num_here[cut] += 1
    for b in range(len(who)):
        for cut in range(len(cut_members)):
            if (
                load[cut] < 2
                and num_here[cut] + load[cut] >= 2
                and (who[b] == cut_members[cut, 0] or who[b] == cut_members[cut, 1] or who[b] == cut_members[cut, 2])
            ):
                at[num] = cut
                num += 1
        first[b + 1] = num
    return first, at[:num].copy()


@kernel
def _ways_in(t: Tables, session: int, place: Ints) -> tuple[Floats, Ints]:
    """The least that driving to each of these places costs and takes, from the base or from one another."""
    num, base = len(place), t.base[session]
    cheapest, shortest = np.empty(num, np.float64), np.empty(num, np.int64)
    for a in range(num):
        leg = int(t.travel[base, place[a]])
        time, cost = leg, leg_cost(leg, t.minute_cost)
        for b in range(num):
            if b != a:
                leg = int(t.travel[place[b], place[a]])
                time, cost = min(time, leg), min(cost, leg_cost(leg, t.minute_cost))
        cheapest[a], shortest[a] = cost, time
    return cheapest, shortest
