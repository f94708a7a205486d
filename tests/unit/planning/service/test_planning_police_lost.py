"""What follows when the police lose a session, wholly or in part, and when they have it again."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.capacity import (
    PoliceCancellationRetracted,
    PoliceRestored,
)
from samsyn_planning.domain.capacity import (
    cancel_police,
    offer_capacity,
    restore_police,
    retract_cancellation,
)
from samsyn_planning.domain.facts import Capacity, Decision

from tests.support.planning_facts import (
    OTHER_CENTRE,
    a_cancellation,
    a_capacity,
    a_session,
    a_team,
    an_envelope,
    an_offer,
    at,
    lost,
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


def cancelled(known: Capacity | None, id_: str = "c1", sequence: int | None = None, **part: Any) -> Decision:
    message = a_cancellation(**part)
    return cancel_police(known, message, the_centre(), an_envelope(message, id_, sequence=sequence))


def retracted(
    known: Capacity | None, cancelled_event: str = "c1", sequence: int | None = None, **centre: Any
) -> Decision:
    message = PoliceCancellationRetracted(capacity_id=P1, cancelled_event=cancelled_event)
    return retract_cancellation(known, message, the_centre(**centre), an_envelope(message, "r1", sequence=sequence))


def restored(known: Capacity | None, sequence: int | None = None, **centre: Any) -> Decision:
    message = PoliceRestored(capacity_id=P1)
    return restore_police(known, message, the_centre(**centre), an_envelope(message, "r1", sequence=sequence))


def test_police_lose_a_whole_session_at_once() -> None:
    decision = cancelled(a_session())

    assert (kept(decision).is_lost, kept(decision).lost_by) == (True, "c1")
    assert (decision.changed, decision.cause_code) == ("loss", "disturbance")


@pytest.mark.parametrize(
    ("part", "span"),
    [
        ({"available_from": at(13, 10)}, (at(13, 10), at(13, 16))),
        ({"available_until": at(13, 12)}, (at(13, 8), at(13, 12))),
        ({"available_from": at(13, 6), "available_until": at(13, 20)}, (at(13, 8), at(13, 16))),
        ({"officers_left": 2}, (at(13, 8), at(13, 16))),
    ],
)
def test_a_loss_in_part_leaves_the_rest(part: dict[str, Any], span: tuple[Any, Any]) -> None:
    capacity = kept(cancelled(a_session(), **part))

    assert (capacity.is_lost, capacity.span) == (False, span)


@pytest.mark.parametrize(
    "part",
    [
        {"officers_left": 0},
        {"available_from": at(13, 16)},
        {"available_until": at(13, 7)},
        {"available_from": at(13, 12), "available_until": at(13, 12)},
    ],
)
def test_a_loss_in_part_that_leaves_nothing_is_a_whole_one(part: dict[str, Any]) -> None:
    assert kept(cancelled(a_session(), **part)).is_lost


def test_a_cancellation_makes_what_was_told_by_phone_certain() -> None:
    told = a_session().model_copy(update={"reported_by": "t1"})

    assert kept(cancelled(told)).reported_by is None


@pytest.mark.parametrize("known", [None, a_team(), a_session().model_copy(update={"centre": OTHER_CENTRE})])
def test_a_session_that_is_none_of_the_centres_cannot_be_cancelled(known: Capacity | None) -> None:
    assert refusal(cancelled(known)) == ("unknown_id", "/capacity_id")


def test_a_cancellation_of_a_session_that_is_over_changes_nothing() -> None:
    message = a_cancellation()

    decision = cancel_police(a_session(), message, the_centre(now_at=at(13, 16)), an_envelope(message))

    assert refusal(decision) == ("already_past", "/capacity_id")


def test_an_older_cancellation_is_superseded() -> None:
    known = a_session().model_copy(update={"sequence": 3})

    assert refusal(cancelled(known, sequence=2)) == ("superseded", "/headers/ce_sequence")


def test_border_police_are_no_session_that_planning_takes() -> None:
    known = a_capacity(an_offer(P1, "border_police"))

    assert (known.is_police, refusal(cancelled(known))) == (False, ("unknown_id", "/capacity_id"))


def test_a_retraction_makes_the_session_whole_again() -> None:
    decision = retracted(lost(a_session()))

    assert (kept(decision).is_lost, kept(decision).lost_by) == (False, None)
    assert (decision.changed, decision.cause_code) == ("loss", "retracted")


def test_only_the_cancellation_that_holds_can_be_retracted() -> None:
    assert refusal(retracted(lost(a_session()), "c0")) == ("unknown_id", "/cancelled_event")


def test_a_retraction_heard_before_its_cancellation_still_prevails() -> None:
    early = retracted(a_session(), sequence=2)
    (noted,) = early.keep
    assert isinstance(noted, Capacity)

    assert (refusal(early)[0], refusal(cancelled(noted, sequence=1))[0]) == ("unknown_id", "superseded")


def test_police_heard_back_before_their_cancellation_still_come() -> None:
    early = restored(a_session(), sequence=2)
    (noted,) = early.keep
    assert isinstance(noted, Capacity)

    assert (refusal(early)[0], refusal(cancelled(noted, sequence=1))[0]) == ("unknown_id", "superseded")


def test_police_restored_make_the_session_whole_again() -> None:
    decision = restored(lost(a_session()))

    assert (kept(decision).is_lost, decision.changed, decision.cause_code) == (False, "loss", "police_back")


def test_police_restored_end_what_was_told_by_phone() -> None:
    told = a_session().model_copy(update={"reported_by": "t1"})

    assert kept(restored(told)).reported_by is None


def test_police_cannot_come_back_to_a_session_that_has_begun() -> None:
    assert refusal(restored(lost(a_session()), now_at=at(13, 8))) == ("already_past", "/capacity_id")


def test_a_session_that_was_not_lost_cannot_be_restored() -> None:
    assert refusal(restored(a_session())) == ("unknown_id", "/capacity_id")


def test_a_cancellation_is_not_taken_back_once_the_session_has_begun() -> None:
    known = lost(a_session(P1), "c1")

    assert refusal(retracted(known, now_at=known.offer.start_at)) == ("already_past", "/capacity_id")


def test_a_lost_session_offered_again_with_another_figure_is_still_lost() -> None:
    known = lost(a_session(P1), "c1")
    corrected = known.offer.model_copy(update={"staff": 6})

    after = kept(offer_capacity(known, [], None, corrected, an_envelope(corrected, "o2")))

    assert (after.offer.staff, after.loss_event, after.is_lost) == (6, "c1", True)
