"""H1, H10 and H15 between the operations of a plan."""

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
)
from tests.support.verdicts import rules_broken_by

MORNING = a_visit("i1", at(13, 9), at(13, 10))
AFTERNOON = a_visit("i2", at(13, 14), at(13, 15))


def test_a_session_holds_at_most_one_operation() -> None:
    problem = a_problem(
        team_sessions=[a_team_session("t1"), a_team_session("t2")],
        inspections=[an_inspection("i1"), an_inspection("i2")],
    )
    again = an_operation("s1", [AFTERNOON], ["t2"], id="op:s1:2")
    assert "H1" in rules_broken_by(problem, an_operation("s1", [MORNING]), again)


def test_an_inspection_is_in_at_most_one_operation() -> None:
    problem = a_problem([a_session("s1"), a_session("s2")], [a_team_session("t1"), a_team_session("t2")])
    again = an_operation("s2", [a_visit("i1", at(13, 14), at(13, 15))], ["t2"])
    assert rules_broken_by(problem, an_operation("s1", [MORNING]), again) == {"H1"}


@pytest.mark.parametrize(("start_at", "broken"), [(at(13, 12, 45), set()), (at(13, 12, 44, 59), {"H10"})])
def test_a_team_has_its_gap_between_two_operations_of_a_day(start_at: str, broken: set[str]) -> None:
    sessions = [a_session("s1", end_at=at(13, 12)), a_session("s2", start_at=start_at)]
    assert rules_broken_by(*one_team_twice(sessions, AFTERNOON, team_day=13)) == broken


@pytest.mark.parametrize(("start_at", "broken"), [(at(14, 3), set()), (at(14, 2, 59, 59), {"H10"})])
def test_a_team_has_its_daily_rest_between_two_days(start_at: str, broken: set[str]) -> None:
    sessions = [a_session("s1"), a_session("s2", start_at=start_at, end_at=at(14, 16))]  # 11 h after 16:00 is 03:00
    visit = a_visit("i2", at(14, 9), at(14, 10))
    assert rules_broken_by(*one_team_twice(sessions, visit, team_day=14)) == broken


def test_the_day_of_a_session_is_the_day_in_stockholm() -> None:
    # 23:00 and 01:30 are the same day in UTC but two days in Stockholm: an hour's gap is no daily rest
    sessions = [
        a_session("s1", start_at=at(13, 23), end_at=at(14, 0, 30)),
        a_session("s2", start_at=at(14, 1, 30), end_at=at(14, 4)),
    ]
    teams = [a_team_session(id_, team="same", start_at=at(13, 22), end_at=at(14, 5)) for id_ in ("t1", "t2")]
    inspections = [an_inspection(id_, time_windows=[[at(13), at(15)]]) for id_ in ("i1", "i2")]
    first = an_operation("s1", [a_visit("i1", at(13, 23, 10), at(14, 0, 10))], ["t1"])
    second = an_operation("s2", [a_visit("i2", at(14, 2), at(14, 3))], ["t2"])
    assert rules_broken_by(a_problem(sessions, teams, inspections), first, second) == {"H10"}


def test_one_team_session_is_not_in_two_operations_at_once() -> None:
    problem = a_problem([a_session("s1"), a_session("s2")], inspections=[an_inspection("i1"), an_inspection("i2")])
    assert rules_broken_by(problem, an_operation("s1", [MORNING]), an_operation("s2", [AFTERNOON])) == {"H10"}


@pytest.mark.parametrize(("group", "broken"), [(None, set()), ("g", {"H15"})])
def test_one_alternative_of_a_group_is_used_in_a_plan(group: str | None, broken: set[str]) -> None:
    teams = [a_team_session("t1", alternatives_group=group), a_team_session("t2", alternatives_group=group)]
    inspections = [an_inspection("i1"), an_inspection("i2")]
    problem = a_problem([a_session("s1"), a_session("s2")], teams, inspections)
    operations = an_operation("s1", [MORNING], ["t1"]), an_operation("s2", [AFTERNOON], ["t2"])
    assert rules_broken_by(problem, *operations) == broken


def one_team_twice(sessions: list[Form], visit: Form, team_day: int) -> tuple[Form, Form, Form]:
    """Give a problem and two operations that call team sessions of the same team."""
    first, second = sessions
    teams = [
        a_team_session("t1", team="same", start_at=first["start_at"], end_at=first["end_at"]),
        a_team_session("t2", team="same", start_at=second["start_at"], end_at=second["end_at"]),
    ]
    problem = a_problem(sessions, teams, [an_inspection("i1"), an_inspection("i2", day=team_day)])
    return problem, an_operation("s1", [MORNING], ["t1"]), an_operation("s2", [visit], ["t2"])
