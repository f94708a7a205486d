"""Which inspections a used session has time for beside those it holds, in any place of its route (H1, H2)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.routes import Route
from samsyn_planning.domain.planner.site_obstacles import Marks, Numbers, Sites
from samsyn_planning.domain.planner.visits import start_spans

NEVER = np.iinfo(np.int64).max // 4


class _Stop(NamedTuple):
    """One inspection of a route: where, how long, and when it may start."""

    place: int
    duration: int
    spans: tuple[tuple[int, int], ...]


class Room:
    """Asks of one session's route after another; the earliest start is always the one that leaves most room."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites
        self._facts = sites.facts
        self._legs = sites.facts.travel.matrix()

    def beside(self, session: int, route: Route, rows: Numbers) -> Marks:
        """For each of these rows of the sites whether the route has time for it; its teams are not asked."""
        offered = self._facts.sessions[session]
        fits = np.zeros(len(rows), np.bool_)
        if offered.max_inspections is not None and len(route) >= offered.max_inspections:
            return fits
        stops = [self._stop(session, inspection) for inspection in route]
        windows = _of_rows(self._sites.spans(session), rows)
        place, free = offered.base, offered.start
        for done in range(len(stops) + 1):
            fits |= self._fits_after(place, free, rows, windows, stops[done:], session)
            if done < len(stops):
                stop = stops[done]
                free = int(_earliest(np.array([free + int(self._legs[place, stop.place])]), stop)[0])
                place = stop.place
        return fits

    def _stop(self, session: int, inspection: int) -> _Stop:
        wanted = self._facts.inspections[inspection]
        return _Stop(wanted.place, wanted.duration, start_spans(self._facts.sessions[session], wanted))

    def _fits_after(
        self,
        place: int,
        free: int,
        rows: Numbers,
        windows: tuple[Numbers, Numbers, Numbers],
        rest: Sequence[_Stop],
        session: int,
    ) -> Marks:
        offered, places = self._facts.sessions[session], self._sites.places[rows]
        positions, first, last = windows
        start = np.maximum(first, (free + self._legs[place, places].astype(np.int64))[positions])
        clock = np.full(len(rows), NEVER, np.int64)
        np.minimum.at(clock, positions, np.where(start <= last, start, NEVER))
        clock = clock + self._sites.durations[rows]
        at: int | Numbers = places
        for stop in rest:
            clock = _earliest(clock + self._legs[at, stop.place], stop)
            at = stop.place
        return np.asarray(clock + self._legs[at, offered.base] <= offered.end, np.bool_)


def _of_rows(spans: tuple[Numbers, Numbers, Numbers], rows: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The windows of these rows alone, with the position among them in place of the row."""
    owners, first, last = spans
    if not len(rows):
        return owners[:0], first[:0], last[:0]
    positions = np.minimum(np.searchsorted(rows, owners), len(rows) - 1)
    kept = rows[positions] == owners
    return positions[kept], first[kept], last[kept]


def _earliest(arrivals: Numbers, stop: _Stop) -> Numbers:
    """When the stop can be over at the earliest for each arrival, far beyond any day where it cannot be."""
    found = np.full(len(arrivals), NEVER, np.int64)
    for first, last in reversed(stop.spans):
        found = np.where(arrivals <= last, np.maximum(arrivals, first), found)
    return found + stop.duration
