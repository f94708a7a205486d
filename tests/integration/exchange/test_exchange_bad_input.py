"""Whatever a party writes is answered, and the next good event on the same topic is admitted."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from nacl.public import PrivateKey
from samsyn_chassis.database import Database
from samsyn_chassis.dead_letters import unsealed
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import Headers, from_topic
from samsyn_contracts.platform import EventAdmitted, EventRejected
from samsyn_exchange.refused import all_refused, one_refused
from samsyn_local.services import Services

from tests.integration.exchange.wire import Wire
from tests.unit.exchange.saying import an_event, facts, some_headers

CANCELLED = json.dumps(facts("PoliceCancelled")).encode()
BAD: dict[str, tuple[dict[str, Any], bytes | None, str]] = {
    "wrong_schema": ({}, b'{"capacity_id": 7}', "invalid_field"),
    "missing_field": ({}, b'{"capacity_id": "polisen:p1"}', "missing_field"),
    "foreign_source": ({"ce_source": b"urn:samsyn:skatteverket"}, CANCELLED, "foreign_source"),
    "another_partys_capacity": ({}, CANCELLED.replace(b"polisen:p1", b"skatteverket:t1"), "not_owner"),
    "unknown_type": ({"ce_type": b"se.samsyn.PoliceVanished.v1"}, CANCELLED, "unknown_type"),
    "another_version": ({"ce_type": b"se.samsyn.PoliceCancelled.v2"}, CANCELLED, "unknown_type"),
    "not_allowed": ({"ce_type": b"se.samsyn.PlanPublished.v1"}, CANCELLED, "not_allowed"),
    "unknown_centre": ({"ce_centre": b"akc-ingenstans"}, CANCELLED, "unknown_centre"),
    "wrong_environment": ({"ce_environment": b"prod"}, CANCELLED, "wrong_environment"),
    "header_not_utf8": ({"ce_agencyref": b"\xff\xfe"}, CANCELLED, "header_not_utf8"),
    "header_with_nul": ({"ce_agencyref": b"a\x00b"}, CANCELLED, "header_invalid"),
    "header_missing": ({"ce_time": None}, CANCELLED, "header_missing"),
    "two_megabytes": ({}, b'{"a": "' + b"x" * 2_000_000 + b'"}', "too_large"),
    "garbage": ({}, b"\x00\xff\x17garbage", "not_json"),
    "tombstone": ({}, None, "not_json"),
    "deeply_nested": ({}, b'{"a":' * 100 + b"1" + b"}" * 100, "too_deep"),
    "endlessly_nested": ({}, b"[" * 100_000, "too_deep"),
    "duplicate_key": ({}, b'{"capacity_id": "polisen:p1", "capacity_id": "polisen:p2"}', "not_json"),
    "not_a_number": ({}, b'{"capacity_id": NaN}', "not_json"),
    "null": ({}, CANCELLED.replace(b"}", b', "disturbance_id": null}'), "null_not_allowed"),
    "ten_thousand_headers": ({f"ce_x{n}": b"" for n in range(10_000)}, CANCELLED, "header_invalid"),
    "year_10000": ({"ce_time": b"9999-12-31T23:59:59-23:59"}, CANCELLED, "header_invalid"),
}


def _bad_record(kind: str, event_id: str) -> tuple[Headers, bytes | None]:
    headers, body, _ = BAD[kind]
    return some_headers(**{"ce_id": event_id.encode(), **headers}), body


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_event_is_answered_and_the_next_one_is_admitted(kind: str, exchange: Services, wire: Wire) -> None:
    good = an_event("PoliceCancelled")
    bad_id = f"{kind}-{uuid.uuid4().hex[:8]}"
    await wire.say_raw(from_topic("polisen"), [_bad_record(kind, bad_id)])
    await wire.say(from_topic("polisen"), good)

    answers = await wire.answers("polisen", [bad_id, good.envelope.id])

    (refused,) = [answer.message for answer in answers[bad_id]]
    assert isinstance(refused, EventRejected)
    assert {reason.code for reason in refused.reasons} >= {BAD[kind][2]}
    assert isinstance(answers[good.envelope.id][0].message, EventAdmitted)


async def test_a_record_without_a_readable_id_is_answered_by_its_place(exchange: Services, wire: Wire) -> None:
    topic = from_topic("migrationsverket")
    offsets = await wire.say_raw(topic, [([], b"garbage"), ([("ce_id", b"\xff")], b"garbage")])
    places = [f"{topic}/0/{offset}" for offset in offsets]

    answers = await wire.answers("migrationsverket", places)

    assert {event.envelope.centre for place in places for event in answers[place]} == {"_all"}


async def test_no_answer_holds_anything_of_the_contents(exchange: Services, wire: Wire) -> None:
    bad_id = f"secret-in-body-{uuid.uuid4().hex[:8]}"
    bad = some_headers(ce_id=bad_id.encode())
    await wire.say_raw(from_topic("polisen"), [(bad, b'{"capacity_id": "Kanariefagel", "cause_code": "Kanariefagel"}')])

    answers = await wire.answers("polisen", [bad_id])

    assert b"Kanariefagel" not in answers[bad_id][0].message.body()
    assert "Kanariefagel" not in exchange.part("exchange").log.read_text()


async def test_a_list_of_what_was_refused_holds_no_original(
    exchange: Services, wire: Wire, dsn: str, dead_letters: PrivateKey
) -> None:
    bad_id = f"listed-{uuid.uuid4().hex[:8]}"
    (offset,) = await wire.say_raw(from_topic("polisen"), [(some_headers(ce_id=bad_id.encode()), b"garbage")])
    await wire.answers("polisen", [bad_id])

    database = Database(Settings(kafka="127.0.0.1:1", database=dsn, http_port=1, environment="test").async_database)
    async with database.transaction() as transaction:
        (listed,) = [row for row in await all_refused(transaction) if row.rejected_id == bad_id]
        whole = await one_refused(transaction, listed.number or 0)
    await database.close()

    assert whole is not None
    assert whole.sealed is not None
    original = unsealed(whole.sealed, bytes(dead_letters).hex(), (whole.topic, whole.partition, whole.record_offset))
    assert (original.offset, original.value) == (offset, b"garbage")
    assert listed.model_dump() == {**whole.model_dump(), "sealed": b""}
