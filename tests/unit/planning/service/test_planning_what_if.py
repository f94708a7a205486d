"""What a centre wonders: which questions are taken, and what is told of a plan that is only thought."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from samsyn_contracts.plans import WhatIfAnswered, WhatIfAsked
from samsyn_planning.domain.facts import Capacity, Centre, Decision
from samsyn_planning.domain.planner import Limit, just_cancel, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.restating import ASSUMED
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify
from samsyn_planning.domain.what_if import (
    GIVEN,
    MOST_OPEN,
    WhatIf,
    answer_of,
    answered,
    ask_what_if,
    no_answer,
    problem_of_thought,
    thought,
)

from tests.support.planned_centre import a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import (
    AV,
    CENTRE,
    NOW,
    OTHER_CENTRE,
    SKV,
    a_cause,
    a_session,
    a_team,
    an_envelope,
    at,
    the_centre,
)

P13, P14, T13 = "polisen:P13", "polisen:P14", f"{AV}:T13"
PLANNED = the_centre(plan_version=3)


def asked(*capacity_ids: str, **changed: Any) -> WhatIfAsked:
    own = {"question_id": f"{CENTRE}:q1", "centre": CENTRE, "by_function": "coordinator"}
    return WhatIfAsked.model_validate({**own, "without": capacity_ids or (P13,), **changed})


def a_question(*capacity_ids: str, **changed: Any) -> WhatIf:
    cause = a_cause("e1", "WhatIfAsked", subject=f"{CENTRE}:q1", cause_code="other", is_urgent=False)
    own = {"id": f"{CENTRE}:q1", "centre": CENTRE, "status": "open", "asked_at": NOW, "cause": cause}
    return WhatIf.model_validate({**own, "without": tuple(sorted(capacity_ids or (P13,))), **changed})


def decided(
    message: WhatIfAsked | None = None,
    known: WhatIf | None = None,
    *,
    offered: Iterable[Capacity] = (a_session(P13), a_team(T13)),
    num_open: int = 0,
    centre: Centre = PLANNED,
    **envelope: Any,
) -> Decision:
    message = message or asked()
    by_id = {capacity.id: capacity for capacity in offered}
    capacities = {own: by_id.get(own) for own in message.without}
    return ask_what_if(known, capacities, num_open, message, centre, an_envelope(message, **envelope))


def refusal(decision: Decision) -> tuple[str, str] | None:
    return None if decision.refuse is None else (decision.refuse.code, decision.refuse.pointer)


class TestQuestionsTaken:
    """A question is kept; no fact changes, and nobody is told."""

    def test_a_question_is_kept_and_changes_no_fact(self) -> None:
        assert decided(asked(T13, P13)) == Decision(keep=(a_question(P13, T13),))

    def test_a_question_asked_again_changes_nothing(self) -> None:
        assert decided(known=a_question()) == Decision()
        assert decided(known=answered(a_question()), num_open=MOST_OPEN) == Decision()

    def test_another_question_under_the_same_id_is_refused(self) -> None:
        assert refusal(decided(asked(T13), a_question(P13))) == ("already_decided", "/question_id")

    def test_what_nobody_has_offered_is_refused_by_name(self) -> None:
        assert refusal(decided(asked(P13, "polisen:P99"))) == ("unknown_id", "/without/1")

    def test_another_centres_capacity_is_refused(self) -> None:
        elsewhere = a_session(P13).model_copy(update={"centre": OTHER_CENTRE})

        assert refusal(decided(offered=[elsewhere])) == ("unknown_id", "/without/0")

    def test_what_is_over_is_refused(self) -> None:
        centre = PLANNED.model_copy(update={"now_at": at(13, 16)})

        assert refusal(decided(centre=centre)) == ("already_past", "/without/0")

    def test_one_more_than_may_wait_is_refused(self) -> None:
        assert refusal(decided(num_open=MOST_OPEN)) == ("too_many_open", "/question_id")
        assert refusal(decided(num_open=MOST_OPEN - 1)) is None

    @pytest.mark.parametrize("told", [{"centre": OTHER_CENTRE}, {"question_id": f"{OTHER_CENTRE}:q1"}])
    def test_a_centre_wonders_about_itself_alone(self, told: dict[str, str]) -> None:
        assert refusal(decided(asked(**told), party=CENTRE)) == ("unknown_id", "/centre")

    def test_a_centre_without_a_plan_has_nothing_to_wonder_about(self) -> None:
        assert refusal(decided(centre=the_centre())) == ("unknown_id", "/centre")

    def test_a_question_takes_away_one_to_ten_capacities(self) -> None:
        for capacity_ids in ([], [f"polisen:P{number}" for number in range(11)]):
            with pytest.raises(ValueError, match="without"):
                asked(without=capacity_ids)


def two_days() -> Snapshot:
    """Two sessions, and an inspection that stands on the first."""
    snapshot = planned(a_day_of_work()).snapshot
    return Snapshot.model_validate({**dict(snapshot), "centre": PLANNED})


def told_of(snapshot: Snapshot, *capacity_ids: str) -> WhatIfAnswered:
    question = a_question(*capacity_ids)
    problem = problem_of_thought(snapshot, question, DEFAULT)
    plan = solve(problem, Limit(seconds=None, work=None))
    assert verify(problem, plan).violations == ()
    standing = just_cancel(problem_of(snapshot, GIVEN, DEFAULT))
    names = [operation.code_name for operation in snapshot.operations]
    return answer_of(question, snapshot, problem, plan, int(standing["objective"]), names, DEFAULT)


class TestTold:
    """What is told is what would be published."""

    def test_a_session_taken_away_is_told_as_its_loss_would_be(self) -> None:
        snapshot = two_days()

        told = told_of(snapshot, P13)

        (change,) = replanned(without(snapshot, P13)).publication.changes
        assert [(c.operation_id, c.kinds, c.ladder_step) for c in told.changes] == [
            (change.operation_id, change.kinds, change.ladder_step)
        ]
        assert (told.kept_count, told.lost_count, told.returned_count) == (1, 0, 0)
        assert (told.outcome, told.untouched_count) == ("worked_out", 0)

    def test_what_has_no_other_occasion_is_told_to_be_lost(self) -> None:
        told = told_of(two_days(), P13, P14)

        assert [change.ladder_step for change in told.changes] == ["postponed"]
        assert (told.kept_count, told.lost_count, told.returned_count) == (0, 1, 1)
        assert told.score_delta < 0

    def test_a_team_taken_away_is_told_as_its_withdrawal_would_be(self) -> None:
        snapshot = two_days()
        (team,) = snapshot.operations[0].teams

        told = told_of(snapshot, team)

        (change,) = told.changes
        assert change.kinds == ("team_changed",)
        assert any("kan inte komma" in r.sv and r.code == "LOST" for r in change.reasons)

    def test_what_nothing_stands_on_changes_nothing(self) -> None:
        told = told_of(two_days(), P14)

        assert (told.changes, told.untouched_count, told.score_delta) == ((), 1, 0)
        assert (told.kept_count, told.lost_count, told.returned_count) == (0, 0, 0)

    def test_an_operation_that_has_begun_stands(self) -> None:
        begun = with_values(two_days(), now_at=at(13, 9))

        told = told_of(begun, P13)

        assert (told.changes, told.lost_count, told.returned_count) == ((), 0, 0)

    def test_reasons_call_it_a_thought(self) -> None:
        reasons = [f"{r.sv} {r.en}" for change in told_of(two_days(), P13).changes for r in change.reasons]

        assert any("(tänkt bortfall)" in text and "(assumed loss)" in text for text in reasons)
        assert not any(ASSUMED in text for text in reasons)

    def test_no_plan_tells_no_changes(self) -> None:
        told = no_answer(a_question(), PLANNED)

        assert (told.outcome, told.plan_version, told.changes, told.untouched_count) == ("no_plan", 3, (), 0)


class TestThought:
    """The snapshot that is solved is another; the one that stands is as it was."""

    def test_police_are_lost_whole_and_teams_are_gone(self) -> None:
        snapshot = two_days()

        thinking = thought(snapshot, (P13, T13))

        assert thinking.capacity_by_id[P13].is_lost
        assert thinking.capacity_by_id[T13].gone_by == ASSUMED
        assert not snapshot.capacity_by_id[P13].is_lost
        others = [own for own in snapshot.capacity_by_id if own not in (P13, T13)]
        assert [thinking.capacity_by_id[own] for own in others] == [snapshot.capacity_by_id[own] for own in others]

    def test_it_is_solved_under_consent_given(self) -> None:
        problem = problem_of_thought(two_days(), a_question(), DEFAULT)

        assert problem["rules"]["consent"] == "given"
        assert problem["lost"] == [{"id": P13, "cause": ASSUMED}]
        assert {session["id"] for session in problem["sessions"]} == {P14}

    def test_an_operation_without_teams_is_lost_though_its_inspection_is_done_in_another(self) -> None:
        told = told_of(two_days(), T13, f"{SKV}:T13")

        assert sorted(change.ladder_step or "new" for change in told.changes) == ["cancelled", "new"]
        assert (told.kept_count, told.lost_count, told.returned_count) == (0, 1, 0)
