"""An event has its effect once, whatever is sent again, read again or killed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from aiokafka import TopicPartition
from samsyn_chassis.relay import RELAY_LOCK
from samsyn_contracts.bus import ADMITTED, from_topic, headers_of
from samsyn_contracts.envelope import Event
from samsyn_contracts.platform import EventAdmitted, EventRejected
from samsyn_exchange.domain.chain import Entry, first_broken
from samsyn_local.services import Services

from tests.integration.exchange.rewinding import rewind
from tests.integration.exchange.wire import Heard, Wire
from tests.unit.exchange.saying import CENTRE, an_event

TOPIC = from_topic("polisen")


async def admitted(wire: Wire, *events: Event, quiet: float = 0) -> list[Heard]:
    """What was published of these events, once each is there."""
    ids = {event.envelope.id for event in events}

    def ours(records: list[Heard]) -> list[Heard]:
        return [record for record in records if record.headers["ce_id"] in ids]

    def all_there(records: list[Heard]) -> bool:
        return {record.headers["ce_id"] for record in ours(records)} == ids

    return ours(await wire.heard(ADMITTED, all_there, quiet=quiet))


@asynccontextmanager
async def relay_held(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The relay's lock in the test's hands: what is committed is not sent. The exchange must not be running."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"select pg_advisory_lock({RELAY_LOCK})")
        yield connection
    finally:
        await connection.close()


async def test_an_admitted_event_is_published_under_its_centre_with_what_the_exchange_adds(
    exchange: Services, wire: Wire
) -> None:
    event = an_event("PoliceCancelled")
    await wire.say(TOPIC, event, key="a-key-of-the-senders-own")

    (published,) = await admitted(wire, event)

    assert published.key == CENTRE.encode()
    assert published.headers["ce_receivedtime"] == "2025-05-05T06:00:00Z"
    assert published.headers["ce_correlationid"] == event.envelope.id
    assert abs(time.time() - int(published.headers["committed_ms"]) / 1000) < 60
    assert published.value == event.message.body()


async def test_an_event_sent_twice_is_answered_twice_and_published_once(exchange: Services, wire: Wire) -> None:
    event, last = an_event("PoliceCancelled"), an_event("PoliceCancelled")
    await wire.say(TOPIC, event)
    await admitted(wire, event)
    for one in (event, event, last):
        await wire.say(TOPIC, one)

    answers = await wire.answers("polisen", [last.envelope.id])

    assert len(await admitted(wire, event, last)) == 2
    assert {(answer.envelope.id, answer.message.body()) for answer in answers[event.envelope.id]} == {
        (answers[event.envelope.id][0].envelope.id, answers[event.envelope.id][0].message.body())
    }
    assert [type(answer.message) for answer in answers[event.envelope.id]] == [EventAdmitted] * 3


async def test_an_id_reused_for_another_body_is_refused_and_the_first_event_stands(
    exchange: Services, wire: Wire
) -> None:
    event = an_event("PoliceCancelled")
    other = Event(event.envelope, an_event("PoliceCancelled", cause_code="order").message)
    records = [(headers_of(one.envelope), one.message.body()) for one in (event, other, event)]
    await wire.say_raw(TOPIC, records)
    await wire.say_raw(TOPIC, records)
    last = an_event("PoliceCancelled")
    await wire.say(TOPIC, last)

    answers = await wire.answers("polisen", [last.envelope.id])

    told = [type(answer.message) for answer in answers[event.envelope.id]]
    assert told == [EventAdmitted, EventRejected, EventAdmitted] * 2
    refused = answers[event.envelope.id][1].message
    assert isinstance(refused, EventRejected)
    assert [reason.code for reason in refused.reasons] == ["id_reused"]
    assert [record.value for record in await admitted(wire, event)] == [event.message.body()]


async def test_a_kill_between_commit_and_relay_loses_nothing_and_doubles_nothing(
    exchange: Services, wire: Wire, dsn: str
) -> None:
    events = [an_event("PoliceCancelled") for _ in range(20)]
    exchange.part("exchange").stop()
    async with relay_held(dsn) as connection:
        exchange.restart("exchange")
        await wire.say_raw(TOPIC, [(headers_of(event.envelope), event.message.body()) for event in events])
        await _until_unsent(connection, 2 * len(events))
        exchange.kill("exchange")
    exchange.restart("exchange")

    published = await admitted(wire, *events, quiet=1)
    answers = await wire.answers("polisen", [event.envelope.id for event in events])

    assert [record.headers["ce_id"] for record in published] == [event.envelope.id for event in events]
    # Killed before it had noted how far it had read, it reads again, and answers again under the same ids.
    assert [len({answer.envelope.id for answer in answers[event.envelope.id]}) for event in events] == [1] * len(events)


async def test_a_topic_read_again_from_the_start_has_no_second_effect(
    exchange: Services, wire: Wire, kafka: str, dsn: str
) -> None:
    event, last = an_event("PoliceCancelled"), an_event("PoliceCancelled")
    await wire.say(TOPIC, event)
    first = (await wire.answers("polisen", [event.envelope.id]))[event.envelope.id]
    connection = await asyncpg.connect(dsn)
    num_before = await connection.fetchval("select count(*) from message_log")
    start = await connection.fetchval("select min(record_offset) from message_log where topic = $1", TOPIC)
    exchange.part("exchange").stop()
    await rewind(kafka, "samsyn-exchange-0", TopicPartition(TOPIC, 0), start)
    exchange.restart("exchange")
    await wire.say(TOPIC, last)

    answers = await wire.answers("polisen", [last.envelope.id])

    num_after = await connection.fetchval("select count(*) from message_log where id <> $1", last.envelope.id)
    await connection.close()
    again = answers[event.envelope.id]
    assert len(again) == 2
    assert {(one.envelope.id, one.message.body()) for one in again} == {(first[0].envelope.id, first[0].message.body())}
    assert num_after == num_before
    assert len(await admitted(wire, event, last)) == 2


async def test_the_message_log_is_a_whole_chain(exchange: Services, wire: Wire, dsn: str) -> None:
    event = an_event("PoliceCancelled")
    await wire.say(TOPIC, event)
    await admitted(wire, event)
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "select number, headers, body, hash from message_log where centre = $1 order by number", CENTRE
    )
    await connection.close()

    assert rows
    assert first_broken(Entry(**dict(row)) for row in rows) is None


async def _until_unsent(connection: asyncpg.Connection, num: int) -> None:
    for _ in range(600):
        if await connection.fetchval("select count(*) from outbox where sent_at is null") >= num:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"fewer than {num} rows wait in the outbox")
