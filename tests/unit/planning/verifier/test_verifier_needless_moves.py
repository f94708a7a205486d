"""Needless moves: an operation that is not hit, changed, and as good put back alone."""

from samsyn_planning.domain.verifier import Verdict, verify

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
from tests.support.verdicts import a_true_plan, lost, published

MOVED = an_operation(inspections=[a_visit("i1", at(13, 11), at(13, 12))])


def judged(problem: Form, *operations: Form, kinds: dict[str, list[str]]) -> Verdict:
    return verify(problem, a_true_plan(problem, operations, kinds))


def test_a_move_without_gain_is_needless_and_does_not_refuse_the_plan() -> None:
    verdict = judged(a_problem(published=published(an_operation())), MOVED, kinds={"op:s1": ["moved"]})
    assert verdict.needless == ("op:s1",)
    assert verdict.is_accepted


def test_a_move_without_loss_is_needless_too() -> None:
    free: Form = {"weights": {"disruption": {"shifted": 0, "changed": 0}}}
    verdict = judged(a_problem(published=published(an_operation()), **free), MOVED, kinds={"op:s1": ["moved"]})
    assert verdict.needless == ("op:s1",)


def test_a_kept_operation_is_not_needless() -> None:
    assert judged(a_problem(published=published(an_operation())), an_operation(), kinds={}).needless == ()


def test_a_change_that_gains_is_not_needless() -> None:
    inspections = [an_inspection("i1"), an_inspection("i2")]
    problem = a_problem(inspections=inspections, published=published(an_operation()))
    grown = an_operation(inspections=[a_visit(), a_visit("i2", at(13, 11), at(13, 12))])
    assert judged(problem, grown, kinds={"op:s1": ["grown"]}).needless == ()


def test_an_operation_dropped_for_nothing_is_needless() -> None:
    problem = a_problem(published=published(an_operation()))
    assert judged(problem, kinds={"op:s1": ["dropped"]}).needless == ("op:s1",)


def test_a_hit_operation_is_never_needless() -> None:
    teams = [a_team_session("t1"), a_team_session("t2", "skatteverket")]
    before = published(an_operation(teams=["t1", "t2"]))
    problem = a_problem(team_sessions=teams, published=before, lost=lost("t2"))
    assert judged(problem, kinds={"op:s1": ["dropped"]}).needless == ()


def test_a_change_that_makes_room_is_not_needless() -> None:
    # i1 is now in op:s2: put back alone, op:s1 would have it as well (H1)
    problem = a_problem(
        [a_session("s1"), a_session("s2")],
        [a_team_session("t1"), a_team_session("t2")],
        [an_inspection("i1"), an_inspection("i2")],
        published=published(an_operation("s1")),
    )
    other = an_operation("s1", [a_visit("i2", at(13, 9), at(13, 10))])
    planned = other, an_operation("s2", [a_visit("i1", at(13, 9), at(13, 10))], ["t2"])
    assert judged(problem, *planned, kinds={"op:s1": ["grown", "shrunk"]}).needless == ()


def test_another_order_within_the_tolerance_is_a_change() -> None:
    weights = {"disruption": {"shift_tolerance_seconds": 7200}}
    inspections = [an_inspection("i1"), an_inspection("i2")]
    first, second = (at(13, 9), at(13, 10)), (at(13, 10, 10), at(13, 11, 10))
    before = an_operation(inspections=[a_visit("i1", *first), a_visit("i2", *second)])
    after = an_operation(inspections=[a_visit("i2", *first), a_visit("i1", *second)])
    problem = a_problem(inspections=inspections, weights=weights, published=published(before))
    assert judged(problem, after, kinds={"op:s1": ["reordered"]}).needless == ("op:s1",)
