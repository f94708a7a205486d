"""Which of the rules that a published operation can break by itself it breaks: H1-H9, H15 and H16 (M4)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from samsyn_planning.domain.planner.problem import Inspection, PublishedOperation, PublishedVisit, Session

if TYPE_CHECKING:
    from samsyn_planning.domain.planner.facts import Facts

UNLISTED = "unlisted"


def broken_rules(facts: Facts, operation: PublishedOperation) -> tuple[str, ...]:
    """The codes of the rules that the published form alone breaks, "unlisted" where it names an id that is gone."""
    gone = (
        operation.session not in facts.session_index
        or any(visit.inspection not in facts.inspection_index for visit in operation.visits)
        or any(team not in facts.team_index for team in operation.teams)
    )
    if gone:
        return (UNLISTED,)
    index = facts.session_index[operation.session]
    visited = [facts.inspections[facts.inspection_index[visit.inspection]] for visit in operation.visits]
    teams = [facts.team_index[team] for team in operation.teams]
    found = {
        "H1": _breaks_count(facts.sessions[index], visited),
        "H2": _breaks_times(facts, facts.sessions[index], operation.visits, visited),
        "H7": _breaks_calls(facts, index, teams, visited),
        "H8": _breaks_agencies(facts, index, teams),
        "H9": _breaks_participants(facts, index, teams, visited),
        "H15": _breaks_groups(facts, teams),
    }
    found.update(_breaks_sites(facts, facts.sessions[index], visited))
    return tuple(code for code in sorted(found) if found[code])


def _breaks_count(session: Session, visited: list[Inspection]) -> bool:
    most = session.max_inspections
    unique = len({inspection.id for inspection in visited})
    return not visited or unique < len(visited) or (most is not None and len(visited) > most)


def _breaks_times(
    facts: Facts, session: Session, visits: tuple[PublishedVisit, ...], visited: list[Inspection]
) -> bool:
    if not visited:
        return False
    places = [session.base, *(inspection.place for inspection in visited), session.base]
    legs = [facts.travel.seconds(a, b) for a, b in pairwise(places)]
    clock = session.start
    for leg, visit, inspection in zip(legs, visits, visited, strict=False):
        if visit.start < clock + leg or visit.end - visit.start != inspection.duration:
            return True
        if not any(first <= visit.start and visit.end <= last for first, last in inspection.windows):
            return True
        if inspection.deadline is not None and visit.end > inspection.deadline:
            return True
        clock = visit.end
    return clock + legs[-1] > session.end


def site_rules(facts: Facts, session: Session, inspection: Inspection) -> dict[str, bool]:
    """For H3, H4, H5, H6 and H16: whether the site breaks it on this session."""
    reach = session.max_travel_seconds
    return {
        "H3": reach is not None and facts.travel.seconds(session.base, inspection.place) > reach,
        "H4": session.areas is not None and inspection.area is not None and inspection.area not in session.areas,
        "H5": session.police and session.officers < inspection.min_officers,
        "H6": not inspection.required_skills <= session.skills,
        "H16": inspection.police_need == "required" and not session.police,
    }


def _breaks_sites(facts: Facts, session: Session, visited: list[Inspection]) -> dict[str, bool]:
    each = [site_rules(facts, session, inspection) for inspection in visited]
    return {code: any(site[code] for site in each) for code in ("H3", "H4", "H5", "H6", "H16")}


def _breaks_calls(facts: Facts, session: int, teams: list[int], visited: list[Inspection]) -> bool:
    offered, rules = facts.sessions[session], facts.rules
    for team in teams:
        called = facts.teams[team]
        if called.start > offered.start + rules.late_join or called.end < offered.end - rules.early_leave:
            return True
    covering = {facts.teams[team].agency for team in teams if facts.covers(session, team)}
    return any(not inspection.required_agencies <= covering for inspection in visited)


def _breaks_agencies(facts: Facts, session: int, teams: list[int]) -> bool:
    parties = [facts.teams[team].agency for team in teams]
    counted = [party for party in parties if party not in facts.rules.not_an_agency]
    return (
        len(set(parties)) < len(parties)
        or any(party in facts.rules.never_on_site for party in parties)
        or len(counted) < facts.min_agencies(session)
        or len(parties) > facts.rules.max_agencies
    )


def _breaks_participants(facts: Facts, session: int, teams: list[int], visited: list[Inspection]) -> bool:
    skills = frozenset().union(*(facts.teams[team].skills for team in teams if facts.covers(session, team)))
    return any(not inspection.required_participants <= skills for inspection in visited)


def _breaks_groups(facts: Facts, teams: list[int]) -> bool:
    groups = [facts.teams[team].group for team in sorted(set(teams)) if facts.teams[team].group is not None]
    return len(set(groups)) < len(groups)
