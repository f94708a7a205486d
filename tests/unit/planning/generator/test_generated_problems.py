"""What holds of each generated problem and each disturbance of it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from samsyn_demo.places import is_red
from samsyn_planning.domain.generator import CENTRES, KINDS, SIZES, disturb, generate
from samsyn_planning.domain.generator.period import FIRST_MONDAYS
from samsyn_planning.domain.planner import Limit, just_cancel, solve
from samsyn_planning.domain.verifier import objective_of, verify

from tests.support.planning_forms import Form

EVERY_SEED = range(1, 9)
LITTLE = Limit(work=5)


def _solved(problem: Form) -> Form:
    return solve(problem, LITTLE)


@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_problem_has_what_its_size_says(size: str) -> None:
    problem, told = generate(size, 7), SIZES[size]

    parties = {team["agency"] for team in problem["team_sessions"]}
    counts = (len(problem["inspections"]), len(problem["sessions"]), len(parties))
    assert counts == (told.num_inspections, told.num_sessions, told.num_parties)


@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_problem_is_of_the_form_that_the_verifier_reads(size: str) -> None:
    assert objective_of(generate(size, 7), []).objective == 0


@pytest.mark.parametrize("centre", sorted(CENTRES))
def test_each_centre_has_problems_that_can_be_planned(centre: str) -> None:
    problem = generate("S", 7, centre)

    plan = _solved(problem)

    assert (verify(problem, plan).violations, plan["objective"] > 0) == ((), True)


def test_the_same_seed_gives_the_same_bytes_and_no_two_seeds_do() -> None:
    first, second = ([json.dumps(generate("S", seed)) for seed in EVERY_SEED] for _ in range(2))

    assert (first, len(set(first))) == (second, len(EVERY_SEED))


def test_seeds_differ_in_more_than_numbers_of_one_pattern() -> None:
    problems = [generate("M", seed) for seed in EVERY_SEED]

    days = [tuple(session["start_at"] for session in problem["sessions"]) for problem in problems]
    places = [tuple(inspection["place"]["lat"] for inspection in problem["inspections"]) for problem in problems]
    assert (len(set(days)), len(set(places))) == (len(problems), len(problems))


@pytest.mark.parametrize("seed", EVERY_SEED)
def test_more_is_wanted_than_the_sessions_hold(seed: int) -> None:
    problem = generate("M", seed)

    room = sum(session["max_inspections"] for session in problem["sessions"])

    assert room < len(problem["inspections"])


def test_among_a_few_seeds_every_kind_of_need_occurs() -> None:
    problems = [generate("M", seed) for seed in EVERY_SEED]

    wanted = [inspection for problem in problems for inspection in problem["inspections"]]
    teams = [team for problem in problems for team in problem["team_sessions"]]
    named = ("required_agencies", "required_skills", "required_participants", "due_at", "deadline_at")
    assert {name for name in named if any(inspection[name] for inspection in wanted)} == set(named)
    assert {inspection["police_need"] for inspection in wanted} == {"required", "wanted", "not_needed"}
    assert {team["consent"] for team in teams} == {"ask", "standing"}
    assert any(team["alternatives_group"] for team in teams)


def test_no_team_is_in_two_places_at_once() -> None:
    shifts: dict[str, list[Any]] = {}
    for team in generate("L", 7)["team_sessions"]:
        shifts.setdefault(team["team"], []).append((team["start_at"], team["end_at"]))

    clashes = [
        team
        for team, own in shifts.items()
        if any(b[0] < a[1] for a, b in zip(sorted(own), sorted(own)[1:], strict=False))
    ]
    assert clashes == []


def test_the_weeks_drawn_begin_on_mondays_and_hold_no_red_weekday() -> None:
    days = [monday + timedelta(days=day) for monday in FIRST_MONDAYS for day in range(7 * SIZES["XL"].num_weeks)]

    assert {monday.weekday() for monday in FIRST_MONDAYS} == {0}
    assert [day for day in days if day.weekday() < 5 and is_red(day)] == []


def test_a_travel_table_names_every_place_and_knows_directions() -> None:
    problem = generate("S", 7, is_tabled=True)

    seconds = problem["travel"]["seconds"]
    assert verify(problem, _solved(problem)).violations == ()
    assert any(seconds[a][b] != seconds[b][a] for a in range(len(seconds)) for b in range(a))


@pytest.mark.parametrize("kind", KINDS)
def test_a_disturbed_problem_is_judged_and_answered(kind: str) -> None:
    problem = generate("S", 7)

    later = disturb(problem, _solved(problem), 3, kind)

    assert verify(later, just_cancel(later)).violations == ()


@pytest.mark.parametrize("seed", EVERY_SEED)
def test_one_to_three_police_sessions_are_lost_each_with_a_cause(seed: int) -> None:
    problem = generate("S", seed)

    later = disturb(problem, _solved(problem), seed, "police")

    police = {session["id"] for session in later["sessions"]}
    assert 1 <= len(later["lost"]) <= 3
    assert all(loss["id"] in police and loss["cause"] for loss in later["lost"])


@pytest.mark.parametrize("kind", ["police", "storm"])
def test_what_is_lost_still_lies_ahead(kind: str) -> None:
    problem = generate("S", 7)
    plan = _solved(problem)

    notice = [
        datetime.fromisoformat(session["start_at"]) - datetime.fromisoformat(later["now"])
        for later in (disturb(problem, plan, seed, kind) for seed in range(40))
        for session in later["sessions"]
        if session["id"] in {loss["id"] for loss in later["lost"]}
    ]
    assert len(notice) >= 40
    assert min(notice) > timedelta(0)


def test_a_disturbance_comes_later_than_the_first_problem() -> None:
    problem = generate("S", 26)  # the first operation is as early as can be
    plan = _solved(problem)

    moments = [datetime.fromisoformat(disturb(problem, plan, seed, "nothing")["now"]) for seed in range(40)]

    assert min(moments) > datetime.fromisoformat(problem["now"])


def test_a_shortened_session_hits_its_operation_without_losing_it() -> None:
    problem = generate("S", 7)
    later = disturb(problem, _solved(problem), 3, "shortened")

    assert (len(verify(later, just_cancel(later)).hit), later["lost"]) == (1, [])


@pytest.mark.parametrize("kind", ["police", "mixed"])
def test_the_same_seed_disturbs_alike_and_leaves_the_first_problem_as_it_was(kind: str) -> None:
    problem = generate("S", 7)
    plan = _solved(problem)

    first, second, another = (disturb(problem, plan, seed, kind) for seed in (3, 3, 4))

    assert (first, problem) == (second, generate("S", 7))
    assert first != another


def test_wrong_choices_are_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"size: 'XS' is not known, choose one of S, M, L, XL"):
        generate("XS", 1)
    with pytest.raises(ValueError, match="centre: 'akc-oland' is not known"):
        generate("S", 1, "akc-oland")
    with pytest.raises(ValueError, match="kind: 'flood' is not known"):
        disturb(generate("S", 1), {"operations": []}, 1, "flood")
