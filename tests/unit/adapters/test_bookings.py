"""What an Operation… message means for the calendar of one agency."""

from typing import Any

import pytest
from samsyn_adapter_sdk.bookings import Booking, Visit, booking_of
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    Participant,
)
from samsyn_contracts.platform import TimePassed

from tests.support.heard_messages import COMMON, PLANNED, SLOT, START_AT

GUARDS = {"police": "met", "other_agency": "met", "ready": "met", "coordinator": "not_needed"}
WHY: dict[str, Any] = {"cause_event_ids": (), "reasons": (), "notice_minutes": 9, "plan_version": 4}


def a_part(agency: str, number: str = "t1", status: str = "accepted", role: str | None = None) -> Participant:
    facts = {"agency": agency, "capacity_id": f"{agency}:{number}", "status": status, "role": role}
    return Participant.model_validate(facts)


def scheduled(*parts: Participant) -> OperationScheduled:
    return OperationScheduled(**COMMON, slot=SLOT, participants=parts, inspections=(PLANNED,))


def booked(message: Any, agency: str = "skatteverket") -> Booking:
    booking = booking_of(message, agency)
    assert booking is not None
    return booking


def test_a_booking_has_the_version_the_route_and_the_own_capacities() -> None:
    booking = booked(scheduled(a_part("skatteverket"), a_part("migrationsverket")))
    assert (booking.state, booking.plan_version, booking.capacity_ids) == ("scheduled", 1, ("skatteverket:t1",))
    assert booking.visits == (Visit("skatteverket:i1", START_AT, PLANNED.end_at),)
    assert booking.inspection_ids == ("skatteverket:i1",)


def test_who_has_accepted_is_told_in_their_roles_without_the_police() -> None:
    parts = (
        a_part("skatteverket"),
        a_part("skatteverket", "t2"),
        a_part("migrationsverket", status="invited"),
        a_part("kommun-goteborg", role="tillstandsenheten"),
        a_part("polisen", "p1"),
    )
    booking = booked(scheduled(*parts))
    assert booking.accepted == ("kommun-goteborg/tillstandsenheten", "skatteverket")
    assert booking.has_police


@pytest.mark.parametrize("parts", [(), (a_part("polisen", "p1", "invited"),), (a_part("polisen", "p2"),)])
def test_without_an_accepted_police_session_there_are_no_police(parts: tuple[Participant, ...]) -> None:
    assert not booked(scheduled(a_part("skatteverket"), *parts)).has_police


def test_an_agency_that_has_no_part_any_more_is_released_and_told_no_route() -> None:
    booking = booked(scheduled(a_part("migrationsverket")))
    assert (booking.state, booking.capacity_ids, booking.visits) == ("released", (), ())


def test_a_confirmed_operation_is_no_change() -> None:
    told = {**COMMON, "slot": SLOT, "participants": (a_part("skatteverket"),), "guard_results": GUARDS}
    booking = booked(OperationConfirmed.model_validate(told))
    assert (booking.state, booking.is_change) == ("confirmed", False)


def test_a_rescheduled_operation_is_a_change_that_waits_to_be_confirmed() -> None:
    told = {**COMMON, **WHY, "from_slot": SLOT, "to_slot": SLOT, "ladder_step": "moved_session"}
    booking = booked(OperationRescheduled.model_validate(told | {"participants": (a_part("skatteverket"),)}))
    assert (booking.state, booking.is_change, booking.plan_version) == ("scheduled", True, 4)


@pytest.mark.parametrize("kind", [OperationPostponed, OperationCancelled])
def test_an_operation_that_does_not_take_place_releases(kind: Any) -> None:
    told = {**COMMON, **WHY, "from_slot": SLOT, "cause_code": "police_lost", "released": ()}
    booking = booked(kind.model_validate(told))
    assert (booking.state, booking.is_change, booking.plan_version) == ("released", True, 4)


def test_other_messages_are_no_bookings() -> None:
    assert booking_of(TimePassed(centre="akc-vast", until=START_AT), "skatteverket") is None
