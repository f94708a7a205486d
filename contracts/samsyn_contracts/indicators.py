"""Indicators: how far a centre has come in its year, and that a target is at risk; counts alone, each as defined."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from samsyn_contracts.inspections import Municipality
from samsyn_contracts.message import P1, P2, Day, Facts, Message, PartyCode
from samsyn_contracts.periods import Year

KpiCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,5}$", max_length=100)]
SnapshotId = Annotated[str, StringConstraints(pattern=r"^kpi:[a-z][a-z0-9-]{1,40}:[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
DefinitionVersion = Annotated[int, Field(ge=1)]
Number = Annotated[int, Field(ge=0)]
# So many inspections are wanted in an area at least before it is told by name: fewer could tell which site is meant.
FEWEST_OF_AN_AREA = 5


class Kpi(Facts):
    """One figure (nyckeltal); what its code means in that version stands in the README of the reporting service."""

    code: Annotated[KpiCode, P1]
    value: Annotated[float, P1]
    unit: Annotated[Literal["inspections", "operations", "pairs", "share"], P1]
    definition_version: Annotated[DefinitionVersion, P1]


class KpiSnapshotTaken(Message):
    """A centre's figures of the year up to a day, as heard when it ended; said when one of them has changed."""

    subject_field: ClassVar[str] = "snapshot_id"

    snapshot_id: Annotated[SnapshotId, P1]
    centre: Annotated[PartyCode, P1]
    year: Annotated[Year, P1]
    as_of: Annotated[Day, P1]
    kpis: Annotated[tuple[Kpi, ...], Field(min_length=1, max_length=100), P1]


class TargetRiskRaised(Message):
    """At the pace so far a centre will not reach a target of the year; said once, when the forecast falls below it."""

    subject_field: ClassVar[str] = "centre"

    centre: Annotated[PartyCode, P1]
    year: Annotated[Year, P1]
    unit: Annotated[Literal["inspections", "operations"], P1]
    as_of: Annotated[Day, P1]
    to_date: Annotated[int, Field(ge=0), P1]
    forecast: Annotated[int, Field(ge=0), P1]
    target: Annotated[int, Field(ge=0), P1]
    gap: Annotated[int, Field(ge=1), P1]
    definition_version: Annotated[DefinitionVersion, P1]


class AgencyWork(Facts):
    """What an agency did: operations that it took part in, and what began with a proposal of its own."""

    agency: Annotated[PartyCode, P1]
    joined_operations: Annotated[Number, P1]
    initiated_operations: Annotated[Number, P1]
    initiated_inspections: Annotated[Number, P1]


class AreaWork(Facts):
    """What was wanted, planned and done in a municipality; without `area`, in all where few inspections are wanted."""

    area: Annotated[Municipality | None, P2] = None
    wanted_inspections: Annotated[Number, P1]
    planned_inspections: Annotated[Number, P1]
    inspections_done: Annotated[Number, P1]
    counting_operations: Annotated[Number, P1]

    @model_validator(mode="after")
    def _is_told_by_name_where_many_are_wanted(self) -> AreaWork:
        if self.area is not None and self.wanted_inspections < FEWEST_OF_AN_AREA:
            raise ValueError(f"an area with fewer than {FEWEST_OF_AN_AREA} wanted_inspections is told without area")
        return self


class WorkCounted(Message):
    """A centre's work of the year up to a day, by agency and by area; said when one of the figures has changed."""

    subject_field: ClassVar[str] = "centre"

    centre: Annotated[PartyCode, P1]
    year: Annotated[Year, P1]
    as_of: Annotated[Day, P1]
    agencies: Annotated[tuple[AgencyWork, ...], Field(max_length=400), P1] = ()
    areas: Annotated[tuple[AreaWork, ...], Field(max_length=400), P1] = ()
    definition_version: Annotated[DefinitionVersion, P1]
