"""A replan begins with the columns of the last solve, and comes to the same; nothing in them is believed."""

from samsyn_planning.domain.generator import disturb, generate
from samsyn_planning.domain.planner import ColumnPool, Limit, plan_bytes, solve
from samsyn_planning.domain.planner.engine.opened import Opened
from samsyn_planning.domain.planner.engine.remembered import MOST_COLUMNS, Named
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.verifier import verify

from tests.support.planning_forms import Form

SEED = 5
ENOUGH = Limit(work=4000)
# Most columns that are left hold something that is done or frozen by then.
MANY = 50


def _replanning() -> tuple[Form, ColumnPool]:
    """A centre that lost a session, and what the solve of its plan left."""
    problem, pool = generate("M", SEED), ColumnPool()
    plan = solve(problem, ENOUGH, pool=pool)
    return disturb(problem, plan, SEED), pool


def test_a_solve_leaves_columns_of_all_the_sessions_it_uses() -> None:
    problem, pool = generate("M", SEED), ColumnPool()

    plan = solve(problem, ENOUGH, pool=pool)

    used = {operation["session"] for operation in plan["operations"]}
    assert used <= {named.session for named in pool.columns}
    assert len(used) < len(pool.columns) <= MOST_COLUMNS


def test_a_replan_with_what_was_left_brings_as_much_as_one_without() -> None:
    problem, pool = _replanning()

    plan = solve(problem, ENOUGH, pool=pool)

    assert plan["objective"] >= solve(problem, ENOUGH)["objective"]
    assert verify(problem, plan).violations == ()


def test_what_can_still_be_done_is_taken_in_before_anything_is_priced() -> None:
    problem, pool = _replanning()
    facts = Facts(read_problem(problem))
    sessions = [at for at in range(len(facts.sessions)) if not facts.is_closed(at)]
    opened = Opened(Schedule(facts), Drawer(facts), sessions, Budget(ENOUGH, lambda: 0.0))
    num_before = len(opened.generation.pool.columns)

    opened.recall(pool)

    assert len(opened.generation.pool.columns) - num_before > MANY


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
            Named(session, (inspection, inspection), ()),
            Named(session, (), ()),
        )
    )

    plan = solve(problem, ENOUGH, pool=pool)

    assert plan["objective"] == solve(problem, ENOUGH)["objective"]
    assert verify(problem, plan).violations == ()
