"""The demo's agencies with their adapters on a real Kafka, over real HTTP, driven by simulated time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from samsyn_contracts.capacity import CapacityOffered, DisturbanceReported, PoliceCancelled
from samsyn_contracts.findings import FindingShared
from samsyn_contracts.inspections import InspectionProposed
from samsyn_contracts.message import Slot
from samsyn_contracts.operations import ParticipationAccepted, ParticipationRequested, PoliceCommitted, PoliceRequested
from samsyn_demo.agencies.behaviour import answer_to
from samsyn_demo.agencies.hosting import Agencies

from tests.support.agency_worlds import HOUR, MONDAY, TUESDAY, a_loss, a_shift, a_site, a_sole_traders_site, a_world
from tests.support.answering_exchange import AnsweringExchange, until

START_AT = MONDAY + timedelta(days=7)
WORLD = a_world(
    shifts=(a_shift("t1"), a_shift("t1", "kommun-goteborg"), a_shift("t1", "skatteverket")),
    sites=(a_site("obj-1"), a_sole_traders_site("obj-2"), a_sole_traders_site("obj-3", "skatteverket")),
)


@pytest.fixture
async def agencies(kafka: str, exchange: AnsweringExchange, tmp_path: Path) -> AsyncIterator[Agencies]:
    hosted = Agencies([WORLD], (a_loss("p1"),), kafka, exchange.url, lambda party: f"token-{party}", tmp_path)
    await hosted.start()
    yield hosted
    await hosted.stop()


def a_request(kind: type[ParticipationRequested] | type[PoliceRequested], agency: str, capacity_id: str) -> object:
    operation_id = next(f"op:{n}" for n in range(10_000) if answer_to(1, f"op:{n}", capacity_id).kind == "yes")
    slot = Slot(session_id="polisen:p1", start_at=START_AT, end_at=START_AT + 6 * HOUR)
    facts = {"operation_id": operation_id, "code_name": "Björk", "agency": agency, "capacity_id": capacity_id}
    return kind.model_validate(
        facts | {"slot": slot, "inspections": (), "reply_by": START_AT, "plan_version": 1, "officers": 2}
    )


def a_finding_shared_with(agency: str, ref: str) -> FindingShared:
    return FindingShared(
        finding_id="migrationsverket:f1",
        operation_id="op:1",
        inspection_id="migrationsverket:obj-1",
        sender="migrationsverket",
        receiver=agency,
        rule_id="b01",
        purpose="follow-up",
        category="food_safety",
        payload_ref=ref,
    )


async def test_nothing_is_said_before_time_begins(agencies: Agencies, exchange: AnsweringExchange) -> None:
    assert agencies.is_idle()
    assert agencies.next_due_at() == MONDAY
    assert not exchange.said


async def test_everything_decided_is_said_and_answered_before_the_agencies_are_idle(
    agencies: Agencies, exchange: AnsweringExchange
) -> None:
    agencies.advance(MONDAY)
    assert not agencies.is_idle()
    await until(agencies.is_idle)
    kinds = [type(event.message) for event in exchange.said]
    assert (kinds.count(CapacityOffered), kinds.count(InspectionProposed)) == (5, 3)
    assert {party: offset for party, offset in agencies.heard_offsets().items() if party in exchange.num_told} == {
        party: offset for party, offset in exchange.num_told.items() if party in agencies.heard_offsets()
    }


async def test_sole_traders_identities_are_in_the_store_and_in_no_event(
    agencies: Agencies, exchange: AnsweringExchange
) -> None:
    agencies.advance(MONDAY)
    await until(agencies.is_idle)
    bodies = [event.message.body() for event in exchange.said]
    assert not any(b"401399" in body for body in bodies)
    assert sum(b"401399" in contents for contents in exchange.contents.values()) == 2
    assert {"Bearer token-arbetsmiljoverket", "Bearer token-skatteverket"} <= exchange.tokens


async def test_a_loss_is_said_by_webhook_at_its_time(agencies: Agencies, exchange: AnsweringExchange) -> None:
    agencies.advance(MONDAY)
    await until(agencies.is_idle)
    agencies.advance(TUESDAY + HOUR)
    await until(agencies.is_idle, seconds=5)  # well before the adapter would look by itself
    cancelled = [event for event in exchange.said if isinstance(event.message, PoliceCancelled)]
    assert [event.message.subject for event in cancelled] == ["polisen:p1"]
    assert cancelled[0].envelope.time == TUESDAY + timedelta(minutes=30)


async def test_the_municipality_speaks_in_its_role(agencies: Agencies, exchange: AnsweringExchange) -> None:
    agencies.advance(MONDAY + 2 * HOUR)
    await until(agencies.is_idle)
    roles = {event.envelope.actorrole for event in exchange.said_by("kommun-goteborg")}
    assert roles == {"miljoforvaltningen"}


@pytest.mark.parametrize(
    ("party", "capacity_id"),
    [
        ("arbetsmiljoverket", "arbetsmiljoverket:t1"),
        ("skatteverket", "skatteverket:t1"),
        ("kommun-goteborg/miljoforvaltningen", "kommun-goteborg:mf-t1"),
    ],
    ids=["over REST", "by files", "over HTTPS"],
)
async def test_an_agency_that_is_asked_answers_in_its_own_time(
    agencies: Agencies, exchange: AnsweringExchange, party: str, capacity_id: str
) -> None:
    agency = party.partition("/")[0]
    agencies.advance(MONDAY)
    await until(agencies.is_idle)
    request = a_request(ParticipationRequested, agency, capacity_id)
    assert isinstance(request, ParticipationRequested)
    told = await exchange.tell(agency, request)
    await until(lambda: agencies.is_idle() and bool(agencies.offices[party].questions))
    agencies.advance(MONDAY + 48 * HOUR)
    await until(agencies.is_idle)
    (answer,) = [event for event in exchange.said if isinstance(event.message, ParticipationAccepted)]
    assert (answer.envelope.causationid, answer.message.subject) == (told, request.operation_id)


@pytest.mark.parametrize("agency", ["arbetsmiljoverket", "skatteverket", "kommun-goteborg"])
async def test_a_finding_shared_with_an_agency_reaches_its_own_system_and_is_acknowledged(
    agencies: Agencies, exchange: AnsweringExchange, agency: str
) -> None:
    ref = "contents:migrationsverket:00000000-0000-4000-8000-000000000001"
    exchange.contents[ref] = b'{"severity": "high"}'
    await exchange.tell(agency, a_finding_shared_with(agency, ref))
    office = next(office for office in agencies.offices.values() if office.agency == agency)
    await until(lambda: agencies.is_idle() and bool(office.received))
    assert "high" in office.received["migrationsverket:f1"].content
    assert exchange.acknowledged == [ref]


async def test_what_the_police_publish_is_said_when_its_time_has_come(
    agencies: Agencies, exchange: AnsweringExchange
) -> None:
    agencies.advance(MONDAY + 48 * HOUR)
    await until(agencies.is_idle)
    reported = [e for e in exchange.said_by("handelser-publika") if isinstance(e.message, DisturbanceReported)]
    assert reported
    assert not any(event.message.verified for event in reported if isinstance(event.message, DisturbanceReported))
    assert max(event.envelope.time for event in reported) <= MONDAY + 48 * HOUR


async def test_agencies_of_two_centres_say_each_thing_about_its_own(
    kafka: str, exchange: AnsweringExchange, tmp_path: Path
) -> None:
    worlds = [
        a_world(shifts=(a_shift("t1"),), sites=()),
        a_world(centre="akc-stockholm", passes=(), shifts=(a_shift("s-t1"),), sites=()),
    ]
    hosted = Agencies(worlds, (), kafka, exchange.url, lambda party: f"token-{party}", tmp_path)
    await hosted.start()
    try:
        hosted.advance(MONDAY)
        await until(hosted.is_idle)
    finally:
        await hosted.stop()
    offered = [e for e in exchange.said_by("arbetsmiljoverket") if isinstance(e.message, CapacityOffered)]
    assert {event.message.subject: event.envelope.centre for event in offered} == {
        "arbetsmiljoverket:t1": "akc-vast",
        "arbetsmiljoverket:s-t1": "akc-stockholm",
    }


async def test_the_police_commit_a_session_they_are_asked_for(agencies: Agencies, exchange: AnsweringExchange) -> None:
    agencies.advance(MONDAY)
    await until(agencies.is_idle)
    request = a_request(PoliceRequested, "polisen", "polisen:p2")
    assert isinstance(request, PoliceRequested)
    await exchange.tell("polisen", request)
    await until(lambda: bool(agencies.police.requests) and agencies.is_idle())
    agencies.advance(MONDAY + 48 * HOUR)
    await until(agencies.is_idle)
    (answer,) = [event for event in exchange.said if isinstance(event.message, PoliceCommitted)]
    assert answer.message.subject == request.operation_id
