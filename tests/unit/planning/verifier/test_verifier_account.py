"""What a plan tells of itself: figures, bound, unplanned inspections and changes."""

from typing import Any

import pytest
from samsyn_planning.domain.verifier import verify

from tests.support.planning_forms import (
    Form,
    a_change,
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

WORTH = 944  # of the plain operation, see test_verifier_objective


@pytest.mark.parametrize("figure", ["objective", "value", "disruption"])
def test_a_figure_told_wrong_is_refused_by_its_name(figure: str) -> None:
    plan = a_plan(value=WORTH)
    assert rules_broken(a_problem(), plan) == set()
    assert rules_broken(a_problem(), plan | {figure: plan[figure] + 1}) == {figure}


def test_the_verdict_gives_the_figures_as_recomputed() -> None:
    verdict = verify(a_problem(), a_plan(value=1))
    assert (verdict.objective, verdict.value, verdict.disruption) == (WORTH, WORTH, 0)
    assert not verdict.is_accepted


@pytest.mark.parametrize(
    ("bound", "gap", "proven", "broken"),
    [
        (None, None, False, set()),
        (944, 0, True, set()),
        (944.9, 0.9 / 944.9, True, set()),  # nothing whole lies between
        (943.9999999, -0.0000001 / 943.9999999, True, set()),  # rounding of a linear solver
        (1888, 0.5, False, set()),
        (943, -1 / 943, False, {"bound"}),
        (1888, 0.4, False, {"gap"}),
        (1888, None, False, {"gap"}),
        (None, 0.0, False, {"gap"}),
        (1888, 0.5, True, {"proven"}),
        (944, 0, False, {"proven"}),
        (None, None, True, {"proven"}),
    ],
)
def test_bound_gap_and_proof_agree(bound: float | None, gap: float | None, proven: bool, broken: set[str]) -> None:
    assert rules_broken(a_problem(), a_plan(value=WORTH, bound=bound, gap=gap, proven=proven)) == broken


def test_a_gap_near_nothing_is_measured_by_one() -> None:
    problem = a_problem(inspections=[])
    assert rules_broken(problem, a_plan([], bound=0.5, gap=0.5, proven=True)) == set()


@pytest.mark.parametrize(
    ("unplanned", "broken"),
    [
        ([an_unplanned("i1", "H2")], set()),
        ([an_unplanned("i1", "TAKEN", cost_of_inclusion=-3)], set()),
        ([], {"unplanned"}),
        ([an_unplanned("i1"), an_unplanned("i1")], {"unplanned"}),
        ([an_unplanned("i1"), an_unplanned("i9")], {"unplanned"}),  # not listed
        ([an_unplanned("i1", "H1")], {"unplanned"}),  # no code of a reason
        ([an_unplanned("i1", "H16")], set()),
        ([an_unplanned("i1", "H17")], {"unplanned"}),
        ([an_unplanned("i1", reasons=[])], {"unplanned"}),
        ([an_unplanned("i1", reasons=[a_reason(sessions=["s9"])])], {"unplanned"}),
        ([an_unplanned("i1", reasons=[a_reason(sv="")])], {"form"}),
        ([an_unplanned("i1", reasons=[a_reason(en=" ")])], {"form"}),
        ([an_unplanned("i1", cost_of_inclusion=0.5)], {"form"}),
    ],
)
def test_every_inspection_left_out_is_told_with_reasons(unplanned: list[Form], broken: set[str]) -> None:
    assert rules_broken(a_problem(), a_plan([], unplanned=unplanned)) == broken


def test_a_planned_inspection_is_not_told_as_unplanned() -> None:
    assert rules_broken(a_problem(), a_plan(value=WORTH, unplanned=[an_unplanned("i1")])) == {"unplanned"}


def test_a_lost_inspection_is_not_told_as_unplanned() -> None:
    problem = a_problem(lost=lost("i1"))
    assert rules_broken(problem, a_plan([])) == set()
    assert rules_broken(problem, a_plan([], unplanned=[an_unplanned("i1")])) == {"unplanned"}


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [a_change("op:s1"), a_change("op:s1")],
        [a_change("op:s1"), a_change("op:s9")],
        [a_change("op:s1", ["kept"])],
        [a_change("op:s1", ["new", "new"])],
        [a_change("op:s1", **{"from": {"session": "s1"}})],
        [a_change("op:s1", to=None)],
        [a_change("op:s1", causes=["s7"])],
    ],
)
def test_a_new_operation_is_told_once_and_as_new(changes: list[Form]) -> None:
    assert rules_broken(a_problem(), a_plan(value=WORTH, changes=changes)) == {"changes"}


# Kinds: i1 and i2 of half an hour were published at 09:00 and 09:40, with t1, on s1 (13 May).

FIRST, SECOND = a_visit("i1", at(13, 9), at(13, 9, 30)), a_visit("i2", at(13, 9, 40), at(13, 10, 10))
THIRD = a_visit("i3", at(13, 13), at(13, 13, 30))


