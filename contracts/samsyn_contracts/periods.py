"""The annual wheel of a centre: periods with themes and deadlines, fixed days, targets; what planning makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from samsyn_contracts.message import (
    END_YEAR,
    FIRST_YEAR,
    P1,
    Code,
    Day,
    Facts,
    Instant,
    Message,
    OperationId,
    OwnedId,
    PartyCode,
)

Year = Annotated[int, Field(ge=FIRST_YEAR, le=END_YEAR - 1)]
# As the centre calls it, for example 2026-q1.
PeriodId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,49}$")]
ShownName = Annotated[str, Field(min_length=1, max_length=100)]


class Theme(Facts):
    """What a period favours: inspections with the indication or of the programme `tag` earn `points` more in it."""

    code: Annotated[Code, P1]
    sv: Annotated[ShownName, P1]
    en: Annotated[ShownName, P1]
    tag: Annotated[Code, P1]
    points: Annotated[int, Field(ge=0, le=1000), P1]


class Period(Facts):
    """A part of the year, both days in it; deadlines are in the order in which they stand here, and any may be absent.

    Until `capacity_call_by` capacity is offered, until `information_by` sites are described; at `freeze_at` planning
    tells which operations the period has; until `evaluate_by` they are evaluated.
    """

    period_id: Annotated[PeriodId, P1]
    from_day: Annotated[Day, P1]
    until_day: Annotated[Day, P1]
    theme: Annotated[Theme | None, P1] = None
    capacity_call_by: Annotated[Instant | None, P1] = None
    information_by: Annotated[Instant | None, P1] = None
    freeze_at: Annotated[Instant | None, P1] = None
    evaluate_by: Annotated[Instant | None, P1] = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Period:
        if self.until_day < self.from_day:
            raise ValueError("until_day must not be earlier than from_day")
        named = ("capacity_call_by", "information_by", "freeze_at", "evaluate_by")
        told = [(name, at) for name in named if (at := getattr(self, name)) is not None]
        for (earlier, first), (later, last) in pairwise(told):
            if last < first:
                raise ValueError(f"{later} must not be earlier than {earlier}")
        return self


class FixedDay(Facts):
    """A day that is the same for everybody: a training day, a network meeting, a day for reports."""

    day: Annotated[Day, P1]
    code: Annotated[Code, P1]
    sv: Annotated[ShownName, P1]
    en: Annotated[ShownName, P1]


class AnnualWheelPublished(Message):
    """A centre tells its annual wheel; a higher version of the same wheel takes the place of the lower."""

    subject_field: ClassVar[str] = "wheel_id"
    owner_of: ClassVar[str | None] = "wheel_id"

    wheel_id: Annotated[OwnedId, P1]
    year: Annotated[Year, P1]
    version: Annotated[int, Field(ge=1, le=10_000), P1]
    periods: Annotated[tuple[Period, ...], Field(min_length=1, max_length=60), P1]
    fixed_days: Annotated[tuple[FixedDay, ...], Field(max_length=200), P1] = ()

    @model_validator(mode="after")
    def _has_periods_apart(self) -> AnnualWheelPublished:
        _refuse_twice([period.period_id for period in self.periods])
        for earlier, later in pairwise(sorted(self.periods, key=lambda period: period.from_day)):
            if later.from_day <= earlier.until_day:
                raise ValueError(f"the periods {earlier.period_id} and {later.period_id} must not overlap")
        return self


class AnnualTargetSet(Message):
    """A centre tells how many inspections or operations it means to reach in a year, and from where it starts."""

    subject_field: ClassVar[str] = "centre"
    owner_of: ClassVar[str | None] = "centre"

    centre: Annotated[PartyCode, P1]
    year: Annotated[Year, P1]
    unit: Annotated[Literal["inspections", "operations"], P1]
    baseline: Annotated[int, Field(ge=0, le=1_000_000), P1]
    target: Annotated[int, Field(ge=0, le=1_000_000), P1]
    by_function: Annotated[Code, P1]


class PlanningPeriodOpened(Message):
    """A period of the wheel is about to be planned: offer capacity and describe sites before its deadlines."""

    subject_field: ClassVar[str] = "period_id"

    period_id: Annotated[PeriodId, P1]
    wheel_id: Annotated[OwnedId, P1]
    centre: Annotated[PartyCode, P1]
    from_day: Annotated[Day, P1]
    until_day: Annotated[Day, P1]
    capacity_call_by: Annotated[Instant | None, P1] = None
    information_by: Annotated[Instant | None, P1] = None
    freeze_at: Annotated[Instant | None, P1] = None


class PlanningPeriodFrozen(Message):
    """A period's `freeze_at` has come: these operations of the published plan begin in it."""

    subject_field: ClassVar[str] = "period_id"

    period_id: Annotated[PeriodId, P1]
    wheel_id: Annotated[OwnedId, P1]
    centre: Annotated[PartyCode, P1]
    plan_version: Annotated[int, Field(ge=0), P1]
    frozen_operation_ids: Annotated[tuple[OperationId, ...], P1]


def _refuse_twice(ids: Sequence[str]) -> None:
    for number, one in enumerate(ids):
        if one in ids[:number]:
            raise ValueError(f"the period {one} stands twice; give each an id of its own")
