"""H11 to H14: what is frozen, who may be called late, who must be asked, who must be ready."""

from typing import Any

import pytest

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
from tests.support.verdicts import lost, published, rules_broken_by

LATER = a_visit("i1", at(13, 11), at(13, 12))
TWO_INSPECTIONS = [an_inspection("i1"), an_inspection("i2")]
TWO_TEAMS = [a_team_session("t1"), a_team_session("t2", "skatteverket")]

FROZEN: list[dict[str, Any]] = [{"freeze_until": at(13, 8, 0, 1)}, {"pinned": ["op:s1"]}, {"hold": ["op:s1"]}]
FREE: list[dict[str, Any]] = [{"freeze_until": at(13, 8)}, {}]


@pytest.mark.parametrize("frozen", FROZEN)
def test_a_frozen_operation_that_stays_is_accepted(frozen: dict[str, Any]) -> None:
    assert rules_broken_by(a_problem(published=published(an_operation()), **frozen), an_operation()) == set()


@pytest.mark.parametrize(("terms", "broken"), [*((f, {"H11"}) for f in FROZEN), *((f, set()) for f in FREE)])
def test_a_frozen_operation_keeps_its_times(terms: dict[str, Any], broken: set[str]) -> None:
    problem = a_problem(published=published(an_operation()), **terms)
    moved = an_operation(inspections=[LATER])
    assert rules_broken_by(problem, moved, kinds={"op:s1": ["moved"]}) == broken


@pytest.mark.parametrize(("terms", "broken"), [*((f, {"H11"}) for f in FROZEN), *((f, set()) for f in FREE)])
def test_a_frozen_operation_keeps_its_teams(terms: dict[str, Any], broken: set[str]) -> None:
    problem = a_problem(team_sessions=TWO_TEAMS, published=published(an_operation()), **terms)
    grown = an_operation(teams=["t1", "t2"])
    assert rules_broken_by(problem, grown, kinds={"op:s1": ["team_changed"]}) == broken


@pytest.mark.parametrize(("terms", "broken"), [*((f, {"H11"}) for f in FROZEN), *((f, set()) for f in FREE)])
def test_a_frozen_operation_is_not_dropped(terms: dict[str, Any], broken: set[str]) -> None:
    problem = a_problem(published=published(an_operation()), **terms)
    assert rules_broken_by(problem, kinds={"op:s1": ["dropped"]}) == broken


def test_a_pinned_operation_that_is_hit_may_change() -> None:
    problem = a_problem(team_sessions=TWO_TEAMS, published=published(an_operation()), pinned=["op:s1"], lost=lost("t1"))
    assert rules_broken_by(problem, an_operation(teams=["t2"]), kinds={"op:s1": ["team_changed"]}) == set()


@pytest.mark.parametrize(("freeze_until", "broken"), [(at(13, 8), set()), (at(13, 8, 0, 1), {"H11"})])
def test_a_session_that_starts_soon_takes_no_new_inspection(freeze_until: str, broken: set[str]) -> None:
    assert rules_broken_by(a_problem(freeze_until=freeze_until), an_operation()) == broken


def test_a_session_that_starts_soon_takes_the_inspections_of_a_hit_operation() -> None:
    before = published(an_operation("s0"))  # s0 is not listed: lost
    taken_over = an_operation("s1", id="op:s0")
    problem = a_problem(published=before, freeze_until=at(14))
    assert rules_broken_by(problem, taken_over, kinds={"op:s0": ["moved_session"]}) == set()


def test_a_hit_operation_that_starts_soon_takes_no_new_inspection() -> None:
    before = published(an_operation(teams=["t1", "t2"]))
    problem = a_problem(
        team_sessions=TWO_TEAMS, inspections=TWO_INSPECTIONS, published=before, lost=lost("t2"), freeze_until=at(14)
    )
    assert rules_broken_by(problem, an_operation(), kinds={"op:s1": ["team_changed"]}) == set()
    swapped = an_operation(inspections=[a_visit("i2")])
    assert rules_broken_by(problem, swapped, kinds={"op:s1": ["dropped", "team_changed"]}) == {"H11"}


def test_a_session_that_has_begun_takes_nothing_new() -> None:
    assert rules_broken_by(a_problem(now=at(13, 8)), an_operation()) == {"H11"}
    assert rules_broken_by(a_problem(now=at(13, 7, 59, 59)), an_operation()) == set()


def test_a_session_that_has_begun_holds_its_published_operation_or_nothing() -> None:
    problem = a_problem(now=at(13, 8), published=published(an_operation()))
    assert rules_broken_by(problem, an_operation()) == set()
    assert rules_broken_by(problem, kinds={"op:s1": ["dropped"]}) == set()
    moved = an_operation(inspections=[LATER])
    assert rules_broken_by(problem, moved, kinds={"op:s1": ["moved"]}) == {"H11"}


