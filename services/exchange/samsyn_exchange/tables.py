"""What the exchange remembers: the message log, the clock, operations, disclosures, contents and who fetched them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
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
