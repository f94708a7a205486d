"""Subset-row cuts: of three inspections at most one column holds two or more, which the linear master does not know.

Source: Jepsen, Petersen, Spoorendonk and Pisinger 2008, "Subset-row inequalities applied to the vehicle-routing problem
with time windows", Operations Research 56.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from samsyn_planning.domain.planner.engine.columns import Column

Pair = tuple[int, int]
Triple = tuple[int, int, int]
# How far over 1 a linear solution must be before a cut is worth its row.
LEAST = 0.02
# A value so near to none or all of a column is taken as that.
WHOLE = 1e-6


def holds_two(route: Sequence[int], triple: Triple) -> bool:
    """Whether the route has two or all three of the inspections."""
    return sum(inspection in route for inspection in triple) >= 2


def violated(columns: Sequence[Column], values: Sequence[float], known: set[Triple], most: int) -> list[Triple]:
    """Up to `most` triples that a linear solution overfills, the worst first, without those known.

    `values[k]` is how much of `columns[k]` the solution takes.
    """
    pairs, triples = _loads(columns, values)
    found: dict[Triple, float] = {}
    for triple in _near(pairs) - known:
        load = sum(pairs.get(pair, 0.0) for pair in combinations(triple, 2))
        found[triple] = load - 2 * triples.get(triple, 0.0)
    worst = sorted((-load, triple) for triple, load in found.items() if load > 1 + LEAST)
    return [triple for _, triple in worst[:most]]


def _loads(columns: Sequence[Column], values: Sequence[float]) -> tuple[dict[Pair, float], dict[Triple, float]]:
    """How much each two and each three inspections are together in columns that are taken in part."""
    pairs: dict[Pair, float] = defaultdict(float)
    triples: dict[Triple, float] = defaultdict(float)
    for column, value in zip(columns, values, strict=True):
        if WHOLE <= value <= 1 - WHOLE:
            stops = sorted(column.route)
            for pair in combinations(stops, 2):
                pairs[pair] += value
            for triple in combinations(stops, 3):
                triples[triple] += value
    return pairs, triples


def _near(pairs: Iterable[Pair]) -> set[Triple]:
    """The triples of which one inspection is together with each of the other two somewhere."""
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
