"""Faults of what is asked and told before an operation's day: texts of sites, briefings, check-ins."""

from __future__ import annotations

from tests.plant.fault import Fault

INSPECTION = "services/inspection/samsyn_inspection/domain"
RULES = "services/exchange/samsyn_exchange/disclosure_rules.json"
TOLD = "tests/unit/exchange/test_exchange_site_information.py"
PREPARING = "tests/unit/inspection/test_inspection_preparing.py"
PARTS = "tests/unit/exchange/test_exchange_parts.py"
FETCHED = (
    "tests/integration/exchange/test_exchange_findings.py"
    "::test_a_sites_text_may_be_fetched_while_its_receiver_takes_part_and_anew_when_it_does_again"
)
ANSWERING = "tests/unit/inspection/test_inspection_answering.py"

BEFORE_THE_DAY = (
    Fault(
        "site-texts-by-another-basis",
        "what is known of a site is told by an assessment of that, and not of who runs it",
        "services/exchange/samsyn_exchange/domain/identities.py",
        "return CATEGORIES.get(type(message), CATEGORY)",
        "return CATEGORY",
        (TOLD,),
    ),
    Fault(
        "text-outlives-the-no",
        "an agency that withdraws may fetch no site's text from then on, whatever the plan still says",
        "services/exchange/samsyn_exchange/domain/operations.py",
        "for party, capacity_id in self.accepted if capacity_id not in gone)",
        "for party, capacity_id in self.accepted)",
        (f"{PARTS}::test_the_agencys_no_ends_it_before_planning_has_answered",),
    ),
    Fault(
        "text-outlives-the-part",
        "the right to fetch a site's text ends in the transaction that ends the part",
        "services/exchange/samsyn_exchange/handlers.py",
        "await contents.end_parts(after, store.at)",
        "pass",
        (FETCHED,),
    ),
    Fault(
        "text-lost-with-the-first-part",
        "who takes part again may fetch a site's text again, though it had acknowledged it",
        "services/exchange/samsyn_exchange/contents.py",
        "is_over = has_run_out | col(GrantRow.ended_at).is_not(None)",
        "is_over = has_run_out",
        (FETCHED,),
    ),
    Fault(
        "late-account-gives-the-text",
        "an account that inspection gave before it heard of a no gives no right to fetch",
        "services/exchange/samsyn_exchange/handlers.py",
        "now_taken = taken(parts, await store.operations_about([event]))",
        "now_taken = frozenset(parts)",
        (FETCHED,),
    ),
    Fault(
        "stranger-checks-in",
        "nobody is told that a stranger has come",
        RULES,
        '"ParticipantCheckedIn", "to": "known_participants", "only_from_parts": true,',
        '"ParticipantCheckedIn", "to": "known_participants",',
        (f"{TOLD}::test_a_stranger_that_says_it_has_come_is_heard_by_nobody",),
    ),
    Fault(
        "invited-are-briefed",
        "account and briefing are told to those who have accepted alone",
        f"{INSPECTION}/preparation.py",
        'taking = [part for part in plan.parts if part.status == "accepted"]',
        "taking = list(plan.parts)",
        (f"{PREPARING}::test_those_who_are_only_invited_are_told_of_neither",),
    ),
    Fault(
        "briefed-at-every-word",
        "a briefing is told again only where it says something else",
        f"{INSPECTION}/preparing.py",
        "briefing=before.briefing if _says_the_same(brief, before.briefing) else brief,",
        "briefing=brief,",
        (PREPARING,),
    ),
    Fault(
        "slot-told-to-a-stranger",
        "when an operation takes place is not told to who only proposed a site",
        f"{INSPECTION}/preparation.py",
        "slot=_slot(plan) if agency in plan.accepted else None,",
        "slot=_slot(plan),",
        (f"{PREPARING}::test_when_it_takes_place_is_told_to_who_takes_part_and_not_to_who_only_proposed_a_site",),
    ),
    Fault(
        "request-never-taken-back",
        "who is asked of sites hears that the operation is off",
        f"{INSPECTION}/preparing.py",
        "for one in (*back, *fresh)]",
        "for one in fresh]",
        (f"{PREPARING}::test_an_operation_that_is_off_takes_back_what_is_asked_once",),
    ),
    Fault(
        "lesson-of-one-agency",
        "a briefing tells nothing that a single agency's evaluation says",
        f"{INSPECTION}/learning.py",
        "FEWEST_AGENCIES = 2",
        "FEWEST_AGENCIES = 1",
        (f"{ANSWERING}::test_a_lesson_is_told_once_two_agencies_have_given_it_the_most_frequent_first",),
    ),
    Fault(
        "answer-from-the-future",
        "an answer dated ahead keeps no later answer out",
        f"{INSPECTION}/answering.py",
        "min(provided.as_of, envelope.receivedtime or envelope.time)",
        "provided.as_of",
        (f"{ANSWERING}::test_an_answer_is_from_no_later_than_it_was_admitted",),
    ),
    Fault(
        "came-for-another-slot",
        "who came for an earlier slot is not there when the operation begins",
        f"{INSPECTION}/day.py",
        "for one in check_ins if one.at >= plan.start_at - STARTS_EARLIEST}",
        "for one in check_ins}",
        ("tests/unit/inspection/test_inspection_check_in.py::test_who_came_for_an_earlier_slot_is_not_there",),
    ),
    Fault(
        "silence-kept-as-text",
        "who knows nothing of a site keeps nothing",
        "adapters/desk/samsyn_adapter_desk/domain/forms_before_the_day.py",
        'values["operation_id"]),) if is_known else ()',
        'values["operation_id"]),)',
        ("tests/unit/desk/test_before_the_day.py::TestForms::test_who_knows_nothing_keeps_nothing",),
    ),
)
