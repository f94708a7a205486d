"""What follows from capacity offered and withdrawn, consent given beforehand, and automation switched."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.capacity import (
    AutomationModeChanged,
    CapacityWithdrawn,
    ConsentRevoked,
)
from samsyn_planning.domain.capacity import (
    change_mode,
    give_consent,
    offer_capacity,
    party_of,
    revoke_consent,
    team_of,
    withdraw_capacity,
)
from samsyn_planning.domain.facts import Capacity, Decision

from tests.support.planning_facts import (
    AV,
    OTHER_CENTRE,
    SKV,
    a_consent,
    a_team,
    a_team_offer,
    a_wanted,
    an_envelope,
    at,
    the_centre,
)

P1 = "polisen:P1"


def refusal(decision: Decision) -> tuple[str, str]:
    assert decision.refuse is not None
    assert decision.changed is None
    return decision.refuse.code, decision.refuse.pointer


def kept(decision: Decision) -> Capacity:
    assert decision.refuse is None
    (capacity,) = decision.keep
    assert isinstance(capacity, Capacity)
    return capacity


def offered(known: Capacity | None = None, *same_team: Capacity, sequence: int | None = None, **offer: Any) -> Decision:
    message = a_team_offer(**offer)
    return offer_capacity(known, same_team, None, message, an_envelope(message, sequence=sequence))


def test_capacity_offered_is_kept_and_planned_when_facts_have_settled() -> None:
    decision = offered()

    assert (kept(decision).id, kept(decision).party, decision.changed) == (f"{AV}:T1", AV, "period")


def test_a_team_of_one_role_is_kept_under_agency_and_role() -> None:
    offer = a_team_offer("kommun-goteborg:T1")
    envelope = an_envelope(offer, actorrole="miljoforvaltningen")

    assert kept(offer_capacity(None, (), None, offer, envelope)).party == "kommun-goteborg/miljoforvaltningen"


def test_teams_of_two_agencies_may_have_the_same_name() -> None:
    ours, theirs = a_team_offer(f"{AV}:T1", team="lag-1"), a_team_offer(f"{SKV}:T1", team="lag-1")

    assert team_of(ours, an_envelope(ours)) != team_of(theirs, an_envelope(theirs))


def test_overlapping_time_of_one_team_is_refused() -> None:
    decision = offered(None, a_team(), capacity_id=f"{AV}:T2", start_at=at(13, 12), end_at=at(13, 18))

    assert refusal(decision) == ("overlapping_capacity", "/start_at")


@pytest.mark.parametrize(
    ("why", "other", "new"),
    [
        ("one ends as the other begins", {}, {"start_at": at(13, 16), "end_at": at(13, 20)}),
        ("they are alternatives", {"alternatives_group": "g"}, {"alternatives_group": "g"}),
    ],
)
def test_a_team_may_have_a_second_shift_when(why: str, other: dict[str, Any], new: dict[str, Any]) -> None:
    assert kept(offered(None, a_team(**other), capacity_id=f"{AV}:T2", **new)).id == f"{AV}:T2"


def test_a_shift_withdrawn_is_in_nobodys_way() -> None:
    gone = a_team().model_copy(update={"gone_by": "w1"})

    assert kept(offered(None, gone, capacity_id=f"{AV}:T2")).id == f"{AV}:T2"


def test_a_capacity_does_not_overlap_itself_when_it_is_offered_anew() -> None:
    assert kept(offered(a_team(), a_team(), end_at=at(13, 15))).offer.end_at == at(13, 15)


def test_a_shift_withdrawn_and_offered_anew_is_there_again() -> None:
    assert not kept(offered(a_team().model_copy(update={"gone_by": "w1"}))).is_lost


def test_an_older_offer_is_superseded() -> None:
    known = a_team().model_copy(update={"sequence": 7})

    assert refusal(offered(known, sequence=7)) == ("superseded", "/headers/ce_sequence")


def test_an_offer_without_a_number_does_not_make_older_ones_new() -> None:
    known = a_team().model_copy(update={"sequence": 7})

    assert kept(offered(known)).sequence == 7


def test_a_capacity_of_another_centre_cannot_be_offered_here() -> None:
    elsewhere = a_team().model_copy(update={"centre": OTHER_CENTRE})

    assert refusal(offered(elsewhere)) == ("unknown_id", "/headers/ce_centre")


def test_a_capacity_cannot_have_the_id_of_an_inspection() -> None:
    offer = a_team_offer(f"{AV}:I1")

    decision = offer_capacity(None, (), a_wanted(f"{AV}:I1"), offer, an_envelope(offer))

    assert refusal(decision) == ("invalid_field", "/capacity_id")


def test_a_capacity_withdrawn_is_gone_at_once() -> None:
    message = CapacityWithdrawn(capacity_id=f"{AV}:T1", reason_code="illness")

    decision = withdraw_capacity(a_team(), message, an_envelope(message, "w1"))

    assert (kept(decision).lost_by, decision.changed, decision.cause_code) == ("w1", "loss", "illness")


def test_a_department_withdraws_and_offers_anew_its_own_capacity_alone() -> None:
    message = CapacityWithdrawn(capacity_id=a_team().id, reason_code="illness")
    known = a_team().model_copy(update={"party": f"{AV}/unit-a"})
    of_another, own = (an_envelope(message, "w1", actorrole=f"unit-{unit}") for unit in "ba")
    anew = a_team_offer()

    assert refusal(withdraw_capacity(known, message, of_another)) == ("not_owner", "/capacity_id")
    assert withdraw_capacity(known, message, own).refuse is None
    offer_of_another = offer_capacity(known, (), None, anew, an_envelope(anew, actorrole="unit-b"))
    assert refusal(offer_of_another) == ("not_owner", "/capacity_id")


def test_a_department_revokes_its_own_consent_alone() -> None:
    message = ConsentRevoked(consent_id=a_consent(AV).id)
    known = a_consent(AV).model_copy(update={"party": f"{AV}/unit-a"})

    assert refusal(revoke_consent(known, message, an_envelope(message, actorrole="unit-b"))) == (
        "not_owner",
        "/consent_id",
    )
    assert revoke_consent(known, message, an_envelope(message, actorrole="unit-a")).refuse is None


def test_a_capacity_never_offered_cannot_be_withdrawn() -> None:
    message = CapacityWithdrawn(capacity_id=f"{AV}:T1", reason_code="illness")

    assert refusal(withdraw_capacity(None, message, an_envelope(message))) == ("unknown_id", "/capacity_id")


def test_consent_given_beforehand_is_kept_under_the_party_that_gave_it() -> None:
    given = a_consent(AV).given

    assert give_consent(given, an_envelope(given)).keep == (a_consent(AV),)


def test_a_consent_revoked_holds_no_longer_and_moves_nothing() -> None:
    message = ConsentRevoked(consent_id=f"{AV}:C1")

    decision = revoke_consent(a_consent(AV), message, an_envelope(message))

    assert decision.keep == (a_consent(AV).model_copy(update={"is_revoked": True}),)
    assert decision.changed is None


def test_a_consent_never_given_cannot_be_revoked() -> None:
    message = ConsentRevoked(consent_id=f"{AV}:C1")

    assert refusal(revoke_consent(None, message, an_envelope(message))) == ("unknown_id", "/consent_id")


@pytest.mark.parametrize(("mode", "changed"), [("auto", "loss"), ("propose", None), ("off", None)])
def test_only_automation_switched_on_takes_up_what_was_queued(mode: Any, changed: str | None) -> None:
    message = AutomationModeChanged(centre="akc-vast", mode=mode, by_function="coordinator", reason_code="other")

    decision = change_mode(the_centre(mode="off", is_queue_told=True), message)

    assert decision.keep == (the_centre(mode=mode),)
    assert decision.changed == changed


def test_a_centre_switches_its_own_automation_alone() -> None:
    message = AutomationModeChanged(centre=OTHER_CENTRE, mode="off", by_function="coordinator", reason_code="other")

    assert refusal(change_mode(the_centre(), message)) == ("unknown_id", "/centre")


def test_a_party_speaks_in_its_role() -> None:
    message = a_team_offer("kommun-goteborg:T1")

    assert party_of(an_envelope(message, actorrole="tillstandsenheten")) == "kommun-goteborg/tillstandsenheten"
