"""What the exchange remembers: log and chronicle, clock, operations, adapters, disclosures, contents, findings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


def _instant() -> sa.Column[datetime]:
    return sa.Column(sa.DateTime(timezone=True), nullable=False)


class ExchangeTable(SQLModel, registry=registry()):
    """Tables of the exchange alone."""


class MessageLogRow(ExchangeTable, table=True):
    """An admitted event as it came, in its centre's chain (see domain/chain.py); where it stood on its topic."""

    __tablename__ = "message_log"
    centre: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_type=sa.BigInteger)
    source: str
    id: str
    received_at: datetime = Field(sa_column=_instant())
    topic: str
    partition: int
    record_offset: int = Field(sa_type=sa.BigInteger)
    headers: str
    body: bytes
    hash: bytes


class ClockRow(ExchangeTable, table=True):
    """The one row of the clock: the latest instant given out, and the latest told to all centres."""

    __tablename__ = "clock"
    id: int = Field(primary_key=True)
    now_at: datetime = Field(sa_column=_instant())
    ticked_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True)))


class OperationRow(ExchangeTable, table=True):
    """An operation as planning last told of it."""

    __tablename__ = "operation"
    operation_id: str = Field(primary_key=True)
    centre: str
    code_name: str
    capacity_id: str | None = None
    participants: list[list[str]] = Field(sa_column=sa.Column(JSONB, nullable=False))
    plan_version: int
    start_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True)))
    end_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True)))
    told_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True)))
    is_confirmed: bool
    acknowledged: list[tuple[str, int]] = Field(sa_column=sa.Column(JSONB, nullable=False))
    accepted: list[tuple[str, str]] = Field(sa_column=sa.Column(JSONB, nullable=False))
    withdrawn: list[str] = Field(sa_column=sa.Column(JSONB, nullable=False))
    route: list[str] = Field(sa_column=sa.Column(JSONB, nullable=False))
    numbers: list[tuple[str, int]] = Field(sa_column=sa.Column(JSONB, nullable=False))


class AdapterRow(ExchangeTable, table=True):
    """An adapter that has been heard, and whether its heartbeats come in time."""

    __tablename__ = "adapter"
    adapter_id: str = Field(primary_key=True)
    party: str
    version: str
    interval_minutes: int
    first_seen_at: datetime = Field(sa_column=_instant())
    last_seen_at: datetime = Field(sa_column=_instant())
    status: str


class ChronicleRow(ExchangeTable, table=True):
    """An event that became known, as far as P0 and P1 go (see domain/chronicle.py)."""

    __tablename__ = "chronicle"
    number: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=True))
    source: str
    id: str
    name: str
    centre: str
    subject: str | None = None
    operation_id: str | None = None
    said_at: datetime = Field(sa_column=_instant())
    received_at: datetime = Field(sa_column=_instant())
    causation: str | None = None
    correlation: str | None = None
    causes: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))
    trace_id: str | None = None
    body: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(JSONB(none_as_null=True)))


class DisclosureRow(ExchangeTable, table=True):
    """That a receiver was told of an event, in which view and by which rule."""

    __tablename__ = "disclosure"
    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=True))
    source: str
    event_id: str
    receiver: str
    view: str
    rule_id: str
    disclosed_at: datetime = Field(sa_column=_instant())


class ContentsKeyRow(ExchangeTable, table=True):
    """The data key of an operation or a site, wrapped; without its row what it sealed is gone."""

    __tablename__ = "contents_key"
    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=True))
    about: str
    wrapped: bytes
    key_version: int
    made_at: datetime = Field(sa_column=_instant())


class ContentsRow(ExchangeTable, table=True):
    """Contents that events refer to and never carry; `body` is sealed."""

    __tablename__ = "contents"
    ref: str = Field(primary_key=True)
    owner: str
    key_id: int = Field(sa_type=sa.BigInteger)
    body: bytes
    stored_at: datetime = Field(sa_column=_instant())


