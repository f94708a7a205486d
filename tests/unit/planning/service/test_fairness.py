"""Fairness of interest met over the year: each party's account, points within a cap, and off unless asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from samsyn_chassis.settings import Settings
from samsyn_contracts.operations import OperationScheduled
from samsyn_planning.domain.announcements import Replan
from samsyn_planning.domain.facts import Value
from samsyn_planning.domain.fairness import Account, accounts, fairness_points, year_began
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.publication import publish
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify
from samsyn_planning.settings import PlanningSettings, policy_of

from tests.support.planned_centre import ANY, a_day_of_work
from tests.support.planning_facts import AV, NOW, SKV, a_participation, a_snapshot, a_team, a_wanted, an_operation, at

WEIGHING = DEFAULT.model_copy(update={"fairness_cap": 5})
LAST_YEARS = "op:polisen:P0"


def a_year(*values: Value, done: tuple[Value, ...] = ()) -> Snapshot:
    """What is known now, and the inspections done this year."""
    return a_snapshot(*values).model_copy(update={"done_this_year": done})


def done(number: int, **interests: int) -> Value:
    """An inspection that was done, with interests by short name."""
    named = {"av": AV, "skv": SKV}
    told = {named[short]: points for short, points in interests.items()}
    return a_wanted(f"{AV}:D{number}", is_done=True, done_in=LAST_YEARS, interests=told)


def took_part(capacity_id: str, status: str = "accepted") -> Value:
    return a_participation(capacity_id, status, operation_id=LAST_YEARS)


# The account


def test_interest_is_met_where_the_party_took_part_in_what_was_done() -> None:
    year = a_year(took_part(f"{AV}:T1"), done=(done(1, av=90, skv=50), done(2, av=20)))

    assert accounts(year) == {AV: Account(110, 110), SKV: Account(50, 0)}


@pytest.mark.parametrize("status", ["declined", "withdrawn", "silent", "released", "invited"])
def test_who_did_not_come_has_not_had_its_interest_met(status: str) -> None:
    year = a_year(took_part(f"{AV}:T1", status), done=(done(1, av=90),))

    assert accounts(year) == {AV: Account(90, 0)}


def test_what_waits_counts_as_declared_and_what_is_withdrawn_does_not() -> None:
    waiting = a_wanted(f"{AV}:I1", interests={AV: 50})
    withdrawn = a_wanted(f"{AV}:I2", interests={AV: 90}, is_withdrawn=True)

    assert accounts(a_year(waiting, withdrawn)) == {AV: Account(50, 0)}


@pytest.mark.parametrize(("status", "met"), [("confirmed", 50), ("scheduled", 0), ("draft", 0), ("postponed", 0)])
def test_interest_in_an_operation_is_met_when_it_is_confirmed_and_not_while_it_is_only_planned(
    status: str, met: int
) -> None:
    wanted = a_wanted(f"{AV}:I1", interests={AV: 50, SKV: 20})

    year = a_year(wanted, a_team(f"{AV}:T1"), an_operation(status=status))

    assert accounts(year) == {AV: Account(50, met), SKV: Account(20, 0)}


def test_roles_of_one_agency_have_accounts_of_their_own() -> None:
    wanted = a_wanted(f"{AV}:I1", interests={"kommun-goteborg/environment": 50, "kommun-goteborg/licensing": 20})

    assert set(accounts(a_year(wanted))) == {"kommun-goteborg/environment", "kommun-goteborg/licensing"}


def test_the_year_is_the_calendars_in_swedish_time() -> None:
    assert year_began(at(31, 23, month=12)).isoformat() == "2025-01-01T00:00:00+01:00"
    assert year_began(year_began(NOW)) == year_began(NOW)


# The points


def test_who_has_had_less_than_others_weighs_more_and_who_has_had_more_weighs_less() -> None:
    points = fairness_points({"a": Account(5000, 500), "b": Account(5000, 4500), "c": Account(5000, 2500)}, 5)

    assert points == {"a": 4, "b": -4}


def test_all_served_alike_weigh_alike() -> None:
    assert fairness_points({"a": Account(5000, 1000), "b": Account(500, 100)}, 5) == {}


def test_who_has_declared_little_is_held_to_be_as_well_served_as_others() -> None:
    points = fairness_points({"new": Account(50, 0), "old": Account(9000, 0), "third": Account(9000, 9000)}, 5)

    assert points.get("new", 0) == 0
    assert points["old"] == 5


def test_a_year_in_which_nothing_is_done_yet_weighs_nothing() -> None:
    assert fairness_points({"a": Account(900, 0), "b": Account(50, 0)}, 5) == {}
    assert fairness_points({}, 5) == {}


@given(
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.tuples(st.integers(0, 20_000), st.integers(0, 100)).map(lambda t: Account(t[0], t[0] * t[1] // 100)),
    ),
    st.integers(1, 10),
)
def test_no_points_are_beyond_the_cap_and_the_better_served_never_weighs_more(
    known: dict[str, Account], cap: int
) -> None:
    points = fairness_points(known, cap)

    assert all(0 < abs(one) <= cap for one in points.values())
    for one, other in ((known[a], known[b]) for a in known for b in known):
        if one.declared == other.declared and one.met < other.met:
            of = {id(account): points.get(party, 0) for party, account in known.items()}
            assert of[id(one)] >= of[id(other)]


# The setting

NEEDED: dict[str, Any] = {
    "kafka": "127.0.0.1:1",
    "database": "postgresql://u@127.0.0.1/p",
    "http_port": 1,
    "environment": "test",
}


def test_nothing_is_weighed_unless_the_settings_say_so() -> None:
    assert policy_of(Settings(**NEEDED)) == policy_of(PlanningSettings(**NEEDED)) == DEFAULT


def test_a_service_weighs_what_its_settings_give() -> None:
    policy = policy_of(PlanningSettings(**NEEDED, risk_weight=100, fairness_cap=5))

    assert policy == DEFAULT.model_copy(update={"risk": 100, "fairness_cap": 5})


def test_fairness_can_never_turn_an_interest_against_a_site() -> None:
    with pytest.raises(ValidationError, match="fairness_cap"):
        PlanningSettings(**NEEDED, fairness_cap=11)


# In the problem


def an_unfair_year() -> Snapshot:
    """A day's work that either agency would take, in a year when the Tax Agency has had nothing."""
    both = {AV: 50, SKV: 50}
    wanted = a_wanted(f"{AV}:I1", interests=both)
    known = a_day_of_work(took_part(f"{AV}:T1"), wanted, days=(13,), num_inspections=0)
    told = tuple(done(n, av=90, skv=90) for n in range(20))
    return known.model_copy(update={"done_this_year": told})


