"""How likely the police are to cancel a session: by area, weekday and shift, compared within one area only."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from samsyn_planning.domain.facts import Disturbance
from samsyn_planning.domain.ladder import STOCKHOLM

EARTH_RADIUS_KM = 6371.0088
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Eight hours each, from 06.00; a session belongs to the one that it starts in, the small hours to the day before.
SHIFTS = ("day", "evening", "night")
FIRST_SHIFT_BEGINS = timedelta(hours=6)
# What a disturbance takes, as the demo assumes it (no source says what the police do): data/README.md.
REACH_KM = 40.0
REACH_BEFORE_START = timedelta(hours=12)
TAKES_PERMILLE = {"heavy": 1000, "serious": 300}


class Start(NamedTuple):
    """From where (WGS 84) and when a police session starts."""

    lat: float
    lon: float
    start_at: datetime


class Area(NamedTuple):
    """A municipality's point, and the sessions cancelled there in a thousand: seven weekdays of three shifts."""

    code: str
    lat: float
    lon: float
    permille: tuple[int, ...]


def cell_of(start_at: datetime) -> tuple[int, int]:
    """Weekday (Monday is 0) and shift (as in SHIFTS) that a session starts in, in Swedish time."""
    moved = start_at.astimezone(STOCKHOLM) - FIRST_SHIFT_BEGINS
    return moved.weekday(), moved.hour // 8


def risk_permille(start: Start) -> int:
    """How many such sessions in a thousand are cancelled, by what weeks before tell."""
    weekday, shift = cell_of(start.start_at)
    return area_at(start.lat, start.lon).permille[weekday * len(SHIFTS) + shift]


def above_the_least(sessions: Iterable[tuple[str, Start]], disturbances: Sequence[Disturbance] = ()) -> dict[str, int]:
    """By session id, how much its risk per mille is above the least among the sessions that start in its own area.

    Each area has a session that costs nothing: an area where much happens is no less worth going to. What has happened
    of late lifts the risk of the sessions that it reaches.
    """
    offered = [
        (own_id, area_at(start.lat, start.lon).code, lifted(risk_permille(start), start, disturbances))
        for own_id, start in sessions
    ]
    least: dict[str, int] = {}
    for _, area, permille in offered:
        least[area] = min(permille, least.get(area, permille))
    return {own_id: permille - least[area] for own_id, area, permille in offered}


def lifted(permille: int, start: Start, disturbances: Iterable[Disturbance]) -> int:
    """The risk per mille when these have happened: each within 40 km and 12 hours before the start takes its part.

    What happened earlier is left aside: in the data it raises the risk by a tenth at most, and not for long.
    """
    kept = 1000 - permille
    for disturbance in disturbances:
        if _reaches(disturbance, start):
            kept = kept * (1000 - TAKES_PERMILLE.get(disturbance.severity, 0)) // 1000
    return 1000 - kept


@lru_cache(maxsize=4096)
def area_at(lat: float, lon: float) -> Area:
    """The area of a place: the municipality whose point is nearest."""
    return min(areas().values(), key=lambda area: (distance_km(lat, lon, area.lat, area.lon), area.code))


@cache
def areas() -> dict[str, Area]:
    """The areas that were trained, by municipality code."""
    text = files("samsyn_planning.domain").joinpath("data", "cancellation_risk.csv").read_text("utf-8")
    columns = [f"{weekday}_{shift}" for weekday in WEEKDAYS for shift in SHIFTS]
    found = {}
    for row in csv.DictReader(text.splitlines()):
        permille = tuple(int(row[column]) for column in columns)
        found[row["kommunkod"]] = Area(row["kommunkod"], float(row["lat"]), float(row["lon"]), permille)
    return found


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great circle distance."""
    phi, other_phi = math.radians(lat), math.radians(other_lat)
    half_phi, half_lambda = (other_phi - phi) / 2, math.radians(other_lon - lon) / 2
    h = math.sin(half_phi) ** 2 + math.cos(phi) * math.cos(other_phi) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


def _reaches(disturbance: Disturbance, start: Start) -> bool:
    area = areas().get(disturbance.municipality or "")
    is_in_time = start.start_at - REACH_BEFORE_START <= disturbance.at < start.start_at
    return area is not None and is_in_time and distance_km(start.lat, start.lon, area.lat, area.lon) <= REACH_KM
