"""Faults of the planner's engine: bounds too low, cuts that charge nobody, proofs that stop short."""

from __future__ import annotations

from tests.plant.fault import Fault

ENGINE = "services/planning/samsyn_planning/domain/planner/engine"
TESTS = "tests/unit/planning/planner"

OF_THE_ENGINE = (
    Fault(
        "tails-too-low",
        "no route brings more than its tails allow",
        f"{ENGINE}/tails.py",
        "at = (now + leg[a, b] - start) // step\n",
        "at = (now + leg[a, b] - start) // step + 1\n",
        (f"{TESTS}/test_tails.py::test_no_route_brings_more_than_the_tails_allow",),
    ),
    Fault(
        "knapsack-out-of-order",
        "the walk's knapsack takes stops by what they bring for their time among its own stops",
        f"{ENGINE}/leaf.py",
        "order = _densest(gain - in_cost, t.duration[who] + in_time)",
        "order = _densest(gain - stops.in_cost[chosen], stops.stay[chosen])",
        (
            f"{TESTS}/test_limits_of_the_engine.py"
            "::test_a_far_site_is_not_overlooked_where_its_neighbour_needs_somebody_else",
        ),
    ),
    Fault(
        "cut-spares-its-session",
        "a cut counts its session as one of the column's rows",
        f"{ENGINE}/leaf.py",
        "load = 1 if cut_session[cut] == session else 0",
        "load = 0",
        (f"{TESTS}/test_pricing_misses_no_column.py",),
    ),
    Fault(
        "proof-stops-short",
        "a plan is proven to the last point",
        f"{ENGINE}/master.py",
        '        "limits/gap = 0",\n',
        "",
        (f"{TESTS}/test_first_plans.py::test_a_plan_is_proven_to_the_last_point",),
    ),
    Fault(
        "teams-of-the-moment",
        "long routes keep the teams they were found for",
        f"{ENGINE}/touring.py",
        "assembled(schedule, session, route, teams) if route else None",
        "schedule.evaluated(session, route) if route else None",
        (f"{TESTS}/test_touring.py::test_sessions_that_want_the_same_teams_are_bettered_with_those_they_have",),
    ),
    Fault(
        "columns-not-left",
        "a solve leaves its columns to the next one",
        f"{ENGINE}/remembered.py",
        "self.columns = tuple(columns)[:MOST_COLUMNS]",
        "self.columns = ()",
        (f"{TESTS}/test_column_pool.py::test_a_solve_leaves_columns_of_all_the_sessions_it_uses",),
    ),
)
