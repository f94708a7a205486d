"""What the case system and the agencies without adapters say of the day, and what they hear of others' findings."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from samsyn_adapter_sdk import Adapter, Statement
from samsyn_contracts.carrying_out import InspectionCompleted, InspectionSuspended, OperationAborted, OperationStarted
from samsyn_contracts.findings import DisclosureAssessed, FindingRecorded, FindingShared, FindingWithheld
from samsyn_contracts.message import Message
from samsyn_contracts.operations import NotificationAcknowledged
from samsyn_demo.agencies.calendar_agency import CalendarAdapter
from samsyn_demo.agencies.deeds import (
    Acknowledged,
    Assessed,
    BrokenOff,
    Deed,
    FindingMade,
    GivenUp,
    InspectionDone,
    OperationBegun,
    Received,
)
from samsyn_demo.agencies.office import Office

from tests.support.agency_worlds import MONDAY, a_world
from tests.support.heard_messages import envelope_of
from tests.support.next_sayings import next_sayings
from tests.support.opened_adapters import KeptContents, work_environment_of

Opened = Callable[[Office, KeptContents], AbstractAsyncContextManager[Adapter]]
REF = "contents:skatteverket:00000000-0000-4000-8000-000000000001"
CONTENT = {"severity": "high", "text": "Påhitt."}


@asynccontextmanager
async def calendar_of(office: Office, contents: KeptContents) -> AsyncIterator[CalendarAdapter]:
    yield CalendarAdapter(office, contents.client())


AGENCIES: list[Any] = [
    pytest.param("arbetsmiljoverket", work_environment_of, "work_environment", id="case system"),
    pytest.param("migrationsverket", calendar_of, "work_environment", id="calendar"),
]
EACH = pytest.mark.parametrize(("agency", "opened", "category"), AGENCIES)


def an_office(agency: str, *deeds: Deed) -> Office:
    office = Office(agency, [a_world(shifts=(), sites=())])
    for deed in deeds:
        office.diary.write(deed, "akc-vast")
    return office


async def said(agency: str, opened: Opened, contents: KeptContents, deed: Deed) -> Message:
    async with opened(an_office(agency, deed), contents) as adapter:
        (saying,) = await next_sayings(adapter.said(None), 1)
    assert isinstance(saying, Statement), saying
    return saying.message


def expected(agency: str) -> list[tuple[Deed, Message]]:
    of_operation: dict[str, Any] = {"operation_id": "op:1", "agency": agency, "plan_version": 3}
    return [
        (
            Acknowledged("op:1", 3, "told-1"),
            NotificationAcknowledged(**of_operation, by_function="samordnare", acknowledged_event="told-1"),
        ),
        (
            OperationBegun("op:1", 3, has_police=True),
            OperationStarted(**of_operation, police_present=True, lead_function="insatsledare"),
        ),
        (
            InspectionDone("op:1", 3, "polisen:i1", "not_found", None),
            InspectionCompleted(**of_operation, inspection_id="polisen:i1", outcome="not_found"),
        ),
        (
            InspectionDone("op:1", 3, "polisen:i1", "done", 4),
            InspectionCompleted(**of_operation, inspection_id="polisen:i1", outcome="done", num_workers_met=4),
        ),
        (
            BrokenOff("op:1", 3, ("polisen:i2",)),
            InspectionSuspended(
                **of_operation, cause_code="police_called_away", remaining_inspection_ids=("polisen:i2",)
            ),
        ),
        (
            GivenUp("op:1", 3, ("polisen:i2",)),
            OperationAborted(**of_operation, cause_code="threat", left_inspection_ids=("polisen:i2",)),
        ),
        (
            Assessed("b-1", "skatteverket", "work_environment", "follow-up", "2025-001", MONDAY),
            DisclosureAssessed(
                assessment_id=f"{agency}:b-1",
                receiver="skatteverket",
                category="work_environment",
                purpose="follow-up",
                outcome="weighed",
                document_ref="2025-001",
                valid_until=MONDAY,
            ),
        ),
        (
            Assessed("b-2", "skatteverket", "site_identity", "plan", "2025-002", MONDAY),
            DisclosureAssessed(
                assessment_id=f"{agency}:b-2",
                receiver="skatteverket",
                category="site_identity",
                purpose="plan",
                outcome="weighed",
                document_ref="2025-002",
                valid_until=MONDAY,
            ),
        ),
    ]


@EACH
@pytest.mark.parametrize("number", range(len(expected("x1"))))
async def test_a_deed_of_the_day_is_the_message_that_it_says(
    agency: str, opened: Opened, category: str, number: int
) -> None:
    deed, message = expected(agency)[number]
    assert await said(agency, opened, KeptContents(), deed) == message


@EACH
async def test_what_was_found_is_in_the_store_under_the_operation(agency: str, opened: Opened, category: str) -> None:
    contents = KeptContents()
    codes, also_for = ("unsafe_workplace",), ("skatteverket",)
    made = FindingMade(
        "f1", "op:1", 3, "polisen:i1", category, "sole_trader", also_for, codes, "high", "Påhittad iakttagelse."
    )
    message = await said(agency, opened, contents, made)
    assert isinstance(message, FindingRecorded)
    assert (message.finding_id, message.category, message.also_relevant_for) == (f"{agency}:f1", category, also_for)
    assert contents.about == {message.payload_ref: "op:1"}
    assert contents.kept[message.payload_ref]["text"] == "Påhittad iakttagelse."
    assert "iakttagelse" not in message.body().decode()


def shared(agency: str) -> FindingShared:
    return FindingShared(
        finding_id="skatteverket:f1",
        operation_id="op:1",
        inspection_id="polisen:i1",
        sender="skatteverket",
        receiver=agency,
        rule_id="b01",
        purpose="follow-up",
        payload_ref=REF,
    )


@EACH
async def test_a_finding_shared_is_fetched_kept_and_acknowledged(agency: str, opened: Opened, category: str) -> None:
    office, contents = an_office(agency), KeptContents(kept={REF: CONTENT})
    message = shared(agency)
    async with opened(office, contents) as adapter:
        await adapter.hear(message, envelope_of(message))
    assert json.loads(office.received["skatteverket:f1"].content) == CONTENT
    assert contents.acknowledged == [REF]


@EACH
async def test_a_finding_that_cannot_be_fetched_any_more_stops_nothing(
    agency: str, opened: Opened, category: str
) -> None:
    office, contents = an_office(agency), KeptContents()
    message = shared(agency)
    async with opened(office, contents) as adapter:
        await adapter.hear(message, envelope_of(message))
    assert (office.received, contents.acknowledged) == ({}, [])


@EACH
async def test_a_finding_for_another_agency_is_not_fetched(agency: str, opened: Opened, category: str) -> None:
    office, contents = an_office(agency), KeptContents(kept={REF: CONTENT})
    message = shared("forsakringskassan")
    async with opened(office, contents) as adapter:
        await adapter.hear(message, envelope_of(message))
    assert not office.received


@EACH
async def test_a_secret_finding_names_whom_to_ask(agency: str, opened: Opened, category: str) -> None:
    office = an_office(agency)
    message = FindingWithheld(
        finding_id="kommun-tyreso:f2",
        operation_id="op:1",
        sender="kommun-tyreso",
        receiver=agency,
        reason_code="no_basis",
        told_to=agency,
        contact_function="secrecy_contact",
    )
    async with opened(office, KeptContents()) as adapter:
        await adapter.hear(message, envelope_of(message))
    assert office.received == {"kommun-tyreso:f2": Received("kommun-tyreso:f2", "kommun-tyreso", ask="secrecy_contact")}
