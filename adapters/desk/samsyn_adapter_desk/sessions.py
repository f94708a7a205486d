"""Who is signed in, kept in the database: an opaque value in the browser, only its hash here."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.people import Language, Person, Seat

AT_MOST = timedelta(hours=10)
IDLE = timedelta(minutes=60)
TO_SIGN_IN = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)  # not every request writes
RANDOM_BYTES = 32

INTO_STARTS = sa.text(
    "insert into sign_in_start (state_hash, nonce, verifier, back_to, created_at) "
    "values (:state_hash, :nonce, :verifier, :back_to, :now)"
)
TAKE_START = sa.text(
    "delete from sign_in_start where state_hash = :state_hash returning nonce, verifier, back_to, created_at"
)
INTO_SIGN_INS = sa.text(
    "insert into sign_in (id_hash, subject, name, seats, seat, language, csrf, created_at, seen_at, ends_at) "
    "values (:id_hash, :subject, :name, cast(:seats as jsonb), 0, :language, :csrf, :now, :now, :ends_at)"
)
FIND = sa.text(
    "select subject, name, cast(seats as text) as seats, seat, language, csrf, note, seen_at, ends_at from sign_in "
    "where id_hash = :id_hash and ends_at > :now and seen_at > :idle_since"
)
SEEN = sa.text("update sign_in set seen_at = :now where id_hash = :id_hash")
# Forms that another tab still shows are of the former seat: with another mark they are refused as old.
CHOOSE = sa.text("update sign_in set seat = :seat, csrf = :csrf, note = null where id_hash = :id_hash")
SPEAK = sa.text("update sign_in set language = :language, note = null where id_hash = :id_hash")
NOTE = sa.text("update sign_in set note = :note where id_hash = :id_hash")
# Not one that has been left meanwhile, by another form.
TAKE_NOTE = sa.text("update sign_in set note = null where id_hash = :id_hash and note = :note")
END = sa.text("delete from sign_in where id_hash = :id_hash")
PRUNE = sa.text("delete from sign_in where ends_at <= :now or seen_at <= :idle_since")
PRUNE_STARTS = sa.text("delete from sign_in_start where created_at <= :begun_before")


@dataclass(frozen=True)
class Start:
    """A sign-in that has begun: what the provider must give back, and where to go afterwards."""

    state: str
    nonce: str
    verifier: str
    back_to: str


@dataclass(frozen=True)
class SignedIn:
    """One sign-in as it stands: the person, the chosen seat, and until when at most.

    `note` is what the next page tells of the form that was sent last: empty once a page has told it.
    """

    person: Person
    seat: Seat
    language: Language
    csrf: str
    ends_at: datetime
    note: str = ""


class Sessions:
    """The sign-ins of this desk; only seats at `hosted` parties count."""

    def __init__(self, database: Database, hosted: Collection[str], now: Callable[[], datetime]) -> None:
        self._database = database
        self._hosted = frozenset(hosted)
        self._now = now

    async def begin(self, browser: str, back_to: str) -> Start:
        """Note that a browser goes to the provider; its answer is good for that browser alone, once, ten minutes."""
        start = Start(_random(), _random(), _random(), back_to)
        row = {"state_hash": _hash(start.state, browser), "nonce": start.nonce, "verifier": start.verifier}
        now = self._now()
        async with self._database.transaction() as connection:
            # Anybody may begin, so what nobody came back to is forgotten here and not only where somebody succeeds.
            await connection.execute(PRUNE_STARTS, {"begun_before": now - TO_SIGN_IN})
            await connection.execute(INTO_STARTS, row | {"back_to": back_to, "now": now})
        return start

    async def take_start(self, browser: str, state: str) -> Start | None:
        """What was begun with this state in this browser, and forget it; None if nothing or too long ago."""
        async with self._database.transaction() as connection:
            found = (await connection.execute(TAKE_START, {"state_hash": _hash(state, browser)})).one_or_none()
        if found is None or found.created_at <= self._now() - TO_SIGN_IN:
            return None
        return Start(state, found.nonce, found.verifier, found.back_to)

    async def open(self, person: Person, instead_of: str | None) -> str:
        """Sign somebody in, in place of an earlier sign-in of that browser; the value for the cookie."""
        value, now = _random(), self._now()
        row = {
            "id_hash": _hash(value),
            "subject": person.subject,
            "name": person.name,
            "seats": json.dumps([seat.as_json() for seat in person.seats]),
            "language": person.language,
            "csrf": _random(),
            "now": now,
            "ends_at": now + AT_MOST,
        }
        async with self._database.transaction() as connection:
            await connection.execute(END, {"id_hash": _hash(instead_of or "")})
            await connection.execute(INTO_SIGN_INS, row)
        await self.prune()
        return value

    async def signed_in(self, value: str | None, is_somebody_there: bool = True) -> SignedIn | None:
        """Who a cookie's value stands for; None where it has ended, was idle, or was never given.

        `is_somebody_there` is whether a person asks: what a page asks by itself keeps no sign-in from being idle.
        """
        if not value:
            return None
        now = self._now()
        wanted = {"id_hash": _hash(value), "now": now, "idle_since": now - IDLE}
        async with self._database.transaction() as connection:
            found = (await connection.execute(FIND, wanted)).one_or_none()
            if found is not None and is_somebody_there and found.seen_at <= now - SEEN_EVERY:
                await connection.execute(SEEN, {"id_hash": wanted["id_hash"], "now": now})
        return None if found is None else self._as_signed_in(found)

    async def choose_seat(self, value: str, seat: int) -> None:
        """Sit on another of the own seats, by its number."""
        await self._change(CHOOSE, value, seat=seat, csrf=secrets.token_urlsafe(RANDOM_BYTES))

    async def speak(self, value: str, language: Language) -> None:
        """Read in another language."""
        await self._change(SPEAK, value, language=language)

    async def leave_note(self, value: str, note: str) -> None:
        """Have the next page of this sign-in tell something, on this seat and in this language."""
        await self._change(NOTE, value, note=note)

    async def take_note(self, value: str, note: str) -> None:
        """A page has told it: no other does."""
        await self._change(TAKE_NOTE, value, note=note)

    async def end(self, value: str) -> None:
        """Sign out."""
        await self._change(END, value)

    async def prune(self) -> None:
        """Forget what has ended."""
        now = self._now()
        async with self._database.transaction() as connection:
            await connection.execute(PRUNE, {"now": now, "idle_since": now - IDLE})
            await connection.execute(PRUNE_STARTS, {"begun_before": now - TO_SIGN_IN})

    async def _change(self, statement: sa.TextClause, value: str, **changed: Any) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(statement, {"id_hash": _hash(value), **changed})

    def _as_signed_in(self, row: sa.Row[Any]) -> SignedIn | None:
        seats = tuple(Seat(**seat) for seat in json.loads(row.seats))
        seat = seats[row.seat]
        # A desk that has stopped hosting a party shows its pages to nobody, whoever is still signed in.
        if seat.party not in self._hosted:
            return None
        person = Person(row.subject, row.name, seats, row.language)
        return SignedIn(person, seat, row.language, row.csrf, row.ends_at, row.note or "")


def _random() -> str:
    return secrets.token_urlsafe(RANDOM_BYTES)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
