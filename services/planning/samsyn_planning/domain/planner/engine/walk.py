"""The walk: every route over the stops of one set of classes that is worth keeping, depth first.

A branch ends where even its best completion stays below the threshold, where the last two stops in the other order do
at least as well, or where the same stops with the same last one have been reached no later and no dearer. Method:
routes enumerated with completion bounds (Boussier, Feillet and Gendreau 2007, see `pricing`).
"""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kept import Kept, place_for, raised
from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.leaf import Leaf
from samsyn_planning.domain.planner.engine.stops import Stops
from samsyn_planning.domain.planner.engine.tables import Floats, Ints, Masks, Tables
from samsyn_planning.domain.planner.engine.tails import Tails
from samsyn_planning.domain.planner.engine.team_sets import NO_CLASS

# States remembered in one search (a power of two); an older one makes room.
REMEMBERED = 1 << 16


class Memory(NamedTuple):
    """States reached: stops and last one (code), when, and for how much."""

    code: Masks
    time: Ints
    gain: Floats


@kernel
def empty_memory() -> Memory:
    """A memory of `REMEMBERED` places in which nothing has been reached yet."""
    return Memory(np.zeros(REMEMBERED, np.uint64), np.zeros(REMEMBERED, np.int64), np.zeros(REMEMBERED))


@kernel
def walk(
    t: Tables,
    session: int,
    stops: Stops,
    leaf: Leaf,
    tails: Tails,
    classes: Ints,
    threshold: float,
    node_limit: int,
    kept: Kept,
    memory: Memory,
    noise: Masks,
    cut_price: Floats,
) -> tuple[float, int, bool]:
    """Keep every route of the leaf that reaches the threshold: the best gain seen, nodes spent, whether it saw all.

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
    cut_first, cut_at, cut_load = leaf.cut_first, leaf.cut_at, leaf.cut_load.copy()
    scratch = np.empty(most + 1, np.float64)
    # At the root already: what could be reached at all, by time as a knapsack.
    room, utmost = float(end - t.start[session] - home_least), leaf.cost - home_cost
    for b in range(num):
        if bound[b] > 0 and room > 0:
            utmost += min(1.0, room / stay[b]) * bound[b]
            room -= stay[b]
    if utmost < threshold:
        return best, nodes, True
    has_tails, tail_gain, tail_step, opens = len(tails.gain) > 0, tails.gain, tails.step, t.start[session]
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
        if has_tails and gain + tail_gain[stop, (begin - opens) // tail_step] - own_gain[stop] < threshold:
            continue
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
                            time = 1 << 62
                            break
                        time = start if who == stop else start + duration[who] + leg[who, following]
                    if time <= begin and (other < own or time < begin or j < i):
                        continue
        deeper = depth + 1
        code = walk_code[depth] + word[stop]
        if deeper >= 3:
            # Have the same stops, ending here, been reached no later and no dearer?
            key = code ^ (np.uint64(stop + 1) * np.uint64(0x9E3779B97F4A7C15))
            slot = np.int64((key >> np.uint64(20)) % np.uint64(REMEMBERED))
            if known_code[slot] == key and known_time[slot] <= begin and known_gain[slot] >= gain:
                continue
            if known_code[slot] != key or (known_time[slot] >= begin and known_gain[slot] <= gain):
                known_code[slot], known_time[slot], known_gain[slot] = key, begin, gain
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
def _write(leaf: Leaf, order: Ints, depth: int, classes: Ints, gain: float, kept: Kept, place: int) -> None:
    kept.gain[place] = gain
    for stop in range(kept.route.shape[1]):
        kept.route[place, stop] = leaf.who[order[stop]] if stop < depth else -1
    called = 0
    for party in range(len(classes)):
        kept.classes[place, party] = -1
        if classes[party] != NO_CLASS:
            kept.classes[place, called] = classes[party]
            called += 1
