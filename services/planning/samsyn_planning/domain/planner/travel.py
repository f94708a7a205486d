"""How long it takes to drive between two places (M1): a directed table, or distance as the crow flies."""

from collections.abc import Sequence
from math import asin, ceil, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088


class Travel:
    """Seconds between places, which are indices; rows are worked out when first asked for."""

    def __init__(
        self,
        table: Sequence[Sequence[int]] | None = None,
        points: Sequence[tuple[float, float]] = (),
        kmh: float = 65,
        detour: float = 1.3,
        extra_seconds: float = 240,
    ) -> None:
        self._rows: list[Sequence[int] | None] = list(table) if table is not None else [None] * len(points)
        self._points = [(radians(lat), radians(lon), cos(radians(lat))) for lat, lon in points]
        self._seconds_per_km = (detour, kmh)
        self._extra_seconds = extra_seconds

    def row(self, origin: int) -> Sequence[int]:
        """Seconds from one place to every place."""
        row = self._rows[origin]
        if row is None:
            # The way back is as long as the way there, so known rows spare half of the sines.
            row = [
                self._between(origin, destination) if known is None else known[origin]
                for destination, known in enumerate(self._rows)
            ]
            self._rows[origin] = row
        return row

    def seconds(self, origin: int, destination: int) -> int:
        """Seconds from one place to another."""
        return self.row(origin)[destination]

    def _between(self, origin: int, destination: int) -> int:
        if origin == destination:
            return 0
        lat1, lon1, cos1 = self._points[origin]
        lat2, lon2, cos2 = self._points[destination]
        half = sin((lat2 - lat1) / 2) ** 2 + cos1 * cos2 * sin((lon2 - lon1) / 2) ** 2
        km = 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
        detour, kmh = self._seconds_per_km
        # Whole seconds up; the millionth keeps a rounding error of the sine from costing a second.
        return int(self._extra_seconds) + ceil(km * detour * 3600 / kmh - 1e-6)
