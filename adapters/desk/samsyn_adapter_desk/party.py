"""One hosted party as an adapter: it says what somebody at the desk said, and hears into the party's own rows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from samsyn_adapter_sdk import Connection, RetryError, Settings, Statement
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.platform import AdapterStatusChanged, TimePassed

from samsyn_adapter_desk.bells import Bells
from samsyn_adapter_desk.database import is_away
from samsyn_adapter_desk.sayings import Said
from samsyn_adapter_desk.store import Store

_LOG = logging.getLogger("samsyn.desk")
LOOK_AGAIN_SECONDS = 5.0
Result = TypeVar("Result")
ANSWER_SECONDS = 0.2


class DeskAdapter:
    """The adapter of one party; its own system is the desk's database."""

    def __init__(self, store: Store, bells: Bells) -> None:
        self.agency = store.party
        self._store = store
        self._bells = bells

    async def said(self, after: str | None) -> AsyncIterator[Statement]:
        """What people have said here, from the cursor on; never ends."""
        database = await self._patiently(self._store.database_id())
        number = _number(after, database)
        with self._bells.listen(self.agency) as bell:
            while True:
                for said in await self._patiently(self._store.sayings_after(number)):
                    yield _statement(said, database)
                    number = said.number
                await bell.wait(LOOK_AGAIN_SECONDS)

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Into the party's own rows, once; what time it is the exchange's clock tells."""
        if not isinstance(message, AdapterStatusChanged | TimePassed):
            await self._patiently(self._store.hear(message, envelope))

    async def _patiently(self, work: Awaitable[Result]) -> Result:
        """What the database does, or RetryError while it is away: the SDK waits then, and sets nothing aside."""
        try:
            return await work
        except Exception as error:
            if is_away(error):
                raise RetryError(f"the desk's database is away ({type(error).__name__})") from error
            raise


async def note_admissions(connection: Connection, store: Store, bells: Bells) -> None:
    """Show what Samsyn has taken: asks the journal while a statement has no answer; never ends."""
    with bells.listen(store.party) as bell:
        while True:
            try:
                is_waiting = await _note_admitted(connection, store)
            except Exception as error:  # the database is away for a while: what was admitted is noted later
                _LOG.warning("%s: admissions are not noted: %s", store.party, type(error).__name__)
                is_waiting = False
            if is_waiting:
                await asyncio.sleep(ANSWER_SECONDS)
            else:
                await bell.wait(LOOK_AGAIN_SECONDS)


async def _note_admitted(connection: Connection, store: Store) -> bool:
    waiting = await store.waiting()
    taken = [event_id for event_id in waiting if connection.is_admitted(event_id)]
    if taken:
        await store.admitted(taken)
    return len(taken) < len(waiting)


def connected(adapter: DeskAdapter, settings: Settings) -> Connection:
    """The party's connection, not yet started."""
    return Connection(adapter, settings)


def _number(cursor: str | None, database: str) -> int:
    """Where to read on in this database; from the first statement if the cursor is another database's.

    The ids of statements are derived from their keys: what was said before is known by its id, and is said once.
    """
    known, _, number = (cursor or "").rpartition(":")
    return int(number) if known == database else 0


def _statement(said: Said, database: str) -> Statement:
    return Statement(
        message=said.message,
        occurred_at=said.occurred_at,
        key=said.key,
        centre=said.centre,
        role=said.actorrole,
        cursor=f"{database}:{said.number}",
        causationid=said.causationid,
        is_numbered=False,
    )
