"""What a simulated agency does on the day: acknowledged, started, done, found; and nothing if it was moved."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from samsyn_contracts.register import category_names
from samsyn_demo.agencies.behaviour import acknowledgement_after
from samsyn_demo.agencies.deeds import (
    Acknowledged,
    Booking,
    BrokenOff,
    Deed,
    FindingMade,
    GivenUp,
    InspectionDone,
    OperationBegun,
    Visit,
)
from samsyn_demo.agencies.field_day import ANY_CATEGORY, CATEGORIES, Party, deeds_on_the_day, fate_of, lead_of
from samsyn_demo.agencies.office import Office

from tests.support.agency_worlds import HOUR, MONDAY, a_shift, a_world

AGENCY, OTHER = "skatteverket", "migrationsverket"
START_AT = MONDAY + timedelta(days=7)
VISITS = (Visit("a:1", START_AT, START_AT + HOUR), Visit("a:2", START_AT + HOUR, START_AT + 2 * HOUR))
ON_THE_DAY = (OperationBegun, InspectionDone, FindingMade, BrokenOff, GivenUp)


def a_booking(operation_id: str = "op:1", **overrides: Any) -> Booking:
    booking = Booking(operation_id, "confirmed", 3, ("t1",), START_AT, VISITS, (AGENCY, OTHER), has_police=True)
    return replace(booking, **{"told_by": "told-3", **overrides})


def an_operation(fate: str) -> str:
    return next(f"op:{n}" for n in range(10_000) if fate_of(1, a_booking(f"op:{n}")) == fate)


def an_office(agency: str = AGENCY) -> Office:
    shifts = (a_shift("t1", AGENCY), a_shift("t1", OTHER))
    office = Office(agency, [a_world(shifts=shifts, sites=())])
    office.diary.advance(START_AT - 5 * HOUR)
    return office


def done(office: Office, *kinds: type[Deed]) -> list[Deed]:
    return [entry.deed for entry in office.diary.after(0) if isinstance(entry.deed, kinds or ON_THE_DAY)]


def kinds_of(booking: Booking, party: str = AGENCY) -> list[type[Deed]]:
    found = [deed for _, deed in deeds_on_the_day(Party(party, 1), booking)]
    return [type(deed) for deed in found if not isinstance(deed, FindingMade)]


def test_the_first_agency_by_code_leads() -> None:
    assert lead_of(a_booking(accepted=("kommun-goteborg/x", AGENCY, "arbetsmiljoverket"))) == "arbetsmiljoverket"


def test_the_lead_starts_and_everybody_finishes_each_inspection() -> None:
    whole = a_booking(an_operation("whole"))
    assert kinds_of(whole, OTHER) == [OperationBegun, InspectionDone, InspectionDone]
    assert kinds_of(whole, AGENCY) == [InspectionDone, InspectionDone]


def test_when_the_police_are_called_away_only_the_first_inspection_is_done() -> None:
    broken = a_booking(an_operation("broken_off"))
    assert kinds_of(broken, OTHER) == [OperationBegun, BrokenOff, InspectionDone]
    assert kinds_of(broken, AGENCY) == [InspectionDone]


def test_nobody_is_called_away_where_there_are_no_police() -> None:
    assert fate_of(1, a_booking(an_operation("broken_off"), has_police=False)) == "whole"


def test_of_an_operation_given_up_nothing_is_done() -> None:
    given_up = a_booking(an_operation("given_up"))
    assert (kinds_of(given_up, OTHER), kinds_of(given_up, AGENCY)) == ([OperationBegun, GivenUp], [])


def test_one_in_thirty_is_broken_off_and_one_in_a_hundred_given_up() -> None:
    fates = Counter(fate_of(1, a_booking(f"op:{n}")) for n in range(6000))
    assert 150 < fates["broken_off"] < 250
    assert 35 < fates["given_up"] < 85


def test_about_a_third_of_the_inspections_have_a_finding_of_the_agencys_own_field() -> None:
    made = [d for n in range(1000) for _, d in deeds_on_the_day(Party(AGENCY, 1), a_booking(f"op:{n}"))]
    findings = [deed for deed in made if isinstance(deed, FindingMade)]
    assert 0.28 < len(findings) / 2000 < 0.37
    assert {deed.category for deed in findings} == {"tax", "staff_ledger"}
    assert len({deed.finding_id for deed in findings}) == len(findings)


def test_a_finding_may_concern_an_agency_that_is_not_there() -> None:
    party = Party(AGENCY, 1, (OTHER, "forsakringskassan"))
    made = [deed for n in range(300) for _, deed in deeds_on_the_day(party, a_booking(f"op:{n}"))]
    assert {deed.also_for for deed in made if isinstance(deed, FindingMade)} == {(), ("forsakringskassan",)}


def test_everybody_sees_the_same_outcome() -> None:
    whole = a_booking(an_operation("whole"))
    outcomes = {
        (deed.inspection_id, deed.outcome)
        for party in (AGENCY, OTHER)
        for _, deed in deeds_on_the_day(Party(party, 1), whole)
        if isinstance(deed, InspectionDone)
    }
    assert len(outcomes) == 2


def test_all_categories_of_findings_are_known() -> None:
    assert {c for own in (*CATEGORIES.values(), ANY_CATEGORY) for c in own} <= category_names().keys()


def test_a_confirmed_operation_is_carried_out_with_the_version_that_was_heard() -> None:
    office = an_office(OTHER)
    office.book(a_booking(an_operation("whole")))
    office.diary.advance(START_AT + 4 * HOUR)
    assert [type(deed) for deed in done(office, OperationBegun, InspectionDone)] == [
        OperationBegun,
        InspectionDone,
        InspectionDone,
    ]
    assert {getattr(deed, "plan_version", 0) for deed in done(office)} == {3}


def test_of_an_operation_that_was_never_confirmed_nothing_is_done() -> None:
    office = an_office()
    office.book(a_booking(state="scheduled"))
    office.diary.advance(START_AT + 4 * HOUR)
    assert not done(office)


def test_nothing_is_done_for_an_operation_that_was_moved_and_not_confirmed_again() -> None:
    office, operation_id = an_office(), an_operation("whole")
    office.book(a_booking(operation_id))
    office.book(a_booking(operation_id, state="scheduled", plan_version=4, is_change=True))
    office.diary.advance(START_AT + 4 * HOUR)
    assert not done(office)


def test_an_operation_moved_and_confirmed_again_is_carried_out_once() -> None:
    office, operation_id = an_office(), an_operation("whole")
    office.book(a_booking(operation_id))
    office.book(a_booking(operation_id, plan_version=4))
    office.diary.advance(START_AT + 4 * HOUR)
    assert {getattr(deed, "plan_version", 0) for deed in done(office)} == {4}
    assert len(done(office, InspectionDone)) == 2


def test_an_operation_confirmed_anew_after_its_start_is_not_started_again() -> None:
    office, operation_id = an_office(OTHER), an_operation("whole")
    office.book(a_booking(operation_id))
    office.diary.advance(START_AT + HOUR + timedelta(minutes=30))
    office.book(a_booking(operation_id, plan_version=4))
    office.diary.advance(START_AT + 4 * HOUR)
    assert len(done(office, OperationBegun)) == 1
    assert len(done(office, InspectionDone)) == 2


def test_nothing_is_done_for_an_operation_that_was_cancelled_on_its_way() -> None:
    office, operation_id = an_office(OTHER), an_operation("whole")
    office.book(a_booking(operation_id))
    office.diary.advance(START_AT)
    office.book(a_booking(operation_id, state="released", plan_version=4, shift_ids=(), is_change=True))
    office.diary.advance(START_AT + 4 * HOUR)
    assert [type(deed) for deed in done(office)] == [OperationBegun]


def test_who_has_left_an_operation_does_nothing_there() -> None:
    office, operation_id = an_office(), an_operation("whole")
    office.book(a_booking(operation_id))
    office.take_back_part(operation_id, "t1")
    office.diary.advance(START_AT + 4 * HOUR)
    assert not done(office)


def test_what_an_older_plan_tells_is_not_noted() -> None:
    office = an_office()
    office.book(a_booking(plan_version=4))
    office.book(a_booking(state="released", plan_version=3, shift_ids=()))
    assert office.bookings["op:1"].plan_version == 4


def an_acknowledged(state: str, version: int = 3) -> str:
    numbers = range(10_000)
    return next(
        f"op:{n}" for n in numbers if acknowledgement_after(1, AGENCY, f"op:{n}", str(version), state) is not None
    )


def test_a_confirmed_operation_is_acknowledged_after_five_to_ninety_minutes() -> None:
    office, operation_id = an_office(), an_acknowledged("confirmed")
    office.book(a_booking(operation_id))
    office.diary.advance(START_AT - 5 * HOUR + timedelta(minutes=90))
    (entry,) = [entry for entry in office.diary.after(0) if isinstance(entry.deed, Acknowledged)]
    assert entry.deed == Acknowledged(operation_id, 3, "told-3")
    assert entry.at - (START_AT - 5 * HOUR) >= timedelta(minutes=5)


def test_one_in_twenty_never_acknowledges() -> None:
    never = sum(acknowledgement_after(1, AGENCY, f"op:{n}", "1", "confirmed") is None for n in range(2000))
    assert 70 < never < 130


def test_a_new_place_in_the_plan_that_changes_nothing_told_before_is_not_acknowledged() -> None:
    office = an_office()
    office.book(a_booking(an_acknowledged("scheduled"), state="scheduled"))
    office.diary.advance(START_AT - HOUR)
    assert not done(office, Acknowledged)


def test_a_change_is_acknowledged_instead_of_what_it_changes() -> None:
    office, operation_id = an_office(), an_acknowledged("released", 4)
    office.book(a_booking(operation_id))
    office.book(a_booking(operation_id, state="released", plan_version=4, shift_ids=(), is_change=True, told_by="t4"))
    office.diary.advance(START_AT - HOUR)
    assert done(office, Acknowledged) == [Acknowledged(operation_id, 4, "t4")]


def test_the_same_event_heard_again_is_acknowledged_once() -> None:
    office, operation_id = an_office(), an_acknowledged("confirmed")
    office.book(a_booking(operation_id))
    office.book(a_booking(operation_id))
    office.diary.advance(START_AT - HOUR)
    assert len(done(office, Acknowledged)) == 1
