"""The police's simulated duty system: losses, requests and what the log says of them."""

from datetime import timedelta
from typing import Any

from samsyn_demo.agencies.behaviour import acknowledgement_after, answer_to
from samsyn_demo.agencies.police_duty_system import DutyListBooking, PoliceDutySystem, Request
from samsyn_demo.records import PoliceLoss

from tests.support.agency_worlds import HOUR, MONDAY, TUESDAY, a_loss, a_pass, a_world


def a_system(*losses: PoliceLoss) -> PoliceDutySystem:
    system = PoliceDutySystem([a_world()], losses)
    system.diary.advance(MONDAY)
    return system


def codes(system: PoliceDutySystem) -> list[str]:
    return [entry.deed.code for entry in system.diary.after(0) if entry.deed.code != "PASS_ERBJUDET"]


def a_request(kind: str, fraga: str = "q1") -> Request:
    operation_id = next(f"op:{n}" for n in range(10_000) if answer_to(1, f"op:{n}", "polisen:p1").kind == kind)
    facts: dict[str, Any] = {
        "fraga": fraga,
        "insats": operation_id,
        "namn": "Björk",
        "pass": "p1",
        "antal_poliser": 2,
        "fran": MONDAY + timedelta(days=7),
        "till": MONDAY + timedelta(days=7, hours=6),
        "svar_senast": TUESDAY,
    }
    return Request.model_validate(facts)


def a_booking(lage: str = "BEKRAFTAD", **overrides: Any) -> DutyListBooking:
    own = {"lage": lage, "pass": () if lage == "AVBOKAD" else ("p1",), "planversion": 1, "andring": False}
    return DutyListBooking.model_validate({**own, "handelse": "told-1", **overrides})


def an_operation_acknowledged(*told: str) -> str:
    numbers = range(10_000)
    return next(f"op:{n}" for n in numbers if acknowledgement_after(1, "polisen", f"op:{n}", *told) is not None)


def test_all_sessions_are_offered_at_the_beginning() -> None:
    assert [entry.deed.facts["pass"] for entry in a_system().diary.after(0)] == ["p1", "p2"]


def test_a_loss_is_said_at_its_time_after_its_disturbance() -> None:
    system = a_system(a_loss())
    system.diary.advance(TUESDAY)
    assert codes(system) == []
    system.diary.advance(TUESDAY + HOUR)
    assert codes(system) == ["STORNING", "PASS_INSTALLT"]


def test_a_disturbance_that_takes_two_sessions_is_said_once() -> None:
    system = a_system(a_loss("p1"), a_loss("p2"))
    system.diary.advance(TUESDAY + HOUR)
    assert codes(system) == ["STORNING", "PASS_INSTALLT", "PASS_INSTALLT"]


def test_a_disturbance_that_is_over_gives_no_session_back() -> None:
    system = a_system(a_loss())
    system.diary.advance(TUESDAY + HOUR)
    system.end("s1")
    (over,) = (entry for entry in system.diary.after(0) if entry.deed.code == "STORNING_SLUT")
    assert (over.deed.facts["slut"], over.centre) == ((TUESDAY + HOUR).isoformat(), "akc-vast")
    assert codes(system) == ["STORNING", "PASS_INSTALLT", "STORNING_SLUT"]


def test_a_session_that_starts_later_is_shortened() -> None:
    system = a_system(a_loss(available_from=MONDAY + timedelta(days=7, hours=2)))
    system.diary.advance(TUESDAY + HOUR)
    assert codes(system)[-1] == "PASS_KORTAT"


def test_fewer_officers_are_a_reduced_force() -> None:
    system = a_system(a_loss(officers_left=2))
    system.diary.advance(TUESDAY + HOUR)
    assert codes(system)[-1] == "STYRKA_MINSKAD"


def test_a_retraction_names_the_entry_it_takes_back() -> None:
    system = a_system(a_loss())
    system.diary.advance(TUESDAY + HOUR)
    lost = system.diary.after(0)[-1]
    system.retract("p1")
    assert system.diary.after(0)[-1].deed.facts["avser"] == lost.number


def test_a_request_is_answered_yes() -> None:
    system = a_system()
    system.ask(a_request("yes"))
    system.diary.advance(MONDAY + 48 * HOUR)
    assert codes(system) == ["FORFRAGAN_JA"]


def test_a_request_for_a_session_lost_meanwhile_is_answered_no() -> None:
    system = a_system()
    system.ask(a_request("yes"))
    system.lose(a_loss())
    system.diary.advance(MONDAY + 48 * HOUR)
    assert system.diary.after(0)[-1].deed.facts["orsak"] == "PASS_INSTALLT"


def test_a_session_that_came_back_is_committed_again() -> None:
    system = a_system()
    system.lose(a_loss())
    system.restore("p1")
    system.ask(a_request("yes"))
    system.diary.advance(MONDAY + 48 * HOUR)
    assert codes(system)[-1] == "FORFRAGAN_JA"


def test_silence_is_never_an_answer() -> None:
    system = a_system()
    system.ask(a_request("silence"))
    system.diary.advance(MONDAY + timedelta(days=28))
    assert codes(system) == []


def test_a_request_about_a_released_operation_is_not_answered() -> None:
    system, request = a_system(), a_request("yes")
    system.ask(request)
    system.book(request.insats, a_booking("AVBOKAD"))
    system.diary.advance(MONDAY + 48 * HOUR)
    assert codes(system) == []


def test_a_confirmed_operation_is_acknowledged_within_an_hour_and_a_half() -> None:
    system, operation_id = a_system(), an_operation_acknowledged("1", "BEKRAFTAD")
    system.book(operation_id, a_booking())
    system.diary.advance(MONDAY + timedelta(minutes=90))
    facts = system.diary.after(0)[-1].deed.facts
    assert (codes(system), facts["fraga"], facts["planversion"]) == (["KVITTENS"], "told-1", 1)


def test_an_operation_that_is_only_scheduled_is_not_acknowledged() -> None:
    system = a_system()
    system.book(an_operation_acknowledged("1", "PRELIMINAR"), a_booking("PRELIMINAR"))
    system.diary.advance(TUESDAY)
    assert codes(system) == []


def test_a_cancelled_operation_is_acknowledged_too() -> None:
    system, operation_id = a_system(), an_operation_acknowledged("2", "AVBOKAD")
    system.book(operation_id, a_booking("PRELIMINAR"))
    system.book(operation_id, a_booking("AVBOKAD", planversion=2, andring=True, handelse="told-2"))
    system.diary.advance(TUESDAY)
    assert system.diary.after(0)[-1].deed.facts["fraga"] == "told-2"


def test_what_an_older_plan_tells_of_an_operation_is_not_noted() -> None:
    system = a_system()
    system.book("op:1", a_booking(planversion=2))
    system.book("op:1", a_booking("AVBOKAD", planversion=1))
    assert system.bookings["op:1"].lage == "BEKRAFTAD"


def test_sessions_of_two_centres_are_offered_each_to_its_own() -> None:
    worlds = [a_world(), a_world(centre="akc-stockholm", passes=(a_pass("s-p1"),))]
    system = PoliceDutySystem(worlds, (a_loss("s-p1"),))
    system.diary.advance(TUESDAY + HOUR)
    assert [entry.centre for entry in system.diary.after(0)] == ["akc-vast"] * 2 + ["akc-stockholm"] * 3
