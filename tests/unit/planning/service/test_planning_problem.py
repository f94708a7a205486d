"""The planning problem of a centre: every key of the form, and that planner and verifier read and accept it."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_planning.domain.facts import Question, Value
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.verifier import verify

from tests.support.planned_centre import ANY, GIVEN, a_day_of_work, asked, planned, replanned, with_values, without
from tests.support.planning_facts import (
    AV,
    SKV,
    a_capacity,
    a_consent,
    a_participation,
    a_session,
    a_team,
    a_wanted,
    an_offer,
    an_operation,
    asking,
    at,
    ids_of,
)

P1, T1 = "polisen:P1", f"{AV}:T1"
TRAVEL = {"kmh": 65, "detour": 1.3, "extra_seconds": 240}


def session_of(problem: dict[str, Any]) -> dict[str, Any]:
    (session,) = problem["sessions"]
    assert isinstance(session, dict)
    return session


def test_the_problem_names_its_centre_time_rules_and_horizons() -> None:
    problem = asked(question=GIVEN)

    assert set(problem) == {
        *("schema", "centre", "now", "seed", "sessions", "team_sessions", "inspections", "travel", "rules"),
        *("published", "confirmed", "hold", "lost", "consented", "freeze_until", "no_new_team_before"),
    }
    assert (problem["schema"], problem["centre"]) == ("samsyn-planning-problem/1", "akc-vast")
    assert (problem["now"], problem["travel"]) == ("2025-05-05T08:00:00+02:00", TRAVEL)
    assert (problem["rules"], problem["published"]) == ({"consent": "given"}, None)
    assert problem["freeze_until"] == (at(5, 8) + DEFAULT.frozen).isoformat()
    assert problem["no_new_team_before"] == "2025-05-06T08:00:00+02:00"


def test_a_police_session_is_told_with_everything_it_offers() -> None:
    offered = a_session(
        staff=3, skills=("b", "a"), areas=("west",), experience_band="4+", max_travel_minutes=45, max_inspections=3
    )

    assert session_of(asked(offered)) == {
        "id": P1,
        "police": True,
        "start_at": "2025-05-13T08:00:00+02:00",
        "end_at": "2025-05-13T16:00:00+02:00",
        "base": {"lat": 57.7, "lon": 11.97},
        "officers": 3,
        "experience_band": "4+",
        "skills": ["a", "b"],
        "areas": ["west"],
        "max_travel_seconds": 2700,
        "max_inspections": 3,
        "consent": "standing",
    }


def test_a_session_that_names_no_limits_has_the_forms_defaults() -> None:
    session = session_of(asked(a_session()))

    assert (session["areas"], session["max_travel_seconds"], session["max_inspections"]) == (None, None, 5)
    assert session["experience_band"] == "1-3"


def test_a_team_is_told_under_its_party_with_what_it_offers() -> None:
    offered = a_team(skills=("interpreter",), consent=asking(), alternatives_group="either")

    (team,) = asked(offered)["team_sessions"]

    assert team == {
        "id": T1,
        "team": f"{AV}:lag-1",
        "agency": AV,
        "start_at": "2025-05-13T08:00:00+02:00",
        "end_at": "2025-05-13T16:00:00+02:00",
        "inspectors": 2,
        "skills": ["interpreter"],
        "home": {"lat": 57.7, "lon": 11.97},
        "consent": "ask",
        "alternatives_group": "either",
    }


def test_an_inspection_is_told_with_everything_that_was_said_of_it() -> None:
    wanted = a_wanted(
        area="west",
        due_at=at(15),
        deadline_at=at(20),
        police_need="wanted",
        required_agencies=(SKV, AV),
        min_officers=3,
        required_skills=("dog",),
        exploitation_indicated=True,
        interests={SKV: 90, AV: 20},
        ready={SKV: True, AV: False},
    )

    (inspection,) = asked(wanted)["inspections"]

    assert inspection == {
        "id": f"{AV}:I1",
        "place": {"lat": 57.7 + 1 / 500, "lon": 11.97},
        "area": "west",
        "duration_seconds": 3600,
        "time_windows": [["2025-05-12T00:00:00+02:00", "2025-05-23T00:00:00+02:00"]],
        "due_at": "2025-05-15T00:00:00+02:00",
        "deadline_at": "2025-05-20T00:00:00+02:00",
        "value": 100,
        "police_need": "wanted",
        "required_agencies": [AV, SKV],
        "interests": {AV: 20, SKV: 90},
        "min_officers": 3,
        "required_skills": ["dog"],
        "required_participants": ["region_coordinator"],
        "ready": [SKV],
        "tags": ["work_life_crime"],
    }


@pytest.mark.parametrize("state", [{"is_withdrawn": True}, {"is_done": True}])
def test_an_inspection_withdrawn_or_done_is_not_planned(state: dict[str, Any]) -> None:
    assert asked(a_wanted(**state))["inspections"] == []


def test_border_police_are_neither_session_nor_team() -> None:
    problem = asked(a_capacity(an_offer("polisen:B1", "border_police")))

    assert (problem["sessions"], problem["team_sessions"]) == ([], [])


@pytest.mark.parametrize("status", ["declined", "withdrawn", "silent"])
def test_capacity_that_its_owner_refused_is_not_asked_for_again(status: str) -> None:
    problem = asked(a_team(), a_session(), a_participation(T1, status), a_participation(P1, status))

    assert (problem["sessions"], problem["team_sessions"]) == ([], [])


def test_a_shift_that_is_over_is_told_as_long_as_it_matters_for_the_teams_rest() -> None:
    assert ids_of(asked(a_team(), now_at=at(14, 3))["team_sessions"]) == [T1]
    assert asked(a_team(), now_at=at(14, 4))["team_sessions"] == []


def test_parts_of_seconds_that_an_agencys_clock_gives_do_not_stop_the_planner() -> None:
    odd: dict[str, Any] = {"start_at": "2025-05-13T08:00:00.250+02:00", "end_at": "2025-05-13T16:00:00.750+02:00"}
    window = {"from_at": "2025-05-12T00:00:00.5+02:00", "until_at": "2025-05-23T00:00:00.5+02:00"}
    problem = asked(
        a_session(**odd),
        a_team(**odd),
        a_wanted(time_windows=[window], due_at=window["from_at"]),
        now_at=at(5, 8).replace(microsecond=123456),
    )

    assert len(solve(problem, Limit(seconds=None, work=None))["operations"]) == 1


def test_the_published_plan_is_every_operation_that_stands() -> None:
    confirmed, draft = an_operation(status="confirmed"), an_operation("op:polisen:P2", "polisen:P2", status="draft")
    gone = [an_operation(f"op:{status}", "polisen:P9", status=status) for status in ("past", "cancelled")]

    problem = asked(a_session(), a_session("polisen:P2"), a_team(), a_wanted(), confirmed, draft, *gone)

    assert ids_of(problem["published"]["operations"]) == [confirmed.id, draft.id]
    assert problem["confirmed"] == [confirmed.id]


def test_an_operation_is_told_as_it_was_published() -> None:
    (operation,) = asked(a_session(), a_team(), a_wanted(), an_operation())["published"]["operations"]

    assert operation == {
        "id": "op:polisen:P1",
        "session": P1,
        "inspections": [
            {"id": f"{AV}:I1", "start_at": "2025-05-13T09:00:00+02:00", "end_at": "2025-05-13T10:00:00+02:00"}
        ],
        "teams": [T1],
        "needs_consent": [],
    }


def test_an_operation_that_waits_stands_again_when_its_session_is_back() -> None:
    waits = an_operation(status="postponed", lost_cause="c0")

    problem = asked(a_session(), a_team(), a_wanted(), waits)

    assert (ids_of(problem["published"]["operations"]), problem["lost"]) == ([waits.id], [])


def test_an_operation_that_waits_does_not_stand_again_where_its_inspection_was_taken() -> None:
    waits, taker = an_operation(status="postponed"), an_operation("op:polisen:P2", "polisen:P2", teams=())

    problem = asked(a_session(), a_session("polisen:P2"), a_team(), a_wanted(), waits, taker)

    assert ids_of(problem["published"]["operations"]) == [taker.id]


def test_a_former_plan_stands_in_place_of_todays_and_is_held_whole() -> None:
    former = an_operation(status="confirmed")
    today = an_operation(session_id="polisen:P2", status="scheduled")
    question = Question(consent="given", standing=(former,), holds_everything=True)

    problem = asked(a_session(), a_session("polisen:P2"), a_team(), a_wanted(), today, question=question)

    assert [o["session"] for o in problem["published"]["operations"]] == [P1]
    assert (problem["confirmed"], problem["freeze_until"][:4]) == ([former.id], "2026")


def consented(*values: Value) -> list[list[str | None]]:
    pairs = asked(a_session(), a_session("polisen:P2", start_at=at(13, 9)), a_team(), *values)["consented"]
    assert isinstance(pairs, list)
    return pairs


def test_uses_that_owners_accepted_are_consented_to() -> None:
    assert consented(a_participation(T1, "accepted"), a_participation(P1, "accepted")) == [[P1, None], [P1, T1]]


@pytest.mark.parametrize("status", ["invited", "declined", "withdrawn", "silent", "released"])
def test_nothing_else_than_a_yes_is_consent(status: str) -> None:
    assert consented(a_participation(T1, status)) == []


@pytest.mark.parametrize(("minutes", "is_covered"), [(60, True), (59, False), (None, True)])
def test_a_consent_to_another_session_covers_those_near_the_accepted_one(minutes: Any, is_covered: bool) -> None:
    given = a_consent(AV, "other_police_unit", minutes=minutes)

    pairs = consented(a_participation(T1, "accepted"), given)

    assert (["polisen:P2", T1] in pairs) == is_covered


@pytest.mark.parametrize("question", [ANY, GIVEN, Question(consent="any", asks_to_go_without_police=True)])
def test_planner_and_verifier_accept_the_problem_of_a_centre_that_was_hit(question: Question) -> None:
    before = planned(a_day_of_work(num_inspections=4)).snapshot
    used = before.operations[0].session_id
    hit = with_values(without(before, used), a_participation(f"{SKV}:T14", "declined", operation_id="op:x"))

    problem = problem_of(hit, question, DEFAULT)

    assert verify(problem, solve(problem, Limit(seconds=None, work=None))).violations == ()


def test_consent_to_a_session_that_is_lost_does_not_stop_the_planner() -> None:
    before = planned(a_day_of_work(num_inspections=2)).snapshot

    after = replanned(without(before, before.operations[0].session_id))

    assert after.replan.problem["consented"]
    assert verify(after.replan.problem, after.replan.plan).violations == ()
