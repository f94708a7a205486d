"""What Kafka's client cannot read, or reads only with a library more, is answered too and stops nobody."""

from __future__ import annotations

import re

import httpx
import pytest
from samsyn_contracts.bus import ADMITTED, MAX_EVENT_BYTES, PLANNING, Headers, from_topic, headers_of, to_topic
from samsyn_contracts.envelope import Event
from samsyn_contracts.platform import EventAdmitted, EventRejected
from samsyn_local.services import Services

from tests.integration.chassis.odd_batches import ODD_KEY, none_left, say_in_one_batch
from tests.integration.exchange.wire import Heard, Wire
from tests.unit.exchange.saying import CENTRE, a_service_event, an_event

__all__ = ["none_left"]
pytestmark = pytest.mark.usefixtures("none_left")
TOPIC = from_topic("polisen")
UNREADABLE = re.compile(rf'samsyn_records_unreadable_total.*topic="{PLANNING}"')
ODD: tuple[Headers, bytes] = ([(ODD_KEY, b"x")], b"{}")


def said(event: Event) -> tuple[Headers, bytes]:
    return headers_of(event.envelope), event.message.body()


def heard_by(records: list[Heard], event: Event) -> int:
    return [record.headers["ce_id"] for record in records].count(event.envelope.id)


async def test_a_header_key_that_is_not_utf8_is_answered_and_the_next_event_of_that_party_is_admitted(
    exchange: Services, wire: Wire, kafka: str
) -> None:
    before, after = an_event("PoliceCancelled"), an_event("PoliceCancelled")
    await say_in_one_batch(kafka, TOPIC, said(before))
    (odd,) = await say_in_one_batch(kafka, TOPIC, ODD)
    await say_in_one_batch(kafka, TOPIC, said(after))
    place = f"{TOPIC}/0/{odd}"

    answers = await wire.answers("polisen", [before.envelope.id, place, after.envelope.id])

    (refused,) = [answer.message for answer in answers[place]]
    assert isinstance(refused, EventRejected)
    assert [(reason.code, reason.pointer) for reason in refused.reasons] == [("header_not_utf8", "/headers")]
    for event in (before, after):
        assert [type(answer.message) for answer in answers[event.envelope.id]] == [EventAdmitted]


async def test_what_one_producer_put_behind_an_odd_header_key_in_one_batch_is_answered_and_may_be_said_again(
    exchange: Services, wire: Wire, kafka: str
) -> None:
    first, lost = an_event("PoliceCancelled"), an_event("PoliceCancelled")
    offsets = await say_in_one_batch(kafka, TOPIC, said(first), ODD, said(lost))
    places = [f"{TOPIC}/0/{offset}" for offset in offsets[1:]]
    await wire.answers("polisen", [first.envelope.id, *places])
    await wire.say(TOPIC, lost)

    answers = await wire.answers("polisen", [lost.envelope.id])

    assert [type(answer.message) for answer in answers[lost.envelope.id]] == [EventAdmitted]


async def test_an_odd_header_key_of_one_party_costs_the_others_nothing(
    exchange: Services, wire: Wire, kafka: str
) -> None:
    others = ("skatteverket", "arbetsmiljoverket")
    events = {
        party: [an_event("InspectionProposed", party, inspection_id=f"{party}:i1") for _ in range(5)]
        for party in others
    }
    for number in range(5):
        await say_in_one_batch(kafka, TOPIC, ODD)
        for party in others:
            await say_in_one_batch(kafka, from_topic(party), said(events[party][number]))

    for party in others:
        ids = [event.envelope.id for event in events[party]]
        answers = await wire.answers(party, ids)
        assert [len(answers[id_]) for id_ in ids] == [1] * 5
    all_events = [event for party in others for event in events[party]]
    published = await wire.heard(
        ADMITTED, lambda records: all(heard_by(records, event) for event in all_events), quiet=0.5
    )
    assert [heard_by(published, event) for event in all_events] == [1] * 10


async def test_an_odd_header_key_on_an_internal_topic_is_counted_and_stops_nothing(
    exchange: Services, wire: Wire, kafka: str
) -> None:
    event = a_service_event("PlanPublished")
    for partition in range(24):
        await say_in_one_batch(kafka, PLANNING, ODD, partition=partition)
    await wire.say(PLANNING, event, key=CENTRE)

    await wire.heard(to_topic("polisen"), lambda records: heard_by(records, event) == 1)

    async with httpx.AsyncClient() as client:
        metrics = await client.get(f"http://127.0.0.1:{exchange.http_port('exchange')}/metrics")
    (counted,) = [line for line in metrics.text.splitlines() if UNREADABLE.match(line)]
    assert float(counted.split()[-1]) == 24


@pytest.mark.parametrize("compression", ["gzip", "lz4", "snappy", "zstd"])
async def test_a_compressed_event_is_admitted_and_one_that_unpacks_to_too_much_is_refused(
    compression: str, exchange: Services, wire: Wire
) -> None:
    event, large = an_event("PoliceCancelled"), an_event("PoliceCancelled")
    body = b'{"a": "' + b"x" * MAX_EVENT_BYTES + b'"}'
    await wire.say_raw(TOPIC, [said(event), (headers_of(large.envelope), body)], compression=compression)

    answers = await wire.answers("polisen", [event.envelope.id, large.envelope.id])

    assert [type(answer.message) for answer in answers[event.envelope.id]] == [EventAdmitted]
    (refused,) = [answer.message for answer in answers[large.envelope.id]]
    assert isinstance(refused, EventRejected)
    assert [reason.code for reason in refused.reasons] == ["too_large"]
