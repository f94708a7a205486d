"""The adapter's memory: what was said and heard, in one SQLite file that survives a power cut."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from samsyn_contracts.bus import RESAID, Headers
from samsyn_contracts.platform import RejectionReason

_SCHEMA = """
CREATE TABLE IF NOT EXISTS statement (
  number INTEGER PRIMARY KEY, event_id TEXT UNIQUE NOT NULL, state TEXT NOT NULL, headers TEXT NOT NULL,
  body BLOB NOT NULL, digest TEXT NOT NULL, reasons TEXT NOT NULL DEFAULT '', replayable INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS statement_state ON statement (state, number);
CREATE TABLE IF NOT EXISTS subject (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS heard (event_id TEXT PRIMARY KEY, correlationid TEXT, traceparent TEXT);
CREATE TABLE IF NOT EXISTS aside (
  number INTEGER PRIMARY KEY, topic TEXT, position INTEGER, event_id TEXT, reason TEXT NOT NULL,
  headers TEXT, body BLOB);
CREATE TABLE IF NOT EXISTS place (
  id INTEGER PRIMARY KEY CHECK (id = 1), cursor TEXT, num_skipped INTEGER NOT NULL DEFAULT 0,
  topic TEXT, position INTEGER, event_id TEXT, timestamp_ms INTEGER);
INSERT OR IGNORE INTO place (id) VALUES (1);
"""
# Of journals that are older than these columns. `said_ms`: when a statement was journalled. `resaid_to`: up to which
# number all is being said again, NULL when that is done.
_ADDED = (("statement", "said_ms", "INTEGER NOT NULL DEFAULT 0"), ("place", "resaid_to", "INTEGER"))


class StateInUseError(RuntimeError):
    """Another process of the same adapter has the journal open."""


@dataclass(frozen=True)
class Checkpoint:
    """Where hearing goes on: `position` is the next offset, the rest tells of the record before it."""

    topic: str
    position: int
    event_id: str | None
    timestamp_ms: int


@dataclass(frozen=True)
class Waiting:
    """A statement that the exchange has not answered yet; `headers` as JSON text."""

    number: int
    event_id: str
    headers: str
    body: bytes

    @property
    def record_headers(self) -> Headers:
        """The headers of its record."""
        return [(name, value.encode()) for name, value in json.loads(self.headers)]


@dataclass(frozen=True)
class Resayable:
    """A statement as it was said, at what time and with what outcome: `waiting`, `admitted` or `rejected`."""

    statement: Waiting
    state: str
    said_ms: int

    @property
    def record_headers(self) -> Headers:
        """The headers of the record in which it is said again."""
        return [*self.statement.record_headers, (RESAID, self.state.encode())]

    @property
    def again(self) -> Waiting:
        """The statement with those headers, for a line that takes statements."""
        headers = json.dumps([*json.loads(self.statement.headers), [RESAID, self.state]])
        return replace(self.statement, headers=headers)


@dataclass(frozen=True)
class Cause:
    """What is kept of an event heard, for the statements that answer it."""

    correlationid: str | None
    traceparent: str | None


class Journal:
    """All writes go in `with journal.together():`, one transaction that is on disk when the block ends."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=2)
        try:
            # Exclusive: two processes with one journal would number the same statements twice.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.executescript(_SCHEMA)
            self._add_columns()
        except sqlite3.OperationalError as error:
            self._db.close()
            raise StateInUseError(f"{path} cannot be opened: is another adapter using it? ({error})") from error
        self.num_waiting = self.num_rejected = self.num_skipped = 0
        self.cursor: str | None = None
        self._recall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def together(self, *, durable: bool = True) -> Iterator[None]:
        """Commit everything in the block, or nothing of it.

        Not `durable`: a power cut (never a crash of the process) may undo it unless a durable block followed; for
        what the exchange tells again. It spares a write to disk for each answer.
        """
        self._db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        finally:
            self._recall()

    def digest_of(self, event_id: str) -> str | None:
        """The digest of the body that was journalled under that id, if any."""
        row = self._db.execute("SELECT digest FROM statement WHERE event_id = ?", (event_id,)).fetchone()
        return None if row is None else str(row[0])

    def next_sequence(self, subject: str) -> int:
        """Take the next number of what this source says about a subject; the first is 1."""
        row = self._db.execute(
            "INSERT INTO subject VALUES (?, 1) "
            "ON CONFLICT (id) DO UPDATE SET sequence = sequence + 1 RETURNING sequence",
            (subject,),
        ).fetchone()
        return int(row[0])

    def keep(self, event_id: str, headers: str, body: bytes) -> None:
        """Keep a statement until it is answered, and afterwards as the truth of what was said."""
        self._db.execute(
            "INSERT INTO statement (event_id, state, headers, body, digest, said_ms) VALUES (?, 'waiting', ?, ?, ?, ?)",
            (event_id, headers, body, digest(body), time.time_ns() // 1_000_000),
        )

    def move_cursor(self, cursor: str | None, *, skipped: bool = False) -> None:
        """Read on from `cursor` next time (None: from where it was)."""
        if cursor is not None:
            self._db.execute("UPDATE place SET cursor = ?", (cursor,))
        if skipped:
            self._db.execute("UPDATE place SET num_skipped = num_skipped + 1")

    def waiting(self, after: int, at_most: int = 500) -> list[Waiting]:
        """Statements without an answer in the order said, from the number after `after`."""
        rows = self._db.execute(
            "SELECT number, event_id, headers, body FROM statement WHERE state = 'waiting' AND number > ? "
            "ORDER BY number LIMIT ?",
            (after, at_most),
        )
        return [Waiting(*row) for row in rows]

    def said(self, after: int, at_most: int = 500) -> list[Resayable]:
        """Every statement ever said, in order, from the number after `after`, whatever became of it."""
        rows = self._db.execute(
            "SELECT number, event_id, headers, body, state, said_ms FROM statement WHERE number > ? "
            "ORDER BY number LIMIT ?",
            (after, at_most),
        )
        return [Resayable(Waiting(*row[:4]), row[4], row[5]) for row in rows]

    def heard(self) -> frozenset[str]:
        """The ids of all events that were heard to their end; answers that something is kept are not among them."""
        return frozenset(row[0] for row in self._db.execute("SELECT event_id FROM heard"))

    @property
    def resaid_to(self) -> int | None:
        """The number up to which everything is being said again; None where nothing is."""
        row = self._db.execute("SELECT resaid_to FROM place").fetchone()
        return None if row[0] is None else int(row[0])

    def note_resaid(self, number: int | None) -> None:
        """Everything is to be said again from the number after this one (0: all of it); None: it is done."""
        self._db.execute("UPDATE place SET resaid_to = ?", (number,))

    def admit(self, event_id: str) -> None:
        """Note that the exchange keeps the statement."""
        self._db.execute("UPDATE statement SET state = 'admitted', reasons = '' WHERE event_id = ?", (event_id,))

    def reject(self, event_id: str, reasons: tuple[RejectionReason, ...], *, replayable: bool) -> None:
        """Note why a statement was refused: at the border, or by a service after it had been admitted."""
        text = "; ".join(f"{reason.pointer or '/'}: {reason.code}" for reason in reasons)
        self._db.execute(
            "UPDATE statement SET state = 'rejected', reasons = ?, replayable = ? "
            "WHERE event_id = ? AND state IN ('waiting', 'admitted')",
            (text, replayable, event_id),
        )

    def is_admitted(self, event_id: str) -> bool:
        """Whether the exchange has said that it keeps the statement."""
        found = self._db.execute("SELECT state FROM statement WHERE event_id = ?", (event_id,)).fetchone()
        return found is not None and found[0] == "admitted"

    def rejected(self) -> dict[str, str]:
        """Refused statements and why, by event id."""
        return dict(
            self._db.execute("SELECT event_id, reasons FROM statement WHERE state = 'rejected' ORDER BY number")
        )

    def say_again(self, event_id: str) -> bool:
        """Let a refused statement that is replayable wait once more, as the last one; whether there was such."""
        done = self._db.execute(
            "UPDATE statement SET state = 'waiting', number = (SELECT max(number) + 1 FROM statement) "
            "WHERE event_id = ? AND state = 'rejected' AND replayable = 1",
            (event_id,),
        )
        return done.rowcount == 1

    def cause(self, event_id: str) -> Cause | None:
        """What is kept of an event heard; None if it was not heard."""
        row = self._db.execute(
            "SELECT correlationid, traceparent FROM heard WHERE event_id = ?", (event_id,)
        ).fetchone()
        return None if row is None else Cause(*row)

    def note_heard(self, event_id: str, cause: Cause) -> None:
        """Remember that an event was heard to its end."""
        self._db.execute(
            "INSERT OR IGNORE INTO heard VALUES (?, ?, ?)", (event_id, cause.correlationid, cause.traceparent)
        )

    def set_aside(self, checkpoint: Checkpoint, reason: str, headers: str, body: bytes | None) -> None:
        """Keep a record that could not be heard, with the reason."""
        self._db.execute(
            "INSERT INTO aside (topic, position, event_id, reason, headers, body) VALUES (?, ?, ?, ?, ?, ?)",
            (checkpoint.topic, checkpoint.position - 1, checkpoint.event_id, reason, headers, body),
        )

    @property
    def num_aside(self) -> int:
        """How many records were set aside."""
        return int(self._db.execute("SELECT count(*) FROM aside").fetchone()[0])

    @property
    def checkpoint(self) -> Checkpoint | None:
        """Where hearing goes on; None before the first record."""
        row = self._db.execute("SELECT topic, position, event_id, timestamp_ms FROM place").fetchone()
        return None if row[0] is None else Checkpoint(*row)

    def move_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Hear on from there next time."""
        self._db.execute(
            "UPDATE place SET topic = ?, position = ?, event_id = ?, timestamp_ms = ?",
            (checkpoint.topic, checkpoint.position, checkpoint.event_id, checkpoint.timestamp_ms),
        )

    def _add_columns(self) -> None:
        for table, column, kind in _ADDED:
            if column not in {row[1] for row in self._db.execute(f"PRAGMA table_info({table})")}:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    def _recall(self) -> None:
        self.num_waiting, self.num_rejected = self._count("waiting"), self._count("rejected")
        self.cursor, self.num_skipped = self._db.execute("SELECT cursor, num_skipped FROM place").fetchone()

    def _count(self, state: str) -> int:
        return int(self._db.execute("SELECT count(*) FROM statement WHERE state = ?", (state,)).fetchone()[0])


def digest(body: bytes) -> str:
    """The digest by which two bodies are compared."""
    return hashlib.sha256(body).hexdigest()
