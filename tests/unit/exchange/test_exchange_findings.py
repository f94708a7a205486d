"""What becomes of a finding when it is placed and when it is assessed: told once, shared once, taken back at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from samsyn_contracts.findings import DisclosureAssessed, FindingPlaced, FindingShared, FindingWithheld
from samsyn_contracts.platform import EventRejected
from samsyn_exchange.domain.bases import Assessment
from samsyn_exchange.domain.contents import GRANT_LASTS
from samsyn_exchange.domain.findings import Decision, Finding, Known, Told, considered, reassessed

from tests.unit.exchange.judging import AV, BASES, GBG, POLICE, REGISTER, SKV, SPRING_2026, an_assessment
from tests.unit.exchange.saying import CENTRE, CONTENTS, a_message, an_envelope

OF_ONE = {"finding_id": "skatteverket:f1"}


def a_finding(candidates: Sequence[str] = (AV, GBG), centre: str = CENTRE, ref: str | None = CONTENTS) -> Finding:
    about = ("skatteverket:f1", centre, "op:polisen:p1", "skatteverket:i1", SKV)
    return Finding(*about, tuple(candidates), "tax", ref)


def placed(*assessments: Assessment, known: Finding | None = None, **changed: Any) -> Decision:
    """What follows from a finding that inspection places."""
    message = a_message("FindingPlaced", **changed)
    assert isinstance(message, FindingPlaced)
    return considered(message, CENTRE, Known(known, {}, assessments), BASES, REGISTER, SPRING_2026)


def assessed(
    *kept: Assessment,
    finding: Finding | None = None,
    was: dict[str, Told] | None = None,
    earlier: Assessment | None = None,
    centre: str = CENTRE,
    sequence: int | None = None,
    **changed: Any,
) -> Decision:
    """What follows from an assessment that Skatteverket says, until 2030 and about f1 unless changed."""
    message = a_message("DisclosureAssessed", **{"valid_until": "2030-01-01T00:00:00Z", **OF_ONE, **changed})
    assert isinstance(message, DisclosureAssessed)
    envelope = an_envelope("DisclosureAssessed", "urn:samsyn:skatteverket", centre=centre, sequence=sequence)
    known = Known(finding, was, kept, earlier)
    return reassessed(message, envelope, known, BASES, REGISTER, SPRING_2026)


def told(decision: Decision) -> list[tuple[str, str, str | None]]:
    """Receiver, `shared` or the reason, and whom of sender and receiver it is meant for."""
    lines: list[tuple[str, str, str | None]] = []
    for message in decision.messages:
        if isinstance(message, FindingShared):
            lines.append((message.receiver, "shared", message.assessment_id))
        if isinstance(message, FindingWithheld):
            lines.append((message.receiver, message.reason_code, message.told_to))
    return lines


def refused(decision: Decision) -> list[tuple[str, str]]:
    """Codes and pointers of what the sender is answered."""
    answers = [message for message in decision.messages if isinstance(message, EventRejected)]
    return [(reason.code, reason.pointer) for answer in answers for reason in answer.reasons]


def test_a_finding_is_shared_with_one_and_withheld_from_another_with_the_reason() -> None:
    decision = placed(an_assessment())

    assert told(decision) == [(AV, "shared", "skatteverket:a1"), (GBG, "denied", GBG)]
    shared = decision.messages[0]
    assert isinstance(shared, FindingShared)
    assert (shared.rule_id, shared.purpose, shared.payload_ref) == ("b01", "follow-up", CONTENTS)


def test_whom_it_is_shared_with_may_fetch_for_thirty_days() -> None:
    (grant,) = placed(an_assessment()).grants

    assert (grant.ref, grant.party, grant.basis, grant.assessment_id) == (CONTENTS, AV, "b01", "skatteverket:a1")
    assert (grant.granted_at, grant.expires_at) == (SPRING_2026, SPRING_2026 + timedelta(days=30))
    assert timedelta(days=30) == GRANT_LASTS


def test_without_an_assessment_nobody_gets_it_and_the_sender_alone_is_told_why() -> None:
    decision = placed(candidates=[AV, POLICE])

    assert told(decision) == [(AV, "not_assessed", None), (POLICE, "not_assessed", None)]
    assert decision.grants == ()


def test_a_weighing_for_planning_shares_nothing_that_was_found() -> None:
    assert told(placed(an_assessment(purpose="plan"), candidates=[AV])) == [(AV, "not_assessed", None)]


def test_labour_exploitation_is_told_to_nobody_but_its_sender() -> None:
    decision = placed(category="labour_exploitation", candidates=[AV, GBG, POLICE])

    assert told(decision) == [(AV, "no_basis", None), (GBG, "denied", None), (POLICE, "no_basis", None)]


def test_a_finding_placed_before_has_had_its_effect() -> None:
    assert placed(an_assessment(), known=a_finding()) == Decision()


def test_a_finding_without_contents_is_shared_and_nothing_can_be_fetched() -> None:
    decision = placed(an_assessment(), payload_ref=None)

    assert told(decision)[0] == (AV, "shared", "skatteverket:a1")
    assert decision.grants == ()


def test_a_receiver_that_the_senders_own_yes_names_is_considered_though_inspection_did_not_name_it() -> None:
    yes = an_assessment(POLICE, **OF_ONE)
    no = an_assessment(POLICE, number="a2", outcome="deny", finding_id="skatteverket:f1")

    assert told(placed(yes, candidates=[AV])) == [(AV, "not_assessed", None), (POLICE, "shared", "skatteverket:a1")]
    assert told(placed(no, candidates=[AV])) == [(AV, "not_assessed", None)]
    assert told(assessed(finding=a_finding([AV]), receiver=POLICE)) == [(POLICE, "shared", "skatteverket:a1")]
    assert told(assessed(finding=a_finding([AV]), receiver=POLICE, outcome="deny")) == []


def test_a_yes_said_later_shares_now_and_for_its_receiver_alone() -> None:
    was = {AV: Told("not_assessed", False), GBG: Told("denied", False)}

    decision = assessed(finding=a_finding(), was=was)

    assert told(decision) == [(AV, "shared", "skatteverket:a1")]
    assert [grant.party for grant in decision.grants] == [AV]
    assert decision.assessment is not None


def test_a_yes_said_again_shares_nothing_again_while_it_can_be_fetched() -> None:
    decision = assessed(finding=a_finding(), was={AV: Told("shared", True)})

    assert (decision.messages, decision.grants, decision.verdicts) == ((), (), ())


def test_the_owner_gives_the_right_to_fetch_anew_by_saying_yes_again() -> None:
    decision = assessed(finding=a_finding(), was={AV: Told("shared", False)})

    assert told(decision) == [(AV, "shared", "skatteverket:a1")]
    assert len(decision.grants) == 1


def test_a_no_takes_back_what_was_shared_and_both_are_told() -> None:
    standing = an_assessment(number="a9")

    decision = assessed(standing, finding=a_finding(), was={AV: Told("shared", True)}, outcome="deny")

    assert told(decision) == [(AV, "assessed_deny", AV)]
    assert decision.ended == ((CONTENTS, AV),)
    assert decision.grants == ()


def test_a_no_to_what_was_withheld_tells_the_sender_the_new_reason_once() -> None:
    first = assessed(finding=a_finding(), was={AV: Told("not_assessed", False)}, outcome="deny")
    again = assessed(finding=a_finding(), was={AV: Told("assessed_deny", False)}, outcome="deny")

    assert told(first) == [(AV, "assessed_deny", None)]
    assert told(again) == []
    assert first.ended == ()


def test_a_weighing_for_another_purpose_takes_nothing_back() -> None:
    decision = assessed(finding=a_finding(), was={AV: Told("shared", True)}, purpose="plan")

    assert (decision.messages, decision.ended) == ((), ())


def test_an_assessment_takes_the_place_of_the_earlier_one_with_its_id() -> None:
    before = an_assessment(outcome="deny", **OF_ONE)

    decision = assessed(before, finding=a_finding(), was={AV: Told("assessed_deny", False)}, earlier=before)

    assert told(decision) == [(AV, "shared", "skatteverket:a1")]


def test_a_standing_assessment_is_kept_and_reconsiders_nothing() -> None:
    decision = assessed(finding_id=None)

    assert decision.messages == ()
    assert decision.assessment is not None
    assert decision.assessment.finding_id is None


def test_an_assessment_said_before_its_finding_is_placed_is_kept_until_then() -> None:
    decision = assessed()

    assert decision.messages == ()
    assert decision.assessment is not None
    assert told(placed(decision.assessment))[0] == (AV, "shared", "skatteverket:a1")


@pytest.mark.parametrize("finding", [a_finding(centre="akc-syd"), None])
def test_a_finding_is_assessed_about_its_own_centre_alone(finding: Finding | None) -> None:
    centre = CENTRE if finding else "_all"

    decision = assessed(finding=finding, centre=centre)

    assert refused(decision) == [("unknown_id", "/finding_id")]
    assert decision.assessment is None


def test_only_the_sender_of_a_finding_assesses_it() -> None:
    decision = assessed(finding_id="polisen:f1")

    assert refused(decision) == [("not_owner", "/finding_id")]
    assert decision.assessment is None


@pytest.mark.parametrize(
    ("earlier", "now", "is_taken"),
    [(7, 8, True), (7, 7, False), (7, 6, False), (7, None, True), (None, 1, True)],
)
def test_only_a_newer_assessment_takes_the_place_of_an_earlier_one(
    earlier: int | None, now: int | None, is_taken: bool
) -> None:
    decision = assessed(earlier=an_assessment(sequence=earlier), sequence=now)

    assert (decision.assessment is not None) == is_taken
    assert refused(decision) == ([] if is_taken else [("superseded", "/headers/ce_sequence")])


def test_a_sequence_left_out_once_is_not_lost() -> None:
    decision = assessed(earlier=an_assessment(sequence=7))

    assert decision.assessment is not None
    assert decision.assessment.sequence == 7


def test_the_answer_names_the_event_that_had_no_effect() -> None:
    (answer,) = assessed(finding_id="polisen:f1").messages

    assert isinstance(answer, EventRejected)
    assert (answer.party, answer.rejected_type) == (SKV, "se.samsyn.DisclosureAssessed.v1")
