"""Which rules on places, hours, police and the freeze keep inspections off sessions, for all pairs at once."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from samsyn_planning.domain.planner.codes import BIT
from samsyn_planning.domain.planner.facts import Facts

Numbers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


class Sites:
    """Some inspections as columns of numbers: where, how long, and in which windows, one after another."""

    def __init__(self, facts: Facts, inspections: Sequence[int]) -> None:
        wanted = [facts.inspections[inspection] for inspection in inspections]
        self.facts = facts
        self.inspections = list(inspections)
        self.places = np.array([one.place for one in wanted], np.int64)
        self.durations = np.array([one.duration for one in wanted], np.int64)
        windows = [
            (row, opens, closes if one.deadline is None else min(closes, one.deadline))
            for row, one in enumerate(wanted)
            for opens, closes in one.windows
        ]
        self._owners, self._opens, closes = np.array(windows, np.int64).reshape(-1, 3).T
        self._closes = closes
        self._latest = closes - self.durations[self._owners]

    def spans(self, session: int) -> tuple[Numbers, Numbers, Numbers]:
        """Row, first and last start of each window that the session's hours touch, by row; travel is left out."""
        offered = self.facts.sessions[session]
        touched = np.flatnonzero((self._opens < offered.end) & (self._closes > offered.start))
        owners = self._owners[touched]
        first = np.maximum(self._opens[touched], offered.start)
        last = np.minimum(self._latest[touched], offered.end - self.durations[owners])
        return owners, first, last


def site_obstacles(sites: Sites, may_use: Callable[[int], bool]) -> tuple[Numbers, Marks]:
    """For each inspection (row) and session (column) the broken rules as bits, and whether the time would do (H2)."""
    facts = sites.facts
    sessions, wanted = facts.sessions, [facts.inspections[inspection] for inspection in sites.inspections]
    bits = np.zeros((len(wanted), len(sessions)), np.int64)
    bases = np.array([session.base for session in sessions], np.int64)
    there = facts.travel.matrix()[np.ix_(bases, sites.places)].T.astype(np.int64)
    fits = _fits(sites, there)
    bits[~fits] |= BIT["H2"]
    reach = np.array([_or(session.max_travel_seconds, there.max(initial=0)) for session in sessions], np.int64)
    bits[there > reach] |= BIT["H3"]
    officers = np.array([session.officers if session.police else np.inf for session in sessions])
    least = np.array([one.min_officers for one in wanted])
    bits[least[:, None] > officers[None, :]] |= BIT["H5"]
    unpoliced = np.array([not session.police for session in sessions], np.bool_)
    bound = np.array([one.police_need == "required" for one in wanted], np.bool_)
    bits[bound[:, None] & unpoliced[None, :]] |= BIT["H16"]
    areas = {area: [s.areas is not None and area not in s.areas for s in sessions] for area in _areas(facts, sites)}
    skills = {one.required_skills: [not one.required_skills <= s.skills for s in sessions] for one in wanted}
    for row, one in enumerate(wanted):
        if one.area is not None:
            bits[row] |= np.where(areas[one.area], BIT["H4"], 0)
        if one.required_skills:
            bits[row] |= np.where(skills[one.required_skills], BIT["H6"], 0)
    for session in range(len(sessions)):
        if not may_use(session):
            bits[:, session] |= BIT["H13"]
        bits[_closed(sites, session), session] |= BIT["H11"]
    return bits, fits


def _fits(sites: Sites, there: Numbers) -> Marks:
    facts = sites.facts
    fits = np.zeros(there.shape, np.bool_)
    legs = facts.travel.matrix()
    for session, offered in enumerate(facts.sessions):
        owners, first, last = sites.spans(session)
        back = legs[sites.places[owners], offered.base]
        start = np.maximum(first, offered.start + there[owners, session])
        is_free = start <= np.minimum(last, offered.end - sites.durations[owners] - back)
        fits[owners[is_free], session] = True
    return fits


def _closed(sites: Sites, session: int) -> Marks | Sequence[int]:
    """The rows that H11 keeps out of the session."""
    facts = sites.facts
    freeze = facts.problem.freeze_until
    if facts.is_closed(session):
        return np.ones(len(sites.inspections), np.bool_)
    if freeze is None or facts.sessions[session].start >= freeze:
        return []
    return [row for row, one in enumerate(sites.inspections) if not facts.is_open_to(session, one)]


def _areas(facts: Facts, sites: Sites) -> Iterable[str]:
    areas = {facts.inspections[inspection].area for inspection in sites.inspections}
    return sorted(area for area in areas if area is not None)


def _or(limit: int | None, otherwise: int) -> int:
    return otherwise if limit is None else limit
