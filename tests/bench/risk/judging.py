"""Holds rates trained on earlier days against later days: Brier scores, an interval by weeks, and reliability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from samsyn_demo.places import municipalities
from samsyn_planning.domain.cancellation_risk import SHIFTS, cell_of
from samsyn_planning.domain.shrinkage import Cell, Rates

from tests.bench.risk.losses import Days, Session, start_of

Forecast = Callable[[str, Cell], float]
EDGES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 1.0)
NUM_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Bin:
    """Sessions whose risk was told between two edges: how many, what was told on average, and what happened."""

    below: float
    num_sessions: int
    told: float
    happened: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One later day's session: what happened, in which week."""

    code: str
    cell: Cell
    week: date
    is_lost: bool


def forecasts(rates: Rates) -> dict[str, Forecast]:
    """What is compared: the rate of all, of the area, and of the cell."""
    return {
        "overall base rate": lambda _code, _cell: rates.overall,
        "area's base rate": lambda code, _cell: rates.by_area[code],
        "area × weekday × shift": lambda code, cell: rates.by_cell[code][cell],
    }


def judged(lost: frozenset[Session], days: Days, codes: frozenset[str] | None = None) -> list[Judged]:
    """Every session of those days, in these municipalities or in all."""
    return list(_judged(lost, days, codes or frozenset(municipalities())))


def _judged(lost: frozenset[Session], days: Days, codes: frozenset[str]) -> Iterator[Judged]:
    for day in days:
        week = date.fromisocalendar(*day.isocalendar()[:2], 1)
        for shift in range(len(SHIFTS)):
            cell = cell_of(start_of(day, shift))
            for code in sorted(codes):
                yield Judged(code, cell, week, (code, day, shift) in lost)


def brier(forecast: Forecast, sessions: list[Judged]) -> float:
    """Mean squared distance between what was told (0 to 1) and what happened (0 or 1)."""
    return sum((forecast(one.code, one.cell) - one.is_lost) ** 2 for one in sessions) / len(sessions)


def skill_interval(better: Forecast, base: Forecast, sessions: list[Judged]) -> tuple[float, float]:
    """1 - Brier by Brier: 95 % between these, weeks drawn anew (areas and days of a week hang together)."""
    of_week: defaultdict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in sessions:
        sums = of_week[one.week]
        sums[0] += (better(one.code, one.cell) - one.is_lost) ** 2
        sums[1] += (base(one.code, one.cell) - one.is_lost) ** 2
    chance, weeks = Random("weeks"), list(of_week.values())
    drawn = (chance.choices(weeks, k=len(weeks)) for _ in range(NUM_RESAMPLES))
    skills = sorted(1 - sum(week[0] for week in some) / sum(week[1] for week in some) for some in drawn)
    return skills[NUM_RESAMPLES // 40], skills[-NUM_RESAMPLES // 40]


def reliability(forecast: Forecast, sessions: list[Judged]) -> list[Bin]:
    """What was told beside what happened, by what was told."""
    told: Mapping[float, list[tuple[float, bool]]] = {edge: [] for edge in EDGES}
    for one in sessions:
        risk = forecast(one.code, one.cell)
        told[next(edge for edge in EDGES if risk < edge or edge == EDGES[-1])].append((risk, one.is_lost))
    return [
        Bin(edge, len(rows), sum(risk for risk, _ in rows) / len(rows), sum(lost for _, lost in rows) / len(rows))
        for edge, rows in told.items()
        if rows
    ]
