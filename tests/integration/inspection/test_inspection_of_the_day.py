"""What agencies say from the spot is held, has its effect, and is answered, through real topics and a real database."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from samsyn_contracts.message import Message

from tests.integration.inspection.inspection_at_work import Inspection, admitted, said_about, ticked, told
from tests.support.day_of_operation import (
    AV,
    END_AT,
    FIRST,
    MIGRATION,
    SECOND,
    SKV,
    broken_off,
    found,
    given_up,
    handed_in,
    rescheduled,
    scheduled,
    started,
    takes_place,
)
from tests.support.in_process import Said, a_centre
from tests.support.told_operations import START_AT

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
SECRETS = ("contents:", "staff_ledger", "organisation", "1480")
M = TypeVar("M", bound=Message)


class Town:
    """One operation at a centre of the test's own."""

    def __init__(self) -> None:
        self.centre = a_centre()
        self.operation_id = f"op:{self.centre}:1"
        self._num = 0

    def told(self, *words: Message) -> list[Said]:
        """Planning says something of it."""
        return [told(self._own(word), self._next("p"), self.centre) for word in words]

    def said(self, *statements: Any, at: Any = START_AT, **more: Any) -> list[Said]:
        """Agencies say something of it."""
        return [admitted(self._own(one), self._next("a"), self.centre, at, **more) for one in statements]

    def ticked(self, until: Any) -> Said:
        """Time passes."""
        return ticked(until, self._next("t"), self.centre)

    def _own(self, message: M) -> M:
        return message.model_copy(update={"operation_id": self.operation_id})

    def _next(self, kind: str) -> str:
        self._num += 1
        return f"{kind}{self._num}"


@pytest.fixture
def town() -> Town:
    return Town()


async def test_a_finding_is_held_until_its_version_is_known_and_then_placed(
    inspection: Inspection, dsn: str, town: Town
) -> None:
    await inspection.hear(*town.told(scheduled(), takes_place()), *town.said(started(), found(SKV, version=2)))
    held, before = await inspection.held(town.centre), await said_about(dsn, town.centre)
    shown = (await inspection.page("/status"))["held"]

    await inspection.hear(*town.told(rescheduled(2), takes_place(2)))

    ((name, _, body),) = await said_about(dsn, town.centre)
    assert (before, name, body["sender"], body["candidates"]) == ([], "FindingPlaced", SKV, [AV])
    assert (held, await inspection.held(town.centre), shown >= 1) == (1, 0, True)


async def test_what_follows_goes_on_with_the_chain_and_trace_of_its_cause(
    inspection: Inspection, dsn: str, town: Town
) -> None:
    (held,) = town.said(found(SKV), traceparent=TRACE, correlationid="chain-1")
    await inspection.hear(*town.said(started()), held)

    await inspection.hear(*town.told(scheduled(), takes_place()))

    ((_, headers, _),) = await said_about(dsn, town.centre)
    assert (headers["ce_causationid"], headers["ce_correlationid"]) == (held[1].id, "chain-1")
    assert headers["traceparent"].split("-")[1] == TRACE.split("-")[1]


async def test_an_operation_handed_in_by_all_is_told_as_completed_once(
    inspection: Inspection, dsn: str, town: Town
) -> None:
    hand_ins = [handed_in(agency, one) for agency in (AV, SKV) for one in (FIRST, SECOND)]
    records = [*town.told(scheduled(), takes_place()), *town.said(started(), *hand_ins), town.ticked(END_AT + 2 * DAY)]
    await inspection.hear(*records)

    await inspection.hear(*records)

    ((name, headers, body),) = await said_about(dsn, town.centre)
    assert (name, body["outcome"], body["counts_as_operation"]) == ("OperationCompleted", "completed", True)
    assert headers["ce_causationid"] == records[6][1].id
    assert await inspection.lives(town.centre) == {town.operation_id: "completed"}


async def test_time_ends_an_operation_that_somebody_has_not_handed_in(
    inspection: Inspection, dsn: str, town: Town
) -> None:
    await inspection.hear(*town.told(scheduled(), takes_place()), *town.said(started(), handed_in(AV, FIRST)))
    await inspection.hear(town.ticked(END_AT), town.ticked(END_AT + DAY - MINUTE))
    before = await said_about(dsn, town.centre)

    await inspection.hear(town.ticked(END_AT + DAY), town.ticked(END_AT + 2 * DAY))

    ((_, _, body),) = await said_about(dsn, town.centre)
    assert (before, body["outcome"], body["missing_from"]) == ([], "in_part", [AV, SKV])
    assert (body["done_inspection_ids"], body["left_inspection_ids"]) == ([FIRST], [SECOND])