@pytest.mark.parametrize(("no_new_team_before", "broken"), [(at(13, 8), set()), (at(13, 8, 0, 1), {"H12"})])
def test_no_team_is_called_late(no_new_team_before: str, broken: set[str]) -> None:
    assert rules_broken_by(a_problem(no_new_team_before=no_new_team_before), an_operation()) == broken


def test_a_team_that_was_called_is_not_called_late() -> None:
    problem = a_problem(no_new_team_before=at(14), published=published(an_operation()))
    assert rules_broken_by(problem, an_operation()) == set()


@pytest.mark.parametrize(("substitute_seconds", "broken"), [(3600, set()), (3599, {"H12"})])
def test_a_team_of_a_hit_operation_may_come_along_within_the_hour(substitute_seconds: int, broken: set[str]) -> None:
    # the lost session counts from its first published inspection, 09:00, an hour from the new session's start
    rules = {"substitute_seconds": substitute_seconds}
    problem = a_problem(published=published(an_operation("s0")), no_new_team_before=at(14), rules=rules)
    taken_over = an_operation("s1", id="op:s0")
    assert rules_broken_by(problem, taken_over, kinds={"op:s0": ["moved_session"]}) == broken


def test_a_team_of_an_operation_that_is_not_hit_is_called_late() -> None:
    sessions = [a_session("s1", end_at=at(13, 11)), a_session("s2", start_at=at(13, 12))]
    problem = a_problem(
        sessions,
        inspections=TWO_INSPECTIONS,
        published=published(an_operation("s1")),
        no_new_team_before=at(14),
        rules={"substitute_seconds": 86400},
    )
    second = an_operation("s2", [a_visit("i2", at(13, 13), at(13, 14))])
    assert rules_broken_by(problem, an_operation("s1"), second) == {"H12"}


ASKED: list[tuple[Form, str]] = [
    ({"sessions": [a_session(consent="ask")]}, "s1"),
    ({"team_sessions": [a_team_session(consent="ask")]}, "t1"),
]


@pytest.mark.parametrize(("asked", "resource"), ASKED)
def test_a_use_to_ask_for_is_told_in_needs_consent(asked: Form, resource: str) -> None:
    problem = a_problem(**asked)
    assert rules_broken_by(problem, an_operation(needs_consent=[resource])) == set()
    assert rules_broken_by(problem, an_operation()) == {"H13"}


@pytest.mark.parametrize(("asked", "resource"), ASKED)
def test_under_consent_given_nobody_is_asked(asked: Form, resource: str) -> None:
    problem = a_problem(**asked, rules={"consent": "given"})
    assert rules_broken_by(problem, an_operation(needs_consent=[resource])) == {"H13"}
    assert rules_broken_by(problem, an_operation()) == {"H13"}


@pytest.mark.parametrize(("asked", "resource"), ASKED)
@pytest.mark.parametrize("mode", ["any", "given"])
def test_what_was_published_or_consented_is_not_asked_for(asked: Form, resource: str, mode: str) -> None:
    consented = [["s1", None if resource == "s1" else resource]]
    before = published(an_operation())
    rules = {"consent": mode}
    assert rules_broken_by(a_problem(**asked, rules=rules, consented=consented), an_operation()) == set()
    assert rules_broken_by(a_problem(**asked, rules=rules, published=before), an_operation()) == set()


def test_consent_for_another_session_does_not_count() -> None:
    problem = a_problem(team_sessions=[a_team_session(consent="ask")], consented=[["s2", "t1"], ["s1", None]])
    assert rules_broken_by(problem, an_operation()) == {"H13"}


def test_a_needless_entry_in_needs_consent_is_refused() -> None:
    assert rules_broken_by(a_problem(), an_operation(needs_consent=["t1"])) == {"H13"}


READY = ["arbetsmiljoverket"]


@pytest.mark.parametrize(
    ("now", "ready", "broken"),
    [
        (at(10, 8), [], set()),  # 72 h before the start: time enough
        (at(10, 8, 0, 1), [], {"H14"}),
        (at(10, 8, 0, 1), READY, set()),
        (at(10, 8, 0, 1), None, set()),  # null: all are ready
        (at(10, 8, 0, 1), ["arbetsmiljoverket/role"], {"H14"}),
    ],
)
def test_near_the_start_every_party_is_ready(now: str, ready: list[str] | None, broken: set[str]) -> None:
    problem = a_problem(inspections=[an_inspection(ready=ready)], now=now)
    assert rules_broken_by(problem, an_operation()) == broken


def test_readiness_is_not_asked_again_for_what_was_published_on_the_session() -> None:
    problem = a_problem(inspections=[an_inspection(ready=[])], now=at(12), published=published(an_operation()))
    assert rules_broken_by(problem, an_operation()) == set()
