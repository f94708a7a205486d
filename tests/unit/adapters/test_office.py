"""A simulated agency's office: what it offers, answers and prepares, and when."""

from datetime import timedelta

from samsyn_demo.agencies.behaviour import answer_to
from samsyn_demo.agencies.deeds import (
    Answered,
    Assessed,
    Booking,
    Deed,
    InterestTaken,
    Prepared,
    Question,
    ShiftOffered,
    SiteWanted,
    Visit,
)
from samsyn_demo.agencies.office import Office

from tests.support.agency_worlds import HOUR, MONDAY, a_shift, a_site, a_world

AGENCY = "skatteverket"
START_AT = MONDAY + timedelta(days=7)


def an_office(**overrides: object) -> Office:
    own = {"shifts": (a_shift("t1", AGENCY),), "sites": (a_site("obj-1", "arbetsmiljoverket"),)}
    office = Office(AGENCY, [a_world(**{**own, **overrides})])
    office.diary.advance(MONDAY)
    return office


def a_question(operation_id: str, question_id: str = "q1", start_at: object = START_AT) -> Question:
    return Question(question_id, operation_id, "t1", "polisen:p1", START_AT, ("arbetsmiljoverket:obj-9",))


def an_operation_answered(kind: str) -> str:
    numbers = range(10_000)
    return next(f"op:{n}" for n in numbers if answer_to(1, f"op:{n}", f"{AGENCY}:t1").kind == kind)


def deeds(office: Office, kind: type[Deed]) -> list[Deed]:
    return [entry.deed for entry in office.diary.after(0) if isinstance(entry.deed, kind)]


def a_booking(operation_id: str = "op:1", shift_ids: tuple[str, ...] = ("t1",)) -> Booking:
    visit = Visit("arbetsmiljoverket:obj-9", START_AT, START_AT + HOUR)
    return Booking(operation_id, "scheduled" if shift_ids else "released", 1, shift_ids, START_AT, (visit,))


def test_shifts_and_sites_are_said_at_the_beginning() -> None:
    office = an_office(sites=(a_site("obj-1", AGENCY),))
    assert [type(entry.deed) for entry in office.diary.after(0)] == [ShiftOffered, SiteWanted]


def test_interest_in_others_sites_is_said_after_they_were_proposed() -> None:
    office = an_office(sites=(a_site("obj-1", interests=((AGENCY, "low"),)),))
    assert not deeds(office, InterestTaken)
    office.diary.advance(MONDAY + HOUR)
    assert deeds(office, InterestTaken) == [InterestTaken("arbetsmiljoverket:obj-1", "low")]


def test_a_department_offers_its_own_teams_alone() -> None:
    shifts = (
        a_shift("t1", "kommun-goteborg", role="miljoforvaltningen"),
        a_shift("t2", "kommun-goteborg", team="x", role="tillstandsenheten"),
    )
    office = Office("kommun-goteborg", [a_world(shifts=shifts, sites=())], "tillstandsenheten")
    office.diary.advance(MONDAY)
    assert [deed.shift.shift_id for deed in deeds(office, ShiftOffered) if isinstance(deed, ShiftOffered)] == ["t2"]


def test_an_agency_of_two_centres_has_one_diary_that_tells_them_apart() -> None:
    vast = a_world(shifts=(a_shift("t1", AGENCY),), sites=())
    stockholm = a_world(centre="akc-stockholm", shifts=(a_shift("s-t1", AGENCY),), sites=())
    office = Office(AGENCY, [vast, stockholm])
    office.diary.advance(MONDAY)
    assert [entry.centre for entry in office.diary.after(0)] == ["akc-vast", "akc-stockholm"]


def test_a_state_agency_assesses_for_the_other_state_agencies_and_no_municipality() -> None:
    shifts = tuple(a_shift("t1", agency) for agency in (AGENCY, "migrationsverket", "kommun-tyreso"))
    office = an_office(shifts=shifts, sites=())
    assessed = [deed for deed in deeds(office, Assessed) if isinstance(deed, Assessed)]
    assert {(deed.receiver, deed.category, deed.purpose) for deed in assessed} == {
        ("migrationsverket", "tax", "follow-up"),
        ("migrationsverket", "staff_ledger", "follow-up"),
        ("migrationsverket", "site_identity", "plan"),
    }
    assert {entry.centre for entry in office.diary.after(0) if isinstance(entry.deed, Assessed)} == {"_all"}


