"""Operations that have begun are left alone: those on the spot decide."""

from __future__ import annotations

from tests.support.planned_centre import a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import at


def test_an_operation_under_way_whose_team_is_withdrawn_is_neither_dropped_nor_told() -> None:
    begun = with_values(planned(a_day_of_work()).snapshot, now_at=at(13, 10))
    operation = begun.operations[0]
    team = begun.capacity_by_id[operation.teams[0]]

    after = replanned(with_values(begun, team.model_copy(update={"gone_by": "w1"})))

    assert operation.id not in {o.id for o in after.publication.operations}
    assert after.publication.messages == ()


def test_an_operation_under_way_that_loses_its_police_is_left_to_those_on_the_spot() -> None:
    begun = with_values(planned(a_day_of_work()).snapshot, now_at=at(13, 10))

    after = replanned(without(begun, "polisen:P13"))

    assert after.publication.messages == ()
    assert after.replan.problem["published"] is None


def test_nothing_of_a_hit_operation_under_way_is_used_elsewhere() -> None:
    begun = with_values(planned(a_day_of_work()).snapshot, now_at=at(13, 10))

    operation = begun.operations[0]
    problem = replanned(without(begun, "polisen:P13")).replan.problem

    offered = {row["id"] for key in ("sessions", "team_sessions", "inspections") for row in problem[key]}
    assert not offered & {operation.session_id, *operation.teams, *(visit.id for visit in operation.visits)}


def test_an_unhit_operation_under_way_stands_in_the_plan_as_it_is() -> None:
    begun = with_values(planned(a_day_of_work()).snapshot, now_at=at(13, 10))

    after = replanned(begun)

    assert [o["id"] for o in after.replan.plan["operations"]] == [begun.operations[0].id]
    assert after.publication.messages == ()
