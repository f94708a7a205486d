"""The rows that the service keeps: facts, each under the event that told it, and how far each centre was heard."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

MIGRATIONS = Path(__file__).parent / "migrations"
INSTANT: Any = sa.DateTime(timezone=True)


class ReportingTable(SQLModel, registry=registry()):
    """Tables of this service alone: what a rebuild makes anew and compares."""


class ToldRow(ReportingTable):
    """The columns that all facts have."""

    source: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    centre: str
    said_at: datetime = Field(sa_type=INSTANT)


class FactRow(ToldRow, table=True):
    """What one message of planning's told of one operation."""

    __tablename__ = "fact"
    operation_id: str
    code_name: str
    state: str
    plan_version: int
    from_start_at: datetime = Field(sa_type=INSTANT)
    from_end_at: datetime = Field(sa_type=INSTANT)
    start_at: datetime = Field(sa_type=INSTANT)
    end_at: datetime = Field(sa_type=INSTANT)
    parts: list[dict[str, Any]] = Field(sa_type=JSONB)
    inspection_ids: list[str] = Field(sa_type=JSONB)
    cause_event_ids: list[str] = Field(sa_type=JSONB)
    ladder_step: str | None
    notice_minutes: int | None


class LossRow(ToldRow, table=True):
    """Something that a plan counted on and that was taken back."""

    __tablename__ = "loss"
    kind: str
    cause_code: str
    capacity_id: str | None
    operation_id: str | None


class TakenBackRow(ToldRow, table=True):
    """A loss that was a mistake."""

    __tablename__ = "taken_back"
    cancelled_event_id: str


class OfferRow(ToldRow, table=True):
    """How many people a capacity is."""

    __tablename__ = "offer"
    sequence: int | None = Field(sa_type=sa.BigInteger)
    capacity_id: str
    agency: str
    staff: int


class ProposalRow(ToldRow, table=True):
    """Which site, company and programme an inspection is of."""

    __tablename__ = "proposal"
    sequence: int | None = Field(sa_type=sa.BigInteger)
    inspection_id: str
    site_id: str
    company_key: str
    company_known_by: str
    programme: str | None
    municipality: str | None


class AcknowledgementRow(ToldRow, table=True):
    """That an agency had seen what it was told."""

    __tablename__ = "acknowledgement"
    operation_id: str
    agency: str
    plan_version: int


class StartRow(ToldRow, table=True):
    """That an operation had begun."""

    __tablename__ = "start"
    operation_id: str
    agency: str
    police_present: bool


class HandInRow(ToldRow, table=True):
    """That an agency's part of an inspection was finished."""

    __tablename__ = "hand_in"
    operation_id: str
    inspection_id: str
    agency: str
    outcome: str


class BreakOffRow(ToldRow, table=True):
    """That an operation was broken off or given up."""

    __tablename__ = "break_off"
    operation_id: str
    agency: str
    kind: str
    cause_code: str
    left_ids: list[str] = Field(sa_type=JSONB)


class EndingRow(ToldRow, table=True):
    """That an operation was over."""

    __tablename__ = "ending"
    operation_id: str
    plan_version: int
    outcome: str
    done_ids: list[str] = Field(sa_type=JSONB)
    handed_in_by: list[str] = Field(sa_type=JSONB)
    missing_from: list[str] = Field(sa_type=JSONB)
    police_present: bool
    counts_as_operation: bool


class FindingRow(ToldRow, table=True):
    """That something was found; not what."""

    __tablename__ = "finding"
    finding_id: str
    operation_id: str
    agency: str
    category: str
    subject_kind: str


class DisclosureRow(ToldRow, table=True):
    """That a receiver got a finding, or not."""

    __tablename__ = "disclosure"
    finding_id: str
    operation_id: str
    sender: str
    receiver: str
    outcome: str
    is_told: bool


class EvaluationRow(ToldRow, table=True):
    """That an agency has evaluated an operation; not how it went."""

    __tablename__ = "evaluation"
    operation_id: str
    agency: str
    lesson_codes: list[str] = Field(sa_type=JSONB)


class TargetRow(ToldRow, table=True):
    """What a centre means to reach in a year."""

    __tablename__ = "target"
    sequence: int | None = Field(sa_type=sa.BigInteger)
    year: int
    unit: str
    baseline: int
    target: int


class HeardRow(ReportingTable, table=True):
    """Up to when, by message time, anything was heard of a centre."""

    __tablename__ = "heard"
    centre: str = Field(primary_key=True)
    until: datetime = Field(sa_type=INSTANT)


class SayingTable(SQLModel, registry=registry()):
    """What has been said: no read model, for a rebuild neither says nor forgets anything."""


class SaidRow(SayingTable, table=True):
    """Up to which day a centre has been spoken of, the figures that were told, and which targets were at risk."""

    __tablename__ = "said"
    centre: str = Field(primary_key=True)
    day: date
    kpis: list[dict[str, Any]] = Field(sa_type=JSONB)
    at_risk: list[str] = Field(sa_type=JSONB)
    agencies: list[dict[str, Any]] = Field(sa_type=JSONB)
    areas: list[dict[str, Any]] = Field(sa_type=JSONB)


class RestoredRow(SayingTable, table=True):
    """That the database was restored from a backup, and when."""

    __tablename__ = "restored"
    at: datetime = Field(primary_key=True, sa_type=INSTANT)
