"""Subset-row cuts: of three rows at most one column is in two or more, which the linear master does not know.

A row is that of an inspection, of a session, or of a team that the sessions of a clique share. Source: Jepsen,
Petersen, Spoorendonk and Pisinger 2008, "Subset-row inequalities applied to the vehicle-routing problem with time
windows", Operations Research 56; sessions and teams are rows of the same kind here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.tables import Floats, Ints

Pair = tuple[int, int]
Triple = tuple[int, int, int]
# How far over 1 a linear solution must be before a cut is worth its row.
LEAST = 0.02
# A value so near to none or all of a column is taken as that.
WHOLE = 1e-6
NOBODY = -1


class Charges(NamedTuple):
    """Cuts with their prices, as pricing sees them: what a column that is in two rows of a cut pays.

    Rows are cuts: `inspections` its inspections and `session` its session (-1: none), `calls` by class row how many of
    its rows calling that class is in, `price` points.
    """

    inspections: Ints
    session: Ints
    calls: Ints
    price: Floats

    def of(self, session: Ints, route: Ints, classes: Ints) -> Floats:
        """What columns pay: their sessions, and as rows their inspections and class rows (-1 beyond the end)."""
        if not len(self.price):
            return np.zeros(len(session))
        load = (self.session[None, :] == session[:, None]).astype(np.int64)
        for stop in range(route.shape[1]):
            load += (self.inspections[None, :, :] == _nobody_else(route[:, stop])[:, None, None]).sum(axis=2)
        for call in range(classes.shape[1]):
            row = classes[:, call]
            load += np.where((row >= 0)[:, None], self.calls[:, row].T, 0)
        paid: Floats = np.where(load >= 2, self.price[None, :], 0.0).sum(axis=1)
        return paid


def _nobody_else(stops: Ints) -> Ints:
    """The stops, where there is none something that no cut names."""
    return np.where(stops < 0, NOBODY - 1, stops)


def no_charges(num_classes: int) -> Charges:
    """What pricing is told where there are no cuts."""
    return Charges(
        np.empty((0, 3), np.int64), np.empty(0, np.int64), np.empty((0, num_classes), np.int64), np.empty(0, np.float64)
    )


def holds_two(members: Collection[int], triple: Triple) -> bool:
    """Whether two or all three rows of the cut are among these rows."""
    return sum(row in members for row in triple) >= 2


def violated(
    columns: Sequence[Collection[int]], values: Sequence[float], known: set[Triple], most: int
) -> list[Triple]:
    """Up to `most` triples that a linear solution overfills, the worst first, without those known.

    `columns[k]` are the rows that column k is in, `values[k]` is how much of it the solution takes.
    """
    pairs, triples = _loads(columns, values)
    found: dict[Triple, float] = {}
    for triple in _near(pairs) - known:
        load = sum(pairs.get(pair, 0.0) for pair in combinations(triple, 2))
        found[triple] = load - 2 * triples.get(triple, 0.0)
    worst = sorted((-load, triple) for triple, load in found.items() if load > 1 + LEAST)
    return [triple for _, triple in worst[:most]]


def _loads(
    columns: Sequence[Collection[int]], values: Sequence[float]
) -> tuple[dict[Pair, float], dict[Triple, float]]:
    """How much each two and each three rows are together in columns that are taken in part."""
    pairs: dict[Pair, float] = defaultdict(float)
    triples: dict[Triple, float] = defaultdict(float)
    for column, value in zip(columns, values, strict=True):
        if WHOLE <= value <= 1 - WHOLE:
            rows = sorted(column)
            for pair in combinations(rows, 2):
                pairs[pair] += value
            for triple in combinations(rows, 3):
                triples[triple] += value
    return pairs, triples


def _near(pairs: Iterable[Pair]) -> set[Triple]:
    """The triples of which one row is together with each of the other two somewhere."""
    near: dict[int, set[int]] = defaultdict(set)
    for a, b in pairs:
        near[a].add(b)
        near[b].add(a)
    found: set[Triple] = set()
    for a, b in pairs:
        for c in (near[a] | near[b]) - {a, b}:
            x, y, z = sorted((a, b, c))
            found.add((x, y, z))
    return found
