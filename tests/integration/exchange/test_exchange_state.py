"""The state over HTTP: what is in force, for each party what it may know, and the cursor from which to read on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from samsyn_contracts.bus import PLANNING, headers_of
from samsyn_contracts.envelope import Event
from samsyn_local.services import Services

from tests.integration.exchange.asking import a_client, as_party, pass_time
from tests.integration.exchange.over_https import post
from tests.integration.exchange.wire import Wire
from tests.unit.exchange.saying import CENTRE, CONTENTS, INSPECTORS, POLICE, ROUTE, SITE, a_service_event, an_event

INVITED, ACCEPTED, OUTSIDER, FOREIGNER = "arbetsmiljoverket", "skatteverket", "migrationsverket", "kommun-tyreso"
TAX = {"agency": ACCEPTED, "capacity_id": f"{ACCEPTED}:t1", "status": "accepted"}


@pytest.fixture
async def http(exchange: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(exchange) as client:
        yield client


async def state(http: httpx.AsyncClient, party: str, **query: str) -> dict[str, Any]:
    answer = await http.get("/state", params=query, headers=as_party(party))
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def shown_ids(http: httpx.AsyncClient, party: str) -> set[str]:
    return {event["id"] for event in (await state(http, party))["events"]}


async def one_shown(http: httpx.AsyncClient, party: str, event: Event) -> dict[str, Any]:
    (found,) = [one for one in (await state(http, party))["events"] if one["id"] == event.envelope.id]
    return dict(found)


async def planned(http: httpx.AsyncClient, wire: Wire, *events: Event) -> None:
    """What planning says, once the exchange has heard it: the centre is told of all that planning says here."""
    await wire.say_raw(PLANNING, [(headers_of(event.envelope), event.message.body()) for event in events], key=CENTRE)
    last = events[-1].envelope.id
    cursor: int | None = None
    for _ in range(60):
        query = {"wait": 1, "limit": 500} | ({} if cursor is None else {"cursor": cursor})
        page = (await http.get("/inbox", params=query, headers=as_party(CENTRE))).json()
        if any(one["event"]["id"] == last for one in page["events"]):
            return
        cursor = page["next"]
    raise AssertionError("the exchange did not hear planning")


def an_operation(name: str = "OperationScheduled", number: int = 1, **changed: Any) -> Event:
    told = {"operation_id": f"op:polisen:state-{number}", "participants": [POLICE, INSPECTORS, TAX], "released": []}
    return a_service_event(name, **told | changed)


async def test_each_participant_sees_of_an_operation_what_its_part_allows(http: httpx.AsyncClient, wire: Wire) -> None:
    event = an_operation(number=1)
    await planned(http, wire, event)

    invited, accepted = await one_shown(http, INVITED, event), await one_shown(http, ACCEPTED, event)
    centre = await one_shown(http, CENTRE, event)

    assert "site" not in invited["data"]["inspections"][0]
    assert accepted["data"]["inspections"][0]["site"]["name"] == SITE["name"]
    assert centre["data"]["inspections"] == [] or "inspections" not in centre["data"]
    assert [party for party in (OUTSIDER, FOREIGNER) if event.envelope.id in await shown_ids(http, party)] == []


async def test_what_may_be_fetched_is_given_anew_only_while_nobody_can_end_it(
    http: httpx.AsyncClient, wire: Wire, dsn: str
) -> None:
    """A no of the party's own, said while it reads, is not undone: who says it holds the centre's lock."""
    told = {**ROUTE[0], "site": {"site_id": SITE["site_id"], "municipality": "1480", "identity_ref": CONTENTS}}
    event = an_operation(number=2, inspections=[told])
    await planned(http, wire, event)
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", CENTRE)
        reading = asyncio.create_task(state(http, ACCEPTED))
        await asyncio.sleep(0.5)
        assert not reading.done()
    await connection.close()

    assert event.envelope.id in {one["id"] for one in (await reading)["events"]}


async def test_the_newest_event_of_an_operation_takes_the_place_of_the_one_before(
    http: httpx.AsyncClient, wire: Wire
) -> None:
    scheduled, confirmed = an_operation(number=2), an_operation("OperationConfirmed", number=2)
    await planned(http, wire, scheduled, confirmed)

    assert shown_of([scheduled, confirmed], await shown_ids(http, INVITED)) == [confirmed.envelope.id]


async def test_each_party_is_told_what_it_has_itself_acknowledged_and_nobody_elses(
    http: httpx.AsyncClient, wire: Wire
) -> None:
    """Nobody is told its own statements: whom to remind, an adapter for people asks here."""
    event = an_operation("OperationConfirmed", number=6)
    operation_id = "op:polisen:state-6"
    await planned(http, wire, event)
    assert operation_id not in (await state(http, ACCEPTED))["acknowledged"]
    seen = an_event("NotificationAcknowledged", ACCEPTED, operation_id=operation_id, agency=ACCEPTED, plan_version=3)

    answer = await post(http, seen, party=ACCEPTED)

    assert answer.status_code == 201, answer.text
    assert (await state(http, ACCEPTED, centre=CENTRE))["acknowledged"][operation_id] == 3
    for other in (INVITED, CENTRE):
        assert operation_id not in (await state(http, other))["acknowledged"]


async def test_a_cancelled_operation_is_in_force_no_more(http: httpx.AsyncClient, wire: Wire) -> None:
    events = [
        an_operation(number=3),
        a_service_event("ParticipationRequested", operation_id="op:polisen:state-3"),
        a_service_event("OperationCancelled", operation_id="op:polisen:state-3"),
    ]
    await planned(http, wire, *events[:1])
    assert shown_of(events, await shown_ids(http, INVITED)) == [events[0].envelope.id]

    await planned(http, wire, *events[1:])

    assert shown_of(events, await shown_ids(http, INVITED)) == []


def shown_of(events: list[Event], shown: set[str]) -> list[str]:
    return [event.envelope.id for event in events if event.envelope.id in shown]


async def test_a_question_is_asked_until_it_is_answered(http: httpx.AsyncClient, wire: Wire) -> None:
    told = {"operation_id": "op:polisen:state-4", "capacity_id": f"{ACCEPTED}:t4", "agency": ACCEPTED}
    question = a_service_event("ParticipationRequested", **told)
    await planned(http, wire, question, a_service_event("ReplanStarted"))
    assert question.envelope.id in await shown_ids(http, ACCEPTED)
    assert question.envelope.id not in await shown_ids(http, INVITED)

    answered = {name: told[name] for name in ("operation_id", "capacity_id")}
    answer = an_event("ParticipationAccepted", ACCEPTED, **answered)
    await post(http, answer, party=ACCEPTED)

    assert question.envelope.id not in await shown_ids(http, ACCEPTED)


async def test_an_inspection_is_shown_to_the_other_members_without_its_site_and_gone_when_withdrawn(
    http: httpx.AsyncClient,
) -> None:
    told = {"inspection_id": f"{ACCEPTED}:state-i1"}
    events = [
        an_event("InspectionProposed", ACCEPTED, **told),
        an_event("InspectionAmended", ACCEPTED, **told),
        an_event("InspectionWithdrawn", ACCEPTED, **told, reason_code="moved"),
    ]
    for event in events[:2]:
        await post(http, event, party=ACCEPTED)

    proposed = await one_shown(http, INVITED, events[0])
    assert "name" not in proposed["data"]["site"]
    assert "agencyref" not in proposed
    ids = [event["id"] for event in (await state(http, INVITED))["events"]]
    assert [id_ for id_ in ids if id_ in {one.envelope.id for one in events}] == [e.envelope.id for e in events[:2]]
    assert shown_of(events, await shown_ids(http, ACCEPTED)) == []
    assert shown_of(events, await shown_ids(http, FOREIGNER)) == []

    await post(http, events[2], party=ACCEPTED)
    assert shown_of(events, await shown_ids(http, INVITED)) == []


async def test_reading_on_from_the_cursor_loses_nothing(http: httpx.AsyncClient) -> None:
    cursor = (await state(http, INVITED))["cursor"]
    event = an_event("InspectionProposed", ACCEPTED, inspection_id=f"{ACCEPTED}:state-i2")

    await post(http, event, party=ACCEPTED)

    answer = await http.get("/inbox", params={"cursor": cursor, "wait": 10}, headers=as_party(INVITED))
    assert [one["event"]["id"] for one in answer.json()["events"]] == [event.envelope.id]


async def test_what_is_past_is_in_force_no_more(http: httpx.AsyncClient, wire: Wire, dsn: str) -> None:
    event = an_operation(number=5)
    await planned(http, wire, event)
    slot = event.message.model_dump()["slot"]
    now_at = await pass_time(http, timedelta(0))

    await pass_time(http, slot["end_at"] + timedelta(hours=25) - now_at)

    assert event.envelope.id not in await shown_ids(http, INVITED)
    connection = await asyncpg.connect(dsn)
    assert await connection.fetchval("select count(*) from standing where about = 'op:polisen:state-5'") == 0
    await connection.close()


async def test_who_read_what_is_noted_and_no_disclosure_is(http: httpx.AsyncClient, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    num_disclosed = await connection.fetchval("select count(*) from disclosure")

    shown = await state(http, OUTSIDER, centre=CENTRE)
    again = await state(http, OUTSIDER, centre=CENTRE)

    rows = await connection.fetch("select * from state_read where party = $1 order by id desc limit 2", OUTSIDER)
    assert await connection.fetchval("select count(*) from disclosure") == num_disclosed
    await connection.close()
    assert [(json.loads(row["centres"]), row["num_events"]) for row in rows] == [([CENTRE], len(shown["events"]))] * 2
    assert rows[0]["digest"] == rows[1]["digest"]
    assert rows[0]["read_at"].isoformat() == again["as_of"]


@pytest.mark.parametrize(
    ("party", "centre", "status", "code"),
    [(FOREIGNER, CENTRE, 403, "not_member"), (INVITED, "akc-ingenstans", 422, "unknown_centre")],
)
async def test_a_centre_that_is_none_of_the_partys_is_refused(
    http: httpx.AsyncClient, party: str, centre: str, status: int, code: str
) -> None:
    answer = await http.get("/state", params={"centre": centre}, headers=as_party(party))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await http.get("/state")).status_code == 401
