"""Search among long routes: where sessions hold many stops in wide windows, routes are torn down in part and rebuilt.

Large-neighbourhood search (Shaw 1998; Pisinger and Ropke 2007, "A general heuristic for vehicle routing problems") that
takes little out at a time (`tearing`) and puts stops in where they bring most for the time they take (Vansteenwegen et
al. 2009, "Iterated local search for the team orienteering problem with time windows"). What an open stop would bring in
a route is kept until that route changes. Whether a change stays is decided as in simulated annealing.
"""

import numpy as np

from samsyn_planning.domain.planner.engine.field import Cooling, Field, Plan, Routes
from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.lots import roll, share
from samsyn_planning.domain.planner.engine.tables import Flags, Floats, Ints, Masks
from samsyn_planning.domain.planner.engine.tearing import tear

FAR = 1 << 60
# Offers are compared by points to one of so many powers, and in so many of ten rebuildings changed by lot by so much.
POWERS, NOISY, NOISE = 4, 7, 0.5


@kernel
def _time(field: Field, routes: Routes, r: int) -> None:
    """Work out when the stops of a route are left, and their latest starts, anew."""
    base, num = len(field.who) + r, routes.num[r]
    seq, leave, latest = routes.seq[r], routes.leave[r], routes.latest[r]
    leg, stay, low, high = field.leg, field.stay, field.span_low, field.span_high
    first, last = field.span_first[r], field.span_last[r]
    seq[0], seq[num + 1] = base, base
    leave[0] = field.start[r]
    for k in range(1, num + 1):
        stop = seq[k]
        moment = leave[k - 1] + leg[seq[k - 1], stop]
        begin = np.int64(FAR)
        for span in range(first[stop], last[stop] + 1):
            if moment <= high[span]:
                begin = max(moment, low[span])
                break
        leave[k] = begin + stay[stop]
    latest[num + 1] = field.end[r]
    for k in range(num, 0, -1):
        stop = seq[k]
        moment = latest[k + 1] - leg[stop, seq[k + 1]] - stay[stop]
        latest[k] = -np.int64(FAR)
        for span in range(last[stop], first[stop] - 1, -1):
            if low[span] <= moment:
                latest[k] = min(moment, high[span])
                break


@kernel
def offer(field: Field, routes: Routes, r: int, stops: Ints, is_anew: bool) -> int:
    """Work out the best place in a route for each of the stops; those that did not fit only if `is_anew`.

    Counts the tries. One long function on purpose: see `walk`.
    """
    num, seq, leave, latest = routes.num[r], routes.seq[r], routes.leave[r], routes.latest[r]
    points, seconds, place = routes.points[r], routes.seconds[r], routes.place[r]
    leg, cost, span_low, span_high = field.leg, field.cost, field.span_low, field.span_high
    is_full = num >= field.most[r]
    tries = 1
    for u in stops:
        if not is_anew and points[u] < 0:
            continue
        points[u], seconds[u] = -1.0, 1.0
        if is_full or not field.can_hold[r, u]:
            continue
        first, last, stay, gain = field.span_first[r, u], field.span_last[r, u], field.stay[u], field.gain[r, u]
        opening, closing = span_low[first], span_high[last]
        for k in range(num + 1):
            free, limit = leave[k], latest[k + 1]
            if free > closing:
                break
            if limit < opening + stay:
                continue
            tries += 1
            here, following = seq[k], seq[k + 1]
            arrival = free + leg[here, u]
            if arrival > closing:
                continue
            span = first
            while arrival > span_high[span]:
                span += 1
            # Whatever starts by its latest start lets the rest be done, so there is nothing else to look at.
            reach = max(arrival, span_low[span]) + stay + leg[u, following]
            if reach > limit:
                continue
            points[u] = max(0.0, points[u])
            gained = gain - cost[here, u] - cost[u, following] + cost[here, following]
            added = max(1.0, float(reach - free - leg[here, following]))
            if gained > 0 and gained * seconds[u] > points[u] * added:
                points[u], seconds[u], place[u] = gained, added, k
    return tries


@kernel
def _worth(points: float, seconds: float, power: int) -> float:
    """How good an offer is: a power of the points for the time it takes; none where there is no offer."""
    if points <= 0:
        return -1.0
    if power == 0:
        return points / seconds
    if power == 1:
        return float(points * np.sqrt(points) / seconds)
    if power == 2:
        return points * points / seconds
    return points * points * points / seconds


