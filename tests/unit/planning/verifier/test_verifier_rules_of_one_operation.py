"""H1 to H9, H15 inside an operation, and H16: the valid plan is accepted, and breaking one rule is refused by its name.

Distances: ten minutes between any two places. So a session from 08:00 reaches a first site at 08:10.
"""

import pytest

from tests.support.planning_forms import (
    Form,
    a_problem,
    a_session,
    a_team_session,
    a_visit,
    an_inspection,
    an_operation,
    at,
    ten_minutes_apart,
)
from tests.support.verdicts import rules_broken_by

TWO_INSPECTIONS = [an_inspection("i1"), an_inspection("i2")]
NINE, TEN = a_visit("i1", at(13, 9), at(13, 10)), a_visit("i2", at(13, 10, 10), at(13, 11, 10))


def test_the_plain_plan_is_accepted() -> None:
    assert rules_broken_by(a_problem(), an_operation()) == set()


def test_the_empty_plan_is_accepted() -> None:
    assert rules_broken_by(a_problem()) == set()


@pytest.mark.parametrize(("max_inspections", "broken"), [(2, set()), (None, set()), (1, {"H1"})])
def test_a_session_takes_no_more_inspections_than_it_may(max_inspections: int | None, broken: set[str]) -> None:
    problem = a_problem([a_session(max_inspections=max_inspections)], inspections=TWO_INSPECTIONS)
    assert rules_broken_by(problem, an_operation(inspections=[NINE, TEN])) == broken


def test_an_operation_without_inspections_is_refused() -> None:
    assert rules_broken_by(a_problem(), an_operation(inspections=[])) == {"H1"}


def test_an_inspection_twice_in_one_operation_is_refused() -> None:
    again = a_visit("i1", at(13, 11), at(13, 12))
    assert rules_broken_by(a_problem(), an_operation(inspections=[a_visit(), again])) == {"H1"}


@pytest.mark.parametrize(
    ("start_at", "end_at", "broken"),
    [
        (at(13, 8, 10), at(13, 9, 10), set()),
        (at(13, 8, 9, 59), at(13, 9, 9, 59), {"H2"}),  # one second before the police can be there
        (at(13, 14, 50), at(13, 15, 50), set()),
        (at(13, 14, 50, 1), at(13, 15, 50, 1), {"H2"}),  # back at the base one second after the session
        (at(13, 9), at(13, 9, 59, 59), {"H2"}),  # a second too short
    ],
)
def test_an_inspection_has_its_time_between_leaving_and_returning(start_at: str, end_at: str, broken: set[str]) -> None:
    assert rules_broken_by(a_problem(), an_operation(inspections=[a_visit("i1", start_at, end_at)])) == broken


@pytest.mark.parametrize(("minute", "broken"), [(10, set()), (9, {"H2"})])
def test_the_next_site_starts_no_sooner_than_one_gets_there(minute: int, broken: set[str]) -> None:
    second = a_visit("i2", at(13, 10, minute), at(13, 11, minute))
    problem = a_problem(inspections=TWO_INSPECTIONS)
    assert rules_broken_by(problem, an_operation(inspections=[NINE, second])) == broken


@pytest.mark.parametrize(
    ("windows", "broken"),
    [
        ([[at(13, 9), at(13, 10)]], set()),  # closed at both ends
        ([[at(13, 9, 0, 1), at(13, 12)]], {"H2"}),
        ([[at(13, 8), at(13, 9, 30)], [at(13, 9, 30), at(13, 12)]], {"H2"}),  # one window must hold the whole
        ([], {"H2"}),  # no window: never
    ],
)
def test_an_inspection_lies_within_one_time_window(windows: list[list[str]], broken: set[str]) -> None:
    assert rules_broken_by(a_problem(inspections=[an_inspection(time_windows=windows)]), an_operation()) == broken


