"""What happens to a published plan when something is lost: the ladder, step by step."""

from typing import Any

import pytest
from samsyn_planning.domain.planner import just_cancel, refill_only, solve
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.finishing import put_back
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.standing import stand

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


def _published(problem: Form, operations: list[Form] | None = None, lost: tuple[str, ...] = (), **more: Any) -> Form:
    """The problem with operations published (one on s1 unless told otherwise) and things lost."""
    return problem | {"published": a_plan(operations), "lost": [{"id": i, "cause": "skjutning"} for i in lost]} | more


def _change(plan: Form, operation: str = "op:s1") -> Form:
    change: Form = next(change for change in plan["changes"] if change["operation"] == operation)
    return change


def _held(plan: Form) -> dict[str, list[str]]:
    return {o["session"]: [visit["id"] for visit in o["inspections"]] for o in plan["operations"]}


def _two_sessions(**second: Any) -> list[Form]:
    return [a_session("s1"), a_session("s2", **second)]


def test_a_lost_sessions_inspections_move_to_a_free_session_the_same_day() -> None:
    problem = a_problem(_two_sessions(start_at=at(13, 8, 30)))

    plan = solve(_published(problem, lost=("s1",)))

    assert _held(plan) == {"s2": ["i1"]}


def test_the_operation_keeps_its_id_when_it_moves() -> None:
    plan = solve(_published(a_problem(_two_sessions(start_at=at(13, 8, 30))), lost=("s1",)))

    assert [operation["id"] for operation in plan["operations"]] == ["op:s1"]


def test_the_same_day_goes_before_another_that_is_worth_less() -> None:
    sessions = [a_session("s1", 13), a_session("a", 14), a_session("b", 13)]
    teams = [a_team_session("t1"), a_team_session("t2", day=14)]
    windows = [[at(day, 8), at(day, 16)] for day in (13, 14)]
    # Weeks are counted from `now`: the 13th is in this one, the 14th in the next.
    problem = a_problem(sessions, teams, [an_inspection(time_windows=windows)], now=at(7, 8))

    plan = solve(_published(problem, lost=("s1",)))

    assert _held(plan) == {"b": ["i1"]}


def test_an_operation_that_must_wait_for_a_later_day_is_postponed() -> None:
    sessions = [a_session("s1", 13), a_session("s2", 14)]
    teams = [a_team_session("t1"), a_team_session("t2", day=14)]
    windows = [[at(day, 8), at(day, 16)] for day in (13, 14)]

    plan = solve(_published(a_problem(sessions, teams, [an_inspection(time_windows=windows)]), lost=("s1",)))

    assert "postponed" in _change(plan)["kinds"]


def test_a_move_names_the_loss_as_its_cause() -> None:
    plan = solve(_published(a_problem(_two_sessions()), lost=("s1",)))

    assert _change(plan)["causes"] == ["s1"]


def test_a_move_says_from_when_to_when_in_both_languages() -> None:
    plan = solve(_published(a_problem(_two_sessions(start_at=at(13, 8, 30))), lost=("s1",)))

    said = next(reason for reason in _change(plan)["reasons"] if reason["code"] == "MOVED")
    assert said["sv"] == "Insatsen flyttas från tis 13 maj 09.00 (v. 20) till tis 13 maj 08.30 (v. 20)."
    assert said["en"] == "The operation moves from Tue 13 May 09:00 to Tue 13 May 08:30."


def test_a_lost_operation_that_no_session_can_take_is_dropped() -> None:
    plan = solve(_published(a_problem(), lost=("s1",)))

    assert (_change(plan)["kinds"], plan["operations"]) == (["dropped"], [])


def test_what_is_not_hit_keeps_its_published_times() -> None:
    waiting = an_operation(inspections=[a_visit(start_at=at(13, 11), end_at=at(13, 12))])

    plan = solve(_published(a_problem(), [waiting]))

    assert plan["operations"] == [waiting]


