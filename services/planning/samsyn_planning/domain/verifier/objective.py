"""What a plan is worth and what it disturbs, in whole points."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from samsyn_planning.domain.verifier.entities import Inspection, Operation, Problem, Visit, day_of, seconds_between
from samsyn_planning.domain.verifier.resolved import Resolved
from samsyn_planning.domain.verifier.standing import Standing

_EXPERIENCE = {"0": 0, "1-3": 1, "4+": 2}
_NEAR = ((259_200, 4), (604_800, 3), (1_209_600, 2))
_FAR = 1


class Figures(NamedTuple):
    """Objective = value - disruption, in points."""

    objective: int
    value: int
    disruption: int


def figures_of(problem: Problem, standing: Standing, plan: Sequence[Resolved]) -> Figures:
    """Compute a plan's figures from the text of the rules alone."""
    value = sum(_value_of_operation(problem, resolved) for resolved in plan)
    disruption = _disruption_of(problem, standing, [resolved.operation for resolved in plan])
    return Figures(value - disruption, value, disruption)


def _value_of_operation(problem: Problem, resolved: Resolved) -> int:
    inspections = sum(_value_of_visit(problem, resolved, visit, inspection) for visit, inspection in resolved.stops)
    return inspections - _cost_of_legs(problem, resolved) - _cost_of_teams(problem, resolved)


def _value_of_visit(problem: Problem, resolved: Resolved, visit: Visit, inspection: Inspection) -> int:
    points, session = problem.weights.points, resolved.session
    is_missing_police = inspection.police_need == "wanted" and not session.is_police
    risk = points["risk"] * points["value"] * inspection.value * session.cancel_permille // 100_000
    return (
        points["value"] * inspection.value
        + _value_of_day(problem, visit, inspection)
        + _value_of_interests(problem, resolved, inspection)
        + _value_of_themes(problem, visit, inspection)
        + (points["experience"] * _EXPERIENCE[session.experience_band] if session.is_police else 0)
        - risk
        - (points["no_police"] if is_missing_police else 0)
    )


def _value_of_day(problem: Problem, visit: Visit, inspection: Inspection) -> int:
    points, day = problem.weights.points, day_of(visit.start_at)
    num_late_days = 0 if inspection.due_at is None else max(0, (day - day_of(inspection.due_at)).days)
    num_weeks_ahead = max(0, (day - day_of(problem.now_at)).days) // 7
    return points["earliness"] * max(0, 10 - num_weeks_ahead) - points["late_day"] * num_late_days


def _value_of_interests(problem: Problem, resolved: Resolved, inspection: Inspection) -> int:
    interest, fairness = problem.weights.points["interest"], problem.weights.fairness
    parties = set(resolved.parties)
    return sum((interest + fairness.get(party, 0)) * inspection.interests.get(party, 0) for party in parties)


def _value_of_themes(problem: Problem, visit: Visit, inspection: Inspection) -> int:
    rows = (row for row in problem.weights.theme if row.tag in inspection.tags)
    return sum(row.points for row in rows if row.from_at <= visit.start_at < row.to_at)


def _cost_of_legs(problem: Problem, resolved: Resolved) -> int:
    if not resolved.stops:
        return 0
    base = resolved.session.base
    places = [base, *(inspection.place for _, inspection in resolved.stops), base]
    legs = (problem.travel.seconds(*ends) for ends in pairwise(places))
    return problem.weights.points["travel_minute"] * sum(-(-leg // 60) for leg in legs)


def _cost_of_teams(problem: Problem, resolved: Resolved) -> int:
    points, far_seconds, base = problem.weights.points, problem.rules.team_far_seconds, resolved.session.base
    homes = [team.home for team in resolved.teams if team.home is not None]
    num_far = sum(1 for home in homes if problem.travel.seconds(home, base) > far_seconds)
    return points["team"] * len(resolved.teams) + points["team_far"] * num_far


def _disruption_of(problem: Problem, standing: Standing, plan: Sequence[Operation]) -> int:
    held = {operation.session: operation for operation in plan}
    spared = standing.frozen | standing.lost
    counted = [before for before in problem.published if before.id not in spared]
    return sum(_disruption_of_one(problem, before, held.get(before.session)) for before in counted)


def _disruption_of_one(problem: Problem, before: Operation, now: Operation | None) -> int:
    points = problem.weights.disruption
    inspections, teams = (frozenset[str](), frozenset[str]()) if now is None else (now.inspections, now.teams)
    num_by_part = {
        "removed": len((before.inspections - inspections) & problem.inspections.keys()),
        "added": len(inspections - before.inspections),
        "shifted": num_shifted(problem, before, now),
        "team_removed": len((before.teams - teams) & problem.team_sessions.keys()),
        "team_added": len(teams - before.teams),
    }
    touched = sum(points[part] * num for part, num in num_by_part.items())
    return nearness(problem, before) * touched + (points["changed"] if any(num_by_part.values()) else 0)


def num_shifted(problem: Problem, before: Operation, now: Operation | None) -> int:
    """Count the inspections of both whose start differs by more than the tolerance."""
    start_of = {} if now is None else {visit.inspection: visit.start_at for visit in now.visits}
    tolerance = problem.weights.disruption["shift_tolerance_seconds"]
    both = [(visit.start_at, start_of[visit.inspection]) for visit in before.visits if visit.inspection in start_of]
    return sum(1 for was, becomes in both if abs(seconds_between(was, becomes)) > tolerance)


def nearness(problem: Problem, operation: Operation) -> int:
    """Give the factor 1 to 8 by which a change weighs more the sooner the session starts, twice if confirmed."""
    notice_seconds = seconds_between(problem.now_at, problem.session_start_at(operation))
    factor = next((factor for limit, factor in _NEAR if notice_seconds <= limit), _FAR)
    return factor * (2 if operation.id in problem.confirmed else 1)
