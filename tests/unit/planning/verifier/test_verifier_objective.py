"""The objective, term by term; every expected figure is worked out by hand beside it."""

from typing import Any

import pytest
from samsyn_planning.domain.verifier import objective_of

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
from tests.support.verdicts import lost, published

OFF = dict.fromkeys(
    ("value", "interest", "late_day", "earliness", "travel_minute", "team", "team_far", "experience", "no_police"), 0
)


def value_with(weights: Form, teams: tuple[str, ...] = ("t1",), **problem: Any) -> int:
    """Value of the plain operation where all weights but these are off."""
    return objective_of(a_problem(weights=OFF | weights, **problem), [an_operation(teams=teams)]).value


def test_the_default_weights_add_up() -> None:
    # 10*100 value + 9 earliness + 5 experience - 2 legs of 10 min * 2 - 30 for the team
    assert objective_of(a_problem(), [an_operation()]) == (944, 944, 0)


def test_the_empty_plan_is_worth_nothing() -> None:
    assert objective_of(a_problem(), []) == (0, 0, 0)


def test_value_counts_each_inspection() -> None:
    assert value_with({"value": 3}, inspections=[an_inspection(value=70)]) == 210


@pytest.mark.parametrize(
    ("due_at", "points"),
    [
        (None, 0),
        (at(13), 0),  # due and done the same day
        (at(12, 23, 59, 59), -15),
        (at(10), -45),
        (at(20), 0),
        ("2025-05-12T22:30:00+00:00", 0),  # already the 13th in Stockholm
    ],
)
def test_each_day_after_the_due_day_costs(due_at: str | None, points: int) -> None:
    assert value_with({"late_day": 15}, inspections=[an_inspection(due_at=due_at)]) == points


@pytest.mark.parametrize(
    ("now", "points"),
    [(at(13, 8), 10), (at(7, 23, 59), 10), (at(6, 23, 59), 9), (at(13, month=3), 2), (at(1, month=2), 0)],
)
def test_earliness_falls_by_one_a_week(now: str, points: int) -> None:
    # to 13 May: 0 days, 6 days, 7 days, 61 days (8 whole weeks), 101 days (14 weeks: none left)
    assert value_with({"earliness": 1}, now=now) == points


def test_interests_of_called_parties_count_with_their_fairness() -> None:
    teams = [a_team_session("t1", "skatteverket"), a_team_session("t2", "facket/bygg")]
    interests = {"skatteverket": 30, "facket/bygg": 5, "facket": 100, "migrationsverket": 100}
    inspections = [an_inspection(interests=interests, required_agencies=["skatteverket"])]
    weights = {"interest": 10, "fairness": {"skatteverket": -4, "migrationsverket": 7}}
    # (10 - 4) * 30 + (10 + 0) * 5
    assert value_with(weights, ("t1", "t2"), team_sessions=teams, inspections=inspections) == 230


@pytest.mark.parametrize(
    ("row_from", "row_to", "points"),
    [
        (at(13, 9), at(13, 9, 1), 7),  # from is in
        (at(13, 8), at(13, 9), 0),  # to is out
        (at(13, 8), at(13, 9, 0, 1), 7),
    ],
)
def test_theme_rows_are_half_open(row_from: str, row_to: str, points: int) -> None:
    theme = [
        {"tag": "bygg", "from": row_from, "to": row_to, "points": 7},
        {"tag": "stad", "from": at(1), "to": at(30), "points": 100},
    ]
    assert value_with({"theme": theme}, inspections=[an_inspection(tags=["bygg"])]) == points


def test_every_theme_row_that_fits_counts_and_may_be_negative() -> None:
    theme = [{"tag": tag, "from": at(1), "to": at(30), "points": points} for tag, points in (("a", 7), ("a", -10))]
    assert value_with({"theme": theme}, inspections=[an_inspection(tags=["a"])]) == -3


@pytest.mark.parametrize(("band", "points"), [("0", 0), ("1-3", 5), ("4+", 10)])
def test_experience_of_the_police_counts(band: str, points: int) -> None:
    assert value_with({"experience": 5}, sessions=[a_session(experience_band=band)]) == points


def test_experience_does_not_count_without_police() -> None:
    assert value_with({"experience": 5}, sessions=[a_session(police=False, experience_band="4+")]) == 0


def test_the_risk_of_a_cancellation_is_rounded_down_inside() -> None:
    # 1000 - floor(50 * 10 * 100 * 15 / 100000) = 1000 - floor(7.5)
    sessions = [a_session(cancel_permille=15)]
    assert value_with({"value": 10, "risk": 50}, sessions=sessions) == 993
    assert value_with({"value": 10, "risk": -50}, sessions=sessions) == 1008  # floor(-7.5) = -8
    assert value_with({"value": 10, "risk": 50}, sessions=[a_session(cancel_permille=20)]) == 990


@pytest.mark.parametrize(
    ("need", "police", "points"),
    [("wanted", False, -20), ("wanted", True, 0), ("not_needed", False, 0), ("required", True, 0)],
)
def test_wanted_police_that_are_missing_cost(need: str, police: bool, points: int) -> None:
    problem: Form = {"sessions": [a_session(police=police)], "inspections": [an_inspection(police_need=need)]}
    assert value_with({"no_police": 20}, **problem) == points