@pytest.mark.parametrize(("deadline_at", "broken"), [(at(13, 10), set()), (at(13, 9, 59, 59), {"H2"})])
def test_an_inspection_ends_by_its_deadline(deadline_at: str, broken: set[str]) -> None:
    assert rules_broken_by(a_problem(inspections=[an_inspection(deadline_at=deadline_at)]), an_operation()) == broken


@pytest.mark.parametrize(("limit", "broken"), [(None, set()), (600, set()), (599, {"H3"})])
def test_a_site_is_no_farther_than_the_session_goes(limit: int | None, broken: set[str]) -> None:
    assert rules_broken_by(a_problem([a_session(max_travel_seconds=limit)]), an_operation()) == broken


def test_the_way_out_counts_for_the_farthest_travel_not_the_way_home() -> None:
    travel = ten_minutes_apart(["base", "place-i1"], **{"place-i1__base": 3000})
    problem = a_problem([a_session(max_travel_seconds=600)], travel=travel)
    assert rules_broken_by(problem, an_operation()) == set()


@pytest.mark.parametrize(
    ("areas", "area", "broken"),
    [(["vast"], "vast", set()), (["vast"], "ost", {"H4"}), (None, "ost", set()), (["vast"], None, set())],
)
def test_an_area_counts_where_both_sides_give_one(areas: list[str] | None, area: str | None, broken: set[str]) -> None:
    problem = a_problem([a_session(areas=areas)], inspections=[an_inspection(area=area)])
    assert rules_broken_by(problem, an_operation()) == broken


@pytest.mark.parametrize(("officers", "broken"), [(3, set()), (2, {"H5"})])
def test_a_session_has_the_officers_that_an_inspection_needs(officers: int, broken: set[str]) -> None:
    problem = a_problem([a_session(officers=officers)], inspections=[an_inspection(min_officers=3)])
    assert rules_broken_by(problem, an_operation()) == broken


def test_officers_are_not_counted_without_police() -> None:
    assert rules_broken_by(without_police("not_needed", officers=0), an_operation(teams=["t1", "t2"])) == set()


@pytest.mark.parametrize(("skills", "broken"), [(["dog", "it"], set()), (["it"], {"H6"})])
def test_a_session_has_the_skills_that_an_inspection_needs(skills: list[str], broken: set[str]) -> None:
    problem = a_problem([a_session(skills=skills)], inspections=[an_inspection(required_skills=["dog"])])
    assert rules_broken_by(problem, an_operation()) == broken


@pytest.mark.parametrize(
    ("hours", "broken"),
    [
        ((at(13, 8, 30), at(13, 15, 30)), set()),
        ((at(13, 8, 30, 1), at(13, 16)), {"H7"}),
        ((at(13, 8), at(13, 15, 29, 59)), {"H7"}),
    ],
)
def test_a_team_may_join_and_leave_half_an_hour_off_the_session(hours: tuple[str, str], broken: set[str]) -> None:
    problem = a_problem(team_sessions=[a_team_session(start_at=hours[0], end_at=hours[1])])
    assert rules_broken_by(problem, an_operation()) == broken


@pytest.mark.parametrize(
    ("agency", "start_at", "broken"),
    [
        ("skatteverket", at(13, 8), set()),
        ("skatteverket", at(13, 8, 0, 1), {"H7"}),  # callable, but not there for the whole session
        ("skatteverket/staff-ledger", at(13, 8), {"H7"}),  # a party is the whole text
    ],
)
def test_a_required_agency_is_there_for_the_whole_session(agency: str, start_at: str, broken: set[str]) -> None:
    problem = a_problem(
        team_sessions=[a_team_session(agency=agency, start_at=start_at)],
        inspections=[an_inspection(required_agencies=["skatteverket"])],
    )
    assert rules_broken_by(problem, an_operation()) == broken


def test_two_teams_of_one_party_are_refused() -> None:
    problem = a_problem(team_sessions=[a_team_session("t1"), a_team_session("t2")])
    assert rules_broken_by(problem, an_operation(teams=["t1", "t2"])) == {"H8"}


