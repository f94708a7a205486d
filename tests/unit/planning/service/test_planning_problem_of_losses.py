"""What a centre that was hit asks the planner: what is left, what took the rest, and who goes without police."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_planning.domain.facts import Question, Value
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of

from tests.support.planned_centre import GIVEN, asked, with_values
from tests.support.planning_facts import (
    AV,
    SKV,
    a_consent,
    a_participation,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_operation,
    at,
    ids_of,
    lost,
)

P1, T1 = "polisen:P1", f"{AV}:T1"


def session_of(problem: dict[str, Any]) -> dict[str, Any]:
    (session,) = problem["sessions"]
    assert isinstance(session, dict)
    return session


def test_a_session_that_the_police_lost_wholly_is_not_told() -> None:
    assert asked(lost(a_session()))["sessions"] == []


def test_a_session_lost_in_part_is_told_with_what_is_left() -> None:
    part: dict[str, Any] = {"available_from": at(13, 10), "available_until": at(13, 14), "officers_left": 2}

    session = session_of(asked(lost(a_session(), **part)))

    assert (session["start_at"], session["end_at"]) == ("2025-05-13T10:00:00+02:00", "2025-05-13T14:00:00+02:00")
    assert (session["officers"], session["police"]) == (2, True)


def test_a_loss_in_part_never_adds_officers() -> None:
    assert session_of(asked(lost(a_session(staff=3), officers_left=9)))["officers"] == 3


def test_an_operation_on_a_lost_session_is_told_with_the_session_and_the_event_that_took_it() -> None:
    problem = asked(lost(a_session(), "c7"), a_team(), a_wanted(), an_operation())

    assert problem["lost"] == [{"id": P1, "cause": "c7"}]


def test_an_operation_that_waits_since_an_earlier_loss_keeps_that_cause() -> None:
    waits = an_operation(status="postponed", lost_cause="c0")

    assert asked(a_team(), a_wanted(), waits)["lost"] == [{"id": P1, "cause": "c0"}]


@pytest.mark.parametrize(
    ("values", "cause"),
    [
        ([a_team().model_copy(update={"gone_by": "w1"})], "w1"),
        ([a_team(), a_participation(T1, "withdrawn", answered_by="a1")], "a1"),
        ([a_team(), a_participation(T1, "silent")], "no_reply"),
        ([], "unknown"),
    ],
)
def test_a_team_that_cannot_come_is_told_with_the_event_that_took_it(values: list[Value], cause: str) -> None:
    assert asked(a_session(), a_wanted(), an_operation(), *values)["lost"] == [{"id": T1, "cause": cause}]


def test_an_inspection_withdrawn_from_an_operation_is_told_with_its_event() -> None:
    gone = a_wanted(is_withdrawn=True, withdrawn_by="w1")

    assert asked(a_session(), a_team(), gone, an_operation())["lost"] == [{"id": f"{AV}:I1", "cause": "w1"}]


def test_what_no_operation_used_is_no_loss() -> None:
    assert asked(lost(a_session()), a_team().model_copy(update={"gone_by": "w1"}))["lost"] == []


# Losses told by phone


def test_a_loss_told_by_phone_is_no_loss_unless_it_is_assumed() -> None:
    told = a_session().model_copy(update={"reported_by": "t1"})
    values = (told, a_team(), a_wanted(), an_operation(), a_participation(P1, "accepted"))

    provisional = asked(*values)
    assumed = asked(*values, question=Question(consent="any", assumed_lost=(P1,)))

    assert (ids_of(provisional["sessions"]), provisional["lost"]) == ([P1], [])
    assert (assumed["sessions"], assumed["lost"]) == ([], [{"id": P1, "cause": "t1"}])


# Without police


def both_teams() -> list[Value]:
    two, police = an_operation(teams=(T1, f"{SKV}:T2")), a_participation(P1, "accepted")
    return [lost(a_session()), a_team(), a_team(f"{SKV}:T2"), a_wanted(police_need="wanted"), two, police]


def is_used_without_police(*values: Value, question: Question = GIVEN) -> bool:
    problem = problem_of(with_values(a_snapshot(*both_teams()), *values), question, DEFAULT)
    return [session["police"] for session in problem["sessions"]] == [False]


def test_a_lost_session_is_used_without_police_only_if_every_party_has_consented() -> None:
    assert is_used_without_police(a_consent(AV), a_consent(SKV))
    assert not is_used_without_police(a_consent(AV))


@pytest.mark.parametrize(
    "consent",
    [
        a_consent(SKV).model_copy(update={"is_revoked": True}),
        a_consent(SKV, valid_until=at(13, 7)),
        a_consent(SKV, "time"),
    ],
)
def test_a_consent_revoked_run_out_or_to_something_else_is_none(consent: Value) -> None:
    assert not is_used_without_police(a_consent(AV), consent)


def test_a_team_whose_party_has_not_agreed_to_go_without_police_has_to_be_asked_there_and_only_there() -> None:
    own = (a_consent(AV), a_team(f"{SKV}:T3"), a_session("polisen:P2"), an_operation(teams=(T1,)))
    problem = problem_of(with_values(a_snapshot(*both_teams()), *own), GIVEN, DEFAULT)

    asking = [team["id"] for team in problem["team_sessions"] if team["consent"] == "ask"]
    assert asking == [f"{SKV}:T2", f"{SKV}:T3"]
    assert problem["consented"] == [[P1, None], ["polisen:P2", asking[0]], ["polisen:P2", asking[1]]]


def test_the_centre_may_be_asked_about_going_without_police() -> None:
    assert is_used_without_police(question=Question(consent="any", asks_to_go_without_police=True))


def test_an_operation_once_published_without_police_stays_so() -> None:
    assert is_used_without_police(a_participation(P1, "released"))
    assert not is_used_without_police(a_participation(P1, "accepted"))


def test_an_operation_that_waits_is_not_taken_for_one_without_police() -> None:
    waits = an_operation(status="postponed", teams=(T1, f"{SKV}:T2"))

    assert not is_used_without_police(a_participation(P1, "released"), waits)
