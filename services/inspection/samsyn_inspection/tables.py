"""The rows that the service keeps: operations, what agencies said of them and of sites, words held, the time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

MIGRATIONS = Path(__file__).parent / "migrations"


class InspectionTable(SQLModel, registry=registry()):
    """Tables of this service alone."""


class OperationRow(InspectionTable, table=True):
    """An operation: what is searched for, the plans that planning has said, the newest last, and its preparation."""

    __tablename__ = "operation"
    operation_id: str = Field(primary_key=True)
    centre: str
    life: str
    start_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    end_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    plans: list[dict[str, Any]] = Field(sa_type=JSONB)
    preparation: dict[str, Any] = Field(sa_type=JSONB)
    look_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))


class HeldRow(InspectionTable, table=True):
    """Planning's words about an operation that was never scheduled: `[{type, body}]`; none left once it has been."""

    __tablename__ = "held"
    operation_id: str = Field(primary_key=True)
    centre: str
    messages: list[dict[str, Any]] = Field(sa_type=JSONB)


class HeardRow(InspectionTable, table=True):
    """What an agency said of an operation, numbered in the order of admission; `is_held` while it waits."""

    __tablename__ = "heard"
    operation_id: str = Field(primary_key=True)
    centre: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    is_held: bool
    expired: str | None = None
    envelope: dict[str, Any] = Field(sa_type=JSONB)
    body: dict[str, Any] = Field(sa_type=JSONB)


class SiteAnswerRow(InspectionTable, table=True):
    """What an agency has answered about a section of an inspection's site: the newest, by its `as_of`."""

    __tablename__ = "site_answer"
    centre: str = Field(primary_key=True)
    inspection_id: str = Field(primary_key=True)
    section: str = Field(primary_key=True)
    agency: str = Field(primary_key=True)
    as_of: datetime = Field(sa_type=sa.DateTime(timezone=True))
    body: dict[str, Any] = Field(sa_type=JSONB)


class LessonRow(InspectionTable, table=True):
    """What an agency that took part in an operation says is to be learnt from it."""

    __tablename__ = "lesson"
    centre: str = Field(primary_key=True)
    operation_id: str = Field(primary_key=True)
    agency: str = Field(primary_key=True)
    at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    codes: list[str] = Field(sa_type=JSONB)


class CentreTimeRow(InspectionTable, table=True):
    """Up to when everything has happened at a centre."""

    __tablename__ = "centre_time"
    centre: str = Field(primary_key=True)
    until: datetime = Field(sa_type=sa.DateTime(timezone=True))


class RestoredRow(InspectionTable, table=True):
    """That the database was restored from a backup, when, and what versions go on from."""

    __tablename__ = "restored"
    at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), primary_key=True))
    versions_from: int
