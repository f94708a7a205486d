"""When an inspection may start on a session and what each start is worth, team interests aside."""

from typing import NamedTuple

from samsyn_planning.domain.planner.days import day_of, midnights
from samsyn_planning.domain.planner.facts import Facts, Former
from samsyn_planning.domain.planner.form_rules import site_rules
from samsyn_planning.domain.planner.problem import Inspection, Session

# Points are kept in fine steps, so that of two routes of equal worth the one that leaves published times alone wins.
FINE = 4096


class Visit(NamedTuple):
    """One inspection on one session: disjoint spans of possible starts, and fine points from each instant on."""

    spans: tuple[tuple[int, int], ...]
    points: int
    steps: tuple[tuple[int, int], ...]
    published_start: int | None


class Visits:
    """Each possible visit, worked out when first asked for."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: list[dict[int, Visit | None]] = [{} for _ in facts.sessions]
        self._is_one_day = [day_of(session.start) == day_of(session.end) for session in facts.sessions]
        self._themes = frozenset(row.tag for row in facts.weights.theme)
        self._was = {i: former for former in facts.formers if former.is_hit for i in sorted(former.inspections)}

    def of(self, session: int, inspection: int, spans: tuple[tuple[int, int], ...] | None = None) -> Visit | None:
        """The visit, None where a rule that needs no other visit or team forbids it (H2-H6, H11, H13, H16).

        `spans` are those of `start_spans`, where they are known already.
        """
        known = self._known[session]
        if inspection not in known:
            known[inspection] = self._visit(session, inspection, spans)
        return known[inspection]

    def may_use(self, session: int) -> bool:
        """Whether H13 lets the session be used at all."""
        return self._facts.rules.consent == "any" or not self._facts.needs_consent(session, None)

    def _visit(self, session: int, inspection: int, known_spans: tuple[tuple[int, int], ...] | None) -> Visit | None:
        facts = self._facts
        offered, wanted = facts.sessions[session], facts.inspections[inspection]
        if not facts.is_open_to(session, inspection) or not self.may_use(session):
            return None
        if any(site_rules(facts, offered, wanted).values()):
            return None
        spans = start_spans(offered, wanted) if known_spans is None else known_spans
        if not spans:
            return None
        former = disrupted_former(facts, session)
        published = _published_start(facts, former or self._was.get(inspection), inspection)
        steady = steady_points(facts, offered, wanted) + _keep_points(facts, former, inspection)
        if published is None and self._is_one_day[session] and not (wanted.tags & self._themes):
            return Visit(spans, FINE * (steady + start_points(facts, wanted, offered.start)), (), None)
        steps = self._steps(offered, wanted, spans, former, published)
        if len(steps) == 1:
            return Visit(spans, FINE * steady + steps[0][1], (), None)
        return Visit(spans, 0, tuple((start, FINE * steady + points) for start, points in steps), published)

    def _steps(
        self,
        session: Session,
        inspection: Inspection,
        spans: tuple[tuple[int, int], ...],
        former: Former | None,
        published: int | None,
    ) -> list[tuple[int, int]]:
        first, last = spans[0][0], spans[-1][1]
        marks = {first, *midnights(first, last)}
        for row in self._facts.weights.theme:
            if row.tag in inspection.tags:
                marks.update((row.start, row.end))
        if published is not None:
            tolerance = self._facts.weights.shift_tolerance
            marks.update((published - tolerance, published, published + 1, published + tolerance + 1))
        steps: list[tuple[int, int]] = []
        for mark in sorted(mark for mark in marks if first <= mark <= last):
            points = FINE * start_points(self._facts, inspection, mark)
            points -= _shift_cost(self._facts, former, published, mark)
            if not steps or points != steps[-1][1] or published is not None:
                steps.append((mark, points))
        return steps


def start_spans(session: Session, inspection: Inspection) -> tuple[tuple[int, int], ...]:
    """Disjoint spans of starts that windows, deadline and the session's hours allow; travel is left to the route."""
    latest = session.end - inspection.duration
    if inspection.deadline is not None:
        latest = min(latest, inspection.deadline - inspection.duration)
    spans: list[tuple[int, int]] = []
    for opens, closes in inspection.windows:
        first, last = max(opens, session.start), min(closes - inspection.duration, latest)
        if first > last:
            continue
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return tuple(spans)


def disrupted_former(facts: Facts, session: int) -> Former | None:
    """The published operation whose changes on this session count as disruption: neither lost nor frozen."""
    former = facts.former_at.get(session)
    return None if former is None or former.is_lost or former.is_frozen else former


def steady_points(facts: Facts, session: Session, inspection: Inspection) -> int:
    """The points of an inspection that hang on neither its start nor its teams."""
    weights = facts.weights
    points = weights.value * inspection.value
    points -= weights.risk * weights.value * inspection.value * session.cancel_permille // 100000
    if session.police:
        points += weights.experience * session.experience
    elif inspection.police_need == "wanted":
        points -= weights.no_police
    return points


def start_points(facts: Facts, inspection: Inspection, start: int) -> int:
    """The points of an inspection that hang on when it starts: lateness, earliness and themes."""
    weights, day = facts.weights, day_of(start)
    points = weights.earliness * max(0, 10 - max(0, day - day_of(facts.problem.now)) // 7)
    if inspection.due is not None:
        points -= weights.late_day * max(0, day - day_of(inspection.due))
    for row in weights.theme:
        if row.tag in inspection.tags and row.start <= start < row.end:
            points += row.points
    return points


def _published_start(facts: Facts, former: Former | None, inspection: int) -> int | None:
    if former is None or inspection not in former.inspections:
        return None
    name = facts.inspections[inspection].id
    return next(visit.start for visit in former.operation.visits if visit.inspection == name)


def _keep_points(facts: Facts, former: Former | None, inspection: int) -> int:
    """What it saves (or costs) in disruption that the session holds the inspection."""
    if former is None:
        return 0
    weights = facts.weights
    return former.near * (weights.removed if inspection in former.inspections else -weights.added)


def _shift_cost(facts: Facts, former: Former | None, published: int | None, start: int) -> int:
    """Fine points that a start costs because the inspection was published at another.

    Of starts worth the same the published one wins, even where a hit operation counts as no disruption.
    """
    if published is None or start == published:
        return 0
    is_shifted = former is not None and abs(start - published) > facts.weights.shift_tolerance
    return 1 + (FINE * former.near * facts.weights.shifted if former is not None and is_shifted else 0)
