"""The entries of the City of Gothenburg's two registers as messages, each in its own fields and codes."""

from collections.abc import Callable
from typing import Any

import pytest
from samsyn_adapter_kommun_goteborg import environment, licensing
from samsyn_adapter_sdk import Saying, Skipped, Statement
from samsyn_contracts.capacity import CapacityOffered, CapacityWithdrawn
from samsyn_contracts.carrying_out import InspectionCompleted, InspectionSuspended, OperationAborted, OperationStarted
from samsyn_contracts.findings import FindingRecorded
from samsyn_contracts.inspections import InspectionProposed, InspectionWithdrawn, InterestDeclared, ReadinessDeclared
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
)
from samsyn_demo.agencies import environment_register, licensing_register
from samsyn_demo.agencies.deeds import (
    Acknowledged,
    Answered,
    BrokenOff,
    Deed,
    FindingMade,
    GivenUp,
    InspectionDone,
    InterestTaken,
    OperationBegun,
    PartTakenBack,
    Prepared,
    Question,
    ShiftOffered,
    ShiftWithdrawn,
    SiteWanted,
    SiteWithdrawn,
)
from samsyn_demo.agencies.diary import Entry

from tests.support.agency_worlds import HOUR, MONDAY, a_shift, a_site, a_sole_traders_site, a_world
from tests.support.next_sayings import next_sayings
from tests.support.opened_adapters import KOMMUN, City, a_city

SHIFT = a_shift("t1", KOMMUN)
QUESTION = Question("q1", "op:1", "t1", "polisen:p1", MONDAY, ())
FINDING = FindingMade(
    finding_id="f1",
    operation_id="op:1",
    plan_version=3,
    inspection_id="polisen:i1",
    category="other",
    subject_kind="sole_trader",
    also_for=("skatteverket",),
    codes=("alcohol_permit_breach",),
    severity="high",
    text="Påhittad iakttagelse.",
)
REGISTERS = pytest.mark.parametrize("prefix", ["mf", "te"])


async def said(prefix: str, deed: Deed) -> tuple[Statement, City]:
    """What a department says with a deed, through its register and the adapter."""
    async with a_city(a_world(shifts=(), sites=())) as city:
        office = city.environment if prefix == "mf" else city.licensing
        office.diary.write(deed, "akc-vast")
        (saying,) = await next_sayings(city.adapter.said(None), 1)
    assert isinstance(saying, Statement), saying
    return saying, city


