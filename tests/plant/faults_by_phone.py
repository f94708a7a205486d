"""Faults of what is told by phone: a note that is taken for consent, outlives its request, or is told to the wrong."""

from __future__ import annotations

from tests.plant.fault import Fault

PLANNING = "services/planning/samsyn_planning/domain/answers.py"
RULES = "services/exchange/samsyn_exchange/disclosure_rules.json"
CONTRACT = "contracts/samsyn_contracts/told_by_phone.py"
DESK = "adapters/desk/samsyn_adapter_desk/domain"
TEST_PLANNING = "tests/unit/planning/service/test_planning_answers.py"
TEST_RULES = "tests/unit/exchange/test_exchange_disclosure.py"
TEST_CONTRACT = "tests/contract/test_told_by_phone.py"
TEST_DESK = "tests/unit/desk/test_answers_told.py"

BY_PHONE = (
    Fault(
        "note-taken-for-consent",
        "an answer told by phone commits nobody",
        PLANNING,
        'return Decision() if part.status in ("invited", "silent") else',
        'return Decision(keep=(part.model_copy(update={"status": "accepted"}),)) if part.status in ("invited",) else',
        (f"{TEST_PLANNING}::test_a_yes_told_by_phone_confirms_no_operation_and_stops_no_clock",),
    ),
    Fault(
        "note-over-own-answer",
        "what an agency has answered itself nobody notes anew",
        PLANNING,
        'if part.status in ("invited", "silent") else',
        "if part.status else",
        (f"{TEST_PLANNING}::test_what_an_agency_has_answered_itself_nobody_notes_anew",),
    ),
    Fault(
        "note-of-a-stranger-told",
        "what a stranger notes in an agency's name is told to nobody",
        RULES,
        '"field": "agency", "only_from_parts": true,',
        '"field": "agency",',
        (f"{TEST_RULES}::test_an_answer_that_a_stranger_tells_of_is_told_to_nobody",),
    ),
    Fault(
        "note-told-outside-the-operation",
        "an agency without a part in an operation hears nothing of it, whoever names it",
        "services/exchange/samsyn_exchange/domain/disclosure.py",
        "for party, view in _field(asked) if party in parts)",
        "for party, view in _field(asked))",
        (f"{TEST_RULES}::test_an_answer_of_an_agency_outside_the_operation_is_not_told_to_that_agency",),
    ),
    Fault(
        "note-of-anothers-capacity",
        "a note is about a capacity of the agency that answered",
        CONTRACT,
        'self.capacity_id.partition(":")[0] != self.agency',
        "self.capacity_id == self.agency",
        (f"{TEST_CONTRACT}::test_a_note_that_speaks_of_something_else_is_refused",),
    ),
    Fault(
        "note-shown-as-answer",
        "an answer told by phone is shown as not confirmed",
        f"{DESK}/sentences.py",
        "if told.channel is None:",
        "if told.answer:",
        (f"{TEST_DESK}::test_a_note_is_told_as_not_confirmed_and_the_part_stays_asked",),
    ),
    Fault(
        "note-outlives-its-request",
        "another session voids what was noted",
        f"{DESK}/answers_told.py",
        "if key in asked and told.session_id == session_id}",
        "if key in asked and session_id}",
        (f"{TEST_DESK}::TestNewPlans",),
    ),
    Fault(
        "note-silences-the-question",
        "the agency spoken for is asked as before",
        f"{DESK}/answers_told.py",
        'update={"told": told}',
        'update={"told": told, "answer": "accepted"}',
        (f"{TEST_DESK}::TestTheAgencySpokenFor",),
    ),
)
