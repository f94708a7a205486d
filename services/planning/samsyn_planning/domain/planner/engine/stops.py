"""The stops that a session can make, as the pricing kernel sees them before it looks at any route."""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.tables import Floats, Ints, Tables


class Stops(NamedTuple):
    """Candidate rows with their best gain over the price, and the least that driving there costs and takes.

    `home` is the shortest drive home of all (seconds), `home_cost` the cheapest (points); at most `most` stops fit.
    """

    row: Ints
    gain: Floats
    in_cost: Floats
    stay: Ints
    in_time: Ints
    home: int
    home_cost: float
    most: int


@kernel
def leg_cost(leg: int, minute_cost: int) -> float:
    """Points that a drive of so many seconds costs, a begun minute as a whole one."""
    return float(minute_cost * ((leg + 59) // 60))


@kernel
def stops_of(t: Tables, session: int, allowed: Ints, inspection_price: Floats) -> Stops:
    """The session's allowed candidates."""
    first, last, base = t.cand_first[session], t.cand_first[session + 1], t.base[session]
    row = np.empty(last - first, np.int64)
    n = 0
    for candidate in range(first, last):
        if allowed[t.cand[candidate]]:
            row[n] = candidate
            n += 1
    row = row[:n].copy()
    gain, in_cost = np.empty(n, np.float64), np.empty(n, np.float64)
    stay, in_time = np.empty(n, np.int64), np.empty(n, np.int64)
    home, home_cost = 1 << 40, 1e18
    for a in range(n):
        who = t.cand[row[a]]
        here = t.place[who]
        best = t.gain[row[a]]
        for step in range(t.step_first[row[a]], t.step_first[row[a] + 1]):
            best = max(best, t.step_gain[step])
        gain[a] = best - inspection_price[who]
        leg = int(t.travel[base, here])
        shortest, cheapest = leg, leg_cost(leg, t.minute_cost)
        for b in range(n):
            if b != a:
                leg = int(t.travel[t.place[t.cand[row[b]]], here])
                shortest = min(shortest, leg)
                cheapest = min(cheapest, leg_cost(leg, t.minute_cost))
        in_time[a], in_cost[a] = shortest, cheapest
        stay[a] = t.duration[who] + shortest
        leg = int(t.travel[here, base])
        home = min(home, leg)
        home_cost = min(home_cost, leg_cost(leg, t.minute_cost))
    return Stops(row, gain, in_cost, stay, in_time, home, home_cost, _most(t, session, stay, home))


@kernel
def _most(t: Tables, session: int, stay: Ints, home: int) -> int:
    """How many stops fit at most, by the shortest stays."""
    room, most = t.end[session] - t.start[session] - home, 0
    for shortest in np.sort(stay):
        if most >= t.most_visits[session] or shortest > room:
            break
        room -= shortest
        most += 1
    return most


@kernel
def top(values: Floats, count: int, most: int, scratch: Floats) -> float:
    """The sum of the `most` largest positive values among the first `count`."""
    held = 0
    total = 0.0
    for place in range(count):
        value = values[place]
        if value <= 0:
            continue
        if most >= count:
            total += value
            continue
        if held < most:
            at = held
            held += 1
        elif value > scratch[held - 1]:
            at = held - 1
        else:
            continue
        while at > 0 and scratch[at - 1] < value:
            scratch[at] = scratch[at - 1]
            at -= 1
        scratch[at] = value
    for place in range(held):
        total += scratch[place]
    return total
