"""A planning problem as values: sessions, teams, inspections, rules, weights and what was published.

Instants are whole epoch seconds, durations whole seconds, places are indices into the problem's travel table.
"""

from dataclasses import dataclass, field

from samsyn_planning.domain.planner.travel import Travel


@dataclass(frozen=True, slots=True)
class Session:
    """A time that police (or, with police false, others) offer from a base: at most one operation."""

    id: str
    police: bool
    start: int
    end: int
    base: int
    officers: int
    experience: int
    skills: frozenset[str]
    areas: frozenset[str] | None
    max_travel_seconds: int | None
    max_inspections: int | None
    asks: bool
    cancel_permille: int


@dataclass(frozen=True, slots=True)
class TeamSession:
    """A time that one team of one party offers."""

    id: str
    team: str
    agency: str
    start: int
    end: int
    skills: frozenset[str]
    home: int | None
    asks: bool
    group: str | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A site that agencies want to inspect together."""

    id: str
    place: int
    area: str | None
    duration: int
    windows: tuple[tuple[int, int], ...]
    due: int | None
    deadline: int | None
    value: int
    police_need: str
    required_agencies: frozenset[str]
    interests: dict[str, int]
    min_officers: int
    required_skills: frozenset[str]
    required_participants: frozenset[str]
    ready: frozenset[str] | None
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules' figures, as planning.md shows them unless given."""

    late_join: int
    early_leave: int
    team_gap: int
    daily_rest: int
    max_agencies: int
    min_other_agencies: int
    never_on_site: frozenset[str]
    not_an_agency: frozenset[str]
    team_far: int
    substitute: int
    readiness: int
    consent: str


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """Points for inspections with a tag that start in [start, end)."""

    tag: str
    start: int
    end: int
    points: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What the objective's terms weigh; the last seven are the disruption's."""

    value: int
    interest: int
    late_day: int
    earliness: int
    travel_minute: int
    team: int
    team_far: int
    experience: int
    risk: int
    no_police: int
    fairness: dict[str, int]
    theme: tuple[ThemeRow, ...]
    removed: int
    team_removed: int
    team_added: int
    added: int
    shifted: int
    changed: int
    shift_tolerance: int


@dataclass(frozen=True, slots=True)
class PublishedVisit:
    """One inspection of a published operation, with its published times."""

    inspection: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PublishedOperation:
    """An operation as participants were told of it; its ids may no longer be listed."""

    id: str
    session: str
    visits: tuple[PublishedVisit, ...]
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a plan follows from, lists sorted by id."""

    centre: str
    now: int
    seed: int
    sessions: tuple[Session, ...]
    team_sessions: tuple[TeamSession, ...]
    inspections: tuple[Inspection, ...]
    travel: Travel
    rules: Rules
    weights: Weights
    published: tuple[PublishedOperation, ...] | None
    confirmed: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    lost: dict[str, str] = field(default_factory=dict)
    consented: frozenset[tuple[str, str | None]] = frozenset()
    freeze_until: int | None = None
    no_new_team_before: int | None = None
