"""What the exchange remembers: the message log, the clock, operations, disclosures, contents and who fetched them."""

from __future__ import annotations

from datetime import date, datetime

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


class ContentsRow(ExchangeTable, table=True):
    """Contents that events refer to and never carry."""

    __tablename__ = "contents"
    ref: str = Field(primary_key=True)
    owner: str
    body: bytes
    stored_at: datetime = Field(sa_column=_instant())


class GrantRow(ExchangeTable, table=True):
    """That the owner lets another party fetch contents between two days."""

    __tablename__ = "contents_grant"
    ref: str = Field(primary_key=True)
    party: str = Field(primary_key=True)
    basis: str
    valid_from: date
    valid_to: date | None = None


class FetchRow(ExchangeTable, table=True):
    """That a party asked for contents, and whether it got them."""

    __tablename__ = "contents_fetch"
    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=True))
    ref: str
    party: str
    is_given: bool
    fetched_at: datetime = Field(sa_column=_instant())
