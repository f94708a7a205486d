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
    at,
    ten_minutes_apart,
)

CITY = {"lat": 57.7, "lon": 11.97}


def _without(form: Form, key: str) -> Form:
    return {told: value for told, value in form.items() if told != key}


def _on_a_map(**travel: float) -> Form:
    return a_problem([a_session(base=CITY)], None, [an_inspection(place=CITY)], travel=travel)


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
        ("/now", a_problem(now="2025-05-05T08:00:00.5+02:00")),
        ("/now", a_problem(now="9999-12-31T23:59:59Z")),
        ("/centre", a_problem(centre=7)),
        ("/seed", a_problem(seed=None)),
        ("/travel", _without(a_problem(), "travel")),
        ("/travel/kmh", a_problem(travel=ten_minutes_apart(["base", "place-i1"]) | {"kmh": 65})),
        ("/travel/seconds", a_problem(travel={"places": ["base", "place-i1"]})),
        ("/travel/kmh", _on_a_map(kmh=float("inf"))),
        ("/travel/kmh", _on_a_map(kmh=0)),
        ("/sessions/0/police", a_problem([a_session(police=1)])),
        ("/sessions/0/officers", a_problem([a_session(officers=True)])),
        ("/sessions/0/officers", a_problem([a_session(officers=None)])),
        ("/sessions/0/skills", a_problem([a_session(skills=None)])),
        ("/sessions/0/id", a_problem([a_session(" ")])),
        ("/team_sessions/0/id", a_problem(None, [a_team_session("s1")])),
        ("/inspections/0/id", a_problem(None, None, [an_inspection("t1", place="base")])),
        ("/inspections/0/time_windows", a_problem(inspections=[_without(an_inspection(), "time_windows")])),
        ("/inspections/0/time_windows/0/1", a_problem(inspections=[an_inspection(time_windows=[[at(13), "x"]])])),
        ("/inspections/0/duration_seconds", a_problem(inspections=[an_inspection(duration_seconds=10**19)])),
        ("/inspections/0/value", a_problem(inspections=[an_inspection(value=1001)])),
        ("/inspections/0/value", a_problem(inspections=[an_inspection() | {"value": 5.0}])),
        ("/weights/value", a_problem(weights={"value": 10**9 + 1})),
        ("/weights/fairness/kommun", a_problem(weights={"fairness": {"kommun": -(10**10)}})),
        ("/rules/never_on_site", a_problem(rules={"never_on_site": None})),
        ("/published/schema", a_problem(published=a_plan(schema="samsyn-plan/2"))),
        ("/published/operations/0/inspections", a_problem(published=a_plan([an_operation(inspections=[])]))),
        ("/published/operations/0/teams/1", a_problem(published=a_plan([an_operation(teams=["t1", "t1"])]))),
        ("/published/operations/0/needs_consent", a_problem(published=a_plan([an_operation(needs_consent="t1")]))),
        ("/lost/0/cause", a_problem(lost=[{"id": "t1", "cause": 7}])),
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


@pytest.mark.parametrize(
    "problem",
    [
        _without(a_problem(), "seed"),
        _without(a_problem(), "centre"),
        _without(a_problem(lost=[]), "sessions"),
        a_problem(published=None, freeze_until=None, no_new_team_before=None),
        a_problem([a_session(areas=None, max_travel_seconds=None, max_inspections=None)]),
        a_problem(None, [a_team_session(home=None, alternatives_group=None)]),
        a_problem(None, None, [an_inspection(area=None, due_at=None, deadline_at=None, ready=None, time_windows=[])]),
        a_problem(published={"operations": [an_operation()]}),
        a_problem(published={"operations": [_without(an_operation(), "needs_consent")]}),
        a_problem(published=a_plan()),
        a_problem(lost=[{"id": "nobody", "cause": None}, {"id": "nobody"}]),
        a_problem(consented=[["s9", None], ["s9", "t9"]]),
        a_problem(now="2025-05-05T06:00:00Z"),
        a_problem([], [], [], travel={"places": [], "seconds": []}),
        a_problem(rules={"late_join_seconds": 10**12, "team_gap_seconds": 10**15}),
        _on_a_map(),
        _on_a_map(kmh=65, detour=1, extra_seconds=0),
    ],
)
def test_what_the_form_leaves_open_is_read(problem: Form) -> None:
    assert solve(problem)["schema"] == "samsyn-plan/1"


def test_two_frozen_operations_that_clash_have_no_plan() -> None:
    published = a_plan([an_operation("s1"), an_operation("s2", [a_visit("i2")])])
    inspections = [an_inspection("i1"), an_inspection("i2")]
    problem = a_problem([a_session("s1"), a_session("s2")], None, inspections, published=published)

    with pytest.raises(ProblemError, match="clash by H10") as refused:
        solve(problem | {"pinned": ["op:s1", "op:s2"]})

    assert refused.value.status == 3
