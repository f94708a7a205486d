"""Value and disruption of operations term by term, as planning.md words them."""

from itertools import pairwise

from samsyn_planning.domain.planner.crews import team_cost
from samsyn_planning.domain.planner.facts import Facts, Former
from samsyn_planning.domain.planner.schedule import Operation
from samsyn_planning.domain.planner.visits import start_points, steady_points


def value_of(facts: Facts, session: int, operation: Operation) -> int:
    """What one operation brings."""
    offered = facts.sessions[session]
    parties = [facts.teams[team].agency for team in operation.teams]
    value = 0
    for inspection, start in zip(operation.route, operation.starts, strict=True):
        wanted = facts.inspections[inspection]
        value += steady_points(facts, offered, wanted) + start_points(facts, wanted, start)
        for party in parties:
            worth = facts.weights.interest + facts.weights.fairness.get(party, 0)
            value += worth * wanted.interests.get(party, 0)
    places = [offered.base, *(facts.inspections[inspection].place for inspection in operation.route), offered.base]
    for origin, destination in pairwise(places):
        value -= facts.weights.travel_minute * -(-facts.travel.seconds(origin, destination) // 60)
    return value - sum(team_cost(facts, session, team) for team in operation.teams)


def disruption_of(facts: Facts, former: Former, operation: Operation | None) -> int:
    """What it costs that a published operation's session now holds `operation`, or nothing."""
    if former.is_lost or former.is_frozen:
        return 0
    weights = facts.weights
    starts = dict(zip(operation.route, operation.starts, strict=True)) if operation else {}
    teams = frozenset(operation.teams) if operation else frozenset()
    removed = len(former.inspections - starts.keys())
    added = len(starts.keys() - former.inspections)
    shifted = 0
    for visit in former.operation.visits:
        start = starts.get(facts.inspection_index.get(visit.inspection, -1))
        shifted += start is not None and abs(start - visit.start) > weights.shift_tolerance
    team_removed, team_added = len(former.teams - teams), len(teams - former.teams)
    cost = weights.removed * removed + weights.added * added + weights.shifted * shifted
    cost += weights.team_removed * team_removed + weights.team_added * team_added
    is_changed = bool(removed or added or shifted or team_removed or team_added)
    return former.near * cost + (weights.changed if is_changed else 0)


def as_published(facts: Facts, former: Former) -> Operation | None:
    """The published operation in its exact form, None where it has none on today's facts.

    One that has lost its police has, where its session is still listed and it breaks no rule without them.
    """
    if former.broken or former.session is None:
        return None
    route = tuple(facts.inspection_index[visit.inspection] for visit in former.operation.visits)
    starts = tuple(visit.start for visit in former.operation.visits)
    operation = Operation(route, starts, tuple(sorted(former.teams)), 0)
    points = value_of(facts, former.session, operation) - disruption_of(facts, former, operation)
    return operation._replace(points=points)


def figures(facts: Facts, operations: list[Operation | None]) -> tuple[int, int]:
    """Value and disruption of a whole plan, the operations given by session."""
    value = sum(value_of(facts, session, held) for session, held in enumerate(operations) if held is not None)
    disruption = 0
    for former in facts.formers:
        held = None if former.session is None else operations[former.session]
        disruption += disruption_of(facts, former, held)
    return value, disruption
