"""What planning tells is followed version by version, and nobody may be in two places."""

from datetime import timedelta

from samsyn_demo.bookings import DoubleBooking, double_bookings
from samsyn_demo.places import local

from tests.unit.demo.demo_forms import TUESDAY, a_record, an_operation_told

AFTERNOON = local(TUESDAY, 13)


def test_one_team_may_have_two_operations_after_each_other() -> None:
    told = [
        an_operation_told("op:a", "polisen:a", inspections=["i1"], offset=1),
        an_operation_told("op:b", "polisen:b", inspections=["i2"], start_at=AFTERNOON, offset=2),
    ]

    assert double_bookings([], told) == ()


def test_two_shifts_of_one_team_at_the_same_time_are_a_double_booking() -> None:
    offers = [
        a_record("samsyn.admitted.v1", "CapacityOffered", {"capacity_id": f"skatteverket:{n}", "team": "lag-1"})
        for n in ("t1", "t2")
    ]
    told = [
        an_operation_told("op:a", "polisen:a", ["skatteverket:t1"], ["i1"], offset=1),
        an_operation_told("op:b", "polisen:b", ["skatteverket:t2"], ["i2"], offset=2),
    ]

    assert double_bookings([], [*offers, *told]) == (DoubleBooking("team", "skatteverket lag-1", ("op:a", "op:b")),)


def test_two_operations_on_one_police_session_are_a_double_booking() -> None:
    told = [
        an_operation_told("op:a", "polisen:a", ["skatteverket:t1"], ["i1"], offset=1),
        an_operation_told("op:b", "polisen:a", ["skatteverket:t2"], ["i2"], offset=2),
    ]

    assert [clash.kind for clash in double_bookings([], told)] == ["police session"]


def test_one_inspection_in_two_operations_is_a_double_booking() -> None:
    told = [
        an_operation_told("op:a", "polisen:a", ["skatteverket:t1"], ["i1"], offset=1),
        an_operation_told("op:b", "polisen:b", ["skatteverket:t2"], ["i1"], offset=2),
    ]

    assert [clash.kind for clash in double_bookings([], told)] == ["inspection"]


def test_operations_that_change_places_within_a_version_are_no_double_booking() -> None:
    told = [
        an_operation_told("op:a", "polisen:a", ["t1"], ["i1"], offset=1),
        an_operation_told("op:b", "polisen:b", ["t2"], ["i2"], offset=2),
        an_operation_told("op:a", "polisen:b", ["t1"], ["i1"], said="OperationRescheduled", version=2, offset=3),
        an_operation_told("op:b", "polisen:a", ["t2"], ["i2"], said="OperationRescheduled", version=2, offset=4),
    ]

    assert double_bookings([], told) == ()


def test_a_double_booking_that_a_later_version_mends_is_still_seen() -> None:
    told = [
        an_operation_told("op:a", "polisen:a", ["t1"], ["i1"], offset=1),
        an_operation_told("op:b", "polisen:b", ["t1"], ["i2"], offset=2),
        an_operation_told("op:b", "polisen:b", ["t2"], ["i2"], said="OperationRescheduled", version=2, offset=3),
    ]

    assert len(double_bookings([], told)) == 1


def test_an_operation_that_is_postponed_frees_what_it_had() -> None:
    told = [
        an_operation_told("op:a", "polisen:a", ["t1"], ["i1"], offset=1),
        an_operation_told("op:a", said="OperationPostponed", version=2, offset=2),
        an_operation_told("op:b", "polisen:b", ["t1"], ["i1"], version=2, offset=3),
    ]

    assert double_bookings([], told) == ()


def test_the_records_are_followed_in_the_order_of_their_offsets() -> None:
    told = [
        an_operation_told("op:b", "polisen:b", ["t1"], ["i1"], version=2, offset=3),
        an_operation_told("op:a", said="OperationCancelled", version=2, offset=2),
        an_operation_told("op:a", "polisen:a", ["t1"], ["i1"], offset=1),
    ]

    assert double_bookings([], told) == ()


def test_operations_that_touch_in_time_do_not_overlap() -> None:
    told = [
        an_operation_told("op:a", "polisen:a", ["t1"], ["i1"], start_at=AFTERNOON, offset=1),
        an_operation_told("op:b", "polisen:b", ["t1"], ["i2"], start_at=AFTERNOON + timedelta(hours=4), offset=2),
    ]

    assert double_bookings([], told) == ()


def test_an_inspection_left_undone_on_its_day_may_be_planned_again() -> None:
    told = [
        an_operation_told("op:a", "polisen:p1", ["skatteverket:t1"], ["skatteverket:i1"], offset=1),
        an_operation_told("op:b", "polisen:p2", ["skatteverket:t2"], ["skatteverket:i1"], offset=2),
    ]
    body = {"operation_id": "op:a", "left_inspection_ids": ["skatteverket:i1"]}
    left = a_record("samsyn.inspection.v1", "OperationCompleted", body, "end-1", "service:inspection")

    assert len(double_bookings([], told)) == 1
    assert double_bookings([], [*told, left]) == ()
