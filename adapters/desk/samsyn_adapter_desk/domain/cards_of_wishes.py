"""What is wanted and what is given for it: inspections, sessions and shifts, designated officers, consents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Literal

from samsyn_adapter_desk.domain.card import Card


class InspectionCard(Card):
    """A wanted inspection, as the party may see it; `at` is when it became known.

    Of a party that speaks by its departments `role` is the one that wants it, and `interest_of` and `readiness_of` tell
    what each has declared.
    """

    kind: ClassVar[str] = "inspection"

    inspection_id: str
    is_own: bool
    role: str | None = None
    municipality: str | None = None
    industry: str | None = None
    site_name: str | None = None
    site_address: str | None = None
    indications: tuple[str, ...] = ()
    police_need: str | None = None
    programme: str | None = None
    duration_minutes: int | None = None
    due_at: datetime | None = None
    required_agencies: tuple[str, ...] = ()
    interest: Literal["low", "medium", "high"] | None = None
    is_ready: bool | None = None
    interest_of: Mapping[str, Literal["low", "medium", "high"]] = {}
    readiness_of: Mapping[str, bool] = {}
    said: str | None = None
    state: Literal["wanted", "withdrawn", "done", "refused"] = "wanted"
    withdrawn_by: str | None = None

    @property
    def id(self) -> str:
        """The inspection's id."""
        return self.inspection_id

    @property
    def status(self) -> str:
        """Its state."""
        return self.state


class CapacityCard(Card):
    """A session or a team's shift that the party, or its department `role`, has offered here; `at` is its start.

    `partly_lost_by` told of a loss in part, before `lost_by` told of more.
    """

    kind: ClassVar[str] = "capacity"

    capacity_id: str
    role: str | None = None
    unit: str
    end_at: datetime
    staff: int
    team: str | None = None
    is_standing: bool = False
    state: Literal["offered", "withdrawn", "lost", "refused"] = "offered"
    said: str
    lost_by: str | None = None
    is_partly_lost: bool = False
    partly_lost_by: str | None = None

    @property
    def id(self) -> str:
        """The capacity's id."""
        return self.capacity_id

    @property
    def status(self) -> str:
        """Its state."""
        return self.state

    @property
    def session_id(self) -> str | None:
        """The session itself, where it is one."""
        return None if self.unit == "team" else self.capacity_id


class OfficerCard(Card):
    """A slot for a designated operation officer, as the police told it here; `at` is since when that is said."""

    kind: ClassVar[str] = "officer"

    slot_id: str
    area: str
    experience_band: str
    skills: tuple[str, ...] = ()
    valid_from: date
    valid_to: date | None = None
    said: str
    retired_by: str | None = None
    is_refused: bool = False

    @property
    def id(self) -> str:
        """The slot's id."""
        return self.slot_id

    @property
    def status(self) -> str:
        """designated, retired or refused."""
        if self.is_refused:
            return "refused"
        return "designated" if self.valid_to is None else "retired"


class LostSessionCard(Card):
    """A session of the party that was not offered here and that it cancelled here; `at` is its start.

    `code_name` is the operation that was on it: the plan may move that elsewhere, and the cancellation can still be
    taken back.
    """

    kind: ClassVar[str] = "lost_session"

    capacity_id: str
    end_at: datetime
    code_name: str
    lost_by: str
    is_partly_lost: bool = False
    partly_lost_by: str | None = None
    back_by: str | None = None

    @property
    def id(self) -> str:
        """The session's id."""
        return self.capacity_id

    @property
    def status(self) -> str:
        """lost, or back."""
        return "lost" if self.back_by is None else "back"

    @property
    def session_id(self) -> str | None:
        """The session itself."""
        return self.capacity_id


class ConsentCard(Card):
    """A consent that the party, or its department `role`, has given here beforehand; `at` is until when it holds."""

    kind: ClassVar[str] = "consent"

    consent_id: str
    role: str | None = None
    covers: tuple[str, ...]
    minutes: int | None = None
    said: str
    state: Literal["given", "revoked", "refused"] = "given"
    revoked_by: str | None = None

    @property
    def id(self) -> str:
        """The consent's id."""
        return self.consent_id

    @property
    def status(self) -> str:
        """Its state."""
        return self.state
