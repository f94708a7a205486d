"""The rows that the service keeps: operations, messages held for operations not yet known, each centre's time."""

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
    """An operation at the newest plan version heard of it."""

    __tablename__ = "operation"
    operation_id: str = Field(primary_key=True)
    centre: str
    code_name: str
    said: str
    life: str
    is_confirmed: bool
    plan_version: int
    session_id: str
    start_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))
    end_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))
    agencies: list[str] = Field(sa_type=JSONB)
    inspection_ids: list[str] = Field(sa_type=JSONB)


class HeldRow(InspectionTable, table=True):
    """Messages about an operation that has not been scheduled: `[{type, body}]`; none left once it has been."""

    __tablename__ = "held"
    operation_id: str = Field(primary_key=True)
    centre: str
    messages: list[dict[str, Any]] = Field(sa_type=JSONB)


class CentreTimeRow(InspectionTable, table=True):
    """Up to when everything has happened at a centre."""

    __tablename__ = "centre_time"
    centre: str = Field(primary_key=True)
    until: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))