def test_a_frozen_operation_takes_nothing_in() -> None:
    sessions, teams = [a_session("s1"), a_session("s2")], [a_team_session("t1"), a_team_session("t2")]
    inspections = [an_inspection("i1"), an_inspection("i2")]
    published = [an_operation("s1"), an_operation("s2", [a_visit("i2")], ["t2"])]
    problem = a_problem(sessions, teams, inspections)

    plan = solve(_published(problem, published, ("s1",), freeze_until=at(14)))

    assert _held(plan) == {"s2": ["i2"]}


def test_an_operation_that_is_not_frozen_takes_in_what_is_worth_more_than_the_disruption() -> None:
    sessions, teams = [a_session("s1"), a_session("s2")], [a_team_session("t1"), a_team_session("t2")]
    inspections = [an_inspection("i1"), an_inspection("i2")]
    published = [an_operation("s1"), an_operation("s2", [a_visit("i2")], ["t2"])]

    plan = solve(_published(a_problem(sessions, teams, inspections), published, ("s1",)))

    assert _change(plan, "op:s2")["kinds"] == ["grown"]


def test_an_operation_is_left_alone_where_growing_costs_more_than_it_brings() -> None:
    sessions, teams = [a_session("s1"), a_session("s2")], [a_team_session("t1"), a_team_session("t2")]
    inspections = [an_inspection("i1", value=2), an_inspection("i2")]
    published = [an_operation("s1"), an_operation("s2", [a_visit("i2")], ["t2"])]

    plan = solve(_published(a_problem(sessions, teams, inspections), published, ("s1",)))

    assert _change(plan, "op:s2")["kinds"] == ["kept"]


@pytest.mark.parametrize("hold", ["pinned", "hold"])
def test_a_pinned_operation_stays_even_where_another_needs_its_team(hold: str) -> None:
    sessions = [a_session("s1"), a_session("s2"), a_session("s3")]
    teams = [a_team_session("t1"), a_team_session("t2", "skatteverket")]
    inspections = [an_inspection("i1", value=900), an_inspection("i2", value=1)]
    published = [an_operation("s1"), an_operation("s2", [a_visit("i2")], ["t2"])]
    problem = _published(a_problem(sessions, teams, inspections), published, ("s1", "t1"), **{hold: ["op:s2"]})

    plan = solve(problem)

    assert _held(plan) == {"s2": ["i2"]}


def test_a_shorter_session_keeps_what_fits() -> None:
    visits = [a_visit("i1", at(13, 9), at(13, 10)), a_visit("i2", at(13, 11), at(13, 12))]
    inspections = [an_inspection("i1"), an_inspection("i2", value=200)]
    problem = a_problem([a_session(end_at=at(13, 9, 30))], None, inspections)

    plan = solve(_published(problem, [an_operation(inspections=visits)]))

    assert (_held(plan), _change(plan)["kinds"]) == ({"s1": ["i2"]}, ["shrunk"])


def test_with_fewer_officers_only_what_they_suffice_for_stays() -> None:
    visits = [a_visit("i1", at(13, 9), at(13, 10)), a_visit("i2", at(13, 11), at(13, 12))]
    inspections = [an_inspection("i1", min_officers=4), an_inspection("i2")]

    plan = solve(_published(a_problem([a_session(officers=2)], None, inspections), [an_operation(inspections=visits)]))

    assert (_held(plan), next(r["code"] for r in _change(plan)["reasons"])) == ({"s1": ["i2"]}, "H5")


def test_where_police_are_wanted_but_not_required_the_operation_goes_on_without() -> None:
    teams = [a_team_session(), a_team_session("t2", "skatteverket")]
    problem = a_problem([a_session(police=False)], teams, [an_inspection(police_need="wanted")])

    plan = solve(_published(problem, [an_operation(teams=["t1", "t2"])], ("s1",)))

    assert _change(plan)["kinds"] == ["without_police"]


