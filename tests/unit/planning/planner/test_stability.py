"""What keeping published things costs in value is told, in both languages."""

import pytest
from samsyn_planning.domain.planner import solve
from samsyn_planning.domain.planner.stability import stability_price
from samsyn_planning.domain.planner.words import points

from tests.support.planning_forms import Form, a_plan, a_problem, a_session, an_inspection, an_operation


def _published(value: int = 90) -> Form:
    """One place in the session, where the less valuable inspection is published; a swap disturbs by 140 points."""
    inspections = [an_inspection("i1", value=90), an_inspection("i2", value=value)]
    problem = a_problem([a_session(max_inspections=1)], None, inspections)
    return problem | {"published": a_plan([an_operation()])}


def test_what_is_published_stays_and_its_price_is_told() -> None:
    problem = _published(value=95)

    plan = solve(problem)

    price = stability_price(problem, plan)
    assert (plan["disruption"], price.value_given_up) == (0, 50)
    assert "50 poäng" in price.said.sv
    assert "50 points" in price.said.en


def test_where_nothing_better_is_found_stability_has_cost_nothing() -> None:
    problem = _published(value=80)

    assert stability_price(problem, solve(problem)).value_given_up == 0


def test_the_price_is_never_negative() -> None:
    problem = _published()

    assert stability_price(problem, solve(problem) | {"value": 10**6}).value_given_up == 0


def test_the_problem_itself_is_left_as_it_is() -> None:
    problem = _published() | {"weights": {"disruption": {"removed": 7}}}

    stability_price(problem, solve(problem))

    assert problem["weights"] == {"disruption": {"removed": 7}}


def test_a_bound_tells_the_most_that_it_can_be() -> None:
    problem = _published(value=95)

    price = stability_price(problem, solve(problem))

    assert price.at_most is None or price.at_most >= price.value_given_up


@pytest.mark.parametrize(
    ("number", "sv", "en"),
    [
        (1, "1 poäng", "1 point"),
        (999, "999 poäng", "999 points"),
        (12300, "12\u202f300 poäng", "12,300 points"),
        (-4500, "-4\u202f500 poäng", "-4,500 points"),
    ],
)
def test_points_are_written_as_each_language_writes_them(number: int, sv: str, en: str) -> None:
    assert points(number) == (sv, en)
