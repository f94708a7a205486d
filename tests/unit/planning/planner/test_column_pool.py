"""A replan begins with the columns of the last solve, and comes to the same; nothing in them is believed."""

from samsyn_planning.domain.generator import disturb, generate
from samsyn_planning.domain.planner import ColumnPool, Limit, plan_bytes, solve
from samsyn_planning.domain.planner.engine.remembered import MOST_COLUMNS, Named
from samsyn_planning.domain.verifier import verify

from tests.support.planning_forms import Form

SEED = 5
ENOUGH = Limit(work=4000)


def _replanning() -> tuple[Form, ColumnPool]:
    """A centre that lost a session, and what the solve of its plan left."""
    problem, pool = generate("M", SEED), ColumnPool()
    plan = solve(problem, ENOUGH, pool=pool)
    return disturb(problem, plan, SEED), pool


def test_a_solve_leaves_the_columns_of_its_plan_first() -> None:
    problem, pool = generate("M", SEED), ColumnPool()

    plan = solve(problem, ENOUGH, pool=pool)

    used = {operation["session"] for operation in plan["operations"]}
    assert {named.session for named in pool.columns[: len(used)]} == used
    assert len(used) < len(pool.columns) <= MOST_COLUMNS


def test_a_replan_with_what_was_left_brings_as_much_as_one_without() -> None:
    problem, pool = _replanning()

    plan = solve(problem, ENOUGH, pool=pool)

    assert plan["objective"] >= solve(problem, ENOUGH)["objective"]
    assert verify(problem, plan).violations == ()


def test_what_was_left_takes_the_linear_master_further_for_its_work() -> None:
    problem, pool = _replanning()
    with_pool, without = solve(problem, ENOUGH, pool=pool), solve(problem, ENOUGH)

    assert with_pool["bound"] <= without["bound"]
    assert with_pool["work"]["steps"] < without["work"]["steps"]


def test_the_same_problem_work_and_pool_have_the_same_bytes() -> None:
    problem, pool = _replanning()
    again = ColumnPool(pool.columns)

    assert plan_bytes(solve(problem, ENOUGH, pool=pool)) == plan_bytes(solve(problem, ENOUGH, pool=again))


def test_columns_of_things_that_are_gone_or_forbidden_are_passed_over() -> None:
    problem, _ = _replanning()
    session, inspection = problem["sessions"][0]["id"], problem["inspections"][0]["id"]
    everything = tuple(own["id"] for own in problem["inspections"])
    pool = ColumnPool(
        (
            Named("no-such-session", (inspection,), ()),
            Named(session, ("no-such-inspection",), ()),
            Named(session, (inspection,), ("no-such-team",)),
            Named(session, everything, ()),
        )
    )

    plan = solve(problem, ENOUGH, pool=pool)

    assert plan["objective"] == solve(problem, ENOUGH)["objective"]
    assert verify(problem, plan).violations == ()
