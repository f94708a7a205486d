"""Reads the form `samsyn-planning-problem/1` with the defaults of M0."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from samsyn_planning.domain.verifier.entities import Inspection, Operation, Problem, Session, TeamSession
from samsyn_planning.domain.verifier.plan_form import PLAN_KEYS, PLAN_SCHEMA, read_operations
from samsyn_planning.domain.verifier.reading import Fields, Node
from samsyn_planning.domain.verifier.rules_form import read_rules, read_weights
from samsyn_planning.domain.verifier.travel import Travel, read_travel

PROBLEM_SCHEMA = "samsyn-planning-problem/1"

_PROBLEM_KEYS = (
    *("schema", "centre", "now", "seed", "sessions", "team_sessions", "inspections", "travel", "rules", "weights"),
    *("published", "confirmed", "pinned", "hold", "lost", "consented", "freeze_until", "no_new_team_before"),
)
_SESSION_KEYS = (
    *("id", "police", "start_at", "end_at", "base", "officers", "experience_band", "skills", "areas"),
    *("max_travel_seconds", "max_inspections", "consent", "cancel_permille"),
)
_TEAM_KEYS = (
    *("id", "team", "agency", "start_at", "end_at", "inspectors", "skills", "home", "consent", "alternatives_group"),
)
_INSPECTION_KEYS = (
    *("id", "place", "area", "duration_seconds", "time_windows", "due_at", "deadline_at", "value", "police_need"),
    *("required_agencies", "interests", "min_officers", "required_skills", "required_participants", "ready", "tags"),
)


class _Listed(Protocol):
    @property
    def id(self) -> str: ...


L = TypeVar("L", bound=_Listed)


def read_problem(problem: Any) -> Problem:
    """Read a problem; ProblemError names the first field that is wrong."""
    fields = Node(problem, "").fields(*_PROBLEM_KEYS)
    fields["schema"].text(PROBLEM_SCHEMA)
    fields.maybe("centre", Node.any_text)
    fields.given("seed", 1).integer()
    travel = read_travel(fields["travel"])
    lost = _lost_of(fields.given("lost", []))
    sessions = [_session(item, travel) for item in fields.given("sessions", []).items()]
    team_sessions = [_team_session(item, travel) for item in fields.given("team_sessions", []).items()]
    inspections = [_inspection(item, travel) for item in fields.given("inspections", []).items()]
    _refuse_repeated_ids(fields)
    _refuse_teams_of_two_agencies(fields, team_sessions)
    published = fields.maybe("published", _published) or ()
    still_listed = [session for session in sessions if session.id not in lost or not session.is_police]
    return Problem(
        now_at=fields["now"].instant(),
        sessions={session.id: session for session in still_listed},
        team_sessions=_without(lost, team_sessions),
        inspections=_without(lost, inspections),
        travel=travel,
        rules=read_rules(fields.given("rules", {})),
        weights=read_weights(fields.given("weights", {})),
        published=published,
        confirmed=_published_ids(fields.given("confirmed", []), published),
        pinned=_published_ids(fields.given("pinned", []), published)
        | _published_ids(fields.given("hold", []), published),
        lost=lost,
        consented=frozenset(_pair(item) for item in fields.given("consented", []).items()),
        freeze_until=fields.maybe("freeze_until", Node.instant),
        no_new_team_before=fields.maybe("no_new_team_before", Node.instant),
    )


def _session(node: Node, travel: Travel) -> Session:
    fields = node.fields(*_SESSION_KEYS)
    start_at, end_at = _start_and_end(fields)
    return Session(
        id=fields["id"].text(),
        is_police=fields.given("police", True).flag(),
        start_at=start_at,
        end_at=end_at,
        base=travel.place(fields["base"]),
        officers=fields.given("officers", 4).integer(0),
        experience_band=fields.given("experience_band", "1-3").text("0", "1-3", "4+"),
        skills=fields.given("skills", []).texts(),
        areas=fields.maybe("areas", Node.texts),
        max_travel_seconds=fields.maybe("max_travel_seconds", lambda limit: limit.integer(0)),
        max_inspections=_max_inspections(fields.given("max_inspections", 5)),
        is_asked=_is_asked(fields),
        cancel_permille=fields.given("cancel_permille", 0).integer(0, 1000),
    )


def _team_session(node: Node, travel: Travel) -> TeamSession:
    fields = node.fields(*_TEAM_KEYS)
    start_at, end_at = _start_and_end(fields)
    fields.given("inspectors", 2).integer(0)
    return TeamSession(
        id=fields["id"].text(),
        team=fields["team"].text(),
        agency=fields["agency"].text(),
        start_at=start_at,
        end_at=end_at,
        skills=fields.given("skills", []).texts(),
        home=fields.maybe("home", travel.place),
        is_asked=_is_asked(fields),
        alternatives_group=fields.maybe("alternatives_group", Node.text),
    )


def _inspection(node: Node, travel: Travel) -> Inspection:
    fields = node.fields(*_INSPECTION_KEYS)
    return Inspection(
        id=fields["id"].text(),
        place=travel.place(fields["place"]),
        area=fields.maybe("area", Node.text),
        duration_seconds=fields["duration_seconds"].integer(1),
        time_windows=tuple(_window(item) for item in fields["time_windows"].items()),
        due_at=fields.maybe("due_at", Node.instant),
        deadline_at=fields.maybe("deadline_at", Node.instant),
        value=fields["value"].integer(0, 1000),
        police_need=fields.given("police_need", "required").text("required", "wanted", "not_needed"),
        required_agencies=fields.given("required_agencies", []).texts(),
        interests=fields.given("interests", {}).points(0, 100),
        min_officers=fields.given("min_officers", 2).integer(0),
        required_skills=fields.given("required_skills", []).texts(),
        required_participants=fields.given("required_participants", []).texts(),
        ready=fields.maybe("ready", Node.texts),
        tags=fields.given("tags", []).texts(),
    )


def _start_and_end(fields: Fields) -> tuple[datetime, datetime]:
    start_at, end_at = fields["start_at"].instant(), fields["end_at"].instant()
    if end_at < start_at:
        raise fields["end_at"].error("is before start_at", "give an end that is not before the start")
    return start_at, end_at


def _window(node: Node) -> tuple[datetime, datetime]:
    ends = list(node.items())
    if len(ends) != 2:
        raise node.error(f"has {len(ends)} times", "give a window as [from, to]")
    from_at, to_at = ends[0].instant(), ends[1].instant()
    if to_at < from_at:
        raise node.error("ends before it begins", "give a window as [from, to]")
    return from_at, to_at


def _max_inspections(node: Node) -> int | None:
    return None if node.value is None else node.integer(1)


def _is_asked(fields: Fields) -> bool:
    return fields.given("consent", "standing").text("standing", "ask") == "ask"


def _lost_of(node: Node) -> frozenset[str]:
    entries = [item.fields("id", "cause") for item in node.items()]
    for entry in entries:
        entry.maybe("cause", Node.any_text)
    return frozenset(entry["id"].text() for entry in entries)


def _pair(node: Node) -> tuple[str, str | None]:
    ends = list(node.items())
    if len(ends) != 2:
        raise node.error(f"has {len(ends)} parts", "give [session, team session] or [session, null]")
    return ends[0].text(), None if ends[1].value is None else ends[1].text()


def _published(node: Node) -> tuple[Operation, ...]:
    fields = node.fields(*PLAN_KEYS)
    fields.maybe("schema", lambda schema: schema.text(PLAN_SCHEMA))
    operations = read_operations(fields.given("operations", []))
    for index, operation in enumerate(operations):
        if not operation.visits:
            place = node.at("operations").pointer + f"/{index}/inspections"
            raise Node([], place).error("is empty", "publish an operation with at least one inspection")
    return tuple(sorted(operations, key=lambda operation: operation.id))


def _published_ids(node: Node, published: tuple[Operation, ...]) -> frozenset[str]:
    known = {operation.id for operation in published}
    for item in node.items():
        if item.text() not in known:
            raise item.error(f'"{item.value}" is not in published', "name an operation of /published/operations")
    return node.texts()


def _refuse_repeated_ids(fields: Fields) -> None:
    seen: set[str] = set()
    for key in ("sessions", "team_sessions", "inspections"):
        for item in fields.given(key, []).items():
            named = item.at("id")
            if named.value in seen:
                raise named.error(
                    f'"{named.value}" is used twice', "give sessions, teams and inspections ids of their own"
                )
            seen.add(named.value)


def _refuse_teams_of_two_agencies(fields: Fields, team_sessions: Iterable[TeamSession]) -> None:
    agency_of: dict[str, str] = {}
    for index, session in enumerate(team_sessions):
        if agency_of.setdefault(session.team, session.agency) != session.agency:
            node = fields["team_sessions"].at(index)
            raise Node(session.agency, f"{node.pointer}/agency").error(
                f'team "{session.team}" already is of {agency_of[session.team]}', "give one `team` one agency"
            )


def _without(lost: frozenset[str], things: Iterable[L]) -> dict[str, L]:
    return {thing.id: thing for thing in things if thing.id not in lost}
