"""One transaction per batch: state, inbox, positions and outbox commit together or not at all."""

from __future__ import annotations

import hashlib
import json
import time
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
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from samsyn_chassis.telemetry import traceparent

MAX_BODY_BYTES = 4 * MAX_EVENT_BYTES
OUTBOX_CHANNEL = "samsyn_outbox"
Key = tuple[str, str]  # source and id of an event
# The tables stand in migrations/versions/chassis_0001.py. Columns as arrays: one statement of the same text for one
# row or for thousands, so it is compiled and planned once.
INTO_INBOX = sa.text("""
insert into inbox (source, id, body_hash)
select * from unnest(cast(:sources as text[]), cast(:ids as text[]), cast(:hashes as bytea[]))
on conflict do nothing returning source, id
""")
FROM_INBOX = sa.text("""
select source, id, body_hash from inbox
join unnest(cast(:sources as text[]), cast(:ids as text[])) as asked (source, id) using (source, id)
""")
# The relay is woken at the commit.
INTO_OUTBOX = sa.text("""
with written as (
  insert into outbox (topic, key, headers, body, created_at)
  select topic, key, cast(headers as jsonb), body, cast(:created_at as timestamptz)
  from unnest(cast(:topics as text[]), cast(:keys as text[]), cast(:headers as text[]), cast(:bodies as bytea[]))
  with ordinality as said (topic, key, headers, body, number) order by number
) select pg_notify(cast(:channel as text), '')
""")
INTO_POSITION = sa.text("""
insert into "position" (topic, "partition", next_offset)
select * from unnest(cast(:topics as text[]), cast(:partitions as integer[]), cast(:offsets as bigint[]))
on conflict (topic, "partition") do update set next_offset = excluded.next_offset
""")
NUMBER = sa.text("select cast(cast(pg_current_xact_id() as text) as bigint)")
# One after the other, in the order of the array.
LOCKS = sa.text("""
select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(cast(:keys as text[])) as asked (key)
""")
# Whose machine or net went away holds no lock for more than a minute, and who stands still in a transaction for five.
KEPT_ALIVE = {"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}
SESSION = {**KEPT_ALIVE, "idle_in_transaction_session_timeout": "5min"}
# A connection that lay idle for longer is asked whether it still stands before it is used.
FRESH_SECONDS = 1.0


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

    def __init__(self, connection: AsyncConnection, schema: str | None = None) -> None:
        self._connection = connection
        self._schema = schema
        self._session: AsyncSession | None = None
        self._said: list[tuple[str, str, str, bytes]] = []

    async def execute(self, statement: sa.Executable, rows: Any = None) -> sa.CursorResult[*tuple[Any, ...]]:
        """A set-based Core statement within the transaction; `rows` are the parameters of one row or of many."""
        return await self._connection.execute(statement, rows)

    @property
    def session(self) -> AsyncSession:
        """For rows as objects, within the same transaction; made when first asked for, as hot paths do without."""
        if self._session is None:
            self._session = AsyncSession(bind=self._connection, expire_on_commit=False)
        return self._session

    async def number(self) -> int:
        """Which of the server's transactions this is: what may be told over and over is told under it.

        Versions and time are not enough there: what has neither raised can still have gone to and fro.
        """
        return int((await self.execute(NUMBER)).scalar_one())

    async def lock(self, keys: Iterable[str]) -> None:
        """Take the locks of these keys, sorted, first of all: order per key is the order of commits.

        Locks are the whole database's: those of another schema are others.
        """
        named = sorted({f"{self._schema}.{key}" if self._schema else key for key in keys})
        if named:
            await self.execute(LOCKS, {"keys": named})

    async def first_seen(self, seen: Sequence[Seen]) -> tuple[set[Key], dict[Key, bytes]]:
        """Note events in the inbox; returns keys seen for the first time, and the hash that each key stands for.

        An event whose hash is another one reuses the id of an event with another body.
        """
        hashes = _hashes(seen)
        if not hashes:
            return set(), {}
        keys = _columns(hashes)
        columns = {**keys, "hashes": list(hashes.values())}
        first = {(row[0], row[1]) for row in await self.execute(INTO_INBOX, columns)}
        if len(first) < len(hashes):
            hashes = {(row[0], row[1]): row[2] for row in await self.execute(FROM_INBOX, keys)}
        return first, hashes

    async def would_be_first_seen(self, seen: Sequence[Seen]) -> tuple[set[Key], dict[Key, bytes]]:
        """What `first_seen` would return; nothing is noted."""
        hashes = _hashes(seen)
        noted = {(row[0], row[1]): row[2] for row in await self.execute(FROM_INBOX, _columns(hashes))} if hashes else {}
        return hashes.keys() - noted.keys(), hashes | noted

    def say(self, topic: str, key: str, envelope: Envelope, message: Message, **more: str) -> None:
        """Put an event in the outbox, under the current trace; `more` are further plain headers."""
        told, current = headers_of(envelope), traceparent()
        if current is not None:
            told = [*(header for header in told if header[0] != "traceparent"), ("traceparent", current.encode())]
        self.say_raw(topic, key, [*told, *((k, v.encode()) for k, v in more.items())], message.body())

    def say_raw(self, topic: str, key: str, headers: Headers, body: bytes) -> None:
        """Put a record in the outbox; too large a body is a bug of ours and fails the handler."""
        if len(body) > MAX_BODY_BYTES:
            raise ValueError(f"a record of {len(body)} bytes for {topic} is larger than {MAX_BODY_BYTES}")
        texts = json.dumps([[name, value.decode()] for name, value in headers])
        self._said.append((topic, key, texts, body))

    @property
    def said(self) -> Sequence[tuple[str, str, bytes]]:
        """What stands to be put in the outbox: topic, headers (JSON) and body of each record."""
        return [(topic, headers, body) for topic, _, headers, body in self._said]

    async def note_positions(self, positions: Iterable[tuple[str, int, int]]) -> None:
        """Keep the next offset per topic and partition."""
        topics, partitions, offsets = (list(column) for column in zip(*positions, strict=True))
        await self.execute(INTO_POSITION, {"topics": topics, "partitions": partitions, "offsets": offsets})

    async def flush(self) -> None:
        """Write what the session holds and what was said."""
        if self._session is not None:
            await self._session.flush()
            await self._session.close()
        if self._said:
            topics, keys, headers, bodies = (list(column) for column in zip(*self._said, strict=True))
            columns = {"topics": topics, "keys": keys, "headers": headers, "bodies": bodies}
            await self.execute(INTO_OUTBOX, {**columns, "created_at": datetime.now(UTC), "channel": OUTBOX_CHANNEL})
            self._said = []


class Database:
    """A service's own database; with `schema` that schema of it alone, which must be there."""

    def __init__(self, url: str, schema: str | None = None) -> None:
        self._schema = schema
        session = SESSION | ({"search_path": schema} if schema else {})
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=5, max_overflow=5, hide_parameters=True, connect_args={"server_settings": session}
        )
        sa.event.listen(self.engine.sync_engine, "checkin", _note_use)
        sa.event.listen(self.engine.sync_engine, "checkout", _make_sure)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One transaction; commits at the end unless something was raised."""
        async with self.engine.begin() as connection:
            opened = Transaction(connection, self._schema)
            yield opened
            await opened.flush()

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


def _hashes(seen: Sequence[Seen]) -> dict[Key, bytes]:
    """The hash that comes first for each key."""
    hashes: dict[Key, bytes] = {}
    for one in seen:
        hashes.setdefault((one.source, one.id), one.body_hash)
    return hashes


def _columns(keys: Iterable[Key]) -> dict[str, list[str]]:
    sources, ids = zip(*keys, strict=True)
    return {"sources": list(sources), "ids": list(ids)}


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _make_sure(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """What `pool_pre_ping` would do before every transaction, at three trips each."""
    if time.monotonic() - record.info.get("used_at", time.monotonic()) < FRESH_SECONDS:
        return
    try:
        connection.ping()
    except Exception as error:
        raise sa.exc.DisconnectionError("the database has closed this connection") from error


def _upgrade(config: Config, connection: sa.Connection) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "heads")
