"""The old plan without the lost: what was published stands, what is hit is mended or dropped. Always valid."""

from itertools import combinations

from samsyn_planning.domain.planner.facts import Former
from samsyn_planning.domain.planner.routes import Route
from samsyn_planning.domain.planner.schedule import Operation, Schedule
from samsyn_planning.domain.planner.scoring import as_published

# Up to this many inspections every part of an operation is tried when it is mended.
MEND_ALL = 6


def stand(schedule: Schedule, is_bare: bool = False) -> None:
    """Fill an empty schedule with what still stands; of two that clash, the fixed, confirmed, earlier one stays.

    `is_bare`: what is lost is gone even where its session can go on without police, and no operation calls new teams.
    """
    facts = schedule.facts
    confirmed = facts.problem.confirmed
    order = sorted(
        (former for former in facts.formers if not former.is_hit),
        key=lambda f: (not f.is_frozen, not f.is_fixed, f.operation.id not in confirmed, f.start, f.operation.id),
    )
    standing: list[Former] = []
    damaged: list[Former] = []
    for former in order:
        if any(facts.clash_rule(former, other) for other in standing):
            damaged.append(former)
            continue
        standing.append(former)
        if former.session is not None:
            schedule.put(former.session, as_published(facts, former))
    for former in damaged + [former for former in facts.formers if former.is_hit]:
        if not (is_bare and former.is_lost):
            mend(schedule, former, is_bare)


def mend(schedule: Schedule, former: Former, is_bare: bool = False) -> None:
    """Hold as much of a published operation as brings most on its own session; nothing where nothing can stay."""
    session, facts = former.session, schedule.facts
    if session is None or schedule.operations[session] is not None or facts.is_closed(session):
        return
    listed = (facts.inspection_index.get(visit.inspection, -1) for visit in former.operation.visits)
    free = tuple(dict.fromkeys(i for i in listed if i >= 0 and schedule.session_of[i] < 0))
    barred = sum(call.bit for call in schedule.crews.calls[session] if is_bare and not call.was_published)
    best = best_part(schedule, session, free, schedule.busy(session) | barred)
    if best is not None and schedule.gain(session, best) > 0:
        schedule.put(session, best)


def best_part(schedule: Schedule, session: int, route: Route, busy: int | None = None) -> Operation | None:
    """The best operation on the session with some of the route's inspections, in the route's order."""
    if len(route) > MEND_ALL:
        return _best_after_drops(schedule, session, route, busy)
    best: Operation | None = None
    for size in range(len(route), 0, -1):
        for part in combinations(route, size):
            best = _better(best, schedule.evaluated(session, part, busy))
    return best


def _best_after_drops(schedule: Schedule, session: int, route: Route, busy: int | None) -> Operation | None:
    """Drop one inspection at a time, the one whose loss leaves most, until the rest can be held."""
    while route:
        whole = schedule.evaluated(session, route, busy)
        if whole is not None:
            return whole
        best: Operation | None = None
        for place in range(len(route)):
            best = _better(best, schedule.evaluated(session, route[:place] + route[place + 1 :], busy))
        if best is not None:
            return best
        worth = schedule.facts.inspections
        weakest = min(range(len(route)), key=lambda place: (worth[route[place]].value, route[place]))
        route = route[:weakest] + route[weakest + 1 :]
    return None


def _better(best: Operation | None, found: Operation | None) -> Operation | None:
    return found if found is not None and (best is None or found.points > best.points) else best
