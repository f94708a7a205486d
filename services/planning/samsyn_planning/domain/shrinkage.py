"""Rates of few trials drawn towards those of many (beta-binomial): cells to their area, areas to the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log
from typing import NamedTuple

# How many trials a prior may count for: powers of the square root of two, from 2 to 8 192.
STRENGTHS = tuple(2 ** (half / 2) for half in range(2, 27))
Cell = tuple[int, int]


class Counts(NamedTuple):
    """How many of so many sessions were lost."""

    num_lost: int
    num_sessions: int


class Expected(NamedTuple):
    """Counts, and the rate that they are drawn towards."""

    counts: Counts
    mean: float


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates from 0 to 1: of the whole, of each area, and of each cell of an area (weekday and shift).

    The strengths say how many sessions a prior counts for: a cell of an area has its own way only beyond that.
    """

    overall: float
    by_area: Mapping[str, float]
    by_cell: Mapping[str, Mapping[Cell, float]]
    area_strength: float
    cell_strength: float


def fit(counts: Mapping[str, Mapping[Cell, Counts]]) -> Rates:
    """Empirical Bayes in two steps; strengths are those of the largest evidence among STRENGTHS.

    An area's rate is drawn towards the whole's. A cell's is drawn towards its area's, in the shape that weekdays and
    shifts have in the whole (odds times odds). Raises ValueError where no session or every session was lost.
    """
    of_area = {area: _sum(cells.values()) for area, cells in counts.items()}
    whole = _sum(of_area.values())
    if not 0 < whole.num_lost < whole.num_sessions:
        raise ValueError(f"{whole.num_lost} of {whole.num_sessions} sessions lost: give data with some of each")
    overall = whole.num_lost / whole.num_sessions
    areas = {area: Expected(one, overall) for area, one in of_area.items()}
    area_strength = strength_of(list(areas.values()))
    by_area = {area: shrunk(one, area_strength) for area, one in areas.items()}
    shape = _shape(counts, overall)
    cells = {
        area: {cell: Expected(one, _in_shape(by_area[area], shape[cell])) for cell, one in own.items()}
        for area, own in counts.items()
    }
    cell_strength = strength_of([one for own in cells.values() for one in own.values()])
    by_cell = {area: {cell: shrunk(one, cell_strength) for cell, one in own.items()} for area, own in cells.items()}
    return Rates(overall, by_area, by_cell, area_strength, cell_strength)


def shrunk(expected: Expected, strength: float) -> float:
    """The rate after the counts, of a prior that counts for `strength` sessions."""
    (num_lost, num_sessions), mean = expected
    return (num_lost + strength * mean) / (num_sessions + strength)


def strength_of(expected: Sequence[Expected]) -> float:
    """The strength under which these counts are likeliest."""
    return max(STRENGTHS, key=lambda strength: sum(_evidence(one, strength) for one in expected))


def _evidence(expected: Expected, strength: float) -> float:
    """Logarithm of the beta-binomial likelihood, but for what does not hang on the prior."""
    (num_lost, num_sessions), mean = expected
    alpha, beta = mean * strength, (1 - mean) * strength
    after = lgamma(num_lost + alpha) + lgamma(num_sessions - num_lost + beta) - lgamma(num_sessions + strength)
    return after - lgamma(alpha) - lgamma(beta) + lgamma(strength)


def _shape(counts: Mapping[str, Mapping[Cell, Counts]], overall: float) -> dict[Cell, float]:
    """Odds of each cell over all areas, by the odds of the whole; half a session lost is added, so that none is 0."""
    names = sorted({cell for own in counts.values() for cell in own})
    summed = {cell: _sum(own[cell] for own in counts.values() if cell in own) for cell in names}
    rates = {cell: (one.num_lost + 0.5) / (one.num_sessions + 1) for cell, one in summed.items()}
    return {cell: _odds(rate) / _odds(overall) for cell, rate in rates.items()}


def _in_shape(rate: float, times: float) -> float:
    return 1 / (1 + exp(-log(_odds(rate) * times)))


def _odds(rate: float) -> float:
    return rate / (1 - rate)


def _sum(counts: Iterable[Counts]) -> Counts:
    num_lost, num_sessions = 0, 0
    for one in counts:
        num_lost, num_sessions = num_lost + one.num_lost, num_sessions + one.num_sessions
    return Counts(num_lost, num_sessions)
