"""Plans beside the one proposed: ranked, told once, verified; and what the centre's choice among them asks for."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.plans import AlternativeKind, ReplanApproved
from samsyn_planning.domain.alternatives import (
    MOST_COMPARED,
    Beside,
    Way,
    beside,
    is_as_approved,
    is_compared,
    kept_in,
    may_stand,
    question_of,
    reasons_of_choice,
)
from samsyn_planning.domain.facts import Alternative, Decision, Operation, Proposal, Question
from samsyn_planning.domain.letting_go import Posed
from samsyn_planning.domain.planner import Limit, just_cancel, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.proposals import alternatives_told, decide_proposal
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify
from samsyn_planning.worker import unmoved

from tests.support.planned_centre import ANY, GIVEN, Planned, planned, replanned, without
from tests.support.planning_facts import (
    AV,
    CENTRE,
    SKV,
    a_proposed_plan,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_envelope,
    at,
)

REPLAN = f"replan:{CENTRE}:1"
P13, P14, P20 = "polisen:P13", "polisen:P14", "polisen:P20"
OP13, OP14 = f"op:{P13}", f"op:{P14}"
HIT: AlternativeKind = "hit_only"
NOTHING: AlternativeKind = "none_moved"


def on_days(*days: int) -> list[dict[str, object]]:
    return [{"from_at": at(day), "until_at": at(day + 1)} for day in days]


def two_days_and_a_spare() -> Snapshot:
    """Two sites on the 13th, of which the best could only be on the 14th else, whose own could be on the 20th."""
    rooms = {P13: (13, 2), P14: (14, 1), P20: (20, 2)}
    sessions = [a_session(own, day, max_inspections=most) for own, (day, most) in rooms.items()]
    teams = [a_team(f"{agency}:T{day}", day) for day in (13, 14, 20) for agency in (AV, SKV)]
    sites = [
        a_wanted(f"{AV}:I1", value=900, time_windows=on_days(13, 14)),
        a_wanted(f"{AV}:I2", value=100, time_windows=on_days(14, 20)),
        a_wanted(f"{AV}:I3", value=100, time_windows=on_days(13, 20)),
    ]
    return planned(a_snapshot(*sessions, *teams, *sites)).snapshot


@pytest.fixture(scope="module")
def hit() -> Snapshot:
    """The police have lost the 13th."""
    return without(two_days_and_a_spare(), P13)


@pytest.fixture(scope="module")
def first(hit: Snapshot) -> Planned:
    return replanned(hit)


def way(kind: AlternativeKind, snapshot: Snapshot) -> Way:
    question = question_of(kind, GIVEN)
    problem = problem_of(snapshot, question, DEFAULT)
    plan = just_cancel(problem) if question.moves_nothing else solve(problem, Limit(seconds=None, work=300))
    assert not verify(problem, plan).violations
    return Way(alternative=Alternative(kind=kind, question=question, plan=plan), posed=Posed(problem=problem))


@pytest.fixture(scope="module")
def ways(hit: Snapshot) -> list[Way]:
    return [way(kind, hit) for kind in (NOTHING, HIT)]


@pytest.fixture(scope="module")
def proposal(first: Planned, ways: list[Way]) -> Proposal:
    found = beside(first.replan.plan, ways)
    own = {"problem": first.replan.problem, "plan": first.replan.plan, "question": GIVEN}
    return a_proposed_plan(**own, alternatives=found.alternatives, stands=found.stands)


def approval(**choice: Any) -> ReplanApproved:
    told = {"replan_id": REPLAN, "centre": CENTRE, "by_function": "coordinator", **choice}
    return ReplanApproved.model_validate(told)


def decided(proposal: Proposal, **choice: Any) -> Decision:
    message = approval(**choice)
    return decide_proposal(proposal, message, an_envelope(message, party=CENTRE))


def approved(proposal: Proposal, **choice: Any) -> Proposal:
    (kept,) = decided(proposal, **choice).keep
    assert isinstance(kept, Proposal)
    return kept


def edits(*ids: str) -> list[dict[str, str]]:
    return [{"operation_id": own, "keep": "as_it_stands"} for own in ids]


class TestTold:
    def test_the_best_comes_first_and_none_is_better_than_what_is_proposed(
        self, first: Planned, ways: list[Way]
    ) -> None:
        found = beside(first.replan.plan, ways)

        assert [one.kind for one in found.alternatives] == [HIT, NOTHING]
        assert first.replan.plan["objective"] > found.ways[0].points > found.ways[1].points

    def test_the_same_plan_is_told_once_by_its_simplest_name(self, first: Planned, ways: list[Way]) -> None:
        nothing, _ = ways
        again = nothing.model_copy(update={"alternative": nothing.alternative.model_copy(update={"kind": HIT})})

        found = beside(first.replan.plan, [again, nothing])

        assert [one.kind for one in found.alternatives] == [NOTHING]

    def test_what_is_proposed_is_no_alternative_to_itself(self, ways: list[Way]) -> None:
        nothing, _ = ways

        assert NOTHING not in {one.kind for one in beside(nothing.alternative.plan, ways).alternatives}

    def test_ranks_points_and_changes_are_told(self, hit: Snapshot, first: Planned, ways: list[Way]) -> None:
        told = alternatives_told(beside(first.replan.plan, ways), first.replan, 1000, hit, (), DEFAULT)

        assert [(one.rank, one.kind) for one in told] == [(2, HIT), (3, NOTHING)]
        lost = [first.replan.plan["objective"] - one.points for one in reversed(ways)]
        assert [one.score_delta for one in told] == [1000 - points for points in lost]
        assert [[change.operation_id for change in one.changes] for one in told] == [[OP13], [OP13]]
        assert [one.untouched_count for one in told] == [1, 1]
        assert told[1].changes[0].ladder_step == "postponed"

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
        assert not is_compared(Question(consent="given", standing=()), {"changes": []})

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
