"""Faults of what a centre wonders: thoughts that do something, are told to others, or are answered twice or wrongly."""

from __future__ import annotations

from tests.plant.fault import Fault

THOUGHTS = "services/planning/samsyn_planning/domain/what_if.py"
WONDERING = "services/planning/samsyn_planning/wondering.py"
PREPARING = "services/planning/samsyn_planning/preparing.py"
RULES = "services/exchange/samsyn_exchange/disclosure_rules.json"
PLANS = "contracts/samsyn_contracts/plans.py"
PEOPLE = "adapters/desk/samsyn_adapter_desk/people.py"
CHOICES = "adapters/desk/samsyn_adapter_desk/domain/what_if.py"
OWN_WORDS = "adapters/desk/samsyn_adapter_desk/domain/own_words.py"
TEST_THOUGHTS = "tests/unit/planning/service/test_planning_what_if.py"
TEST_ANSWERS = "tests/integration/planning/test_planning_what_if.py"
TEST_THINKING = "tests/integration/planning/test_planning_thinking.py"
TEST_TOLD = "tests/unit/exchange/test_exchange_disclosure.py"
TEST_DESK = "tests/unit/desk/test_what_if.py"

OF_WHAT_IF = (
    Fault(
        "thought-of-another-centre",
        "a centre wonders about itself alone",
        THOUGHTS,
        "if not asked.owner == asked.centre == envelope.centre or centre.plan_version == 0:",
        "if centre.plan_version == 0:",
        (f"{TEST_THOUGHTS}::TestQuestionsTaken::test_a_centre_wonders_about_itself_alone",),
    ),
    Fault(
        "thought-of-anybodys-capacity",
        "what is taken away is the centre's own",
        THOUGHTS,
        "if capacity is None or capacity.centre != centre.code:",
        "if capacity is None:",
        (f"{TEST_THOUGHTS}::TestQuestionsTaken::test_another_centres_capacity_is_refused",),
    ),
    Fault(
        "thought-of-what-is-over",
        "what is over cannot be taken away",
        THOUGHTS,
        'return "already_past" if is_past else None',
        "return None",
        (f"{TEST_THOUGHTS}::TestQuestionsTaken::test_what_is_over_is_refused",),
    ),
    Fault(
        "thoughts-without-end",
        "so many questions of a centre wait at most",
        THOUGHTS,
        "if num_open >= MOST_OPEN:",
        "if False:",
        (f"{TEST_THOUGHTS}::TestQuestionsTaken::test_one_more_than_may_wait_is_refused",),
    ),
    Fault(
        "thought-asked-anew",
        "a question said again has no second answer",
        THOUGHTS,
        "    if known is not None:\n",
        "    if False:\n",
        (f"{TEST_THOUGHTS}::TestQuestionsTaken::test_a_question_asked_again_changes_nothing",),
    ),
    Fault(
        "more-than-ten-taken-away",
        "a question takes away ten at most",
        PLANS,
        "Field(min_length=1, max_length=MOST_TAKEN_AWAY)",
        "Field(min_length=1)",
        (f"{TEST_THOUGHTS}::TestQuestionsTaken::test_a_question_takes_away_one_to_ten_capacities",),
    ),
    Fault(
        "what-has-begun-is-told-lost",
        "an operation that has begun stands, whatever is taken away",
        THOUGHTS,
        "after = standing | {o.id: o for o in publication.operations}",
        "after = {o.id: o for o in publication.operations}",
        (f"{TEST_THOUGHTS}::TestTold::test_an_operation_that_has_begun_stands",),
    ),
    Fault(
        "thought-without-a-name",
        "reasons call an assumed loss so",
        THOUGHTS,
        "changes=tuple(_named(change) for change in publication.changes)",
        "changes=publication.changes",
        (f"{TEST_THOUGHTS}::TestTold::test_reasons_call_it_a_thought",),
    ),
    Fault(
        "thought-told-to-agencies",
        "the answer is told to that centre alone",
        RULES,
        '"type": "WhatIfAnswered", "to": "centre",',
        '"type": "WhatIfAnswered", "to": "members_of_kinds", "kinds": ["state", "centre"],',
        (f"{TEST_TOLD}::test_what_a_centre_wonders_is_told_to_nobody_and_its_answer_to_that_centre_alone",),
    ),
    Fault(
        "thought-raises-the-version",
        "a thought changes no version",
        WONDERING,
        "            store.keep(answered(question))\n",
        "            store.keep(answered(question))\n"
        '            store.keep(centre.model_copy(update={"plan_version": centre.plan_version + 1}))\n',
        (f"{TEST_ANSWERS}::test_a_question_is_answered_and_nothing_else_is_changed_or_said",),
    ),
    Fault(
        "thought-answered-for-ever",
        "an answered question is open no longer",
        WONDERING,
        "            store.keep(answered(question))\n",
        "            store.keep(question)\n",
        (f"{TEST_ANSWERS}::test_a_question_asked_again_has_no_second_answer",),
    ),
    Fault(
        "thought-answered-by-two",
        "what another process has answered is not answered again",
        WONDERING,
        'if now is None or now.status == "answered":',
        "if now is None:",
        (f"{TEST_THINKING}::test_what_another_process_has_answered_meanwhile_is_not_answered_again",),
    ),
    Fault(
        "thought-of-an-old-plan",
        "an answer is that of the plan that stands when it is told",
        WONDERING,
        "if centre.plan_version != asked.plan_version:",
        "if False:",
        (f"{TEST_THINKING}::test_a_plan_that_another_process_publishes_meanwhile_has_it_thought_anew",),
    ),
    Fault(
        "thought-not-judged",
        "the verifier judges a thought plan before it is told",
        WONDERING,
        "if not answer.is_accepted or answer.fell_back:",
        "if not answer.is_accepted:",
        (f"{TEST_THINKING}::test_a_plan_that_the_verifier_refuses_is_not_told",),
    ),
    Fault(
        "loss-waits-for-a-thought",
        "a plan that is due goes before thoughts",
        WONDERING,
        "self._solver.beforehand(snapshot, problem, self._waiting.is_anything_due)",
        "self._solver.beforehand(snapshot, problem, lambda: asyncio.sleep(0, False))",
        (f"{TEST_THINKING}::test_a_loss_goes_first_and_the_answer_is_that_of_the_plan_after_it",),
    ),
    Fault(
        "question-waits-for-backups",
        "a question that somebody waits for goes before backups",
        PREPARING,
        "self._waiting.is_anybody_waiting",
        "self._waiting.is_anything_due",
        (f"{TEST_THINKING}::test_a_question_goes_before_backups",),
    ),
    Fault(
        "anybody-wonders",
        "only the centre's coordinator asks",
        PEOPLE,
        '"reader": frozenset({"read"}),',
        '"reader": frozenset({"read", "ask"}),',
        (f"{TEST_DESK}::TestForm::test_only_the_centre_s_coordinator_may_ask",),
    ),
    Fault(
        "begun-offered-to-be-taken",
        "of what has begun nothing can be taken away",
        CHOICES,
        'card.state in ("scheduled", "confirmed") and card.slot.start_at > now]',
        'card.state in ("scheduled", "confirmed")]',
        (f"{TEST_DESK}::TestChoices::test_of_what_has_begun_by_the_clock_nothing_can_be_taken",),
    ),
    Fault(
        "refused-question-still-open",
        "a question that Samsyn refuses is shown to be refused",
        "adapters/desk/samsyn_adapter_desk/domain/refusals.py",
        "def _nothing_wondered(card: WhatIfCard, refused_id: str) -> Card:\n"
        '    return card.model_copy(update={"is_refused": True}) if card.said == refused_id else card',
        "def _nothing_wondered(card: WhatIfCard, refused_id: str) -> Card:\n    return card",
        (f"{TEST_DESK}::TestCard::test_a_refused_question_is_refused_and_another_statement_leaves_it",),
    ),
)
