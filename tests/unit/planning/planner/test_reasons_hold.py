"""Every reason that a plan gives is true, shown on small random problems by a checker that shares nothing with it."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_planning.domain.planner import Limit, ProblemError, solve

from tests.support.planning_forms import Form
from tests.support.reason_check import wrong_reasons
from tests.unit.planning.planner.small_problems import disturbances, problems

QUICK = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@QUICK
@given(problems())
def test_reasons_of_a_first_plan_hold(problem: Form) -> None:
    assert wrong_reasons(problem, solve(problem, Limit(work=60))) == []


@QUICK
@given(problems(), st.data())
def test_reasons_of_a_replan_hold(problem: Form, data: st.DataObject) -> None:
    later = data.draw(disturbances(problem, solve(problem, Limit(work=30))))
    try:
        plan = solve(later, Limit(work=60))
    except ProblemError:  # frozen operations that clash: there is no plan to explain
        return

    assert wrong_reasons(later, plan) == []
