"""Which municipality, and which centre, a published place is in: a small table of names and points."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# A point that is farther from every municipality's own point than this is not said to lie in any.
REACH_KM = 10.0
_KM_PER_DEGREE = 111.2
_COUNTY = " län"


@dataclass(frozen=True)
class Municipality:
    """A municipality with its representative point (WGS 84) and the centre whose area it belongs to."""

    code: str
    name: str
    lat: float
    lon: float
    centre: str


@cache
def municipalities() -> Mapping[str, Municipality]:
    """All municipalities by their names."""
    text = files("samsyn_adapter_handelser_publika").joinpath("municipalities.csv").read_text("utf-8")
    return {
        row["kommun"]: Municipality(
            row["kommunkod"], row["kommun"], float(row["lat"]), float(row["lon"]), row["centrum"]
        )
        for row in csv.DictReader(text.splitlines())
    }


def municipality_of(name: str, point: str) -> Municipality | None:
    """By the name, else by the point ("57.7,11.9"); None where neither tells, as for a whole county."""
    known = municipalities().get(name)
    if known is not None or name.endswith(_COUNTY):
        return known
    try:
        lat, lon = map(float, point.split(","))
    except ValueError:
        return None
    nearest = min(municipalities().values(), key=lambda m: _distance_km(m, lat, lon))
    return nearest if _distance_km(nearest, lat, lon) <= REACH_KM else None


def _distance_km(municipality: Municipality, lat: float, lon: float) -> float:
    """Good enough for some kilometres: the earth taken as flat there."""
    north = (municipality.lat - lat) * _KM_PER_DEGREE
    east = (municipality.lon - lon) * _KM_PER_DEGREE * math.cos(math.radians(lat))
    return math.hypot(north, east)
