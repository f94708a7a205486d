"""The inspections that agencies want: proposed, amended, withdrawn, and what each agency declares about them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from samsyn_contracts.message import (
    P1,
    P2,
    P2_SITE,
    P3,
    Code,
    ContentsRef,
    Facts,
    Instant,
    Message,
    OwnedId,
    PartyCode,
    PartyInRole,
    Position,
)

PoliceNeed = Literal["required", "wanted", "not_needed"]
Municipality = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
Industry = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
# Third digit 0 or 1 is a sole trader's personal identity number: class P3, by reference only.
OrganisationNumber = Annotated[str, Field(pattern=r"^[0-9]{2}[2-9][0-9]{3}-?[0-9]{4}$")]


class TimeWindow(Facts):
    """When the whole inspection must take place, closed interval."""

    from_at: Annotated[Instant, P2]
    until_at: Annotated[Instant, P2]

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> TimeWindow:
        if self.until_at <= self.from_at:
            raise ValueError("until_at must be later than from_at")
        return self


class Site(Facts):
    """The workplace to be inspected.

    A sole trader's organisation number is a personal identity number: then `identity_ref` points to the contents
    store and `name` and `organisation_number` are absent.
    """

    site_id: Annotated[OwnedId, P2]
    municipality: Annotated[Municipality, P2]
    industry: Annotated[Industry | None, P2] = None
    position: Annotated[Position | None, P2_SITE] = None
    address: Annotated[str | None, Field(max_length=200), P2_SITE] = None
    name: Annotated[str | None, Field(max_length=200), P2_SITE] = None
    organisation_number: Annotated[OrganisationNumber | None, P2_SITE] = None
    identity_ref: Annotated[ContentsRef | None, P3] = None

    @model_validator(mode="after")
    def _is_named_or_referred_to(self) -> Site:
        named = self.name is not None or self.organisation_number is not None
        if named and self.identity_ref is not None:
            raise ValueError("a sole trader's site has identity_ref alone, without name and organisation_number")
        return self


class InspectionProposed(Message):
    """An agency wants a site inspected jointly, because of stated indications."""

    subject_field: ClassVar[str] = "inspection_id"
    owner_of: ClassVar[str | None] = "inspection_id"

    inspection_id: Annotated[OwnedId, P1]
    site: Annotated[Site, P2]
    indications: Annotated[tuple[Code, ...], Field(min_length=1), P2]
    police_need: Annotated[PoliceNeed, P2]
    value: Annotated[int, Field(ge=0, le=1000), P2]
    programme: Annotated[Code, P1]
    duration_minutes: Annotated[int, Field(ge=10, le=720), P2]
    time_windows: Annotated[tuple[TimeWindow, ...], Field(min_length=1), P2]
    due_at: Annotated[Instant | None, P2] = None
    deadline_at: Annotated[Instant | None, P2] = None
    required_agencies: Annotated[tuple[PartyInRole, ...], P2] = ()
    required_skills: Annotated[tuple[Code, ...], P2] = ()
    min_officers: Annotated[int, Field(ge=0, le=100), P2] = 2
    exploitation_indicated: Annotated[bool, P2] = False
    area: Annotated[Code | None, P2] = None
    why_ref: Annotated[ContentsRef | None, P3] = None


class InspectionChanges(Facts):
    """What is different now; a field that is absent stays as it was."""

    value: Annotated[int | None, Field(ge=0, le=1000), P2] = None
    police_need: Annotated[PoliceNeed | None, P2] = None
    duration_minutes: Annotated[int | None, Field(ge=10, le=720), P2] = None
    time_windows: Annotated[tuple[TimeWindow, ...] | None, Field(min_length=1), P2] = None
    due_at: Annotated[Instant | None, P2] = None
    deadline_at: Annotated[Instant | None, P2] = None
    required_agencies: Annotated[tuple[PartyInRole, ...] | None, P2] = None
    min_officers: Annotated[int | None, Field(ge=0, le=100), P2] = None
    exploitation_indicated: Annotated[bool | None, P2] = None


class InspectionAmended(Message):
    """The agency that proposed an inspection changes what it said of it."""

    subject_field: ClassVar[str] = "inspection_id"
    owner_of: ClassVar[str | None] = "inspection_id"

    inspection_id: Annotated[OwnedId, P1]
    changes: Annotated[InspectionChanges, P2]


class InspectionWithdrawn(Message):
    """The agency that proposed an inspection no longer wants it."""

    subject_field: ClassVar[str] = "inspection_id"
    owner_of: ClassVar[str | None] = "inspection_id"

    inspection_id: Annotated[OwnedId, P1]
    reason_code: Annotated[Code, P1]


class InterestDeclared(Message):
    """An agency tells how much it wants to take part in an inspection."""

    subject_field: ClassVar[str] = "inspection_id"
    owner_of: ClassVar[str | None] = "agency"

    inspection_id: Annotated[OwnedId, P1]
    agency: Annotated[PartyCode, P1]
    interest: Annotated[Literal["low", "medium", "high"], P2]


class ReadinessDeclared(Message):
    """An agency tells whether it is prepared, with the decisions it needs, to inspect a site."""

    subject_field: ClassVar[str] = "inspection_id"
    owner_of: ClassVar[str | None] = "agency"

    inspection_id: Annotated[OwnedId, P1]
    agency: Annotated[PartyCode, P1]
    ready: Annotated[bool, P1]
    valid_until: Annotated[Instant | None, P1] = None
