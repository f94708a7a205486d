"""Which question the planner is asked, whether its answer may be published, and what the centre decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from samsyn_contracts.plans import ReplanApproved, ReplanRejected
from samsyn_planning.domain.facts import Question
from samsyn_planning.domain.proposals import decide_proposal
from samsyn_planning.domain.questions import (
    has_unserved,
    is_due,
    operation_forms,
    reported_losses,
    take_responsibility,
    task_of,
)

from tests.support.planned_centre import a_day_of_work, planned, replanned, without
from tests.support.planning_facts import (
    AV,
    CENTRE,
    NOW,
    OTHER_CENTRE,
    a_proposed_plan,
    a_session,
    a_snapshot,
    an_envelope,
    an_operation,
    lost,
    the_centre,
)

AHEAD: dict[str, Any] = {"facts_version": 2, "planned_version": 1}
REPLAN, T1 = f"replan:{CENTRE}:1", f"{AV}:T1"
TOLD = a_session().model_copy(update={"reported_by": "t1"})


@pytest.mark.parametrize(
    ("centre", "due"),
    [
        ({}, False),
        ({**AHEAD, "is_urgent": True}, True),
        ({**AHEAD, "due_at": NOW}, True),
        ({**AHEAD, "due_at": NOW + timedelta(seconds=1)}, False),
        ({**AHEAD, "due_at": NOW + timedelta(hours=1), "is_urgent": True}, True),
        ({**AHEAD, "is_urgent": True, "now_at": None}, False),
        ({**AHEAD, "is_urgent": True, "mode": "propose"}, True),
        ({**AHEAD, "is_urgent": True, "mode": "off"}, True),
        ({**AHEAD, "is_urgent": True, "mode": "off", "is_queue_told": True}, False),
    ],
)
def test_a_loss_is_due_at_once_the_rest_when_settled_and_off_is_told_once(centre: dict[str, Any], due: bool) -> None:
    assert is_due(the_centre(**centre)) == due


@pytest.mark.parametrize(("is_urgent", "consent", "scope"), [(True, "given", "loss"), (False, "any", "period")])
def test_a_loss_is_answered_within_consent_given_and_ordinary_planning_asks(
    is_urgent: bool, consent: str, scope: str
) -> None:
    task = task_of(a_snapshot(centre=the_centre(is_urgent=is_urgent)), None)

    assert (task.question.consent, task.scope, task.publishes) == (consent, scope, True)


def test_in_mode_propose_nothing_is_published_by_itself() -> None:
    assert not task_of(a_snapshot(centre=the_centre(mode="propose", is_urgent=True)), None).publishes


def test_a_plan_approved_is_asked_for_again_and_published_in_mode_propose_too() -> None:
    question = Question(consent="any", assumed_lost=("polisen:P1",))
    approved = a_proposed_plan(status="approved", question=question)

    task = task_of(a_snapshot(approved, centre=the_centre(mode="propose")), (an_operation(),))

    assert (task.question, task.publishes, task.approved) == (question, True, approved)


def test_a_former_plan_stands_again_held_whole() -> None:
    task = task_of(a_snapshot(an_operation()), (an_operation(status="confirmed"),))

    assert task.restores
    assert (task.question.standing, task.question.holds_everything) == ((an_operation(status="confirmed"),), True)


def test_losses_told_by_phone_are_those_nobody_has_made_certain() -> None:
    certain = lost(TOLD.model_copy(update={"id": "polisen:P2"}))

    assert reported_losses(a_snapshot(TOLD, certain, a_session("polisen:P3"))) == ("polisen:P1",)


def test_a_centre_that_approves_takes_the_told_loss_on_itself() -> None:
    approved = a_proposed_plan(question=Question(consent="any", assumed_lost=("polisen:P1",)))

    (taken,) = take_responsibility(a_snapshot(TOLD, a_session("polisen:P2")), approved)

    assert (taken.is_lost, taken.lost_by, taken.reported_by) == (True, "t1", None)


def test_a_plan_that_leaves_out_what_stood_has_unserved_inspections() -> None:
    before = planned(a_day_of_work(days=(13,)))

    after = replanned(without(before.snapshot, "polisen:P13"))

    assert (has_unserved(before.replan.plan), has_unserved(after.replan.plan)) == (False, True)


def test_two_plans_are_the_same_by_operations_routes_and_teams_not_by_minutes() -> None:
    plan = planned(a_day_of_work(num_inspections=2)).replan.plan
    later = [{**v, "start_at": "2025-05-13T12:00:00+02:00"} for v in plan["operations"][0]["inspections"]]
    same = {"operations": [{**plan["operations"][0], "inspections": later}]}
    other = {"operations": [{**plan["operations"][0], "inspections": later[:1]}]}

    assert operation_forms(plan) == operation_forms(same) != operation_forms(other)


APPROVED = ReplanApproved(replan_id=REPLAN, centre=CENTRE, by_function="coordinator")
REJECTED = ReplanRejected(replan_id=REPLAN, centre=CENTRE, by_function="coordinator", reason_code="other")


def test_a_plan_approved_is_to_be_published_at_once() -> None:
    decision = decide_proposal(a_proposed_plan(), APPROVED, an_envelope(APPROVED))

    assert decision.keep == (a_proposed_plan(status="approved", by_function="coordinator"),)
    assert (decision.changed, decision.cause_code) == ("loss", "approved")


def test_a_plan_rejected_leaves_the_old_one_standing() -> None:
    decision = decide_proposal(a_proposed_plan(), REJECTED, an_envelope(REJECTED))

    assert decision.keep == (a_proposed_plan(status="rejected"),)
    assert decision.changed is None


@pytest.mark.parametrize("status", ["approved", "rejected", "expired", "stale", "published"])
def test_what_is_decided_cannot_be_decided_again(status: str) -> None:
    decision = decide_proposal(a_proposed_plan(status=status), APPROVED, an_envelope(APPROVED))

    assert decision.refuse is not None
    assert (decision.refuse.code, decision.keep) == ("already_decided", ())


@pytest.mark.parametrize("centre", [None, OTHER_CENTRE])
def test_a_centre_decides_about_its_own_plans_alone(centre: str | None) -> None:
    proposal = None if centre is None else a_proposed_plan(centre=centre)

    decision = decide_proposal(proposal, APPROVED, an_envelope(APPROVED))

    assert decision.refuse is not None
    assert decision.refuse.code == "unknown_id"
