"""What each party hears on its own topic, redacted, and what the exchange notes of it."""

from __future__ import annotations

import json
import uuid

import asyncpg
from samsyn_contracts.bus import PLANNING, from_topic, to_topic
from samsyn_contracts.envelope import Event
from samsyn_local.services import Services

from tests.integration.exchange.wire import Heard, Wire
from tests.unit.exchange.saying import CENTRE, INSPECTORS, POLICE, SLOT, a_service_event, an_event

SITE_WORDS = (b"Storgatan", b"Exempelbolaget", b"402100", b"57.70887")


async def heard(wire: Wire, party: str, event: Event) -> Heard:
    """The event as it came to a party."""

    def ours(records: list[Heard]) -> list[Heard]:
        return [record for record in records if record.headers["ce_id"] == event.envelope.id]

    return ours(await wire.heard(to_topic(party), lambda records: bool(ours(records))))[0]


async def test_an_operation_is_told_to_each_participant_as_its_part_allows(exchange: Services, wire: Wire) -> None:
    event = a_service_event("OperationScheduled")
    await wire.say(PLANNING, event, key=CENTRE)

    accepted, invited = await heard(wire, "polisen", event), await heard(wire, "arbetsmiljoverket", event)
    released = await heard(wire, "migrationsverket", event)

    assert all(word in accepted.value for word in SITE_WORDS)
    assert not any(word in invited.value for word in SITE_WORDS)
    assert json.loads(invited.value)["inspections"][0]["municipality"] == "1480"
    assert json.loads(released.value)["inspections"] == []
    assert accepted.headers["ce_source"] == "urn:samsyn:service:planning"


async def test_a_lost_session_is_told_at_once_to_those_who_stand_on_it(
    exchange: Services, wire: Wire, dsn: str
) -> None:
    session = f"polisen:{uuid.uuid4().hex[:8]}"
    parts = [POLICE, {**INSPECTORS, "agency": "skatteverket", "status": "accepted"}]
    scheduled = a_service_event(
        "OperationScheduled",
        operation_id=f"op:{session}",
        slot={**SLOT, "session_id": session},
        participants=parts,
    )
    await wire.say(PLANNING, scheduled, key=CENTRE)
    await heard(wire, "skatteverket", scheduled)
    cancelled = an_event("PoliceCancelled", capacity_id=session, officers_left=0)
    await wire.say(from_topic("polisen"), cancelled)

    told = await heard(wire, "skatteverket", cancelled)

    assert json.loads(told.value) == {"capacity_id": session, "cause_code": "shooting"}
    connection = await asyncpg.connect(dsn)
    noted = await connection.fetch(
        "select receiver, view from disclosure where event_id = $1 order by receiver", cancelled.envelope.id
    )
    await connection.close()
    assert [tuple(row) for row in noted] == [(CENTRE, "internal"), ("skatteverket", "internal")]


async def test_an_inspection_is_told_to_the_other_agencies_and_not_back_to_its_sender(
    exchange: Services, wire: Wire
) -> None:
    event = an_event("InspectionProposed", "skatteverket", inspection_id=f"skatteverket:{uuid.uuid4().hex[:8]}")
    await wire.say(from_topic("skatteverket"), event)

    told = await heard(wire, "kommun-goteborg", event)
    await wire.answers("skatteverket", [event.envelope.id])
    own = await wire.heard(to_topic("skatteverket"), lambda _: True, quiet=0.5)

    assert not any(word in told.value for word in SITE_WORDS)
    assert event.envelope.id not in {record.headers["ce_id"] for record in own}


async def test_a_refusal_by_planning_reaches_the_party_it_is_about(exchange: Services, wire: Wire) -> None:
    event = a_service_event("EventRejected", rejected_id=f"e-{uuid.uuid4().hex[:8]}")
    await wire.say(PLANNING, event, key=CENTRE)

    assert (await heard(wire, "skatteverket", event)).value == event.message.body()


async def test_the_trace_of_the_sender_goes_on_in_what_others_hear(exchange: Services, wire: Wire) -> None:
    event = an_event("AutomationModeChanged", CENTRE)
    trace = uuid.uuid4().hex
    traced = Event(event.envelope.model_copy(update={"traceparent": f"00-{trace}-{'1' * 16}-01"}), event.message)
    await wire.say(from_topic(CENTRE), traced)

    told = await heard(wire, "polisen", traced)

    assert told.headers["traceparent"].split("-")[1] == trace
    assert told.headers["traceparent"] != traced.envelope.traceparent
