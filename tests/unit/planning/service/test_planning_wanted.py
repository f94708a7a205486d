"""What follows from inspections proposed, amended and withdrawn, and from interest and readiness declared."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.inspections import (
    InspectionAmended,
    InspectionWithdrawn,
    InterestDeclared,
    ReadinessDeclared,
)
from samsyn_contracts.message import Message
from samsyn_planning.domain.facts import Decision, Wanted
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.wanted import (
    amend_inspection,
    declare_interest,
    declare_readiness,
    propose_inspection,
    withdraw_inspection,
)

from tests.support.planning_facts import AV, OTHER_CENTRE, SKV, a_proposal, a_team, a_wanted, an_envelope

I1 = f"{AV}:I1"
ELSEWHERE = a_wanted(I1, centre=OTHER_CENTRE)


def amendment(**changes: Any) -> InspectionAmended:
    return InspectionAmended.model_validate({"inspection_id": I1, "changes": changes})


WITHDRAWN = InspectionWithdrawn(inspection_id=I1, reason_code="bankrupt")
INTEREST = InterestDeclared(inspection_id=I1, agency=SKV, interest="high")
READY = ReadinessDeclared(inspection_id=I1, agency=SKV, ready=True)


def decided(known: Wanted | None, message: Any, sequence: int | None = None) -> Decision:
    envelope = an_envelope(message, "m1", sequence=sequence)
    if isinstance(message, InspectionAmended):
        return amend_inspection(known, message, envelope)
    if isinstance(message, InspectionWithdrawn):
        return withdraw_inspection(known, message, envelope)
    if isinstance(message, InterestDeclared):
        return declare_interest(known, message, DEFAULT, envelope)
    if isinstance(message, ReadinessDeclared):
        return declare_readiness(known, message, envelope)
    return propose_inspection(known, None, message, envelope)


def kept(decision: Decision) -> Wanted:
    assert decision.refuse is None
    (wanted,) = decision.keep
    assert isinstance(wanted, Wanted)
    return wanted


def refusal(decision: Decision) -> tuple[str, str]:
    assert decision.refuse is not None
    assert (decision.keep, decision.changed) == ((), None)
    return decision.refuse.code, decision.refuse.pointer


def test_an_inspection_proposed_joins_the_list_and_is_planned_when_facts_have_settled() -> None:
    decision = decided(None, a_proposal(I1))

    assert (kept(decision).id, kept(decision).party, decision.changed) == (I1, AV, "period")


def test_an_inspection_without_a_position_cannot_be_planned() -> None:
    site = {"site_id": f"{AV}:S1", "municipality": "1480"}

    assert refusal(decided(None, a_proposal(I1, site=site))) == ("missing_field", "/site/position")


def test_an_inspection_cannot_have_the_id_of_a_capacity() -> None:
    message = a_proposal(f"{AV}:T1")

    decision = propose_inspection(None, a_team(f"{AV}:T1"), message, an_envelope(message))

    assert refusal(decision) == ("invalid_field", "/inspection_id")


def test_an_inspection_proposed_anew_keeps_what_agencies_declared_of_it() -> None:
    wanted = kept(decided(a_wanted(I1, ready={SKV: True}), a_proposal(I1, value=900)))

    assert (wanted.proposal.value, wanted.ready) == (900, {SKV: True})


def test_an_inspection_withdrawn_and_proposed_anew_is_wanted_again() -> None:
    gone = a_wanted(I1, is_withdrawn=True, withdrawn_by="w1")

    wanted = kept(decided(gone, a_proposal(I1)))

    assert (wanted.is_withdrawn, wanted.withdrawn_by) == (False, None)


def test_an_amendment_changes_only_what_it_names() -> None:
    decision = decided(a_wanted(I1, value=100), amendment(police_need="wanted"))

    proposal = kept(decision).proposal
    assert (proposal.police_need, proposal.value, decision.changed) == ("wanted", 100, "period")


def test_an_inspection_withdrawn_is_off_the_list_at_once() -> None:
    decision = decided(a_wanted(I1), WITHDRAWN)

    assert (kept(decision).is_withdrawn, kept(decision).withdrawn_by) == (True, "m1")
    assert (decision.changed, decision.cause_code) == ("loss", "bankrupt")


@pytest.mark.parametrize(("interest", "points"), [("low", 20), ("medium", 50), ("high", 90)])
def test_interest_counts_by_the_policys_points_and_starts_no_replan(interest: Any, points: int) -> None:
    decision = decided(a_wanted(I1), InterestDeclared(inspection_id=I1, agency=SKV, interest=interest))

    assert (kept(decision).interests, decision.changed) == ({SKV: points}, None)


def test_readiness_is_each_agencys_own_and_starts_no_replan() -> None:
    decision = decided(a_wanted(I1, ready={AV: True}), READY)

    assert (kept(decision).ready, decision.changed) == ({AV: True, SKV: True}, None)


def test_an_agency_may_be_ready_no_longer() -> None:
    unready = ReadinessDeclared(inspection_id=I1, agency=SKV, ready=False)

    assert kept(decided(a_wanted(I1, ready={SKV: True}), unready)).ready == {SKV: False}


@pytest.mark.parametrize("known", [None, ELSEWHERE])
@pytest.mark.parametrize("message", [amendment(value=1), WITHDRAWN, INTEREST, READY])
def test_nothing_can_be_said_of_an_inspection_that_is_not_on_the_centres_list(
    known: Wanted | None, message: Message
) -> None:
    assert refusal(decided(known, message)) == ("unknown_id", "/inspection_id")


def test_an_inspection_of_another_centre_cannot_be_proposed_here() -> None:
    assert refusal(decided(ELSEWHERE, a_proposal(I1))) == ("unknown_id", "/headers/ce_centre")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (a_proposal(I1), a_proposal(I1, value=5)),
        (amendment(value=1), amendment(value=2)),
        (a_proposal(I1), WITHDRAWN),
        (INTEREST, INTEREST),
        (READY, READY),
    ],
)
def test_an_older_fact_about_the_same_thing_is_superseded(earlier: Message, later: Message) -> None:
    newest = kept(decided(a_wanted(I1), later, sequence=4))

    assert refusal(decided(newest, earlier, sequence=3)) == ("superseded", "/headers/ce_sequence")


def test_what_one_agency_says_does_not_age_what_another_says() -> None:
    heard = kept(decided(a_wanted(I1, ready={}), READY, sequence=9))

    later = decided(heard, ReadinessDeclared(inspection_id=I1, agency=AV, ready=True), sequence=1)

    assert kept(later).ready == {AV: True, SKV: True}
