"""The desk is killed: what somebody has said is admitted once, and what was heard twice stands once."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from samsyn_contracts.bus import ADMITTED, to_topic
from samsyn_contracts.envelope import derived_id
from samsyn_contracts.periods import AnnualTargetSet

from tests.support.desk_process import DeskProcess, desk_process
from tests.support.samsyn import Samsyn
from tests.support.trail import DEADLINE_SECONDS

CENTRE, AGENCY = "akc-vast", "skatteverket"
COORDINATOR = "samordnare-akc-vast"
SAID = "select state from saying where event_id = $1"
HEARD = "select body from heard where party = $1 and event_id = $2"
CARDS = "select body from card where party = $1 and kind = 'target' and body ->> 'year' = $2"
# A year that no other test sets a target for: it changes no plan.
YEAR, NUM_ROUNDS = 2031, 3


@pytest.fixture
async def desk(samsyn: Samsyn, tmp_path: Path) -> AsyncIterator[DeskProcess]:
    exchange, parties = samsyn.address("exchange"), (CENTRE, AGENCY)
    async with desk_process(samsyn.infrastructure, exchange, samsyn.secret, parties, tmp_path) as running:
        yield running


async def test_what_was_answered_before_the_kill_is_admitted_once(samsyn: Samsyn, desk: DeskProcess) -> None:
    since = len(samsyn.trail.records)
    ids = [derived_id(CENTRE, f"desk:target:round-{number}") for number in range(NUM_ROUNDS)]
    async with desk.signed_in(COORDINATOR) as somebody:
        for number in range(NUM_ROUNDS):
            told = {"year": str(YEAR), "unit": "inspections", "baseline": "10", "target": str(20 + number)}
            answer = await somebody.send("target", f"round-{number}", **told)
            desk.part.kill()
            assert answer.status_code == 303
            assert len(await rows_that_come(desk, SAID, ids[number])) == 1
            await started_again(desk)
            # Whoever saw no answer sends it again: the browser's own page, with the sign-in from before the kill.
            assert (await somebody.send("target", f"round-{number}", **told)).status_code == 303
    await samsyn.trail.all_of(lambda r: r.topic == ADMITTED and r.id in ids, NUM_ROUNDS, "targets admitted", since)
    await samsyn.quiet()
    admitted = [record.id for record in samsyn.trail.records[since:] if record.topic == ADMITTED and record.id in ids]
    assert sorted(admitted) == sorted(ids)
    for event_id in ids:
        assert [row["state"] for row in await rows_that_come(desk, f"{SAID} and state <> 'waiting'", event_id)] == [
            "admitted"
        ]


async def test_what_is_heard_twice_stands_once(samsyn: Samsyn, desk: DeskProcess, tmp_path: Path) -> None:
    journals, kept = tmp_path / "desk", tmp_path / "kept"
    await samsyn.quiet()
    desk.part.kill()
    shutil.copytree(journals, kept)
    await started_again(desk)
    said = await samsyn.party(CENTRE, CENTRE).tell(
        AnnualTargetSet(
            centre=CENTRE, year=YEAR + 1, unit="inspections", baseline=10, target=20, by_function="samordnare"
        )
    )
    told = await samsyn.trail.first(lambda r: r.topic == to_topic(AGENCY) and r.id == said.id, "told to the agency")
    (heard,) = await rows_that_come(desk, HEARD, AGENCY, said.id)
    (card,) = await rows_that_come(desk, CARDS, AGENCY, str(YEAR + 1))

    # Killed after the database's commit and before the journal's: the journal stands where it stood before.
    desk.part.kill()
    shutil.rmtree(journals)
    shutil.copytree(kept, journals)
    await started_again(desk)
    status = await heard_past(desk, told.offset)
    assert await rows_that_come(desk, HEARD, AGENCY, said.id) == [heard]
    assert await rows_that_come(desk, CARDS, AGENCY, str(YEAR + 1)) == [card]
    assert status["aside"] == {CENTRE: 0, AGENCY: 0}


async def started_again(desk: DeskProcess) -> None:
    """Start the killed process once more and wait until it answers."""
    desk.part.start()
    await asyncio.to_thread(desk.part.wait_ready)


async def heard_past(desk: DeskProcess, offset: int) -> dict[str, Any]:
    """Wait until the agency's adapter has heard a record of its topic; how the desk stands then."""
    until = time.monotonic() + DEADLINE_SECONDS
    async with httpx.AsyncClient(base_url=desk.address, timeout=10) as client:
        while True:
            status: dict[str, Any] = (await client.get("/status")).json()
            if status["heard"][AGENCY] > offset:
                return status
            assert time.monotonic() < until, status
            await asyncio.sleep(0.02)


async def rows_that_come(desk: DeskProcess, query: str, *values: object) -> list[Any]:
    """What a query of the desk's rows finds, once it finds anything."""
    connection = await asyncpg.connect(desk.database)
    until = time.monotonic() + DEADLINE_SECONDS
    try:
        while not (rows := await connection.fetch(query, *values)):
            assert time.monotonic() < until, f"still nothing: {query}"
            await asyncio.sleep(0.02)
        return [dict(row) for row in rows]
    finally:
        await connection.close()
