"""M3: which id an operation bears."""

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
from tests.support.verdicts import published, rules_broken_by

NINE, TEN = a_visit("i1", at(13, 9), at(13, 10)), a_visit("i2", at(13, 10, 10), at(13, 11, 10))
LUNCH = a_visit("i3", at(13, 12), at(13, 13))


def a_world(*sessions: str, before: Form) -> Form:
    """Give a problem with these sessions, a team for each, and three inspections."""
    teams = [a_team_session(f"t-{session}") for session in sessions]
    inspections = [an_inspection(id_) for id_ in ("i1", "i2", "i3")]
    return a_problem([a_session(session) for session in sessions], teams, inspections, published=before)


def held(session: str, *visits: Form, **overrides: str) -> Form:
    return an_operation(session, visits, [f"t-{session}"], **overrides)


def test_a_new_operation_is_named_after_its_session() -> None:
    assert rules_broken_by(a_problem(), an_operation(id="op:s1")) == set()
    assert rules_broken_by(a_problem(), an_operation(id="op:other")) == {"M3"}


def test_an_operation_on_a_published_session_keeps_the_published_id() -> None:
    problem = a_world("s1", before=published(held("s1", NINE, id="op:first")))
    assert rules_broken_by(problem, held("s1", NINE, id="op:first")) == set()
    assert rules_broken_by(problem, held("s1", NINE), kinds={"op:first": ["shrunk"]}) == {"M3"}


def test_a_lost_operation_goes_on_under_its_id() -> None:
    problem = a_world("s2", before=published(held("s0", NINE)))
    kinds = {"op:s0": ["moved_session", "team_changed"]}
    assert rules_broken_by(problem, held("s2", NINE, id="op:s0"), kinds=kinds) == set()
    assert rules_broken_by(problem, held("s2", NINE), kinds={"op:s0": ["shrunk"]}) == {"M3"}


def test_a_lost_id_goes_on_where_most_inspections_are_shared() -> None:
    problem = a_world("s1", "s2", before=published(held("s0", NINE, TEN, LUNCH)))
    most, rest = held("s2", NINE, TEN, id="op:s0"), held("s1", LUNCH)
    kinds = {"op:s0": ["moved_session", "shrunk", "team_changed"]}
    assert rules_broken_by(problem, most, rest, kinds=kinds) == set()
    wrong = held("s1", LUNCH, id="op:s0"), held("s2", NINE, TEN)
    assert rules_broken_by(problem, *wrong, kinds=kinds) == {"M3"}


def test_equal_shares_go_to_the_first_session() -> None:
    problem = a_world("s1", "s2", before=published(held("s0", NINE, TEN)))
    kinds = {"op:s0": ["moved_session", "shrunk", "team_changed"]}
    assert rules_broken_by(problem, held("s1", TEN, id="op:s0"), held("s2", NINE), kinds=kinds) == set()
    assert rules_broken_by(problem, held("s2", NINE, id="op:s0"), held("s1", TEN), kinds=kinds) >= {"M3"}


def test_a_lost_operation_does_not_take_over_a_published_one() -> None:
    problem = a_world("s1", before=published(held("s0", NINE), held("s1", TEN)))
    kinds = {"op:s0": ["shrunk"], "op:s1": ["grown"]}
    assert rules_broken_by(problem, held("s1", NINE, TEN), kinds=kinds) == set()


def test_a_lost_operation_that_shares_nothing_does_not_go_on() -> None:
    problem = a_world("s2", before=published(held("s0", NINE)))
    assert rules_broken_by(problem, held("s2", TEN), kinds={"op:s0": ["dropped"]}) == set()
    assert "M3" in rules_broken_by(problem, held("s2", TEN, id="op:s0"), kinds={"op:s0": ["dropped"]})


def test_a_taken_id_gets_a_number() -> None:
    before = published(held("s0", NINE, id="op:s2"))  # lost, and what it had is not planned again
    problem = a_world("s2", before=before)
    assert rules_broken_by(problem, held("s2", TEN, id="op:s2:2"), kinds={"op:s2": ["dropped"]}) == set()
    assert rules_broken_by(problem, held("s2", TEN, id="op:s2:3"), kinds={"op:s2": ["dropped"]}) == {"M3"}
