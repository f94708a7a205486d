"""The desk and notify on a machine that is backed up, lost and restored: what they have heard, said and mailed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import asyncpg
import httpx
from samsyn_adapter_sdk.journal import Journal
from samsyn_contracts.bus import to_topic
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.people import DESK, mail_folder, people
from samsyn_local.people_kept import FOLDERS, PeopleKept
from samsyn_local.postgres import on_same_server
from samsyn_local.processes import Part

from tests.support.desk_process import DeskProcess
from tests.support.samsyn import Samsyn
from tests.support.trail import DEADLINE_SECONDS

CENTRE, AGENCY = "akc-vast", "skatteverket"
PARTIES = (CENTRE, AGENCY)
HEARD = "select party, event_id from heard"
# Answers to statements, and what time it is, are no rows of the desk's.
NOT_KEPT = ("EventAdmitted", "TimePassed", "AdapterStatusChanged")


@dataclass(frozen=True)
class PeopleAtWork:
    """The running desk, notify, sign-in and post office of two parties."""

    infrastructure: Infrastructure
    parts: Sequence[Part]

    @property
    def desk(self) -> DeskProcess:
        return DeskProcess(self.parts[-1], self.kept.database)

    @property
    def kept(self) -> PeopleKept:
        run = self.infrastructure.run
        database = on_same_server(self.infrastructure.database("exchange"), DESK)
        pids = {part.name: part.pid for part in self.parts if part.name in FOLDERS and part.pid is not None}
        return PeopleKept(database, {part: run.path / "state" / part for part in FOLDERS}, pids)

    @property
    def mailed(self) -> set[str]:
        """The Message-IDs of everything mailed on this machine."""
        mails = mail_folder(self.infrastructure.run).glob("*.eml")
        return {str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in mails}

    async def mailed_something(self) -> None:
        """Wait until a mail has come; what is heard is mailed a while later."""
        until = time.monotonic() + DEADLINE_SECONDS
        while not self.mailed:
            assert time.monotonic() < until, "nothing was mailed"
            await asyncio.sleep(0.1)

    async def heard(self) -> set[tuple[str, str]]:
        """Party and event of everything that the desk has heard."""
        connection = await asyncpg.connect(self.desk.database)
        try:
            return {(row["party"], row["event_id"]) for row in await connection.fetch(HEARD)}
        finally:
            await connection.close()

    async def heard_all(self, samsyn: Samsyn) -> None:
        """Wait until both have heard to the ends of their topics, and what was to be mailed is."""
        ends = {place.topic: end for place, end in (await samsyn.trail.ends()).items()}
        wanted = {party: ends.get(to_topic(party), 0) for party in PARTIES}
        until, heard = time.monotonic() + DEADLINE_SECONDS, dict.fromkeys(PARTIES, -1)
        async with httpx.AsyncClient(base_url=self.desk.address, timeout=60) as client:
            while any(heard[party] < end for party, end in wanted.items()):
                assert time.monotonic() < until, (heard, wanted)
                await asyncio.sleep(0.05)
                heard = (await client.get("/status")).json()["heard"]


@asynccontextmanager
async def people_at_work(samsyn: Samsyn) -> AsyncIterator[PeopleAtWork]:
    """Start all four beside the services of a machine."""
    parts = await asyncio.to_thread(people, samsyn.infrastructure, samsyn.address("exchange"), samsyn.secret, PARTIES)
    try:
        for part in parts:
            part.start()
        for part in parts:
            await asyncio.to_thread(part.wait_ready)
        yield PeopleAtWork(samsyn.infrastructure, parts)
    finally:
        for part in reversed(parts):
            await asyncio.to_thread(part.stop)


def said_in(paths: Sequence[Path]) -> set[str]:
    """The ids of all statements in some journals."""
    found = set()
    for path in paths:
        journal = Journal(path)
        found |= {one.statement.event_id for one in journal.said(0, 10_000)}
        journal.close()
    return found
