"""What must hold of every plan, shown on small random problems and random losses."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_planning.domain.planner import Limit, ProblemError, just_cancel, plan_bytes, refill_only, solve
from samsyn_planning.domain.verifier import verify

from tests.support.planning_forms import Form
from tests.unit.planning.planner.small_problems import disturbances, problems

FEW = Limit(work=30)
QUICK = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _later(data: st.DataObject, problem: Form) -> Form:
    return data.draw(disturbances(problem, solve(problem, FEW)))


def _solved(problem: Form, **given_limits: Any) -> Form | None:
    """The plan, None where frozen operations clash so that there is none."""
    try:
        return solve(problem, FEW, **given_limits)
    except ProblemError as error:
        if error.status != 3:
            raise
        return None


@QUICK
@given(problems())
def test_the_verifier_accepts_every_first_plan(problem: Form) -> None:
    plan = solve(problem, FEW)

    assert verify(problem, plan).violations == ()


@QUICK
@given(problems(), st.data())
def test_the_verifier_accepts_every_replan(problem: Form, data: st.DataObject) -> None:
    later = _later(data, problem)

    plan = _solved(later)

    assert plan is None or verify(later, plan).violations == ()


@QUICK
@given(problems(), st.data())
def test_no_operation_is_moved_needlessly(problem: Form, data: st.DataObject) -> None:
    later = _later(data, problem)

    plan = _solved(later)

    assert plan is None or verify(later, plan).needless == ()


@QUICK
@given(problems(), st.data())
def test_a_replan_is_never_worse_than_just_cancelling(problem: Form, data: st.DataObject) -> None:
    later = _later(data, problem)

    plan = _solved(later)

    assert plan is None or plan["objective"] >= just_cancel(later)["objective"]


@QUICK
@given(problems(), st.data())
def test_the_simple_answers_are_valid_plans_too(problem: Form, data: st.DataObject) -> None:
    later = _later(data, problem)
    if _solved(later) is None:
        return

    assert [verify(later, answer(later)).violations for answer in (just_cancel, refill_only)] == [(), ()]


@QUICK
@given(problems(), st.data())
def test_the_same_problem_gives_the_same_bytes(problem: Form, data: st.DataObject) -> None:
    later = _later(data, problem)

    first, second = _solved(later, seed=7), _solved(later, seed=7)

    assert first is None or second is None or plan_bytes(first) == plan_bytes(second)


@QUICK
@given(problems(), st.data())
def test_the_order_of_lists_and_losses_does_not_matter(problem: Form, data: st.DataObject) -> None:
    later = _later(data, problem)
    lists = ("sessions", "team_sessions", "inspections", "lost", "consented")
    shuffled = later | {name: data.draw(st.permutations(later[name])) for name in lists}

    first, second = _solved(later), _solved(shuffled)

    assert first == second


@QUICK
@given(problems())
def test_publishing_a_plan_and_losing_nothing_never_makes_it_worse(problem: Form) -> None:
    plan = solve(problem, FEW)

    again = solve(problem | {"published": plan}, FEW)

    assert again["objective"] >= plan["objective"]


@QUICK
@given(problems(), st.data())
def test_no_unplanned_inspection_could_be_taken_at_a_gain(problem: Form, data: st.DataObject) -> None:
    plan = _solved(_later(data, problem)) or solve(problem, FEW)

    assert [entry for entry in plan["unplanned"] if (entry["cost_of_inclusion"] or 0) < 0] == []
