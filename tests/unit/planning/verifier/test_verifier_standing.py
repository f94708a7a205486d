"""M4: which published operations are lost or hit, what counts as listed, and frozen operations that clash."""

import pytest
from samsyn_planning.domain.verifier import ProblemError, verify

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
from tests.support.verdicts import a_true_plan, lost, published, rules_broken_by

BEFORE = published(an_operation())
HIT = {"op:s1"}


def hit_in(problem: Form) -> frozenset[str]:
    return verify(problem, a_plan([])).hit


def test_an_operation_of_which_all_holds_is_not_hit() -> None:
    assert hit_in(a_problem(published=BEFORE)) == set()


@pytest.mark.parametrize("gone", ["s1", "t1", "i1"])
def test_an_operation_that_names_a_lost_id_is_hit(gone: str) -> None:
    assert hit_in(a_problem(published=BEFORE, lost=lost(gone))) == HIT


@pytest.mark.parametrize("key", ["sessions", "team_sessions", "inspections"])
def test_an_operation_that_names_an_unlisted_id_is_hit(key: str) -> None:
    assert hit_in(a_problem(published=BEFORE, **{key: []})) == HIT


@pytest.mark.parametrize(
    "broken",
    [
        {"sessions": [a_session(end_at=at(13, 10, 9))]},  # H2: shorter
        {"sessions": [a_session(max_travel_seconds=599)]},  # H3
        {"sessions": [a_session(areas=["ost"])], "inspections": [an_inspection(area="vast")]},  # H4
        {"sessions": [a_session(officers=1)]},  # H5: fewer officers
        {"inspections": [an_inspection(required_skills=["dog"])]},  # H6
        {"team_sessions": [a_team_session(end_at=at(13, 12))]},  # H7
        {"rules": {"min_other_agencies": 2}},  # H8
        {"inspections": [an_inspection(required_participants=["region_coordinator"])]},  # H9
        {"sessions": [a_session(police=False)], "rules": {"min_other_agencies": 0}},  # H16 (and H8)
    ],
)
def test_an_operation_that_breaks_a_rule_by_itself_is_hit(broken: Form) -> None:
    assert hit_in(a_problem(published=BEFORE, **broken)) == HIT


def test_an_operation_with_two_alternatives_of_a_group_is_hit() -> None:
    teams = [a_team_session("t1", alternatives_group="g"), a_team_session("t2", "facket", alternatives_group="g")]
    before = published(an_operation(teams=["t1", "t2"]))
    assert hit_in(a_problem(team_sessions=teams, published=before)) == HIT


def test_clashes_consent_and_readiness_make_no_hit() -> None:
    problem = a_problem(
        [a_session("s1", consent="ask"), a_session("s2")],
        inspections=[an_inspection("i1", ready=[])],
        now=at(12),
        no_new_team_before=at(14),
        published=published(an_operation("s1"), an_operation("s2")),  # same inspection, same team, same hours
    )
    assert hit_in(problem) == set()


def test_a_listed_session_named_in_lost_may_not_be_used() -> None:
    problem = a_problem([a_session("s1"), a_session("s2")], lost=lost("s1"))
    plan = a_true_plan(a_problem([a_session("s1"), a_session("s2")]), [an_operation("s1")])
    assert "M4" in {violation.rule for violation in verify(problem, plan).violations}


@pytest.mark.parametrize("gone", ["t1", "i1"])
def test_a_lost_team_or_inspection_may_not_be_planned(gone: str) -> None:
    plan = a_true_plan(a_problem(), [an_operation()])
    assert "M4" in {violation.rule for violation in verify(a_problem(lost=lost(gone)), plan).violations}


def test_a_session_gone_as_police_may_go_on_without_them_under_its_id() -> None:
    teams = [a_team_session("t1"), a_team_session("t2", "skatteverket")]
    problem = a_problem(
        [a_session(police=False)],
        teams,
        [an_inspection(police_need="wanted")],
        lost=lost("s1"),
        published=published(an_operation()),
    )
    alone = an_operation(teams=["t1", "t2"])
    assert rules_broken_by(problem, alone, kinds={"op:s1": ["without_police", "team_changed"]}) == set()
    assert verify(problem, a_true_plan(problem, [alone])).disruption == 0


@pytest.mark.parametrize(
    ("clash", "rule"),
    [
        ({"team_sessions": [a_team_session("t1"), a_team_session("t2")]}, "H1"),
        ({"team_sessions": [a_team_session("t1", team="same"), a_team_session("t2", team="same")]}, "H10"),
        ({"team_sessions": [a_team_session(id_, alternatives_group="g") for id_ in ("t1", "t2")]}, "H15"),
    ],
)
def test_two_frozen_operations_that_clash_are_status_3(clash: Form, rule: str) -> None:
    second = "i1" if rule == "H1" else "i2"
    operations = (
        an_operation("s1", teams=["t1"]),
        an_operation("s2", [a_visit(second, at(13, 12), at(13, 13))], teams=["t2"]),
    )
    problem = a_problem(
        [a_session("s1"), a_session("s2")],
        inspections=[an_inspection("i1"), an_inspection("i2")],
        published=published(*operations),
        pinned=["op:s1", "op:s2"],
        **clash,
    )
    with pytest.raises(ProblemError, match=rule) as refused:
        verify(problem, a_plan([]))
    assert refused.value.status == 3


def test_clashes_of_operations_that_are_not_both_frozen_are_no_error() -> None:
    before = published(an_operation("s1"), an_operation("s2"))
    problem = a_problem([a_session("s1"), a_session("s2")], published=before, pinned=["op:s1"])
    kinds = {"op:s2": ["shrunk"]}  # its inspection is still planned, in op:s1
    assert rules_broken_by(problem, an_operation("s1"), kinds=kinds) == set()
