"""What a party knows of a year, and of who is reached: wheels, targets, figures, functions, roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from samsyn_contracts.contact_points import Channel
from samsyn_contracts.indicators import AgencyWork, AreaWork
from samsyn_contracts.periods import FixedDay, Period

from samsyn_adapter_desk.domain.card import Card


class WheelCard(Card):
    """A centre's annual wheel, in its newest version; `at` is when it was told.

    `is_refused` where Samsyn did not take the first version that was ever said: there is none in force then.
    """

    kind: ClassVar[str] = "wheel"

    wheel_id: str
    year: int
    version: int
    periods: tuple[Period, ...]
    fixed_days: tuple[FixedDay, ...] = ()
    opened: tuple[str, ...] = ()
    frozen: Mapping[str, tuple[str, ...]] = {}
    said: str | None = None
    is_refused: bool = False

    @property
    def id(self) -> str:
        """The wheel's id."""
        return self.wheel_id

    @property
    def status(self) -> str:
        """The year, or refused."""
        return "refused" if self.is_refused else str(self.year)


class TargetCard(Card):
    """What a centre means to reach in a year; `at` is when it was told."""

    kind: ClassVar[str] = "target"

    year: int
    unit: Literal["inspections", "operations"]
    baseline: int
    target: int

    @property
    def id(self) -> str:
        """Centre, year and unit."""
        return f"{self.centre}/{self.year}/{self.unit}"

    @property
    def status(self) -> str:
        """The year."""
        return str(self.year)


class FiguresCard(Card):
    """How far a centre has come in a year, as reporting counts it: values by code; `at` is when that was told."""

    kind: ClassVar[str] = "figures"

    year: int
    as_of: date
    values: Mapping[str, float]

    @property
    def id(self) -> str:
        """Centre and year."""
        return f"{self.centre}/{self.year}"

    @property
    def status(self) -> str:
        """The year."""
        return str(self.year)


class WorkCard(Card):
    """A centre's work of a year by agency and by area, as it is told to the centre; `at` is when that was."""

    kind: ClassVar[str] = "work"

    year: int
    as_of: date
    agencies: tuple[AgencyWork, ...] = ()
    areas: tuple[AreaWork, ...] = ()

    @property
    def id(self) -> str:
        """Centre and year."""
        return f"{self.centre}/{self.year}"

    @property
    def status(self) -> str:
        """The year."""
        return str(self.year)


class ContactCard(Card):
    """A function by which an agency is reached in a centre; `at` is since when, `said` the event that told it.

    `role` is the department that told it, of a party that speaks by its departments.
    """

    kind: ClassVar[str] = "contact"

    function_id: str
    agency: str
    role: str | None = None
    role_code: str
    area_id: str | None = None
    channels: tuple[Channel, ...] = ()
    duty_hours: str | None = None
    deputy_function: str | None = None
    is_gone: bool = False
    said: str

    @property
    def id(self) -> str:
        """Centre and function."""
        return f"{self.centre}/{self.function_id}"

    @property
    def status(self) -> str:
        """reached or gone."""
        return "gone" if self.is_gone else "reached"


class RoleCard(Card):
    """What a role of an agency is for, as told in a centre; `at` is since when that is known, `said` the event."""

    kind: ClassVar[str] = "role"

    agency: str
    role_code: str
    mandate_text_sv: str
    mandate_text_en: str | None = None
    tasks: tuple[str, ...] = ()
    valid_from: date
    said: str
    is_refused: bool = False

    @property
    def id(self) -> str:
        """Centre, agency and role."""
        return f"{self.centre}/{self.agency}/{self.role_code}"

    @property
    def status(self) -> str:
        """defined or refused."""
        return "refused" if self.is_refused else "defined"
