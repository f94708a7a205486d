"""Published TOPTW instances mean the same as planning problems: their scores, windows, rounding and routes."""

from datetime import datetime, timedelta

import pytest
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.verifier import objective_of, verify

from tests.support.planning_forms import Form, a_plan, an_operation
from tests.support.toptw import Customer, best_known, customers_of, distance, toptw_problem

INSTANCES = sorted({best.instance for best in best_known()})
# A route of pr01 worth 275, as published beside the best known scores (result/toptw/VNS of the same repository).
ROUTE_OF_PR01 = (9, 24, 30, 47, 37, 45, 11, 10, 32, 21, 43, 35, 44, 31, 7, 34, 22)


def _visits(problem: Form, route: tuple[int, ...]) -> list[Form]:
    """The route's visits as early as can be."""
    listed = {inspection["id"]: inspection for inspection in problem["inspections"]}
    rows = dict(zip(problem["travel"]["places"], problem["travel"]["seconds"], strict=True))
    column = {place: number for number, place in enumerate(problem["travel"]["places"])}
    at, place, visits = datetime.fromisoformat(problem["sessions"][0]["start_at"]), "depot", []
    for number in route:
        inspection = listed[f"kund-{number:03}"]
        arrival = at + timedelta(seconds=rows[place][column[inspection["place"]]])
        start = max(arrival, datetime.fromisoformat(inspection["time_windows"][0][0]))
        at, place = start + timedelta(seconds=inspection["duration_seconds"]), inspection["place"]
        visits.append({"id": inspection["id"], "start_at": start.isoformat(), "end_at": at.isoformat()})
    return visits


def _starting(problem: Form, number: int, seconds_after_closing: int) -> Form:
    """The one visit, started so long after the published closing time."""
    inspection = problem["inspections"][number - 1]
    end = datetime.fromisoformat(inspection["time_windows"][0][1]) + timedelta(seconds=seconds_after_closing)
    start = end - timedelta(seconds=inspection["duration_seconds"])
    return {"id": inspection["id"], "start_at": start.isoformat(), "end_at": end.isoformat()}


def _rules_broken(problem: Form, visits: list[Form]) -> set[str]:
    operation = an_operation("pass-1", visits, ["lag-1"])
    return {v.rule for v in verify(problem, a_plan([operation])).violations if v.rule.startswith("H")}


def test_a_published_route_is_valid_and_worth_its_published_score() -> None:
    problem = toptw_problem("pr01", 1)
    visits = _visits(problem, ROUTE_OF_PR01)

    worth = objective_of(problem, [an_operation("pass-1", visits, ["lag-1"])])

    assert (_rules_broken(problem, visits), worth.objective) == (set(), 275)


def test_service_may_start_at_closing_time_and_no_second_later() -> None:
    problem = toptw_problem("r101", 1)

    at_closing, later = (_rules_broken(problem, [_starting(problem, 2, seconds)]) for seconds in (0, 1))

    assert (at_closing, later) == (set(), {"H2"})


@pytest.mark.parametrize(
    ("instance", "units"),
    [("r101", 14), ("pr01", 141)],
)
def test_distances_are_rounded_down_to_the_authors_decimal(instance: str, units: int) -> None:
    here, diagonal = Customer(0, 0, 0, 0, 0, 0), Customer(1000, 1000, 0, 0, 0, 0)

    assert distance(instance, here, diagonal) == units


@pytest.mark.parametrize(
    ("family", "total"),
    [("c", 1810), ("r1", 1458), ("r2", 1458), ("rc", 1724), ("pr01", 657)],
)
def test_the_scores_add_up_to_what_is_told_of_them(family: str, total: int) -> None:
    totals = {sum(c.score for c in customers_of(name)) for name in INSTANCES if name.startswith(family)}

    assert totals == {total}


@pytest.mark.parametrize("instance", INSTANCES)
def test_no_best_known_score_is_above_what_there_is(instance: str) -> None:
    available = sum(customer.score for customer in customers_of(instance))

    assert max(best.score for best in best_known() if best.instance == instance) <= available


@pytest.mark.parametrize("instance", ["r101", "pr01"])
def test_a_plan_of_a_published_instance_is_accepted_and_not_above_the_best_known(instance: str) -> None:
    best = next(best for best in best_known() if (best.instance, best.num_routes) == (instance, 1))
    problem = toptw_problem(instance, 1)

    plan = solve(problem, Limit(work=20))

    assert verify(problem, plan).violations == ()
    assert 0 < plan["objective"] <= best.score
