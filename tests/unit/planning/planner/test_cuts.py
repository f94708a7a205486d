"""A cut is found where a linear solution gives three inspections more than one column that holds two of them."""

from samsyn_planning.domain.planner.engine.columns import Column
from samsyn_planning.domain.planner.engine.cuts import holds_two, violated

MANY = 40


def _column(*route: int) -> Column:
    return Column(session=0, route=route, classes=(), points=0)


def test_three_half_columns_of_two_each_overfill_their_three_inspections() -> None:
    columns = [_column(0, 1), _column(2, 1), _column(2, 0), _column(3, 4)]

    assert violated(columns, [0.5, 0.5, 0.5, 0.5], set(), MANY) == [(0, 1, 2)]


def test_a_column_with_all_three_counts_once() -> None:
    columns = [_column(0, 1, 2), _column(0, 1)]

    assert violated(columns, [0.5, 0.5], set(), MANY) == []


def test_what_is_taken_wholly_overfills_nothing() -> None:
    assert violated([_column(0, 1), _column(1, 2)], [1.0, 1.0], set(), MANY) == []


def test_a_cut_that_is_known_is_not_found_again() -> None:
    columns = [_column(0, 1), _column(1, 2), _column(0, 2)]

    assert violated(columns, [0.5, 0.5, 0.5], {(0, 1, 2)}, MANY) == []


def test_the_worst_cuts_come_first_and_no_more_than_asked_for() -> None:
    columns = [_column(0, 1), _column(1, 2), _column(0, 2), _column(5, 6), _column(6, 7), _column(5, 7)]
    values = [0.4, 0.4, 0.4, 0.5, 0.5, 0.5]

    assert violated(columns, values, set(), MANY) == [(5, 6, 7), (0, 1, 2)]
    assert violated(columns, values, set(), 1) == [(5, 6, 7)]


def test_a_route_with_two_or_three_of_the_inspections_holds_two() -> None:
    assert [holds_two(route, (1, 2, 3)) for route in ((1,), (1, 9), (3, 1), (3, 2, 1))] == [False, False, True, True]
