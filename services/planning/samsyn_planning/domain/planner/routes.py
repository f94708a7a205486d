"""The best start times of a route through given inspections in a given order (H2), and what they are worth."""

from collections.abc import Mapping
from typing import NamedTuple

from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.visits import FINE, Visit, Visits, disrupted_former

Route = tuple[int, ...]


class Timed(NamedTuple):
    """A route with its starts: its points without teams, and whether it differs from the published one."""

    points: int
    starts: tuple[int, ...]
    is_changed: bool


class _Label(NamedTuple):
    """A way to have come so far: when the last inspection ends, fine points, and the starts chosen."""

    end: int
    points: int
    starts: tuple[int, ...]


class Routes:
    """Evaluates routes and remembers what it found."""

    def __init__(self, facts: Facts, visits: Visits) -> None:
        self._facts = facts
        self._visits = visits
        self._known: list[dict[Route, Timed | None]] = [{} for _ in facts.sessions]
        self._rows = [facts.travel.row(inspection.place) for inspection in facts.inspections]
        self._places = [inspection.place for inspection in facts.inspections]
        self._durations = [inspection.duration for inspection in facts.inspections]

    def timed(self, session: int, route: Route) -> Timed | None:
        """The route with its best starts, None where it cannot be driven within the rules."""
        known = self._known[session]
        if route not in known:
            known[route] = self._timed(session, route, None)
        return known[route]

    def timed_as_published(self, session: int, route: Route, published: Mapping[int, int]) -> Timed | None:
        """As `timed`, with no start beyond the tolerance from the published one."""
        return self._timed(session, route, published)

    def _timed(self, session: int, route: Route, published: Mapping[int, int] | None) -> Timed | None:
        facts = self._facts
        offered = facts.sessions[session]
        if offered.max_inspections is not None and len(route) > offered.max_inspections:
            return None
        minute = facts.weights.travel_minute
        labels = [_Label(offered.start, 0, ())]
        row = facts.travel.row(offered.base)
        for inspection in route:
            visit = self._visits.of(session, inspection)
            if visit is not None and published is not None:
                visit = _clipped(visit, published[inspection], facts.weights.shift_tolerance)
            if visit is None:
                return None
            leg = row[self._places[inspection]]
            cost = FINE * minute * -(-leg // 60)
            labels = _extended(labels, visit, leg, cost, self._durations[inspection])
            if not labels:
                return None
            row = self._rows[inspection]
        leg = row[offered.base]
        home = [label for label in labels if label.end + leg <= offered.end]
        if not home:
            return None
        best = max(home, key=lambda label: label.points)
        fine = best.points - FINE * minute * -(-leg // 60)
        return Timed(-(-fine // FINE), best.starts, self.is_changed(session, route, best.starts))

    def is_changed(self, session: int, route: Route, starts: tuple[int, ...]) -> bool:
        """Whether the published operation here would count as changed (disruption's last term), teams aside."""
        former = disrupted_former(self._facts, session)
        if former is None:
            return False
        if former.inspections != frozenset(route):
            return True
        tolerance = self._facts.weights.shift_tolerance
        published = {visit.inspection: visit.start for visit in former.operation.visits}
        names = (self._facts.inspections[inspection].id for inspection in route)
        return any(abs(start - published[name]) > tolerance for name, start in zip(names, starts, strict=True))


def _clipped(visit: Visit, published: int, tolerance: int) -> Visit | None:
    spans = tuple(
        (max(first, published - tolerance), min(last, published + tolerance))
        for first, last in visit.spans
        if first <= published + tolerance and last >= published - tolerance
    )
    return visit._replace(spans=spans) if spans else None


def _extended(labels: list[_Label], visit: Visit, leg: int, cost: int, duration: int) -> list[_Label]:
    if not visit.steps:
        return _extended_steadily(labels, visit, leg, cost, duration)
    found: list[_Label] = []
    for label in labels:
        arrival = label.end + leg
        earliest = _start_from(visit, arrival)
        if earliest is None:
            continue
        starts = {earliest}
        for mark, _ in visit.steps:
            later = _start_from(visit, mark) if mark > earliest else None
            if later is not None:
                starts.add(later)
        for start in sorted(starts):
            points = label.points - cost + _points_at(visit, start)
            found.append(_Label(start + duration, points, (*label.starts, start)))
    return _undominated(found)


def _extended_steadily(labels: list[_Label], visit: Visit, leg: int, cost: int, duration: int) -> list[_Label]:
    """The common case: every start is worth the same, so the earliest is best."""
    found = []
    for label in labels:
        start = _start_from(visit, label.end + leg)
        if start is not None:
            found.append(_Label(start + duration, label.points - cost + visit.points, (*label.starts, start)))
    return found if len(found) < 2 else _undominated(found)


def _start_from(visit: Visit, moment: int) -> int | None:
    for first, last in visit.spans:
        if moment <= last:
            return max(moment, first)
    return None


def _points_at(visit: Visit, start: int) -> int:
    points = visit.steps[0][1]
    for mark, worth in visit.steps:
        if mark > start:
            break
        points = worth
    return points


def _undominated(labels: list[_Label]) -> list[_Label]:
    """Only labels that bring more than each that ends no later."""
    kept: list[_Label] = []
    for label in sorted(labels, key=lambda label: (label.end, -label.points, label.starts)):
        if not kept or label.points > kept[-1].points:
            kept.append(label)
    return kept
