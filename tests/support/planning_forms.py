"""Builders of the planner's JSON forms, plain dictionaries with defaults, for the tests of planner and verifier.

The default world: it is Monday 2025-05-05 08:00, everything happens on Tuesday 2025-05-13 (eight days ahead, so
earliness is 9 points an inspection), and every two places are ten minutes apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Form = dict[str, Any]

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0, month: int = 5) -> str:
    """ISO text of an instant in Stockholm, in May 2025 unless told otherwise."""
    return datetime(2025, month, day, hour, minute, second, tzinfo=STOCKHOLM).isoformat()


def a_session(session_id: str = "s1", day: int = 13, **overrides: Any) -> Form:
    """Give a police session of a working day, 08:00 to 16:00, from the place "base"."""
    return {"id": session_id, "start_at": at(day, 8), "end_at": at(day, 16), "base": "base"} | overrides


def a_team_session(
    team_session_id: str = "t1", agency: str = "arbetsmiljoverket", day: int = 13, **overrides: Any
) -> Form:
    """Give one team's working day, 08:00 to 16:00; the team is named after the id."""
    own = {
        "id": team_session_id,
        "team": f"team-{team_session_id}",
        "agency": agency,
        "start_at": at(day, 8),
        "end_at": at(day, 16),
    }
    return own | overrides


def an_inspection(inspection_id: str = "i1", day: int = 13, value: int = 100, **overrides: Any) -> Form:
    """Give a wanted inspection of one hour, possible 08:00 to 16:00, at a place named after the id."""
    own = {"id": inspection_id, "place": f"place-{inspection_id}", "duration_seconds": 3600, "value": value}
    return own | {"time_windows": [[at(day, 8), at(day, 16)]]} | overrides


def a_problem(
    sessions: Iterable[Form] | None = None,
    team_sessions: Iterable[Form] | None = None,
    inspections: Iterable[Form] | None = None,
    **overrides: Any,
) -> Form:
    """Give a problem: one session, one team session and one inspection unless others are given."""
    listed: Form = {
        "sessions": [a_session()] if sessions is None else list(sessions),
        "team_sessions": [a_team_session()] if team_sessions is None else list(team_sessions),
        "inspections": [an_inspection()] if inspections is None else list(inspections),
    }
    problem = {"schema": "samsyn-planning-problem/1", "centre": "akc-vast", "now": at(5, 8), "seed": 1} | listed
    problem["travel"] = ten_minutes_apart(places_of(problem))
    return problem | overrides


def places_of(problem: Mapping[str, Any]) -> list[str]:
    """Every named place of a problem's sessions, teams and inspections, sorted."""
    named = [session["base"] for session in problem["sessions"]]
    named += [team["home"] for team in problem["team_sessions"] if team.get("home") is not None]
    named += [inspection["place"] for inspection in problem["inspections"]]
    return sorted({place for place in named if isinstance(place, str)})


def ten_minutes_apart(places: Sequence[str], **seconds: int) -> Form:
    """Give a travel matrix of 600 s between any two places; keywords `a__b=seconds` set single directed legs."""
    legs = [[0 if a == b else seconds.get(f"{a}__{b}", 600) for b in places] for a in places]
    return {"places": list(places), "seconds": legs}


def a_visit(inspection: str = "i1", start_at: str | None = None, end_at: str | None = None) -> Form:
    """Give a planned inspection, 09:00 to 10:00 on the default day unless told otherwise."""
    return {"id": inspection, "start_at": start_at or at(13, 9), "end_at": end_at or at(13, 10)}


def an_operation(
    session: str = "s1",
    inspections: Iterable[Form] | None = None,
    teams: Iterable[str] = ("t1",),
    **overrides: Any,
) -> Form:
    """Give an operation of a plan: one visit and one team unless others are given, id "op:" + session."""
    visits = [a_visit()] if inspections is None else list(inspections)
    own = {"id": f"op:{session}", "session": session, "inspections": visits, "teams": list(teams), "needs_consent": []}
    return own | overrides


def a_change(operation: str = "op:s1", kinds: Iterable[str] = ("new",), **overrides: Any) -> Form:
    """Give an entry of a plan's changes: a new operation unless told otherwise."""
    own = {"operation": operation, "kinds": list(kinds), "from": None, "to": {"session": operation.removeprefix("op:")}}
    return own | {"causes": [], "reasons": [], "notice_seconds": None} | overrides


def a_reason(code: str = "VALUE", **overrides: Any) -> Form:
    """Give a reason in both languages."""
    return {
        "code": code,
        "sv": "Kostar mer än den ger.",
        "en": "Costs more than it brings.",
        "sessions": [],
    } | overrides


def an_unplanned(inspection: str = "i1", code: str = "VALUE", **overrides: Any) -> Form:
    """Give an entry of a plan's unplanned inspections with one reason."""
    return {"inspection": inspection, "reasons": [a_reason(code)], "cost_of_inclusion": None} | overrides


def a_plan(operations: Iterable[Form] | None = None, value: int = 0, disruption: int = 0, **overrides: Any) -> Form:
    """Give a plan of new operations (one unless others are given), with its figures as told and no bound."""
    planned = [an_operation()] if operations is None else list(operations)
    figures = {"objective": value - disruption, "value": value, "disruption": disruption}
    proof: Form = {"bound": None, "gap": None, "proven": False, "truncated": False, "work": {}}
    account = {"unplanned": [], "changes": [a_change(operation["id"]) for operation in planned]}
    return {"schema": "samsyn-plan/1", "operations": planned} | figures | proof | account | overrides
