"""Rows of planning: an id, what is searched for, and the value itself as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class PlanningTable(SQLModel, registry=registry()):
    """Tables of planning's own database."""


class CentreRow(PlanningTable, table=True):
    """How far a centre's facts are ahead of its plan."""

    __tablename__ = "centre"
    id: str = Field(primary_key=True)
    facts_version: int = Field(sa_type=sa.BigInteger)
    planned_version: int = Field(sa_type=sa.BigInteger)
    value: dict[str, Any] = Field(sa_type=JSONB)


class CapacityRow(PlanningTable, table=True):
    """A police session or a team's shift."""

    __tablename__ = "capacity"
    id: str = Field(primary_key=True)
    centre: str
    team: str
    end_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    value: dict[str, Any] = Field(sa_type=JSONB)


class WantedRow(PlanningTable, table=True):
    """A wanted inspection."""

    __tablename__ = "wanted"
    id: str = Field(primary_key=True)
    centre: str
    is_done: bool
    value: dict[str, Any] = Field(sa_type=JSONB)


class OperationRow(PlanningTable, table=True):
    """An operation."""

    __tablename__ = "operation"
    id: str = Field(primary_key=True)
    centre: str
    status: str
    end_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    code_name: str
    value: dict[str, Any] = Field(sa_type=JSONB)


class ParticipationRow(PlanningTable, table=True):
    """A capacity's part in an operation."""

    __tablename__ = "participation"
    operation_id: str = Field(primary_key=True)
    capacity_id: str = Field(primary_key=True)
    centre: str
    status: str
    reply_by: datetime | None = Field(sa_type=sa.DateTime(timezone=True))
    value: dict[str, Any] = Field(sa_type=JSONB)


class ConsentRow(PlanningTable, table=True):
    """A consent given beforehand."""

    __tablename__ = "consent"
    id: str = Field(primary_key=True)
    centre: str
    value: dict[str, Any] = Field(sa_type=JSONB)


class ProposalRow(PlanningTable, table=True):
    """A plan that waits for a decision."""

    __tablename__ = "proposal"
    id: str = Field(primary_key=True)
    centre: str
    status: str
    value: dict[str, Any] = Field(sa_type=JSONB)


class BackupRow(PlanningTable, table=True):
    """The answer to one operation's loss, made beforehand."""

    __tablename__ = "backup"
    id: str = Field(primary_key=True)
    centre: str
    session_id: str
    status: str
    facts_version: int = Field(sa_type=sa.BigInteger)
    plan_version: int
    valid_until: datetime = Field(sa_type=sa.DateTime(timezone=True))
    value: dict[str, Any] = Field(sa_type=JSONB)


class PinRow(PlanningTable, table=True):
    """Whether a centre has pinned an operation."""

    __tablename__ = "pin"
    id: str = Field(primary_key=True)
    centre: str
    is_pinned: bool
    value: dict[str, Any] = Field(sa_type=JSONB)


class CompromiseRow(PlanningTable, table=True):
    """Whether an operation is held because it may be compromised."""

    __tablename__ = "compromise"
    id: str = Field(primary_key=True)
    centre: str
    is_held: bool
    value: dict[str, Any] = Field(sa_type=JSONB)


class WheelRow(PlanningTable, table=True):
    """A centre's annual wheel, and when the next of its periods is to be told of."""

    __tablename__ = "wheel"
    id: str = Field(primary_key=True)
    centre: str
    due_at: datetime | None = Field(sa_type=sa.DateTime(timezone=True))
    value: dict[str, Any] = Field(sa_type=JSONB)


class DisturbanceRow(PlanningTable, table=True):
    """What has happened in a centre's area that may take the police."""

    __tablename__ = "disturbance"
    id: str = Field(primary_key=True)
    centre: str
    at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    value: dict[str, Any] = Field(sa_type=JSONB)


class OfficerSlotRow(PlanningTable, table=True):
    """A designated operation officer of the police."""

    __tablename__ = "officer_slot"
    id: str = Field(primary_key=True)
    centre: str
    value: dict[str, Any] = Field(sa_type=JSONB)


class WhatIfRow(PlanningTable, table=True):
    """A question of a centre's about a loss that has not happened."""

    __tablename__ = "what_if"
    id: str = Field(primary_key=True)
    centre: str
    status: str
    asked_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    value: dict[str, Any] = Field(sa_type=JSONB)


class PlanVersionRow(PlanningTable, table=True):
    """A published plan: what was asked, what was answered, by what work, and the chain of hashes."""

    __tablename__ = "plan_version"
    centre: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    replan_id: str
    facts_version: int = Field(sa_type=sa.BigInteger)
    causes: list[dict[str, Any]] = Field(sa_type=JSONB)
    before: list[dict[str, Any]] = Field(sa_type=JSONB)
    problem: dict[str, Any] = Field(sa_type=JSONB)
    plan: dict[str, Any] = Field(sa_type=JSONB)
    changes: list[dict[str, Any]] = Field(sa_type=JSONB)
    engine: str
    solve_seconds: float
    hash_prev: str
    hash: str
