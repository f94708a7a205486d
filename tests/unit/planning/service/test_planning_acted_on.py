"""What it is to have acted on a new occasion: then the former one does not come back by itself."""

from __future__ import annotations

import pytest
from samsyn_planning.domain.facts import Operation
from samsyn_planning.domain.former import has_been_acted_on

from tests.support.planning_facts import AV, SKV, a_participation, a_snapshot, an_operation, at, the_centre

T1 = f"{AV}:T1"
MOVED = an_operation(session_id="polisen:P2")


@pytest.mark.parametrize(
    ("status", "answered_by", "has_acted"),
    [("accepted", "a2", True), ("accepted", None, False), ("invited", None, False), ("released", "a2", False)],
)
def test_who_has_said_yes_to_the_new_occasion_has_acted_and_standing_consent_has_not(
    status: str, answered_by: str | None, has_acted: bool
) -> None:
    part = a_participation(T1, status, session_id="polisen:P2", answered_by=answered_by)

    assert has_been_acted_on(a_snapshot(MOVED, part), (an_operation(),)) == has_acted


def test_a_yes_to_the_former_occasion_is_no_act_on_the_new_one() -> None:
    former = a_participation(T1, "accepted", answered_by="a1")

    assert not has_been_acted_on(a_snapshot(an_operation(), former), (an_operation(),))
    assert not has_been_acted_on(a_snapshot(MOVED, former), (an_operation(),))


def test_a_yes_to_join_an_operation_that_keeps_its_session_is_an_act() -> None:
    joined = a_participation(f"{SKV}:T2", "accepted", answered_by="a2")
    now = an_operation(teams=(T1, f"{SKV}:T2"))

    assert has_been_acted_on(a_snapshot(now, joined), (an_operation(),))


@pytest.mark.parametrize(("hour", "has_acted"), [(7, False), (8, True)])
def test_who_has_begun_on_the_new_occasion_has_acted(hour: int, has_acted: bool) -> None:
    snapshot = a_snapshot(MOVED, centre=the_centre(now_at=at(13, hour)))

    assert has_been_acted_on(snapshot, (an_operation(),)) == has_acted


def test_an_operation_under_way_that_was_never_touched_is_no_act() -> None:
    snapshot = a_snapshot(an_operation(), centre=the_centre(now_at=at(13, 9)))

    assert not has_been_acted_on(snapshot, (an_operation(),))


def test_an_answer_to_an_operation_that_is_no_more_is_no_act() -> None:
    gone: tuple[Operation, ...] = ()

    assert not has_been_acted_on(a_snapshot(a_participation(T1, "accepted", answered_by="a1")), gone)
