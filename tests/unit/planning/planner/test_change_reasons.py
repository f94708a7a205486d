"""What is said of each change: its name, who gained, what undoing it would cost, and which loss is behind it."""

from typing import get_args

import pytest
from samsyn_contracts.operations import LadderStep
from samsyn_planning.domain.ladder import STEP_NAMES
from samsyn_planning.domain.planner import solve

from tests.support.change_check import wrong_changes
from tests.support.planning_forms import (
    Form,
    a_plan,
    a_problem,
    a_session,
    a_team_session,
    a_visit,
    an_inspection,
    an_operation,
    at,
)


def _after(problem: Form, published: list[Form], *lost: str, **overrides: object) -> Form:
    return problem | {
        "published": a_plan(published),
        "lost": [{"id": loss, "cause": f"cause-{loss}"} for loss in lost],
        **overrides,
    }


def _two_operations(value: int = 500) -> Form:
    """s1 with i1 is lost; s2 holds i2, and takes i1 in where that is worth more than it disturbs."""
    sessions, teams = [a_session("s1"), a_session("s2")], [a_team_session("t1"), a_team_session("t2")]
    problem = a_problem(sessions, teams, [an_inspection("i1", value=value), an_inspection("i2")])
    return _after(problem, [an_operation("s1"), an_operation("s2", [a_visit("i2")], ["t2"])], "s1")


def _change(plan: Form, operation: str) -> Form:
    found: Form = next(change for change in plan["changes"] if change["operation"] == operation)
    return found


def _said(plan: Form, operation: str, code: str) -> Form:
    found: Form = next(reason for reason in _change(plan, operation)["reasons"] if reason["code"] == code)
    return found


def test_a_change_that_no_loss_forced_tells_who_gained_and_what_undoing_it_costs() -> None:
    problem = _two_operations()
    plan = solve(problem)

    said = _said(plan, "op:s2", "GAIN")

    undone = plan["objective"] - solve(problem | {"pinned": ["op:s2"]})["objective"]
    assert f"{undone:,}".replace(",", "\u202f") + " poäng sämre" in said["sv"]
    assert said["sv"].endswith("; plats har fått kontrollen i1 (följer av: cause-s1).")
    assert said["en"].endswith("; room was made for inspection i1 (follows from: cause-s1).")


def test_the_checker_sees_a_cost_of_undoing_that_is_wrong() -> None:
    problem = _two_operations()
    plan = solve(problem)
    said = _said(plan, "op:s2", "GAIN")

    said["sv"] = said["sv"].replace("vore det ", "vore det 1")

    assert len(wrong_changes(problem, plan)) == 1


def test_the_checker_sees_a_step_with_another_name() -> None:
    problem = _after(a_problem([a_session("s1"), a_session("s2")]), [an_operation()], "s1")
    plan = solve(problem)

    _said(plan, "op:s1", "LADDER")["sv"] = "Åtgärd: uppskjuten."

    assert len(wrong_changes(problem, plan)) == 1


@pytest.mark.parametrize(
    ("start_at", "day", "sv", "en"),
    [
        (at(13, 8, 10), 13, "annat polispass vid samma tid", "another police session at the same time"),
        (at(13, 9), 13, "flyttad till ett annat pass", "moved to another session"),
        (at(14, 8), 14, "uppskjuten", "postponed"),
        (at(12, 8), 12, "flyttad till ett annat pass", "moved to another session"),
    ],
)
def test_each_move_has_its_name_in_both_languages(start_at: str, day: int, sv: str, en: str) -> None:
    other = a_session("s2", start_at=start_at, end_at=at(day, 16))
    windows = [[at(day, 8), at(day, 16)] for day in (12, 13, 14)]
    teams = [a_team_session("t1"), a_team_session("t2", day=day), a_team_session("t3", day=day)]
    problem = a_problem([a_session("s1"), other], teams, [an_inspection(time_windows=windows)])

    said = _said(solve(_after(problem, [an_operation()], "s1")), "op:s1", "LADDER")

    assert (said["sv"], said["en"]) == (f"Åtgärd: {sv}.", f"Step: {en}.")


