"""What the search among long routes takes out before it rebuilds them: few stops, chosen in one of four ways by lot.

Strings of neighbouring routes (Christiaens and Vanden Berghe 2020, "Slack induction by string removals"), stops near a
place, a stretch of each route (Vansteenwegen et al. 2009), or stops by lot.
"""

import numpy as np

from samsyn_planning.domain.planner.engine.field import Field, Routes
from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.lots import roll, share
from samsyn_planning.domain.planner.engine.tables import Flags, Ints, Masks

# So many stops are taken out on average, but no larger share of all; a string has at most so many.
STOPS, SHARE, STRING = 7.0, 0.3, 8
# Of ten times so many take strings, so many near stops, and so many stretches; the others take stops by lot.
STRINGS, NEAR, STRETCHES = 4, 3, 2
# A stop near the place is taken with this probability.
TAKEN = 0.75


@kernel
def tear(field: Field, routes: Routes, lots: Masks) -> Flags:
    """Which stops to take out."""
    is_gone = np.zeros(len(routes.route_of), np.bool_)
    total = routes.num.sum()
    if total == 0:
        return is_gone
    average = max(1.0, min(STOPS, SHARE * total))
    count = 1 + int(2.0 * average * share(lots))
    way = roll(lots, 10)
    if way < STRINGS:
        _mark_strings(routes, field.near[roll(lots, len(is_gone))], count, is_gone, lots)
    elif way < STRINGS + NEAR:
        _mark_near(routes, field.near[roll(lots, len(is_gone))], count, is_gone, lots)
    elif way < STRINGS + NEAR + STRETCHES:
        _mark_stretches(routes, 1 + int(2.0 * average / len(routes.num)), is_gone, lots)
    else:
        _mark_by_lot(routes, count, is_gone, lots)
    return is_gone


@kernel
def _mark_strings(routes: Routes, near: Ints, count: int, is_gone: Flags, lots: Masks) -> None:
    for u in near:
        r = routes.route_of[u]
        if r < 0 or is_gone[u]:
            continue
        seq, num = routes.seq[r], routes.num[r]
        length = 1 + roll(lots, min(num, STRING))
        at = 1
        while seq[at] != u:
            at += 1
        first = max(1, at - roll(lots, length))
        for k in range(first, min(num + 1, first + length)):
            count -= not is_gone[seq[k]]
            is_gone[seq[k]] = True
        if count <= 0:
            break


@kernel
def _mark_near(routes: Routes, near: Ints, count: int, is_gone: Flags, lots: Masks) -> None:
    for u in near:
        if routes.route_of[u] >= 0 and share(lots) < TAKEN:
            is_gone[u] = True
            count -= 1
            if count == 0:
                break


@kernel
def _mark_stretches(routes: Routes, most: int, is_gone: Flags, lots: Masks) -> None:
    for r in range(len(routes.num)):
        first, length = 1 + roll(lots, routes.num[r]), roll(lots, most)
        for k in range(first, min(routes.num[r] + 1, first + length)):
            is_gone[routes.seq[r, k]] = True


@kernel
def _mark_by_lot(routes: Routes, count: int, is_gone: Flags, lots: Masks) -> None:
    served = np.flatnonzero(routes.route_of >= 0)
    for _ in range(count):
        is_gone[served[roll(lots, len(served))]] = True
