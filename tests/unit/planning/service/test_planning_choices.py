"""What a centre's choice among plans asks for, and how it is told."""

from __future__ import annotations

import pytest
from samsyn_planning.domain.alternatives import is_as_approved, kept_in, question_of, reasons_of_choice
from samsyn_planning.domain.facts import Operation, Proposal
from samsyn_planning.domain.planner import Limit, just_cancel, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.snapshot import Snapshot

from tests.support.planned_centre import GIVEN, with_values, without
from tests.support.planning_choices import (
    HIT,
    NOTHING,
    OP13,
    OP14,
    P14,
    a_choice,
    approved,
    decided,
    edits,
    hit_on_the_13th,
    on_days,
)
from tests.support.planning_facts import AV, a_wanted


@pytest.fixture
def hit() -> Snapshot:
    return hit_on_the_13th()


@pytest.fixture
def proposal() -> Proposal:
    return a_choice()


class TestChoice:
    def test_an_alternative_approved_is_the_question_and_plan_from_now_on(self, proposal: Proposal) -> None:
        chosen = approved(proposal, alternative=HIT)

        assert (chosen.status, chosen.alternative, chosen.by_function) == ("approved", HIT, "coordinator")
        assert (chosen.question, chosen.plan) == (question_of(HIT, GIVEN), proposal.alternatives[0].plan)
        assert chosen.is_chosen

    def test_the_proposal_itself_is_approved_as_before(self, proposal: Proposal) -> None:
        chosen = approved(proposal)

        assert (chosen.status, chosen.question, chosen.plan) == ("approved", proposal.question, proposal.plan)
        assert not chosen.is_chosen

    def test_an_alternative_that_was_not_told_is_refused_and_the_proposal_waits(self, proposal: Proposal) -> None:
        only = proposal.model_copy(update={"alternatives": proposal.alternatives[:1]})

        decision = decided(only, alternative=NOTHING)

        assert decision.refuse is not None
        assert (decision.refuse.code, decision.refuse.pointer) == ("not_proposed", "/alternative")
        assert (decision.keep, decision.changed) == ((), None)

    @pytest.mark.parametrize("other", [OP13, "op:polisen:P20", "op:nobodys"])
    def test_what_is_hit_or_unchanged_cannot_be_let_stand(self, proposal: Proposal, other: str) -> None:
        decision = decided(proposal, edits=edits(OP14, other))

        assert decision.refuse is not None
        assert (decision.refuse.code, decision.refuse.pointer) == ("cannot_stand", "/edits/1/operation_id")
        assert decision.keep == ()

    def test_an_edit_holds_what_it_names(self, hit: Snapshot, proposal: Proposal) -> None:
        edited = approved(proposal, edits=edits(OP14, OP14))
        problem = problem_of(hit, edited.question, DEFAULT)
        plan = solve(problem, Limit(seconds=None, work=None))

        assert (edited.let_stand, edited.question.held, problem["hold"]) == ((OP14,), (OP14,), [OP14])
        assert OP14 in kept_in(plan)
        assert is_as_approved(edited, problem, plan, fell_back=False)

    def test_an_edit_holds_what_the_proposal_leaves_alone_too(self, proposal: Proposal) -> None:
        changes = [*proposal.plan["changes"], {"operation": "op:beside", "kinds": ["kept"]}]
        wider = proposal.model_copy(
            update={"plan": {**proposal.plan, "changes": changes}, "stands": (*proposal.stands, "op:beside")}
        )

        assert approved(wider, edits=edits(OP14)).question.held == ("op:beside", OP14)

    def test_what_is_no_longer_held_was_not_approved(self, hit: Snapshot, proposal: Proposal) -> None:
        edited = approved(proposal, edits=edits(OP14))
        problem = problem_of(without(hit, P14, "c2"), edited.question, DEFAULT)

        assert not is_as_approved(edited, problem, solve(problem, Limit(seconds=None, work=None)), fell_back=False)

    def test_what_has_come_since_was_not_approved(self, hit: Snapshot, proposal: Proposal) -> None:
        edited = approved(proposal, edits=edits(OP14))
        since = with_values(hit, a_wanted(f"{AV}:I9", value=900, time_windows=on_days(20)))
        problem = problem_of(since, edited.question, DEFAULT)
        plan = solve(problem, Limit(seconds=None, work=None))

        assert f"{AV}:I9" in {visit["id"] for operation in plan["operations"] for visit in operation["inspections"]}
        assert not is_as_approved(edited, problem, plan, fell_back=False)

    def test_a_change_or_a_consent_that_was_not_shown_was_not_approved(self, hit: Snapshot, proposal: Proposal) -> None:
        edited = approved(proposal, edits=edits(OP14))
        problem = problem_of(hit, edited.question, DEFAULT)
        plan = solve(problem, Limit(seconds=None, work=None))
        first, *others = plan["operations"]
        asking = {**plan, "operations": [{**first, "needs_consent": [f"{AV}:T20"]}, *others]}
        moving = {**plan, "changes": [*plan["changes"], {"operation": "op:beside", "kinds": ["moved"]}]}
        published = problem["published"]["operations"]
        beside = {**problem, "published": {"operations": [*published, {"id": "op:beside", "inspections": []}]}}

        assert is_as_approved(edited, beside, plan, fell_back=False)
        assert not is_as_approved(edited, beside, asking, fell_back=False)
        assert not is_as_approved(edited, beside, moving, fell_back=False)

    def test_the_old_plan_of_a_failed_solve_was_not_approved(self, hit: Snapshot, proposal: Proposal) -> None:
        edited = approved(proposal, edits=edits(OP14))
        problem = problem_of(hit, edited.question, DEFAULT)

        assert not is_as_approved(edited, problem, just_cancel(problem), fell_back=True)

    def test_another_plan_than_the_alternative_was_not_approved(self, proposal: Proposal) -> None:
        chosen = approved(proposal, alternative=NOTHING)

        assert is_as_approved(chosen, proposal.problem, chosen.plan, fell_back=False)
        assert not is_as_approved(chosen, proposal.problem, proposal.plan, fell_back=False)

    def test_an_operation_that_is_gone_is_not_held(self, hit: Snapshot) -> None:
        question = GIVEN.model_copy(update={"held": ("op:gone", OP14)})

        assert problem_of(hit, question, DEFAULT)["hold"] == [OP14]

    def test_an_alternative_has_nothing_to_edit(self, proposal: Proposal) -> None:
        refused = decided(proposal, alternative=HIT, edits=edits(OP14)).refuse

        assert refused is not None
        assert (refused.code, refused.pointer) == ("cannot_stand", "/edits/0/operation_id")


class TestReasons:
    def test_who_approves_it_as_it_is_gives_no_reason(self, hit: Snapshot, proposal: Proposal) -> None:
        assert reasons_of_choice(approved(proposal), hit) == ()
        assert reasons_of_choice(None, hit) == ()

    def test_the_choice_is_told_with_its_function(self, hit: Snapshot, proposal: Proposal) -> None:
        (reason,) = reasons_of_choice(approved(proposal, alternative=NOTHING), hit)

        assert (reason.code, reason.sv) == ("CHOSEN", "Centret (coordinator) valde att inget flyttas.")

    def test_the_edit_is_told_with_its_function_and_code_name(self, hit: Snapshot, proposal: Proposal) -> None:
        name = operation(hit, OP14).code_name

        (reason,) = reasons_of_choice(approved(proposal, edits=edits(OP14)), hit)

        assert (reason.code, reason.sv) == (
            "EDITED",
            f"Centret (coordinator) lät {name} stå som planerat; resten lades runt det.",
        )


def operation(snapshot: Snapshot, own: str) -> Operation:
    (found,) = [one for one in snapshot.operations if one.id == own]
    return found
