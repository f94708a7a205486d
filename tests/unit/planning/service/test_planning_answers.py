"""What follows from answers to requests, when an operation is confirmed, and what is told by phone."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.operations import (
    OperationConfirmed,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
    PoliceCommitted,
    PoliceDeclined,
    PoliceLossReported,
)
from samsyn_contracts.told_by_phone import ParticipationAnswerReported
from samsyn_planning.domain.answers import Answer, judge_note, report_loss, take_answer
from samsyn_planning.domain.facts import Decision, Operation, Participation, Value
from samsyn_planning.domain.proposals import confirm

from tests.support.planning_facts import (
    AV,
    CENTRE,
    NOW,
    OTHER_CENTRE,
    POLICE,
    SKV,
    a_participation,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_envelope,
    an_operation,
    at,
    lost,
    the_centre,
)

OP, P1, T1, T2 = "op:polisen:P1", "polisen:P1", f"{AV}:T1", f"{SKV}:T2"
YES = ParticipationAccepted(operation_id=OP, capacity_id=T1, session_id=P1)
NO = ParticipationDeclined(operation_id=OP, capacity_id=T1, reason_code="no_staff")
GONE = ParticipationWithdrawn(operation_id=OP, capacity_id=T1, reason_code="illness")
COMMITTED = PoliceCommitted(operation_id=OP, capacity_id=P1, unit="local_police")
POLICE_NO = PoliceDeclined(operation_id=OP, capacity_id=P1, reason_code="no_staff")
POLICE_IN, AV_IN = a_participation(P1, "accepted"), a_participation(T1, "accepted")


def answered(
    answer: Answer,
    part: Participation | None = None,
    operation: Operation | None = None,
    sequence: int | None = None,
    **centre: Any,
) -> Decision:
    part = part or a_participation(answer.capacity_id)
    envelope = an_envelope(answer, "a1", sequence=sequence)
    return take_answer(operation or an_operation(), part, answer, the_centre(**centre), envelope)


def part_after(decision: Decision) -> Participation:
    assert decision.refuse is None
    return next(value for value in decision.keep if isinstance(value, Participation))


def refusal(decision: Decision) -> tuple[str, str]:
    assert decision.refuse is not None
    return decision.refuse.code, decision.refuse.pointer


@pytest.mark.parametrize("answer", [YES, COMMITTED])
def test_who_accepts_has_answered_for_that_session_and_moves_nothing(answer: Answer) -> None:
    decision = answered(answer)

    part = part_after(decision)
    assert (part.status, part.accepted_for, part.answered_by, part.reply_by) == ("accepted", P1, "a1", None)
    assert decision.changed is None


@pytest.mark.parametrize("answer", [NO, POLICE_NO])
def test_who_declines_is_replaced_when_facts_have_settled(answer: Answer) -> None:
    decision = answered(answer)

    assert (part_after(decision).status, part_after(decision).reply_by) == ("declined", None)
    assert (decision.changed, decision.cause_code) == ("period", "no_staff")


def test_who_withdraws_is_replaced_at_once() -> None:
    decision = answered(GONE, AV_IN)

    assert (part_after(decision).status, decision.changed, decision.cause_code) == ("withdrawn", "loss", "illness")


def test_who_declines_after_having_accepted_is_replaced_at_once() -> None:
    assert answered(NO, AV_IN).changed == "loss"


def test_an_answer_about_an_unknown_operation_is_refused() -> None:
    decision = take_answer(None, None, YES, the_centre(), an_envelope(YES))

    assert refusal(decision) == ("unknown_id", "/operation_id")


def test_an_answer_about_an_operation_of_another_centre_is_refused() -> None:
    assert refusal(answered(YES, operation=an_operation(centre=OTHER_CENTRE))) == ("unknown_id", "/operation_id")


def test_who_was_released_takes_part_no_longer() -> None:
    assert refusal(answered(YES, a_participation(T1, "released"))) == ("not_participant", "/capacity_id")


def test_who_was_never_asked_cannot_answer() -> None:
    decision = take_answer(an_operation(), None, YES, the_centre(), an_envelope(YES))

    assert refusal(decision) == ("not_participant", "/capacity_id")


@pytest.mark.parametrize("answer", [YES, NO, GONE])
def test_a_department_answers_for_its_own_team_alone(answer: Answer) -> None:
    part = a_participation(T1).model_copy(update={"party": f"{AV}/unit-a"})
    of_another, own = (an_envelope(answer, "a1", actorrole=f"unit-{unit}") for unit in "ba")

    assert refusal(take_answer(an_operation(), part, answer, the_centre(), of_another)) == ("not_owner", "/capacity_id")
    assert take_answer(an_operation(), part, answer, the_centre(), own).refuse is None
    # What was told before a party had departments is the whole party's.
    bare = a_participation(T1)
    assert take_answer(an_operation(), bare, answer, the_centre(), own).refuse is None
    assert take_answer(an_operation(), part, answer, the_centre(), an_envelope(answer, "a1")).refuse is None


def test_a_late_yes_does_not_bring_back_a_team_that_the_plan_has_replaced() -> None:
    silent, replaced = a_participation(T1, "silent"), an_operation(teams=(T2,))

    assert refusal(answered(YES, silent, replaced)) == ("not_participant", "/capacity_id")


def test_a_yes_for_the_former_session_commits_nobody_to_the_new_one() -> None:
    moved = an_operation(session_id="polisen:P2")

    decision = answered(YES, a_participation(T1, session_id="polisen:P2"), moved)

    assert refusal(decision) == ("superseded", "/session_id")


@pytest.mark.parametrize(("no", "status"), [(NO, "invited"), (NO, "accepted"), (GONE, "accepted")])
def test_a_no_to_the_former_session_takes_nobody_from_the_new_one(no: Answer, status: str) -> None:
    moved, part = an_operation(session_id="polisen:P2"), a_participation(T1, status, session_id="polisen:P2")

    def to(session_id: str | None) -> Decision:
        return answered(no.model_copy(update={"session_id": session_id}), part, moved)

    assert refusal(to(P1)) == ("superseded", "/session_id")
    assert part_after(to("polisen:P2")).status in ("declined", "withdrawn")
    assert to(None) == to("polisen:P2"), "one that names none is to the present one"


@pytest.mark.parametrize("answer", [COMMITTED, POLICE_NO])
def test_what_the_police_say_of_the_former_session_is_about_no_part_of_the_operation(answer: Answer) -> None:
    moved = an_operation(session_id="polisen:P2")

    assert refusal(answered(answer, operation=moved)) == ("not_participant", "/capacity_id")


@pytest.mark.parametrize("late", [YES, NO])
def test_an_answer_entered_after_its_time_is_taken_while_the_plan_still_counts_on_the_team(late: Answer) -> None:
    """Given before `reply_by`, as its `occurred_at` tells, and heard after it: what the plan is now decides."""
    part = part_after(answered(late, a_participation(T1, "silent"), now_at=at(12, 12)))

    assert part.status == ("accepted" if late is YES else "declined")


def test_an_answer_after_the_end_changes_nothing() -> None:
    assert refusal(answered(YES, now_at=at(13, 16))) == ("already_past", "/operation_id")


def test_an_older_answer_of_the_same_agency_is_superseded() -> None:
    heard = next(v for v in answered(NO, sequence=5).keep if isinstance(v, Operation))

    assert refusal(answered(YES, operation=heard, sequence=4)) == ("superseded", "/headers/ce_sequence")


def test_the_number_of_one_agencys_answer_does_not_age_anothers() -> None:
    heard = next(v for v in answered(YES, sequence=5).keep if isinstance(v, Operation))

    assert part_after(answered(COMMITTED, operation=heard, sequence=1)).status == "accepted"


def confirmed(*values: Value, operation: Operation | None = None) -> Decision:
    """What `confirm` decides: everybody has accepted and is ready, unless values say otherwise."""
    known: dict[Any, Value] = {}
    defaults = (a_session(P1), a_team(T1), a_wanted(), POLICE_IN, AV_IN)
    for value in (*defaults, *values):
        key = value.capacity_id if isinstance(value, Participation) else getattr(value, "id", None)
        known[type(value), key] = value
    return confirm(a_snapshot(operation or an_operation(), *known.values()))


def test_an_operation_is_confirmed_when_everybody_has_accepted_and_is_ready() -> None:
    decision = confirmed()

    (message,) = decision.say
    assert isinstance(message, OperationConfirmed)
    assert [p.agency for p in message.participants] == [AV, POLICE]
    results = message.guard_results
    assert (results.police, results.other_agency, results.ready, results.coordinator) == (
        "met",
        "met",
        "met",
        "not_needed",
    )
    assert decision.keep == (an_operation(status="confirmed"),)


NEEDS_COORDINATOR = a_wanted(exploitation_indicated=True)
COORDINATOR = a_team(T1, skills=("region_coordinator",))


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("the police have not answered", [a_participation(P1, "invited")]),
        ("the police have declined", [a_participation(P1, "declined")]),
        ("the session is lost", [lost(a_session(P1))]),
        ("the session is lost and the site would do without", [lost(a_session(P1)), a_wanted(police_need="wanted")]),
        ("the team has not answered", [a_participation(T1, "invited")]),
        ("the team is silent", [a_participation(T1, "silent")]),
        ("nobody is ready", [a_wanted(ready={})]),
        ("the team's agency is not ready", [a_wanted(ready={AV: False, SKV: True})]),
        ("exploitation is indicated and no coordinator comes", [NEEDS_COORDINATOR]),
    ],
)
def test_an_operation_is_not_confirmed_while(guard: str, values: list[Value]) -> None:
    assert confirmed(*values) == Decision(), guard


def test_a_coordinator_on_the_way_meets_the_guard() -> None:
    (message,) = confirmed(NEEDS_COORDINATOR, COORDINATOR).say

    assert isinstance(message, OperationConfirmed)
    assert message.guard_results.coordinator == "met"


def test_everybody_called_must_have_accepted() -> None:
    two = an_operation(teams=(T1, T2))

    assert confirmed(a_team(T2), a_participation(T2, "invited"), operation=two) == Decision()


@pytest.mark.parametrize(("need", "is_confirmed"), [("required", False), ("wanted", True), ("not_needed", True)])
def test_an_operation_published_without_police_needs_two_agencies_and_sites_that_allow_it(
    need: str, is_confirmed: bool
) -> None:
    two = an_operation(teams=(T1, T2))
    rest = [lost(a_session(P1)), a_participation(P1, "released"), a_team(T2), a_participation(T2, "accepted")]

    assert bool(confirmed(a_wanted(police_need=need), *rest, operation=two).say) == is_confirmed


def test_one_agency_alone_is_not_enough_without_police() -> None:
    decision = confirmed(a_wanted(police_need="not_needed"), a_participation(P1, "released"))

    assert decision == Decision()


@pytest.mark.parametrize("status", ["draft", "confirmed", "postponed", "past"])
def test_only_a_scheduled_operation_can_be_confirmed(status: str) -> None:
    assert confirmed(operation=an_operation(status=status)) == Decision()


def told(by: str = AV, **overrides: Any) -> Decision:
    """A loss told by phone; the operation, the session and the parts are the usual ones unless given."""
    message = PoliceLossReported(
        operation_id=OP,
        agency=by,
        session_id=overrides.get("session_id"),
        told_by_function="coordinator",
        channel="phone",
        told_at=NOW,
    )
    operation, police = overrides.get("operation", an_operation()), overrides.get("police", a_session(P1))
    return report_loss(operation, police, (POLICE_IN, AV_IN), message, an_envelope(message, "t1", party=by))


@pytest.mark.parametrize("by", [AV, POLICE, CENTRE])
def test_a_loss_told_by_phone_marks_the_operation_at_risk_and_takes_nothing_yet(by: str) -> None:
    decision = told(by)

    operation, police = decision.keep
    assert operation == an_operation(at_risk_by="t1")
    assert police == a_session(P1).model_copy(update={"reported_by": "t1"})
    assert (decision.changed, decision.cause_code) == ("loss", "told_by_phone")


def test_only_the_centre_and_participants_can_tell_of_a_loss() -> None:
    assert refusal(told(SKV)) == ("not_participant", "/operation_id")


@pytest.mark.parametrize("status", ["postponed", "cancelled", "past"])
def test_an_operation_without_an_occasion_has_no_police_to_lose(status: str) -> None:
    assert refusal(told(operation=an_operation(status=status))) == ("unknown_id", "/operation_id")


def test_a_loss_of_the_session_that_the_operation_has_left_is_none_of_its_new_one() -> None:
    moved: dict[str, Any] = {"operation": an_operation(session_id="polisen:P2"), "police": a_session("polisen:P2")}

    assert refusal(told(**moved, session_id=P1)) == ("superseded", "/session_id")
    assert told(**moved, session_id="polisen:P2") == told(**moved), "one that names none is of the present one"


def test_a_loss_that_the_police_have_said_themselves_is_decided() -> None:
    assert refusal(told(police=lost(a_session(P1)))) == ("already_decided", "/operation_id")


def noted(by: str = SKV, answer: str = "accept", capacity_id: str = T1, session_id: str = P1, **known: Any) -> Decision:
    """An answer told by phone, noted by an agency that takes part; operation, parts and time are as usual."""
    told: dict[str, Any] = {
        "operation_id": OP,
        "noted_by": by,
        "agency": capacity_id.partition(":")[0],
        "capacity_id": capacity_id,
    }
    told |= {"session_id": session_id, "answer": answer, "reason_code": "illness" if answer == "decline" else None}
    told |= {"told_by_function": "coordinator", "channel": "phone", "told_at": NOW, "by_function": "coordinator"}
    reported = ParticipationAnswerReported.model_validate(told)
    operation = known.get("operation", an_operation(teams=(T1, T2)))
    parts = (POLICE_IN, known.get("part", a_participation(T1)), a_participation(T2))
    centre = the_centre(now_at=known.get("now_at", NOW))
    return judge_note(operation, parts, reported, centre, an_envelope(reported, "n1", party=by))


@pytest.mark.parametrize("by", [SKV, POLICE, CENTRE])
@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_nothing_follows_from_an_answer_told_by_phone_whatever_it_is(by: str, answer: str) -> None:
    assert noted(by, answer) == Decision()


def test_a_yes_told_by_phone_confirms_no_operation_and_stops_no_clock() -> None:
    """The part is as before: asked, with its time to reply; the guard that asks for everybody's yes is not met."""
    asked = a_participation(T1, "invited")

    assert noted(part=asked).keep == ()
    assert confirmed(asked) == Decision()


