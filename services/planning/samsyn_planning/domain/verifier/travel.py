"""Seconds of travel between places, by matrix or by the great circle (M1)."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from samsyn_planning.domain.verifier.reading import Node

EARTH_RADIUS_KM = 6371.0088


class Point(NamedTuple):
    """A position in degrees."""

    lat: float
    lon: float


Place = str | Point


@dataclass(frozen=True, slots=True)
class MatrixTravel:
    """Directed seconds between named places, as given; the triangle inequality is not assumed."""

    legs: dict[tuple[str, str], int]
    names: frozenset[str]

    def place(self, node: Node) -> Place:
        """Read a place: one of the matrix's names."""
        name = node.text()
        if name not in self.names:
            raise node.error(f'"{name}" is not among the places of travel', "add it to /travel/places and the matrix")
        return name

    def seconds(self, origin: Place, target: Place) -> int:
        """Whole seconds from origin to target."""
        return self.legs[str(origin), str(target)]


@dataclass(frozen=True, slots=True)
class CircleTravel:
    """Great-circle distance times a detour at a speed, plus a fixed time for each leg."""

    kmh: float
    detour: float
    extra_seconds: int
    _driven: dict[tuple[Place, Place], int] = field(default_factory=dict, compare=False)

    def place(self, node: Node) -> Place:
        """Read a place: latitude and longitude in degrees."""
        fields = node.fields("lat", "lon")
        point = Point(fields["lat"].number(), fields["lon"].number())
        if abs(point.lat) > 90 or abs(point.lon) > 180:
            raise node.error(f"{point.lat}, {point.lon} is no position", "give lat -90..90 and lon -180..180")
        return point

    def seconds(self, origin: Place, target: Place) -> int:
        """Whole seconds from origin to target, 0 for equal coordinates."""
        leg = (origin, target)
        if leg not in self._driven:
            self._driven[leg] = self._drive(Point(*origin), Point(*target))
        return self._driven[leg]

    def _drive(self, origin: Point, target: Point) -> int:
        if origin == target:
            return 0
        driven_seconds = great_circle_km(origin, target) * self.detour * 3600 / self.kmh
        return self.extra_seconds + math.ceil(driven_seconds - 1e-6)


Travel = MatrixTravel | CircleTravel


def great_circle_km(origin: Point, target: Point) -> float:
    """Kilometres along the great circle by the haversine formula."""
    lat_a, lat_b = math.radians(origin.lat), math.radians(target.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(target.lon - origin.lon) / 2
    haversine = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, haversine)))


def read_travel(node: Node) -> Travel:
    """Read either form of travel; a form with `places` is a matrix."""
    if isinstance(node.value, dict) and ("places" in node.value or "seconds" in node.value):
        return _read_matrix(node)
    fields = node.fields("kmh", "detour", "extra_seconds")
    kmh, detour = fields.given("kmh", 65).number(), fields.given("detour", 1.3).number()
    if kmh <= 0 or detour < 0:
        raise node.error(f"kmh {kmh} or detour {detour} is impossible", "give kmh above 0 and detour 0 or more")
    return CircleTravel(kmh, detour, fields.given("extra_seconds", 240).integer(0))


def _read_matrix(node: Node) -> MatrixTravel:
    fields = node.fields("seconds", "places")
    names = [item.text() for item in fields["places"].items()]
    rows = list(fields["seconds"].items())
    if len(set(names)) != len(names):
        raise fields["places"].error("names a place twice", "name each place once")
    if len(rows) != len(names):
        raise fields["seconds"].error(f"has {len(rows)} rows for {len(names)} places", "give one row for each place")
    legs: dict[tuple[str, str], int] = {}
    for origin, row in zip(names, rows, strict=True):
        cells = list(row.items())
        if len(cells) != len(names):
            raise row.error(f"has {len(cells)} legs for {len(names)} places", "give one leg for each place")
        legs |= {(origin, target): cell.integer(0) for target, cell in zip(names, cells, strict=True)}
    return MatrixTravel(legs, frozenset(names))
