"""Plans beside the one proposed: ranked, told once, accepted by the verifier."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from samsyn_contracts.bus import MAX_EVENT_BYTES
from samsyn_contracts.plans import ReplanProposed
from samsyn_planning.domain.alternatives import MOST_COMPARED, Beside, Way, beside, is_compared, kept_in, may_stand
from samsyn_planning.domain.facts import Proposal, Question
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.proposals import alternatives_told, within_an_event
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.solver import Solver
from samsyn_planning.worker import Answer, unmoved

from tests.support.planned_centre import ANY, GIVEN, Planned
from tests.support.planning_choices import (
    HIT,
    NOTHING,
    OP13,
    OP14,
    a_choice,
    best_plan,
    both_ways,
    hit_on_the_13th,
    two_days_and_a_spare,
    way,
)
from tests.support.planning_facts import CENTRE, at


@pytest.fixture
def hit() -> Snapshot:
    return hit_on_the_13th()


@pytest.fixture
def first() -> Planned:
    return best_plan()


@pytest.fixture
def ways() -> tuple[Way, ...]:
    return both_ways()


@pytest.fixture
def proposal() -> Proposal:
    return a_choice()


class TestTold:
    def test_the_best_comes_first_and_none_is_better_than_what_is_proposed(
        self, first: Planned, ways: tuple[Way, ...]
    ) -> None:
        found = beside(first.replan.plan, ways)

        assert [one.kind for one in found.alternatives] == [HIT, NOTHING]
        assert first.replan.plan["objective"] > found.ways[0].points > found.ways[1].points

    def test_the_same_plan_is_told_once_by_its_simplest_name(self, first: Planned, ways: tuple[Way, ...]) -> None:
        nothing, _ = ways
        again = nothing.model_copy(update={"alternative": nothing.alternative.model_copy(update={"kind": HIT})})

        found = beside(first.replan.plan, [again, nothing])

        assert [one.kind for one in found.alternatives] == [NOTHING]

    def test_what_is_proposed_is_no_alternative_to_itself(self, ways: tuple[Way, ...]) -> None:
        nothing, _ = ways

        assert NOTHING not in {one.kind for one in beside(nothing.alternative.plan, ways).alternatives}

    def test_ranks_points_and_changes_are_told(self, hit: Snapshot, first: Planned, ways: tuple[Way, ...]) -> None:
        told = alternatives_told(beside(first.replan.plan, ways), first.replan, 1000, hit, (), DEFAULT)

        assert [(one.rank, one.kind) for one in told] == [(2, HIT), (3, NOTHING)]
        lost = [first.replan.plan["objective"] - one.points for one in reversed(ways)]
        assert [one.score_delta for one in told] == [1000 - points for points in lost]
        assert [[change.operation_id for change in one.changes] for one in told] == [[OP13], [OP13]]
        assert [one.untouched_count for one in told] == [1, 1]
        assert told[1].changes[0].ladder_step == "postponed"

    def test_what_would_make_an_event_too_large_is_left_out_from_the_last(
        self, hit: Snapshot, first: Planned, ways: tuple[Way, ...]
    ) -> None:
        told = alternatives_told(beside(first.replan.plan, ways), first.replan, 1000, hit, (), DEFAULT)
        own = {"replan_id": "replan:akc-vast:1", "centre": CENTRE, "base_plan_version": 1, "untouched_count": 1}
        rest = {"score_delta": 1, "decide_by": at(5, 12), "if_unanswered": "old_plan_stands", "consents_missing": ()}
        large = told[1].model_copy(update={"changes": told[1].changes * 400})
        proposed = ReplanProposed(**own, **rest, changes=told[0].changes, alternatives=(told[0], large))

        assert len(proposed.body()) > MAX_EVENT_BYTES
        assert within_an_event(proposed).alternatives == (told[0],)
        assert within_an_event(within_an_event(proposed)) == within_an_event(proposed)

    def test_a_plan_that_changes_nothing_is_what_rejecting_is(self, first: Planned) -> None:
        standing = two_days_and_a_spare()
        found = Beside(ways=(way(NOTHING, standing),))

        assert alternatives_told(found, first.replan, 0, standing, (), DEFAULT) == ()

    def test_more_changes_than_anybody_reads_have_no_alternatives(self) -> None:
        def changing(number: int) -> dict[str, Any]:
            return {"changes": [{"operation": f"op:{n}", "kinds": ["moved"]} for n in range(number)]}

        assert is_compared(ANY, changing(MOST_COMPARED))
        assert not is_compared(ANY, changing(MOST_COMPARED + 1))

    def test_a_mistake_undone_has_no_alternatives(self) -> None:
        plan = {"changes": [{"operation": OP13, "kinds": ["moved"]}]}

        assert is_compared(GIVEN, plan)
        assert not is_compared(GIVEN.model_copy(update={"standing": ()}), plan)

    def test_where_nothing_changes_there_is_nothing_to_choose(self) -> None:
        assert not is_compared(GIVEN, {"changes": [{"operation": OP13, "kinds": ["kept"]}]})

    def test_what_is_changed_without_being_hit_may_stand(self, proposal: Proposal) -> None:
        assert OP14 not in kept_in(proposal.plan)
        assert may_stand(proposal.plan, proposal.stands) == (OP14,)

    def test_nothing_moved_is_told_with_names_and_judged(self, first: Planned) -> None:
        answer = unmoved(first.replan.problem, {"c1": ("störning", "disturbance")})

        assert answer.is_accepted
        (dropped,) = [change for change in answer.plan["changes"] if change["operation"] == OP13]
        assert "störning" in " ".join(reason["sv"] for reason in dropped["reasons"])

    def test_a_problem_that_cannot_be_read_moves_nothing_and_is_refused(self) -> None:
        assert unmoved({}, {}).violations == ("unmoved: ProblemError",)


class Told(Solver):
    """Answers what it was given, without any process."""

    def __init__(self, answers: dict[bool, Answer]) -> None:
        self._answers = answers

    async def another(self, snapshot: Snapshot, problem: dict[str, Any], question: Question) -> Answer:
        return self._answers[question.moves_nothing]


class TestJudged:
    @pytest.mark.parametrize("fault", [{"violations": ("H1",)}, {"fell_back": True}])
    async def test_what_the_verifier_refuses_is_no_alternative(
        self, hit: Snapshot, first: Planned, ways: tuple[Way, ...], fault: dict[str, Any]
    ) -> None:
        nothing, only_hit = (Answer(one.alternative.plan, 0.1, ()) for one in ways)

        both = await Told({True: nothing, False: only_hit}).ways_beside(hit, GIVEN, first.replan.plan, DEFAULT)
        one = await Told({True: nothing, False: replace(only_hit, **fault)}).ways_beside(
            hit, GIVEN, first.replan.plan, DEFAULT
        )

        assert [way.kind for way in both.alternatives] == [HIT, NOTHING]
        assert [way.kind for way in one.alternatives] == [NOTHING]
