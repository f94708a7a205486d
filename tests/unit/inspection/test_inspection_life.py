"""The life of an operation, as planning's messages and the passing of time tell it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from samsyn_inspection.domain.plans import Plan, Told
from samsyn_inspection.domain.record import Record, later, passed, told

from tests.support.told_operations import (
    CENTRE,
    HOURS,
    OPERATION,
    START_AT,
    cancelled,
    confirmed,
    postponed,
    rescheduled,
    scheduled,
)

DAY = timedelta(days=1)


def heard(*messages: Told, until: datetime | None = None) -> Record:
    record = Record(OPERATION, CENTRE, until=until)
    for message in messages:
        record = told(record, message)
    return record


def known(record: Record) -> Plan:
    assert record.plan is not None
    return record.plan


@pytest.mark.parametrize(
    ("last", "life"),
    [
        (confirmed(), "confirmed"),
        (rescheduled(), "rescheduled"),
        (postponed(), "postponed"),
        (cancelled(), "cancelled"),
    ],
)
def test_an_operation_has_the_life_that_planning_last_said(last: Told, life: str) -> None:
    assert heard(scheduled(), last).life == life


def test_an_older_plan_version_never_overwrites_a_newer_one() -> None:
    record = heard(scheduled(version=1), rescheduled(version=5), confirmed(version=4))

    assert record == heard(scheduled(version=1), rescheduled(version=5))


def test_a_rescheduled_operation_has_the_new_slot_and_version() -> None:
    plan = known(heard(scheduled(version=1), rescheduled(version=3, to_start_at=START_AT + DAY)))

    assert (plan.start_at, plan.session_id, plan.version) == (START_AT + DAY, "polisen:P2", 3)


def test_participants_are_kept_with_status_and_capacity_and_inspections_in_their_order() -> None:
    plan = known(heard(scheduled(inspections=("skatteverket:S2", "arbetsmiljoverket:A1"))))

    assert [(part.agency, part.capacity_id, part.status) for part in plan.parts] == [
        ("polisen", "polisen:K1", "accepted"),
        ("arbetsmiljoverket", "arbetsmiljoverket:K1", "accepted"),
    ]
    assert plan.route == ("skatteverket:S2", "arbetsmiljoverket:A1")


@pytest.mark.parametrize("message", [confirmed(), rescheduled(), postponed(), cancelled()])
def test_a_message_about_an_operation_never_scheduled_is_held_not_guessed(message: Told) -> None:
    record = heard(message)

    assert (record.plan, record.life, record.held) == (None, None, (message,))


def test_what_was_held_has_its_effect_in_order_of_version_when_the_operation_is_scheduled() -> None:
    record = heard(cancelled(version=3), confirmed(version=2), scheduled(version=1))

    assert (record.life, known(record).version, record.held) == ("cancelled", 3, ())


def test_what_was_held_and_is_older_than_the_schedule_is_dropped() -> None:
    record = heard(cancelled(version=3), scheduled(version=4))

    assert (record.life, record.held) == ("scheduled", ())


def test_a_confirmed_operation_is_underway_from_its_start_and_past_at_its_end() -> None:
    record = heard(scheduled(), confirmed())
    lives = [
        passed(record, START_AT + hours).life
        for hours in (timedelta(seconds=-1), timedelta(0), HOURS - timedelta(seconds=1), HOURS)
    ]

    assert lives == ["confirmed", "underway", "underway", "past"]


def test_an_operation_never_confirmed_is_not_underway() -> None:
    assert passed(heard(scheduled()), START_AT + HOURS / 2).life == "scheduled"


def test_an_operation_that_was_confirmed_stays_so_when_rescheduled() -> None:
    record = heard(scheduled(), confirmed(), rescheduled(to_start_at=START_AT + DAY))

    assert passed(record, START_AT + DAY).life == "underway"


@pytest.mark.parametrize(("message", "life"), [(postponed(), "postponed"), (cancelled(), "cancelled")])
def test_an_operation_without_an_occasion_is_not_past_when_its_time_is(message: Told, life: str) -> None:
    assert passed(heard(scheduled(), message), START_AT + DAY).life == life


def test_time_and_planning_give_the_same_life_in_either_order() -> None:
    until = START_AT + HOURS / 2

    assert heard(scheduled(), confirmed(), until=until) == passed(heard(scheduled(), confirmed()), until)


def test_a_scheduled_operation_begins_anew_after_being_cancelled() -> None:
    record = heard(scheduled(version=1), confirmed(version=1), cancelled(version=2), scheduled(version=3))

    assert (record.life, known(record).has_been_confirmed) == ("scheduled", False)


def test_time_never_goes_back() -> None:
    assert later(START_AT, START_AT - DAY) == START_AT
    assert later(None, START_AT) == START_AT