async def test_what_is_held_for_a_week_is_answered_when_time_passes(
    inspection: Inspection, dsn: str, town: Town
) -> None:
    await inspection.hear(*town.said(started()), town.ticked(START_AT + 7 * DAY - MINUTE))
    before = await said_about(dsn, town.centre)

    await inspection.hear(town.ticked(START_AT + 7 * DAY), town.ticked(START_AT + 8 * DAY))

    ((name, _, body),) = await said_about(dsn, town.centre)
    assert (before, name, body["party"]) == ([], "EventRejected", AV)
    assert [(reason["code"], reason["pointer"]) for reason in body["reasons"]] == [("unknown_id", "/operation_id")]


async def test_an_operation_of_another_centre_is_unknown(inspection: Inspection, dsn: str, town: Town) -> None:
    elsewhere = Town()
    elsewhere.operation_id = town.operation_id
    await inspection.hear(*town.told(scheduled(), takes_place()), *elsewhere.said(started()))

    await inspection.hear(elsewhere.ticked(START_AT + 7 * DAY))

    assert await inspection.lives(town.centre) == {town.operation_id: "confirmed"}
    assert [name for name, *_ in await said_about(dsn, elsewhere.centre)] == ["EventRejected"]


async def test_the_page_of_an_operation_tells_where_it_is_and_counts_and_nothing_more(
    inspection: Inspection, town: Town
) -> None:
    deeds = [started(), handed_in(AV, FIRST), broken_off(AV, [SECOND]), found(SKV), found(SKV, finding_id=f"{SKV}:F2")]
    await inspection.hear(*town.told(scheduled(), takes_place()), *town.said(*deeds, found(AV, version=9)))

    page = await inspection.page(f"/v1/operations/{town.operation_id}")

    assert (page["life"], page["started"]["agency"], page["started"]["police_present"]) == ("suspended", AV, True)
    assert (page["handed_in_by"], page["missing_from"], page["num_held"]) == ([AV], [SKV], 1)
    assert (page["num_findings"], page["is_counted"], page["rule_id"]) == ({SKV: 2}, True, "insats-1")
    assert [(i["inspection_id"], i["handed_in_by"], i["is_given_back"]) for i in page["inspections"]] == [
        (FIRST, [AV], False),
        (SECOND, [], True),
    ]
    assert [secret for secret in SECRETS if secret in json.dumps(page)] == []


async def test_operations_are_listed_by_centre_and_swedish_day(inspection: Inspection, town: Town) -> None:
    await inspection.hear(*town.told(scheduled(), takes_place()), *town.said(started(), given_up()))
    days = [("2025-05-12", "2025-05-12"), ("2025-05-01", "2025-05-11"), ("2025-05-13", "2025-05-31")]

    pages = [
        await inspection.page("/v1/operations", **{"centre": town.centre, "from": first, "to": last})
        for first, last in days
    ]

    assert [[(o["operation_id"], o["life"]) for o in page["operations"]] for page in pages] == [
        [(town.operation_id, "aborted")],
        [],
        [],
    ]


async def test_an_operation_not_known_and_days_the_wrong_way_round_are_told_so(
    inspection: Inspection, town: Town
) -> None:
    unknown = await inspection.client.get(f"/v1/operations/{town.operation_id}")
    days = {"centre": town.centre, "from": "2025-05-02", "to": "2025-05-01"}
    turned = await inspection.client.get("/v1/operations", params=days)

    assert (unknown.status_code, turned.status_code) == (404, 422)


async def test_a_stranger_is_answered_and_nothing_else_follows(inspection: Inspection, dsn: str, town: Town) -> None:
    await inspection.hear(*town.told(scheduled(), takes_place()), *town.said(started(), found(MIGRATION)))

    ((name, _, body),) = await said_about(dsn, town.centre)
    assert (name, body["party"], body["reasons"][0]["code"]) == ("EventRejected", MIGRATION, "not_participant")
