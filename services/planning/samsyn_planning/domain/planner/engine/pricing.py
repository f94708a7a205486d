"""Pricing: the columns of a session that bring most over the prices of their inspections, teams and session.

A column is a session, an ordered route with start times, and a set of classes of teams. Sets are taken in the order of
what they could bring; for each the routes are enumerated depth first. A branch ends where even its best completion stays
below the threshold, where the last two stops in the other order do at least as well, or where the same stops with the
same last one have been reached no later and no dearer. Exact unless the node limit is met.

Method: column generation for team orienteering, routes enumerated with completion bounds (Boussier, Feillet and Gendreau
2007, "An exact algorithm for team orienteering problems", 4OR 5), with the agencies as part of the column.
"""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kept import Kept, empty_store, place_for, raised
from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.stops import Stops, leg_cost, stops_of, top
from samsyn_planning.domain.planner.engine.tables import LONGEST, Floats, Ints, Masks, Tables
from samsyn_planning.domain.planner.engine.team_sets import NO_CLASS, party_rows, sets_of

EPSILON = 1e-6
# States remembered in one search (a power of two); an older one makes room.
REMEMBERED = 1 << 16


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


class _Leaf(NamedTuple):
    """The stops that one set of classes allows, those that bring most for their time first."""

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


class _Memory(NamedTuple):
    """States reached: stops and last one (code), when, and for how much."""

    code: Masks
    time: Ints
    gain: Floats


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
    cut_members: Ints,
    cut_price: Floats,
) -> Found:
    """Up to `keep` columns of the session with a reduced gain of at least `threshold`, the best ones.

    `allowed` marks the inspections that may be visited. `keep` over 64 asks for all columns (each set of inspections and
    classes once, in its best form): where they do not fit `is_exact` is false. One set
    of classes is given up after `leaf_limit` nodes, the session after `node_limit`. `noise` has a random word for each
    inspection and class row. Of the three inspections in a row of `cut_members`, the second on a route costs
    `cut_price`.
    """
    num_parties = t.num_parties[session]
    kept = empty_store(keep, num_parties)
    stops = stops_of(t, session, allowed, inspection_price)
    best, nodes, is_exact = -1e18, 0, True
    if stops.most > 0:
        fixed = float(t.fixed_gain[session]) - session_price
        sets = sets_of(t, session, stops, class_price, fixed, threshold)
        is_exact = sets.is_whole
        memory = _Memory(np.zeros(REMEMBERED, np.uint64), np.zeros(REMEMBERED, np.int64), np.zeros(REMEMBERED))
        order = np.argsort(-sets.reach)
        if not is_exact:
            best = fixed + _utmost(t, session, stops, class_price)
        for at in order:
            if sets.reach[at] < threshold:
                break
            if nodes >= node_limit:
                is_exact = False
                best = max(best, sets.reach[at])
                break
            classes = sets.classes[at]
            leaf = _leaf(t, session, stops, classes, class_price, fixed, threshold, sets.reach[at], noise, cut_members)
            most_nodes = min(leaf_limit, node_limit - nodes)
            seen, spent, is_done = _walk(
                t, session, stops, leaf, classes, threshold, most_nodes, kept, memory, noise, cut_price
            )
            nodes += spent
            best = max(best, seen)
            if not is_done:
                is_exact = False
                best = max(best, sets.reach[at])
                if kept.count[0] == keep and keep > 64:
                    break
            threshold = raised(kept, threshold)
    count = kept.count[0]
    return Found(kept.gain[:count], kept.route[:count], kept.classes[:count], best, nodes, is_exact)


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


@kernel
def _leaf(
    t: Tables,
    session: int,
    stops: Stops,
    classes: Ints,
    class_price: Floats,
    fixed: float,
    threshold: float,
    reach: float,
    noise: Masks,
    cut_members: Ints,
) -> _Leaf:
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
    is_closed = bool(t.has_triangles[session])
    # Where no way round is shorter, a stop that brings less than its price is worth leaving out. It can count only where
    # it is the route's one stop and the teams pay for it, or while all columns within a gap are asked for.
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
    density = np.empty(num, np.float64)
    for b in range(num):
        density[b] = -(gain[b] - stops.in_cost[chosen[b]]) / stops.stay[chosen[b]]
    order = np.argsort(density)
    chosen, gain = chosen[:num][order], gain[:num][order]
    row = stops.row[chosen]
    who = t.cand[row]
    in_cost, in_time = _ways_in(t, session, t.place[who])
    place, duration = t.place[who], t.duration[who]
    latest, has_steps = np.empty(num, np.int64), np.zeros(num, np.int64)
    for b in range(num):
        home = np.int64(t.travel[place[b], t.base[session]]) if is_closed else stops.home
        latest[b] = min(t.span_high[t.span_first[row[b] + 1] - 1], t.end[session] - home - duration[b])
        has_steps[b] = t.step_first[row[b] + 1] - t.step_first[row[b]]
    bound = gain - in_cost
    stay = duration + in_time
    cut_first, cut_at = _cuts_of(who, cut_members)
    return _Leaf(
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
    )


