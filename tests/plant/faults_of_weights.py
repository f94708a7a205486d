"""Faults of what is weighed beside value: areas avoided, a risk wrongly trained, an unfair account."""

from __future__ import annotations

from tests.plant.fault import Fault

RISK = "services/planning/samsyn_planning/domain/cancellation_risk.py"
SHRINKAGE = "services/planning/samsyn_planning/domain/shrinkage.py"
FAIRNESS = "services/planning/samsyn_planning/domain/fairness.py"
WEIGHTS = "services/planning/samsyn_planning/domain/soft_weights.py"
SNAPSHOTS = "services/planning/samsyn_planning/snapshots.py"
TEST_RISK = "tests/unit/planning/service/test_cancellation_risk.py"
TEST_FAIRNESS = "tests/unit/planning/service/test_fairness.py"
TEST_READ = "tests/integration/planning/test_planning_weighed.py"

OF_WEIGHTS = (
    Fault(
        "areas-compared-with-each-other",
        "risk compares sessions within one area only, so that no area is avoided",
        RISK,
        "return {own_id: permille - least[area] for own_id, area, permille in offered}",
        "return {own_id: permille - min(least.values()) for own_id, area, permille in offered}",
        (
            f"{TEST_RISK}::test_the_calmest_session_of_each_area_costs_nothing_however_much_happens_there",
            f"{TEST_RISK}::test_sessions_of_other_areas_change_nothing",
        ),
    ),
    Fault(
        "risk-weighed-unasked",
        "both weights are off unless asked for, and the problem is then what it was",
        WEIGHTS,
        "    if policy.risk:\n",
        "    if True:\n",
        (f"{TEST_RISK}::test_where_nothing_is_weighed_the_problem_is_what_it_is_without_weights_to_the_byte",),
    ),
    Fault(
        "lost-session-not-compared",
        "a loss changes what no other session costs",
        WEIGHTS,
        "is_there = capacity.is_police and capacity.gone_by is None and",
        "is_there = capacity.is_police and not capacity.is_lost and",
        (f"{TEST_RISK}::test_a_loss_changes_what_no_other_session_costs",),
    ),
    Fault(
        "small-hours-of-the-next-day",
        "the small hours belong to the day before",
        RISK,
        "moved = start_at.astimezone(STOCKHOLM) - FIRST_SHIFT_BEGINS",
        "moved = start_at.astimezone(STOCKHOLM)",
        (f"{TEST_RISK}::test_a_session_belongs_to_the_shift_it_starts_in_and_the_small_hours_to_the_day_before",),
    ),
    Fault(
        "cells-not-shrunk",
        "cells that differ by chance alone are drawn to their area",
        SHRINKAGE,
        "    return max(STRENGTHS, key=",
        "    return min(STRENGTHS, key=",
        (f"{TEST_RISK}::test_cells_that_differ_no_more_than_chance_does_are_drawn_to_their_area",),
    ),
    Fault(
        "table-of-another-training",
        "the table that ships is the one that the command writes",
        SHRINKAGE,
        "(one.num_lost + 0.5) / (one.num_sessions + 1)",
        "(overall * one.num_sessions) / one.num_sessions",
        (
            f"{TEST_RISK}::test_the_table_that_ships_is_the_one_that_the_command_writes",
            f"{TEST_RISK}::test_a_cell_where_nothing_was_seen_has_its_areas_rate_in_the_shape_of_the_whole",
        ),
    ),
    Fault(
        "planned-counts-as-met",
        "a plan that weighed itself would swing from one replan to the next",
        FAIRNESS,
        '        if operation.status == "confirmed"\n',
        "        if operation.is_planned\n",
        (
            f"{TEST_FAIRNESS}::test_interest_in_an_operation_is_met_when_it_is_confirmed_and_not_while_it_is_only_planned",
        ),
    ),
    Fault(
        "absent-party-served",
        "interest is met by taking part, not by having been asked",
        FAIRNESS,
        ' if part.status == "accepted")',
        ")",
        (f"{TEST_FAIRNESS}::test_who_did_not_come_has_not_had_its_interest_met",),
    ),
    Fault(
        "fairness-without-cap",
        "points of fairness stay within the policy's cap",
        FAIRNESS,
        "return max(Fraction(-1), (mean - share) / mean)",
        "return 2 * (mean - share) / mean",
        (f"{TEST_FAIRNESS}::test_no_points_are_beyond_the_cap_and_the_better_served_never_weighs_more",),
    ),
    Fault(
        "disturbance-long-past",
        "what happened more than twelve hours ago takes no police",
        RISK,
        "is_in_time = start.start_at - REACH_BEFORE_START <= disturbance.at < start.start_at",
        "is_in_time = disturbance.at < start.start_at",
        (f"{TEST_RISK}::test_a_disturbance_within_40_km_and_12_hours_before_the_start_takes_its_part",),
    ),
    Fault(
        "disturbances-not-weighed",
        "what has happened of late lifts the risk of the sessions that it reaches",
        WEIGHTS,
        "above_the_least(starts, live_ones(snapshot.disturbances, snapshot.centre.now_at))",
        "above_the_least(starts)",
        (f"{TEST_RISK}::test_what_has_happened_of_late_is_weighed_against_the_sessions_that_it_reaches",),
    ),
    Fault(
        "last-years-account",
        "fairness is over the calendar year",
        SNAPSHOTS,
        "col(OperationRow.end_at) >= since)",
        "col(OperationRow.end_at) <= since)",
        (
            f"{TEST_READ}::test_an_inspection_done_this_year_counts_for_those_who_took_part",
            f"{TEST_READ}::test_a_new_year_begins_with_nothing_done",
        ),
    ),
)
