"""Faults of findings and contents: who gets to know what nobody but the sender may decide about."""

from __future__ import annotations

from tests.plant.fault import Fault

EXCHANGE = "services/exchange/samsyn_exchange"
BASES, FINDINGS = f"{EXCHANGE}/domain/bases.py", f"{EXCHANGE}/domain/findings.py"
UNIT, INTEGRATION = "tests/unit/exchange", "tests/integration/exchange"

OF_FINDINGS = (
    Fault(
        "shared-without-assessment",
        "P5: no finding without the sender's own assessment where the rule asks for one",
        BASES,
        'else basis.outcome != "weigh":',
        "else True:",
        (f"{UNIT}/test_exchange_judging.py::test_a_row_without_an_assessment_is_not_assessed",),
    ),
    Fault(
        "basis-before-its-day",
        "P5: a rule holds from its day",
        BASES,
        "return in_force and between",
        "return between",
        (f"{UNIT}/test_exchange_bases.py::TestTheTable::test_a_rule_holds_from_its_day_and_not_the_day_before",),
    ),
    Fault(
        "no-does-not-take-back",
        "a sender's no ends the receiver's right to fetch",
        FINDINGS,
        "ended=tuple((ref, receiver) for receiver in lost if ref)",
        "ended=()",
        (f"{UNIT}/test_exchange_findings.py::test_a_no_takes_back_what_was_shared_and_both_are_told",),
    ),
    Fault(
        "references-for-all",
        "P5: a sole trader's reference goes to whom its owner allows it",
        f"{EXCHANGE}/domain/disclosure.py",
        "for name, ref in references_in(facts) if ref in entitled",
        "for name, ref in references_in(facts)",
        (f"{UNIT}/test_exchange_redaction.py::test_a_sole_traders_identity_is_in_no_view_not_even_as_a_reference",),
    ),
    Fault(
        "contents-of-others",
        "P3: nobody speaks of another's contents",
        f"{EXCHANGE}/domain/admission.py",
        "if is_ref(value) and owner_of(value) != party.code:",
        "if False:",
        (f"{UNIT}/test_exchange_admission.py::test_a_party_refers_to_no_contents_but_its_own",),
    ),
)
