"""A database that is away, a poisoned internal topic and a record that can never be sent: the rest flows."""

from __future__ import annotations

import asyncio
import base64
import json
import uuid

import asyncpg
from nacl.public import PrivateKey, SealedBox
from samsyn_contracts.bus import MAX_EVENT_BYTES, PLANNING, dead_letter_topic, from_topic, headers_of, to_topic
from samsyn_contracts.platform import EventAdmitted
from samsyn_local.services import Services

from tests.integration.exchange.wire import Heard, Wire
from tests.unit.exchange.saying import CENTRE, a_service_event, an_event

DEAD = dead_letter_topic("exchange")


async def test_a_database_that_is_away_is_waited_for_and_nothing_is_set_aside(
    exchange: Services, wire: Wire, dsn: str
) -> None:
    server, _, name = dsn.rpartition("/")
    event = an_event("PoliceCancelled")
    connection = await asyncpg.connect(f"{server}/postgres")
    await connection.execute(f'alter database "{name}" allow_connections false')
    await connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    await wire.say(from_topic("polisen"), event)
    await asyncio.sleep(3)
    await connection.execute(f'alter database "{name}" allow_connections true')
    await connection.close()

    answers = await wire.answers("polisen", [event.envelope.id])
    dead = await wire.heard(DEAD, lambda _: True, quiet=0.5)

    assert [type(answer.message) for answer in answers[event.envelope.id]] == [EventAdmitted]
    assert event.envelope.id not in {record.headers["ce_id"] for record in dead}
    assert exchange.pid("exchange") is not None


async def test_poison_on_an_internal_topic_is_set_aside_sealed_and_the_next_record_of_its_key_is_handled(
    exchange: Services, wire: Wire, dead_letters: PrivateKey
) -> None:
    poison, good = a_service_event("PlanPublished"), a_service_event("PlanPublished")
    body = b'{"centre": "Kanariefagel"}'
    await wire.say_raw(PLANNING, [(headers_of(poison.envelope), body)], key=CENTRE)
    await wire.say(PLANNING, good, key=CENTRE)

    def is_heard(event_id: str, records: list[Heard]) -> bool:
        return event_id in {record.headers["ce_id"] for record in records}

    await wire.heard(to_topic("polisen"), lambda records: is_heard(good.envelope.id, records))
    dead = await wire.heard(DEAD, lambda records: is_heard(poison.envelope.id, records))
    (record,) = [one for one in dead if one.headers["ce_id"] == poison.envelope.id]
    letter = json.loads(record.value)
    original = json.loads(SealedBox(dead_letters).decrypt(base64.b64decode(letter["sealed"])))

    assert b"Kanariefagel" not in record.value
    assert base64.b64decode(original["value"]) == body
    assert letter["topic"] == PLANNING
    assert "missing_field" in letter["reason"]


async def test_a_row_that_can_never_be_sent_is_parked_with_its_key_and_the_rest_flows(
    exchange: Services, wire: Wire, dsn: str
) -> None:
    key = f"key-{uuid.uuid4().hex[:8]}"
    insert = "insert into outbox (topic, key, headers, body, created_at) values ($1, $2, '[]', $3, now())"
    topic = to_topic("migrationsverket")
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        for row_key, body in ((key, b"x" * 8 * MAX_EVENT_BYTES), (key, b"behind"), (f"{key}-b", b"beside")):
            await connection.execute(insert, topic, row_key, body)
        await connection.execute("notify samsyn_outbox")

    records = await wire.heard(topic, lambda r: any(one.key == f"{key}-b".encode() for one in r), quiet=1)

    rows = await connection.fetch("select sent_at, parked_reason from outbox where key = $1 order by id", key)
    await connection.execute("delete from outbox where key = $1", key)
    await connection.close()
    assert key.encode() not in {record.key for record in records}
    assert [row["sent_at"] for row in rows] == [None, None]
    assert [row["parked_reason"] for row in rows] == ["MessageSizeTooLargeError", None]
