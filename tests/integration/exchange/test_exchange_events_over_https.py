"""Events said over HTTP: admitted and answered at once, by the same rules as on Kafka, each with its effect once."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from samsyn_contracts.bus import ADMITTED, from_topic, headers_of
from samsyn_contracts.envelope import Event
from samsyn_exchange.tokens import token_for
from samsyn_local.services import Services

from tests.integration.exchange.asking import a_client, as_party, everything_in
from tests.integration.exchange.conftest import SECRET
from tests.integration.exchange.over_https import (
    EVENTS,
    VALIDATE,
    post,
    post_batch,
    post_binary,
    structured_of,
    told,
)
from tests.integration.exchange.wire import Wire
from tests.unit.exchange.saying import CENTRE, an_event


@pytest.fixture
async def http(exchange: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(exchange) as client:
        yield client


def a_loss(**changed: Any) -> Event:
    return an_event("PoliceCancelled", **changed)


async def test_an_event_is_admitted_at_once_and_published(http: httpx.AsyncClient, wire: Wire) -> None:
    event = a_loss()

    answer = await post(http, event)

    assert told(answer) == (201, "admitted", [])
    assert answer.json()["id"] == event.envelope.id
    records = await wire.heard(ADMITTED, lambda r: event.envelope.id in {one.headers["ce_id"] for one in r})
    (record,) = [one for one in records if one.headers["ce_id"] == event.envelope.id]
    assert (record.key, record.event.message) == (CENTRE.encode(), event.message)
    assert answer.json()["received_at"] == record.headers["ce_receivedtime"]


async def test_the_same_event_again_changes_nothing_whatever_form_or_way_it_takes(
    http: httpx.AsyncClient, wire: Wire
) -> None:
    event = a_loss()
    first = await post(http, event)

    again = await post(http, event)
    in_binary = await post_binary(http, headers_of(event.envelope), event.message.body())
    await wire.say(from_topic("polisen"), event)
    answers = await wire.answers("polisen", [event.envelope.id])

    assert told(again) == told(in_binary) == (200, "repeated", [])
    assert again.json()["received_at"] == first.json()["received_at"]
    assert len({one.envelope.id for one in answers[event.envelope.id]}) == 1
    records = await wire.heard(ADMITTED, lambda r: event.envelope.id in {one.headers["ce_id"] for one in r}, quiet=0.5)
    assert sum(one.headers["ce_id"] == event.envelope.id for one in records) == 1


async def test_an_id_used_for_another_body_is_a_conflict(http: httpx.AsyncClient) -> None:
    event, other = a_loss(), a_loss(cause_code="fire")
    await post(http, event)

    reused = structured_of(other, id=event.envelope.id)

    assert told(await post(http, reused)) == (409, "rejected", [("id_reused", "/id")])


async def test_each_event_of_a_batch_is_answered_in_its_order(http: httpx.AsyncClient) -> None:
    good, bad, mute = a_loss(), a_loss(), "17"
    broken = structured_of(bad).replace('"cause_code"', '"no_cause"')

    answer = await post_batch(http, [good, broken, mute, good, structured_of(a_loss(), centre="akc-ingenstans")])

    assert answer.status_code == 200
    shown = answer.json()["answers"]
    assert [(one["status"], one["http_status"]) for one in shown] == [
        ("admitted", 201),
        ("rejected", 422),
        ("rejected", 422),
        ("repeated", 200),
        ("rejected", 422),
    ]
    assert [[reason["pointer"] for reason in one["reasons"]] for one in shown] == [
        [],
        ["/data/cause_code"],
        [""],
        [],
        ["/centre"],
    ]
    assert shown[1]["id"] == bad.envelope.id


BAD: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "another party's source": ({"source": "urn:samsyn:skatteverket"}, 403, "foreign_source", "source"),
    "another environment": ({"environment": "prod"}, 403, "wrong_environment", "environment"),
    "a type for others": ({"type": "se.samsyn.PlanPublished.v1"}, 403, "not_allowed", "type"),
    "an unknown type": ({"type": "se.samsyn.PoliceVanished.v1"}, 422, "unknown_type", "type"),
    "an unknown centre": ({"centre": "akc-ingenstans"}, 422, "unknown_centre", "centre"),
    "no time": ({"time": None}, 422, "header_missing", "time"),
    "a line feed": ({"agencyref": "a\nb"}, 422, "header_invalid", "agencyref"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_what_is_wrong_with_an_attribute_is_told_where_it_was_sent(kind: str, http: httpx.AsyncClient) -> None:
    changed, status, code, name = BAD[kind]
    event = a_loss()

    in_structured = await post(http, structured_of(event, **changed))
    headers = dict(headers_of(event.envelope)) | {f"ce_{key}": str(value).encode() for key, value in changed.items()}
    in_binary = await post_binary(
        http, [(key, value) for key, value in headers.items() if value != b"None"], event.message.body()
    )

    assert told(in_structured) == (status, "rejected", [(code, f"/{name}")])
    assert told(in_binary) == (status, "rejected", [(code, f"/headers/ce-{name}")])


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ('{"capacity_id": "skatteverket:t1", "cause_code": "fire"}', 403, "not_owner", "/capacity_id"),
        ('{"capacity_id": 7, "cause_code": "fire"}', 422, "invalid_field", "/capacity_id"),
        ('{"capacity_id": "polisen:p1", "cause_code": null}', 422, "null_not_allowed", "/cause_code"),
        ('{"capacity_id": "polisen:p1", "capacity_id": "polisen:p2"}', 422, "not_json", ""),
        ('{"capacity_id": NaN}', 422, "not_json", ""),
        ("[]", 422, "not_json", ""),
        ('{"a":' * 100 + "1" + "}" * 100, 422, "too_deep", "/a" * 33),
        ('{"a": "' + "x" * 300_000 + '"}', 413, "too_large", ""),
    ],
    ids=["not its own", "a number", "null", "twice", "NaN", "a list", "deep", "large"],
)
async def test_what_is_wrong_with_the_facts_is_told_where_it_was_sent(
    http: httpx.AsyncClient, body: str, status: int, code: str, pointer: str
) -> None:
    event = a_loss()
    text = structured_of(event, data="HERE").replace('"HERE"', body)

    in_structured, in_binary = (
        await post(http, text),
        await post_binary(http, headers_of(event.envelope), body.encode()),
    )

    of_the_whole = "" if code == "too_large" else f"/data{pointer}"
    assert told(in_structured) == (status, "rejected", [(code, of_the_whole)])
    assert told(in_binary) == (status, "rejected", [(code, pointer)])


async def test_a_refused_event_may_be_mended_and_said_again_under_its_id(http: httpx.AsyncClient) -> None:
    event = a_loss()
    refused = await post(http, structured_of(event, data={"capacity_id": "polisen:p1"}))

    assert (refused.json()["status"], (await post(http, event)).json()["status"]) == ("rejected", "admitted")


@pytest.mark.parametrize("path", [EVENTS, VALIDATE])
async def test_who_is_not_known_and_what_has_no_form_is_refused(http: httpx.AsyncClient, path: str) -> None:
    text = structured_of(a_loss())
    right = {"Content-Type": "application/cloudevents+json"}

    without = await http.post(path, content=text, headers=right)
    wrong = await http.post(path, content=text, headers=right | {"Authorization": f"Bearer {'0' * 64}"})
    form = await http.post(path, content=text, headers=as_party("polisen") | {"Content-Type": "text/plain"})

    assert [answer.status_code for answer in (without, wrong, form)] == [401, 401, 415]
    assert "application/cloudevents-batch+json" in form.json()["text_en"]
    assert {"code", "text_sv", "text_en", "retry"} == form.json().keys()


async def test_too_much_at_once_is_refused_as_a_whole(http: httpx.AsyncClient) -> None:
    many = await post_batch(http, ["{}"] * 101)
    large = await post(http, '{"data": "' + "x" * 1024 * 1024 + '"}')
    odd = await post_batch(http, ["{"])

    assert [(answer.status_code, answer.json()["code"]) for answer in (many, large, odd)] == [
        (413, "too_many"),
        (413, "too_large"),
        (422, "not_json"),
    ]


async def test_a_party_speaks_for_itself_alone(http: httpx.AsyncClient, dsn: str) -> None:
    event = an_event("InspectionProposed", "skatteverket")

    by_another = await post(http, event, party="arbetsmiljoverket")

    assert told(by_another) == (403, "rejected", [("foreign_source", "/source")])
    assert await logged(dsn, event) == []


async def test_what_came_over_http_stands_in_the_log_with_its_headers(http: httpx.AsyncClient, dsn: str) -> None:
    event = a_loss()
    text = structured_of(event, agencyref="dnr 2025-17")

    await post(http, text)

    ((topic, partition, offset, headers, body),) = await logged(dsn, event)
    assert (topic, partition, offset) == ("https", 0, -1)
    assert dict(json.loads(headers))["ce_agencyref"] == "dnr 2025-17"
    assert body == event.message.body()


async def logged(dsn: str, event: Event) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "select topic, partition, record_offset, headers, body from message_log where id = $1", event.envelope.id
    )
    await connection.close()
    return [tuple(row) for row in rows]


async def until_all_is_sent(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    for _ in range(2400):
        num_waiting = await connection.fetchval("select count(*) from outbox where sent_at is null")
        if not num_waiting:
            break
        await asyncio.sleep(0.05)
    await connection.close()
    assert not num_waiting


async def test_what_is_only_judged_leaves_no_trace_at_all(http: httpx.AsyncClient, dsn: str) -> None:
    known, new = a_loss(), a_loss()
    await post(http, known)
    other = structured_of(a_loss(cause_code="fire"), id=known.envelope.id)
    await until_all_is_sent(dsn)
    before = await everything_in(dsn)

    answers = [await post(http, one, path=VALIDATE) for one in (new, known, other)]
    bad = await post(http, structured_of(new, data={}), path=VALIDATE)
    twice = await post_batch(http, [new, new], path=VALIDATE)

    assert [told(answer)[:2] for answer in answers] == [(201, "admitted"), (200, "repeated"), (409, "rejected")]
    assert bad.json()["reasons"][0]["pointer"] == "/data/capacity_id"
    assert [one["status"] for one in twice.json()["answers"]] == ["admitted", "repeated"]
    assert await everything_in(dsn) == before
    assert (await post(http, new)).status_code == 201


async def test_an_event_belongs_to_the_trace_of_its_request_unless_it_has_its_own(
    http: httpx.AsyncClient, wire: Wire
) -> None:
    traces = [uuid.uuid4().hex, uuid.uuid4().hex]
    request = {"Content-Type": "application/cloudevents+json", "traceparent": f"00-{traces[0]}-{'1' * 16}-01"}
    bare, own = a_loss(), a_loss()

    for text in (structured_of(bare), structured_of(own, traceparent=f"00-{traces[1]}-{'1' * 16}-01")):
        await http.post(EVENTS, content=text, headers=request | as_party("polisen"))

    wanted = {bare.envelope.id, own.envelope.id}
    records = await wire.heard(ADMITTED, lambda r: wanted <= {one.headers["ce_id"] for one in r})
    found = {one.headers["ce_id"]: one.headers["traceparent"].split("-")[1] for one in records}
    assert [found[bare.envelope.id], found[own.envelope.id]] == traces


async def test_a_database_that_is_away_loses_nothing(exchange: Services, http: httpx.AsyncClient, dsn: str) -> None:
    server, _, name = dsn.rpartition("/")
    event = a_loss()
    connection = await asyncpg.connect(f"{server}/postgres")
    await connection.execute(f'alter database "{name}" allow_connections false')
    await connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    answers = [await post(http, event, path=path) for path in (EVENTS, VALIDATE)]
    await connection.execute(f'alter database "{name}" allow_connections true')
    await connection.close()

    assert [(one.status_code, one.json()["code"], one.json()["retry"]) for one in answers] == [
        (503, "away", "soon")
    ] * 2
    assert int(answers[0].headers["retry-after"]) > 0
    assert (await post(http, event)).status_code in (200, 201)


TRAP = """
create function trap() returns trigger language plpgsql as
$$ begin if new.id = '{id}' then raise exception 'Kanariefagel'; end if; return new; end $$;
create trigger trap before insert on message_log for each row execute function trap();
"""


async def test_an_event_that_meets_a_fault_holds_no_other_up(
    exchange: Services, http: httpx.AsyncClient, dsn: str
) -> None:
    before, guilty, after = a_loss(), a_loss(), a_loss()
    connection = await asyncpg.connect(dsn)
    await connection.execute(TRAP.format(id=guilty.envelope.id))

    answers = (await post_batch(http, [before, guilty, after])).json()["answers"]
    alone = await post(http, guilty)
    await connection.execute("drop function trap cascade")
    await connection.close()

    assert [one["status"] for one in answers] == ["admitted", "unsettled", "admitted"]
    assert (alone.status_code, answers[1]["retry"], told(alone)[2]) == (500, True, [("fault", "")])
    assert "Kanariefagel" not in exchange.part("exchange").log.read_text(encoding="utf-8")
    assert (await post(http, guilty)).status_code == 201


async def test_no_token_stands_in_the_log(exchange: Services, http: httpx.AsyncClient) -> None:
    await post(http, a_loss())

    shown = exchange.part("exchange").log.read_text(encoding="utf-8")
    assert token_for(SECRET, "polisen") not in shown
