"""Who has come: before the operation begins, once each, and counted as there when it begins."""

from __future__ import annotations

from datetime import timedelta

from tests.support.day_of_operation import (
    AV,
    MIGRATION,
    POLICE,
    SKV,
    Story,
    checked_in,
    handed_in,
    on_the_day,
    rescheduled,
    started,
    takes_place,
)
from tests.support.told_operations import START_AT, a_slot

MINUTES, HOUR = timedelta(minutes=10), timedelta(hours=1)


def come(story: Story) -> dict[str, int | None]:
    return {one.agency: one.head_count for one in story.record.course.check_ins}


def test_who_comes_before_the_start_is_known_and_the_operation_has_not_begun() -> None:
    story = on_the_day().says(checked_in(SKV), at=START_AT - HOUR)

    assert come(story) == {SKV: 3}
    assert story.life == "confirmed"
    assert story.sayings == []


def test_who_came_counts_as_there_once_it_begins() -> None:
    story = on_the_day().says(checked_in(SKV), at=START_AT - HOUR).says(started(POLICE), at=START_AT)

    assert story.day.present == {POLICE, SKV}


def test_who_came_for_an_earlier_slot_is_not_there() -> None:
    later = a_slot(START_AT + timedelta(days=1))
    story = on_the_day().says(checked_in(SKV), at=START_AT - HOUR)
    story.plans(rescheduled(2, to_slot=later), takes_place(2, slot=later))

    story.says(started(POLICE, version=2), at=later.start_at)

    assert story.day.present == {POLICE}


def test_who_comes_later_is_there_too_and_ends_nothing() -> None:
    story = on_the_day().says(started(AV)).says(checked_in(POLICE))

    assert story.day.present == {AV, POLICE}
    assert story.day.ending is None


def test_the_newest_number_counts() -> None:
    story = on_the_day().says(checked_in(SKV, head_count=3), checked_in(SKV, head_count=5), at=START_AT)

    assert come(story) == {SKV: 5}


def test_who_does_not_take_part_or_comes_too_early_is_refused() -> None:
    story = on_the_day().says(checked_in(MIGRATION), at=START_AT).says(checked_in(SKV), at=START_AT - 3 * HOUR)

    assert story.refusals == {
        "s1": ("not_participant", "/operation_id"),
        "s2": ("too_early", "/headers/ce_time"),
    }
    assert come(story) == {}


def test_a_version_not_heard_of_is_waited_for() -> None:
    story = on_the_day().says(checked_in(SKV, version=2), at=START_AT)
    assert (come(story), story.num_held) == ({}, 1)

    story.plans(rescheduled(2), takes_place(2))

    assert (come(story), story.num_held) == ({SKV: 3}, 0)


def test_who_has_come_and_not_handed_in_is_still_missing() -> None:
    story = on_the_day().says(started(AV), checked_in(SKV), handed_in(AV))

    assert SKV in story.day.missing_from
