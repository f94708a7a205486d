"""The objective for the brute force, value and disruption, and what a needless move is, from the rules' text alone."""

from collections.abc import Callable, Iterator

from tests.support.brute_force_rules import Plan, is_feasible, is_frozen, is_hit, is_lost
from tests.support.brute_force_world import Form, Held, PublishedOperation, Visit, World, day_of, seconds_of


def visit_points(world: World, session: Form, inspection: Form, start: int) -> int:
    """The bracket of the value for one inspection, the interests of the called parties aside."""
    weights, points, worth = world.weights, 0, world.weights["value"] * inspection["value"]
    points += worth
    if inspection["due"] is not None:
        points -= weights["late_day"] * max(0, day_of(start) - day_of(inspection["due"]))
    points += weights["earliness"] * max(0, 10 - max(0, day_of(start) - day_of(world.now)) // 7)
    points += sum(points_ for from_, to, points_ in _theme(world, inspection) if from_ <= start < to)
    if session["police"]:
        points += weights["experience"] * {"0": 0, "1-3": 1, "4+": 2}[session["experience_band"]]
    points -= weights["risk"] * worth * session["cancel_permille"] // 100000
    if inspection["police_need"] == "wanted" and not session["police"]:
        points -= weights["no_police"]
    return int(points)


def _theme(world: World, inspection: Form) -> Iterator[tuple[int, int, int]]:
    for row in world.weights["theme"]:
        if row["tag"] in inspection["tags"]:
            yield seconds_of(row["from"]), seconds_of(row["to"]), row["points"]


def leg_points(world: World, seconds: int) -> int:
    """Give the cost of one leg."""
    return int(world.weights["travel_minute"] * -(-seconds // 60))


def value_of(world: World, session_id: str, held: Held) -> int:
    """Give the value of one operation."""
    session = world.sessions[session_id]
    parties = [world.team_sessions[team]["agency"] for team in held.teams]
    fairness = world.weights["fairness"]
    points, place = 0, session["base"]
    for visit in held.visits:
        inspection = world.inspections[visit.inspection]
        points += visit_points(world, session, inspection, visit.start)
        points += sum(
            (world.weights["interest"] + fairness.get(party, 0)) * inspection["interests"].get(party, 0)
            for party in parties
        )
        points -= leg_points(world, world.travel(place, inspection["place"]))
        place = inspection["place"]
    points -= leg_points(world, world.travel(place, session["base"]))
    return points - sum(team_points(world, session, world.team_sessions[team]) for team in held.teams)


def team_points(world: World, session: Form, team: Form) -> int:
    """Give the cost of calling a team."""
    far = team["home"] is not None and (world.travel(team["home"], session["base"]) > world.rules["team_far_seconds"])
    return int(world.weights["team"] + (world.weights["team_far"] if far else 0))


def near(world: World, operation: PublishedOperation) -> int:
    """How much a change of a published operation weighs."""
    ahead = world.session_start(operation) - world.now
    band = next((points for days, points in ((3, 4), (7, 3), (14, 2)) if ahead <= days * 86400), 1)
    return band * (2 if operation.id in world.confirmed else 1)


def is_shifted(world: World, operation: PublishedOperation, visit: Visit) -> bool:
    """Whether a published inspection's start is moved beyond the tolerance."""
    told = [own.start for own in operation.held.visits if own.inspection == visit.inspection]
    return bool(told) and abs(visit.start - told[0]) > world.disruption["shift_tolerance_seconds"]


def differences(world: World, operation: PublishedOperation, holds: Held | None) -> dict[str, int]:
    """Count what differs between a published operation and what its session holds now."""
    then, now = operation.held.inspections, holds.inspections if holds else frozenset()
    teams_then, teams_now = set(operation.held.teams), set(holds.teams) if holds else set()
    return {
        "removed": len((then - now) & world.inspections.keys()),
        "added": len(now - then),
        "shifted": sum(is_shifted(world, operation, visit) for visit in (holds.visits if holds else ())),
        "team_removed": len((teams_then - teams_now) & world.team_sessions.keys()),
        "team_added": len(teams_now - teams_then),
    }


def disruption_on(world: World, session_id: str, holds: Held | None) -> int:
    """Give the disruption of the operations published on one session, for what it holds now."""
    counted = [own for own in world.published_on(session_id) if not is_lost(world, own) and not is_frozen(world, own)]
    points = 0
    for own in counted:
        found = differences(world, own, holds)
        points += near(world, own) * sum(world.disruption[kind] * number for kind, number in found.items())
        points += world.disruption["changed"] if any(found.values()) else 0
    return points


def num_changed_on(world: World, session_id: str, holds: Held | None) -> int:
    """Count the published operations on a session that were not hit and are changed."""
    unhit = [own for own in world.published_on(session_id) if not is_hit(world, own)]
    return sum(any(differences(world, own, holds).values()) for own in unhit)


def _summed(world: World, of_session: Callable[[World, str, Held | None], int], plan: Plan) -> int:
    return sum(of_session(world, session, plan.get(session)) for session in world.sessions)


def objective_of(world: World, plan: Plan) -> int:
    """Value minus disruption."""
    value = sum(value_of(world, session, held) for session, held in plan.items())
    return value - _summed(world, disruption_on, plan)


def num_changed(world: World, plan: Plan) -> int:
    """Count the published operations that were not hit and are changed."""
    return _summed(world, num_changed_on, plan)


def needless_moves(world: World, plan: Plan) -> list[str]:
    """Ids of operations not hit and changed that could be put back alone with an objective no lower."""
    found = []
    for own in world.published:
        changed = not is_hit(world, own) and any(differences(world, own, plan.get(own.session)).values())
        restored = {**plan, own.session: own.held}
        if changed and is_feasible(world, restored) and objective_of(world, restored) >= objective_of(world, plan):
            found.append(own.id)
    return found
