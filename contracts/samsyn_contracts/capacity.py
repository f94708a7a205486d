"""What agencies and the police can spare, and what they take back."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from samsyn_contracts.message import P1, P2, Code, EventId, Facts, Instant, Message, OwnedId, PartyCode, Position

Cover = Literal["time", "other_site", "other_police_unit", "fewer_officers", "without_police", "other_participants"]
Unit = Literal["local_police", "border_police", "team"]


class CapacityConsent(Facts):
    """Whether capacity may be used without asking (`standing`), and the changes its owner agrees to beforehand."""

    mode: Annotated[Literal["standing", "ask"], P1]
    covers: Annotated[tuple[Cover, ...], P1] = ()


class CapacityOffered(Message):
    """An agency or the police offers a team or a police session of one centre for joint operations."""

    subject_field: ClassVar[str] = "capacity_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    capacity_id: Annotated[OwnedId, P1]
    unit: Annotated[Unit, P1]
    start_at: Annotated[Instant, P2]
    end_at: Annotated[Instant, P2]
    staff: Annotated[int, Field(ge=1, le=100), P2]
    consent: Annotated[CapacityConsent, P1]
    base: Annotated[Position | None, P2] = None
    municipality: Annotated[str | None, Field(pattern=r"^[0-9]{4}$"), P2] = None
    team: Annotated[Code | None, P2] = None
    role: Annotated[Code | None, P1] = None
    area: Annotated[Code | None, P2] = None
    areas: Annotated[tuple[Code, ...], P2] = ()
    skills: Annotated[tuple[Code, ...], P2] = ()
    experience_band: Annotated[Literal["0", "1-3", "4+"] | None, P2] = None
    max_travel_minutes: Annotated[int | None, Field(ge=1, le=600), P2] = None
    max_inspections: Annotated[int | None, Field(ge=1, le=20), P2] = None
    alternatives_group: Annotated[Code | None, P2] = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> CapacityOffered:
        if self.end_at <= self.start_at:
            raise ValueError("end_at must be later than start_at")
        if self.unit != "team" and self.base is None:
            raise ValueError("base is required for a police session")
        if self.unit == "team" and self.team is None:
            raise ValueError("team is required for a unit that is a team")
        return self


class CapacityWithdrawn(Message):
    """The owner takes back a capacity offered, for its own reasons."""

    subject_field: ClassVar[str] = "capacity_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    capacity_id: Annotated[OwnedId, P1]
    reason_code: Annotated[Code, P1]


class PoliceCancelled(Message):
    """The police lose a session, wholly or in part, usually to a disturbance.

    Neither `available_from`, `available_until` nor `officers_left`: the whole session is lost.
    """

    subject_field: ClassVar[str] = "capacity_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    capacity_id: Annotated[OwnedId, P1]
    cause_code: Annotated[Code, P1]
    disturbance_id: Annotated[OwnedId | None, P2] = None
    available_from: Annotated[Instant | None, P2] = None
    available_until: Annotated[Instant | None, P2] = None
    officers_left: Annotated[int | None, Field(ge=0, le=100), P2] = None
    may_return_at: Annotated[Instant | None, P2] = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the session is left."""
        return self.officers_left == 0 or (
            self.available_from is None and self.available_until is None and self.officers_left is None
        )


class PoliceCancellationRetracted(Message):
    """The police take back a cancellation that was a mistake."""

    subject_field: ClassVar[str] = "capacity_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    capacity_id: Annotated[OwnedId, P1]
    cancelled_event: Annotated[EventId, P1]


class PoliceRestored(Message):
    """The police can take a lost session after all: the disturbance is over."""

    subject_field: ClassVar[str] = "capacity_id"
    owner_of: ClassVar[str | None] = "capacity_id"

    capacity_id: Annotated[OwnedId, P1]
    disturbance_id: Annotated[OwnedId | None, P2] = None


class ConsentGiven(Message):
    """An agency agrees beforehand to kinds of changes, until a day it names."""

    subject_field: ClassVar[str] = "consent_id"
    owner_of: ClassVar[str | None] = "consent_id"

    consent_id: Annotated[OwnedId, P1]
    given_by_function: Annotated[Code, P1]
    covers: Annotated[tuple[Cover, ...], Field(min_length=1), P1]
    valid_until: Annotated[Instant, P1]
    minutes: Annotated[int | None, Field(ge=0, le=100_000), P1] = None


class ConsentRevoked(Message):
    """An agency takes back a consent given beforehand."""

    subject_field: ClassVar[str] = "consent_id"
    owner_of: ClassVar[str | None] = "consent_id"

    consent_id: Annotated[OwnedId, P1]


class DisturbanceReported(Message):
    """A sudden event that may drain police resources, as the police or a feed of published events tell it.

    Once `expected_end_at` has passed it is held to be over, until it is reported with a later one.
    """

    subject_field: ClassVar[str] = "disturbance_id"
    owner_of: ClassVar[str | None] = "disturbance_id"

    disturbance_id: Annotated[OwnedId, P2]
    kind: Annotated[Literal["shooting", "explosion", "accident", "fire", "order", "other"], P2]
    severity: Annotated[Literal["heavy", "serious", "other"], P2]
    municipality: Annotated[str | None, Field(pattern=r"^[0-9]{4}$"), P2] = None
    verified: Annotated[bool, P2] = False
    expected_end_at: Annotated[Instant | None, P2] = None


class AdapterHeartbeat(Message):
    """An adapter is alive, and says again within `interval_minutes` that it is."""

    is_reference: ClassVar[bool] = True
    subject_field: ClassVar[str] = "adapter_id"
    owner_of: ClassVar[str | None] = "adapter_id"

    adapter_id: Annotated[OwnedId, P1]
    version: Annotated[str, Field(max_length=40), P1]
    interval_minutes: Annotated[int | None, Field(ge=1, le=1440), P1] = None


class AutomationModeChanged(Message):
    """A centre decides whether new plans are published by themselves, only proposed, or not made at all."""

    subject_field: ClassVar[str] = "centre"
    owner_of: ClassVar[str | None] = "centre"

    centre: Annotated[PartyCode, P1]
    mode: Annotated[Literal["auto", "propose", "off"], P1]
    by_function: Annotated[Code, P1]
    reason_code: Annotated[Code, P1]
