"""Faults of holding what may be compromised: moved all the same, planned beside, held by anybody's word."""

from __future__ import annotations

from tests.plant.fault import Fault

DECIDED = "services/planning/samsyn_planning/domain/compromised.py"
STOPPED = "services/planning/samsyn_planning/domain/stopped.py"
FORMER = "services/planning/samsyn_planning/domain/former.py"
RULES = "services/exchange/samsyn_exchange/disclosure_rules.json"
TEST = "tests/unit/planning/service/test_planning_compromised.py"
TEST_TOLD = "tests/unit/exchange/test_exchange_disclosure.py"

OF_COMPROMISED = (
    Fault(
        "compromised-and-moved",
        "no replan changes an operation that may be compromised",
        STOPPED,
        '"hold": sorted({*problem["hold"], *(o.id for o in held)}),',
        '"hold": problem["hold"],',
        (f"{TEST}::TestTheProblem::test_a_plan_that_moves_it_is_refused_by_the_verifier",),
    ),
    Fault(
        "compromised-and-given-another-occasion",
        "what may be compromised and is hit waits for the centre's word",
        STOPPED,
        "if o.id not in given_up and not is_hit(of_these(problem, {o.id}), o.id)]",
        "if o.id not in given_up]",
        (f"{TEST}::TestWhenItIsHit::test_without_its_police_it_waits_and_the_reason_is_told",),
    ),
    Fault(
        "compromised-site-planned-by-another-name",
        "nothing else is planned at a site that may be compromised",
        STOPPED,
        "return frozenset(inspections | at_sites)",
        "return frozenset(inspections)",
        (f"{TEST}::TestTheProblem::test_it_is_held_where_it_stands_and_its_inspection_is_listed_for_it_alone",),
    ),
    Fault(
        "compromised-and-brought-back",
        "a mistake undone does not move what may be compromised",
        FORMER,
        "    undone -= held  #",
        "    undone -= set()  #",
        (f"{TEST}::TestBackupsAndMistakes::test_a_mistake_undone_does_not_bring_it_back_to_where_it_was",),
    ),
    Fault(
        "compromised-by-a-strangers-word",
        "only who takes part, or the centre, holds an operation",
        DECIDED,
        "    if envelope.party not in (*_concerned(view), envelope.centre):\n",
        "    if False:\n",
        (f"{TEST}::TestWhoHolds::test_who_takes_no_part_is_refused",),
    ),
    Fault(
        "warning-offered-too-late",
        "the desk offers no statement that planning will refuse",
        "adapters/desk/samsyn_adapter_desk/domain/compromised.py",
        "return not operation.is_over and not has_ended",
        "return not operation.is_over",
        (
            "tests/unit/desk/test_compromised.py::test_that_it_may_be_compromised_is_offered_until_its_session_has_ended",
        ),
    ),
    Fault(
        "compromised-told-for-a-stranger",
        "nobody is told what a stranger fears of an operation",
        RULES,
        '{"id": "D78", "type": "OperationCompromised", "to": "known_participants", "only_from_parts": true,',
        '{"id": "D78", "type": "OperationCompromised", "to": "known_participants",',
        (f"{TEST_TOLD}::test_that_an_operation_may_be_compromised_is_told_to_nobody_on_a_strangers_word",),
    ),
)
