"""One hosted party as an adapter: it says what somebody at the desk said, and hears into the party's own rows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from samsyn_adapter_sdk import Connection, Settings, Statement
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.platform import AdapterStatusChanged

from samsyn_adapter_desk.bells import Bells
from samsyn_adapter_desk.store import Said, Store

_LOG = logging.getLogger("samsyn.desk")
LOOK_AGAIN_SECONDS = 5.0
ANSWER_SECONDS = 0.1


class DeskAdapter:
    """The adapter of one party; its own system is the desk's database."""

    def __init__(self, store: Store, bells: Bells) -> None:
        self.agency = store.party
        self._store = store
        self._bells = bells

    async def said(self, after: str | None) -> AsyncIterator[Statement]:
        """What people have said here, from the cursor on; never ends."""
        number = int(after or 0)
        with self._bells.listen(self.agency) as bell:
            while True:
                for said in await self._store.sayings_after(number):
                    yield _statement(said)
                    number = said.number
                await bell.wait(LOOK_AGAIN_SECONDS)

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Into the party's own rows, once."""
        if not isinstance(message, AdapterStatusChanged):
            await self._store.hear(message, envelope)


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


def _statement(said: Said) -> Statement:
    return Statement(
        message=said.message,
        occurred_at=said.occurred_at,
        key=said.key,
        centre=said.centre,
        role=said.actorrole,
        cursor=str(said.number),
        causationid=said.causationid,
        is_numbered=False,
    )
