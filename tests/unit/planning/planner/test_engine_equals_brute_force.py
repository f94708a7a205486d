"""The engine, the verifier and the trial of every plan say the same of tiny problems in which every rule binds."""

from hypothesis import HealthCheck, example, given, settings
from samsyn_planning.domain.planner import Limit, ProblemError, solve
from samsyn_planning.domain.verifier import Verdict, objective_of, verify

from tests.support.brute_force import FrozenClash, Optimum, best_objective_with, optimum_of, plan_form
from tests.support.brute_force_ids import ids_of
from tests.support.brute_force_points import needless_moves, num_changed
from tests.support.brute_force_points import objective_of as tried_objective_of
from tests.support.brute_force_rules import Plan, is_feasible, is_hit, uses
from tests.support.brute_force_world import Form, opened, published_operation
from tests.support.tiny_problems import any_problem, tiny_problems

ENOUGH = Limit(work=10**8)
QUICK = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MANY, SOME = settings(QUICK, max_examples=150), settings(QUICK, max_examples=40)


def _solved(problem: Form) -> Form | None:
    """The engine's plan, None where frozen operations clash."""
    try:
        return solve(problem, ENOUGH)
    except ProblemError as error:
        if error.status != 3:
            raise
        return None


def _optimum(problem: Form) -> Optimum | None:
    """The best of all plans, None where frozen operations clash."""
    try:
        return optimum_of(problem)
    except FrozenClash:
        return None


def _held(plan: Form) -> Plan:
    return {operation["session"]: published_operation(operation).held for operation in plan["operations"]}


def _judged_optimum(problem: Form, optimum: Optimum) -> Verdict:
    """What the verifier says of the best of all plans, told with its figures and without an account."""
    operations = plan_form(opened(problem), optimum.plan)["operations"]
    told = objective_of(problem, operations)
    figures = {"objective": told.objective, "value": told.value, "disruption": told.disruption}
    proof: Form = {"bound": None, "gap": None, "proven": False, "truncated": False, "work": {}}
    account: Form = {"unplanned": [], "changes": []}
    return verify(problem, {"schema": "samsyn-plan/1", "operations": operations} | figures | proof | account)


@MANY
@example(any_problem(564))  # begun, gone as police, and its published operation is possible without them
@example(any_problem(869))  # a class of teams that brings points by itself
@given(tiny_problems)
def test_the_engine_reaches_the_optimum_and_proves_it(problem: Form) -> None:
    optimum, plan = _optimum(problem), _solved(problem)

    told = (plan["objective"], plan["proven"]) if plan else None
    assert told == ((optimum.objective, True) if optimum else None)


@SOME
@given(tiny_problems)
def test_a_bound_is_never_below_the_optimum(problem: Form) -> None:
    optimum, plan = _optimum(problem), _solved(problem)

    assert plan is None or optimum is None or plan["bound"] is None or plan["bound"] >= optimum.objective - 1e-6


@SOME
@given(tiny_problems)
def test_what_is_called_proven_is_the_optimum(problem: Form) -> None:
    optimum, plan = _optimum(problem), _solved(problem)

    assert plan is None or optimum is None or not plan["proven"] or plan["objective"] == optimum.objective


@SOME
@given(tiny_problems)
def test_the_verifier_accepts_the_engines_plan_and_finds_no_needless_move(problem: Form) -> None:
    plan = _solved(problem)

    verdict = verify(problem, plan) if plan else None
    assert verdict is None or (verdict.violations, verdict.needless) == ((), ())


@SOME
@given(tiny_problems)
def test_the_engines_plan_keeps_the_rules_as_the_brute_force_reads_them(problem: Form) -> None:
    world, plan = opened(problem), _solved(problem) or {"operations": []}
    held = _held(plan)

    asked = [set(operation["needs_consent"]) for operation in plan["operations"]]
    assert "objective" not in plan or (is_feasible(world, held) and needless_moves(world, held) == [])
    assert asked == [uses(world, session, own) for session, own in held.items()]


@SOME
@given(tiny_problems)
def test_operations_keep_and_hand_on_their_ids_as_the_brute_force_reads_it(problem: Form) -> None:
    plan = _solved(problem) or {"operations": []}

    told = {operation["session"]: operation["id"] for operation in plan["operations"]}
    assert told == ids_of(opened(problem), _held(plan))


@SOME
@given(tiny_problems)
def test_engine_verifier_and_brute_force_count_the_same_points(problem: Form) -> None:
    plan = _solved(problem)

    if plan is not None:
        told = plan["objective"], verify(problem, plan).objective
        assert told == (tried_objective_of(opened(problem), _held(plan)),) * 2


@SOME
@given(tiny_problems)
def test_the_verifier_accepts_the_best_of_all_plans_at_the_same_points(problem: Form) -> None:
    optimum = _optimum(problem)

    if optimum is not None:
        verdict = _judged_optimum(problem, optimum)
        assert [broken for broken in verdict.violations if broken.rule[0] == "H" or broken.rule == "M4"] == []
        assert verdict.objective == optimum.objective


@SOME
@given(tiny_problems)
def test_of_equal_plans_the_engine_takes_one_that_changes_fewest_operations(problem: Form) -> None:
    optimum, plan = _optimum(problem), _solved(problem)

    if optimum is not None and plan is not None and plan["objective"] == optimum.objective:
        assert num_changed(opened(problem), _held(plan)) == optimum.num_changed


@SOME
@given(tiny_problems)
def test_including_an_inspection_is_never_told_too_cheap_or_possible_where_it_is_not(problem: Form) -> None:
    plan = _solved(problem) or {"unplanned": []}
    told = {entry["inspection"]: entry["cost_of_inclusion"] for entry in plan["unplanned"]}
    costs = {inspection: cost for inspection, cost in told.items() if cost is not None}

    best = {inspection: best_objective_with(problem, inspection) for inspection in costs}
    assert [
        id_ for id_, cost in costs.items() if (found := best[id_]) is None or cost < plan["objective"] - found
    ] == []


@SOME
@given(tiny_problems)
def test_verifier_and_brute_force_call_the_same_operations_hit(problem: Form) -> None:
    world, plan = opened(problem), _solved(problem)

    assert plan is None or verify(problem, plan).hit == {own.id for own in world.published if is_hit(world, own)}
