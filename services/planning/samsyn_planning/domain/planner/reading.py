"""Reads a problem in the form `samsyn-planning-problem/1` and checks it (M0)."""

from collections.abc import Mapping
from typing import Any

from samsyn_planning.domain.planner.errors import ProblemError
from samsyn_planning.domain.planner.fields import Fields, list_from, moment_from, text_from
from samsyn_planning.domain.planner.problem import Inspection, Problem, Session, TeamSession
from samsyn_planning.domain.planner.reading_places import Places
from samsyn_planning.domain.planner.reading_rules import read_published, read_rules, read_weights

SCHEMA = "samsyn-planning-problem/1"
EXPERIENCE = {"0": 0, "1-3": 1, "4+": 2}
_PROBLEM = [
    "schema",
    "centre",
    "now",
    "seed",
    "sessions",
    "team_sessions",
    "inspections",
    "travel",
    "rules",
    "weights",
    "published",
    "confirmed",
    "pinned",
    "hold",
    "lost",
    "consented",
    "freeze_until",
    "no_new_team_before",
]
_SESSION = [
    "id",
    "police",
    "start_at",
    "end_at",
    "base",
    "officers",
    "experience_band",
    "skills",
    "areas",
    "max_travel_seconds",
    "max_inspections",
    "consent",
    "cancel_permille",
]
_TEAM_SESSION = [
    "id",
    "team",
    "agency",
    "start_at",
    "end_at",
    "inspectors",
    "skills",
    "home",
    "consent",
    "alternatives_group",
]
_INSPECTION = [
    "id",
    "place",
    "area",
    "duration_seconds",
    "time_windows",
    "due_at",
    "deadline_at",
    "value",
    "police_need",
    "required_agencies",
    "interests",
    "min_officers",
    "required_skills",
    "required_participants",
    "ready",
    "tags",
]


def read_problem(problem: Mapping[str, Any]) -> Problem:
    """The problem as values; raises ProblemError naming the field and the remedy."""
    fields = Fields(problem, "", _PROBLEM)
    if fields.given("schema") != SCHEMA:
        raise ProblemError("/schema", f"is {fields.given('schema')!r}", f'give "{SCHEMA}"')
    places = Places(fields)
    sessions = [_session(value, pointer, places) for pointer, value in fields.items("sessions")]
    teams = [_team_session(value, pointer, places) for pointer, value in fields.items("team_sessions")]
    inspections = [_inspection(value, pointer, places) for pointer, value in fields.items("inspections")]
    _check_unique(fields, (("sessions", sessions), ("team_sessions", teams), ("inspections", inspections)))
    _check_teams(teams)
    published = read_published(fields)
    known = frozenset(operation.id for operation in published or ())
    return Problem(
        centre=fields.any_text("centre"),
        now=fields.moment("now"),
        seed=fields.whole("seed", 1),
        sessions=tuple(sorted(sessions, key=lambda session: session.id)),
        team_sessions=tuple(sorted(teams, key=lambda team: team.id)),
        inspections=tuple(sorted(inspections, key=lambda inspection: inspection.id)),
        travel=places.travel(),
        rules=read_rules(fields),
        weights=read_weights(fields),
        published=published,
        confirmed=_published_ids(fields, "confirmed", known),
        held=_published_ids(fields, "pinned", known) | _published_ids(fields, "hold", known),
        lost=_lost(fields),
        consented=_consented(fields),
        freeze_until=fields.moment_or_none("freeze_until"),
        no_new_team_before=fields.moment_or_none("no_new_team_before"),
    )


def _span(fields: Fields) -> tuple[int, int]:
    start, end = fields.moment("start_at"), fields.moment("end_at")
    if end < start:
        raise ProblemError(fields.at("end_at"), "is before start_at", "give an end that is not before the start")
    return start, end


def _session(value: Any, pointer: str, places: Places) -> Session:
    fields = Fields(value, pointer, _SESSION)
    start, end = _span(fields)
    max_inspections = fields.given("max_inspections", 5)
    return Session(
        id=fields.text("id"),
        police=fields.flag("police", True),
        start=start,
        end=end,
        base=places.index(fields.given("base"), fields.at("base")),
        officers=fields.whole("officers", 4, 0),
        experience=EXPERIENCE[fields.choice("experience_band", tuple(EXPERIENCE), "1-3")],
        skills=fields.words("skills"),
        areas=fields.words_or_none("areas"),
        max_travel_seconds=fields.whole_or_none("max_travel_seconds", 0),
        max_inspections=None if max_inspections is None else fields.whole("max_inspections", 5, 1),
        asks=fields.choice("consent", ("standing", "ask"), "standing") == "ask",
        cancel_permille=fields.whole("cancel_permille", 0, 0, 1000),
    )


