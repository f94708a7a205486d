"""What a centre is told of a plan proposed: until when it may decide, and what the plan gains."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.proposals import decide_by, gain, is_missed

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


@pytest.mark.parametrize(
    ("status", "late", "is_told"),
    [
        ("open", timedelta(seconds=-1), False),
        ("open", timedelta(0), True),
        ("open", timedelta(days=9), True),
        ("expired", timedelta(hours=24, seconds=-1), True),
        ("expired", timedelta(hours=24), False),
        ("rejected", timedelta(hours=1), False),
        ("published", timedelta(hours=1), False),
        ("stale", timedelta(hours=1), False),
    ],
)
def test_a_proposal_that_nobody_decided_in_time_is_told_for_a_day(status: str, late: timedelta, is_told: bool) -> None:
    assert is_missed(status, at(13, 9), at(13, 9) + late) is is_told
