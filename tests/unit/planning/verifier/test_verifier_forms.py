"""M0: malformed problems are refused by pointer and remedy, malformed plans by rule "form", and order never matters."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from samsyn_planning.domain.verifier import ProblemError, objective_of, verify

from tests.support.planning_forms import (
    Form,
    a_plan,
    a_problem,
    a_reason,
    a_session,
    a_team_session,
    a_visit,
    an_inspection,
    an_operation,
    an_unplanned,
    at,
)
from tests.support.verdicts import a_true_plan, lost, published, rules_broken, rules_broken_by

WORTH = 944
REMOVED = object()


def changed(form: Form, pointer: str, value: Any) -> Form:
    """Give a copy of a form with one place set to a value, or removed."""
    copy = deepcopy(form)
    *parents, last = pointer.strip("/").split("/")
    place: Any = copy
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    if value is REMOVED:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return copy


FULL: Form = a_problem(
    rules={"consent": "any"},
    weights={"theme": [{"tag": "a", "from": at(1), "to": at(2), "points": -1}], "disruption": {"added": -3}},
    lost=[{"id": "x", "cause": "disturbance"}],
    consented=[["s1", None], ["s1", "t1"]],
    published=published(an_operation()),
    confirmed=["op:s1"],
    pinned=[],
    hold=[],
)


def test_the_full_form_is_read() -> None:
    assert rules_broken_by(FULL, an_operation()) == set()


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/schema", "samsyn-planning-problem/2"),
        ("/schema", REMOVED),
        ("/now", REMOVED),
        ("/now", "2025-05-05T08:00:00"),  # no offset
        ("/now", "2025-05-05T08:00:00.5+02:00"),  # no whole second
        ("/now", "soon"),
        ("/extra", 1),
        ("/travel", REMOVED),
        ("/travel/places/0", "place-i1"),
        ("/travel/seconds/0", [0]),
        ("/travel/seconds", []),
        ("/travel/seconds/0/1", 1.5),
        ("/travel", {"kmh": 0, "detour": 1.3, "extra_seconds": 240}),
        ("/travel", {"kmh": 65, "detour": -1, "extra_seconds": 240}),
        ("/travel", {"kmh": 65, "places": ["base", "place-i1"], "seconds": [[0, 600], [600, 0]]}),
        ("/sessions", {}),
        ("/sessions/0/id", REMOVED),
        ("/sessions/0/extra", 1),
        ("/sessions/0/start_at", "2025-05-13T08:00:00"),
        ("/sessions/0/end_at", at(12)),
        ("/sessions/0/base", "nowhere"),
        ("/sessions/0/officers", True),
        ("/sessions/0/experience_band", "2"),
        ("/sessions/0/consent", "maybe"),
        ("/sessions/0/max_inspections", 0),
        ("/sessions/0/cancel_permille", 1001),
        ("/team_sessions/0/team", ""),
        ("/team_sessions/0/agency", REMOVED),
        ("/team_sessions/0/extra", 1),
        ("/team_sessions/0/home", "nowhere"),
        ("/team_sessions/0/id", "s1"),  # ids are unique across the lists
        ("/inspections/0/id", "t1"),
        ("/inspections/0/extra", 1),
        ("/inspections/0/duration_seconds", 0),
        ("/inspections/0/time_windows", REMOVED),
        ("/inspections/0/time_windows/0", [at(13)]),
        ("/inspections/0/time_windows/0/1", "2025-05-13T16:00:00"),
        ("/inspections/0/value", 1001),
        ("/inspections/0/value", REMOVED),
        ("/inspections/0/police_need", "perhaps"),
        ("/inspections/0/interests", {"skatteverket": 101}),
        ("/inspections/0/ready", "skatteverket"),
        ("/rules/extra", 1),
        ("/rules/consent", "none"),
        ("/rules/max_agencies", -1),
        ("/weights/extra", 1),
        ("/weights/value", 1.5),
        ("/weights/theme/0/extra", 1),
        ("/weights/theme/0/to", REMOVED),
        ("/weights/disruption/extra", 1),
        ("/weights/fairness", []),
        ("/published/extra", 1),
        ("/published/operations/0/extra", 1),
        ("/published/operations/0/inspections", []),
        ("/published/operations/0/inspections/0/start_at", "2025-05-13T09:00:00"),
        ("/confirmed/0", "op:s9"),
        ("/pinned", ["op:s9"]),
        ("/hold", ["op:s9"]),
        ("/lost/0/id", REMOVED),
        ("/lost/0/extra", 1),
        ("/consented/0", ["s1"]),
        ("/freeze_until", "2025-05-13"),
        ("/no_new_team_before", 5),
    ],
)
def test_a_malformed_problem_is_refused_at_its_place(pointer: str, value: Any) -> None:
    with pytest.raises(ProblemError) as refused:
        verify(changed(FULL, pointer, value), a_plan([]))
    assert refused.value.status == 2
    assert refused.value.pointer.startswith(pointer.rsplit("/", 1)[0])
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("pointer", "value", "exactly"),
    [
        ("/extra", 1, "/extra"),
        ("/a~b", 1, "/a~0b"),
        ("/sessions/0/start_at", "2025-05-13T08:00:00", "/sessions/0/start_at"),
        ("/hold", ["op:s1", "op:s9"], "/hold/1"),
        ("/inspections/0/interests", {"skv/role": "high"}, "/inspections/0/interests/skv~1role"),
    ],
)
def test_the_error_points_at_the_field(pointer: str, value: Any, exactly: str) -> None:
    with pytest.raises(ProblemError) as refused:
        verify(changed(FULL, pointer, value), a_plan([]))
    assert refused.value.pointer == exactly
    assert str(refused.value).startswith(exactly)


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(ProblemError, match='unknown key "officer"'):
        verify(changed(FULL, "/sessions/0/officer", 3), a_plan([]))


@pytest.mark.parametrize("position", [{"lat": 91, "lon": 12}, {"lat": 57, "lon": 181}, {"lat": 57}, "base"])
def test_an_impossible_position_is_refused(position: Any) -> None:
    travel = {"kmh": 65, "detour": 1.3, "extra_seconds": 240}
    with pytest.raises(ProblemError) as refused:
        verify(a_problem([a_session(base=position)], travel=travel, inspections=[]), a_plan([]))
    assert refused.value.pointer.startswith("/sessions/0/base")


def test_a_team_of_two_agencies_is_refused() -> None:
    teams = [a_team_session("t1", "skatteverket", team="same"), a_team_session("t2", "facket", team="same")]
    with pytest.raises(ProblemError) as refused:
        verify(a_problem(team_sessions=teams), a_plan([]))
    assert refused.value.pointer == "/team_sessions/1/agency"


def test_a_problem_that_is_no_object_is_refused() -> None:
    no_object: Any = []  # what a decoded file may be
    with pytest.raises(ProblemError):
        verify(no_object, a_plan([]))


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/schema", "samsyn-plan/2"),
        ("/extra", 1),
        ("/operations", REMOVED),
        ("/objective", 944.0),
        ("/truncated", REMOVED),
        ("/proven", 0),
        ("/bound", float("nan")),
        ("/work", []),
        ("/operations/0/extra", 1),
        ("/operations/0/inspections/0/start_at", "2025-05-13T09:00:00"),
        ("/operations/0/inspections/0/end_at", "2025-05-13T10:00:00.25+02:00"),
        ("/operations/0/teams", ["t1", "t1"]),
        ("/changes/0/extra", 1),
        ("/changes/0/notice_seconds", 1.5),
        ("/changes/0/reasons", [{"code": "LOST", "sv": "Inställt."}]),
    ],
)
def test_a_malformed_plan_is_refused_by_form(pointer: str, value: Any) -> None:
    assert rules_broken(a_problem(), changed(a_plan(value=WORTH), pointer, value)) == {"form"}


def test_a_plan_that_cannot_be_read_has_no_figures() -> None:
    verdict = verify(a_problem(), {})
    assert (verdict.objective, verdict.value, verdict.disruption) == (0, 0, 0)


def test_a_reason_of_a_change_has_both_languages() -> None:
    told = changed(a_plan(value=WORTH), "/changes/0/reasons", [a_reason("NEW")])
    assert rules_broken(a_problem(), told) == set()


def test_operations_come_by_session_start_and_id() -> None:
    problem = a_problem(
        [a_session("s1", day=14), a_session("s2"), a_session("s3")],
        [a_team_session("t1", day=14), a_team_session("t2"), a_team_session("t3")],
        [an_inspection("i1", day=14), an_inspection("i2"), an_inspection("i3")],
    )
    last = an_operation("s1", [a_visit("i1", at(14, 9), at(14, 10))], ["t1"])
    first, second = (an_operation(f"s{n}", [a_visit(f"i{n}")], [f"t{n}"]) for n in (2, 3))
    assert rules_broken_by(problem, first, second, last) == set()
    assert rules_broken_by(problem, second, first, last) == {"form"}
    assert rules_broken_by(problem, last, first, second) == {"form"}


def test_operations_of_one_id_are_refused() -> None:
    twice = a_plan([an_operation(), an_operation()])
    assert rules_broken(a_problem(), twice) == {"form"}


def test_the_order_of_lists_never_matters() -> None:
    problem = a_problem(
        [a_session("s1"), a_session("s2")],
        [a_team_session("t1"), a_team_session("t2", "skatteverket"), a_team_session("t3")],
        [an_inspection("i1"), an_inspection("i2"), an_inspection("i3")],
        published=published(an_operation("s1", teams=["t1", "t2"]), an_operation("s2", [a_visit("i2")], ["t3"])),
        lost=lost("t2", "i2"),
    )
    plan = a_true_plan(problem, [an_operation()], {"op:s1": ["team_changed"], "op:s2": ["dropped"]})
    assert verify(problem, plan).is_accepted
    assert verify(turned(problem), plan) == verify(problem, plan)


def turned(problem: Form) -> Form:
    """Give the problem with each of its own lists the other way round."""
    lists = {key: value[::-1] for key, value in problem.items() if isinstance(value, list)}
    return problem | lists | {"published": {"operations": problem["published"]["operations"][::-1]}}


def test_absent_and_null_are_the_same_where_null_is_allowed() -> None:
    nulls: Mapping[str, Any] = {"published": None, "freeze_until": None, "no_new_team_before": None}
    session = a_session(areas=None, max_travel_seconds=None)
    inspection = an_inspection(area=None, due_at=None, deadline_at=None, ready=None)
    team = a_team_session(home=None, alternatives_group=None)
    assert rules_broken_by(a_problem([session], [team], [inspection], **nulls), an_operation()) == set()


def test_only_listed_operations_have_an_objective() -> None:
    with pytest.raises(ProblemError, match="s9"):
        objective_of(a_problem(), [an_operation("s9")])


def test_times_with_other_offsets_are_the_same_times() -> None:
    visit = a_visit("i1", "2025-05-13T07:00:00Z", "2025-05-13T08:00:00+00:00")
    problem = a_problem(published=published(an_operation()), pinned=["op:s1"])
    assert rules_broken_by(problem, an_operation(inspections=[visit])) == set()


def test_an_inspection_that_cannot_be_planned_is_told_so() -> None:
    problem = a_problem(inspections=[an_inspection(time_windows=[])])
    assert rules_broken(problem, a_plan([], unplanned=[an_unplanned("i1", "H2")])) == set()
