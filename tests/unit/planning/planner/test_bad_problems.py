"""A problem that cannot be read is refused with the field's pointer and a remedy."""

import pytest
from samsyn_planning.domain.planner import ProblemError, solve

from tests.support.planning_forms import (
    Form,
    a_plan,
    a_problem,
    a_session,
    a_team_session,
    a_visit,
    an_inspection,
    an_operation,
)


@pytest.mark.parametrize(
    ("pointer", "problem"),
    [
        ("/schema", a_problem(schema="samsyn-planning-problem/2")),
        ("/colour", a_problem(colour="blue")),
        ("/now", a_problem(now="2025-05-05T08:00:00")),
        ("/now", a_problem(now="soon")),
        ("/sessions/0/colour", a_problem([a_session(colour="blue")])),
        ("/sessions/0/base", a_problem([a_session()], travel={"places": ["place-i1"], "seconds": [[0]]})),
        ("/sessions/0/officers", a_problem([a_session(officers=2.5)])),
        ("/sessions/1/id", a_problem([a_session(), a_session()])),
        ("/team_sessions/0/consent", a_problem(None, [a_team_session(consent="maybe")])),
        (
            "/team_sessions/1/agency",
            a_problem(None, [a_team_session("t1", team="x"), a_team_session("t2", "b", team="x")]),
        ),
        ("/inspections/0/duration_seconds", a_problem(inspections=[an_inspection(duration_seconds=0)])),
        ("/inspections/0/interests/a~1b", a_problem(inspections=[an_inspection(interests={"a/b": 101})])),
        ("/inspections/0/time_windows/0", a_problem(inspections=[an_inspection(time_windows=[["x"]])])),
        ("/travel/seconds/0", a_problem(travel={"places": ["base", "place-i1"], "seconds": [[0], [0]]})),
        ("/rules/consent", a_problem(rules={"consent": "all"})),
        ("/weights/disruption/removed", a_problem(weights={"disruption": {"removed": "60"}})),
        ("/confirmed/0", a_problem(confirmed=["op:s1"])),
        ("/pinned/0", a_problem(published=a_plan(), pinned=["op:s2"])),
        ("/hold/0", a_problem(published=a_plan(), hold=["op:s2"])),
        ("/lost/0/id", a_problem(lost=[{"cause": "x"}])),
        ("/published/operations/1/id", a_problem(published=a_plan([an_operation(), an_operation()]))),
    ],
)
def test_the_faulty_field_is_named(pointer: str, problem: Form) -> None:
    with pytest.raises(ProblemError) as refused:
        solve(problem)

    assert (refused.value.pointer, refused.value.status) == (pointer, 2)


def test_a_missing_field_is_named() -> None:
    session = a_session()
    problem = a_problem([session])
    del session["start_at"]

    with pytest.raises(ProblemError, match="/sessions/0/start_at: is missing"):
        solve(problem)


def test_two_frozen_operations_that_clash_have_no_plan() -> None:
    published = a_plan([an_operation("s1"), an_operation("s2", [a_visit("i2")])])
    inspections = [an_inspection("i1"), an_inspection("i2")]
    problem = a_problem([a_session("s1"), a_session("s2")], None, inspections, published=published)

    with pytest.raises(ProblemError, match="clash by H10") as refused:
        solve(problem | {"pinned": ["op:s1", "op:s2"]})

    assert refused.value.status == 3
