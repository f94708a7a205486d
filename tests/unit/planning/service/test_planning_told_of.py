"""What planner and publication make of an operation that those on the spot have told of."""

from __future__ import annotations

from typing import Any

from samsyn_contracts.operations import OperationCancelled, OperationRescheduled
from samsyn_planning.domain.facts import Operation, Visit
from samsyn_planning.domain.underway import is_underway, withheld

from tests.support.planned_centre import a_day_of_work, planned, with_values
from tests.support.planning_facts import AV, a_snapshot, a_wanted, an_operation, at

ONE, TWO = f"{AV}:I1", f"{AV}:I2"
ID = "op:polisen:P1"
DURING = at(13, 10)


def an_operation_of_two(**overrides: Any) -> Operation:
    visits = tuple(Visit(id=one, start_at=at(13, 9 + n), end_at=at(13, 10 + n)) for n, one in enumerate((ONE, TWO)))
    return an_operation(status="confirmed", visits=visits, **overrides)


def test_an_operation_that_has_been_told_of_is_underway_before_its_clock() -> None:
    early = at(13, 7)

    assert not is_underway(an_operation_of_two(), early)
    assert is_underway(an_operation_of_two(given_back=(TWO,)), early)
    assert is_underway(an_operation_of_two(is_over=True), early)


def test_the_planner_is_told_of_nothing_of_it_but_what_was_given_back() -> None:
    snapshot = a_snapshot(an_operation_of_two(given_back=(TWO,)), *(a_wanted(one) for one in (ONE, TWO)))

    kept_back = withheld(snapshot, DURING)

    assert (kept_back.operations, kept_back.inspections) == (frozenset({ID}), frozenset({ONE}))


def test_what_was_given_back_is_planned_again_and_nobody_on_the_spot_is_told_anything() -> None:
    before = planned(a_day_of_work(days=(13, 20), num_inspections=2), causes=())
    (operation,) = before.snapshot.operations
    assert len(operation.visits) == 2
    begun = with_values(before.snapshot, operation.model_copy(update={"given_back": (TWO,)}), now_at=DURING)

    after = planned(begun)

    placed = {o.session_id: [visit.id for visit in o.visits] for o in after.publication.operations}
    assert placed == {"polisen:P20": [TWO]}
    assert {type(message) for message in after.publication.messages}.isdisjoint(
        {OperationCancelled, OperationRescheduled}
    )


def test_what_was_done_elsewhere_leaves_the_operation_that_had_it() -> None:
    before = planned(a_day_of_work(days=(13,), num_inspections=2))
    done = before.snapshot.wanted_by_id[TWO].model_copy(update={"is_done": True, "done_in": "op:polisen:P9"})
    open_wanted = tuple(w for w in before.snapshot.wanted if w.id != done.id)

    after = planned(before.snapshot.model_copy(update={"wanted": open_wanted}))

    assert [visit.id for visit in after.operation.visits] == [ONE]
    assert after.only(OperationRescheduled).operation_id == before.operation.id
