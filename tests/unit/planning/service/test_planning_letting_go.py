"""What is held and clashes: a pin gives way first, and there is always a problem that has a plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_contracts.operations import OperationCancelled, OperationPostponed, OperationRescheduled
from samsyn_planning.domain.facts import Operation, Question
from samsyn_planning.domain.letting_go import LetGo, without_clashes
from samsyn_planning.domain.planner import ProblemError, frozen_clash, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import posed_of, problem_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify
from samsyn_planning.worker import fallback

from tests.support.planned_centre import GIVEN, Planned, a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import AV, SKV, a_pin, a_session, a_team, a_wanted, at

P13, P14, P20 = "polisen:P13", "polisen:P14", "polisen:P20"
OP13, OP14, OP20 = f"op:{P13}", f"op:{P14}", f"op:{P20}"
LONG = {"end_at": at(13, 22)}  # ten hours before the next day's session: a team needs eleven


def on_day(day: int) -> list[dict[str, object]]:
    return [{"from_at": at(day), "until_at": at(day + 1)}]


def three_days() -> Snapshot:
    """An operation on each of three days, the first two of the same teams."""
    sites = [a_wanted(f"{AV}:I{day}", time_windows=on_day(day)) for day in (13, 14, 20)]
    snapshot = planned(a_day_of_work(*sites, days=(13, 14, 20), num_inspections=0)).snapshot
    assert [operation.id for operation in snapshot.operations] == [OP13, OP14, OP20]
    return snapshot


def prolonged(snapshot: Snapshot) -> Snapshot:
    """The first day's session and teams offered again, into the night: what stands on the first two clashes by H10."""
    teams = (a_team(f"{agency}:T13", 13, **LONG) for agency in (AV, SKV))
    return with_values(snapshot, a_session(P13, 13, **LONG), *teams)


def with_pins(snapshot: Snapshot, *ids: str) -> Snapshot:
    names = {operation.id: operation.code_name for operation in snapshot.operations}
    return with_values(snapshot, *(a_pin(own, code_name=names[own]) for own in ids))


def moved_today(snapshot: Snapshot, *ids: str) -> Snapshot:
    moved = (o.model_copy(update={"moved_at": snapshot.centre.now_at}) for o in snapshot.operations if o.id in ids)
    return with_values(snapshot, *moved)


def let_go(snapshot: Snapshot, question: Question = GIVEN) -> list[tuple[str, str, str]]:
    return [(one.operation_id, one.held_by, one.rule) for one in posed_of(snapshot, question, DEFAULT).let_go]


def name_of(snapshot: Snapshot, operation_id: str) -> str:
    (name,) = [o.code_name for o in snapshot.operations if o.id == operation_id]
    return name


class TestPins:
    """Two pinned operations of one team, and a session of one prolonged until they clash."""

    def test_held_as_wished_the_two_have_no_plan(self) -> None:
        """What the rest of these tests is about: before pins gave way every replan of the centre ended here."""
        problem = problem_of(without(prolonged(with_pins(three_days(), OP13)), P20), GIVEN, DEFAULT)

        with pytest.raises(ProblemError, match="clash by H10"):
            solve({**problem, "pinned": [OP13, OP14]})

    def test_the_later_of_two_that_clash_is_let_go_and_a_loss_elsewhere_answered(self) -> None:
        hit = without(prolonged(with_pins(three_days(), OP13, OP14)), P20)
        assert let_go(hit) == [(OP14, "pinned", "H10")]

        answer = replanned(hit)

        assert answer.replan.problem["pinned"] == [OP13]
        assert verify(answer.replan.problem, answer.replan.plan).is_accepted
        assert [o.session_id for o in answer.publication.operations if o.id == OP13] == [P13]
        assert answer.status_of(OP20) in ("postponed", "cancelled")

    def test_what_is_let_go_is_told_why_in_both_languages(self) -> None:
        hit = without(prolonged(with_pins(three_days(), OP13, OP14)), P20)

        (reason,) = [r for r in reasons_of(replanned(hit), OP14) if r[0] == "LET_GO"]

        stands = name_of(hit, OP13)
        assert reason == (
            "LET_GO",
            f"Insatsen var låst, men kan inte vara som den var bredvid {stands}: "
            "laget hinner inte med båda och sin vila.",
            f"The operation was pinned, but cannot be as it was beside {stands}: "
            "the team cannot do both and have its rest.",
        )
        assert "LET_GO" not in [code for code, _, _ in reasons_of(replanned(hit), OP20)]

    def test_a_pin_gives_way_to_what_is_held_harder_though_that_is_later(self) -> None:
        assert let_go(prolonged(moved_today(with_pins(three_days(), OP13), OP14))) == [(OP13, "pinned", "H10")]

    def test_pins_that_do_not_clash_all_hold(self) -> None:
        snapshot = with_pins(three_days(), OP13, OP14, OP20)

        assert let_go(snapshot) == []
        assert problem_of(snapshot, GIVEN, DEFAULT)["pinned"] == [OP13, OP14, OP20]

    def test_one_pin_alone_holds_beside_what_is_not_held(self) -> None:
        assert let_go(prolonged(with_pins(three_days(), OP14))) == []

    def test_the_pin_holds_again_when_the_plan_has_made_room(self) -> None:
        after = replanned(prolonged(with_pins(three_days(), OP13, OP14))).snapshot

        assert let_go(after) == []

    def test_a_pin_that_gives_way_is_no_reason_to_move_nothing(self) -> None:
        assert posed_of(prolonged(with_pins(three_days(), OP13, OP14)), GIVEN, DEFAULT).against == ()

    def test_the_plan_that_stood_before_a_mistake_has_a_plan_too(self) -> None:
        snapshot = prolonged(three_days())
        question = Question(consent="given", standing=snapshot.operations, holds_everything=True)

        assert let_go(snapshot, question) == [(OP14, "freeze_until", "H10")]
        assert frozen_clash(problem_of(snapshot, question, DEFAULT)) is None


