"""Search among long routes: where sessions hold many stops in wide windows, routes are torn down in part and rebuilt.

Large-neighbourhood search (Shaw 1998; Pisinger and Ropke 2007, "A general heuristic for vehicle routing problems") with
segments, near stops or stops by lot taken out, and stops put in where they bring most for the time they take
(Vansteenwegen et al. 2009, "Iterated local search for the team orienteering problem with time windows").
"""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.tables import Flags, Floats, Ints, Masks, Tables

NEVER = -1e18


class Field(NamedTuple):
    """Routes by sessions; stops are numbered 0 .. len(who) - 1, the base of route r is stop `len(who) + r`.

    `row[r, u]` is the stop's candidate row on the route's session (-1: it cannot be there), `gain[r, u]` its points,
    `most[r]` how many stops the route may have; `leg[u, v]` are seconds from stop to stop, `cost[u, v]` their points.
    """

    session: Ints
    who: Ints
    row: Ints
    gain: Floats
    most: Ints
    leg: Ints
    cost: Floats


class Routes(NamedTuple):
    """`stop[r, k]` for k < `num[r]`, when each starts, and the latest start that still lets the rest be done.

    `route_of[u]` is the route that holds stop u, -1 where none does.
    """

    stop: Ints
    num: Ints
    start: Ints
    latest: Ints
    route_of: Ints


@kernel
def _draw(state: Masks) -> np.uint64:
    """SplitMix64."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = np.uint64(state[0])
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@kernel
def _roll(state: Masks, sides: int) -> int:
    return int(np.int64(_draw(state) % np.uint64(max(1, sides))))


@kernel
def _share(state: Masks) -> float:
    return float(_draw(state) >> np.uint64(11)) / 9007199254740992.0


@kernel
def _time(t: Tables, field: Field, routes: Routes, r: int) -> None:
    """Work out the starts and latest starts of a route anew."""
    base = len(field.who) + r
    now, here = t.start[field.session[r]], base
    for k in range(routes.num[r]):
        stop = routes.stop[r, k]
        row = field.row[r, stop]
        moment = now + field.leg[here, stop]
        begin = np.int64(1) << 60
        for span in range(t.span_first[row], t.span_first[row + 1]):
            if moment <= t.span_high[span]:
                begin = max(moment, t.span_low[span])
                break
        routes.start[r, k] = begin
        now, here = begin + t.duration[field.who[stop]], stop
    limit, following = t.end[field.session[r]], base
    for k in range(routes.num[r] - 1, -1, -1):
        stop = routes.stop[r, k]
        row = field.row[r, stop]
        moment = limit - field.leg[stop, following] - t.duration[field.who[stop]]
        latest = -(np.int64(1) << 60)
        for span in range(t.span_first[row + 1] - 1, t.span_first[row] - 1, -1):
            if t.span_low[span] <= moment:
                latest = min(moment, t.span_high[span])
                break
        routes.latest[r, k] = latest
        limit, following = latest, stop


@kernel
def _best_places(
    t: Tables, field: Field, routes: Routes, r: int, power: float, worth: Floats, place: Ints, delta: Floats
) -> int:
    """For each stop that is nowhere the best place in the route: rank, place and points gained. Counts the tries.

    One long function on purpose: see `walk`.
    """
    num_stops, num = len(field.who), routes.num[r]
    base, session = num_stops + r, field.session[r]
    start, stop_at, latest = routes.start, routes.stop, routes.latest
    leg, cost, span_low, span_high = field.leg, field.cost, t.span_low, t.span_high
    tries = 0
    for u in range(num_stops):
        worth[r, u] = NEVER
        row = field.row[r, u]
        if routes.route_of[u] >= 0 or row < 0 or num >= field.most[r]:
            continue
        first, last, stay = t.span_first[row], t.span_first[row + 1], t.duration[field.who[u]]
        final = span_high[last - 1]
        here, free = base, t.start[session]
        for k in range(num + 1):
            tries += 1
            arrival = free + leg[here, u]
            following = base if k == num else stop_at[r, k]
            if arrival <= final:
                begin = arrival
                for span in range(first, last):
                    if arrival <= span_high[span]:
                        begin = max(arrival, span_low[span])
                        break
                reach = begin + stay + leg[u, following]
                limit = t.end[session] if k == num else latest[r, k]
                # Before the next stop's window opens nothing is lost: what counts is whether its latest start holds.
                if reach <= limit:
                    is_fine = True
                    if k < num:
                        row_k = field.row[r, following]
                        at = np.int64(1) << 60
                        for span in range(t.span_first[row_k], t.span_first[row_k + 1]):
                            if reach <= span_high[span]:
                                at = max(reach, span_low[span])
                                break
                        is_fine = at <= limit
                    if is_fine:
                        gained = field.gain[r, u] - cost[here, u] - cost[u, following] + cost[here, following]
                        added = begin + stay - free + leg[u, following] - leg[here, following]
                        if gained > 0:
                            rank = gained**power / max(1.0, float(added))
                            if rank > worth[r, u]:
                                worth[r, u], place[r, u], delta[r, u] = rank, k, gained
            if k < num:
                here, free = following, start[r, k] + t.duration[field.who[following]]
    return tries


@kernel
def _rebuild(t: Tables, field: Field, routes: Routes, power: float, noise: float, state: Masks) -> int:
    """Put stops in, the one that brings most for its time first, until none fits. Counts the tries."""
    num_routes, num_stops = field.gain.shape
    worth = np.full((num_routes, num_stops), NEVER)
    place, delta = np.zeros((num_routes, num_stops), np.int64), np.zeros((num_routes, num_stops))
    tries = 0
    for r in range(num_routes):
        tries += _best_places(t, field, routes, r, power, worth, place, delta)
    while True:
        at_r, at_u = _first_by_rank(worth, noise, state)
        if at_r < 0:
            return tries
        for k in range(routes.num[at_r], place[at_r, at_u], -1):
            routes.stop[at_r, k] = routes.stop[at_r, k - 1]
        routes.stop[at_r, place[at_r, at_u]] = at_u
        routes.num[at_r] += 1
        routes.route_of[at_u] = at_r
        worth[:, at_u] = NEVER
        _time(t, field, routes, at_r)
        tries += _best_places(t, field, routes, at_r, power, worth, place, delta)


@kernel
def _first_by_rank(worth: Floats, noise: float, state: Masks) -> tuple[int, int]:
    """The route and stop of the highest worth, each a little changed by lot; -1 where nothing fits."""
    num_routes, num_stops = worth.shape
    best, at_r, at_u = NEVER, -1, -1
    for r in range(num_routes):
        for u in range(num_stops):
            if worth[r, u] > NEVER:
                rank = worth[r, u] * (1.0 + noise * _share(state)) if noise > 0 else worth[r, u]
                if rank > best:
                    best, at_r, at_u = rank, r, u
    return at_r, at_u


@kernel
def _tear_down(t: Tables, field: Field, routes: Routes, state: Masks) -> None:
    """Take out a part of the stops: a stretch of each route, those near a stop, or by lot."""
    num_routes, num_stops = field.gain.shape
    way = _roll(state, 3)
    is_gone = np.zeros(num_stops, np.bool_)
    if way == 0:
        _mark_stretches(routes, is_gone, state)
    elif way == 1:
        _mark_near(field, routes, is_gone, state)
    else:
        share = 0.05 + 0.3 * _share(state)
        for u in range(num_stops):
            is_gone[u] = _share(state) < share
    for r in range(num_routes):
        kept = 0
        for k in range(routes.num[r]):
            stop = routes.stop[r, k]
            if is_gone[stop]:
                routes.route_of[stop] = -1
            else:
                routes.stop[r, kept] = stop
                kept += 1
        if kept < routes.num[r]:
            routes.num[r] = kept
            _time(t, field, routes, r)


@kernel
def _mark_stretches(routes: Routes, is_gone: Flags, state: Masks) -> None:
    share = 0.1 + 0.4 * _share(state)
    for r in range(len(routes.num)):
        count = max(1, int(share * routes.num[r] * _share(state) * 2))
        first = _roll(state, routes.num[r])
        for k in range(first, min(routes.num[r], first + count)):
            is_gone[routes.stop[r, k]] = True


@kernel
def _mark_near(field: Field, routes: Routes, is_gone: Flags, state: Masks) -> None:
    num_stops = len(field.who)
    centre = _roll(state, num_stops)
    count = max(2, int((0.05 + 0.3 * _share(state)) * routes.num.sum()))
    for u in np.argsort(field.leg[centre, :num_stops]):
        if routes.route_of[u] >= 0 and _share(state) < 0.8:
            is_gone[u] = True
            count -= 1
            if count == 0:
                break


@kernel
def points_of(field: Field, stop: Ints, num: Ints) -> float:
    """What the routes bring, the sessions' own costs aside."""
    total = 0.0
    for r in range(len(num)):
        here = len(field.who) + r
        for k in range(num[r]):
            total += field.gain[r, stop[r, k]] - field.cost[here, stop[r, k]]
            here = stop[r, k]
        total -= field.cost[here, len(field.who) + r]
    return total