def test_two_roles_of_one_agency_are_two_parties() -> None:
    teams = [a_team_session("t1", "skatteverket/a"), a_team_session("t2", "skatteverket/b")]
    assert rules_broken_by(a_problem(team_sessions=teams), an_operation(teams=["t1", "t2"])) == set()


def test_an_agency_that_is_never_on_site_is_refused() -> None:
    teams = [a_team_session("t1", "jamstalldhetsmyndigheten"), a_team_session("t2")]
    assert rules_broken_by(a_problem(team_sessions=teams), an_operation(teams=["t1", "t2"])) == {"H8"}


@pytest.mark.parametrize(("teams", "broken"), [(["t1"], set()), ([], {"H8"}), (["t2"], {"H8"})])
def test_police_bring_at_least_one_other_agency(teams: list[str], broken: set[str]) -> None:
    listed = [a_team_session("t1"), a_team_session("t2", "facket")]
    problem = a_problem(team_sessions=listed, rules={"not_an_agency": ["facket"]})
    assert rules_broken_by(problem, an_operation(teams=teams)) == broken


@pytest.mark.parametrize(("teams", "broken"), [(["t1", "t2"], set()), (["t1"], {"H8"})])
def test_without_police_there_are_at_least_two_agencies(teams: list[str], broken: set[str]) -> None:
    assert rules_broken_by(without_police("not_needed"), an_operation(teams=teams)) == broken


@pytest.mark.parametrize(("max_agencies", "broken"), [(2, set()), (1, {"H8"})])
def test_no_more_parties_than_allowed_take_part(max_agencies: int, broken: set[str]) -> None:
    listed = [a_team_session("t1"), a_team_session("t2", "facket")]
    rules = {"max_agencies": max_agencies, "not_an_agency": ["facket"]}  # all parties count, agencies or not
    assert rules_broken_by(a_problem(team_sessions=listed, rules=rules), an_operation(teams=["t1", "t2"])) == broken


@pytest.mark.parametrize(
    ("skills", "start_at", "broken"),
    [
        (["region_coordinator"], at(13, 8), set()),
        ([], at(13, 8), {"H9"}),
        (["region_coordinator"], at(13, 8, 10), {"H9"}),  # not there for the whole session
    ],
)
def test_a_required_participant_comes_with_a_team(skills: list[str], start_at: str, broken: set[str]) -> None:
    problem = a_problem(
        team_sessions=[a_team_session(skills=skills, start_at=start_at)],
        inspections=[an_inspection(required_participants=["region_coordinator"])],
    )
    assert rules_broken_by(problem, an_operation()) == broken


@pytest.mark.parametrize(("group", "broken"), [("other", set()), ("g", {"H15"})])
def test_one_alternative_of_a_group_is_called_to_an_operation(group: str, broken: set[str]) -> None:
    first = a_team_session("t1", alternatives_group="g")
    second = a_team_session("t2", "skatteverket", alternatives_group=group)
    problem = a_problem(team_sessions=[first, second])
    # inside one operation the group is told of both for the operation and for the plan
    assert rules_broken_by(problem, an_operation(teams=["t1", "t2"])) == broken


@pytest.mark.parametrize(("police_need", "broken"), [("required", {"H16"}), ("wanted", set()), ("not_needed", set())])
def test_where_police_are_required_there_are_police(police_need: str, broken: set[str]) -> None:
    assert rules_broken_by(without_police(police_need), an_operation(teams=["t1", "t2"])) == broken


def without_police(police_need: str, officers: int = 4) -> Form:
    """Give a problem whose only session has no police and which two agencies can take part in."""
    teams = [a_team_session("t1"), a_team_session("t2", "skatteverket")]
    inspections = [an_inspection(police_need=police_need)]
    return a_problem([a_session(police=False, officers=officers)], teams, inspections)
