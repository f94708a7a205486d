"""The rows that the service keeps: facts, operations, the ledger's entries, losses; all rebuilt from the log."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class ReportingTable(SQLModel, registry=registry()):
    """Tables of this service alone."""


class FactRow(ReportingTable, table=True):
    """What one message of planning's told of one operation."""

    __tablename__ = "fact"
    event_id: str = Field(primary_key=True)
    operation_id: str
    centre: str
    code_name: str
    state: str
    plan_version: int
    said_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))
    from_start_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))
    start_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))
    inspection_ids: list[str] = Field(sa_type=JSONB)
    cause_event_ids: list[str] = Field(sa_type=JSONB)
    ladder_step: str | None
    notice_minutes: int | None


class OperationRow(ReportingTable, table=True):
    """Where an operation stands."""

    __tablename__ = "operation"
    operation_id: str = Field(primary_key=True)
    centre: str
    state: str
    start_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))
    inspection_ids: list[str] = Field(sa_type=JSONB)


class EntryRow(ReportingTable, table=True):
    """The ledger: one row per cause and operation."""

    __tablename__ = "ledger"
    cause_event_id: str = Field(primary_key=True)
    operation_id: str = Field(primary_key=True)
    centre: str
    code_name: str
    planned_start_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))
    inspection_ids: list[str] = Field(sa_type=JSONB)
    kept_ids: list[str] = Field(sa_type=JSONB)
    outcome: str
    ladder_step: str
    notice_minutes: int | None
    hit_version: int
    plan_version: int


class LossRow(ReportingTable, table=True):
    """Something that a plan counted on and that was taken back."""

    __tablename__ = "loss"
    event_id: str = Field(primary_key=True)
    centre: str
    kind: str
    cause_code: str
    said_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))


class TakenBackRow(ReportingTable, table=True):
    """A loss that was a mistake; a table of its own, for it may be heard before the loss."""

    __tablename__ = "taken_back"
    event_id: str = Field(primary_key=True)
    centre: str
