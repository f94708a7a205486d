"""The rules H1–H16 for the brute force, one plain function each, from the rules' text alone.

A plan is a mapping from session id to what that session holds.
"""

from collections.abc import Collection, Mapping
from itertools import combinations

from tests.support.brute_force_world import Form, Held, PublishedOperation, Visit, World, day_of

Plan = Mapping[str, Held]


# One site on one session.


def may_take(world: World, session: Form, inspection: Form) -> bool:
    """H3, H4, H5, H6 and H16: whether a session may take an inspection, whatever the time and the teams."""
    limit = session["max_travel_seconds"]
    near_enough = limit is None or world.travel(session["base"], inspection["place"]) <= limit
    either_open = session["areas"] is None or inspection["area"] is None
    in_area = either_open or inspection["area"] in session["areas"]
    enough_officers = not session["police"] or session["officers"] >= inspection["min_officers"]
    skilled = set(inspection["required_skills"]) <= set(session["skills"])
    police_if_required = session["police"] or inspection["police_need"] != "required"
    return near_enough and in_area and enough_officers and skilled and police_if_required


def may_start(inspection: Form, start: int) -> bool:
    """H2, the part of one visit: inside one window and over by the deadline."""
    end = start + inspection["duration_seconds"]
    in_time = inspection["deadline"] is None or end <= inspection["deadline"]
    return in_time and any(opens <= start and end <= closes for opens, closes in inspection["windows"])


def keeps_time(world: World, session: Form, visits: tuple[Visit, ...]) -> bool:
    """H2: whether a route can be driven at its times."""
    place, free_at = session["base"], session["start"]
    for visit in visits:
        inspection = world.inspections[visit.inspection]
        arrives_at = free_at + world.travel(place, inspection["place"])
        lasts = visit.end - visit.start == inspection["duration_seconds"]
        if visit.start < arrives_at or not lasts or not may_start(inspection, visit.start):
            return False
        place, free_at = inspection["place"], visit.end
    return bool(free_at + world.travel(place, session["base"]) <= session["end"])


# The teams of one session.


def is_callable(world: World, session: Form, team: Form) -> bool:
    """H7 and H8, the part of one team."""
    joins = team["start"] <= session["start"] + world.rules["late_join_seconds"]
    stays = team["end"] >= session["end"] - world.rules["early_leave_seconds"]
    return joins and stays and team["agency"] not in world.rules["never_on_site"]


def covers(session: Form, team: Form) -> bool:
    """Whether a team is there for the whole session."""
    return bool(team["start"] <= session["start"] and team["end"] >= session["end"])


def may_go_together(world: World, session: Form, teams: Collection[str]) -> bool:
    """H8 and H15 inside the operation, for callable teams."""
    called = [world.team_sessions[team] for team in teams]
    parties = [team["agency"] for team in called]
    num_agencies = sum(party not in world.rules["not_an_agency"] for party in parties)
    least = world.rules["min_other_agencies"] if session["police"] else max(2, world.rules["min_other_agencies"])
    groups = [team["alternatives_group"] for team in called if team["alternatives_group"] is not None]
    one_each = len(set(parties)) == len(parties) and len(set(groups)) == len(groups)
    return one_each and num_agencies >= least and len(parties) <= world.rules["max_agencies"]


def serve(world: World, session: Form, teams: Collection[str], inspection: Form) -> bool:
    """H7 and H9 for one inspection: those required are there for the whole session."""
    whole = [world.team_sessions[team] for team in teams if covers(session, world.team_sessions[team])]
    parties = {team["agency"] for team in whole}
    codes = {code for team in whole for code in team["skills"]}
    return set(inspection["required_agencies"]) <= parties and set(inspection["required_participants"]) <= codes


def breaks_alone(world: World, session_id: str, held: Held) -> bool:
    """Whether an operation alone names an unlisted id or breaks H1–H9, H15 or H16."""
    listed = world.sessions.keys() | world.team_sessions.keys() | world.inspections.keys()
    if session_id not in world.sessions or not held.inspections | set(held.teams) <= listed:
        return True
    session, limit = world.sessions[session_id], world.sessions[session_id]["max_inspections"]
    sites = [world.inspections[visit.inspection] for visit in held.visits]
    counted = 1 <= len(sites) == len(held.inspections) and (limit is None or len(sites) <= limit)
    callable_teams = all(is_callable(world, session, world.team_sessions[team]) for team in held.teams)
    return not (
        counted
        and keeps_time(world, session, held.visits)
        and callable_teams
        and may_go_together(world, session, held.teams)
        and all(may_take(world, session, site) and serve(world, session, held.teams, site) for site in sites)
    )


# Standing of the published operations.


def is_lost(world: World, operation: PublishedOperation) -> bool:
    """M4: its session is gone, at least as police."""
    return operation.session not in world.sessions or operation.session in world.lost


def is_hit(world: World, operation: PublishedOperation) -> bool:
    """M4: lost, or it no longer holds alone."""
    return is_lost(world, operation) or breaks_alone(world, operation.session, operation.held)


