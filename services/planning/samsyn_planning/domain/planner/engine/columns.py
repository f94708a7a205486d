"""Columns: what one session could do, and the operations that they become."""

from itertools import permutations
from typing import NamedTuple

from samsyn_planning.domain.planner.routes import Route
from samsyn_planning.domain.planner.schedule import Operation, Schedule
from samsyn_planning.domain.planner.scoring import as_published
from samsyn_planning.domain.planner.visits import disrupted_former

# Up to so many stops every order of a published route is tried when nothing else of it changes.
MOST_ORDERED = 4


class Column(NamedTuple):
    """A route with its classes of teams (rows of `Tables`), or, where `teams` are named, exactly these.

    `points` is what it brings over the idle session: without its teams' costs, unless they are named.
    """

    session: int
    route: Route
    classes: tuple[int, ...]
    points: int
    teams: tuple[int, ...] = ()
    starts: tuple[int, ...] = ()


def unchanged(schedule: Schedule, session: int) -> Column | None:
    """The session's published operation as far as it is still listed, at no disruption; None where it cannot stand.

    Under way, it goes on as it is even where its police are lost, if it may.
    """
    facts = schedule.facts
    former = disrupted_former(facts, session)
    if former is None and facts.is_closed(session):
        former = facts.former_at.get(session)
    if former is None or former.is_frozen or not former.inspections:
        return None
    idle = schedule.idle_points(session)
    published = as_published(facts, former)
    best = published
    if not facts.is_closed(session):
        listed = [facts.inspection_index.get(visit.inspection, -1) for visit in former.operation.visits]
        route = tuple(inspection for inspection in listed if inspection >= 0)
        orders = [route] if len(route) > MOST_ORDERED else sorted(permutations(route))
        starts = {facts.inspection_index.get(visit.inspection, -1): visit.start for visit in former.operation.visits}
        crew = schedule.crews.crew_of(session, route, tuple(sorted(former.teams)))
        for order in orders if crew is not None else ():
            timed = schedule.routes.timed_as_published(session, order, starts)
            if crew is None or timed is None:
                continue
            points = schedule.kept_points(session) + timed.points + crew.points
            if best is None or points > best.points:
                best = Operation(order, timed.starts, crew.teams, points)
    if best is None:
        return None
    return Column(session, best.route, (), best.points - idle, best.teams, best.starts)


def assembled(schedule: Schedule, session: int, route: Route, teams: tuple[int, ...]) -> Operation | None:
    """The operation of a route and teams with its best starts and exact points, None where the rules forbid it."""
    timed = schedule.routes.timed(session, route)
    if timed is None:
        return None
    crew = schedule.crews.crew_of(session, route, teams)
    if crew is None:
        return None
    points = schedule.kept_points(session) + timed.points + crew.points
    if timed.is_changed or crew.is_changed:
        points -= schedule.facts.weights.changed
    return Operation(route, timed.starts, crew.teams, points)
