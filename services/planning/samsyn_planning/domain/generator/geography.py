"""The geography of a centre: its municipalities, and the towns that its police sessions start from."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

EARTH_RADIUS_KM = 6371.0088
# The mapping of municipalities to centres (column akc) is our own, by police region.
CENTRES: dict[str, str] = {
    "akc-bergslagen": "Örebro",
    "akc-mitt": "Uppsala",
    "akc-nord": "Umeå",
    "akc-ost": "Norrköping",
    "akc-stockholm": "Stockholm",
    "akc-syd": "Malmö",
    "akc-vast": "Göteborg",
}
NUM_BASES = 7
BASES_WITHIN_KM = 130.0
SITES_WITHIN_KM = 38.0
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality with its representative point (WGS 84) and, where it was computed, its exposure per mille."""

    code: str
    name: str
    population: int
    num_food_premises: int
    lat: float
    lon: float
    exposure_permille: int | None


@dataclass(frozen=True, slots=True)
class Area:
    """Where a centre's sessions start, the first base being its city, and the municipalities that they reach."""

    bases: tuple[Municipality, ...]
    municipalities: tuple[Municipality, ...]


@cache
def area_of(centre: str) -> Area:
    """The area of a centre; raises ValueError naming the centres there are."""
    if centre not in CENTRES:
        raise ValueError(f"centre: {centre!r} is not known, choose one of {', '.join(CENTRES)}")
    own = [municipality for city, municipality in _municipalities() if city == CENTRES[centre]]
    city = next(m for m in own if m.name == CENTRES[centre])
    ranked = sorted(own, key=lambda m: (m is not city, -m.population, m.code))
    bases = tuple(m for m in ranked if distance_km(m, city) <= BASES_WITHIN_KM)[:NUM_BASES]
    reached = tuple(m for m in own if min(distance_km(m, base) for base in bases) <= SITES_WITHIN_KM)
    return Area(bases, reached)


def distance_km(one: Municipality, other: Municipality) -> float:
    """Great circle distance between two municipalities' points."""
    phi, other_phi = math.radians(one.lat), math.radians(other.lat)
    half_phi, half_lambda = (other_phi - phi) / 2, math.radians(other.lon - one.lon) / 2
    h = math.sin(half_phi) ** 2 + math.cos(phi) * math.cos(other_phi) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


def point_near(municipality: Municipality, north_m: int, east_m: int) -> dict[str, float]:
    """The point so many metres to the north and east of the municipality's point."""
    north, east = north_m / 1000 / _KM_PER_DEGREE, east_m / 1000 / _KM_PER_DEGREE
    lon = municipality.lon + east / math.cos(math.radians(municipality.lat))
    return {"lat": round(municipality.lat + north, 5), "lon": round(lon, 5)}


@cache
def _municipalities() -> tuple[tuple[str, Municipality], ...]:
    text = files("samsyn_planning.domain.generator").joinpath("data", "municipalities.csv").read_text("utf-8")
    return tuple((row["akc"], _municipality(row)) for row in csv.DictReader(text.splitlines()))


def _municipality(row: dict[str, str]) -> Municipality:
    return Municipality(
        code=row["kommunkod"],
        name=row["kommun"],
        population=int(row["befolkning_2024"]),
        num_food_premises=int(row["anlaggningar"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        exposure_permille=round(float(row["a_40km"]) * 1000) if row["a_40km"] else None,
    )
