"""What the adapters tell their own systems."""

import pytest
from samsyn_adapter_sdk import Adapter, RetryError, Saying, Statement
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationPostponed,
    OperationScheduled,
    Participant,
    ParticipationRequested,
    PoliceRequested,
)
from samsyn_demo.agencies.police_duty_system import PoliceDutySystem

from tests.support.agency_worlds import a_world
from tests.support.heard_messages import COMMON, PLANNED, SLOT, START_AT, envelope_of
from tests.support.opened_adapters import KeptContents, an_office, police_of, work_environment_of


def a_request(agency: str, capacity_id: str) -> Message:
    asked = COMMON | {"agency": agency, "capacity_id": capacity_id, "slot": SLOT, "reply_by": START_AT}
    asked |= {"inspections": (PLANNED,), "officers": 2}
    return (PoliceRequested if agency == "polisen" else ParticipationRequested).model_validate(asked)


def scheduled(capacity_id: str) -> Message:
    agency = capacity_id.partition(":")[0]
    participant = Participant(agency=agency, capacity_id=capacity_id, status="accepted")
    return OperationScheduled(**COMMON, slot=SLOT, participants=(participant,), inspections=(PLANNED,))


def postponed() -> Message:
    return OperationPostponed(
        **COMMON,
        from_slot=SLOT,
        cause_code="police_lost",
        cause_event_ids=(),
        reasons=(),
        released=(),
        notice_minutes=9,
    )


def _said(saying: Saying) -> Statement:
    assert isinstance(saying, Statement)
    return saying


async def hear(adapter: Adapter, *messages: Message) -> None:
    for message in messages:
        await adapter.hear(message, envelope_of(message))


async def test_a_request_reaches_the_duty_systems_inbox_under_the_id_of_its_event() -> None:
    system = PoliceDutySystem([a_world()])
    async with police_of(system) as adapter:
        await hear(adapter, a_request("polisen", "polisen:p1"))
    request = system.requests["q1"]
    assert (request.insats, request.pass_id) == ("op:polisen:p1", "p1")


async def test_a_request_to_another_agency_is_not_the_polices() -> None:
    system = PoliceDutySystem([a_world()])
    async with police_of(system) as adapter:
        await hear(adapter, a_request("skatteverket", "skatteverket:t1"))
    assert not system.requests


async def test_the_police_book_the_session_of_an_operation() -> None:
    system = PoliceDutySystem([a_world()])
    async with police_of(system) as adapter:
        await hear(adapter, scheduled("skatteverket:t1"))
    booking = system.bookings["op:polisen:p1"]
    assert (booking.lage, booking.pass_ids) == ("PRELIMINAR", ("p1",))


async def test_a_postponed_operation_frees_the_session() -> None:
    system = PoliceDutySystem([a_world()])
    async with police_of(system) as adapter:
        await hear(adapter, scheduled("skatteverket:t1"), postponed())
    assert system.bookings["op:polisen:p1"].lage == "AVBOKAD"


async def test_a_request_reaches_the_case_systems_inbox() -> None:
    office = an_office("arbetsmiljoverket", a_world())
    async with work_environment_of(office, KeptContents()) as adapter:
        await hear(adapter, a_request("arbetsmiljoverket", "arbetsmiljoverket:t1"))
    assert office.questions["q1"].inspection_ids == ("skatteverket:i1",)


async def test_a_team_in_an_operation_is_booked_and_freed_again() -> None:
    office = an_office("arbetsmiljoverket", a_world())
    async with work_environment_of(office, KeptContents()) as adapter:
        await hear(adapter, scheduled("arbetsmiljoverket:t1"))
        assert office.bookings["op:polisen:p1"].shift_ids == ("t1",)
        await hear(adapter, scheduled("skatteverket:t9"))
    assert not office.bookings


async def test_the_identity_is_in_the_store_before_the_site_is_said() -> None:
    contents = KeptContents()
    async with work_environment_of(an_office("arbetsmiljoverket", a_world()), contents) as adapter:
        async for saying in adapter.said("3"):  # after two shifts and the first site: the sole trader's
            assert b"identity_ref" in _said(saying).message.body()
            assert {"name": "Frisör Ada Påhitt", "organisation_number": "401399-1234"} in contents.kept.values()
            break


async def test_a_site_whose_contents_are_refused_is_skipped() -> None:
    contents = KeptContents(status=413)
    async with work_environment_of(an_office("arbetsmiljoverket", a_world()), contents) as adapter:
        async for saying in adapter.said("3"):
            assert "413" in str(saying)
            break


async def test_a_wrong_token_is_waited_out_and_loses_no_site() -> None:
    contents = KeptContents(status=403)
    async with work_environment_of(an_office("arbetsmiljoverket", a_world()), contents) as adapter:
        with pytest.raises(RetryError, match="SAMSYN_TOKEN"):
            await anext(aiter(adapter.said("3")))
