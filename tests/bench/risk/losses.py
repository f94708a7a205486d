"""Which police sessions the demo's rule would have taken, had one started in every municipality, day and shift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from samsyn_demo.disturbances import REACH_BEFORE_START, REACH_KM, Disturbance
from samsyn_demo.places import STOCKHOLM, Municipality, distance_km, municipalities
from samsyn_planning.domain.cancellation_risk import SHIFTS, cell_of
from samsyn_planning.domain.shrinkage import Cell, Counts

# When the session of each shift is held to start: a usual hour for it.
STARTS = (time(8), time(15), time(22))
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """The days from the first to the last, both included."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        return (self.first + DAY * number for number in range(len(self)))

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first} to {self.last} ({len(self)} days)"


Session = tuple[str, date, int]


def taken(disturbances: Iterable[Disturbance], p_b: float, seed: int) -> frozenset[Session]:
    """The sessions taken, as municipality code, day and shift: class A takes, class B with probability `p_b`."""
    return frozenset(
        (code, day, shift)
        for disturbance in disturbances
        if takes(disturbance, p_b, seed)
        for day, shift in _starts_after(disturbance.occurred_at)
        for code in near(disturbance.municipality.code)
    )


def takes(disturbance: Disturbance, p_b: float, seed: int) -> bool:
    """The demo's own draw, by seed and id."""
    return disturbance.klass == "A" or Random(f"{seed}:takes:{disturbance.disturbance_id}").random() < p_b


def start_of(day: date, shift: int) -> datetime:
    """When the session of that day and shift starts."""
    return datetime.combine(day, STARTS[shift], STOCKHOLM).astimezone(UTC)


def counted(lost: frozenset[Session], days: Days) -> dict[str, dict[Cell, Counts]]:
    """Sessions lost of those held to start, by municipality and cell."""
    num_sessions = _num_by_cell(days)
    num_lost: dict[str, dict[Cell, int]] = {code: dict.fromkeys(num_sessions, 0) for code in municipalities()}
    for code, day, shift in lost:
        if days.first <= day <= days.last:
            num_lost[code][cell_of(start_of(day, shift))] += 1
    return {
        code: {cell: Counts(num, num_sessions[cell]) for cell, num in own.items()} for code, own in num_lost.items()
    }


@cache
def near(code: str) -> tuple[str, ...]:
    """Municipalities whose point is within the reach of a disturbance in this one."""
    here = municipalities()[code]
    return tuple(other.code for other in municipalities().values() if _km(here, other) <= REACH_KM)


def _km(one: Municipality, other: Municipality) -> float:
    return distance_km(one.lat, one.lon, other.lat, other.lon)


def _num_by_cell(days: Sequence[date] | Days) -> dict[Cell, int]:
    found: dict[Cell, int] = {}
    for day in days:
        for shift in range(len(SHIFTS)):
            cell = cell_of(start_of(day, shift))
            found[cell] = found.get(cell, 0) + 1
    return found


def _starts_after(occurred_at: datetime) -> Iterator[tuple[date, int]]:
    """Day and shift of the sessions that start within twelve hours after, the start excluded."""
    own_day = occurred_at.astimezone(STOCKHOLM).date()
    for day in (own_day, own_day + DAY):
        for shift in range(len(SHIFTS)):
            start_at = start_of(day, shift)
            if start_at - REACH_BEFORE_START <= occurred_at < start_at:
                yield day, shift
