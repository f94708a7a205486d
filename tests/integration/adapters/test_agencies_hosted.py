"""The demo's agencies with their adapters on a real Kafka, over real HTTP, driven by simulated time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from samsyn_contracts.capacity import CapacityOffered, PoliceCancelled
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
    hosted = Agencies(WORLD, (a_loss("p1"),), kafka, exchange.url, lambda party: f"token-{party}", tmp_path)
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


@pytest.mark.parametrize("agency", ["arbetsmiljoverket", "kommun-goteborg"])
async def test_an_agency_that_is_asked_answers_in_its_own_time(
    agencies: Agencies, exchange: AnsweringExchange, agency: str
) -> None:
    agencies.advance(MONDAY)
    await until(agencies.is_idle)
    request = a_request(ParticipationRequested, agency, f"{agency}:t1")
    assert isinstance(request, ParticipationRequested)
    told = await exchange.tell(agency, request)
    await until(lambda: bool(agencies.offices[agency].questions) and agencies.is_idle())
    agencies.advance(MONDAY + 48 * HOUR)
    await until(agencies.is_idle)
    (answer,) = [event for event in exchange.said if isinstance(event.message, ParticipationAccepted)]
    assert (answer.envelope.causationid, answer.message.subject) == (told, request.operation_id)


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
