"""Faults of planning: facts taken wrongly, plans published that should not be, and operations moved for nothing."""

from __future__ import annotations

from tests.plant.fault import Fault

CAPACITY = "services/planning/samsyn_planning/domain/capacity.py"
ANSWERS = "services/planning/samsyn_planning/domain/answers.py"
PROMISES = "services/planning/samsyn_planning/domain/verifier/replanning_rules.py"
VERDICT = "services/planning/samsyn_planning/domain/verifier/verdict.py"
PLANNER_FACTS = "services/planning/samsyn_planning/domain/planner/facts.py"
TIME = "services/planning/samsyn_planning/domain/time.py"
TEST_LOST = "tests/unit/planning/service/test_planning_police_lost.py"
TEST_CAPACITY = "tests/unit/planning/service/test_planning_capacity.py"
TEST_ANSWERS = "tests/unit/planning/service/test_planning_answers.py"
ROWS = "services/planning/samsyn_planning/rows.py"
REPLANNING = "services/planning/samsyn_planning/replanning.py"
WORKER = "services/planning/samsyn_planning/worker.py"
QUESTIONS = "services/planning/samsyn_planning/domain/questions.py"
TEST_PLANNING = "tests/integration/planning"
TEST_ENGINES = f"{TEST_PLANNING}/test_planning_engines.py"
TEST_TIME = "tests/unit/planning/service/test_planning_time.py"
TEST_PROMISES = "tests/unit/planning/verifier/test_verifier_promises.py"
TEST_REPLANNING = "tests/unit/planning/planner/test_replanning.py"
TEST_HOLD = "tests/unit/planning/planner/test_plans_hold.py"

OF_PLANNING = (
    Fault(
        "sequence-guard-off",
        "an older word about a thing is superseded",
        CAPACITY,
        "return known is not None and envelope.sequence is not None and envelope.sequence <= known",
        "return False",
        (f"{TEST_LOST}::test_an_older_cancellation_is_superseded",),
    ),
    Fault(
        "one-team-in-two-places",
        "P8: overlapping capacity of a team is refused",
        CAPACITY,
        "    if any(_overlaps(other, offered) for other in same_team):\n",
        "    if False:\n",
        (f"{TEST_CAPACITY}::test_overlapping_time_of_one_team_is_refused",),
    ),
    Fault(
        "confirmed-without-readiness",
        "never an agency not declared ready",
        ANSWERS,
        "if not (everybody and police_met and enough and ready and coordinated):",
        "if not (everybody and police_met and enough and coordinated):",
        (f"{TEST_ANSWERS}::test_an_operation_is_not_confirmed_while",),
    ),
    Fault(
        "frozen-not-verified",
        "H11: what is frozen keeps its form",
        PROMISES,
        "    yield from _frozen_changed(problem, standing, plan)\n",
        "",
        (f"{TEST_PROMISES}::test_a_frozen_operation_keeps_its_times",),
    ),
    Fault(
        "double-booking-not-verified",
        "P8: never a double booking",
        VERDICT,
        "    yield from clashes(problem, plan)\n",
        "",
        ("tests/unit/planning/verifier/test_verifier_rules_between_operations.py",),
    ),
    Fault(
        "needless-moves-not-counted",
        "P8: needless moves are seen",
        VERDICT,
        "if is_valid and figures_of(problem, standing, put_back).objective >= figures.objective:",
        "if False:",
        ("tests/unit/planning/verifier/test_verifier_needless_moves.py",),
    ),
    Fault(
        "frozen-not-respected",
        "H11: what is frozen takes nothing in",
        PLANNER_FACTS,
        "(operation.id in self.problem.held or (freeze is not None and start < freeze))",
        "operation.id in self.problem.held",
        (f"{TEST_REPLANNING}::test_a_frozen_operation_takes_nothing_in", TEST_HOLD),
    ),
    Fault(
        "planning-time-backwards",
        "P9: a centre's time never goes back",
        TIME,
        "now = until if centre.now_at is None else max(centre.now_at, until)",
        "now = until",
        (TEST_TIME,),
    ),
    Fault(
        "planning-day-in-utc",
        "days are those of Europe/Stockholm",
        TIME,
        "local = now.astimezone(STOCKHOLM)",
        "local = now",
        (TEST_TIME,),
    ),
    Fault(
        "one-team-twice-in-a-batch",
        "P8: a batch is no gap in the rules",
        ROWS,
        "        self._known[key] = self._changed[key] = value\n        self._note_group(value)\n",
        "        self._known[key] = self._changed[key] = value\n",
        (f"{TEST_PLANNING}/test_planning_batches.py",),
    ),
    Fault(
        "facts-guard-off",
        "a plan is published only for the facts it was made of",
        REPLANNING,
        "if (now.plan_version, now.facts_version, now.now_at) ==",
        "if True or (now.plan_version, now.facts_version, now.now_at) ==",
        (f"{TEST_ENGINES}::test_facts_that_change_during_a_solve_throw_its_plan_away",),
    ),
    Fault(
        "version-guard-off",
        "no plan over a plan it does not know",
        REPLANNING,
        "== (asked.plan_version, asked.facts_version, asked.now_at):",
        "== (now.plan_version, asked.facts_version, asked.now_at):",
        (f"{TEST_PLANNING}/test_planning_guards.py",),
    ),
    Fault(
        "verifier-off",
        "P8: every plan is verified before it is published",
        WORKER,
        "    return tuple(f\"{v.rule} {v.operation or ''} {v.sentence}\" for v in verify(problem, plan).violations)\n",
        "    return ()\n",
        (f"{TEST_ENGINES}::test_a_plan_that_the_verifier_refuses_is_not_published_the_old_one_without_the_lost_is",),
    ),
    Fault(
        "brake-ignored",
        "mode propose publishes nothing by itself",
        QUESTIONS,
        'publishes = snapshot.centre.mode == "auto"',
        "publishes = True",
        ("tests/unit/planning/service/test_planning_questions.py",),
    ),
)