@kernel
def rebuild(field: Field, routes: Routes, worth: Floats, lots: Masks) -> int:
    """Put stops in, the one that brings most for its time first, until none fits. Counts the tries."""
    num_routes = len(routes.num)
    power = roll(lots, POWERS)
    noise = NOISE * share(lots) if roll(lots, 10) < NOISY else 0.0
    route_of, points, seconds = routes.route_of, routes.points, routes.seconds
    unserved = np.flatnonzero(route_of < 0)
    count, tries = len(unserved), 0
    for r in range(num_routes):
        for u in unserved:
            offered = _worth(points[r, u], seconds[r, u], power)
            worth[r, u] = offered * (1.0 + noise * share(lots)) if noise > 0 else offered
    while True:
        best, at_r, at_i, kept = 0.0, -1, -1, 0
        for i in range(count):
            u, fits = unserved[i], False
            for r in range(num_routes):
                fits |= points[r, u] >= 0
                if worth[r, u] > best:
                    best, at_r, at_i = worth[r, u], r, kept
            if fits:
                unserved[kept] = u
                kept += 1
        tries += 1
        if at_r < 0:
            return tries
        at_u = unserved[at_i]
        count = kept - 1
        unserved[at_i] = unserved[count]
        seq, place = routes.seq[at_r], routes.place[at_r, at_u] + 1
        for k in range(routes.num[at_r] + 1, place, -1):
            seq[k] = seq[k - 1]
        seq[place] = at_u
        routes.num[at_r] += 1
        route_of[at_u] = at_r
        _time(field, routes, at_r)
        tries += offer(field, routes, at_r, unserved[:count], False)
        for u in unserved[:count]:
            if points[at_r, u] >= 0 or worth[at_r, u] > 0:
                offered = _worth(points[at_r, u], seconds[at_r, u], power)
                worth[at_r, u] = offered * (1.0 + noise * share(lots)) if noise > 0 else offered


@kernel
def take_out(field: Field, routes: Routes, is_gone: Flags) -> int:
    """Take these stops out of their routes and look where what is open would fit. Counts the tries."""
    is_old = routes.route_of < 0
    tries = 0
    is_torn = np.zeros(len(routes.num), np.bool_)
    for r in range(len(routes.num)):
        kept = 0
        for k in range(1, routes.num[r] + 1):
            stop = routes.seq[r, k]
            if is_gone[stop]:
                routes.route_of[stop] = -1
            else:
                kept += 1
                routes.seq[r, kept] = stop
        is_torn[r] = kept < routes.num[r]
        if is_torn[r]:
            routes.num[r] = kept
            _time(field, routes, r)
    unserved = np.flatnonzero(routes.route_of < 0)
    taken = np.flatnonzero((routes.route_of < 0) & ~is_old)
    for r in range(len(routes.num)):
        tries += offer(field, routes, r, unserved if is_torn[r] else taken, True)
    return tries


@kernel
def started(field: Field, plan: Plan) -> Routes:
    """The plan's routes, timed, with what each open stop would bring."""
    num_routes, num_stops = field.gain.shape
    size = plan.stop.shape[1] + 2
    routes = Routes(
        np.zeros((num_routes, size), np.int64),
        plan.num.copy(),
        np.zeros((num_routes, size), np.int64),
        np.zeros((num_routes, size), np.int64),
        np.full(num_stops, -1, np.int64),
        np.full((num_routes, num_stops), -1.0),
        np.ones((num_routes, num_stops)),
        np.zeros((num_routes, num_stops), np.int64),
    )
    for r in range(num_routes):
        for k in range(plan.num[r]):
            routes.seq[r, k + 1] = plan.stop[r, k]
            routes.route_of[plan.stop[r, k]] = r
        _time(field, routes, r)
    unserved = np.flatnonzero(routes.route_of < 0)
    for r in range(num_routes):
        offer(field, routes, r, unserved, True)
    return routes


@kernel
def _copy(source: Routes, target: Routes) -> None:
    target.seq[:], target.num[:], target.leave[:], target.latest[:] = (
        source.seq,
        source.num,
        source.leave,
        source.latest,
    )
    target.route_of[:], target.points[:], target.seconds[:] = source.route_of, source.points, source.seconds
    target.place[:] = source.place


@kernel
def _write(routes: Routes, plan: Plan) -> None:
    plan.num[:] = routes.num
    plan.stop[:, :] = routes.seq[:, 1 : plan.stop.shape[1] + 1]


@kernel
def _points_of(field: Field, routes: Routes) -> float:
    """What the routes bring, the sessions' own costs aside."""
    total = 0.0
    for r in range(len(routes.num)):
        seq, num = routes.seq[r], routes.num[r]
        for k in range(1, num + 1):
            total += field.gain[r, seq[k]] - field.cost[seq[k - 1], seq[k]]
        total -= field.cost[seq[num], seq[num + 1]]
    return total


@kernel
def roam(field: Field, best: Plan, now: Plan, cooling: Cooling, tries: int, lots: Masks) -> int:
    """Go on from `now` for so many tries, write down what is better than `best`; counts the tries spent.

    A change for the worse stays with a probability that falls as `cooling` goes on.
    """
    worth = np.zeros(field.gain.shape)
    most = _points_of(field, started(field, best))
    routes = started(field, now)
    old = started(field, now)
    current = _points_of(field, old)
    spent = 1
    while spent < tries:
        spent += take_out(field, routes, tear(field, routes, lots))
        spent += rebuild(field, routes, worth, lots)
        points = _points_of(field, routes)
        warmth = cooling.hot * (cooling.cold / cooling.hot) ** min(1.0, (cooling.done + spent) / cooling.total)
        if points >= current or share(lots) < np.exp((points - current) / warmth):
            current = points
            _copy(routes, old)
            if points > most + 1e-6:
                most = points
                _write(routes, best)
        else:
            _copy(old, routes)
    _write(old, now)
    return spent
