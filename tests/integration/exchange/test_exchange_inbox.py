"""The inbox over HTTP: what a party was told, from a cursor on, and waiting for what is told next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from samsyn_contracts.bus import event_of, from_topic, to_topic
from samsyn_contracts.web import record_of
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import Services
from samsyn_local.topics import empty_topics

from tests.integration.exchange.asking import a_client, as_party
from tests.integration.exchange.over_https import post
from tests.integration.exchange.wire import Wire
from tests.unit.exchange.saying import an_event

SOON_SECONDS = 10


@pytest.fixture
async def http(exchange: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(exchange) as client:
        yield client


async def ask(http: httpx.AsyncClient, party: str = "polisen", **query: Any) -> httpx.Response:
    return await http.get("/inbox", params=query, headers=as_party(party))


async def page(http: httpx.AsyncClient, party: str = "polisen", **query: Any) -> dict[str, Any]:
    answer = await ask(http, party, **query)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def at_the_end(http: httpx.AsyncClient, party: str = "polisen") -> int:
    """The cursor of what is told next, once nothing has come for a while."""
    shown = await page(http, party, limit=500)
    cursor: int = shown["next"]
    while (shown := await page(http, party, cursor=cursor, limit=500, wait=1))["events"]:
        cursor = shown["next"]
    return cursor


async def test_what_is_told_comes_as_events_with_the_cursor_of_what_follows(
    http: httpx.AsyncClient, wire: Wire
) -> None:
    cursor, event = await at_the_end(http), an_event("PoliceCancelled")
    await post(http, event)

    shown = await page(http, cursor=cursor, wait=SOON_SECONDS)

    (told,) = shown["events"]
    assert (told["offset"], shown["next"]) == (cursor, cursor + 1)
    assert told["event"]["type"] == "se.samsyn.EventAdmitted.v1"
    assert told["event"]["data"]["admitted_id"] == event.envelope.id
    assert told["event"]["specversion"] == "1.0"


async def test_what_is_told_is_what_stands_on_the_partys_topic(http: httpx.AsyncClient, wire: Wire) -> None:
    await post(http, an_event("PoliceCancelled"))
    end = await at_the_end(http)

    shown = (await page(http, limit=500))["events"]
    records = await wire.heard(to_topic("polisen"), lambda r: len(r) >= end)

    read = [event_of(*record_of(httpx.Response(200, json=one["event"]).text)) for one in shown]
    assert [one["offset"] for one in shown] == list(range(min(end, 500)))
    assert read == [record.event for record in records[: len(read)]]


async def test_a_page_holds_no_more_than_was_asked_for(http: httpx.AsyncClient) -> None:
    for _ in range(3):
        await post(http, an_event("PoliceCancelled"))
    await at_the_end(http)

    first = await page(http, limit=2)
    second = await page(http, cursor=first["next"], limit=1)

    assert [len(shown["events"]) for shown in (first, second)] == [2, 1]
    assert (first["next"], second["events"][0]["offset"]) == (2, 2)


async def test_who_waits_is_told_as_soon_as_something_comes(http: httpx.AsyncClient) -> None:
    cursor = await at_the_end(http)
    began = time.monotonic()
    waiting = asyncio.create_task(page(http, cursor=cursor, wait=60))
    await asyncio.sleep(1)

    await post(http, an_event("PoliceCancelled"))

    assert len((await waiting)["events"]) == 1
    assert 1 < time.monotonic() - began < SOON_SECONDS


async def test_who_waits_in_vain_gets_an_empty_page_with_the_same_cursor(http: httpx.AsyncClient) -> None:
    cursor = await at_the_end(http)
    began = time.monotonic()

    shown = await page(http, cursor=cursor, wait=2)

    assert shown == {"events": [], "next": cursor}
    assert 2 <= time.monotonic() - began < SOON_SECONDS


async def test_many_wait_at_once_and_each_hears_its_own(http: httpx.AsyncClient) -> None:
    parties = ["polisen", "skatteverket", "migrationsverket"]
    cursors = {party: await at_the_end(http, party) for party in parties}
    waiting = {
        party: [asyncio.create_task(page(http, party, cursor=cursors[party], wait=5)) for _ in range(10)]
        for party in parties
    }
    await asyncio.sleep(0.5)

    event = an_event("CapacityWithdrawn", "polisen")
    await post(http, event)

    pages = {party: await asyncio.gather(*waits) for party, waits in waiting.items()}
    assert [len(shown["events"]) for shown in pages["polisen"]] == [1] * 10
    assert all(shown["events"] == [] for party in parties[1:] for shown in pages[party])


async def test_a_party_reads_its_own_inbox_alone(http: httpx.AsyncClient) -> None:
    parties, event = ("polisen", "migrationsverket"), an_event("PoliceCancelled")
    cursors = [await at_the_end(http, party) for party in parties]
    await post(http, event)
    await at_the_end(http)

    without = await http.get("/inbox")
    wrong = await http.get("/inbox", headers={"Authorization": "Bearer polisen"})
    own, foreign = [(await ask(http, p, cursor=cursor)).text for p, cursor in zip(parties, cursors, strict=True)]

    assert [answer.status_code for answer in (without, wrong)] == [401, 401]
    assert f'"admitted_id":"{event.envelope.id}"' in own
    assert event.envelope.id not in foreign


@pytest.mark.parametrize(
    "query",
    [{"cursor": -1}, {"cursor": "next"}, {"limit": 0}, {"limit": 501}, {"wait": 61}, {"wait": -1}, {"cursor": 2**63}],
)
async def test_a_query_of_the_wrong_form_is_refused(http: httpx.AsyncClient, query: dict[str, Any]) -> None:
    answer = await ask(http, **query)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_query")


async def test_a_cursor_that_was_never_given_is_told(http: httpx.AsyncClient) -> None:
    answer = await ask(http, cursor=1_000_000)

    assert (answer.status_code, answer.json()["code"]) == (409, "cursor_unknown")


async def test_a_cursor_of_what_is_kept_no_longer_is_told_with_what_is(http: httpx.AsyncClient, kafka: str) -> None:
    await post(http, an_event("PoliceCancelled"))
    end = await at_the_end(http)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_records({TopicPartition(to_topic("polisen"), 0): RecordsToDelete(before_offset=end)})
    await admin.close()

    answer = await ask(http, cursor=0)

    assert (answer.status_code, answer.json()["code"], answer.json()["earliest"]) == (410, "cursor_gone", end)
    assert (await page(http)) == {"events": [], "next": end}


async def test_the_way_over_kafka_and_the_way_over_http_are_answered_in_one_inbox(
    http: httpx.AsyncClient, wire: Wire
) -> None:
    cursor, event = await at_the_end(http), an_event("PoliceCancelled")
    await wire.say(from_topic("polisen"), event)

    (told,) = (await page(http, cursor=cursor, wait=SOON_SECONDS))["events"]

    assert told["event"]["data"]["admitted_id"] == event.envelope.id


async def test_a_cursor_of_a_topic_that_was_made_anew_is_told(
    http: httpx.AsyncClient, infrastructure: Infrastructure
) -> None:
    await post(http, an_event("PoliceCancelled"))
    end = await at_the_end(http)
    (topic,) = [one for one in infrastructure.topics if one.name == to_topic("polisen")]
    await asyncio.to_thread(empty_topics, infrastructure.kafka, [topic])

    answer = await ask(http, cursor=end)

    assert (answer.status_code, answer.json()["code"], answer.json()["earliest"]) == (409, "cursor_unknown", 0)
    assert (await page(http)) == {"events": [], "next": 0}
