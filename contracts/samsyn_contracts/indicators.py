"""Indicators: how far a centre has come in its year, and that a target is at risk; counts alone, each as defined."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from samsyn_contracts.message import P1, Day, Facts, Message, PartyCode
from samsyn_contracts.periods import Year

KpiCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,5}$", max_length=100)]
SnapshotId = Annotated[str, StringConstraints(pattern=r"^kpi:[a-z][a-z0-9-]{1,40}:[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
DefinitionVersion = Annotated[int, Field(ge=1)]


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
