"""Faults of the planner and its command: reasons that are not so, needless moves, answers that a script misreads."""

from __future__ import annotations

from tests.plant.fault import Fault

SOURCE = "services/planning/samsyn_planning"
COMMAND, DOMAIN = f"{SOURCE}/command", f"{SOURCE}/domain"
PLANNER, GENERATOR = f"{DOMAIN}/planner", f"{DOMAIN}/generator"
DISPATCH = "deploy/local/samsyn_local/dispatch.py"
TESTS = "tests/unit/planning"
TEST_COMMAND, TEST_PLANNER = f"{TESTS}/command", f"{TESTS}/planner"
TEST_FILES = f"{TEST_COMMAND}/test_planning_a_file.py"
TEST_PROGRESS = f"{TEST_COMMAND}/test_progress_lines.py"
TEST_DIFF = f"{TEST_COMMAND}/test_plan_diff.py"
TEST_CHANGES = f"{TEST_PLANNER}/test_change_reasons.py"
TEST_REASONS = f"{TEST_PLANNER}/test_reasons.py"
TEST_GENERATED = f"{TESTS}/generator/test_generated_problems.py"

OF_THE_COMMAND = (
    Fault(
        "command-starts-fat",
        "a file is planned before clients and web are imported",
        f"{COMMAND}/files.py",
        "import json\nimport os\n",
        "import http.client\nimport json\nimport os\n",
        (f"{TEST_COMMAND}/test_lean_start.py",),
    ),
    Fault(
        "refused-is-zero",
        "a plan that the verifier refuses ends with status 1",
        f"{COMMAND}/verifying.py",
        "return 0 if verdict.is_accepted else 1",
        "return 0",
        (f"{TEST_COMMAND}/test_verifying_a_file.py::test_a_spoiled_plan_is_refused_with_every_rule_and_sentence",),
    ),
    Fault(
        "clash-is-bad-input",
        "frozen operations that clash end with status 3",
        f"{COMMAND}/plan.py",
        "return error.status",
        "return 2",
        (f"{TEST_FILES}::TestBadInput::test_frozen_operations_that_clash_have_a_status_of_their_own",),
    ),
    Fault(
        "key-twice-taken",
        "a key that is said twice is refused",
        f"{COMMAND}/files.py",
        "if len(value) < len(pairs):",
        "if False:",
        (f"{TEST_FILES}::TestBadInput::test_it_is_told_in_one_line_that_says_where",),
    ),
    Fault(
        "link-replaced",
        "a link goes on pointing where it did",
        f"{COMMAND}/files.py",
        "_replace(Path(name).resolve(), content)",
        "Path(name).unlink(missing_ok=True); _replace(Path(name), content)",
        (f"{TEST_FILES}::TestTheFile::test_a_link_goes_on_leading_to_the_file_that_is_replaced",),
    ),
    Fault(
        "progress-floods",
        "progress is told at a pace that can be read",
        f"{COMMAND}/progress_lines.py",
        "if wait <= 0:",
        "if True:",
        (TEST_PROGRESS,),
    ),
    Fault(
        "last-progress-lost",
        "the newest progress is told even if nothing follows",
        f"{COMMAND}/progress_lines.py",
        "self._timer.start()",
        "pass",
        (TEST_PROGRESS,),
    ),
    Fault(
        "diff-without-teams",
        "a diff tells of other teams",
        f"{DOMAIN}/plan_diff.py",
        "if before.teams != after.teams:",
        "if False:",
        (TEST_DIFF,),
    ),
    Fault(
        "same-day-postponed",
        "only a later day postpones",
        f"{DOMAIN}/plan_diff.py",
        "_day_of(after) > _day_of(before)",
        "_day_of(after) >= _day_of(before)",
        (TEST_DIFF,),
    ),
    Fault(
        "every-command-plain",
        "samsyn's own commands get their options",
        DISPATCH,
        "if is_plain(command):",
        "if True:",
        ("tests/unit/local/test_dispatch.py",),
    ),
)

OF_THE_PLANNER = (
    Fault(
        "undoing-costs-wrongly",
        "GAIN tells what putting back costs",
        f"{PLANNER}/put_back.py",
        "operations[former.session]) - published.points",
        "operations[former.session]) + published.points",
        (TEST_CHANGES,),
    ),
    Fault(
        "in-whose-way-half-told",
        "GAIN tells which teams are elsewhere now",
        f"{PLANNER}/gains.py",
        "listed([*self._inspections(back), *self._teams(back)])",
        "listed([*self._inspections(back)])",
        (TEST_CHANGES,),
    ),
    Fault(
        "cause-not-followed",
        "a loss stands behind what it sets off",
        f"{PLANNER}/changes.py",
        "edge = {other for number in edge for other in self._links[number]} - reached",
        "edge = set()",
        (TEST_CHANGES,),
    ),
    Fault(
        "earlier-is-postponed",
        "an operation moved to an earlier day is not postponed",
        f"{DOMAIN}/ladder.py",
        "if now > before:",
        "if now != before:",
        (TEST_CHANGES,),
    ),
    Fault(
        "one-of-several-blamed",
        "a rule is named only where it alone is in the way",
        f"{PLANNER}/crew_rules.py",
        "return needed | sum(some) | SEVERAL",
        "return needed | sum(some)",
        (TEST_REASONS,),
    ),
    Fault(
        "full-not-told",
        "a session at its most inspections is told as full",
        f"{PLANNER}/room.py",
        "len(route) >= offered.max_inspections",
        "len(route) > offered.max_inspections",
        (TEST_REASONS,),
    ),
    Fault(
        "within-reach-blamed",
        "what is just within reach is no obstacle",
        f"{PLANNER}/site_obstacles.py",
        "there > reach",
        "there >= reach",
        (TEST_REASONS,),
    ),
    Fault(
        "busy-team-anywhere",
        "only a session at the same time keeps a team away",
        f"{PLANNER}/able_teams.py",
        "self._team_uses.get(called.team, 0) & facts.clash[session]",
        "self._team_uses.get(called.team, 0)",
        (TEST_REASONS,),
    ),
    Fault(
        "stability-pays",
        "stability never costs less than nothing",
        f"{PLANNER}/stability.py",
        'max(0, free["value"]',
        'max(-(10**9), free["value"]',
        (f"{TEST_PLANNER}/test_stability.py",),
    ),
    Fault(
        "moved-for-nothing",
        "P8: needless moves 0",
        f"{PLANNER}/finishing.py",
        "if schedule.can_put(session, published) and schedule.gain(session, published) >= 0:",
        "if False:",
        (f"{TEST_PLANNER}/test_replanning.py::test_an_operation_changed_for_nothing_is_put_back",),
    ),
    Fault(
        "lost-in-the-past",
        "a disturbance takes what still lies ahead",
        f"{GENERATOR}/disturbing.py",
        '> _moment(later["now"])',
        '!= _moment(later["now"])',
        (f"{TEST_GENERATED}::test_what_is_lost_still_lies_ahead",),
    ),
    Fault(
        "disturbed-before-it-was",
        "a disturbance comes after the first problem",
        f"{GENERATOR}/disturbing.py",
        "max(first + timedelta(hours=1), next_start",
        "min(next_start, next_start",
        (f"{TEST_GENERATED}::test_a_disturbance_comes_later_than_the_first_problem",),
    ),
    Fault(
        "seeds-of-one-pattern",
        "another seed is another problem",
        f"{GENERATOR}/chance.py",
        "str(seed)",
        "str(seed % 4)",
        (f"{TEST_GENERATED}::test_seeds_differ_in_more_than_numbers_of_one_pattern",),
    ),
)
