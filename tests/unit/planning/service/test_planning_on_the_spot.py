"""What was done on the spot is done; what was not goes back to the list, and is planned again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from samsyn_contracts.carrying_out import InspectionSuspended, OperationAborted, OperationCompleted
from samsyn_contracts.envelope import Envelope, service_source
from samsyn_planning.domain.facts import Decision, Operation, Participation, Visit, Wanted
from samsyn_planning.domain.on_the_spot import GivenBack, give_back, on_the_account, take_account
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.time import Ended, pass_time

from tests.support.planning_facts import (
    AV,
    OTHER_CENTRE,
    POLICE,
    SKV,
    a_participation,
    a_wanted,
    an_envelope,
    an_operation,
    at,
    the_centre,
)

ONE, TWO = f"{AV}:I1", f"{AV}:I2"
ID = "op:polisen:P1"
DURING, AFTER = at(13, 10), at(13, 17)
NOTHING = Decision()


def an_operation_of_two(**overrides: Any) -> Operation:
    visits = tuple(Visit(id=one, start_at=at(13, 9 + n), end_at=at(13, 10 + n)) for n, one in enumerate((ONE, TWO)))
    return an_operation(status="confirmed", visits=visits, **overrides)


def wanted(*ids: str, **overrides: Any) -> list[Wanted | None]:
    return [a_wanted(one, **overrides) for one in ids or (ONE, TWO)]


def parts() -> list[Participation]:
    agencies = {f"{AV}:T1": "accepted", f"{SKV}:T1": "invited", "polisen:P1": "accepted"}
    return [a_participation(capacity_id, status) for capacity_id, status in agencies.items()]


def broken_off(*remaining: str, agency: str = AV) -> InspectionSuspended:
    told = {"operation_id": ID, "agency": agency, "plan_version": 1, "cause_code": "police_called_away"}
    return InspectionSuspended.model_validate({**told, "remaining_inspection_ids": remaining})


def given_up(*left: str, agency: str = AV) -> OperationAborted:
    told = {"operation_id": ID, "agency": agency, "plan_version": 1, "cause_code": "threat"}
    return OperationAborted.model_validate({**told, "left_inspection_ids": left})


def account(*done: str, left: tuple[str, ...] = (), ended_at: datetime = AFTER) -> OperationCompleted:
    told = {
        "operation_id": ID,
        "code_name": "Askås",
        "plan_version": 1,
        "outcome": "in_part" if left else "completed",
        "started_at": at(13, 8),
        "ended_at": ended_at,
        "done_inspection_ids": done,
        "left_inspection_ids": left,
        "handed_in_by": (AV,),
        "missing_from": (),
        "police_present": True,
        "counts_as_operation": True,
    }
    return OperationCompleted.model_validate(told)


def said(message: GivenBack, when: datetime = DURING, **overrides: Any) -> Envelope:
    return an_envelope(message, time=when, receivedtime=when, **overrides)


def told(message: OperationCompleted, **overrides: Any) -> Envelope:
    return an_envelope(message, source=service_source("inspection"), time=AFTER, **overrides)


def after_break(message: GivenBack, operation: Operation | None = None, known: Any = None, **envelope: Any) -> Decision:
    operation = operation or an_operation_of_two()
    return give_back(operation, parts(), wanted() if known is None else known, message, said(message, **envelope))


def after_account(message: OperationCompleted, operation: Operation | None = None, known: Any = None) -> Decision:
    return take_account(
        operation or an_operation_of_two(), wanted() if known is None else known, message, told(message)
    )


class TestGivenBack:
    """Broken off or given up: what is named goes back at once."""

    @pytest.mark.parametrize("message", [broken_off(TWO), given_up(TWO), broken_off(TWO, agency=POLICE)])
    def test_what_a_participant_names_is_given_back_and_the_plan_made_anew(self, message: GivenBack) -> None:
        decision = after_break(message)

        assert decision.keep == (an_operation_of_two(given_back=(TWO,)),)
        assert (decision.changed, decision.cause_code) == ("period", message.cause_code)

    @pytest.mark.parametrize("agency", [SKV, "migrationsverket"])
    def test_who_has_not_accepted_is_ignored(self, agency: str) -> None:
        assert after_break(broken_off(TWO, agency=agency)) == NOTHING

    def test_a_role_of_a_participant_is_the_participant(self) -> None:
        part = a_participation(f"{AV}:T1", "accepted", party=f"{AV}/south")
        message = broken_off(TWO)

        assert give_back(an_operation_of_two(), [part], wanted(), message, said(message)).changed == "period"

    def test_what_is_not_on_the_route_is_ignored(self) -> None:
        assert after_break(broken_off("skatteverket:I9")) == NOTHING
        assert after_break(broken_off("skatteverket:I9", ONE)).keep == (an_operation_of_two(given_back=(ONE,)),)

    def test_an_unknown_operation_and_one_of_another_centre_are_ignored(self) -> None:
        message = broken_off(TWO)

        assert give_back(None, parts(), wanted(), message, said(message)) == NOTHING
        assert after_break(message, centre=OTHER_CENTRE) == NOTHING

    def test_what_was_given_back_before_changes_nothing_more(self) -> None:
        assert after_break(broken_off(TWO), an_operation_of_two(given_back=(TWO,))) == NOTHING

    @pytest.mark.parametrize(("when", "changed"), [(at(13, 5, 59), None), (at(13, 6), "period")])
    def test_an_occasion_still_ahead_cannot_be_broken_off(self, when: datetime, changed: str | None) -> None:
        assert after_break(broken_off(TWO), when=when).changed == changed

    def test_nothing_is_given_back_of_an_operation_that_has_been_told_of(self) -> None:
        assert after_break(broken_off(TWO), an_operation_of_two(is_over=True)) == NOTHING

    def test_what_was_believed_done_when_the_session_ended_is_wanted_again(self) -> None:
        decision = after_break(
            broken_off(TWO),
            an_operation_of_two().model_copy(update={"status": "past"}),
            wanted(is_done=True, done_in=ID),
        )

        assert a_wanted(TWO) in decision.keep
        assert a_wanted(ONE) not in decision.keep

    def test_what_another_operation_has_done_stays_done(self) -> None:
        decision = after_break(broken_off(TWO), known=wanted(is_done=True, done_in="op:polisen:P9"))

        assert [kept for kept in decision.keep if isinstance(kept, Wanted)] == []


def ended(operation: Operation, known: list[Wanted | None]) -> set[str]:
    """What is believed done when the session of an operation has ended."""
    one = Ended(operation=operation, wanted=tuple(w for w in known if w is not None))
    decision = pass_time(the_centre(), at(13, 16), [], [], [one], DEFAULT)
    return {value.id for value in decision.keep if isinstance(value, Wanted) and value.is_done}


def test_what_was_given_back_is_not_believed_done_when_the_session_ends() -> None:
    assert ended(an_operation_of_two(given_back=(TWO,)), wanted()) == {ONE}


def test_nothing_is_believed_of_an_operation_that_has_been_told_of() -> None:
    assert ended(an_operation_of_two(is_over=True), wanted()) == set()


def test_what_is_done_already_is_not_done_anew() -> None:
    assert ended(an_operation_of_two(), wanted(is_done=True, done_in="op:polisen:P9")) == set()


class TestAccount:
    """The truth of what was done."""

    def test_what_was_done_is_done_in_that_operation_and_the_plan_stands(self) -> None:
        decision = after_account(account(ONE, TWO))

        done = [a_wanted(one, is_done=True, done_in=ID) for one in (ONE, TWO)]
        assert decision == Decision(keep=(an_operation_of_two(is_over=True), *done))

    def test_what_was_left_goes_back_and_the_plan_is_made_anew(self) -> None:
        decision = after_account(account(ONE, left=(TWO,)))

        assert decision.keep == (
            an_operation_of_two(is_over=True, given_back=(TWO,)),
            a_wanted(ONE, is_done=True, done_in=ID),
        )
        assert decision.changed == "period"

    def test_what_was_believed_done_and_was_left_is_wanted_again(self) -> None:
        past = an_operation_of_two().model_copy(update={"status": "past"})

        decision = after_account(account(ONE, left=(TWO,)), past, wanted(is_done=True, done_in=ID))

        assert decision.keep[1:] == (a_wanted(TWO),)
        assert (decision.changed, decision.keep[0]) == (
            "period",
            past.model_copy(update={"is_over": True, "given_back": (TWO,)}),
        )

    def test_what_was_believed_done_and_was_changes_nothing(self) -> None:
        past = an_operation_of_two().model_copy(update={"status": "past"})

        decision = after_account(account(ONE, TWO), past, wanted(is_done=True, done_in=ID))

        assert decision == Decision(keep=(past.model_copy(update={"is_over": True}),))

    def test_what_had_gone_back_before_changes_no_plan(self) -> None:
        decision = after_account(account(ONE, left=(TWO,)), an_operation_of_two(given_back=(TWO,)))

        assert decision.changed is None

    def test_what_has_gone_back_and_been_done_elsewhere_stays_done(self) -> None:
        elsewhere = [a_wanted(ONE), a_wanted(TWO, is_done=True, done_in="op:polisen:P9")]

        decision = after_account(account(ONE, left=(TWO,)), an_operation_of_two(given_back=(TWO,)), elsewhere)

        assert [kept.id for kept in decision.keep[1:] if isinstance(kept, Wanted)] == [ONE]

    def test_what_was_done_here_is_not_wanted_again_when_another_operation_that_had_it_tells_of_it_as_left(
        self,
    ) -> None:
        believed = [a_wanted(ONE), a_wanted(TWO, is_done=True, done_in="op:polisen:P9")]

        decision = after_account(account(ONE, TWO), an_operation_of_two(given_back=(TWO,)), believed)

        assert a_wanted(TWO, is_done=True, done_in=ID) in decision.keep
        assert decision.changed is None

    def test_what_was_done_after_all_may_stand_elsewhere_by_now(self) -> None:
        decision = after_account(account(ONE, TWO), an_operation_of_two(given_back=(TWO,)))

        assert decision.changed == "period"
        assert a_wanted(TWO, is_done=True, done_in=ID) in decision.keep

    def test_what_is_on_planning_s_route_and_on_no_account_goes_back(self) -> None:
        assert after_account(account(ONE)).keep[0] == an_operation_of_two(is_over=True, given_back=(TWO,))

    def test_what_was_done_beside_planning_s_route_is_done(self) -> None:
        message = account(ONE, TWO, f"{AV}:I3")
        named = on_the_account(an_operation_of_two(), message)

        decision = after_account(message, known=wanted(*named))

        assert named == (ONE, TWO, f"{AV}:I3")
        assert (decision.changed, a_wanted(f"{AV}:I3", is_done=True, done_in=ID) in decision.keep) == ("period", True)

    @pytest.mark.parametrize("status", ["postponed", "cancelled"])
    def test_one_that_planning_had_called_off_waits_for_no_other_occasion(self, status: str) -> None:
        operation = an_operation_of_two().model_copy(update={"status": status})

        decision = after_account(account(ONE, TWO), operation)

        assert decision.keep[0] == operation.model_copy(update={"status": "past", "is_over": True})
        assert decision.changed == "period"

    def test_one_that_planning_has_given_another_occasion_keeps_it_for_what_was_not_done(self) -> None:
        moved = an_operation_of_two(day=20)

        decision = after_account(account(ONE, left=(TWO,)), moved)

        assert decision == Decision(keep=(a_wanted(ONE, is_done=True, done_in=ID),), changed="period")

    def test_an_unknown_operation_and_one_of_another_centre_are_ignored(self) -> None:
        message = account(ONE)

        assert take_account(None, wanted(), message, told(message)) == NOTHING
        assert take_account(an_operation_of_two(), wanted(), message, told(message, centre=OTHER_CENTRE)) == NOTHING
