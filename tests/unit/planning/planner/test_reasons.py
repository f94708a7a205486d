"""Why an inspection is not planned: checked reasons in a coordinator's words."""

from datetime import datetime
from typing import Any

import pytest
from samsyn_planning.domain.planner import solve
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.standing import stand
from samsyn_planning.domain.planner.unplanned import Unplanned
from samsyn_planning.domain.said import in_english, in_swedish

from tests.support.planning_forms import (
    Form,
    a_plan,
    a_problem,
    a_session,
    a_team_session,
    an_inspection,
    an_operation,
    at,
)


def _left_out(plan: Form, inspection: str = "i1") -> Form:
    entry: Form = next(entry for entry in plan["unplanned"] if entry["inspection"] == inspection)
    return entry


@pytest.mark.parametrize(
    ("code", "session", "inspection"),
    [
        ("H2", {}, {"time_windows": []}),
        ("H3", {"max_travel_seconds": 599}, {}),
        ("H4", {"areas": ["norr"]}, {"area": "syd"}),
        ("H5", {"officers": 1}, {}),
        ("H6", {}, {"required_skills": ["hund"]}),
        ("H7", {}, {"required_agencies": ["skatteverket"]}),
        ("H9", {}, {"required_participants": ["region_coordinator"]}),
        ("VALUE", {}, {"value": 0}),
    ],
)
def test_the_rule_that_stands_in_the_way_is_named(code: str, session: Form, inspection: Form) -> None:
    plan = solve(a_problem([a_session(**session)], None, [an_inspection(**inspection)]))

    assert [(reason["code"], reason["sessions"]) for reason in _left_out(plan)["reasons"]] == [(code, ["s1"])]


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("H8", a_problem(team_sessions=[])),
        ("H11", a_problem(now=at(13, 8))),
        ("H11", a_problem(freeze_until=at(14))),
        ("H12", a_problem(no_new_team_before=at(14))),
        ("H13", a_problem([a_session(consent="ask")], rules={"consent": "given"})),
        ("H14", a_problem(now=at(13, 7), inspections=[an_inspection(ready=[])])),
        ("H16", a_problem([a_session(police=False)], [a_team_session(), a_team_session("t2", "skatteverket")])),
    ],
)
def test_rules_about_people_and_hours_are_named_too(code: str, problem: Form) -> None:
    plan = solve(problem)

    assert [reason["code"] for reason in _left_out(plan)["reasons"]] == [code]


def test_a_team_that_is_needed_elsewhere_is_the_reason() -> None:
    sessions = [a_session("s1", areas=["norr"]), a_session("s2", areas=["syd"])]
    inspections = [an_inspection("i1", area="norr"), an_inspection("i2", area="syd", value=500)]

    plan = solve(a_problem(sessions, None, inspections))

    assert next((reason["code"], reason["sessions"]) for reason in _left_out(plan)["reasons"]) == ("H10", ["s1"])


def test_a_missing_team_is_called_by_its_agencys_name() -> None:
    problem = a_problem(inspections=[an_inspection(required_agencies=["skatteverket"])])

    plan = solve(problem, names={"skatteverket": ("Skatteverket", "the Tax Agency")})

    said = _left_out(plan)["reasons"][0]
    assert said["sv"] == "1 pass nås före sista datum; 1 faller bara på: lag saknas: Skatteverket."
    assert said["en"].endswith("no team can come: the Tax Agency.")


def test_what_it_would_push_out_and_cost_is_said() -> None:
    inspections = [an_inspection("i1", value=90), an_inspection("i2", value=110)]

    plan = solve(a_problem([a_session(max_inspections=1)], None, inspections))

    said = _left_out(plan)["reasons"][0]
    assert (said["code"], _left_out(plan)["cost_of_inclusion"]) == ("TAKEN", 200)
    assert "kan tas med, tränger undan i2 och kostar högst 200 poäng" in said["sv"]


def test_sessions_that_fail_on_several_rules_are_not_named() -> None:
    plan = solve(a_problem([a_session(officers=1, max_travel_seconds=1)]))

    assert [reason["sessions"] for reason in _left_out(plan)["reasons"]] == [[]]


def test_where_no_sessions_are_left_that_is_said() -> None:
    plan = solve(a_problem(sessions=[]))

    assert _left_out(plan)["reasons"][0]["sv"] == "Inga pass finns kvar."


def test_times_are_written_as_coordinators_write_them() -> None:
    moment = int(datetime.fromisoformat("2025-05-06T08:00:00+02:00").timestamp())

    assert (in_swedish(moment), in_english(moment)) == ("tis 6 maj 08.00 (v. 19)", "Tue 6 May 08:00")


def _left_out_of(operations: list[Form], problem: Form) -> Form:
    """The first entry of a plan that holds just these operations, as if the search had ended there."""
    schedule = Schedule(Facts(read_problem(problem | {"published": a_plan(operations)})))
    stand(schedule)
    return Unplanned(schedule, {}, {}).entries()[0]


def test_what_would_gain_is_not_said_to_cost_more_than_it_brings() -> None:
    said = _left_out_of([an_operation()], a_problem(inspections=[an_inspection("i1"), an_inspection("i2")]))

    assert said["cost_of_inclusion"] < 0
    assert said["reasons"][0]["sv"].startswith("1 pass nås före sista datum; 1 stannar bara på: sökningen slutade")


def test_where_there_is_room_the_cost_is_told_without_a_price_from_the_search() -> None:
    problem = a_problem(inspections=[an_inspection("i1"), an_inspection("i2", value=1)])

    said = _left_out_of([an_operation()], problem)

    assert said["reasons"][0]["code"] == "VALUE"
    assert said["reasons"][0]["sv"].endswith(f"; kan tas med och kostar högst {said['cost_of_inclusion']} poäng.")


def test_large_costs_are_written_in_thousands() -> None:
    inspections = [an_inspection("i1", value=90), an_inspection("i2", value=910)]

    said = _left_out(solve(a_problem([a_session(max_inspections=1)], None, inspections)))["reasons"][0]

    assert ("8\u202f200 poäng" in said["sv"], "8,200 points" in said["en"]) == (True, True)


def _two_barred_teams(**session: Any) -> Form:
    """On s1 the one team is needed on s2, the other waits for consent."""
    sessions = [a_session("s1", areas=["norr"], **session), a_session("s2", areas=["syd"])]
    teams = [a_team_session("t1"), a_team_session("t2", "skatteverket", consent="ask")]
    inspections = [an_inspection("i1", area="norr"), an_inspection("i2", area="syd", value=500)]
    return a_problem(sessions, teams, inspections, rules={"consent": "given"})


def test_where_one_rule_or_another_would_have_to_give_none_is_the_only_one() -> None:
    said = _left_out(solve(_two_barred_teams()))

    assert [reason["sessions"] for reason in said["reasons"] if "s1" in reason["sessions"]] == []


def test_a_session_that_waits_for_consent_is_named_for_that_where_consent_frees_its_team_too() -> None:
    said = _left_out(solve(_two_barred_teams(consent="ask")))

    assert [reason["code"] for reason in said["reasons"] if "s1" in reason["sessions"]] == ["H13"]


def test_there_is_no_room_where_the_way_home_takes_too_long() -> None:
    """Two hours and three legs of ten minutes: the third leg, home, is one minute too long."""
    inspections = [an_inspection("i1", value=200), an_inspection("i2")]

    plan = solve(a_problem([a_session(end_at=at(13, 10, 29))], None, inspections))

    assert [reason["code"] for reason in _left_out(plan, "i2")["reasons"]] == ["TAKEN"]
