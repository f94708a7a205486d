"""Which inspections a session could reach at all, worked out for all of them at once before each is looked at."""

import numpy as np
import numpy.typing as npt

from samsyn_planning.domain.planner.facts import Facts

Spans = tuple[tuple[int, int], ...]


class Reach:
    """A sieve: what it lets through is still judged by `Visits`, what it holds back could never be visited."""

    def __init__(self, facts: Facts, travel: npt.NDArray[np.int32]) -> None:
        self._facts, self._travel = facts, travel
        inspections = facts.inspections
        self._place = np.array([i.place for i in inspections], np.int64)
        self._duration = np.array([i.duration for i in inspections], np.int64)
        far = np.iinfo(np.int64).max // 4
        self._deadline = np.array([far if i.deadline is None else i.deadline for i in inspections], np.int64)
        windows = [(index, low, high) for index, i in enumerate(inspections) for low, high in i.windows]
        table = np.array(windows, np.int64).reshape(-1, 3)
        self._owner, self._opens, self._closes = table[:, 0], table[:, 1], table[:, 2]
        self._needs_police = np.array([i.police_need == "required" for i in inspections], np.bool_)
        self._officers = np.array([i.min_officers for i in inspections], np.int64)
        # Where a way round may be shorter than the straight one, only the shortest leg of all says how near a site is.
        self._nearest = None if facts.travel.is_metric else (travel.min(axis=0), travel.min(axis=1))

    def candidates(self, session: int) -> dict[int, Spans]:
        """The inspections within reach, by index, with the spans in which they may start (travel left to the route)."""
        facts, offered = self._facts, self._facts.sessions[session]
        if facts.is_closed(session):
            return {}
        straight = self._travel[offered.base, self._place].astype(np.int64)
        if self._nearest is None:
            there, back = straight, self._travel[self._place, offered.base].astype(np.int64)
        else:
            there, back = (nearest[self._place].astype(np.int64) for nearest in self._nearest)
        owner, closes = self._owner, self._closes
        first = np.maximum(self._opens, offered.start)
        last = np.minimum(closes, np.minimum(offered.end, self._deadline)[owner]) - self._duration[owner]
        is_open = first <= last
        latest = (offered.end - back - self._duration)[owner]
        is_reached = np.maximum(first, (offered.start + there)[owner]) <= np.minimum(last, latest)
        is_within = np.zeros(len(self._place), np.bool_)
        is_within[owner[is_reached]] = True
        if offered.police:
            is_within &= self._officers <= offered.officers
        else:
            is_within &= ~self._needs_police
        if offered.max_travel_seconds is not None:
            is_within &= straight <= offered.max_travel_seconds
        chosen = np.flatnonzero(is_open & is_within[owner])
        spans: dict[int, list[tuple[int, int]]] = {}
        for index, low, high in zip(owner[chosen].tolist(), first[chosen].tolist(), last[chosen].tolist(), strict=True):
            own = spans.setdefault(index, [])
            if own and low <= own[-1][1] + 1:
                own[-1] = (own[-1][0], max(own[-1][1], high))
            else:
                own.append((low, high))
        return {index: tuple(own) for index, own in spans.items()}
