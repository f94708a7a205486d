"""What a service has refused as too early is published again for that service when its sender says it again."""

from __future__ import annotations

import asyncpg
from aiokafka import TopicPartition
from samsyn_contracts.bus import ADMITTED, PLANNING, REPLAY_FOR, from_topic
from samsyn_contracts.envelope import Envelope, Event, service_source
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.rejection import RejectionCode, is_replayable, rejection
from samsyn_local.services import Services

from tests.integration.exchange.rewinding import rewind
from tests.integration.exchange.wire import Heard, Wire
from tests.unit.exchange.saying import an_event

TOPIC = from_topic("polisen")


def a_refusal(of: Event, refusal_id: str, code: RejectionCode = "unknown_id") -> Event:
    """Planning could not take an event."""
    reasons = (rejection(code, "/capacity_id"),)
    message = EventRejected(
        rejected_id=of.envelope.id,
        party=of.envelope.party,
        reasons=reasons,
        replayable=is_replayable(reasons),
        rejected_type=of.envelope.type,
    )
    told = {"id": refusal_id, "source": service_source("planning"), "type": message.type_name()}
    about = {"causationid": of.envelope.id, "subject": message.subject}
    return Event(Envelope.model_validate({**of.envelope.model_dump(), **told, **about}), message)


async def refuse(wire: Wire, of: Event, refusal_id: str, code: RejectionCode = "unknown_id") -> None:
    """Planning says so, and the sender has heard it."""
    await wire.say(PLANNING, a_refusal(of, refusal_id, code))
    await wire.heard("samsyn.to.polisen.v1", lambda heard: any(r.headers["ce_id"] == refusal_id for r in heard))


async def said_again(wire: Wire, event: Event) -> list[Heard]:
    """Say it again, twice; each time that it was published."""
    for _ in range(2):
        await wire.say(TOPIC, event)
    return await published(wire, event)


async def published(wire: Wire, event: Event) -> list[Heard]:
    """Each time that an event was published, once a later one was too."""
    last = an_event("PoliceCancelled")
    await wire.say(TOPIC, last)
    heard = await wire.heard(ADMITTED, lambda records: any(r.headers["ce_id"] == last.envelope.id for r in records))
    return [record for record in heard if record.headers["ce_id"] == event.envelope.id]


async def test_an_event_refused_as_too_early_is_published_again_for_who_refused_it_once_for_each_refusal(
    exchange: Services, wire: Wire
) -> None:
    event = an_event("PoliceCancelled")
    await wire.say(TOPIC, event)
    await wire.answers("polisen", [event.envelope.id])

    for refusal_id in ("too-early-1", "too-early-2"):
        await refuse(wire, event, refusal_id)
        first, *again = await said_again(wire, event)

    assert REPLAY_FOR not in first.headers
    assert [(r.headers[REPLAY_FOR], r.headers["ce_causationid"]) for r in again] == [
        ("planning", "too-early-1"),
        ("planning", "too-early-2"),
    ]
    assert {record.value for record in again} == {event.message.body()}


async def test_a_record_that_is_only_read_again_is_not_said_again(
    exchange: Services, wire: Wire, kafka: str, dsn: str
) -> None:
    event = an_event("PoliceCancelled")
    for _ in range(2):  # the sender had not heard the answer
        await wire.say(TOPIC, event)
    await wire.answers("polisen", [event.envelope.id])
    await refuse(wire, event, "too-early-5")
    connection = await asyncpg.connect(dsn)
    start = await connection.fetchval("select min(record_offset) from message_log where topic = $1", TOPIC)
    await connection.close()
    exchange.part("exchange").stop()
    await rewind(kafka, "samsyn-exchange-0", TopicPartition(TOPIC, 0), start)
    exchange.restart("exchange")

    assert len(await published(wire, event)) == 1
    assert len(await said_again(wire, event)) == 2


async def test_an_event_refused_for_good_is_not_published_again(exchange: Services, wire: Wire) -> None:
    event = an_event("PoliceCancelled")
    await wire.say(TOPIC, event)
    await wire.answers("polisen", [event.envelope.id])
    await refuse(wire, event, "too-early-3")
    await refuse(wire, event, "for-good-1", "already_past")

    assert len(await said_again(wire, event)) == 1


async def test_an_event_refused_for_another_party_of_the_same_id_is_not_published_again(
    exchange: Services, wire: Wire
) -> None:
    event = an_event("PoliceCancelled")
    await wire.say(TOPIC, event)
    await wire.answers("polisen", [event.envelope.id])
    other = Event(event.envelope.model_copy(update={"source": "urn:samsyn:skatteverket"}), event.message)
    await wire.say(PLANNING, a_refusal(other, "too-early-4"))
    await wire.heard("samsyn.to.skatteverket.v1", lambda heard: any(r.headers["ce_id"] == "too-early-4" for r in heard))

    assert len(await said_again(wire, event)) == 1
