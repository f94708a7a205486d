"""How long it takes to drive between two places (M1): a directed table, or distance as the crow flies."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_KM = 6371.0088
# Seconds; beyond any day's work, and room for sums in 32 bits.
FARTHEST = 10**9
# A table of more places than this is not searched for ways round.
LARGEST_CHECKED = 400


class Travel:
    """Seconds between places, which are indices."""

    def __init__(
        self,
        table: Sequence[Sequence[int]] | None = None,
        points: Sequence[tuple[float, float]] = (),
        kmh: float = 65,
        detour: float = 1.3,
        extra_seconds: int = 240,
    ) -> None:
        if table is not None:
            self._matrix = (
                np.minimum(np.array(table, np.int64), FARTHEST).astype(np.int32).reshape(len(table), len(table))
            )
            self.is_metric = _is_metric(self._matrix)
        else:
            self._matrix = _matrix(points, kmh, detour, extra_seconds)
            self.is_metric = True
        self._rows: list[list[int] | None] = [None] * len(self._matrix)

    def matrix(self) -> npt.NDArray[np.int32]:
        """Seconds from each place (row) to each place (column)."""
        return self._matrix

    def row(self, origin: int) -> list[int]:
        """Seconds from one place to every place."""
        row = self._rows[origin]
        if row is None:
            row = self._matrix[origin].tolist()
            self._rows[origin] = row
        return row

    def seconds(self, origin: int, destination: int) -> int:
        """Seconds from one place to another."""
        return int(self._matrix[origin, destination])


def _matrix(
    points: Sequence[tuple[float, float]], kmh: float, detour: float, extra_seconds: int
) -> npt.NDArray[np.int32]:
    lat, lon = np.radians(np.array(points, np.float64).reshape(-1, 2)).T
    half = np.sin((lat[None, :] - lat[:, None]) / 2) ** 2
    half += np.cos(lat)[:, None] * np.cos(lat)[None, :] * np.sin((lon[None, :] - lon[:, None]) / 2) ** 2
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    # Whole seconds up; the millionth keeps a rounding error of the sine from costing a second.
    seconds = extra_seconds + np.ceil(km * detour * 3600 / kmh - 1e-6)
    np.fill_diagonal(seconds, 0)
    matrix: npt.NDArray[np.int32] = np.minimum(seconds, FARTHEST).astype(np.int32)
    return matrix


def _is_metric(matrix: npt.NDArray[np.int32]) -> bool:
    """Whether no way round is shorter than the straight one; too large a table is taken to have some."""
    if len(matrix) > LARGEST_CHECKED:
        return False
    legs = matrix.astype(np.int64)
    return all(bool((legs[:, [via]] + legs[[via], :] >= legs).all()) for via in range(len(legs)))