def is_frozen(world: World, operation: PublishedOperation) -> bool:
    """H11: published, not hit, and early or kept by hand."""
    if is_hit(world, operation):
        return False
    early = bool(world.freeze_until is not None and world.session_start(operation) < world.freeze_until)
    return early or operation.id in world.kept_by_hand


# What was published, for one session.


def frozen_on(world: World, session_id: str) -> list[PublishedOperation]:
    """Give the frozen operations on a session: at most one in a solvable problem."""
    return [own for own in world.published_on(session_id) if is_frozen(world, own)]


def stays_as_promised(world: World, session_id: str, held: Held) -> bool:
    """H11 for what one session holds."""
    session = world.sessions[session_id]
    frozen = frozen_on(world, session_id)
    if frozen:
        return all(held.is_same(own.held) for own in frozen)
    if session["start"] <= world.now and not any(held.is_same(own.held) for own in world.published_on(session_id)):
        return False
    if world.freeze_until is None or session["start"] >= world.freeze_until:
        return True
    return held.inspections <= takeable_before_freeze(world, session_id)


def takeable_before_freeze(world: World, session_id: str) -> set[str]:
    """H11: inspections published on the session or on operations that were hit."""
    open_ones = [own for own in world.published if own.session == session_id or is_hit(world, own)]
    return {inspection for own in open_ones for inspection in own.held.inspections}


def may_be_called_now(world: World, session_id: str, team: str) -> bool:
    """H12: no new team too late."""
    start = world.sessions[session_id]["start"]
    if world.no_new_team_before is None or start >= world.no_new_team_before:
        return True
    return any(
        team in own.held.teams
        and (
            own.session == session_id
            or (is_hit(world, own) and abs(world.session_start(own) - start) <= world.rules["substitute_seconds"])
        )
        for own in world.published
    )


def uses(world: World, session_id: str, held: Held) -> set[str]:
    """H13: the ids of what must be asked and has neither been published nor consented to."""
    published = world.published_on(session_id)
    asked = {
        team
        for team in held.teams
        if world.team_sessions[team]["consent"] == "ask" and not any(team in own.held.teams for own in published)
    }
    missing = {team for team in asked if (session_id, team) not in world.consented}
    ask_session = world.sessions[session_id]["consent"] == "ask" and not published
    return missing | ({session_id} if ask_session and (session_id, None) not in world.consented else set())


def is_ready(world: World, session_id: str, teams: Collection[str], inspection_id: str) -> bool:
    """H14 for one inspection."""
    if world.sessions[session_id]["start"] - world.now >= world.rules["readiness_seconds"]:
        return True
    if any(inspection_id in own.held.inspections for own in world.published_on(session_id)):
        return True
    ready = world.inspections[inspection_id]["ready"]
    return ready is None or {world.team_sessions[team]["agency"] for team in teams} <= set(ready)


def may_hold(world: World, session_id: str, held: Held) -> bool:
    """Whether a session may hold an operation, the other sessions aside: H1–H9 and H11–H16."""
    return not breaks_alone(world, session_id, held) and (
        stays_as_promised(world, session_id, held)
        and all(may_be_called_now(world, session_id, team) for team in held.teams)
        and (world.rules["consent"] == "any" or not uses(world, session_id, held))
        and all(is_ready(world, session_id, held.teams, inspection) for inspection in held.inspections)
    )


# Between operations.


def may_share_a_team(world: World, a: Form, b: Form) -> bool:
    """H10: whether one team can serve both sessions."""
    first, second = sorted((a, b), key=lambda session: (session["start"], session["end"]))
    pause = second["start"] - first["end"]
    rested = day_of(first["start"]) == day_of(second["start"]) or pause >= world.rules["daily_rest_seconds"]
    return bool(rested and pause >= world.rules["team_gap_seconds"])


def clash(world: World, a: tuple[str, Held], b: tuple[str, Held]) -> bool:
    """H1, H10 and H15 between two operations."""
    if a[0] == b[0] or a[1].inspections & b[1].inspections:
        return True
    teams_a = [world.team_sessions[team] for team in a[1].teams]
    teams_b = [world.team_sessions[team] for team in b[1].teams]
    shared = {team["team"] for team in teams_a} & {team["team"] for team in teams_b}
    if shared and not may_share_a_team(world, world.sessions[a[0]], world.sessions[b[0]]):
        return True
    return any(
        one["alternatives_group"] is not None
        and one["alternatives_group"] == other["alternatives_group"]
        and one["id"] != other["id"]
        for one in teams_a
        for other in teams_b
    )


def is_feasible(world: World, plan: Plan) -> bool:
    """H1–H16 for a whole plan, needs_consent aside."""
    frozen = [own for own in world.published if is_frozen(world, own)]
    return (
        all(own.session in plan and plan[own.session].is_same(own.held) for own in frozen)
        and all(may_hold(world, session, held) for session, held in plan.items())
        and not any(clash(world, a, b) for a, b in combinations(plan.items(), 2))
    )
