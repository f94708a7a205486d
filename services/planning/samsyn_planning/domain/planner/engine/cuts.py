"""Subset-row cuts: of three inspections at most one column holds two or more, which the linear master does not know.

Source: Jepsen, Petersen, Spoorendonk and Pisinger 2008, "Subset-row inequalities applied to the vehicle-routing problem
with time windows", Operations Research 56.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from samsyn_planning.domain.planner.engine.columns import Column

Triple = tuple[int, int, int]
# How far over 1 a linear solution must be before a cut is worth its row.
LEAST = 0.02


def holds_two(route: Sequence[int], triple: Triple) -> bool:
    """Whether the route has two or all three of the inspections."""
    return sum(inspection in route for inspection in triple) >= 2


def violated(columns: Sequence[Column], values: Sequence[float], known: set[Triple], most: int) -> list[Triple]:
    """Triples that a linear solution overfills, the worst first."""
    pairs: dict[tuple[int, int], float] = defaultdict(float)
    triples: dict[Triple, float] = defaultdict(float)
    near: dict[int, set[int]] = defaultdict(set)
    for column, value in zip(columns, values, strict=True):
        if value < 1e-6 or value > 1 - 1e-6:
            continue
        stops = sorted(column.route)
        for pair in combinations(stops, 2):
            pairs[pair] += value
            near[pair[0]].add(pair[1])
            near[pair[1]].add(pair[0])
        for triple in combinations(stops, 3):
            triples[triple] += value
    found: dict[Triple, float] = {}
    for a, b in pairs:
        for c in near[a] | near[b]:
            if c in (a, b):
                continue
            x, y, z = sorted((a, b, c))
            triple = (x, y, z)
            if triple in found or triple in known:
                continue
            load = pairs.get((x, y), 0.0) + pairs.get((x, z), 0.0) + pairs.get((y, z), 0.0)
            found[triple] = load - 2 * triples.get(triple, 0.0)
    worst = sorted((-load, triple) for triple, load in found.items() if load > 1 + LEAST)
    return [triple for _, triple in worst[:most]]