def test_a_municipality_assesses_nothing() -> None:
    shifts = (a_shift("t1", "kommun-tyreso"), a_shift("t1", AGENCY))
    office = Office("kommun-tyreso", [a_world(shifts=shifts)])
    office.diary.advance(MONDAY)
    assert not deeds(office, Assessed)


def test_an_agency_is_always_ready_for_its_own_sites() -> None:
    office = an_office(sites=tuple(a_site(f"obj-{number}", AGENCY) for number in range(30)))
    office.diary.advance(MONDAY + 2 * HOUR)
    assert len(deeds(office, Prepared)) == 30


def test_a_question_is_answered_when_the_agency_has_thought() -> None:
    office, operation_id = an_office(), an_operation_answered("yes")
    after = answer_to(1, operation_id, f"{AGENCY}:t1").after
    office.ask(a_question(operation_id))
    office.diary.advance(MONDAY + after - timedelta(seconds=1))
    assert not deeds(office, Answered)
    office.diary.advance(MONDAY + after)
    assert [deed.is_yes for deed in deeds(office, Answered) if isinstance(deed, Answered)] == [True]


def test_who_accepts_is_ready_for_the_inspections_asked_for() -> None:
    office, operation_id = an_office(sites=()), an_operation_answered("yes")
    office.ask(a_question(operation_id))
    office.diary.advance(MONDAY + 48 * HOUR)
    assert deeds(office, Prepared) == [Prepared("arbetsmiljoverket:obj-9")]


def test_who_declines_is_not_made_ready() -> None:
    office, operation_id = an_office(sites=()), an_operation_answered("no")
    office.ask(a_question(operation_id))
    office.diary.advance(MONDAY + 48 * HOUR)
    assert not deeds(office, Prepared)
    assert [deed.is_yes for deed in deeds(office, Answered) if isinstance(deed, Answered)] == [False]


def test_silence_is_never_an_answer() -> None:
    office = an_office()
    office.ask(a_question(an_operation_answered("silence")))
    office.diary.advance(MONDAY + timedelta(days=28))
    assert not deeds(office, Answered)


def test_the_same_question_twice_is_answered_once() -> None:
    office, question = an_office(), a_question(an_operation_answered("yes"))
    office.ask(question)
    office.ask(question)
    office.diary.advance(MONDAY + 48 * HOUR)
    assert len(deeds(office, Answered)) == 1


def test_a_question_about_a_cancelled_operation_is_not_answered() -> None:
    office, operation_id = an_office(), an_operation_answered("yes")
    office.ask(a_question(operation_id))
    office.book(a_booking(operation_id, shift_ids=()))
    office.diary.advance(MONDAY + 48 * HOUR)
    assert not deeds(office, Answered)


def test_a_question_about_a_shift_the_agency_does_not_have_is_not_answered() -> None:
    office = an_office(shifts=())
    office.ask(a_question(an_operation_answered("yes")))
    assert office.diary.next_due_at() is None or not office.questions


def test_a_booked_team_prepares_in_half_the_time_left_at_the_latest() -> None:
    office = an_office(sites=())
    office.diary.advance(START_AT - 2 * HOUR)
    office.book(a_booking())
    office.diary.advance(START_AT - HOUR)
    assert deeds(office, Prepared) == [Prepared("arbetsmiljoverket:obj-9")]


def test_nothing_is_prepared_twice() -> None:
    office = an_office(sites=())
    office.book(a_booking("op:1"))
    office.book(a_booking("op:2"))
    office.diary.advance(START_AT)
    assert len(deeds(office, Prepared)) == 1


def test_things_due_happen_at_their_own_time_however_far_the_clock_jumps() -> None:
    office = an_office(sites=(a_site("obj-1", interests=((AGENCY, "low"),)),))
    office.diary.advance(MONDAY + timedelta(days=5))
    at = {type(entry.deed): entry.at for entry in office.diary.after(0)}
    assert at[InterestTaken] == MONDAY + HOUR