def test_each_leg_is_rounded_up_to_minutes_both_ways() -> None:
    travel = ten_minutes_apart(["base", "place-i1"], **{"base__place-i1": 601, "place-i1__base": 60})
    assert value_with({"travel_minute": 2}, travel=travel) == -2 * (11 + 1)


def test_an_operation_without_inspections_costs_its_teams_alone() -> None:
    assert objective_of(a_problem(), [an_operation(inspections=[])]).value == -30


def test_each_called_team_costs_and_a_far_one_more() -> None:
    far = {"travel": ten_minutes_apart(["base", "far", "near", "place-i1"], far__base=1801, near__base=1800)}
    teams = [a_team_session("t1", home="far"), a_team_session("t2", "skv", home="near"), a_team_session("t3", "fk")]
    assert value_with({"team": 30, "team_far": 20}, ("t1", "t2", "t3"), team_sessions=teams, **far) == -110


# Disruption: the session starts eight days ahead, so each part counts twice (nearness 2).

TWO_VISITS = [a_visit("i1", at(13, 9), at(13, 10)), a_visit("i2", at(13, 11), at(13, 12))]
WIDE = {
    "inspections": [an_inspection("i1"), an_inspection("i2"), an_inspection("i3")],
    "team_sessions": [a_team_session("t1"), a_team_session("t2", "skatteverket"), a_team_session("t3", "facket")],
}


def disruption(planned: list[Form], before: Form | None = None, **problem: Any) -> int:
    old = before or an_operation(inspections=TWO_VISITS, teams=["t1", "t2"])
    return objective_of(a_problem(**(WIDE | {"published": published(old)} | problem)), planned).disruption


def both(**overrides: Any) -> Form:
    terms: Form = {"inspections": TWO_VISITS, "teams": ["t1", "t2"]} | overrides
    return an_operation(**terms)


@pytest.mark.parametrize(
    ("planned", "points"),
    [
        ([both()], 0),
        ([both(inspections=TWO_VISITS[:1])], 2 * 60 + 1),
        ([both(inspections=[*TWO_VISITS, a_visit("i3", at(13, 13), at(13, 14))])], 2 * 10 + 1),
        ([both(teams=["t1"])], 2 * 40 + 1),
        ([both(teams=["t1", "t2", "t3"])], 2 * 20 + 1),
        ([both(teams=["t1", "t3"])], 2 * (40 + 20) + 1),
        ([both(inspections=[TWO_VISITS[0], a_visit("i2", at(13, 11, 15), at(13, 12, 15))])], 0),
        ([both(inspections=[TWO_VISITS[0], a_visit("i2", at(13, 11, 15, 1), at(13, 12, 15, 1))])], 2 * 20 + 1),
        ([both(inspections=[TWO_VISITS[0], a_visit("i2", at(13, 10, 44, 59), at(13, 11, 44, 59))])], 2 * 20 + 1),
        ([], 2 * (2 * 60 + 2 * 40) + 1),
    ],
)
def test_each_part_of_a_change_disturbs(planned: list[Form], points: int) -> None:
    assert disruption(planned) == points


def test_an_inspection_that_moves_to_another_session_is_removed_from_its_own() -> None:
    sessions = [a_session("s1"), a_session("s2")]
    moved = [both(inspections=TWO_VISITS[:1]), an_operation("s2", TWO_VISITS[1:], ["t3"])]
    assert disruption(moved, sessions=sessions) == 2 * 60 + 1  # the newly used session adds nothing


def test_what_is_no_longer_listed_is_not_removed() -> None:
    assert disruption([both(teams=["t1", "t3"])], lost=lost("t2")) == 2 * 20 + 1
    assert disruption([both(inspections=TWO_VISITS[:1])], lost=lost("i2")) == 0


def test_a_lost_operation_disturbs_nothing() -> None:
    assert disruption([], lost=lost("s1")) == 0


def test_a_frozen_operation_disturbs_nothing() -> None:
    assert disruption([both(teams=["t1"])], freeze_until=at(14)) == 0


@pytest.mark.parametrize(
    ("now", "factor"),
    [
        (at(13, 9), 4),  # the session has begun
        (at(10, 8), 4),  # 259200 s before
        (at(10, 7, 59, 59), 3),
        (at(6, 8), 3),  # 604800 s
        (at(6, 7, 59, 59), 2),
        ("2025-04-29T08:00:00+02:00", 2),  # 1209600 s
        ("2025-04-29T07:59:59+02:00", 1),
    ],
)
def test_the_nearer_the_session_the_more_a_change_disturbs(now: str, factor: int) -> None:
    dropped_team = [both(teams=["t1"])]
    assert disruption(dropped_team, now=now) == factor * 40 + 1
    assert disruption(dropped_team, now=now, confirmed=["op:s1"]) == factor * 2 * 40 + 1


def test_the_objective_is_value_less_disruption() -> None:
    problem = a_problem(**WIDE, published=published(an_operation(teams=["t1", "t2"])))
    # 944 - and the second team dropped: 2*40 + 1
    assert objective_of(problem, [an_operation()]) == (944 - 81, 944, 81)