@kernel
def roam(t: Tables, field: Field, stop: Ints, num: Ints, tries: int, heat: float, seed: int) -> tuple[float, int]:
    """Better the routes in `stop` and `num` in place for so many tries; the points reached, and the tries spent.

    Worse routes are accepted with a probability that falls with `heat` (a share of the points) and the tries left.
    """
    num_routes, num_stops = field.gain.shape
    state = np.empty(1, np.uint64)
    state[0] = np.uint64(seed)
    size = stop.shape[1]
    now = Routes(
        stop.copy(),
        num.copy(),
        np.zeros((num_routes, size), np.int64),
        np.zeros((num_routes, size), np.int64),
        np.full(num_stops, -1, np.int64),
    )
    for r in range(num_routes):
        for k in range(num[r]):
            now.route_of[stop[r, k]] = r
        _time(t, field, now, r)
    spent = _rebuild(t, field, now, 2.0, 0.0, state)
    current = points_of(field, now.stop, now.num)
    best = current
    stop[:, :], num[:] = now.stop, now.num
    old_stop, old_num, old_route_of = now.stop.copy(), now.num.copy(), now.route_of.copy()
    while spent < tries:
        _tear_down(t, field, now, state)
        power = 1.0 + 2.0 * _share(state)
        noise = 0.0 if _roll(state, 3) == 0 else 0.5 * _share(state)
        spent += _rebuild(t, field, now, power, noise, state)
        points = points_of(field, now.stop, now.num)
        warmth = heat * abs(best) * (1.0 - spent / tries) + 1e-9
        if points >= current or _share(state) < np.exp((points - current) / warmth):
            current = points
            old_stop[:, :], old_num[:], old_route_of[:] = now.stop, now.num, now.route_of
            if points > best + 1e-6:
                best = points
                stop[:, :], num[:] = now.stop, now.num
        else:
            now.stop[:, :], now.num[:], now.route_of[:] = old_stop, old_num, old_route_of
            for r in range(num_routes):
                _time(t, field, now, r)
    return best, spent