def test_what_has_no_new_time_is_postponed_and_says_why_each_session_fails() -> None:
    sessions = [a_session("s1"), a_session("s2", officers=1), a_session("s3", officers=1, max_travel_seconds=1)]

    plan = solve(_after(a_problem(sessions), [an_operation()], "s1"))

    told = [(reason["code"], reason["sv"]) for reason in _change(plan, "op:s1")["reasons"]]
    assert told[1:] == [
        ("LADDER", "Åtgärd: uppskjuten."),
        ("DROPPED", "Insatsen har ingen ny tid; tillbaka till objektlistan: i1."),
        ("H5", "Kontrollen i1: 2 pass nås före sista datum; 1 faller bara på: poliserna är för få."),
    ]


def test_an_operation_of_which_every_inspection_is_elsewhere_is_cancelled() -> None:
    plan = solve(_two_operations())

    assert _said(plan, "op:s1", "LADDER")["sv"] == "Åtgärd: inställd."


def test_that_police_are_missing_is_said_first_wherever_the_operation_goes() -> None:
    teams = [a_team_session(f"t{n}", agency) for n, agency in enumerate(("arbetsmiljoverket", "skatteverket"))]
    problem = a_problem([a_session("s1"), a_session("s2", police=False)], teams, [an_inspection(police_need="wanted")])

    plan = solve(_after(problem, [an_operation(teams=["t0", "t1"])], "s1"))

    assert _said(plan, "op:s1", "LADDER")["sv"] == "Åtgärd: utan polis."


def test_the_loss_behind_a_change_is_traced_through_an_operation_between() -> None:
    """s1 is lost; i1 takes i2's place in s2, and i2 takes a place in s3. The loss of t9 has nothing to do with it."""
    sessions = [a_session(f"s{n}", max_inspections=most) for n, most in ((1, 1), (2, 1), (3, 2), (4, 1))]
    areas = {"s1": ["norr"], "s2": ["norr", "mitt"], "s3": ["mitt", "syd"], "s4": ["ost"]}
    sessions = [session | {"areas": areas[session["id"]]} for session in sessions]
    teams = [a_team_session(f"t{n}") for n in (1, 2, 3, 4, 9)]
    wanted = [
        an_inspection(f"i{n}", value=value, area=area)
        for n, value, area in ((1, 900, "norr"), (2, 800, "mitt"), (3, 500, "syd"), (4, 500, "ost"))
    ]
    published = [an_operation(f"s{n}", [a_visit(f"i{n}")], [f"t{n}"]) for n in (1, 2, 3)]
    published.append(an_operation("s4", [a_visit("i4")], ["t4", "t9"]))

    plan = solve(_after(a_problem(sessions, teams, wanted), published, "s1", "t9"))

    assert {name: _change(plan, name)["causes"] for name in ("op:s2", "op:s3", "op:s4")} == {
        "op:s2": ["s1"],
        "op:s3": ["s1"],
        "op:s4": ["t9"],
    }


def test_an_operation_whose_team_is_needed_elsewhere_says_where() -> None:
    """s1 loses its team; the more valuable i1 gets that of s2, whose inspection goes back to the list."""
    sessions = [a_session("s1", areas=["norr"]), a_session("s2", areas=["syd"])]
    wanted = [an_inspection("i1", area="norr", value=900), an_inspection("i2", area="syd", value=50)]
    published = [an_operation("s1"), an_operation("s2", [a_visit("i2")], ["t2"])]
    problem = a_problem(sessions, [a_team_session("t1"), a_team_session("t2")], wanted)

    plan = solve(_after(problem, published, "t1"))

    said = _said(plan, "op:s2", "GAIN")["sv"]
    assert "laget från Arbetsmiljoverket behövs i insatsen op:s1 (följer av: cause-t1)" in said


def test_every_step_of_the_contract_has_its_name() -> None:
    assert STEP_NAMES.keys() == set(get_args(LadderStep))


def test_an_inspection_that_takes_longer_from_the_same_start_has_its_reason() -> None:
    visit = a_visit("i1", at(13, 9), at(13, 9, 30))

    plan = solve(_after(a_problem(), [an_operation(inspections=[visit])]))

    assert (_change(plan, "op:s1")["kinds"], [r["code"] for r in _change(plan, "op:s1")["reasons"]]) == (
        ["kept"],
        ["H2"],
    )
