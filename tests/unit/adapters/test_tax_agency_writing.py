"""What the Tax Agency's adapter writes of what it hears, and what the simulated system reads of it."""

import csv
from pathlib import Path

import pytest
from samsyn_adapter_sdk import RetryError, event_id
from samsyn_adapter_skatteverket.adapter import TaxAgencyAdapter
from samsyn_adapter_skatteverket.reading import Encoding
from samsyn_contracts.findings import FindingShared, FindingWithheld
from samsyn_contracts.message import Message
from samsyn_contracts.operations import OperationScheduled, Participant, ParticipationRequested
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.rejection import rejection
from samsyn_demo.agencies.deeds import Prepared, Question, Received, Visit
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.tax_agency_files import TaxAgencyFiles

from tests.support.agency_worlds import HOUR, a_shift, a_world
from tests.support.heard_messages import COMMON, PLANNED, SLOT, START_AT, envelope_of
from tests.support.opened_adapters import KeptContents, tax_agency_of

AGENCY = "skatteverket"
REF = "contents:migrationsverket:00000000-0000-4000-8000-000000000001"
SHARED = FindingShared(
    finding_id="migrationsverket:f1",
    operation_id="op:1",
    inspection_id="polisen:obj-1",
    sender="migrationsverket",
    receiver=AGENCY,
    rule_id="b01",
    purpose="follow-up",
    category="residence_permit",
    payload_ref=REF,
)
WITHHELD = FindingWithheld(
    finding_id="kommun-tyreso:f2",
    operation_id="op:1",
    sender="kommun-tyreso",
    receiver=AGENCY,
    reason_code="not_assessed",
    told_to=AGENCY,
    contact_function="sekretessfragor",
)
REQUESTED = ParticipationRequested(
    **COMMON, agency=AGENCY, capacity_id=f"{AGENCY}:t1", slot=SLOT, inspections=(PLANNED,), reply_by=START_AT
)
SCHEDULED = OperationScheduled(
    **COMMON,
    slot=SLOT,
    participants=(Participant(agency=AGENCY, capacity_id=f"{AGENCY}:t1", status="accepted"),),
    inspections=(PLANNED,),
)


@pytest.fixture
def files(tmp_path: Path) -> TaxAgencyFiles:
    return TaxAgencyFiles(Office(AGENCY, [a_world(shifts=(a_shift("t1", AGENCY),), sites=())]), tmp_path)


@pytest.fixture
def contents() -> KeptContents:
    return KeptContents(kept={REF: {"severity": "high", "text": "=Påhitt;\nmed rader"}})


@pytest.fixture
def adapter(files: TaxAgencyFiles, tmp_path: Path, contents: KeptContents) -> TaxAgencyAdapter:
    return tax_agency_of(tmp_path, contents)


async def hear(adapter: TaxAgencyAdapter, *messages: Message) -> None:
    for number, message in enumerate(messages, start=1):
        await adapter.hear(message, envelope_of(message, f"told-{number}"))


