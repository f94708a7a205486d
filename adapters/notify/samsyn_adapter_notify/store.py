"""What a party's notify remembers: operations, notifications and what is to be said; one SQLite file of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message

from samsyn_adapter_notify.attempts import Attempts
from samsyn_adapter_notify.call_list import Contacts
from samsyn_adapter_notify.invitations import Invitation
from samsyn_adapter_notify.news import Known, Times
from samsyn_adapter_notify.notification import Notification, State
from samsyn_adapter_notify.rules import Channel

_SCHEMA = """
CREATE TABLE IF NOT EXISTS operation (operation_id TEXT PRIMARY KEY, end_at TEXT NOT NULL, known TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notification (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, thing TEXT NOT NULL, plan_version INTEGER,
  is_question INTEGER NOT NULL, told TEXT NOT NULL, state TEXT NOT NULL, due_at TEXT NOT NULL, payload BLOB,
  ack_due_at TEXT, next_step_at TEXT, num_steps INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS notification_state ON notification (state, due_at);
CREATE INDEX IF NOT EXISTS notification_step ON notification (next_step_at);
CREATE INDEX IF NOT EXISTS notification_thing ON notification (thing);
CREATE TABLE IF NOT EXISTS invitation (
  operation_id TEXT NOT NULL, function TEXT NOT NULL, sequence INTEGER NOT NULL, notification_id TEXT NOT NULL,
  issued TEXT NOT NULL, PRIMARY KEY (operation_id, function, sequence));
CREATE TABLE IF NOT EXISTS saying (number INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, said TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS acknowledgement (
  operation_id TEXT NOT NULL, agency TEXT NOT NULL, plan_version INTEGER NOT NULL,
  PRIMARY KEY (operation_id, agency));
CREATE TABLE IF NOT EXISTS watch (
  operation_id TEXT PRIMARY KEY, due_at TEXT NOT NULL, plan_version INTEGER NOT NULL, rule_id TEXT NOT NULL,
  event_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS diary (
  day TEXT NOT NULL, function TEXT NOT NULL, text BLOB, calendar BLOB, PRIMARY KEY (day, function));
CREATE TABLE IF NOT EXISTS place (
  id INTEGER PRIMARY KEY CHECK (id = 1), until TEXT);
INSERT OR IGNORE INTO place (id) VALUES (1);
"""
_KNOWN = TypeAdapter(Known)
_INVITATION = TypeAdapter(Invitation)


@dataclass(frozen=True)
class Claimed:
    """A notification with the very bytes that are sent, in every try the same."""

    notification: Notification
    payload: bytes


@dataclass(frozen=True)
class Said:
    """Something to say; `key` is the same for ever, `role` is that of the function it is about."""

    key: str
    type: str
    body: str
    occurred_at: datetime
    centre: str
    role: str | None
    causationid: str | None

    @property
    def message(self) -> Message:
        """What is said."""
        return MESSAGES[self.type].model_validate_json(self.body)


@dataclass(frozen=True)
class Waiting:
    """A notification that was sent and waits to be acknowledged; `num_steps` were taken since."""

    notification: Notification
    num_steps: int
    ack_due_at: datetime


@dataclass(frozen=True)
class Watched:
    """A version of an operation whose participants are to acknowledge it until `due_at`."""

    operation_id: str
    due_at: datetime
    plan_version: int
    rule_id: str
    event_id: str


@dataclass(frozen=True)
class Sealed:
    """A day's diary, as text and as calendar, each encrypted to the party's key."""

    text: bytes
    calendar: bytes


_SAID = TypeAdapter(Said)


class Store:
    """All writes go in `with store.together():`, one transaction that is on disk when the block ends."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=2)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)
        self.contacts = Contacts(self._db)
        self.attempts = Attempts(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything in the block, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # -- what is known ------------------------------------------------------------------------------------------------

    @property
    def until(self) -> datetime | None:
        """Up to when time has passed, as far as was heard."""
        (found,) = self._db.execute("SELECT until FROM place").fetchone()
        return None if found is None else datetime.fromisoformat(found)

    def pass_time(self, until: datetime) -> None:
        """Note that time has passed."""
        self._db.execute("UPDATE place SET until = ?", (_text(until),))

    def operations(self, ending_after: datetime | None = None) -> list[Known]:
        """Operations that the party knows, those that end later than an instant."""
        after = "" if ending_after is None else _text(ending_after)
        rows = self._db.execute("SELECT known FROM operation WHERE end_at > ? ORDER BY end_at", (after,))
        return [_KNOWN.validate_json(known) for (known,) in rows]

    def operation(self, operation_id: str | None) -> Known | None:
        """An operation, if the party knows it."""
        found = self._db.execute("SELECT known FROM operation WHERE operation_id = ?", (operation_id,)).fetchone()
        return None if found is None else _KNOWN.validate_json(found[0])

    def keep_operation(self, known: Known) -> None:
        """Keep the newest about an operation."""
        row = (known.operation_id, _text(known.end_at), _KNOWN.dump_json(known).decode())
        self._db.execute("INSERT OR REPLACE INTO operation VALUES (?, ?, ?)", row)

    # -- notifications ------------------------------------------------------------------------------------------------

    def plan(self, told: Notification) -> bool:
        """Keep what is to be told; False where it is known already: nothing is told twice."""
        row = (
            told.id,
            told.thing,
            told.plan_version,
            told.is_question,
            told.model_dump_json(exclude_none=True),
            _text(told.due_at),
        )
        inserted = self._db.execute(
            "INSERT OR IGNORE INTO notification (id, thing, plan_version, is_question, told, state, due_at)"
            " VALUES (?, ?, ?, ?, ?, 'planned', ?)",
            row,
        )
        return inserted.rowcount == 1

    def unsent(self, thing: str) -> dict[tuple[str, Channel], Times]:
        """Functions that are still to be told, by a channel, that a thing has moved, with the times that they know.

        Copies of what was sent are nothing new. A mail tells times: it counts as told where the same version was by
        any channel, for a text message says to call. A text message wakes: what waits to be is counted though mailed.
        """
        rows = self._db.execute(
            "SELECT json_extract(told, '$.function'), json_extract(told, '$.channel'),"
            " json_extract(told, '$.letter.before_at'), json_extract(told, '$.letter.before_end_at')"
            " FROM notification AS waiting WHERE thing = ? AND state = 'planned'"
            " AND json_extract(told, '$.letter.before_at') IS NOT NULL"
            " AND json_extract(told, '$.tells_plan') = 1 AND json_extract(told, '$.parent') IS NULL"
            " AND (json_extract(told, '$.channel') = 'sms' OR NOT EXISTS ("
            "SELECT 1 FROM notification AS sent WHERE sent.thing = waiting.thing"
            " AND sent.plan_version = waiting.plan_version AND sent.state IN ('sending', 'sent', 'unsure')"
            " AND json_extract(sent.told, '$.tells_plan') = 1"
            " AND json_extract(sent.told, '$.function') = json_extract(waiting.told, '$.function')))"
            " ORDER BY number DESC",
            (thing,),
        )
        return {
            (function, by): Times(datetime.fromisoformat(at), _instant(end_at)) for function, by, at, end_at in rows
        }

    def due(self, now: datetime) -> list[Notification]:
        """What is to be told now, in the order in which it was planned."""
        rows = self._db.execute(
            "SELECT told FROM notification WHERE state = 'planned' AND due_at <= ? ORDER BY number", (_text(now),)
        )
        return [Notification.model_validate_json(told) for (told,) in rows]

    def being_sent(self) -> list[Claimed]:
        """What may or may not have been sent: a try that has not come to its end."""
        rows = self._db.execute("SELECT told, payload FROM notification WHERE state = 'sending' ORDER BY number")
        return [Claimed(Notification.model_validate_json(told), payload) for told, payload in rows]

    def claim(self, told: Notification, payload: bytes, ack_due_at: datetime | None) -> Claimed:
        """Mark that it is being sent, with the bytes of every try."""
        self._db.execute(
            "UPDATE notification SET state = 'sending', payload = ?, ack_due_at = ? WHERE id = ?",
            (payload, _text(ack_due_at), told.id),
        )
        return Claimed(told, payload)

    def release(self, notification_id: str) -> None:
        """It has certainly not been sent: it may still be superseded, and its invitation was never issued."""
        self._db.execute(
            "UPDATE notification SET state = 'planned', payload = NULL, ack_due_at = NULL WHERE id = ?",
            (notification_id,),
        )
        self.unissue(notification_id)

    def finish(self, notification_id: str, state: State) -> None:
        """It was sent, or never will be; its bytes are kept no longer; what was sent may wait to be acknowledged."""
        self._db.execute(
            "UPDATE notification SET state = ?, payload = NULL,"
            " next_step_at = CASE ? WHEN 'sent' THEN ack_due_at END WHERE id = ?",
            (state, state, notification_id),
        )

    def ack_due_at(self, notification_id: str) -> datetime | None:
        """Until when it is to be acknowledged."""
        found = self._db.execute("SELECT ack_due_at FROM notification WHERE id = ?", (notification_id,)).fetchone()
        return None if found is None else _instant(found[0])

    def unacknowledged(self, now: datetime) -> list[Waiting]:
        """What waits for its next step."""
        rows = self._db.execute(
            "SELECT told, num_steps, ack_due_at FROM notification WHERE next_step_at <= ? ORDER BY number",
            (_text(now),),
        )
        return [
            Waiting(Notification.model_validate_json(told), num_steps, datetime.fromisoformat(due))
            for told, num_steps, due in rows
        ]

    def step_taken(self, notification_id: str, num_steps: int, next_step_at: datetime | None) -> None:
        """Note how many steps were taken, and when the next is; None where there is none."""
        self._db.execute(
            "UPDATE notification SET num_steps = ?, next_step_at = ? WHERE id = ?",
            (num_steps, _text(next_step_at), notification_id),
        )

    def settle(self, thing: str, below_version: int | None = None, but: Sequence[str] = ()) -> None:
        """Nobody need be told, or acknowledge, what is about a thing; with a version: what is older, no questions.

        `but` are functions for which it is not settled.
        """
        self._db.execute(
            "UPDATE notification SET next_step_at = NULL,"
            " state = CASE state WHEN 'planned' THEN 'superseded' ELSE state END"
            " WHERE thing = :thing AND (:version IS NULL OR (is_question = 0 AND plan_version < :version))"
            " AND json_extract(told, '$.function') NOT IN (SELECT value FROM json_each(:but))",
            {"thing": thing, "version": below_version, "but": json.dumps(list(but))},
        )

    def answer(self, event_id: str) -> None:
        """A plan has answered an event: of a loss in part nobody need hear who has not, the plan holds or is told."""
        self._db.execute(
            "UPDATE notification SET state = 'superseded' WHERE state = 'planned'"
            " AND json_extract(told, '$.cause_event_id') = ? AND json_extract(told, '$.letter.is_partial') = 1",
            (event_id,),
        )

    def take_place(self, told: Notification) -> None:
        """What was still to be told to the function, by the same channel, of the same version of a plan is not."""
        self._db.execute(
            "UPDATE notification SET state = 'superseded' WHERE thing = ? AND id <> ? AND plan_version = ?"
            " AND state = 'planned' AND json_extract(told, '$.tells_plan') = 1"
            " AND json_extract(told, '$.function') = ? AND json_extract(told, '$.channel') = ?",
            (told.thing, told.id, told.plan_version, told.function, told.channel),
        )

    def chase_only(self, told: Notification) -> None:
        """What the function was told of the same thing before need not be acknowledged beside this."""
        self._db.execute(
            "UPDATE notification SET next_step_at = NULL WHERE thing = ? AND id <> ? AND is_question = 0"
            " AND json_extract(told, '$.function') = ?",
            (told.thing, told.id, told.function),
        )

    def counts(self) -> dict[str, int]:
        """How many notifications there are in each state."""
        return dict(self._db.execute("SELECT state, count(*) FROM notification GROUP BY state"))

    # -- invitations --------------------------------------------------------------------------------------------------

    def invitation(self, operation_id: str, function: str) -> Invitation | None:
        """What was issued last about an operation to a function."""
        found = self._db.execute(
            "SELECT issued FROM invitation WHERE operation_id = ? AND function = ? ORDER BY sequence DESC LIMIT 1",
            (operation_id, function),
        ).fetchone()
        return None if found is None else _INVITATION.validate_json(found[0])

    def issued_with(self, notification_id: str) -> Invitation | None:
        """The invitation that a notification carries."""
        query = "SELECT issued FROM invitation WHERE notification_id = ?"
        found = self._db.execute(query, (notification_id,)).fetchone()
        return None if found is None else _INVITATION.validate_json(found[0])

    def issue(self, told: Notification, issued: Invitation) -> None:
        """Note what is issued with a notification."""
        row = (told.thing, told.function, issued.sequence, told.id, _INVITATION.dump_json(issued).decode())
        self._db.execute("INSERT INTO invitation VALUES (?, ?, ?, ?, ?)", row)

    def unissue(self, notification_id: str) -> None:
        """Nobody has got what was issued with a notification."""
        self._db.execute("DELETE FROM invitation WHERE notification_id = ?", (notification_id,))

    # -- what is said -------------------------------------------------------------------------------------------------

    def say(self, said: Said) -> None:
        """Keep something to say; once."""
        row = (said.key, _SAID.dump_json(said).decode())
        self._db.execute("INSERT OR IGNORE INTO saying (key, said) VALUES (?, ?)", row)

    def sayings(self, after: int) -> list[tuple[int, Said]]:
        """What is to be said after a number, with its numbers."""
        rows = self._db.execute("SELECT number, said FROM saying WHERE number > ? ORDER BY number LIMIT 200", (after,))
        return [(number, _SAID.validate_json(said)) for number, said in rows]

    # -- acknowledgements of participants -----------------------------------------------------------------------------

    def acknowledge(self, operation_id: str, agency: str, plan_version: int) -> None:
        """An agency has acknowledged an operation up to a version."""
        self._db.execute(
            "INSERT INTO acknowledgement VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET plan_version = max(plan_version, excluded.plan_version)",
            (operation_id, agency, plan_version),
        )

    def acknowledged(self, operation_id: str, plan_version: int) -> set[str]:
        """Who has acknowledged a version of an operation, or a later one."""
        rows = self._db.execute(
            "SELECT agency FROM acknowledgement WHERE operation_id = ? AND plan_version >= ?",
            (operation_id, plan_version),
        )
        return {agency for (agency,) in rows}

    def watch(self, watched: Watched) -> None:
        """Watch a version of an operation, instead of an earlier one."""
        row = asdict(watched) | {"due_at": _text(watched.due_at)}
        self._db.execute(
            "INSERT OR REPLACE INTO watch VALUES (:operation_id, :due_at, :plan_version, :rule_id, :event_id)", row
        )

    def unwatch(self, operation_id: str) -> None:
        """Watch an operation no longer."""
        self._db.execute("DELETE FROM watch WHERE operation_id = ?", (operation_id,))

    def watched(self, until: datetime) -> list[Watched]:
        """Whose time is up."""
        rows = self._db.execute("SELECT * FROM watch WHERE due_at <= ? ORDER BY due_at", (_text(until),))
        return [Watched(row[0], datetime.fromisoformat(row[1]), *row[2:]) for row in rows]

    # -- the diary ----------------------------------------------------------------------------------------------------

    def has_diary(self, day: str) -> bool:
        """Whether a day's diaries were made."""
        return self._db.execute("SELECT 1 FROM diary WHERE day = ?", (day,)).fetchone() is not None

    def keep_diary(self, day: str, function: str, sealed: Sealed) -> None:
        """Keep a function's diary of a day, encrypted; those of earlier days are kept no longer."""
        self._db.execute("INSERT INTO diary VALUES (?, ?, ?, ?)", (day, function, sealed.text, sealed.calendar))
        self._db.execute("DELETE FROM diary WHERE day < ?", (day,))

    def diary(self, day: str, function: str) -> Sealed | None:
        """A function's diary of a day, encrypted."""
        query = "SELECT text, calendar FROM diary WHERE day = ? AND function = ?"
        found = self._db.execute(query, (day, function)).fetchone()
        return None if found is None else Sealed(*found)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _text(at: datetime | None) -> str | None:
    """An instant as text that sorts as instants do."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")
