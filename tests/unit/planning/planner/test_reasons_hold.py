"""Every reason that a plan gives is true, shown on small random problems by checkers that share nothing with it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_planning.domain.planner import Limit, ProblemError, solve

from tests.support.change_check import wrong_changes
from tests.support.planning_forms import Form, a_problem, a_session, an_inspection, at
from tests.support.reason_check import wrong_reasons
from tests.unit.planning.planner.small_problems import disturbances, problems

QUICK = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
FEW, MORE = Limit(work=30), Limit(work=60)
MUCH = 1_000_000


def _later(data: st.DataObject, problem: Form) -> tuple[Form, Form | None]:
    """A problem of losses with its plan, None where frozen operations clash so that there is none."""
    later = data.draw(disturbances(problem, solve(problem, FEW)))
    try:
        return later, solve(later, MORE)
    except ProblemError as error:
        if error.status != 3:
            raise
        return later, None


@QUICK
@given(problems())
def test_reasons_of_a_first_plan_hold(problem: Form) -> None:
    assert wrong_reasons(problem, solve(problem, MORE)) == []


@QUICK
@given(problems(), st.data())
def test_reasons_of_a_replan_hold(problem: Form, data: st.DataObject) -> None:
    later, plan = _later(data, problem)

    assert plan is None or wrong_reasons(later, plan) == []


@QUICK
@given(problems(), st.data())
def test_reasons_of_changes_hold(problem: Form, data: st.DataObject) -> None:
    later, plan = _later(data, problem)

    assert plan is None or wrong_changes(later, plan) == []


@QUICK
@given(problems(), st.data())
def test_what_could_be_taken_costs_no_more_than_is_said(problem: Form, data: st.DataObject) -> None:
    later, plan = _later(data, problem)

    for entry in plan["unplanned"] if plan else ():
        if plan is not None and entry["cost_of_inclusion"] is not None:
            assert plan["objective"] - _forced(later, entry["inspection"]) <= entry["cost_of_inclusion"]


def _forced(problem: Form, inspection: str) -> int:
    """The objective of a plan that has the inspection in it, because there it would bring more than all else."""
    row = {"tag": "forced", "from": at(1), "to": at(31), "points": MUCH}
    weights = problem.get("weights", {})
    tagged = [
        one | {"tags": [*one["tags"], "forced"]} if one["id"] == inspection else one for one in problem["inspections"]
    ]
    plan = solve(
        problem | {"inspections": tagged, "weights": weights | {"theme": [*weights.get("theme", []), row]}}, MORE
    )
    return int(plan["objective"]) - MUCH


@pytest.mark.parametrize(("said", "wrong"), [("1 pass nås", "2 pass nås"), ("; 1 faller", "; 2 faller"), ("H5", "H6")])
def test_the_checker_sees_a_reason_that_does_not_hold(said: str, wrong: str) -> None:
    problem = a_problem([a_session(officers=1)], None, [an_inspection()])
    plan = solve(problem)
    for reason in plan["unplanned"][0]["reasons"]:
        reason.update({key: reason[key].replace(said, wrong) for key in ("code", "sv", "en")})

    assert wrong_reasons(problem, plan) != []
