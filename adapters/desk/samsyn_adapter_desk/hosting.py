"""The desk as it runs: the database, every hosted party's adapter, and the bells between them and the pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from samsyn_adapter_sdk import Connection, Contents

from samsyn_adapter_desk.bells import Bells
from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.party import DeskAdapter, connected, note_admissions
from samsyn_adapter_desk.settings import Settings
from samsyn_adapter_desk.store import Store

_LOG = logging.getLogger("samsyn.desk")


@dataclass(frozen=True)
class Hosted:
    """One party at the desk."""

    store: Store
    connection: Connection
    contents: Contents


@dataclass(frozen=True)
class Desk:
    """What pages stand on."""

    settings: Settings
    database: Database
    bells: Bells
    parties: Mapping[str, Hosted]


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Desk]:
    """The desk, connected; what waits is said after the next start."""
    database, bells = Database(settings.async_database), Bells(settings.database)
    await database.migrate()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        works = [asyncio.create_task(bells.run())]
        parties = {}
        for party in settings.parties:
            store, line = Store(database, party, settings.environment), settings.line(party)
            connection = await stack.enter_async_context(connected(DeskAdapter(store, bells), line))
            contents = Contents.of(line)
            stack.push_async_callback(contents.close)
            works.append(asyncio.create_task(note_admissions(connection, store, bells)))
            parties[party] = Hosted(store, connection, contents)
        for work in works:
            work.add_done_callback(_tell_of_its_end)
        try:
            yield Desk(settings, database, bells, parties)
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)


def _tell_of_its_end(work: asyncio.Task[None]) -> None:
    if not work.cancelled() and work.exception() is not None:
        _LOG.error("a part of the desk has ended: %s", type(work.exception()).__name__)
