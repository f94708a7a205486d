"""What a centre is told of a plan proposed: until when it may decide, and what the plan gains."""

from __future__ import annotations

from datetime import timedelta

from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.proposals import decide_by, gain

from tests.support.planned_centre import Planned, a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import at


def a_rescue(hour: int) -> Planned:
    """The 13th's session is lost at some hour of that day; its operation moves to the 14th."""
    begun = with_values(planned(a_day_of_work()).snapshot, now_at=at(13, hour))
    return replanned(without(begun, "polisen:P13"))


def until(rescue: Planned, hour: int) -> timedelta:
    """How long the centre has."""
    publication, before = rescue.publication, planned(a_day_of_work()).snapshot.operations
    return decide_by(publication, before, at(13, hour), DEFAULT) - at(13, hour)


def test_a_centre_has_four_hours_to_decide_when_nothing_starts_before() -> None:
    assert until(a_rescue(2), 2) == timedelta(hours=4)


def test_a_decision_does_not_come_after_the_first_operation_touched_has_started() -> None:
    assert until(a_rescue(6), 6) == timedelta(hours=1, minutes=30)


def test_a_plan_gains_what_it_has_over_the_old_one_without_the_lost() -> None:
    rescue = a_rescue(2)

    assert gain(rescue.replan) == rescue.replan.plan["objective"] > 0


def test_a_plan_that_changes_nothing_gains_nothing() -> None:
    as_before = replanned(planned(a_day_of_work()).snapshot)

    assert (gain(as_before.replan), as_before.replan.plan["objective"] > 0) == (0, True)
