"""How likely the police are to cancel a session: by area, weekday and shift, compared within one area only."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from statistics import NormalDist
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


# The normal deviate that leaves 5 % on either side.
DEVIATE_90 = NormalDist().inv_cdf(0.95)


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


class Model(NamedTuple):
    """What the table was trained on, and as how many sessions the evidence of a cell counts."""

    version: str
    num_cases: int


class Figure(NamedTuple):
    """A risk per mille, and between which it most likely is (90 %)."""

    permille: int
    low_permille: int
    high_permille: int


def cell_of(start_at: datetime) -> tuple[int, int]:
    """Weekday (Monday is 0) and shift (as in SHIFTS) that a session starts in, in Swedish time."""
    moved = start_at.astimezone(STOCKHOLM) - FIRST_SHIFT_BEGINS
    return moved.weekday(), moved.hour // 8


def risk_permille(start: Start) -> int:
    """How many such sessions in a thousand are cancelled, by what weeks before tell."""
    weekday, shift = cell_of(start.start_at)
    return area_at(start.lat, start.lon).permille[weekday * len(SHIFTS) + shift]


def figure_of(start: Start) -> Figure:
    """The risk with an interval: Wilson's for the rate after the counts, of the sessions seen and the prior's together.

    The rate is a beta posterior's mean, and its counts sum to `num_cases`. Wilson's score interval stands in for the
    posterior's own, which it is near: Brown, Cai and DasGupta, Interval Estimation for a Binomial Proportion,
    Statistical Science 16 (2001), equation 4 and section 4.
    """
    p, n, z = risk_permille(start) / 1000, model().num_cases, DEVIATE_90
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Figure(risk_permille(start), max(0, round(1000 * (middle - half))), min(1000, round(1000 * (middle + half))))


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
    for disturbance in reaching(start, disturbances):
        kept = kept * (1000 - TAKES_PERMILLE[disturbance.severity]) // 1000
    return 1000 - kept


def lifted_figure(figure: Figure, start: Start, disturbances: Sequence[Disturbance]) -> Figure:
    """The risk and its interval when these have happened: what each takes is taken for certain."""
    return Figure(*(lifted(permille, start, disturbances) for permille in figure))


def live_ones(disturbances: Iterable[Disturbance], now: datetime | None) -> list[Disturbance]:
    """Those that are not over, as told or as expected, by the centre's time."""
    return [one for one in disturbances if now is None or not one.is_over(now)]


def reaching(start: Start, disturbances: Iterable[Disturbance]) -> list[Disturbance]:
    """Those that take police from a session that starts there and then."""
    return [one for one in disturbances if one.severity in TAKES_PERMILLE and _reaches(one, start)]


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


@cache
def model() -> Model:
    """What the table was trained on."""
    told = json.loads(files("samsyn_planning.domain").joinpath("data", "cancellation_risk.json").read_text("utf-8"))
    return Model(told["version"], told["num_sessions"] + told["num_prior"])


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
