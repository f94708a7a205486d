"""The rules that one operation keeps or breaks by itself: H1 to H9, H15 inside it, and H16."""

from collections import Counter
from collections.abc import Iterator

from samsyn_planning.domain.verifier.entities import (
    Inspection,
    Problem,
    Session,
    TeamSession,
    Visit,
    seconds_between,
)
from samsyn_planning.domain.verifier.resolved import Resolved
from samsyn_planning.domain.verifier.violation import Violation


def broken_inside(problem: Problem, resolved: Resolved) -> Iterator[Violation]:
    """Give every breach of H1 to H9, H15 and H16 that shows in this operation alone."""
    told = [
        *_h1(resolved),
        *_h2(problem, resolved),
        *_h3(problem, resolved),
        *_h4_h5_h6_h16(resolved),
        *_h7(problem, resolved),
        *_h8(problem, resolved),
        *_h9(resolved),
        *_h15(resolved),
    ]
    for rule, sentence in told:
        yield Violation(rule, resolved.id, f"{resolved.id}: {sentence}")


Told = Iterator[tuple[str, str]]


def _h1(resolved: Resolved) -> Told:
    num_inspections, limit = len(resolved.stops), resolved.session.max_inspections
    if num_inspections < 1:
        yield "H1", "has no inspection"
    if limit is not None and num_inspections > limit:
        yield "H1", f"has {num_inspections} inspections, {resolved.session.id} takes at most {limit}"
    for inspection, num_times in Counter(visit.inspection for visit, _ in resolved.stops).items():
        if num_times > 1:
            yield "H1", f"has {inspection} {num_times} times"


def _h2(problem: Problem, resolved: Resolved) -> Told:
    place, free_at, came_from = resolved.session.base, resolved.session.start_at, resolved.session.id
    for visit, inspection in resolved.stops:
        late_seconds = problem.travel.seconds(place, inspection.place) - seconds_between(free_at, visit.start_at)
        if late_seconds > 0:
            yield "H2", f"{inspection.id} starts {late_seconds} s before one can be there from {came_from}"
        yield from _h2_at_site(visit, inspection)
        place, free_at, came_from = inspection.place, visit.end_at, inspection.id
    seconds_left = seconds_between(free_at, resolved.session.end_at)
    late_seconds = problem.travel.seconds(place, resolved.session.base) - seconds_left
    if late_seconds > 0:
        yield "H2", f"is back at the base {late_seconds} s after {resolved.session.id} ends"


def _h2_at_site(visit: Visit, inspection: Inspection) -> Told:
    taken_seconds = seconds_between(visit.start_at, visit.end_at)
    if taken_seconds != inspection.duration_seconds:
        yield "H2", f"{inspection.id} lasts {taken_seconds} s, not {inspection.duration_seconds} s"
    if not any(from_at <= visit.start_at and visit.end_at <= to_at for from_at, to_at in inspection.time_windows):
        yield "H2", f"{inspection.id} at {visit.start_at.isoformat()} is within none of its time windows"
    if inspection.deadline_at is not None and visit.end_at > inspection.deadline_at:
        late_seconds = seconds_between(inspection.deadline_at, visit.end_at)
        yield "H2", f"{inspection.id} ends {late_seconds} s after its deadline"


def _h3(problem: Problem, resolved: Resolved) -> Told:
    limit = resolved.session.max_travel_seconds
    for _, inspection in resolved.stops:
        leg = problem.travel.seconds(resolved.session.base, inspection.place)
        if limit is not None and leg > limit:
            yield "H3", f"{inspection.id} is {leg} s from the base, {resolved.session.id} goes at most {limit} s"


def _h4_h5_h6_h16(resolved: Resolved) -> Told:
    session = resolved.session
    for _, inspection in resolved.stops:
        if session.areas is not None and inspection.area is not None and inspection.area not in session.areas:
            yield "H4", f"{inspection.id} is in {inspection.area}, not an area of {session.id}"
        if session.is_police and session.officers < inspection.min_officers:
            yield "H5", f"{inspection.id} needs {inspection.min_officers} officers, {session.id} has {session.officers}"
        for skill in sorted(inspection.required_skills - session.skills):
            yield "H6", f"{inspection.id} needs {skill}, which {session.id} has not"
        if inspection.police_need == "required" and not session.is_police:
            yield "H16", f"{inspection.id} requires police, {session.id} is without"


def _h7(problem: Problem, resolved: Resolved) -> Told:
    session, rules = resolved.session, problem.rules
    for team in resolved.teams:
        late_seconds = seconds_between(session.start_at, team.start_at)
        early_seconds = seconds_between(team.end_at, session.end_at)
        if late_seconds > rules.late_join_seconds:
            yield "H7", f"{team.id} joins {late_seconds} s late, at most {rules.late_join_seconds} s is allowed"
        if early_seconds > rules.early_leave_seconds:
            yield "H7", f"{team.id} leaves {early_seconds} s early, at most {rules.early_leave_seconds} s is allowed"
    whole = {team.agency for team in resolved.teams if _covers(team, session)}
    for _, inspection in resolved.stops:
        for agency in sorted(inspection.required_agencies - whole):
            yield "H7", f"{inspection.id} requires {agency}, of which no called team covers the whole of {session.id}"


def _h8(problem: Problem, resolved: Resolved) -> Told:
    rules, parties = problem.rules, Counter(resolved.parties)
    for party, num_teams in sorted(parties.items()):
        if num_teams > 1:
            yield "H8", f"calls {num_teams} teams of {party}"
        if party in rules.never_on_site:
            yield "H8", f"calls {party}, which is never on site"
    num_agencies = len(parties.keys() - rules.not_an_agency)
    fewest = rules.min_other_agencies if resolved.session.is_police else max(2, rules.min_other_agencies)
    if num_agencies < fewest:
        yield "H8", f"has {num_agencies} other agencies, needs at least {fewest}"
    if len(parties) > rules.max_agencies:
        yield "H8", f"has {len(parties)} parties, at most {rules.max_agencies} are allowed"


def _h9(resolved: Resolved) -> Told:
    covering = [team.skills for team in resolved.teams if _covers(team, resolved.session)]
    there = frozenset[str]().union(*covering)
    for _, inspection in resolved.stops:
        for participant in sorted(inspection.required_participants - there):
            yield "H9", f"{inspection.id} requires {participant}, which no team called for the whole session brings"


def _h15(resolved: Resolved) -> Told:
    groups = Counter(team.alternatives_group for team in resolved.teams if team.alternatives_group is not None)
    for group, num_teams in sorted(groups.items()):
        if num_teams > 1:
            yield "H15", f"uses {num_teams} team sessions of {group}, of which one may be used"


def _covers(team: TeamSession, session: Session) -> bool:
    return team.start_at <= session.start_at and team.end_at >= session.end_at
