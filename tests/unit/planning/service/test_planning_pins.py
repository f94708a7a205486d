"""Pins: who may pin what, and that no replan moves what is pinned unless it is hit itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from samsyn_contracts.plans import OperationPinned, OperationUnpinned
from samsyn_planning.domain.backups import likeness, losing, problem_without
from samsyn_planning.domain.facts import Centre, Decision, Operation, Pin, Question
from samsyn_planning.domain.pins import pin_operation
from samsyn_planning.domain.planner import just_cancel
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify

from tests.support.planned_centre import ANY, GIVEN, a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import (
    AV,
    CENTRE,
    OTHER_CENTRE,
    a_pin,
    a_session,
    a_team,
    a_wanted,
    an_envelope,
    an_operation,
    at,
    the_centre,
)

P13, P14 = "polisen:P13", "polisen:P14"
OP13 = f"op:{P13}"


def said(kind: type[OperationPinned | OperationUnpinned] = OperationPinned, **changed: Any) -> Any:
    told = {"operation_id": "op:polisen:P1", "centre": CENTRE, "by_function": "coordinator", "reason_code": "promised"}
    return kind.model_validate({**told, **changed})


def decided(
    operation: Operation | None = None,
    known: Pin | None = None,
    message: Any = None,
    centre: Centre | None = None,
    **envelope: Any,
) -> Decision:
    message = message or said()
    return pin_operation(operation, known, message, centre or the_centre(), an_envelope(message, **envelope))


def refusal(decision: Decision) -> tuple[str, str] | None:
    return None if decision.refuse is None else (decision.refuse.code, decision.refuse.pointer)


class TestWhatIsPinned:
    """A centre pins its own operations, while they are not over."""

    def test_an_operation_of_the_centre_is_pinned_and_the_plan_made_anew(self) -> None:
        decision = decided(an_operation())

        assert decision.keep == (a_pin(said_by="e1"),)
        assert (decision.changed, decision.cause_code) == ("period", "promised")

    def test_pinned_again_it_is_as_before_and_no_plan_is_made(self) -> None:
        assert decided(an_operation(), a_pin()).changed is None

    def test_let_go_it_is_not_pinned_and_the_plan_is_made_anew(self) -> None:
        decision = decided(an_operation(), a_pin(), said(OperationUnpinned))

        assert decision.keep == (a_pin(is_pinned=False, said_by="e1"),)
        assert decision.changed == "period"

    def test_letting_go_of_what_was_not_pinned_changes_nothing(self) -> None:
        decision = decided(an_operation(), None, said(OperationUnpinned))

        assert (decision.refuse, decision.changed) == (None, None)

    @pytest.mark.parametrize("status", ["draft", "confirmed", "postponed"])
    def test_what_is_planned_or_waits_may_be_pinned(self, status: str) -> None:
        assert refusal(decided(an_operation(status=status))) is None

    def test_an_unknown_operation_is_refused(self) -> None:
        assert refusal(decided()) == ("unknown_id", "/operation_id")

    def test_an_operation_of_another_centre_is_refused(self) -> None:
        assert refusal(decided(an_operation(centre=OTHER_CENTRE))) == ("unknown_id", "/operation_id")

    def test_a_centre_speaks_for_itself_alone(self) -> None:
        message = said(centre=OTHER_CENTRE)

        assert refusal(decided(an_operation(), message=message)) == ("unknown_id", "/centre")

    @pytest.mark.parametrize("gone", [{"status": "past"}, {"status": "cancelled"}, {"is_over": True}])
    def test_an_operation_that_is_over_is_refused(self, gone: dict[str, Any]) -> None:
        assert refusal(decided(an_operation(**gone))) == ("already_past", "/operation_id")

    @pytest.mark.parametrize(
        ("now_at", "found"), [(at(13, 15, 59), None), (at(13, 16), ("already_past", "/operation_id"))]
    )
    def test_an_operation_is_over_when_its_session_has_ended(self, now_at: Any, found: tuple[str, str] | None) -> None:
        assert refusal(decided(an_operation(), centre=the_centre(now_at=now_at))) == found

    def test_an_operation_that_waits_is_not_over_when_its_lost_session_ends(self) -> None:
        assert refusal(decided(an_operation(status="postponed"), centre=the_centre(now_at=at(14)))) is None

    def test_an_older_word_is_superseded_and_a_newer_remembered(self) -> None:
        assert refusal(decided(an_operation(), a_pin(sequence=5), sequence=5)) == (
            "superseded",
            "/headers/ce_sequence",
        )
        (kept,) = decided(an_operation(), a_pin(sequence=5), sequence=6).keep
        assert isinstance(kept, Pin)
        assert kept.sequence == 6

    def test_a_word_without_a_number_does_not_lose_the_number_heard(self) -> None:
        (kept,) = decided(an_operation(), a_pin(sequence=5)).keep
        assert isinstance(kept, Pin)
        assert kept.sequence == 5


def pinned(snapshot: Snapshot, operation_id: str = OP13) -> Snapshot:
    (name,) = [o.code_name for o in snapshot.operations if o.id == operation_id]
    return with_values(snapshot, a_pin(operation_id, code_name=name))


class TestTheProblem:
    """What the planner is told of pins."""

    def test_without_pins_the_problem_does_not_speak_of_them(self) -> None:
        assert "pinned" not in problem_of(planned(a_day_of_work()).snapshot, GIVEN, DEFAULT)

    @pytest.mark.parametrize("own", [{"is_pinned": False}, {"code_name": "Bastås"}, {"id": "op:polisen:P99"}])
    def test_a_pin_let_go_or_of_an_operation_that_was_is_not_told(self, own: dict[str, Any]) -> None:
        snapshot = planned(a_day_of_work()).snapshot
        (operation,) = snapshot.operations
        pin = a_pin(operation.id, code_name=operation.code_name).model_copy(update=own)

        assert "pinned" not in problem_of(with_values(snapshot, pin), GIVEN, DEFAULT)

    def test_an_operation_that_waits_is_pinned_only_where_it_stands_again(self) -> None:
        waits = replanned(without(pinned(planned(a_day_of_work(days=(13,))).snapshot), P13)).snapshot

        assert [operation.status for operation in waits.operations] == ["postponed"]
        assert "pinned" not in problem_of(waits, GIVEN, DEFAULT)

    def test_a_backups_problem_is_another_with_a_pin(self) -> None:
        snapshot = planned(a_day_of_work(days=(13, 14), num_inspections=2)).snapshot
        (operation,) = snapshot.operations

        with_pin, without_pin = (problem_without(s, operation, DEFAULT) for s in (pinned(snapshot), snapshot))

        assert with_pin["pinned"] == [operation.id]
        assert likeness(with_pin) != likeness(without_pin)
        assert losing(pinned(snapshot), P13).pins == pinned(snapshot).pins

    def test_the_former_plan_stands_with_its_pins(self) -> None:
        snapshot = pinned(planned(a_day_of_work()).snapshot)
        question = Question(consent="given", standing=snapshot.operations, holds_everything=True)

        assert problem_of(snapshot, question, DEFAULT)["pinned"] == [OP13]


class TestReplans:
    """An improvement leaves a pinned operation alone; a loss of its own police does not."""

    def test_what_is_pinned_takes_no_part_in_an_improvement(self) -> None:
        before = planned(a_day_of_work(days=(13,))).snapshot
        better = with_values(before, a_wanted(f"{AV}:I2", value=900))

        assert len(planned(better).operation.visits) == 2
        assert planned(pinned(better)).operation == before.operations[0]

    def test_a_plan_that_moves_what_is_pinned_is_refused_by_the_verifier(self) -> None:
        better = with_values(planned(a_day_of_work(days=(13,))).snapshot, a_wanted(f"{AV}:I2", value=900))
        grown = planned(better).replan.plan

        assert verify(problem_of(better, ANY, DEFAULT), grown).is_accepted
        assert not verify(problem_of(pinned(better), ANY, DEFAULT), grown).is_accepted

    def test_a_loss_of_its_police_hits_what_is_pinned(self) -> None:
        before = pinned(planned(a_day_of_work(days=(13, 20))).snapshot)

        moved = replanned(without(before, P13))

        assert moved.operation.session_id == "polisen:P20"
        assert moved.replan.plan["operations"] != just_cancel(moved.replan.problem)["operations"]

    def test_it_stays_pinned_on_the_occasion_that_it_is_given(self) -> None:
        before = pinned(planned(a_day_of_work(days=(13, 20))).snapshot)
        moved = replanned(without(before, P13)).snapshot
        (operation,) = moved.operations

        assert problem_of(moved, GIVEN, DEFAULT)["pinned"] == [operation.id]

    def test_a_loss_elsewhere_does_not_move_it(self) -> None:
        """The only session left would serve the lost operation's site better, were it free."""
        day = [a_session(P13, 13), a_team(f"{AV}:T13", 13), a_session(P14, 14), a_team(f"{AV}:T14", 14)]
        one_day, both = ([{"from_at": at(13), "until_at": at(day)}] for day in (14, 15))
        sites = [
            a_wanted(f"{AV}:I1", value=100, time_windows=one_day, duration_minutes=120),
            a_wanted(f"{AV}:I2", value=900, time_windows=both, duration_minutes=420),
        ]
        snapshot = with_values(a_day_of_work(days=(), num_inspections=0), *day, *sites)
        before = planned(snapshot).snapshot
        where = {visit.id: o for o in before.operations for visit in o.visits}
        small, large = where[f"{AV}:I1"], where[f"{AV}:I2"]
        assert (small.session_id, large.session_id) == (P13, P14)

        free = replanned(without(before, P14)).snapshot
        held = replanned(without(pinned(before, small.id), P14)).snapshot

        assert [v.id for o in free.operations if o.session_id == P13 for v in o.visits] == [f"{AV}:I2"]
        assert [o for o in held.operations if o.session_id == P13] == [small]
        assert held.centre.now_at == before.centre.now_at
        assert small.start_at - at(5, 8) > timedelta(days=3)  # it is the pin that holds it, not the freeze
