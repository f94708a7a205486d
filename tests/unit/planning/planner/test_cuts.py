"""A cut is found where a linear solution gives three rows more than one column that is in two of them."""

import numpy as np
from samsyn_planning.domain.planner.engine.cuts import NOBODY, Charges, holds_two, no_charges, violated

MANY = 40


def test_three_half_columns_of_two_each_overfill_their_three_inspections() -> None:
    columns = [(0, 1), (2, 1), (2, 0), (3, 4)]

    assert violated(columns, [0.5, 0.5, 0.5, 0.5], set(), MANY) == [(0, 1, 2)]


def test_a_column_with_all_three_counts_once() -> None:
    columns = [(0, 1, 2), (0, 1)]

    assert violated(columns, [0.5, 0.5], set(), MANY) == []


def test_what_is_taken_wholly_overfills_nothing() -> None:
    assert violated([(0, 1), (1, 2)], [1.0, 1.0], set(), MANY) == []


def test_a_cut_that_is_known_is_not_found_again() -> None:
    columns = [(0, 1), (1, 2), (0, 2)]

    assert violated(columns, [0.5, 0.5, 0.5], {(0, 1, 2)}, MANY) == []


def test_the_worst_cuts_come_first_and_no_more_than_asked_for() -> None:
    columns = [(0, 1), (1, 2), (0, 2), (5, 6), (6, 7), (5, 7)]
    values = [0.4, 0.4, 0.4, 0.5, 0.5, 0.5]

    assert violated(columns, values, set(), MANY) == [(5, 6, 7), (0, 1, 2)]
    assert violated(columns, values, set(), 1) == [(5, 6, 7)]


def test_a_column_in_two_or_three_of_the_rows_holds_two() -> None:
    assert [holds_two(route, (1, 2, 3)) for route in ((1,), (1, 9), (3, 1), (3, 2, 1))] == [False, False, True, True]


def test_a_cut_charges_a_column_for_the_second_of_its_inspections_its_session_and_its_teams() -> None:
    calls = np.array([[0, 1]])
    charges = Charges(np.array([[7, NOBODY, NOBODY]]), np.array([3]), calls, np.array([50.0]))
    sessions = np.array([3, 3, 3, 4, 4])
    routes = np.array([[7, 8], [8, -1], [8, -1], [7, -1], [7, -1]])
    classes = np.array([[0], [0], [1], [1], [0]])

    assert list(charges.of(sessions, routes, classes)) == [50.0, 0.0, 50.0, 50.0, 0.0]


def test_without_cuts_nothing_is_charged() -> None:
    assert list(no_charges(2).of(np.array([0]), np.array([[1, 2]]), np.array([[0, 1]]))) == [0.0]
