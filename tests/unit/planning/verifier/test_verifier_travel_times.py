"""M1: seconds of travel by the great circle and by matrix."""

import pytest
from samsyn_planning.domain.verifier import objective_of
from samsyn_planning.domain.verifier.travel import CircleTravel, Point, great_circle_km

from tests.support.planning_forms import a_problem, a_session, an_inspection, an_operation, ten_minutes_apart

GOTEBORG, NORTH = Point(57.0, 12.0), Point(58.0, 12.0)


def test_a_degree_north_takes_its_road_at_its_speed() -> None:
    # 6371.0088 km * pi/180 = 111.19508 km; * 1.3 * 3600 / 65 = 8006.05 s, rounded up, + 240
    assert CircleTravel(kmh=65, detour=1.3, extra_seconds=240).seconds(GOTEBORG, NORTH) == 8247


def test_a_degree_east_on_the_equator_is_as_long() -> None:
    assert CircleTravel(kmh=65, detour=1.3, extra_seconds=240).seconds(Point(0, 12), Point(0, 13)) == 8247


def test_a_degree_east_is_half_as_long_at_sixty_degrees() -> None:
    # law of cosines: acos(sin 60 * sin 60 + cos 60 * cos 60 * cos 1) = acos(0.75 + 0.25 * cos 1) = 0.4999952 degrees
    assert great_circle_km(Point(60, 12), Point(60, 13)) == pytest.approx(111.19508 * 0.4999952, abs=1e-4)


def test_equal_coordinates_take_no_time() -> None:
    assert CircleTravel(kmh=65, detour=1.3, extra_seconds=240).seconds(GOTEBORG, Point(57, 12)) == 0


def test_a_hair_above_a_whole_second_is_not_rounded_up() -> None:
    kmh = great_circle_km(GOTEBORG, NORTH) * 3600 / 100  # 100 s
    assert CircleTravel(kmh * (1 - 5e-9), 1.0, 0).seconds(GOTEBORG, NORTH) == 100  # 100.0000005 s
    assert CircleTravel(kmh * (1 - 5e-8), 1.0, 0).seconds(GOTEBORG, NORTH) == 101  # 100.000005 s


def test_a_problem_may_give_positions() -> None:
    problem = a_problem(
        [a_session(base={"lat": 57.0, "lon": 12.0})],
        inspections=[an_inspection(place={"lat": 57, "lon": 12})],
        travel={"kmh": 65, "detour": 1.3, "extra_seconds": 240},
    )
    assert objective_of(problem, [an_operation()]).value == 984  # 1000 + 9 + 5 - 30, no travel


def test_a_matrix_is_directed_and_its_diagonal_counts() -> None:
    travel = ten_minutes_apart(["base"])
    travel["seconds"] = [[60]]
    problem = a_problem(inspections=[an_inspection(place="base")], travel=travel)
    assert objective_of(problem, [an_operation()]).value == 980  # 984 - 2 legs of a minute at 2 points
