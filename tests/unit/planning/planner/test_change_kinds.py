"""Each kind of change by its sets, told of plans made by hand: what the published operation was and what it is now."""

from datetime import datetime
from typing import Any

import pytest
from samsyn_planning.domain.planner.change_account import told_changes
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.identity import operation_ids
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Operation

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

I1, I2 = a_visit("i1", at(13, 9), at(13, 10)), a_visit("i2", at(13, 11), at(13, 12))
I2_FIRST, I1_LAST = a_visit("i2", at(13, 9), at(13, 10)), a_visit("i1", at(13, 11), at(13, 12))
I3 = a_visit("i3", at(13, 13), at(13, 14))


def _changed(now: list[Form], *lost: str, **session: Any) -> Form:
    """The change of a published operation on s1, of i1 and i2 with t1, when the plan holds these operations now."""
    sessions = [
        a_session("s1", **session),
        a_session("s2", start_at=at(13, 8, 30)),
        a_session("s3", day=14),
        a_session("s4", day=12),
        a_session("s5", police=False),
    ]
    problem = a_problem(sessions, [a_team_session("t1"), a_team_session("t2")], [an_inspection(i) for i in IDS])
    published = a_plan([an_operation("s1", [I1, I2])])
    facts = Facts(read_problem(problem | {"published": published, "lost": [{"id": i, "cause": "storm"} for i in lost]}))
    operations: list[Operation | None] = [None] * len(facts.sessions)
    for form in now:
        operations[facts.session_index[form["session"]]] = _operation(facts, form)
    told = told_changes(facts, operations, operation_ids(facts, operations), {}, lambda _: [])
    return next(change for change in told if change["operation"] == "op:s1")


IDS = ("i1", "i2", "i3")


def _operation(facts: Facts, form: Form) -> Operation:
    return Operation(
        tuple(facts.inspection_index[visit["id"]] for visit in form["inspections"]),
        tuple(int(datetime.fromisoformat(visit["start_at"]).timestamp()) for visit in form["inspections"]),
        tuple(facts.team_index[team] for team in form["teams"]),
        0,
    )


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (an_operation("s1", [I1, I2]), ["kept"]),
        (an_operation("s1", [a_visit("i1", at(13, 9, 15), at(13, 10, 15)), I2]), ["kept"]),
        (an_operation("s1", [a_visit("i1", at(13, 9, 16), at(13, 10, 16)), I2]), ["moved"]),
        (an_operation("s1", [I2_FIRST, I1_LAST]), ["reordered", "moved"]),
        (an_operation("s1", [I1, I2], ["t2"]), ["team_changed"]),
        (an_operation("s1", [I1]), ["shrunk"]),
        (an_operation("s1", [I1, I2, I3]), ["grown"]),
        (an_operation("s1", [I1, I3]), ["shrunk", "grown"]),
        (an_operation("s1", [I3], ["t1", "t2"]), ["dropped", "team_changed"]),
        (an_operation("s2", [I1, I2]), ["shrunk"]),
        (an_operation("s2", [I3]), ["dropped"]),
    ],
)
def test_what_becomes_of_an_operation_whose_session_is_there(now: Form, kinds: list[str]) -> None:
    assert _changed([now])["kinds"] == kinds


@pytest.mark.parametrize(
    ("session", "visits", "kinds"),
    [
        ("s2", [I1, I2], ["moved_session"]),
        ("s2", [I1], ["shrunk", "moved_session"]),
        ("s3", [I1, I2], ["postponed"]),
        ("s4", [I1, I2], ["moved_session"]),
        ("s5", [I1, I2], ["without_police", "moved_session"]),
    ],
)
def test_what_becomes_of_an_operation_whose_session_is_lost(session: str, visits: list[Form], kinds: list[str]) -> None:
    assert _changed([an_operation(session, visits)], "s1")["kinds"] == kinds


def test_a_session_that_goes_on_without_its_police() -> None:
    change = _changed([an_operation("s1", [I1, I2], ["t1", "t2"])], "s1", police=False)

    assert change["kinds"] == ["team_changed", "without_police"]


def test_nothing_is_dropped_whose_inspections_are_planned_elsewhere() -> None:
    now = [an_operation("s2", [I1]), an_operation("s3", [I2])]

    assert _changed(now)["kinds"] == ["shrunk"]


def test_an_operation_that_nobody_knew_of_is_new() -> None:
    problem = a_problem()
    facts = Facts(read_problem(problem))

    told = told_changes(facts, [_operation(facts, an_operation())], {0: "op:s1"}, {}, lambda _: [])

    assert [(change["kinds"], change["from"], change["causes"]) for change in told] == [(["new"], None, [])]


@pytest.mark.parametrize(("session", "seconds"), [("s2", 8 * 86400 + 1800), ("s3", 9 * 86400)])
def test_notice_lasts_until_the_session_that_it_is_on_now(session: str, seconds: int) -> None:
    assert _changed([an_operation(session, [I1, I2])], "s1")["notice_seconds"] == seconds


def test_notice_of_what_is_dropped_lasts_until_it_was_to_be() -> None:
    assert _changed([])["notice_seconds"] == 8 * 86400
