"""The rows that the service keeps: operations, what agencies said of them, words held, each centre's time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class InspectionTable(SQLModel, registry=registry()):
    """Tables of this service alone."""


class OperationRow(InspectionTable, table=True):
    """An operation: what is searched for, and the plans that planning has said, the newest last."""

    __tablename__ = "operation"
    operation_id: str = Field(primary_key=True)
    centre: str
    life: str
    start_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    end_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    plans: list[dict[str, Any]] = Field(sa_type=JSONB)


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


class CentreTimeRow(InspectionTable, table=True):
    """Up to when everything has happened at a centre."""

    __tablename__ = "centre_time"
    centre: str = Field(primary_key=True)
    until: datetime = Field(sa_type=sa.DateTime(timezone=True))