class TestHeldHarder:
    """What was moved today, and what is near: then nothing but the old plan without the lost follows."""

    @pytest.mark.parametrize("held_by", ["hold", "freeze_until"])
    def test_the_old_plan_without_the_lost_is_what_is_accepted(self, held_by: str) -> None:
        snapshot = with_pins(three_days(), OP20)
        near, moved = with_values(snapshot, now_at=at(12, 7)), moved_today(snapshot, OP13, OP14)
        hit = without(prolonged(moved if held_by == "hold" else near), P20)
        posed = posed_of(hit, GIVEN, DEFAULT)

        answer = fallback(posed.problem, posed.against)

        assert [(one.operation_id, one.held_by) for one in posed.let_go] == [(OP14, held_by)]
        assert posed.against == (f"held: {OP14} clashes with {name_of(hit, OP13)} by H10",)
        assert (answer.is_accepted, answer.fell_back, answer.against) == (True, True, posed.against)
        assert [o["id"] for o in answer.plan["operations"]] == [OP13]

    def test_the_freeze_ends_where_what_is_let_go_begins(self) -> None:
        near = prolonged(with_values(three_days(), now_at=at(12, 7)))

        assert let_go(near) == [(OP14, "freeze_until", "H10")]
        assert problem_of(near, GIVEN, DEFAULT)["freeze_until"] == at(14, 8).isoformat()

    def test_near_and_pinned_it_is_let_go_once(self) -> None:
        near = with_pins(prolonged(with_values(three_days(), now_at=at(12, 7))), OP13, OP14)

        assert let_go(near) == [(OP14, "freeze_until", "H10")]
        assert problem_of(near, GIVEN, DEFAULT)["pinned"] == [OP13]


class TestTheProblem:
    """Nothing but what clashes makes another problem of it."""

    def test_where_nothing_clashes_the_problem_is_the_same(self) -> None:
        problem = problem_of(with_pins(three_days(), OP13, OP14), GIVEN, DEFAULT)

        assert without_clashes(problem, {}).problem == problem

    def test_a_problem_that_cannot_be_read_keeps_its_error_for_the_solve(self) -> None:
        problem = {**problem_of(with_pins(three_days(), OP13, OP14), GIVEN, DEFAULT), "travel": {"kmh": 0}}

        assert without_clashes(problem, {}).problem == problem

    @pytest.mark.parametrize("rule", ["H1", "H10", "H15"])
    @pytest.mark.parametrize("held_by", ["pinned", "hold", "freeze_until"])
    def test_every_way_to_be_let_go_is_said(self, rule: str, held_by: str) -> None:
        one = LetGo.model_validate({"operation_id": OP14, "beside": "Askås", "rule": rule, "held_by": held_by})

        assert "Askås" in one.reason.sv
        assert "Askås" in one.reason.en

    def test_two_held_on_one_session_are_told_apart(self) -> None:
        snapshot = three_days()
        (first, *_) = snapshot.operations
        twin = Operation.model_validate({**dict(first), "id": f"{OP13}:2", "code_name": "Tvilling"})

        assert let_go(with_pins(with_values(snapshot, twin), OP13, twin.id)) == [(twin.id, "pinned", "H1")]

    def test_now_is_far_enough_that_only_pins_hold(self) -> None:
        (first, *_) = three_days().operations

        assert first.start_at - at(5, 8) > DEFAULT.frozen + timedelta(days=1)


def reasons_of(answer: Planned, operation_id: str) -> list[tuple[str, str, str]]:
    """What everybody in the operation is told of why it changes."""
    told: list[OperationRescheduled | OperationPostponed | OperationCancelled] = [
        *answer.said(OperationRescheduled),
        *answer.said(OperationPostponed),
        *answer.said(OperationCancelled),
    ]
    (message,) = [m for m in told if m.operation_id == operation_id]
    return [(reason.code, reason.sv, reason.en) for reason in message.reasons]
