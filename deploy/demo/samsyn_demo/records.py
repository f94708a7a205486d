"""What the agencies of the demo have in their own systems: police sessions, team shifts, sites they want inspected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PolicePass:
    """A police session as the duty system knows it; `consent` is "standing" or "ask"."""

    pass_id: str
    start_at: datetime
    end_at: datetime
    municipality: str
    lat: float
    lon: float
    officers: int
    experience_band: str
    consent: str
    max_travel_minutes: int
    max_inspections: int


@dataclass(frozen=True)
class TeamShift:
    """A shift of an agency's team; `role` where the agency has several."""

    shift_id: str
    agency: str
    team: str
    start_at: datetime
    end_at: datetime
    inspectors: int
    skills: tuple[str, ...]
    lat: float | None
    lon: float | None
    consent: str
    role: str | None = None


@dataclass(frozen=True)
class WantedSite:
    """A site that an agency wants inspected; a sole trader's identity is kept apart (class P3).

    `windows` are pairs of instants; `interests` are agency -> "low" | "medium" | "high".
    """

    inspection_id: str
    agency: str
    role: str | None
    name: str
    organisation_number: str
    is_sole_trader: bool
    municipality: str
    lat: float
    lon: float
    industry: str
    indications: tuple[str, ...]
    police_need: str
    value: int
    duration_minutes: int
    windows: tuple[tuple[datetime, datetime], ...]
    due_at: datetime | None
    deadline_at: datetime | None
    required_agencies: tuple[str, ...]
    min_officers: int
    exploitation_indicated: bool
    interests: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class World:
    """Everything that the agencies of one centre have when the demo begins at `starts_at`."""

    centre: str
    seed: int
    starts_at: datetime
    ends_at: datetime
    passes: tuple[PolicePass, ...]
    shifts: tuple[TeamShift, ...]
    sites: tuple[WantedSite, ...]


@dataclass(frozen=True)
class PoliceLoss:
    """A published disturbance takes a police session: the duty system learns it at `said_at`."""

    pass_id: str
    disturbance_id: str
    kind: str
    severity: str
    municipality: str | None
    occurred_at: datetime
    said_at: datetime
    officers_left: int | None = None
    available_from: datetime | None = None
    available_until: datetime | None = None
