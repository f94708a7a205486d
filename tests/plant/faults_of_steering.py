"""Faults of what a centre steers by itself: pins that do not hold, a wheel told twice or wrongly."""

from __future__ import annotations

from tests.plant.fault import Fault

PINS = "services/planning/samsyn_planning/domain/pins.py"
LETTING_GO = "services/planning/samsyn_planning/domain/letting_go.py"
PROBLEM = "services/planning/samsyn_planning/domain/problem.py"
REPLANNING = "services/planning/samsyn_planning/replanning.py"
ANNOUNCEMENTS = "services/planning/samsyn_planning/domain/announcements.py"
WHEEL = "services/planning/samsyn_planning/domain/wheel.py"
VALID = "services/planning/samsyn_planning/domain/valid_until.py"
PERIODS = "contracts/samsyn_contracts/periods.py"
DAYS = "contracts/samsyn_contracts/message.py"
RULES = "services/exchange/samsyn_exchange/disclosure_rules.json"
TEST_PINS = "tests/unit/planning/service/test_planning_pins.py"
TEST_LETTING_GO = "tests/unit/planning/service/test_planning_letting_go.py"
TEST_LETTING_GO_AT_WORK = "tests/integration/planning/test_planning_letting_go.py"
TEST_WHEEL = "tests/unit/planning/service/test_planning_wheel.py"
TEST_PERIODS = "tests/contract/test_annual_wheel.py"
TEST_TOLD = "tests/unit/exchange/test_exchange_disclosure.py"
SIMULATION = ("tests/simulation/test_simulation.py::test_every_promise_holds_and_in_the_end_everything_has_its_effect",)

