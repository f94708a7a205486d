"""Opens a planning problem's form for the brute force: defaults filled in, times as whole seconds, lost things gone.

Written from the rules' text alone. It knows nothing of the planner or the verifier and checks no form: the problems
it gets are well-formed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

Form = dict[str, Any]

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_EARTH_RADIUS_KM = 6371.0088

_RULES: Form = {
    "late_join_seconds": 1800,
    "early_leave_seconds": 1800,
    "team_gap_seconds": 2700,
    "daily_rest_seconds": 39600,
    "max_agencies": 6,
    "min_other_agencies": 1,
    "never_on_site": ["jamstalldhetsmyndigheten"],
    "not_an_agency": [],
    "team_far_seconds": 1800,
    "substitute_seconds": 3600,
    "readiness_seconds": 259200,
    "consent": "any",
}
_WEIGHTS: Form = {
    "value": 10,
    "interest": 10,
    "late_day": 15,
    "earliness": 1,
    "travel_minute": 2,
    "team": 30,
    "team_far": 20,
    "experience": 5,
    "risk": 0,
    "no_police": 20,
    "fairness": {},
    "theme": [],
}
_DISRUPTION: Form = {
    "removed": 60,
    "team_removed": 40,
    "team_added": 20,
    "added": 10,
    "shifted": 20,
    "changed": 1,
    "shift_tolerance_seconds": 900,
}
_SESSION: Form = {
    "police": True,
    "officers": 4,
    "experience_band": "1-3",
    "skills": [],
    "areas": None,
    "max_travel_seconds": None,
    "max_inspections": 5,
    "consent": "standing",
    "cancel_permille": 0,
}
_TEAM_SESSION: Form = {"skills": [], "home": None, "consent": "standing", "alternatives_group": None}
_INSPECTION: Form = {
    "area": None,
    "due_at": None,
    "deadline_at": None,
    "police_need": "required",
    "required_agencies": [],
    "interests": {},
    "min_officers": 2,
    "required_skills": [],
    "required_participants": [],
    "ready": None,
    "tags": [],
}


def seconds_of(told: str) -> int:
    """Seconds since 1970 of an ISO text with offset."""
    return int(datetime.fromisoformat(told).timestamp())


def told_of(seconds: int) -> str:
    """ISO text in Stockholm of seconds since 1970."""
    return datetime.fromtimestamp(seconds, tz=_STOCKHOLM).isoformat()


def day_of(seconds: int) -> int:
    """Give the number of the date in Stockholm, so that differences are whole days."""
    return datetime.fromtimestamp(seconds, tz=_STOCKHOLM).toordinal()


def midnights_between(earliest: int, latest: int) -> list[int]:
    """Every local midnight after the earliest instant, up to the latest."""
    days = range(day_of(earliest) + 1, day_of(latest) + 1)
    return [_midnight(date.fromordinal(day)) for day in days]


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=_STOCKHOLM).timestamp())


@dataclass(frozen=True)
class Visit:
    """One inspection on a route, with its seconds."""

    inspection: str
    start: int
    end: int


@dataclass(frozen=True)
class Held:
    """What one session holds: its route in order and the team sessions called (a multiset in order of the text)."""

    visits: tuple[Visit, ...]
    teams: tuple[str, ...]

    @property
    def inspections(self) -> frozenset[str]:
        """The set of inspections."""
        return frozenset(visit.inspection for visit in self.visits)

    def is_same(self, other: "Held") -> bool:
        """Tell whether inspections, times and teams are the same."""
        return sorted(self.visits, key=lambda v: v.start) == sorted(other.visits, key=lambda v: v.start) and sorted(
            self.teams
        ) == sorted(other.teams)


@dataclass(frozen=True)
class PublishedOperation:
    """An operation of the published plan."""

    id: str
    session: str
    held: Held


@dataclass(frozen=True)
class World:
    """A problem with everything filled in; `lost` things are no longer listed."""

    now: int
    sessions: Mapping[str, Form]
    team_sessions: Mapping[str, Form]
    inspections: Mapping[str, Form]
    travel_form: Form
    rules: Form
    weights: Form
    disruption: Form
    published: tuple[PublishedOperation, ...]
    confirmed: frozenset[str]
    kept_by_hand: frozenset[str]
    lost: frozenset[str]
    consented: frozenset[tuple[str, str | None]]
    freeze_until: int | None
    no_new_team_before: int | None

    def travel(self, a: Any, b: Any) -> int:
        """Seconds from one place to another."""
        if "seconds" in self.travel_form:
            index = self._indices
            return int(self.travel_form["seconds"][index[a]][index[b]])
        if a == b:
            return 0
        road_km = _haversine_km(a, b) * self.travel_form["detour"]
        return int(self.travel_form["extra_seconds"] + math.ceil(road_km * 3600 / self.travel_form["kmh"] - 1e-6))

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.travel_form["places"])}

    def session_start(self, operation: PublishedOperation) -> int:
        """Start of a published operation's session, that of its first inspection if the session is not listed."""
        if operation.session in self.sessions:
            return int(self.sessions[operation.session]["start"])
        return operation.held.visits[0].start

    def published_on(self, session: str) -> list[PublishedOperation]:
        """Give the published operations on a session."""
        return [operation for operation in self.published if operation.session == session]


