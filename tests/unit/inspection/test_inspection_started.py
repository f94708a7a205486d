"""An operation begins when an agency on the spot says so, once, and then those on the spot decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_inspection.domain.plans import Told

from tests.support.day_of_operation import (
    AV,
    END_AT,
    MIGRATION,
    POLICE,
    SKV,
    Story,
    handed_in,
    on_the_day,
    parts,
    rescheduled,
    scheduled,
    started,
    takes_place,
    under_way,
)
from tests.support.told_operations import START_AT, a_slot, cancelled, postponed

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize("agency", [AV, SKV, POLICE])
def test_a_participant_begins_it(agency: str) -> None:
    story = on_the_day().says(started(agency))

    assert (story.life, story.day.start.party, story.sayings) == ("started", agency, [])


@pytest.mark.parametrize("police_present", [True, False])
def test_it_is_begun_with_or_without_police(police_present: bool) -> None:
    story = on_the_day().says(started(police_present=police_present))

    assert story.day.police_present is police_present


def test_who_takes_no_part_cannot_begin_it() -> None:
    story = on_the_day().says(started(MIGRATION))

    assert (story.life, story.refusals) == ("confirmed", {"s1": ("not_participant", "/operation_id")})


def test_who_is_only_invited_cannot_begin_it() -> None:
    story = Story(scheduled(), takes_place(participants=parts(POLICE, AV, invited=(SKV,))))

    assert story.says(started(SKV)).refusals == {"s1": ("not_participant", "/operation_id")}


@pytest.mark.parametrize(
    ("early", "code"), [(timedelta(hours=2), None), (timedelta(hours=2, minutes=1), ("too_early", "/headers/ce_time"))]
)
def test_it_begins_two_hours_before_its_session_at_the_earliest(early: timedelta, code: tuple[str, str] | None) -> None:
    story = on_the_day().says(started(), at=START_AT - early)

    assert story.refusals == ({} if code is None else {"s1": code})


def test_it_begins_when_its_sender_says_and_not_when_it_is_heard() -> None:
    story = on_the_day().says(started(), at=END_AT, time=START_AT)

    assert story.day.start.happened_at == START_AT


def test_nothing_happens_after_it_was_heard_whatever_its_sender_says() -> None:
    story = on_the_day().says(started(), at=START_AT, time=START_AT + DAY)

    assert story.day.start.happened_at == START_AT


@pytest.mark.parametrize(("late", "is_past"), [(DAY - MINUTE, False), (DAY, True)])
def test_a_start_heard_a_day_after_the_session_is_past(late: timedelta, is_past: bool) -> None:
    story = on_the_day().passes(END_AT).says(started(), at=END_AT + late, time=START_AT)

    assert story.refusals == ({"s1": ("already_past", "/operation_id")} if is_past else {})
    assert story.life == ("past" if is_past else "started")


def test_a_start_is_held_until_the_operation_is_confirmed() -> None:
    story = on_the_day(scheduled(version=3)).says(started(version=3))
    held = (story.num_held, story.life)

    story.plans(takes_place(version=3))

    assert (held, story.num_held, story.life) == ((1, "scheduled"), 0, "started")


def test_a_second_start_that_says_the_same_is_harmless() -> None:
    story = under_way().says(started(SKV))

    assert (story.day.start.party, story.refusals) == (AV, {})


def test_a_second_start_that_says_otherwise_is_refused() -> None:
    story = under_way().says(started(SKV, police_present=False))

    assert (story.day.police_present, story.refusals) == (True, {"s2": ("already_decided", "/police_present")})


def test_the_agency_that_began_may_correct_itself() -> None:
    story = under_way().says(started(AV, police_present=False))

    assert (story.day.police_present, story.refusals) == (False, {})


def test_an_older_word_of_the_same_agency_is_superseded() -> None:
    story = on_the_day().says(started(), sequence=7).says(started(police_present=False), sequence=6)

    assert (story.day.police_present, story.refusals) == (True, {"s2": ("superseded", "/headers/ce_sequence")})


def test_sequences_of_other_agencies_and_of_other_things_do_not_count() -> None:
    story = on_the_day().says(started(), sequence=7).says(started(SKV), handed_in(), sequence=2)

    assert story.refusals == {}


@pytest.mark.parametrize(
    "word", [postponed(version=2), cancelled(version=2), rescheduled(to_slot=a_slot(START_AT + DAY, "polisen:P2"))]
)
def test_planning_does_not_stop_those_on_the_spot(word: Told) -> None:
    story = under_way().plans(word)

    assert (story.life, story.says(handed_in()).refusals) == ("started", {})


@pytest.mark.parametrize("word", [postponed(version=2), cancelled(version=2)])
def test_who_has_not_heard_that_it_is_called_off_has_begun_all_the_same(word: Told) -> None:
    story = on_the_day(word).says(started(version=1))

    assert story.life == "started"


def test_who_has_heard_that_it_is_called_off_cannot_begin_it() -> None:
    story = on_the_day(postponed(version=2)).says(started(version=2))

    assert (story.life, story.num_held) == ("postponed", 1)


def test_an_operation_that_is_over_does_not_begin_again() -> None:
    story = under_way().passes(END_AT + DAY).says(started(SKV), at=END_AT + DAY)

    assert story.refusals == {"s2": ("already_past", "/operation_id")}
