"""Records on real topics lead to the ledger in a real database, whatever their order, and once more from the start."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from samsyn_contracts.capacity import PoliceCancellationRetracted
from samsyn_contracts.message import Message

from tests.integration.reporting.reporting_at_work import Reporting, a_log, reporting_on, said
from tests.support.in_process import Positions, Said, a_centre, say
from tests.support.kafka_and_postgres import FreshDatabase
from tests.support.told_operations import (
    INSPECTIONS,
    START_AT,
    cancelled,
    confirmed,
    police_cancelled,
    postponed,
    rescheduled,
    scheduled,
)

CENTRE, WHOLE, BACKWARDS = a_centre(), a_centre(), a_centre()
RESCUED, LOST, WAITED = (f"op:{CENTRE}:{number}" for number in (1, 2, 3))
LOSS_1, LOSS_2, LOSS_3 = (f"{CENTRE}-loss-{number}" for number in (1, 2, 3))
MAY = {"from": "2025-05-01", "to": "2025-05-31"}


def told(message: Message, number: str) -> Said:
    return said(message, f"{CENTRE}-{number}", CENTRE)


def admitted(message: Message, id_: str) -> Said:
    return said(message, id_, CENTRE)


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


@pytest.fixture(scope="module")
async def log(fresh_topics: str) -> Positions:
    """The logs, said once, one of them from its end, on topics without the sites of other tests; the end of all."""
    return await say(fresh_topics, *LOG, *a_log(WHOLE), *reversed(a_log(BACKWARDS)))


@pytest.fixture(scope="module")
async def reporting(log: Positions, kafka: str, fresh_database: FreshDatabase) -> AsyncIterator[Reporting]:
    async with reporting_on(kafka, fresh_database("reporting")) as service:
        await service.heard(log)
        yield service


async def test_the_ledger_has_a_row_per_cause_and_operation(reporting: Reporting) -> None:
    rows = (await reporting.ledger(CENTRE))["rows"]

    assert [(row["operation_id"], row["cause_event_id"], row["outcome"], row["ladder_step"]) for row in rows] == [
        (RESCUED, LOSS_1, "rescued", "smaller"),
        (LOST, LOSS_2, "lost", "cancelled"),
        (WAITED, LOSS_3, "waiting", "postponed"),
    ]


async def test_a_loss_heard_after_its_answer_gives_the_cause(reporting: Reporting) -> None:
    row = (await reporting.ledger(CENTRE))["rows"][1]

    assert (row["cause_kind"], row["cause_code"], row["notice_minutes"]) == ("PoliceCancelled", "fire", 45)


async def test_a_retracted_loss_is_marked(reporting: Reporting) -> None:
    rows = (await reporting.ledger(CENTRE))["rows"]

    assert [row["is_taken_back"] for row in rows] == [False, False, True]


async def test_the_totals_count_operations_and_inspections_apart(reporting: Reporting) -> None:
    totals = (await reporting.ledger(CENTRE))["totals"]

    assert (totals["operations"], totals["inspections"]) == (
        {"planned": 3, "hit": 3, "rescued": {"smaller": 1}, "waiting": 1, "lost": 1},
        {"planned": 4, "hit": 4, "rescued": {"smaller": 1}, "waiting": 1, "lost": 2},
    )


async def test_an_inspection_that_another_operation_takes_later_is_not_lost(reporting: Reporting, kafka: str) -> None:
    centre = a_centre()
    lost, later = f"op:{centre}:1", f"op:{centre}:2"
    taken = scheduled(later, version=2, inspections=[f"polisen:{centre}"], start_at=START_AT.replace(month=9))
    messages = [
        scheduled(lost, inspections=[f"polisen:{centre}"]),
        cancelled(lost, causes=[f"{centre}-loss"]),
        taken,
    ]
    numbered = [said(message, f"{centre}-{n}", centre) for n, message in enumerate(messages)]

    await reporting.heard(await say(kafka, *numbered, said(police_cancelled(), f"{centre}-loss", centre)))

    inspections = (await reporting.ledger(centre))["totals"]["inspections"]
    assert (inspections["rescued"], inspections["lost"]) == ({"other_operation": 1}, 0)


async def test_a_period_without_operations_has_an_empty_ledger(reporting: Reporting) -> None:
    page = await reporting.ledger(CENTRE, "2025-06-01", "2025-06-30")

    assert (page["rows"], page["totals"]["operations"]["planned"]) == ([], 0)


async def test_the_period_includes_its_last_day(reporting: Reporting) -> None:
    day = START_AT.date().isoformat()

    assert len((await reporting.ledger(CENTRE, day, day))["rows"]) == 3


async def test_every_figure_comes_from_the_log(reporting: Reporting) -> None:
    table = dict(row[:2] for row in csv.reader(io.StringIO(await reporting.table(WHOLE))))

    expected = {
        "operations.planned": "4",
        "operations.hit": "3",
        "inspections.planned": "5",
        "sites.planned": "4",
        "companies.planned": "5",
        "hours.planned.police": "96.0",
        "hours.carried_out.other_agencies": "24.0",
        "hours.rescued.total": "36.0",
        "hours.lost.total": "72.0",
        "notice.under_1_day": "3",
        "causes.fire.lost": "1",
        "carried_out.counting_operations": "1",
        "carried_out.inspections_done": "1",
        "carried_out.missing": "1",
        "carried_out.inspections_back": "1",
        "acknowledgements.acknowledged": "1",
        "findings.recorded.work_environment.arbetsmiljoverket.about_persons": "<5",
        "findings.withheld.no_basis.arbetsmiljoverket.kommun-goteborg.about_others": "1",
    }
    assert {code: table.get(code) for code in expected} == expected


async def test_the_order_of_the_log_makes_no_difference(reporting: Reporting) -> None:
    assert await reporting.table(BACKWARDS) == await reporting.table(WHOLE)


async def test_several_centres_and_all_of_them_can_be_asked_for(reporting: Reporting) -> None:
    planned = {
        asked: (await _indicator(reporting, "operations.planned", *asked))
        for asked in ((WHOLE,), (CENTRE,), (WHOLE, CENTRE))
    }

    assert planned == {(WHOLE,): 4, (CENTRE,): 3, (WHOLE, CENTRE): 7}
    assert await _indicator(reporting, "operations.planned", "all") >= 11


async def test_the_page_tells_up_to_when_a_centre_was_heard(reporting: Reporting) -> None:
    assert (await reporting.ledger(CENTRE))["heard_until"] == {CENTRE: "2025-05-05T08:00:00Z"}


async def test_what_was_said_earlier_and_comes_later_does_not_turn_time_back(reporting: Reporting, kafka: str) -> None:
    centre = a_centre()
    for minute in (30, 10):
        message = said(scheduled(f"op:{centre}:{minute}"), f"{centre}-{minute}", centre, minute=minute)
        await reporting.heard(await say(kafka, message))

    assert (await reporting.ledger(centre))["heard_until"] == {centre: "2025-05-05T08:30:00Z"}


async def test_the_service_describes_its_pages(reporting: Reporting) -> None:
    described = (await reporting.client.get("/openapi.json")).json()["paths"]

    assert {"/v1/ledger", "/v1/indicators"} <= described.keys()


async def test_the_pages_hold_no_site_company_or_reference(reporting: Reporting) -> None:
    asked = {"centre": WHOLE, **MAY}
    pages = [(await reporting.client.get(path, params=asked)).text for path in ("/v1/ledger", "/v1/indicators")]

    assert [secret for secret in ("site-1", "4598712349", "contents:") for page in pages if secret in page] == []


async def test_records_said_again_leave_the_ledger_unchanged(reporting: Reporting, kafka: str) -> None:
    before = await reporting.ledger(CENTRE)

    await reporting.heard(await say(kafka, *LOG, *reversed(LOG)))

    assert await reporting.ledger(CENTRE) == before


async def test_the_log_replayed_into_an_empty_database_gives_an_equal_ledger(
    reporting: Reporting, log: Positions, kafka: str, fresh_database: FreshDatabase
) -> None:
    async with reporting_on(kafka, fresh_database("reporting")) as replayed:
        await replayed.heard(log)

        assert (await replayed.ledger(CENTRE)) == (await reporting.ledger(CENTRE))
        assert (await replayed.table(WHOLE)) == (await reporting.table(WHOLE))


async def _indicator(reporting: Reporting, code: str, *centres: str) -> Any:
    response = await reporting.client.get("/v1/indicators", params={"centre": list(centres), **MAY})
    (row,) = [row for row in response.json()["indicators"] if row["code"] == code]
    return row["value"]
