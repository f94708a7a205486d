"""What the verifier judges, read and frozen: sessions, teams, inspections, operations, rules and weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from samsyn_planning.domain.verifier.reading import STOCKHOLM
from samsyn_planning.domain.verifier.travel import Place, Travel

SECOND = timedelta(seconds=1)


def day_of(moment: datetime) -> date:
    """Give the date in Stockholm."""
    return moment.astimezone(STOCKHOLM).date()


def seconds_between(earlier: datetime, later: datetime) -> int:
    """Give whole seconds from the one to the other, negative if they come the other way round."""
    return (later - earlier) // SECOND


@dataclass(frozen=True, slots=True)
class Session:
    """A session in which an operation can be held, as a rule the police's."""

    id: str
    is_police: bool
    start_at: datetime
    end_at: datetime
    base: Place
    officers: int
    experience_band: str
    skills: frozenset[str]
    areas: frozenset[str] | None
    max_travel_seconds: int | None
    max_inspections: int | None
    is_asked: bool
    cancel_permille: int


@dataclass(frozen=True, slots=True)
class TeamSession:
    """A session of another agency's team; `agency` is its party (M2)."""

    id: str
    team: str
    agency: str
    start_at: datetime
    end_at: datetime
    skills: frozenset[str]
    home: Place | None
    is_asked: bool
    alternatives_group: str | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection that is wanted."""

    id: str
    place: Place
    area: str | None
    duration_seconds: int
    time_windows: tuple[tuple[datetime, datetime], ...]
    due_at: datetime | None
    deadline_at: datetime | None
    value: int
    police_need: str
    required_agencies: frozenset[str]
    interests: Mapping[str, int]
    min_officers: int
    required_skills: frozenset[str]
    required_participants: frozenset[str]
    ready: frozenset[str] | None
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection on an operation's route with its chosen times."""

    inspection: str
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as a plan tells it; the visits are in the order of the route."""

    id: str
    session: str
    visits: tuple[Visit, ...]
    teams: frozenset[str]
    needs_consent: frozenset[str]

    @property
    def inspections(self) -> frozenset[str]:
        """Ids of the inspections on its route."""
        return frozenset(visit.inspection for visit in self.visits)


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits that a centre sets."""

    late_join_seconds: int
    early_leave_seconds: int
    team_gap_seconds: int
    daily_rest_seconds: int
    max_agencies: int
    min_other_agencies: int
    never_on_site: frozenset[str]
    not_an_agency: frozenset[str]
    team_far_seconds: int
    substitute_seconds: int
    readiness_seconds: int
    consent: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Points for inspections with a tag that start within a half-open time."""

    tag: str
    from_at: datetime
    to_at: datetime
    points: int


@dataclass(frozen=True, slots=True)
class Weights:
    """Integer points of the objective; `disruption` by name of its part, tolerance in seconds included."""

    points: Mapping[str, int]
    fairness: Mapping[str, int]
    theme: tuple[Theme, ...]
    disruption: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """A planning problem as it counts: what `lost` takes away is no longer listed (M4)."""

    now_at: datetime
    sessions: Mapping[str, Session]
    team_sessions: Mapping[str, TeamSession]
    inspections: Mapping[str, Inspection]
    travel: Travel
    rules: Rules
    weights: Weights
    published: tuple[Operation, ...]
    confirmed: frozenset[str]
    pinned: frozenset[str]
    lost: frozenset[str]
    consented: frozenset[tuple[str, str | None]]
    freeze_until: datetime | None
    no_new_team_before: datetime | None

    def published_on(self, session: str) -> tuple[Operation, ...]:
        """Give the published operations of a session: none, one, or more if they clash."""
        return tuple(operation for operation in self.published if operation.session == session)

    def session_start_at(self, operation: Operation) -> datetime:
        """Start of an operation's session; of an unlisted one, the start of its first published inspection (M4)."""
        session = self.sessions.get(operation.session)
        return operation.visits[0].start_at if session is None else session.start_at
