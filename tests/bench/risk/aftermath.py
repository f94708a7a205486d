"""Whether a heavy disturbance raises the risk of sessions later than it takes them: lost beside expected, by hours."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

from samsyn_demo.disturbances import REACH_BEFORE_START, Disturbance
from samsyn_planning.domain.cancellation_risk import SHIFTS, cell_of

from tests.bench.risk.judging import Forecast
from tests.bench.risk.losses import Days, Session, near, start_of

# Hours from the last heavy disturbance that is too old to take the session (12 hours or more) to the session's start.
HOURS = (24.0, 48.0, 96.0, 168.0, inf)


@dataclass(slots=True)
class Since:
    """Sessions that many hours after a heavy disturbance: how many, lost, and lost as the rates alone expect."""

    num_sessions: int = 0
    num_lost: int = 0
    expected: float = 0.0


def by_hours_since(
    disturbances: Iterable[Disturbance], lost: frozenset[Session], days: Days, forecast: Forecast
) -> Mapping[float, Since]:
    """By the most hours since the last one within reach."""
    heavy = _heavy_by_municipality(disturbances)
    found = {hours: Since() for hours in HOURS}
    for day in days:
        for shift in range(len(SHIFTS)):
            start_at = start_of(day, shift)
            for code, instants in heavy.items():
                since = found[_hours_since(instants, start_at)]
                since.num_sessions += 1
                since.num_lost += (code, day, shift) in lost
                since.expected += forecast(code, cell_of(start_at))
    return found


def _heavy_by_municipality(disturbances: Iterable[Disturbance]) -> Mapping[str, Sequence[datetime]]:
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    for one in sorted((d for d in disturbances if d.klass == "A"), key=lambda d: d.occurred_at):
        for code in near(one.municipality.code):
            found[code].append(one.occurred_at)
    return found


def _hours_since(instants: Sequence[datetime], start_at: datetime) -> float:
    place = bisect_right(instants, start_at - REACH_BEFORE_START)
    if place == 0:
        return inf
    passed = (start_at - instants[place - 1]).total_seconds() / 3600
    return next(hours for hours in HOURS if passed <= hours)
