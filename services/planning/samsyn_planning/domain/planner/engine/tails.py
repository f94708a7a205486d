"""Tails: the most that a route could still bring from each stop on, by when it arrives there.

Worked out backwards in steps of time over routes that may come to a stop again, but not at once: a bound, for true
routes are among them. Method: state space relaxation with 2-cycles left out (Christofides, Mingozzi and Toth 1981,
Networks 11), used as completion bounds.
"""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.leaf import Leaf
from samsyn_planning.domain.planner.engine.tables import Floats, Tables

# Steps of time in a session: about so many; where stops are so short that more were needed there is no bound.
STEPS, MOST_STEPS = 96, 400
HOME, NONE = -1, -2
NOTHING = -1e18


class Tails(NamedTuple):
    """`gain[b, k]` bounds what stop b and all after it bring, way home included, if it is reached in step k or later.

    Step k begins k * `step` seconds after the session's start. `best` bounds what any route of the set brings. Where
    there is no bound `gain` is empty. `work` is counted as nodes are.
    """

    gain: Floats
    step: int
    best: float
    work: int


@kernel
def no_tails() -> Tails:
    """No bound."""
    return Tails(np.empty((0, 0), np.float64), 1, 1e18, 0)


@kernel
def tails_of(t: Tables, session: int, leaf: Leaf) -> Tails:
    """The tails over the stops of a leaf.

    One long function on purpose: see `walk`.
    """
    num, base, start, end = len(leaf.row), t.base[session], t.start[session], t.end[session]
    length = end - start
    step = max(1, (length + STEPS - 1) // STEPS)
    for b in range(num):
        step = min(step, leaf.duration[b])
    if num == 0 or step < 1 or length // step > MOST_STEPS:
        return no_tails()
    num_steps = int(length // step) + 1
    gain = np.full((num, num_steps), NOTHING, np.float64)
    second = np.full((num, num_steps), NOTHING, np.float64)
    following = np.full((num, num_steps), NONE, np.int64)
    leg, cost = np.empty((num, num), np.int64), np.empty((num, num), np.float64)
    home_cost = np.empty(num, np.float64)
    for a in range(num):
        for b in range(num):
            seconds = np.int64(t.travel[leaf.place[a], leaf.place[b]])
            leg[a, b], cost[a, b] = seconds, float(t.minute_cost * ((seconds + 59) // 60))
        seconds = np.int64(t.travel[leaf.place[a], base])
        home_cost[a] = float(t.minute_cost * ((seconds + 59) // 60))
    work = 0
    for k in range(num_steps - 1, -1, -1):
        arrival = start + k * step
        for a in range(num):
            begin = np.int64(-1)
            row = leaf.row[a]
            for span in range(t.span_first[row], t.span_first[row + 1]):
                if arrival <= t.span_high[span]:
                    begin = max(arrival, t.span_low[span])
                    break
            if begin < 0 or begin > leaf.latest[a]:
                continue
            now = begin + leaf.duration[a]
            best, other, best_next = -home_cost[a], NOTHING, HOME
            work += num
            for b in range(num):
                if b == a:
                    continue
                at = (now + leg[a, b] - start) // step
                if at >= num_steps:
                    continue
                onward = second[b, at] if following[b, at] == a else gain[b, at]
                value = onward - cost[a, b]
                if value > best:
                    best, other, best_next = value, best, b
                elif value > other:
                    other = value
            gain[a, k], second[a, k], following[a, k] = leaf.gain[a] + best, leaf.gain[a] + other, best_next
    utmost = NOTHING
    for a in range(num):
        seconds = np.int64(t.travel[base, leaf.place[a]])
        at = seconds // step
        if at < num_steps:
            utmost = max(utmost, leaf.cost + gain[a, at] - float(t.minute_cost * ((seconds + 59) // 60)))
    return Tails(gain, int(step), utmost, work // 64)
