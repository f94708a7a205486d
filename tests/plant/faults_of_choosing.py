"""Faults of a centre's choice among plans: what is told twice or unjudged, taken without being offered, or lost."""

from __future__ import annotations

from tests.plant.fault import Fault

WAYS = "services/planning/samsyn_planning/domain/alternatives.py"
DECIDING = "services/planning/samsyn_planning/domain/proposals.py"
PROBLEM = "services/planning/samsyn_planning/domain/problem.py"
SOLVING = "services/planning/samsyn_planning/solver.py"
REPLANNING = "services/planning/samsyn_planning/replanning.py"
DESK = "adapters/desk/samsyn_adapter_desk"
TEST_WAYS = "tests/unit/planning/service/test_planning_alternatives.py"
TEST_CHOICE = "tests/unit/planning/service/test_planning_choices.py"
TEST_CHOICES = "tests/integration/planning/test_planning_alternatives.py"
TEST_DESK = "tests/unit/desk/test_other_ways.py"

OF_CHOOSING = (
    Fault(
        "same-plan-told-twice",
        "a plan is told once",
        WAYS,
        "        if forms not in told:\n",
        "        if True:\n",
        (f"{TEST_WAYS}::TestTold::test_the_same_plan_is_told_once_by_its_simplest_name",),
    ),
    Fault(
        "alternatives-unranked",
        "the best other way comes first",
        WAYS,
        "key=lambda way: (-way.points, KINDS.index",
        "key=lambda way: (way.points, KINDS.index",
        (f"{TEST_WAYS}::TestTold::test_the_best_comes_first_and_none_is_better_than_what_is_proposed",),
    ),
    Fault(
        "alternative-not-judged",
        "no plan is told that the verifier refuses",
        SOLVING,
        "if answer is not None and answer.is_accepted and not answer.fell_back:",
        "if answer is not None:",
        (f"{TEST_WAYS}::TestJudged::test_what_the_verifier_refuses_is_no_alternative",),
    ),
    Fault(
        "edit-lets-anything-in",
        "after edits nothing is published that the proposal did not show",
        WAYS,
        "return is_held and is_shown and not fell_back",
        "return is_held and not fell_back",
        (
            f"{TEST_CHOICE}::TestChoice::test_what_has_come_since_was_not_approved",
            f"{TEST_CHOICE}::TestChoice::test_a_change_or_a_consent_that_was_not_shown_was_not_approved",
        ),
    ),
    Fault(
        "proposal-too-large",
        "alternatives never keep the centre from being asked",
        DECIDING,
        "while proposed.alternatives and len(proposed.body()) > MAX_EVENT_BYTES:",
        "while False:",
        (f"{TEST_WAYS}::TestTold::test_what_would_make_an_event_too_large_is_left_out_from_the_last",),
    ),
    Fault(
        "anything-let-stand",
        "what is hit cannot be let stand",
        DECIDING,
        "if edit.operation_id not in may)",
        "if False)",
        (f"{TEST_CHOICE}::TestChoice::test_what_is_hit_or_unchanged_cannot_be_let_stand",),
    ),
    Fault(
        "edit-not-held",
        "what the centre lets stand is held",
        PROBLEM,
        "(o.id in question.held or _was_moved_today(o, now))",
        "_was_moved_today(o, now)",
        (f"{TEST_CHOICE}::TestChoice::test_an_edit_holds_what_it_names",),
    ),
    Fault(
        "failed-solve-taken-for-an-edit",
        "the old plan of a failed solve is not what was approved",
        WAYS,
        "return is_held and is_shown and not fell_back\n\n\ndef _placed",
        "return is_held and is_shown\n\n\ndef _placed",
        (f"{TEST_CHOICE}::TestChoice::test_the_old_plan_of_a_failed_solve_was_not_approved",),
    ),
    Fault(
        "alternative-solved-as-the-best",
        "the plan chosen is the plan published",
        REPLANNING,
        "if task.approved is not None and task.approved.alternative is not None:",
        "if False:",
        (f"{TEST_CHOICES}::test_nothing_moved_may_be_chosen",),
    ),
    Fault(
        "ticks-lost-by-news",
        "news that comes meanwhile leaves what is ticked",
        f"{DESK}/templates/proposal.html",
        " hx-preserve",
        "",
        (f"{TEST_DESK}::TestPage::test_each_way_has_its_button_and_what_may_stand_its_labelled_box",),
    ),
    Fault(
        "refused-choice-still-shown",
        "a refused choice leaves the proposal as it was",
        f"{DESK}/domain/refusals.py",
        ', "alternative": None, "let_stand": ()}',
        "}",
        (f"{TEST_DESK}::TestCards::test_a_choice_shows_at_once_and_its_refusal_opens_the_proposal_again",),
    ),
)