OF_STEERING = (
    Fault(
        "pin-forgotten",
        "P8: what a centre has pinned is not moved",
        PINS,
        'return {"pinned": pinned} if pinned else {}',
        "return {}",
        (f"{TEST_PINS}::TestReplans::test_a_loss_elsewhere_does_not_move_it",),
    ),
    Fault(
        "pin-of-an-operation-that-was",
        "a pin ends with its operation, though the id is given again",
        PINS,
        "return pin.is_pinned and pin.code_name == operation.code_name",
        "return pin.is_pinned",
        (f"{TEST_PINS}::TestTheProblem::test_a_pin_let_go_or_of_an_operation_that_was_is_not_told",),
    ),
    Fault(
        "pin-without-an-occasion",
        "only what stands on a session is pinned to it",
        PINS,
        "if operation.is_planned and operation.id in by_id]",
        "if operation.id in by_id]",
        (f"{TEST_PINS}::TestTheProblem::test_an_operation_that_waits_is_pinned_only_where_it_stands_again",),
    ),
    Fault(
        "pin-of-what-is-over",
        "what is over is refused with its reason",
        PINS,
        "    if is_over(operation, centre):\n",
        "    if False:\n",
        (f"{TEST_PINS}::TestWhatIsPinned::test_an_operation_that_is_over_is_refused",),
    ),
    Fault(
        "pin-of-another-centre",
        "a centre pins its own operations alone",
        PINS,
        "if operation is None or operation.centre != envelope.centre:",
        "if operation is None:",
        (f"{TEST_PINS}::TestWhatIsPinned::test_an_operation_of_another_centre_is_refused",),
    ),
    Fault(
        "pin-changes-no-facts",
        "a solve under way is thrown away when something is pinned",
        PINS,
        'changed = "period" if pin.is_pinned != was_pinned else None',
        "changed = None if was_pinned else None",
        (f"{TEST_PINS}::TestWhatIsPinned::test_an_operation_of_the_centre_is_pinned_and_the_plan_made_anew",),
    ),
    Fault(
        "pins-that-clash-stop-the-centre",
        "a centre never stays without a plan because of what is held",
        PROBLEM,
        "posed = without_clashes(_as_wished(snapshot, question, policy, given_up), code_names)",
        "posed = Posed(problem=_as_wished(snapshot, question, policy, given_up))",
        (f"{TEST_LETTING_GO}::TestPins::test_the_later_of_two_that_clash_is_let_go_and_a_loss_elsewhere_answered",),
    ),
    Fault(
        "freeze-gives-way-before-pins",
        "a pin gives way before what was moved today or is near",
        LETTING_GO,
        "return -GIVES_WAY.index(held_by), ",
        "return GIVES_WAY.index(held_by), ",
        (f"{TEST_LETTING_GO}::TestPins::test_a_pin_gives_way_to_what_is_held_harder_though_that_is_later",),
    ),
    Fault(
        "freeze-given-up-for-a-better-plan",
        "where the freeze gives way nothing but the old plan without the lost follows",
        LETTING_GO,
        'if one.held_by != "pinned"]',
        "if not one.held_by]",
        (f"{TEST_LETTING_GO}::TestHeldHarder::test_the_old_plan_without_the_lost_is_what_is_accepted",),
    ),
    Fault(
        "frozen-part-replanned",
        "the nearest days give way with an alert, and no further than they must",
        REPLANNING,
        "        if posed.against:\n",
        "        if False:\n",
        (TEST_LETTING_GO_AT_WORK,),
    ),
    Fault(
        "let-go-without-a-word",
        "whoever takes part is told why a pin could not be held",
        ANNOUNCEMENTS,
        "for one in replan.let_go if one.operation_id == operation_id)",
        "for one in replan.let_go if not one.operation_id)",
        (f"{TEST_LETTING_GO}::TestPins::test_what_is_let_go_is_told_why_in_both_languages",),
    ),
    Fault(
        "wheel-of-an-older-version",
        "a higher version takes the place of a lower, never the other way",
        WHEEL,
        "published.version <= known.told.version",
        "published.version < 0",
        (f"{TEST_WHEEL}::TestVersions::test_a_version_that_is_not_higher_is_superseded",),
    ),
    Fault(
        "period-told-again",
        "each period is told to be open, and frozen, once",
        WHEEL,
        'told = {"opened": _with(wheel.opened, opened), "frozen": _with(wheel.frozen, frozen)}',
        'told = {"opened": wheel.opened, "frozen": wheel.frozen}',
        (f"{TEST_WHEEL}::TestTelling::test_each_is_told_once_however_often_time_passes",),
    ),
    Fault(
        "simulated-period-told-again",
        "each period is told once, whatever dies on the way",
        WHEEL,
        'told = {"opened": _with(wheel.opened, opened), "frozen": _with(wheel.frozen, frozen)}',
        'told = {"opened": _with(wheel.opened, opened), "frozen": wheel.frozen}',
        SIMULATION,
    ),
    Fault(
        "postponed-freeze-forgotten",
        "what a new version puts ahead again is told again",
        WHEEL,
        "frozen = [p.period_id for p in published.periods if now is None or _is_reached(p.freeze_at, now)]",
        "frozen = [p.period_id for p in published.periods]",
        (f"{TEST_WHEEL}::TestVersions::test_what_was_told_and_lies_ahead_again_is_told_again",),
    ),
    Fault(
        "wheel-never-due",
        "a period opens at the tick when its time has come",
        WHEEL,
        "return min([*opening, *freezing], default=None)",
        "return min([*freezing], default=None)",
        (f"{TEST_WHEEL}::TestTelling::test_a_wheel_is_due_when_its_first_period_opens",),
    ),
    Fault(
        "days-in-utc",
        "a day is one of people in Sweden",
        WHEEL,
        "return datetime.combine(day, time.min, STOCKHOLM)",
        "from datetime import UTC\n    return datetime.combine(day, time.min, UTC)",
        (f"{TEST_WHEEL}::TestWhenPeriodsOpen::test_a_day_begins_at_midnight_in_sweden",),
    ),
    Fault(
        "neighbours-frozen-too",
        "a period's operations are those that begin on its days",
        WHEEL,
        "if begins <= o.start_at < ends)",
        "if begins <= o.end_at)",
        (f"{TEST_WHEEL}::TestTelling::test_a_period_is_frozen_with_the_plan_and_the_operations_that_begin_in_it",),
    ),
    Fault(
        "theme-not-weighed",
        "what a period favours earns more in it",
        WHEEL,
        "if theme is not None and theme.points:",
        "if theme is not None and theme.points > 1000:",
        (f"{TEST_WHEEL}::TestThemes::test_a_site_that_fits_the_theme_is_taken_before_another_and_the_plan_accepted",),
    ),
    Fault(
        "indications-tell-too-much",
        "of indications only what a theme favours is a tag",
        WHEEL,
        "favoured & {*snapshot.wanted_by_id",
        "set() | {*snapshot.wanted_by_id",
        (f"{TEST_WHEEL}::TestThemes::test_an_indication_that_a_theme_favours_is_a_tag_and_no_other",),
    ),
    Fault(
        "backup-outlives-its-theme",
        "a backup ends when time alone makes another question of it",
        VALID,
        'for row in problem.get("weights", {}).get("theme", ()):',
        "for row in ():",
        (f"{TEST_WHEEL}::TestThemes::test_a_theme_that_ends_ends_what_was_prepared",),
    ),
    Fault(
        "periods-that-overlap",
        "an operation's day is in one period of a wheel",
        PERIODS,
        "if later.from_day <= earlier.until_day:",
        "if later.from_day < earlier.until_day:",
        (f"{TEST_PERIODS}::test_periods_that_share_a_day_are_refused",),
    ),
    Fault(
        "deadlines-in-any-order",
        "a period's deadlines come in their order",
        PERIODS,
        "            if last < first:\n",
        "            if False:\n",
        (f"{TEST_PERIODS}::test_deadlines_come_in_their_order",),
    ),
    Fault(
        "any-number-is-a-day",
        "a day is written as one",
        DAYS,
        "elif isinstance(value, str) and _FULL_DATE.fullmatch(value):",
        "elif isinstance(value, str):",
        (f"{TEST_PERIODS}::test_a_day_that_is_none_is_refused_where_it_stands",),
    ),
    Fault(
        "stranger-reports-an-incident",
        "nobody is told what a stranger says of an operation",
        RULES,
        '{"id": "D61", "type": "SafetyIncidentReported", "to": "centre", "only_from_parts": true,',
        '{"id": "D61", "type": "SafetyIncidentReported", "to": "centre",',
        (f"{TEST_TOLD}::test_what_a_stranger_says_of_an_operation_is_told_to_nobody",),
    ),
)