@kernel
def _cuts_of(who: Ints, cut_members: Ints) -> tuple[Ints, Ints]:
    """Which cuts each stop is in, where at least two of their inspections are stops here."""
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
            if num_here[cut] >= 2 and (
                who[b] == cut_members[cut, 0] or who[b] == cut_members[cut, 1] or who[b] == cut_members[cut, 2]
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
        leg = np.int64(t.travel[base, place[a]])
        time, cost = leg, leg_cost(leg, t.minute_cost)
        for b in range(num):
            if b != a:
                leg = np.int64(t.travel[place[b], place[a]])
                time, cost = min(time, leg), min(cost, leg_cost(leg, t.minute_cost))
        cheapest[a], shortest[a] = cost, time
    return cheapest, shortest


@kernel
def _walk(
    t: Tables,
    session: int,
    stops: Stops,
    leaf: _Leaf,
    classes: Ints,
    threshold: float,
    node_limit: int,
    kept: Kept,
    memory: _Memory,
    noise: Masks,
    cut_price: Floats,
) -> tuple[float, int, bool]:
    """Every route of the leaf worth keeping: the best gain seen, the nodes spent, whether all was looked at.

    One long function on purpose: compiled calls that pass arrays cost more than what they would do here.
    """
    num, most = len(leaf.row), stops.most
    best, nodes, depth = -1e18, 1, 0
    if num == 0:
        return best, nodes, True
    span_low, span_high, travel, minute = t.span_low, t.span_high, t.travel, t.minute_cost
    base, end, home_least, home_cost = t.base[session], t.end[session], stops.home, stops.home_cost
    place, own_gain, bound = leaf.place, leaf.gain, leaf.bound
    duration, stay, in_time, latest, has_steps = leaf.duration, leaf.stay, leaf.in_time, leaf.latest, leaf.has_steps
    is_closed = leaf.is_closed
    known_code, known_time, known_gain = memory.code, memory.time, memory.gain
    span_from, span_to = np.empty(num, np.int64), np.empty(num, np.int64)
    step_from, step_to, best_step = np.empty(num, np.int64), np.empty(num, np.int64), np.zeros(num)
    # Legs between the leaf's own stops, the base as the last row and column, with their costs.
    leg = np.empty((num + 1, num + 1), np.int64)
    cost = np.empty((num + 1, num + 1), np.float64)
    word = np.empty(num, np.uint64)
    for a in range(num):
        row = leaf.row[a]
        span_from[a], span_to[a] = t.span_first[row], t.span_first[row + 1]
        step_from[a], step_to[a] = t.step_first[row], t.step_first[row + 1]
        if has_steps[a]:
            best_step[a] = t.step_gain[step_from[a] : step_to[a]].max()
        word[a] = noise[leaf.who[a]]
    for a in range(num + 1):
        for b in range(num + 1):
            seconds = np.int64(travel[place[a] if a < num else base, place[b] if b < num else base])
            leg[a, b], cost[a, b] = seconds, float(minute * ((seconds + 59) // 60))
    walk_who = np.full(most + 2, num, np.int64)
    walk_time = np.full(most + 2, t.start[session], np.int64)
    walk_gain = np.full(most + 2, leaf.cost, np.float64)
    walk_code = np.full(most + 2, leaf.code, np.uint64)
    next_stop, next_step = np.zeros(most + 2, np.int64), np.full(most + 2, -1, np.int64)
    is_visited = np.zeros(num, np.bool_)
    cut_first, cut_at, cut_load = leaf.cut_first, leaf.cut_at, np.zeros(len(cut_price), np.int64)
    scratch = np.empty(most + 1, np.float64)
    # At the root already: what could be reached at all, by time as a knapsack.
    room, utmost = float(end - t.start[session] - home_least), leaf.cost - home_cost
    for b in range(num):
        if bound[b] > 0 and room > 0:
            utmost += min(1.0, room / stay[b]) * bound[b]
            room -= stay[b]
    if utmost < threshold:
        return best, nodes, True
    while depth >= 0:
        stop = next_stop[depth]
        if stop >= num:
            if depth > 0:
                gone = walk_who[depth]
                is_visited[gone] = False
                for at in range(cut_first[gone], cut_first[gone + 1]):
                    cut_load[cut_at[at]] -= 1
            depth -= 1
            continue
        here, now = walk_who[depth], walk_time[depth]
        begin = -1
        if not is_visited[stop]:
            arrival = now + leg[here, stop]
            for span in range(span_from[stop], span_to[stop]):
                if arrival <= span_high[span]:
                    begin = max(arrival, span_low[span])
                    break
        if begin < 0 or begin > latest[stop]:
            next_stop[depth] += 1
            next_step[depth] = -1
            continue
        gain = walk_gain[depth] + own_gain[stop] - cost[here, stop]
        for at in range(cut_first[stop], cut_first[stop + 1]):
            if cut_load[cut_at[at]] == 1:
                gain -= cut_price[cut_at[at]]
        if has_steps[stop]:
            # The same stop once for each start that may be worth something else: the earliest, then each later step.
            step = next_step[depth]
            if step >= 0:
                while step_from[stop] + step < step_to[stop] and t.step_at[step_from[stop] + step] <= begin:
                    step += 1
                later = -1
                if step_from[stop] + step < step_to[stop]:
                    mark = t.step_at[step_from[stop] + step]
                    for span in range(span_from[stop], span_to[stop]):
                        if mark <= span_high[span]:
                            later = max(mark, span_low[span])
                            break
                if later < 0 or later > latest[stop]:
                    next_stop[depth] += 1
                    next_step[depth] = -1
                    continue
                begin = later
            next_step[depth] = step + 1
            own = t.step_gain[step_from[stop]]
            for at in range(step_from[stop] + 1, step_to[stop]):
                if t.step_at[at] <= begin:
                    own = t.step_gain[at]
            gain += own - best_step[stop]
        else:
            next_stop[depth] += 1
        if depth >= 2 and not has_steps[stop]:
            # Would the two stops before, in the other order, bring us here no later and no dearer?
            before, i, j = walk_who[depth - 2], walk_who[depth - 1], here
            if not has_steps[i] and not has_steps[j]:
                other = cost[before, j] + cost[j, i] + cost[i, stop]
                own = cost[before, i] + cost[i, j] + cost[j, stop]
                if other < own or other == own:
                    time = walk_time[depth - 2] + leg[before, j]
                    for who, following in ((j, i), (i, stop), (stop, num)):
                        start = -1
                        for span in range(span_from[who], span_to[who]):
                            if time <= span_high[span]:
                                start = max(time, span_low[span])
                                break
                        if start < 0:
                            time = np.int64(1) << 62
                            break
                        time = start if who == stop else start + duration[who] + leg[who, following]
                    if time <= begin and (other < own or time < begin or j < i):
                        continue
        deeper = depth + 1
        code = walk_code[depth] + word[stop]
        if deeper >= 3:
            # Have the same stops, ending here, been reached no later and no dearer?
            key = code ^ (np.uint64(stop + 1) * np.uint64(0x9E3779B97F4A7C15))
            at = np.int64((key >> np.uint64(20)) % np.uint64(REMEMBERED))
            if known_code[at] == key and known_time[at] <= begin and known_gain[at] >= gain:
                continue
            if known_code[at] != key or (known_time[at] >= begin and known_gain[at] <= gain):
                known_code[at], known_time[at], known_gain[at] = key, begin, gain
        nodes += 1
        if nodes > node_limit:
            return best, nodes, False
        now = begin + duration[stop]
        walk_who[deeper], walk_time[deeper], walk_gain[deeper], walk_code[deeper] = stop, now, gain, code
        if now + leg[stop, num] <= end:
            total = gain - cost[stop, num]
            best = max(best, total)
            if total >= threshold:
                kept_at = place_for(kept, code, total)
                if kept_at == -2:
                    return best, nodes, False
                if kept_at >= 0:
                    _write(leaf, walk_who[1:], deeper, classes, total, kept, kept_at)
                    threshold = raised(kept, threshold)
        if deeper >= most:
            continue
        # The most that going on could add, the way home included: by number of stops, and by time as a knapsack.
        is_visited[stop] = True
        room = float(end - now - home_least)
        left, by_time, by_count, held = most - deeper, 0.0, 0.0, 0
        before, broken, is_full = 0.0, -1e18, False
        for b in range(num):
            if is_visited[b] or bound[b] <= 0:
                continue
            way = leg[stop, b] if is_closed else in_time[b]
            if now + way > latest[b]:
                continue
            value = bound[b]
            if not is_full:
                if stay[b] <= room:
                    by_time += value
                    room -= stay[b]
                    before = value / stay[b]
                elif broken < -1e17 and before > 0:
                    # The first that does not fit: with it, something as good for its time as the last must go.
                    broken = by_time + value - (stay[b] - room) * before
                else:
                    by_time += max(0.0, room) * value / stay[b]
                    is_full = True
            if held < left:
                at = held
                held += 1
            elif value > scratch[left - 1]:
                at = left - 1
            else:
                continue
            while at > 0 and scratch[at - 1] < value:
                scratch[at] = scratch[at - 1]
                at -= 1
            scratch[at] = value
        for b in range(held):
            by_count += scratch[b]
        by_time = max(by_time, broken)
        if gain + min(by_time, by_count) - home_cost >= threshold:
            for at in range(cut_first[stop], cut_first[stop + 1]):
                cut_load[cut_at[at]] += 1
            depth = deeper
            next_stop[depth], next_step[depth] = 0, -1
        else:
            is_visited[stop] = False
    return best, nodes, True


@kernel
def _write(leaf: _Leaf, order: Ints, depth: int, classes: Ints, gain: float, kept: Kept, place: int) -> None:
    kept.gain[place] = gain
    for stop in range(LONGEST):
        kept.route[place, stop] = leaf.who[order[stop]] if stop < depth else -1
    called = 0
    for party in range(len(classes)):
        kept.classes[place, party] = -1
        if classes[party] != NO_CLASS:
            kept.classes[place, called] = classes[party]
            called += 1