@pytest.mark.parametrize("answer", [YES, NO])
def test_the_agencys_own_words_count_alone_whether_they_confirm_the_note_or_contradict_it(answer: Answer) -> None:
    assert noted(answer="accept") == noted(answer="decline") == Decision()

    assert part_after(answered(answer)).status == ("accepted" if answer is YES else "declined")


def test_a_note_about_who_has_not_answered_in_time_is_taken_while_the_plan_counts_on_it() -> None:
    assert noted(part=a_participation(T1, "silent")) == Decision()


@pytest.mark.parametrize("status", ["accepted", "declined", "withdrawn"])
@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_what_an_agency_has_answered_itself_nobody_notes_anew(status: str, answer: str) -> None:
    part = a_participation(T1, status)

    assert refusal(noted(part=part, answer=answer)) == ("already_decided", "/capacity_id")


def test_an_answer_for_the_former_session_is_no_answer_for_the_new_one() -> None:
    moved, asked_anew = (
        an_operation(session_id="polisen:P2", teams=(T1, T2)),
        a_participation(T1, session_id="polisen:P2"),
    )

    assert refusal(noted(operation=moved, part=asked_anew)) == ("superseded", "/session_id")


def test_an_answer_of_a_team_that_was_released_or_replaced_is_noted_no_longer() -> None:
    released = noted(part=a_participation(T1, "released"))
    replaced = noted(part=a_participation(T1, "silent"), operation=an_operation(teams=(T2,)))

    assert refusal(released) == refusal(replaced) == ("not_participant", "/capacity_id")


def test_an_answer_of_a_team_that_was_never_asked_is_not_noted() -> None:
    assert refusal(noted(capacity_id=f"{AV}:T9")) == ("not_participant", "/capacity_id")


def test_only_the_centre_and_those_concerned_note_what_another_has_answered() -> None:
    assert refusal(noted("migrationsverket")) == ("not_participant", "/operation_id")


@pytest.mark.parametrize("status", ["postponed", "cancelled", "past"])
def test_an_operation_without_an_occasion_waits_for_no_answer(status: str) -> None:
    assert refusal(noted(operation=an_operation(status=status))) == ("unknown_id", "/operation_id")


def test_an_answer_about_an_unknown_operation_or_one_of_another_centre_is_not_noted() -> None:
    for operation in (None, an_operation(centre=OTHER_CENTRE)):
        assert refusal(noted(operation=operation)) == ("unknown_id", "/operation_id")


def test_an_answer_noted_after_the_end_is_too_late() -> None:
    assert refusal(noted(now_at=at(13, 16))) == ("already_past", "/operation_id")