def expected(prefix: str) -> list[tuple[Deed, Message]]:
    of_operation: dict[str, Any] = {"operation_id": "op:1", "agency": KOMMUN, "plan_version": 3}
    capacity_id, role = f"{KOMMUN}:{prefix}-t1", {"mf": "miljoforvaltningen", "te": "tillstandsenheten"}[prefix]
    of_part: dict[str, Any] = {"operation_id": "op:1", "capacity_id": capacity_id}
    return [
        (ShiftWithdrawn(SHIFT, "illness"), CapacityWithdrawn(capacity_id=capacity_id, reason_code="illness")),
        (
            SiteWithdrawn(a_site("obj-1", KOMMUN), "solved"),
            InspectionWithdrawn(inspection_id=f"{KOMMUN}:{prefix}-obj-1", reason_code="solved"),
        ),
        (
            InterestTaken("polisen:i1", "medium"),
            InterestDeclared(inspection_id="polisen:i1", agency=KOMMUN, interest="medium"),
        ),
        (Prepared("polisen:i1"), ReadinessDeclared(inspection_id="polisen:i1", agency=KOMMUN, ready=True)),
        (
            Answered(QUESTION, SHIFT, is_yes=True),
            ParticipationAccepted(**of_part, session_id="polisen:p1", head_count=2),
        ),
        (
            Answered(QUESTION, SHIFT, is_yes=False),
            ParticipationDeclined(**of_part, session_id="polisen:p1", reason_code="no_resources"),
        ),
        (PartTakenBack("op:1", SHIFT, "illness"), ParticipationWithdrawn(**of_part, reason_code="illness")),
        (
            Acknowledged("op:1", 3, "told-1"),
            NotificationAcknowledged(**of_operation, by_function=role, acknowledged_event="told-1"),
        ),
        (
            OperationBegun("op:1", 3, has_police=False),
            OperationStarted(**of_operation, police_present=False, lead_function=role),
        ),
        (
            InspectionDone("op:1", 3, "polisen:i1", "closed", None),
            InspectionCompleted(**of_operation, inspection_id="polisen:i1", outcome="closed"),
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
    ]


@REGISTERS
@pytest.mark.parametrize("number", range(len(expected("mf"))))
async def test_an_entry_is_the_message_that_it_says(prefix: str, number: int) -> None:
    deed, message = expected(prefix)[number]
    statement, _ = await said(prefix, deed)
    assert statement.message == message


@REGISTERS
async def test_a_shift_is_a_team_of_the_department(prefix: str) -> None:
    statement, _ = await said(prefix, ShiftOffered(SHIFT))
    message = statement.message
    assert isinstance(message, CapacityOffered)
    assert (message.team, message.role) == (f"{KOMMUN}-{prefix}-lag-1", statement.role)
    assert (message.start_at, message.end_at) == (SHIFT.start_at, SHIFT.start_at + 8 * HOUR)


@REGISTERS
async def test_a_site_keeps_its_hours_and_its_name(prefix: str) -> None:
    site = a_site("obj-1", KOMMUN)
    message = (await said(prefix, SiteWanted(site)))[0].message
    assert isinstance(message, InspectionProposed)
    assert [(window.from_at, window.until_at) for window in message.time_windows] == list(site.windows)
    assert (message.site.name, message.police_need) == (site.name, "required")


@REGISTERS
async def test_a_sole_traders_name_is_not_in_the_message(prefix: str) -> None:
    statement, city = await said(prefix, SiteWanted(a_sole_traders_site("obj-2", KOMMUN)))
    assert "Påhitt" not in statement.message.body().decode()
    assert len(city.contents.kept) == 1


@REGISTERS
async def test_what_was_found_is_in_the_store_under_the_operation(prefix: str) -> None:
    statement, city = await said(prefix, FINDING)
    message = statement.message
    assert isinstance(message, FindingRecorded)
    assert (message.finding_id, message.category) == (
        f"{KOMMUN}:{prefix}-f1",
        {"mf": "food_safety", "te": "licensing"}[prefix],
    )
    assert city.contents.kept == {
        message.payload_ref: {
            "category_codes": ["alcohol_permit_breach"],
            "severity": "high",
            "text": "Påhittad iakttagelse.",
        }
    }
    assert city.contents.about == {message.payload_ref: "op:1"}


ROWS: list[tuple[Callable[[Entry[Deed]], dict[str, Any]], Any, str]] = [
    (environment_register._row, environment, "typ"),
    (licensing_register._item, licensing, "code"),
]


@pytest.mark.parametrize(("row_of", "module", "kind"), ROWS, ids=["environment", "licensing"])
@pytest.mark.parametrize("broken", ["unknown kind", "missing facts", "facts of another form"])
def test_what_cannot_be_read_is_skipped_by_its_number(row_of: Any, module: Any, kind: str, broken: str) -> None:
    row = row_of(Entry(7, MONDAY, "akc-vast", Prepared("polisen:i1")))
    facts = next(name for name in ("uppgift", "body") if name in row)
    changes: dict[str, dict[str, Any]] = {
        "unknown kind": {kind: "FIKA"},
        "missing facts": {facts: {}},
        "facts of another form": {facts: ["HEMLIGT"]},
    }
    saying: Saying = module.entry_of(module.VOICE, 7, lambda: module._read(row | changes[broken])).saying
    assert isinstance(saying, Skipped)
    assert "entry 7" in str(saying.unknown)
    assert "HEMLIGT" not in str(saying.unknown)