def test_what_was_done_this_year_weighs_nothing_unless_the_policy_says_so() -> None:
    assert "weights" not in problem_of(an_unfair_year(), ANY, DEFAULT)


def test_points_enter_the_problem_and_planner_and_verifier_count_them_alike() -> None:
    problem = problem_of(an_unfair_year(), ANY, WEIGHING)
    plan = solve(problem, Limit(seconds=None, work=None))

    assert problem["weights"] == {"fairness": {AV: -4, SKV: 4}}
    assert verify(problem, plan).violations == ()
    assert verify(problem, plan).objective == plan["objective"]


def test_a_policy_that_weighs_where_all_are_served_alike_leaves_the_problem_alone() -> None:
    alike = a_day_of_work(days=(13,))

    assert problem_of(alike, ANY, WEIGHING) == problem_of(alike, ANY, DEFAULT)


# Explained


def reasons_of(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    problem = problem_of(snapshot, ANY, WEIGHING)
    plan = solve(problem, Limit(seconds=None, work=None))
    own: dict[str, Any] = {"id": "replan:akc-vast:1", "scope": "period", "causes": (), "version": 1, "now_at": NOW}
    publication = publish(Replan(**own, problem=problem, plan=plan), snapshot, (), WEIGHING)
    (told,) = [m for m in publication.messages if isinstance(m, OperationScheduled)]
    return [(reason.code, reason.sv, reason.en) for reason in told.reasons]


def test_an_operation_tells_whose_interest_weighed_more_or_less_in_swedish_and_english() -> None:
    assert reasons_of(an_unfair_year())[1:] == [
        (
            "FAIRNESS",
            "Arbetsmiljöverket har i år fått mer än andra av det som myndigheten anmält intresse för; "
            "intresset väger därför mindre (−4 poäng).",
            "Swedish Work Environment Authority has had more than others of what it declared interest in this year; "
            "its interest therefore weighs less (−4 points).",
        ),
        (
            "FAIRNESS",
            "Skatteverket har i år fått mindre än andra av det som myndigheten anmält intresse för; "
            "intresset väger därför mer (+4 poäng).",
            "Swedish Tax Agency has had less than others of what it declared interest in this year; "
            "its interest therefore weighs more (+4 points).",
        ),
    ]