def _haversine_km(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    lat_a, lat_b = math.radians(a["lat"]), math.radians(b["lat"])
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b["lon"] - a["lon"]) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def opened(problem: Form) -> World:
    """Open a well-formed problem."""
    weights = problem.get("weights") or {}
    lost = {entry["id"] for entry in problem.get("lost") or []}
    gone_as_police = {own["id"] for own in problem["sessions"] if not own.get("police", True)} & lost
    not_listed = lost - gone_as_police
    published = problem.get("published") or {"operations": []}
    return World(
        now=seconds_of(problem["now"]),
        sessions=_by_id(problem["sessions"], _SESSION, not_listed),
        team_sessions=_by_id(problem["team_sessions"], _TEAM_SESSION, not_listed),
        inspections={
            own["id"]: _opened_inspection(own) for own in problem["inspections"] if own["id"] not in not_listed
        },
        travel_form=problem["travel"],
        rules=_RULES | (problem.get("rules") or {}),
        weights=_WEIGHTS | {key: told for key, told in weights.items() if key != "disruption"},
        disruption=_DISRUPTION | weights.get("disruption", {}),
        published=tuple(published_operation(own) for own in published["operations"]),
        confirmed=frozenset(problem.get("confirmed") or []),
        kept_by_hand=frozenset(problem.get("pinned") or []) | frozenset(problem.get("hold") or []),
        lost=frozenset(gone_as_police),
        consented=frozenset((session, team) for session, team in problem.get("consented") or []),
        freeze_until=_seconds_or_none(problem.get("freeze_until")),
        no_new_team_before=_seconds_or_none(problem.get("no_new_team_before")),
    )


def published_operation(told: Mapping[str, Any]) -> PublishedOperation:
    """Read one operation of a plan's form."""
    visits = tuple(Visit(v["id"], seconds_of(v["start_at"]), seconds_of(v["end_at"])) for v in told["inspections"])
    return PublishedOperation(told["id"], told["session"], Held(visits, tuple(told["teams"])))


def _seconds_or_none(told: str | None) -> int | None:
    return None if told is None else seconds_of(told)


def _by_id(told: list[Form], defaults: Form, not_listed: set[str]) -> dict[str, Form]:
    return {
        own["id"]: defaults | own | {"start": seconds_of(own["start_at"]), "end": seconds_of(own["end_at"])}
        for own in told
        if own["id"] not in not_listed
    }


def _opened_inspection(told: Form) -> Form:
    filled = _INSPECTION | told
    return filled | {
        "windows": [(seconds_of(opens), seconds_of(closes)) for opens, closes in told["time_windows"]],
        "due": _seconds_or_none(filled["due_at"]),
        "deadline": _seconds_or_none(filled["deadline_at"]),
    }
