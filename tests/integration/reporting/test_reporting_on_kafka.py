"""Records on real topics lead to the ledger in a real database, and once more from the beginning to the same ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from httpx import AsyncClient
from samsyn_contracts.bus import ADMITTED, PLANNING
from samsyn_contracts.capacity import PoliceCancellationRetracted
from samsyn_contracts.message import Message
from samsyn_reporting.app import build

from tests.support.in_process import Positions, Said, a_centre, running, say, settings_for, until_heard
from tests.support.told_operations import (
    INSPECTIONS,
    START_AT,
    cancelled,
    confirmed,
    envelope,
    police_cancelled,
    postponed,
    rescheduled,
    scheduled,
)

CENTRE = a_centre()
RESCUED, LOST, WAITED = (f"op:{CENTRE}:{number}" for number in (1, 2, 3))
LOSS_1, LOSS_2, LOSS_3 = (f"{CENTRE}-loss-{number}" for number in (1, 2, 3))


def told(message: Message, number: str) -> Said:
    return PLANNING, envelope(message, f"{CENTRE}-{number}", centre=CENTRE), message


def admitted(message: Message, id_: str) -> Said:
    return ADMITTED, envelope(message, id_, party="polisen", centre=CENTRE), message


RETRACTED = PoliceCancellationRetracted(capacity_id="polisen:P3", cancelled_event=LOSS_3)
# Loss 2 is heard after its answer, as it may be: they come on two topics.
LOG = [
    told(scheduled(RESCUED), "r1-1"),
    told(confirmed(RESCUED), "r1-2"),
    told(scheduled(LOST, inspections=["polisen:A9"]), "r2-1"),
    told(scheduled(WAITED, inspections=["polisen:A8"]), "r3-1"),
    admitted(police_cancelled(), LOSS_1),
    told(rescheduled(RESCUED, step="smaller", inspections=INSPECTIONS[:1], causes=[LOSS_1]), "r1-3"),
    told(cancelled(LOST, causes=[LOSS_2], notice_minutes=45), "r2-2"),
    admitted(police_cancelled("polisen:P2", "fire"), LOSS_2),
    told(postponed(WAITED, causes=[LOSS_3]), "r3-2"),
    admitted(police_cancelled("polisen:P3"), LOSS_3),
    admitted(RETRACTED, f"{LOSS_3}-not"),
]


class Reporting:
    """The service, and what a test asks of it."""

    def __init__(self, client: AsyncClient, hear: Callable[[Positions], Any]) -> None:
        self.client, self.heard = client, hear

    async def ledger(self, from_day: str = "2025-05-01", to_day: str = "2025-05-31") -> dict[str, Any]:
        asked = {"centre": CENTRE, "from": from_day, "to": to_day}
        response = await self.client.get("/v1/ledger", params=asked)
        assert response.status_code == 200, response.text
        page: dict[str, Any] = response.json()
        return page


@asynccontextmanager
async def reporting_on(kafka: str, database: str) -> AsyncIterator[Reporting]:
    """The service over an empty database; a name of its own lets it read the topics from their beginning."""
    settings = settings_for(kafka, database)
    service = replace(build(settings), name=f"reporting-{a_centre()}")
    async with running(service, settings) as client:

        async def heard(positions: Positions) -> None:
            await until_heard(service, positions)

        yield Reporting(client, heard)


@pytest.fixture(scope="module")
async def log(kafka: str) -> Positions:
    """The log, said once; the offsets of its end."""
    return await say(kafka, *LOG)


@pytest.fixture(scope="module")
async def reporting(log: Positions, kafka: str, fresh_database: Callable[[str], str]) -> AsyncIterator[Reporting]:
    async with reporting_on(kafka, fresh_database("reporting")) as service:
        await service.heard(log)
        yield service


async def test_the_ledger_has_a_row_per_cause_and_operation(reporting: Reporting) -> None:
    rows = (await reporting.ledger())["rows"]

    assert [(row["operation_id"], row["cause_event_id"], row["outcome"], row["ladder_step"]) for row in rows] == [
        (RESCUED, LOSS_1, "rescued", "smaller"),
        (LOST, LOSS_2, "lost", "cancelled"),
        (WAITED, LOSS_3, "waiting", "postponed"),
    ]


async def test_a_loss_heard_after_its_answer_gives_the_cause(reporting: Reporting) -> None:
    row = (await reporting.ledger())["rows"][1]

    assert (row["cause_kind"], row["cause_code"], row["notice_minutes"]) == ("PoliceCancelled", "fire", 45)


async def test_a_retracted_loss_is_marked(reporting: Reporting) -> None:
    rows = (await reporting.ledger())["rows"]

    assert [row["is_taken_back"] for row in rows] == [False, False, True]


async def test_the_totals_count_operations_and_inspections_apart(reporting: Reporting) -> None:
    totals = (await reporting.ledger())["totals"]

    assert totals == {
        "operations": {"planned": 3, "hit": 3, "rescued": {"smaller": 1}, "waiting": 1, "lost": 1},
        "inspections": {"planned": 4, "hit": 4, "rescued": {"smaller": 1}, "waiting": 1, "lost": 2},
    }


async def test_a_period_without_operations_has_an_empty_ledger(reporting: Reporting) -> None:
    page = await reporting.ledger("2025-06-01", "2025-06-30")

    assert (page["rows"], page["totals"]["operations"]["planned"]) == ([], 0)


async def test_the_period_includes_its_last_day(reporting: Reporting) -> None:
    day = START_AT.date().isoformat()

    assert len((await reporting.ledger(day, day))["rows"]) == 3


async def test_a_period_that_ends_before_it_begins_is_refused(reporting: Reporting) -> None:
    response = await reporting.client.get(
        "/v1/ledger", params={"centre": CENTRE, "from": "2025-05-31", "to": "2025-05-01"}
    )

    assert response.status_code == 422


async def test_records_said_again_leave_the_ledger_unchanged(reporting: Reporting, kafka: str) -> None:
    before = await reporting.ledger()

    await reporting.heard(await say(kafka, *LOG, *reversed(LOG)))

    assert await reporting.ledger() == before


async def test_the_log_replayed_into_an_empty_database_gives_an_equal_ledger(
    reporting: Reporting, log: Positions, kafka: str, fresh_database: Callable[[str], str]
) -> None:
    async with reporting_on(kafka, fresh_database("reporting")) as replayed:
        await replayed.heard(log)

        assert (await replayed.ledger()) == (await reporting.ledger())
        assert len((await replayed.ledger())["rows"]) == 3