def test_where_police_are_required_it_never_goes_on_without() -> None:
    teams = [a_team_session(), a_team_session("t2", "skatteverket")]

    plan = solve(_published(a_problem([a_session(police=False)], teams), [an_operation(teams=["t1", "t2"])], ("s1",)))

    assert plan["operations"] == []


def test_when_a_team_declines_another_of_its_agency_is_called() -> None:
    teams = [a_team_session("t1"), a_team_session("t2")]
    problem = a_problem(None, teams, [an_inspection(required_agencies=["arbetsmiljoverket"])])

    plan = solve(_published(problem, lost=("t1",)))

    assert (plan["operations"][0]["teams"], _change(plan)["kinds"]) == (["t2"], ["team_changed"])


def test_too_late_to_call_a_new_team_only_the_hit_operations_own_team_comes() -> None:
    problem = a_problem(_two_sessions(), [a_team_session("t1"), a_team_session("t2", "skatteverket")])
    problem["inspections"][0]["interests"] = {"skatteverket": 100}

    plan = solve(_published(problem, lost=("s1",), no_new_team_before=at(14)))

    assert plan["operations"][0]["teams"] == ["t1"]


def test_a_withdrawn_inspection_is_taken_out_and_the_rest_stands() -> None:
    visits = [a_visit("i1", at(13, 9), at(13, 10)), a_visit("i2", at(13, 11), at(13, 12))]
    problem = a_problem(None, None, [an_inspection("i1"), an_inspection("i2")])

    plan = solve(_published(problem, [an_operation(inspections=visits)], ("i1",)))

    assert (plan["operations"][0]["inspections"], plan["disruption"]) == (visits[1:], 0)


def test_a_storm_is_answered_the_same_in_any_order() -> None:
    sessions = [a_session(f"s{n}", day) for n, day in enumerate((13, 13, 13, 14, 14, 14))]
    teams = [a_team_session(f"t{n}", day=day) for n, day in enumerate((13, 13, 13, 14, 14, 14))]
    windows = [[at(day, 8), at(day, 16)] for day in (13, 14)]
    wanted = [an_inspection(f"i{n}", time_windows=windows) for n in range(6)]
    problem = a_problem(sessions, teams, wanted)
    before = solve(problem)
    lost = [{"id": session, "cause": "skjutning"} for session in ("s0", "s3", "s1")]

    one = solve(problem | {"published": before, "lost": lost})
    other = solve(problem | {"published": before, "lost": lost[::-1]})

    assert one == other


def test_an_operation_changed_for_nothing_is_put_back() -> None:
    problem = _published(a_problem())
    schedule = Schedule(Facts(read_problem(problem)))
    stand(schedule)
    held = schedule.operations[0]
    assert held is not None
    # Ten minutes earlier is within the tolerance: it costs nothing and brings nothing.
    schedule.put(0, held._replace(starts=(held.starts[0] - 600,)))

    put_back(schedule)

    assert schedule.operations[0] == held


def test_just_cancelling_moves_nothing() -> None:
    plan = just_cancel(_published(a_problem(_two_sessions()), lost=("s1",)))

    assert plan["operations"] == []


def test_refilling_uses_free_sessions() -> None:
    plan = refill_only(_published(a_problem(_two_sessions()), lost=("s1",)))

    assert _held(plan) == {"s2": ["i1"]}


def test_refilling_does_not_touch_what_is_published() -> None:
    sessions, teams = [a_session("s1"), a_session("s2")], [a_team_session("t1"), a_team_session("t2")]
    inspections = [an_inspection("i1"), an_inspection("i2")]
    published = [an_operation("s1"), an_operation("s2", [a_visit("i2")], ["t2"])]

    plan = refill_only(_published(a_problem(sessions, teams, inspections), published, ("s1",)))

    assert _change(plan, "op:s2")["kinds"] == ["kept"]
