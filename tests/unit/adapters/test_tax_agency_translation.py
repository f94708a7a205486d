"""The Tax Agency's rows as messages, and what of them goes to the contents store."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from samsyn_adapter_sdk import Saying, Statement
from samsyn_adapter_skatteverket.kinds import COLUMNS
from samsyn_contracts.capacity import CapacityOffered, CapacityWithdrawn
from samsyn_contracts.carrying_out import InspectionCompleted, InspectionSuspended, OperationAborted, OperationStarted
from samsyn_contracts.findings import DisclosureAssessed, FindingRecorded
from samsyn_contracts.inspections import InspectionProposed, InspectionWithdrawn
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
)
from samsyn_demo.agencies.deeds import (
    Acknowledged,
    Answered,
    Assessed,
    BrokenOff,
    Deed,
    FindingMade,
    GivenUp,
    InspectionDone,
    OperationBegun,
    PartTakenBack,
    Question,
    ShiftOffered,
    ShiftWithdrawn,
    SiteWanted,
    SiteWithdrawn,
)
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.tax_agency_files import TaxAgencyFiles
from samsyn_demo.agencies.tax_agency_rows import HEADERS

from tests.support.agency_worlds import MONDAY, a_shift, a_site, a_sole_traders_site, a_world
from tests.support.next_sayings import next_sayings
from tests.support.opened_adapters import KeptContents, tax_agency_of

AGENCY = "skatteverket"
SHIFT = a_shift("t1", AGENCY, skills=("personalliggare",))
QUESTION = Question("q1", "op:1", "t1", "polisen:p1", MONDAY + timedelta(days=7), ())


@pytest.fixture
def contents() -> KeptContents:
    return KeptContents()


@pytest.fixture
def say(tmp_path: Path, contents: KeptContents) -> Callable[[Deed], Any]:
    """Says a deed of the simulated system through its files and the adapter."""
    office = Office(AGENCY, [a_world(shifts=(), sites=())])
    files = TaxAgencyFiles(office, tmp_path)

    async def told(deed: Deed) -> Statement:
        files.office.diary.write(deed, "akc-vast")
        (saying,) = await next_sayings(tax_agency_of(tmp_path, contents).said(None), 1)
        assert isinstance(saying, Statement), saying
        return saying

    return told


def test_the_simulated_system_writes_the_columns_that_the_adapter_reads() -> None:
    assert {kind: set(columns) for kind, columns in HEADERS.items()} == {k: set(c) for k, c in COLUMNS.items()}


async def test_a_shift_is_a_team_at_a_place_given_with_decimal_commas(say: Any) -> None:
    statement = await say(ShiftOffered(SHIFT))
    assert isinstance(statement.message, CapacityOffered)
    assert statement.message.base is not None
    assert (statement.message.base.lat, statement.message.skills) == (57.7, ("personalliggare",))
    assert statement.message.team == "skatteverket-lag-1"


async def test_a_company_is_named_in_the_message(say: Any) -> None:
    message = (await say(SiteWanted(a_site("obj-1", AGENCY)))).message
    assert isinstance(message, InspectionProposed)
    assert (message.site.name, message.site.identity_ref) == ("Påhittade Krogen AB", None)


async def test_a_sole_traders_identity_is_in_the_store_and_not_in_the_message(say: Any, contents: KeptContents) -> None:
    message = (await say(SiteWanted(a_sole_traders_site("obj-2", AGENCY)))).message
    ref = str(message.site.identity_ref)
    assert b"401399" not in message.body()
    assert contents.kept[ref] == {"name": "Frisör Ada Påhitt", "organisation_number": "401399-1234"}
    assert contents.about[ref] == message.site.site_id


async def test_a_personal_number_is_kept_apart_also_where_nobody_called_it_a_sole_traders(
    say: Any, contents: KeptContents
) -> None:
    site = a_site("obj-2", AGENCY, name="Ada Påhitt", organisation_number="401399-1234", is_sole_trader=False)
    message = (await say(SiteWanted(site))).message
    assert b"Ada" not in message.body()
    assert len(contents.kept) == 1


async def test_what_was_found_is_in_the_store_under_the_operation(say: Any, contents: KeptContents) -> None:
    found = FindingMade(
        finding_id="fynd-1",
        operation_id="op:1",
        plan_version=3,
        inspection_id="polisen:obj-1",
        category="staff_ledger",
        subject_kind="sole_trader",
        also_for=("migrationsverket",),
        codes=("staff_ledger_missing",),
        severity="high",
        text="Påhittad iakttagelse.",
    )
    message = (await say(found)).message
    assert isinstance(message, FindingRecorded)
    assert (message.category, message.plan_version, message.also_relevant_for) == (
        "staff_ledger",
        3,
        ("migrationsverket",),
    )
    assert contents.kept[message.payload_ref] == {
        "category_codes": ["staff_ledger_missing"],
        "severity": "high",
        "text": "Påhittad iakttagelse.",
    }
    assert contents.about[message.payload_ref] == "op:1"
    assert "iakttagelse" not in message.body().decode()


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        (
            Answered(QUESTION, SHIFT, is_yes=True),
            ParticipationAccepted(
                operation_id="op:1", capacity_id="skatteverket:t1", session_id="polisen:p1", head_count=2
            ),
        ),
        (
            Answered(QUESTION, SHIFT, is_yes=False),
            ParticipationDeclined(
                operation_id="op:1",
                capacity_id="skatteverket:t1",
                session_id="polisen:p1",
                reason_code="no_resources",
            ),
        ),
        (
            PartTakenBack("op:1", SHIFT, "illness"),
            ParticipationWithdrawn(operation_id="op:1", capacity_id="skatteverket:t1", reason_code="illness"),
        ),
        (ShiftWithdrawn(SHIFT, "illness"), CapacityWithdrawn(capacity_id="skatteverket:t1", reason_code="illness")),
        (
            SiteWithdrawn(a_site("obj-1", AGENCY), "solved"),
            InspectionWithdrawn(inspection_id="skatteverket:obj-1", reason_code="solved"),
        ),
        (
            Acknowledged("op:1", 3, "told-1"),
            NotificationAcknowledged(
                operation_id="op:1",
                agency=AGENCY,
                plan_version=3,
                by_function="samordnare",
                acknowledged_event="told-1",
            ),
        ),
        (
            OperationBegun("op:1", 3, has_police=True),
            OperationStarted(operation_id="op:1", agency=AGENCY, plan_version=3, police_present=True),
        ),
        (
            InspectionDone("op:1", 3, "polisen:obj-1", "not_found", None),
            InspectionCompleted(
                operation_id="op:1",
                inspection_id="polisen:obj-1",
                agency=AGENCY,
                plan_version=3,
                outcome="not_found",
            ),
        ),
        (
            BrokenOff("op:1", 3, ("polisen:obj-1", "polisen:obj-2")),
            InspectionSuspended(
                operation_id="op:1",
                agency=AGENCY,
                plan_version=3,
                cause_code="police_called_away",
                remaining_inspection_ids=("polisen:obj-1", "polisen:obj-2"),
            ),
        ),
        (
            GivenUp("op:1", 3, ("polisen:obj-1",)),
            OperationAborted(
                operation_id="op:1",
                agency=AGENCY,
                plan_version=3,
                cause_code="threat",
                left_inspection_ids=("polisen:obj-1",),
            ),
        ),
        (
            Assessed("b-1", "migrationsverket", "tax", "follow-up", "2025-001", MONDAY),
            DisclosureAssessed(
                assessment_id="skatteverket:b-1",
                receiver="migrationsverket",
                category="tax",
                purpose="follow-up",
                outcome="weighed",
                document_ref="2025-001",
                valid_until=MONDAY,
            ),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_a_row_is_the_message_that_it_says(say: Any, deed: Deed, message: Message) -> None:
    assert (await say(deed)).message == message


async def test_an_answer_names_the_question_that_it_answers(say: Any) -> None:
    saying: Saying = await say(Answered(QUESTION, SHIFT, is_yes=True))
    assert isinstance(saying, Statement)
    assert saying.causationid == "q1"


async def test_contents_that_are_refused_refuse_the_row(tmp_path: Path) -> None:
    files = TaxAgencyFiles(Office(AGENCY, [a_world(shifts=(), sites=())]), tmp_path)
    files.office.diary.write(SiteWanted(a_sole_traders_site("obj-2", AGENCY)), "akc-vast")
    (saying,) = await next_sayings(tax_agency_of(tmp_path, KeptContents(status=413)).said(None), 1)
    assert not isinstance(saying, Statement)
    assert "413" in (tmp_path / "ut" / "avvisade.csv").read_text("utf-8-sig")
