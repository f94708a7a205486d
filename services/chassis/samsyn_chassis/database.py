"""One transaction per batch: state, inbox, positions and outbox commit together or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from samsyn_contracts.bus import MAX_EVENT_BYTES, Headers, headers_of
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from samsyn_chassis.telemetry import traceparent

MAX_BODY_BYTES = 4 * MAX_EVENT_BYTES
OUTBOX_CHANNEL = "samsyn_outbox"
Key = tuple[str, str]  # source and id of an event
# Columns as arrays: one statement of the same text for one row or for thousands, so it is compiled and planned once.
INTO_INBOX = sa.text("""
insert into inbox (source, id, body_hash)
select * from unnest(cast(:sources as text[]), cast(:ids as text[]), cast(:hashes as bytea[]))
on conflict do nothing returning source, id
""")
INTO_OUTBOX = sa.text("""
insert into outbox (topic, key, headers, body, created_at)
select topic, key, cast(headers as jsonb), body, cast(:created_at as timestamptz)
from unnest(cast(:topics as text[]), cast(:keys as text[]), cast(:headers as text[]), cast(:bodies as bytea[]))
with ordinality as said (topic, key, headers, body, number) order by number
""")


class ChassisTable(SQLModel, registry=registry()):
    """Tables that every service has."""


class InboxRow(ChassisTable, table=True):
    """An event that has had its effect."""

    __tablename__ = "inbox"
    source: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    body_hash: bytes


class OutboxRow(ChassisTable, table=True):
    """A record to be sent, and when it was; kept as long as its topic."""

    __tablename__ = "outbox"
    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=True))
    topic: str
    key: str
    headers: list[list[str]] = Field(sa_column=sa.Column(postgresql.JSONB, nullable=False))
    body: bytes
    created_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True)))
    parked_reason: str | None = None


class PositionRow(ChassisTable, table=True):
    """The next offset to read, as of the last commit."""

    __tablename__ = "position"
    topic: str = Field(primary_key=True)
    partition: int = Field(primary_key=True)
    next_offset: int = Field(sa_type=sa.BigInteger)


@dataclass(frozen=True)
class Seen:
    """What is known of an incoming event: its key, and the hash of its type, centre and body."""

    source: str
    id: str
    body_hash: bytes


def body_hash(*parts: bytes) -> bytes:
    """The hash by which a reused id is told from a repetition."""
    return hashlib.sha256(b"\x1f".join(parts)).digest()


class Transaction:
    """What handlers do together: their rows, what they say, what they have read."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._said: list[tuple[str, str, str, bytes]] = []

    async def execute(self, statement: sa.Executable, rows: Any = None) -> sa.CursorResult[*tuple[Any, ...]]:
        """A set-based Core statement within the transaction; `rows` are the parameters of one row or of many."""
        return await (await self.session.connection()).execute(statement, rows)

    async def lock(self, keys: Iterable[str]) -> None:
        """Take the locks of these keys, sorted, first of all: order per key is the order of commits."""
        for key in sorted(set(keys)):
            await self.execute(sa.text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})

    async def first_seen(self, seen: Sequence[Seen]) -> tuple[set[Key], dict[Key, bytes]]:
        """Note events in the inbox; returns keys seen for the first time, and the hash that each key stands for.

        An event whose hash is another one reuses the id of an event with another body.
        """
        by_key: dict[Key, Seen] = {}
        for one in seen:
            by_key.setdefault((one.source, one.id), one)
        if not by_key:
            return set(), {}
        hashes = {key: one.body_hash for key, one in by_key.items()}
        columns = {
            "sources": [key[0] for key in hashes],
            "ids": [key[1] for key in hashes],
            "hashes": list(hashes.values()),
        }
        first = {(row[0], row[1]) for row in await self.execute(INTO_INBOX, columns)}
        if known := hashes.keys() - first:
            source, id_, hash_ = col(InboxRow.source), col(InboxRow.id), col(InboxRow.body_hash)
            wanted = sa.select(source, id_, hash_).where(sa.tuple_(source, id_).in_(list(known)))
            hashes |= {(row[0], row[1]): row[2] for row in await self.execute(wanted)}
        return first, hashes

    def say(self, topic: str, key: str, envelope: Envelope, message: Message, **more: str) -> None:
        """Put an event in the outbox, under the current trace; `more` are further plain headers."""
        traced = envelope.model_copy(update={"traceparent": traceparent() or envelope.traceparent})
        self.say_raw(topic, key, [*headers_of(traced), *((k, v.encode()) for k, v in more.items())], message.body())

    def say_raw(self, topic: str, key: str, headers: Headers, body: bytes) -> None:
        """Put a record in the outbox; too large a body is a bug of ours and fails the handler."""
        if len(body) > MAX_BODY_BYTES:
            raise ValueError(f"a record of {len(body)} bytes for {topic} is larger than {MAX_BODY_BYTES}")
        texts = json.dumps([[name, value.decode()] for name, value in headers])
        self._said.append((topic, key, texts, body))

    async def note_positions(self, positions: Iterable[tuple[str, int, int]]) -> None:
        """Keep the next offset per topic and partition."""
        rows = [{"topic": t, "partition": p, "next_offset": o} for t, p, o in positions]
        if rows:
            statement = postgresql.insert(PositionRow).values(rows)
            newer = {"next_offset": statement.excluded.next_offset}
            await self.execute(statement.on_conflict_do_update(index_elements=["topic", "partition"], set_=newer))

    async def flush_outbox(self) -> None:
        """Write what was said and wake the relay at commit."""
        if self._said:
            topics, keys, headers, bodies = (list(column) for column in zip(*self._said, strict=True))
            columns = {"topics": topics, "keys": keys, "headers": headers, "bodies": bodies}
            await self.execute(INTO_OUTBOX, {**columns, "created_at": datetime.now(UTC)})
            await self.execute(sa.text(f"notify {OUTBOX_CHANNEL}"))
            self._said = []


class Database:
    """A service's own database."""

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = create_async_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One transaction; commits at the end unless something was raised."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            opened = Transaction(session)
            yield opened
            await opened.flush_outbox()

    async def migrate(self, *folders: Path) -> None:
        """Bring the schema up to date: the chassis' own tables and the service's; one process at a time."""
        config = Config()
        own = Path(__file__).parent / "migrations"
        config.set_main_option("script_location", str(own))
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", ":".join(str(f) for f in (own / "versions", *folders)))
        async with self.engine.begin() as connection:
            await connection.execute(sa.text("select pg_advisory_xact_lock(7361)"))
            await connection.run_sync(lambda sync: _upgrade(config, sync))

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _upgrade(config: Config, connection: sa.Connection) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "heads")