def _team_session(value: Any, pointer: str, places: Places) -> TeamSession:
    fields = Fields(value, pointer, _TEAM_SESSION)
    start, end = _span(fields)
    home = fields.given("home", None)
    fields.whole("inspectors", 2, 0)
    return TeamSession(
        id=fields.text("id"),
        team=fields.text("team"),
        agency=fields.text("agency"),
        start=start,
        end=end,
        skills=fields.words("skills"),
        home=None if home is None else places.index(home, fields.at("home")),
        asks=fields.choice("consent", ("standing", "ask"), "standing") == "ask",
        group=fields.text_or_none("alternatives_group"),
    )


def _inspection(value: Any, pointer: str, places: Places) -> Inspection:
    fields = Fields(value, pointer, _INSPECTION)
    fields.given("time_windows")
    windows = [_window(member, where) for where, member in fields.items("time_windows")]
    return Inspection(
        id=fields.text("id"),
        place=places.index(fields.given("place"), fields.at("place")),
        area=fields.text_or_none("area"),
        duration=fields.whole("duration_seconds", low=1),
        windows=tuple(sorted(windows)),
        due=fields.moment_or_none("due_at"),
        deadline=fields.moment_or_none("deadline_at"),
        value=fields.whole("value", low=0, high=1000),
        police_need=fields.choice("police_need", ("required", "wanted", "not_needed"), "required"),
        required_agencies=fields.words("required_agencies"),
        interests=fields.points("interests", 0, 100),
        min_officers=fields.whole("min_officers", 2, 0),
        required_skills=fields.words("required_skills"),
        required_participants=fields.words("required_participants"),
        ready=fields.words_or_none("ready"),
        tags=fields.words("tags"),
    )


def _window(value: Any, pointer: str) -> tuple[int, int]:
    pair = list_from(value, pointer)
    if len(pair) != 2:
        raise ProblemError(pointer, f"has {len(pair)} members", "give a pair of instants [from, to]")
    first, last = moment_from(pair[0], f"{pointer}/0"), moment_from(pair[1], f"{pointer}/1")
    if last < first:
        raise ProblemError(pointer, "ends before it starts", "give a pair of instants [from, to]")
    return first, last


def _check_unique(fields: Fields, families: tuple[tuple[str, list[Any]], ...]) -> None:
    seen: set[str] = set()
    for family, members in families:
        for place, member in enumerate(members):
            if member.id in seen:
                pointer = f"{fields.at(family)}/{place}/id"
                raise ProblemError(pointer, f"{member.id!r} is used twice", "give each thing an id of its own")
            seen.add(member.id)


def _check_teams(teams: list[TeamSession]) -> None:
    party: dict[str, str] = {}
    for place, team in enumerate(teams):
        if party.setdefault(team.team, team.agency) != team.agency:
            pointer = f"/team_sessions/{place}/agency"
            raise ProblemError(pointer, f"team {team.team!r} has two agencies", "give one team one agency")


def _published_ids(fields: Fields, key: str, known: frozenset[str]) -> frozenset[str]:
    for pointer, value in fields.items(key):
        if text_from(value, pointer) not in known:
            raise ProblemError(pointer, f"{value!r} is no published operation", "name an operation of `published`")
    return fields.words(key)


def _lost(fields: Fields) -> dict[str, str]:
    causes: dict[str, list[str]] = {}
    for pointer, value in fields.items("lost"):
        loss = Fields(value, pointer, ("id", "cause"))
        causes.setdefault(loss.text("id"), []).append(loss.any_text("cause"))
    return {loss: min(causes[loss]) for loss in sorted(causes)}


def _consented(fields: Fields) -> frozenset[tuple[str, str | None]]:
    pairs = set()
    for pointer, value in fields.items("consented"):
        pair = list_from(value, pointer)
        if len(pair) != 2:
            raise ProblemError(pointer, f"has {len(pair)} members", "give a pair [session, team session or null]")
        team = None if pair[1] is None else text_from(pair[1], f"{pointer}/1")
        pairs.add((text_from(pair[0], f"{pointer}/0"), team))
    return frozenset(pairs)