def a_world(**overrides: Any) -> Form:
    """Give a problem with the operation published, room to move, and a session without police."""
    window = [[at(13), at(16)]]
    listed = {
        "sessions": [a_session("s1"), a_session("s2"), a_session("s3", day=14), a_session("s4", police=False)],
        "team_sessions": [a_team_session(start_at=at(13, 1), end_at=at(14, 23)), a_team_session("t2", "skatteverket")],
        "inspections": [
            an_inspection(id_, duration_seconds=1800, police_need="wanted", time_windows=window)
            for id_ in ("i1", "i2", "i3")
        ],
    }
    before = published(an_operation("s1", [FIRST, SECOND]))
    return a_problem(**(listed | {"published": before} | overrides))


def later(visit: Form, day: int, hour: int) -> Form:
    return a_visit(visit["id"], at(day, hour), at(day, hour, 30))


SWAPPED = [a_visit("i2", at(13, 9), at(13, 9, 30)), a_visit("i1", at(13, 9, 40), at(13, 10, 10))]
ON_S1: list[tuple[Form, list[str]]] = [
    (an_operation("s1", [FIRST, SECOND]), ["kept"]),
    (an_operation("s1", [FIRST, a_visit("i2", at(13, 9, 50), at(13, 10, 20))]), ["kept"]),  # within the tolerance
    (an_operation("s1", [FIRST, later(SECOND, 13, 11)]), ["moved"]),
    (an_operation("s1", SWAPPED), ["moved", "reordered"]),
    (an_operation("s1", [FIRST, SECOND], ["t1", "t2"]), ["team_changed"]),
    (an_operation("s1", [FIRST]), ["shrunk"]),
    (an_operation("s1", [FIRST, SECOND, THIRD]), ["grown"]),
    (an_operation("s1", [FIRST, THIRD]), ["grown", "shrunk"]),
    (an_operation("s1", [THIRD], ["t2"]), ["dropped", "team_changed"]),
]


@pytest.mark.parametrize(("now", "kinds"), ON_S1)
def test_kinds_on_the_same_session_follow_from_the_sets(now: Form, kinds: list[str]) -> None:
    assert rules_broken_by(a_world(), now, kinds={"op:s1": kinds}) == set()
    for others in ([], ["kept"], ["shrunk"], ["grown"], ["moved"], ["team_changed"], ["dropped"], ["without_police"]):
        if others != kinds:
            assert rules_broken_by(a_world(), now, kinds={"op:s1": others}) == {"changes"}


def test_a_change_of_order_within_the_tolerance_is_reordered_alone() -> None:
    weights = {"disruption": {"shift_tolerance_seconds": 2400}}
    now = an_operation("s1", SWAPPED)
    assert rules_broken_by(a_world(weights=weights), now, kinds={"op:s1": ["reordered"]}) == set()


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (an_operation("s2", [FIRST, SECOND], id="op:s1"), ["moved_session"]),
        (an_operation("s2", [FIRST], id="op:s1"), ["moved_session", "shrunk"]),
        (
            an_operation("s3", [later(FIRST, 14, 9), later(SECOND, 14, 10)], id="op:s1"),
            ["moved", "postponed"],
        ),
        (
            an_operation("s4", [FIRST, SECOND], ["t1", "t2"], id="op:s1"),
            ["moved_session", "team_changed", "without_police"],
        ),
    ],
)
def test_kinds_of_a_lost_operation_that_goes_on_tell_its_session(now: Form, kinds: list[str]) -> None:
    assert rules_broken_by(a_world(lost=lost("s1")), now, kinds={"op:s1": kinds}) == set()
    assert rules_broken_by(a_world(lost=lost("s1")), now, kinds={"op:s1": ["kept"]}) == {"changes"}


def test_an_operation_of_which_nothing_is_planned_is_dropped() -> None:
    assert rules_broken_by(a_world(), kinds={"op:s1": ["dropped"]}) == set()
    assert rules_broken_by(a_world(), kinds={"op:s1": ["shrunk"]}) == {"changes"}


def test_an_operation_whose_inspections_are_planned_elsewhere_is_shrunk() -> None:
    elsewhere = an_operation("s2", [FIRST])
    assert rules_broken_by(a_world(), elsewhere, kinds={"op:s1": ["shrunk"]}) == set()
    assert rules_broken_by(a_world(), elsewhere, kinds={"op:s1": ["dropped"]}) == {"changes"}


def test_causes_are_among_the_lost() -> None:
    problem = a_world(lost=lost("s1"))
    plan = a_true_plan(problem, [], {"op:s1": ["dropped"]})
    plan["changes"][0]["causes"] = ["s1"]
    assert rules_broken(problem, plan) == set()
    plan["changes"][0]["causes"] = ["s2"]
    assert rules_broken(problem, plan) == {"changes"}


def test_every_published_operation_is_told_of() -> None:
    assert rules_broken(a_world(), a_true_plan(a_world(), [], changes=[])) == {"changes"}