class GrantRow(ExchangeTable, table=True):
    """That another party than the owner may fetch contents, by which rule and assessment, and until when."""

    __tablename__ = "contents_grant"
    ref: str = Field(primary_key=True)
    party: str = Field(primary_key=True)
    basis: str
    assessment_id: str | None = None
    granted_at: datetime = Field(sa_column=_instant())
    expires_at: datetime = Field(sa_column=_instant())
    acknowledged_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True)))
    ended_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True)))


class GrantPartRow(ExchangeTable, table=True):
    """The part in an operation, at an inspection, for which a party may fetch contents; `ended_at` once it has none."""

    __tablename__ = "contents_grant_part"
    operation_id: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    party: str = Field(primary_key=True)
    inspection_id: str = Field(primary_key=True)
    category: str
    ended_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True)))


class FetchRow(ExchangeTable, table=True):
    """That a party asked for contents, what came of it, and by which rule it could."""

    __tablename__ = "contents_fetch"
    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=True))
    ref: str
    party: str
    outcome: str
    basis: str | None = None
    fetched_at: datetime = Field(sa_column=_instant())


class FindingRow(ExchangeTable, table=True):
    """A finding as inspection placed it."""

    __tablename__ = "finding"
    finding_id: str = Field(primary_key=True)
    centre: str
    operation_id: str
    inspection_id: str
    sender: str
    candidates: list[str] = Field(sa_column=sa.Column(JSONB, nullable=False))
    category: str
    payload_ref: str | None = None
    placed_at: datetime = Field(sa_column=_instant())


class FindingDecisionRow(ExchangeTable, table=True):
    """What a receiver was last told or not told of a finding: `shared`, or why not."""

    __tablename__ = "finding_decision"
    finding_id: str = Field(primary_key=True)
    receiver: str = Field(primary_key=True)
    outcome: str
    rule_id: str | None = None
    assessment_id: str | None = None
    decided_at: datetime = Field(sa_column=_instant())


class AssessmentRow(ExchangeTable, table=True):
    """What an agency has weighed about disclosing to a receiver, as it last said it."""

    __tablename__ = "assessment"
    assessment_id: str = Field(primary_key=True)
    owner: str
    centre: str
    receiver: str
    category: str
    purpose: str
    outcome: str
    document_ref: str
    valid_until: datetime = Field(sa_column=_instant())
    finding_id: str | None = None
    sequence: int | None = Field(default=None, sa_type=sa.BigInteger)
    assessed_at: datetime = Field(sa_column=_instant())


class StandingRow(ExchangeTable, table=True):
    """An event in force, as its sender said it (see domain/standing.py); `number` is the order in which they came."""

    __tablename__ = "standing"
    about: str = Field(primary_key=True)
    number: int = Field(sa_column=sa.Column(sa.BigInteger, sa.Identity(), nullable=False))
    thing: str
    centre: str
    source: str
    sequence: int | None = Field(default=None, sa_type=sa.BigInteger)
    ends_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True)))
    capacity_id: str | None = None
    session_id: str | None = None
    headers: str
    body: bytes


class RefusedRow(ExchangeTable, table=True):
    """A record that was refused: where it stood, why, and what it was, sealed; None where that is too large."""

    __tablename__ = "refused"
    number: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=True))
    answer_id: str
    party: str
    topic: str
    partition: int
    record_offset: int = Field(sa_type=sa.BigInteger)
    rejected_id: str
    rejected_type: str | None = None
    centre: str | None = None
    reasons: list[dict[str, str]] = Field(sa_column=sa.Column(JSONB, nullable=False))
    size: int = Field(sa_type=sa.BigInteger)
    sha256: str
    sealed: bytes | None = None
    opened: list[dict[str, str]] = Field(sa_column=sa.Column(JSONB, nullable=False, server_default="[]"))
    refused_at: datetime = Field(sa_column=_instant())


class StateReadRow(ExchangeTable, table=True):
    """That a party read what is in force; `digest` tells of which events, each in which view."""

    __tablename__ = "state_read"
    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=True))
    party: str
    centres: list[str] = Field(sa_column=sa.Column(JSONB, nullable=False))
    num_events: int
    digest: bytes
    read_at: datetime = Field(sa_column=_instant())
