"""The risk that the police cancel: trained by the demo's rule, compared within one area, and off unless asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import samsyn_demo.disturbances as demo
from samsyn_contracts.operations import OperationScheduled
from samsyn_demo.places import municipalities
from samsyn_demo.records import PolicePass, World
from samsyn_planning.domain import cancellation_risk
from samsyn_planning.domain.announcements import Publication, Replan
from samsyn_planning.domain.cancellation_risk import (
    Start,
    above_the_least,
    area_at,
    areas,
    cell_of,
    lifted,
    risk_permille,
)
from samsyn_planning.domain.facts import Disturbance, Question
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.policy import DEFAULT, Policy
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.publication import publish
from samsyn_planning.domain.shrinkage import Cell, Counts, fit
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.soft_weights import weighed
from samsyn_planning.domain.verifier import verify

from tests.bench.risk.__main__ import ALL, shipped
from tests.bench.risk.losses import Days, start_of, taken
from tests.bench.risk.table import MODEL_PATH, PATH, model_of, table_of
from tests.support.planned_centre import ANY, GIVEN, a_day_of_work, without
from tests.support.planning_facts import (
    AV,
    LAT,
    LON,
    NOW,
    SKV,
    a_disturbance,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    at,
)

GOTEBORG, STOCKHOLM, KIRUNA = (LAT, LON), (59.33, 18.07), (67.86, 20.23)
WEIGHING = DEFAULT.model_copy(update={"risk": 100})
MON, SUN, DAY, EVENING, NIGHT = 0, 6, 0, 1, 2


def starting(where: tuple[float, float], at_: datetime) -> Start:
    return Start(*where, at_)


def permille_of(problem: Mapping[str, Any]) -> dict[str, int]:
    return {row["id"]: row["cancel_permille"] for row in problem["sessions"] if "cancel_permille" in row}


def a_busy_centre() -> Snapshot:
    """Two days' sessions with teams, an operation's worth of sites, and one session lost."""
    return without(a_day_of_work(days=(13, 14, 15), num_inspections=4), "polisen:P14")


# The shift


@pytest.mark.parametrize(
    ("starts", "cell"),
    [
        (at(12, 5, 59), (SUN, NIGHT)),
        (at(12, 6), (MON, DAY)),
        (at(12, 13, 59), (MON, DAY)),
        (at(12, 14), (MON, EVENING)),
        (at(12, 22), (MON, NIGHT)),
        (at(13, 0, 30), (MON, NIGHT)),
    ],
)
def test_a_session_belongs_to_the_shift_it_starts_in_and_the_small_hours_to_the_day_before(
    starts: datetime, cell: Cell
) -> None:
    assert cell_of(starts) == cell


# What is compared


def test_a_place_belongs_to_the_nearest_municipality() -> None:
    assert area_at(*GOTEBORG).code == "1480"
    assert area_at(*STOCKHOLM).code == "0180"


def test_the_calmest_session_of_each_area_costs_nothing_however_much_happens_there() -> None:
    offered = {
        "a": starting(STOCKHOLM, at(12, 8)),
        "b": starting(STOCKHOLM, at(12, 22)),
        "c": starting(KIRUNA, at(12, 8)),
    }

    above = above_the_least(offered.items())

    assert risk_permille(offered["a"]) > 20 * risk_permille(offered["c"])
    assert (above["a"], above["c"]) == (0, 0)
    assert above["b"] == risk_permille(offered["b"]) - risk_permille(offered["a"]) > 0


def test_sessions_of_other_areas_change_nothing() -> None:
    own = {"a": starting(GOTEBORG, at(12, 8)), "b": starting(GOTEBORG, at(14, 15))}

    beside_others = above_the_least([*own.items(), ("c", starting(KIRUNA, at(13, 8)))])

    assert {own_id: beside_others[own_id] for own_id in own} == above_the_least(own.items())


# Live disturbances


@pytest.mark.parametrize(
    ("disturbances", "expected"),
    [
        ((), 200),
        ((a_disturbance("heavy", "1480", at(13, 3)),), 1000),
        ((a_disturbance("serious", "1480", at(13, 3)),), 440),
        ((a_disturbance("serious", "1480", at(13, 3)), a_disturbance("serious", "1402", at(12, 20))), 608),
        ((a_disturbance("other", "1480", at(13, 3)),), 200),
        ((a_disturbance("heavy", "1480", at(12, 19, 59)),), 200),
        ((a_disturbance("heavy", "1480", at(13, 8)),), 200),
        ((a_disturbance("heavy", "0180", at(13, 3)),), 200),
        ((a_disturbance("heavy", None, at(13, 3)),), 200),
        ((a_disturbance("heavy", "9999", at(13, 3)),), 200),
    ],
)
def test_a_disturbance_within_40_km_and_12_hours_before_the_start_takes_its_part(
    disturbances: tuple[Disturbance, ...], expected: int
) -> None:
    assert lifted(200, starting(GOTEBORG, at(13, 8)), disturbances) == expected


def test_what_has_happened_of_late_is_weighed_against_the_sessions_that_it_reaches() -> None:
    sessions = [a_session("polisen:P13", 13), a_session("polisen:P14", 14), a_session("polisen:K", 13, base=K)]
    told = a_disturbance("serious", "1480", at(13, 3))

    calm, after = (permille_of(problem_of(a_snapshot(*sessions, *some), GIVEN, WEIGHING)) for some in ((), (told,)))

    risk = {day: risk_permille(starting(GOTEBORG, at(day, 8))) for day in (13, 14)}
    lifted_to = 1000 - (1000 - risk[13]) * 700 // 1000
    assert (calm["polisen:P13"], calm["polisen:P14"]) == (risk[13] - min(risk.values()), risk[14] - min(risk.values()))
    assert (after["polisen:P13"], after["polisen:P14"], after["polisen:K"]) == (lifted_to - risk[14], 0, 0)


@pytest.mark.parametrize("over", [{"ended_at": NOW}, {"expected_end_at": NOW}])
def test_what_is_over_or_was_expected_to_be_is_weighed_no_more(over: dict[str, datetime]) -> None:
    sessions = [a_session("polisen:P13", 13), a_session("polisen:P14", 14)]
    told = a_disturbance("serious", "1480", at(13, 3))
    later = {name: at_ + timedelta(minutes=5) for name, at_ in over.items()}

    calm, live, after = (
        permille_of(problem_of(a_snapshot(*sessions, *some), GIVEN, WEIGHING))
        for some in ((), (told.model_copy(update=later),), (told.model_copy(update=over),))
    )

    assert live["polisen:P13"] > calm["polisen:P13"]
    assert after == calm


def test_what_a_disturbance_takes_is_what_it_takes_in_the_demo() -> None:
    assert cancellation_risk.REACH_KM == demo.REACH_KM
    assert cancellation_risk.REACH_BEFORE_START == demo.REACH_BEFORE_START
    assert cancellation_risk.TAKES_PERMILLE["heavy"] == 1000
    assert cancellation_risk.TAKES_PERMILLE["serious"] == round(1000 * demo.DEFAULT_P_B)


# Training


def a_pass(code: str, day: date, shift: int) -> PolicePass:
    place, start_at = municipalities()[code], start_of(day, shift)
    own: dict[str, Any] = {"pass_id": f"{code}/{day}/{shift}", "municipality": code, "lat": place.lat, "lon": place.lon}
    own |= {"experience_band": "1-3", "consent": "standing", "max_travel_minutes": 45, "max_inspections": 5}
    return PolicePass(start_at=start_at, end_at=start_at + timedelta(hours=6), officers=4, **own)


def test_sessions_are_lost_in_training_as_they_are_in_the_demo() -> None:
    disturbances, _ = demo.read_disturbances()
    days = Days(date(2025, 3, 1), date(2025, 4, 30))  # summer time begins in between
    own = ("0180", "1480", "2480")
    passes = tuple(sorted((a_pass(c, d, s) for c in own for d in days for s in range(3)), key=lambda p: p.start_at))
    world = World("akc-vast", 1, passes[0].start_at, passes[-1].end_at, passes, (), ())

    lost = {(c, d, s) for c, d, s in taken(disturbances, 0.3, 1) if c in own and days.first <= d <= days.last}

    assert {f"{code}/{day}/{shift}" for code, day, shift in lost} == {
        loss.pass_id for loss in demo.losses(world, disturbances, 0.3, 1)
    }
    assert lost


def cells(**lost: tuple[int, int]) -> dict[str, dict[Cell, Counts]]:
    """Areas with their losses by day and evening of a Monday, of a hundred sessions each."""
    return {
        area: {(MON, DAY): Counts(day, 100), (MON, EVENING): Counts(evening, 100)}
        for area, (day, evening) in lost.items()
    }


def test_an_area_where_little_was_seen_is_held_to_be_as_the_whole() -> None:
    counts = cells(a=(5, 5), b=(30, 30), c=(10, 10), d=(20, 20))
    counts["new"] = {(MON, DAY): Counts(1, 1), (MON, EVENING): Counts(0, 0)}

    rates = fit(counts)

    assert abs(rates.by_area["new"] - rates.overall) < 0.1
    assert abs(rates.by_area["b"] - 0.3) < 0.02


def test_a_cell_where_nothing_was_seen_has_its_areas_rate_in_the_shape_of_the_whole() -> None:
    counts = cells(a=(10, 20), b=(10, 20), c=(20, 40))
    counts["d"] = {(MON, DAY): Counts(10, 100), (MON, EVENING): Counts(0, 0)}

    rates = fit(counts)

    assert rates.by_cell["d"][MON, EVENING] > 1.3 * rates.by_area["d"]


def test_cells_that_differ_no_more_than_chance_does_are_drawn_to_their_area() -> None:
    alike = fit(cells(a=(10, 11), b=(20, 19), c=(31, 30), d=(40, 41)))
    unlike = fit(cells(a=(10, 40), b=(40, 10), c=(5, 50), d=(50, 5)))

    assert alike.cell_strength > 100 * unlike.cell_strength
    assert abs(unlike.by_cell["c"][MON, EVENING] - 0.5) < 0.05


@pytest.mark.parametrize("lost", [0, 100])
def test_data_without_any_loss_or_with_nothing_else_train_nothing(lost: int) -> None:
    with pytest.raises(ValueError, match="give data with some of each"):
        fit(cells(a=(lost, lost)))


def test_the_table_that_ships_is_the_one_that_the_command_writes() -> None:
    assert PATH.read_text("utf-8") == table_of(shipped())
    assert MODEL_PATH.read_text("utf-8") == model_of(shipped(), ALL)


def test_every_municipality_has_a_risk_for_each_weekday_and_shift() -> None:
    assert len(areas()) == 290
    assert all(len(area.permille) == 21 and all(0 <= one <= 1000 for one in area.permille) for area in areas().values())


# In the problem


@pytest.mark.parametrize("question", [ANY, GIVEN])
def test_where_nothing_is_weighed_the_problem_is_what_it_is_without_weights_to_the_byte(question: Question) -> None:
    snapshot = a_busy_centre()
    problem = problem_of(snapshot, question, DEFAULT)
    text = json.dumps(problem, sort_keys=True)

    assert weighed(problem, snapshot, DEFAULT) is problem
    assert not [word for word in ("weights", "cancel_permille", "fairness") if word in text]
    assert (DEFAULT.risk, DEFAULT.fairness_cap) == (0, 0)


def test_what_is_weighed_changes_nothing_else_of_the_problem() -> None:
    before, after = (problem_of(a_busy_centre(), GIVEN, policy) for policy in (DEFAULT, WEIGHING))

    told = [{key: value for key, value in row.items() if key != "cancel_permille"} for row in after["sessions"]]
    assert {**after, "sessions": told} == {**before, "weights": {"risk": 100}}


def test_weighed_sessions_tell_how_far_above_the_calmest_of_their_area_they_are() -> None:
    snapshot = a_snapshot(*(a_session(f"polisen:P{day}", day) for day in (12, 13, 14)), a_session("polisen:K", base=K))

    problem = problem_of(snapshot, ANY, WEIGHING)

    told = permille_of(problem)
    risks = {day: risk_permille(starting(GOTEBORG, at(day, 8))) for day in (12, 13, 14)}
    assert told == {
        **{f"polisen:P{day}": risks[day] - min(risks.values()) for day in risks},
        "polisen:K": 0,
    }
    assert max(told.values()) > 0
    assert problem["weights"] == {"risk": 100}


K = {"lat": KIRUNA[0], "lon": KIRUNA[1]}


def test_a_loss_changes_what_no_other_session_costs() -> None:
    whole = a_day_of_work(days=(12, 13, 14))
    calmest = min(
        permille_of(problem_of(whole, ANY, WEIGHING)), key=permille_of(problem_of(whole, ANY, WEIGHING)).__getitem__
    )

    before, after = (problem_of(s, GIVEN, WEIGHING) for s in (whole, without(whole, calmest)))

    assert permille_of(after) == {i: p for i, p in permille_of(before).items() if i != calmest}


def test_of_two_sessions_alike_the_calmer_is_used_and_planner_and_verifier_count_alike() -> None:
    risks = {day: risk_permille(starting(GOTEBORG, at(day, 8))) for day in (12, 13, 14, 15, 16)}
    worst, best = max(risks, key=risks.__getitem__), min(risks, key=risks.__getitem__)
    snapshot = a_day_of_work(days=(worst, best))

    problem = problem_of(snapshot, ANY, WEIGHING)
    plan = solve(problem, Limit(seconds=None, work=None))

    assert [o["session"] for o in plan["operations"]] == [f"polisen:P{best}"]
    assert verify(problem, plan).violations == ()
    assert verify(problem, plan).objective == plan["objective"]


# Explained


def published(snapshot: Snapshot, policy: Policy) -> Publication:
    problem = problem_of(snapshot, ANY, policy)
    plan = solve(problem, Limit(seconds=None, work=None))
    own: dict[str, Any] = {"id": "replan:akc-vast:1", "scope": "period", "causes": (), "version": 1, "now_at": NOW}
    return publish(Replan(**own, problem=problem, plan=plan), snapshot, (), policy)


def reasons_of(publication: Publication) -> list[tuple[str, str, str]]:
    (told,) = [m for m in publication.messages if isinstance(m, OperationScheduled)]
    return [(reason.code, reason.sv, reason.en) for reason in told.reasons]


def test_an_operation_tells_what_risk_was_weighed_in_swedish_and_english() -> None:
    worst = max((12, 13, 14, 15, 16), key=lambda day: risk_permille(starting(GOTEBORG, at(day, 8))))
    best = min((12, 13, 14, 15, 16), key=lambda day: risk_permille(starting(GOTEBORG, at(day, 8))))
    teams = (a_team(f"{AV}:T1", worst), a_team(f"{SKV}:T1", worst))
    forced = a_snapshot(a_session("polisen:P1", worst), a_session("polisen:P2", best), *teams, a_wanted())

    (risk,) = [told for told in reasons_of(published(forced, WEIGHING)) if told[0] == "RISK"]

    above = risk_permille(starting(GOTEBORG, at(worst, 8))) - risk_permille(starting(GOTEBORG, at(best, 8)))
    assert f"{above / 10:.1f}".replace(".", ",") + " procentenheter" in risk[1]
    assert f"{above / 10:.1f} percentage points" in risk[2]


def test_an_operation_on_the_calmest_session_says_so() -> None:
    assert reasons_of(published(a_day_of_work(days=(13,)), WEIGHING))[1:] == [
        (
            "RISK",
            "Inget pass som erbjuds från samma ort har lägre risk att ställas in.",
            "No session offered from the same town has a lower risk of being cancelled.",
        )
    ]


def test_where_nothing_is_weighed_nothing_is_told_of_it() -> None:
    assert [code for code, _, _ in reasons_of(published(a_day_of_work(days=(13,)), DEFAULT))] == ["NEW"]
