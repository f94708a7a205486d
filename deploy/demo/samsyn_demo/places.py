"""Municipalities, red days and industries: the public data that the demo's world is placed after."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
EARTH_RADIUS_KM = 6371.0088
# The centre of each code is the one in this city (column `akc` of municipalities.csv; the mapping is our own).
CITY_OF_CENTRE: Mapping[str, str] = {
    "akc-bergslagen": "Örebro",
    "akc-mitt": "Uppsala",
    "akc-nord": "Umeå",
    "akc-ost": "Norrköping",
    "akc-stockholm": "Stockholm",
    "akc-syd": "Malmö",
    "akc-vast": "Göteborg",
}
# Red days and those that everybody keeps as such (the eves of Midsummer, Christmas and New Year).
_RED_KINDS = frozenset({"helgdag", "de_facto"})


@dataclass(frozen=True)
class Municipality:
    """A municipality with its representative point (WGS 84), population and number of food premises."""

    code: str
    name: str
    centre_city: str
    population: int
    num_food_premises: int
    lat: float
    lon: float


@dataclass(frozen=True)
class Industry:
    """An SNI 2007 class (four digits) and the field of work-life crime that it belongs to."""

    code: str
    name: str
    field: str


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a data file that ships with the demo."""
    text = files("samsyn_demo").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def municipalities() -> Mapping[str, Municipality]:
    """All 290 municipalities by their code."""
    premises = {row["kommunkod"]: int(row["anlaggningar"]) for row in rows_of("food_premises.csv")}
    return {
        row["kommunkod"]: Municipality(
            code=row["kommunkod"],
            name=row["kommun"],
            centre_city=row["akc"],
            population=int(row["befolkning_2024"]),
            num_food_premises=premises[row["kommunkod"]],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
        for row in rows_of("municipalities.csv")
    }


def municipalities_of(centre: str) -> tuple[Municipality, ...]:
    """The municipalities of a centre's area, by code."""
    city = CITY_OF_CENTRE[centre]
    return tuple(m for m in municipalities().values() if m.centre_city == city)


def city_of(centre: str) -> Municipality:
    """The municipality where the centre is."""
    city = CITY_OF_CENTRE[centre]
    return next(m for m in municipalities().values() if m.name == city)


@cache
def red_days() -> Mapping[date, str]:
    """Red days of the calendar 2023-2028 with their names; Sundays are red too and not listed."""
    return {
        date.fromisoformat(row["datum"]): row["namn"] for row in rows_of("holidays.csv") if row["typ"] in _RED_KINDS
    }


def is_red(day: date) -> bool:
    """Whether a day is red: a Sunday, or a holiday of the calendar."""
    return day.weekday() == 6 or day in red_days()


@cache
def industries() -> Mapping[str, Sequence[Industry]]:
    """The industries where work-life crime is looked for, by field."""
    found: dict[str, list[Industry]] = {}
    for row in rows_of("industries.csv"):
        industry = Industry(row["kod"], row["rubrik"], row["akrim_bransch"])
        found.setdefault(industry.field, []).append(industry)
    return found


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great circle distance between two points in degrees (haversine, R = 6371.0088 km)."""
    phi, other_phi = math.radians(lat), math.radians(other_lat)
    half_phi, half_lambda = (other_phi - phi) / 2, math.radians(other_lon - lon) / 2
    h = math.sin(half_phi) ** 2 + math.cos(phi) * math.cos(other_phi) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant (UTC) of a time of day in Sweden; hour 24 is the midnight that ends the day."""
    midnight_of = day + timedelta(days=hour // 24)
    return datetime.combine(midnight_of, time(hour % 24, minute), STOCKHOLM).astimezone(UTC)


def day_of(instant: datetime) -> date:
    """The day of an instant in Sweden."""
    return instant.astimezone(STOCKHOLM).date()