def rows(folder: Path, name: str, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with (folder / "ut" / name).open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


async def test_a_question_is_a_row_that_the_system_reads(adapter: TaxAgencyAdapter, files: TaxAgencyFiles) -> None:
    await hear(adapter, REQUESTED)
    files.look()
    assert files.office.questions == {
        "told-1": Question("told-1", "op:polisen:p1", "t1", "polisen:p1", START_AT, ("skatteverket:i1",))
    }


async def test_a_booking_is_a_row_that_the_system_reads(adapter: TaxAgencyAdapter, files: TaxAgencyFiles) -> None:
    await hear(adapter, SCHEDULED)
    files.look()
    booking = files.office.bookings["op:polisen:p1"]
    assert (booking.shift_ids, booking.visits) == (("t1",), (Visit("skatteverket:i1", START_AT, START_AT + HOUR),))
    assert (booking.accepted, booking.plan_version, booking.told_by) == ((AGENCY,), 1, "told-1")


async def test_an_event_heard_twice_is_one_row(adapter: TaxAgencyAdapter, tmp_path: Path) -> None:
    await hear(adapter, SCHEDULED)
    await hear(adapter, SCHEDULED)
    assert len(rows(tmp_path, "bokningar_2025-05-05.csv")) == 1


async def test_what_is_heard_is_added_to_what_was_heard(adapter: TaxAgencyAdapter, tmp_path: Path) -> None:
    await hear(adapter, SCHEDULED, SCHEDULED)
    assert [row["handelse"] for row in rows(tmp_path, "bokningar_2025-05-05.csv")] == ["told-1", "told-2"]


async def test_no_unfinished_file_is_left(adapter: TaxAgencyAdapter, tmp_path: Path) -> None:
    await hear(adapter, SCHEDULED)
    assert [path.name for path in (tmp_path / "ut").iterdir()] == ["bokningar_2025-05-05.csv"]


async def test_a_finding_shared_is_fetched_written_and_acknowledged(
    adapter: TaxAgencyAdapter, tmp_path: Path, contents: KeptContents, files: TaxAgencyFiles
) -> None:
    await hear(adapter, SHARED)
    (row,) = rows(tmp_path, "fynd_2025-05-05.csv")
    assert (row["lage"], row["avsandare"]) == ("delat", "migrationsverket")
    assert "Påhitt" in row["innehall"]
    assert contents.acknowledged == [REF]
    files.look()
    assert files.office.received["migrationsverket:f1"].content == row["innehall"]


async def test_a_finding_that_cannot_be_fetched_any_more_is_told_as_such(
    adapter: TaxAgencyAdapter, tmp_path: Path, contents: KeptContents
) -> None:
    contents.kept.clear()
    await hear(adapter, SHARED)
    assert [row["lage"] for row in rows(tmp_path, "fynd_2025-05-05.csv")] == ["ej hämtat"]
    assert not contents.acknowledged


async def test_a_finding_that_is_written_stays_written_when_it_cannot_be_fetched_again(
    adapter: TaxAgencyAdapter, tmp_path: Path, contents: KeptContents
) -> None:
    await hear(adapter, SHARED)
    contents.kept.clear()
    await hear(adapter, SHARED)
    assert [row["lage"] for row in rows(tmp_path, "fynd_2025-05-05.csv")] == ["delat"]


async def test_a_secret_finding_names_whom_to_ask(adapter: TaxAgencyAdapter, files: TaxAgencyFiles) -> None:
    await hear(adapter, WITHHELD)
    files.look()
    assert files.office.received == {
        "kommun-tyreso:f2": Received("kommun-tyreso:f2", "kommun-tyreso", ask="sekretessfragor")
    }


async def test_who_did_not_get_the_agencys_own_finding_is_told_to_it_and_is_no_finding_of_others(
    adapter: TaxAgencyAdapter, tmp_path: Path, files: TaxAgencyFiles
) -> None:
    own = {"finding_id": f"{AGENCY}:f3", "sender": AGENCY, "receiver": "polisen"}
    await hear(adapter, WITHHELD.model_copy(update=own))
    files.look()
    assert [row["lage"] for row in rows(tmp_path, "fynd_2025-05-05.csv")] == ["ej delat"]
    assert not files.office.received


async def test_a_refused_statement_is_told_by_its_row_and_column(
    adapter: TaxAgencyAdapter, tmp_path: Path, files: TaxAgencyFiles
) -> None:
    files.office.diary.write(Prepared("polisen:obj-1"), "akc-vast")
    reasons = (rejection("unknown_id", "/inspection_id"),)
    refused = event_id(AGENCY, "beredskap:1:1")
    await hear(adapter, EventRejected(rejected_id=refused, party=AGENCY, reasons=reasons, replayable=True))
    (row,) = rows(tmp_path, "avvisade.csv")
    assert (row["handelse"], row["rad"], row["kolumn"]) == (refused, "2", "kontroll")
    assert (row["fil"], row["atgard"]) == ("beredskap_2025-05-05.csv", reasons[0].text_sv)


async def test_a_refused_statement_whose_row_is_gone_is_told_too(adapter: TaxAgencyAdapter, tmp_path: Path) -> None:
    reasons = (rejection("unknown_id", "/inspection_id"),)
    await hear(adapter, EventRejected(rejected_id="gone", party=AGENCY, reasons=reasons, replayable=False))
    assert [(row["handelse"], row["fil"]) for row in rows(tmp_path, "avvisade.csv")] == [("gone", "")]


@pytest.mark.parametrize(("encoding", "written"), [("utf-8", "utf-8-sig"), ("windows-1252", "windows-1252")])
async def test_files_are_written_in_the_declared_encoding(
    files: TaxAgencyFiles, tmp_path: Path, contents: KeptContents, encoding: Encoding, written: str
) -> None:
    await hear(tax_agency_of(tmp_path, contents, encoding), SCHEDULED)
    assert [row["namn"] for row in rows(tmp_path, "bokningar_2025-05-05.csv", written)] == ["Björk"]


@pytest.mark.parametrize("name", ["=1+1", "+46", "-1", "@x", " =1"])
async def test_others_text_is_never_a_formula(adapter: TaxAgencyAdapter, tmp_path: Path, name: str) -> None:
    await hear(adapter, SCHEDULED.model_copy(update={"code_name": name}))
    (row,) = rows(tmp_path, "bokningar_2025-05-05.csv")
    assert row["namn"].startswith("'")


async def test_a_folder_that_is_away_is_waited_for(
    adapter: TaxAgencyAdapter, tmp_path: Path, files: TaxAgencyFiles
) -> None:
    (tmp_path / "ut").rmdir()
    with pytest.raises(RetryError):
        await hear(adapter, SCHEDULED)
