"""What an agency says by a version not yet known is held, not guessed from; and nothing is held for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_contracts.platform import EventRejected
from samsyn_inspection.domain.periods import HELD_AT_MOST
from samsyn_inspection.domain.statements import Statement

from tests.support.day_of_operation import (
    AV,
    END_AT,
    FIRST,
    MIGRATION,
    POLICE,
    SECOND,
    SKV,
    Story,
    broken_off,
    found,
    given_up,
    handed_in,
    on_the_day,
    parts,
    rescheduled,
    route,
    scheduled,
    started,
    takes_place,
    under_way,
)
from tests.support.told_operations import START_AT, a_slot, postponed

EVERY_STATEMENT = pytest.mark.parametrize(
    "statement",
    [started(), handed_in(), broken_off(), given_up(), found(AV)],
    ids=lambda statement: type(statement).__name__,
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
THIRD = "arbetsmiljoverket:A3"


def naming(statement: Statement, version: int) -> Statement:
    return statement.model_copy(update={"plan_version": version})


@EVERY_STATEMENT
def test_what_is_said_of_an_unknown_operation_is_held(statement: Statement) -> None:
    story = Story().says(statement)

    assert (story.num_held, story.sayings, story.life) == (1, [], None)


@EVERY_STATEMENT
def test_what_is_said_by_a_version_not_yet_known_is_held(statement: Statement) -> None:
    story = under_way().says(naming(statement, 2))

    assert (story.num_held, story.sayings) == (1, [])


def test_a_held_finding_has_its_place_when_the_version_comes() -> None:
    story = under_way().says(found(SKV, version=2)).plans(rescheduled(2))
    before = story.num_held

    story.plans(takes_place(2))

    assert (before, story.num_held, story.placed.finding_id) == (1, 0, "skatteverket:F1")


def test_a_later_version_than_the_one_named_releases_what_is_held() -> None:
    story = under_way().says(found(SKV, version=2)).plans(takes_place(3))

    assert story.placed.sender == SKV


def test_what_was_held_has_its_effect_in_order_of_admission() -> None:
    story = Story().says(started(), handed_in(AV), found(SKV), handed_in(SKV)).plans(scheduled(), takes_place())

    assert (story.num_held, story.life, story.refusals) == (0, "started", {})
    assert story.day.hand_ins == {(AV, FIRST), (SKV, FIRST)}
    assert story.placed.sender == SKV


def test_what_the_same_agency_says_next_waits_behind_what_is_held() -> None:
    story = under_way().says(handed_in(SKV, version=2), found(SKV, version=1))

    assert (story.num_held, story.sayings) == (2, [])


def test_what_another_agency_says_does_not_wait() -> None:
    story = under_way().says(handed_in(SKV, version=99), found(AV))

    assert (story.num_held, story.placed.sender) == (1, AV)


def test_what_depends_on_a_start_that_is_held_waits_for_it() -> None:
    story = on_the_day().says(started(SKV, version=2), handed_in(AV))
    held = story.num_held

    story.plans(takes_place(2))

    assert (held, story.num_held, story.day.done) == (2, 0, (FIRST,))


def test_a_start_is_not_refused_for_another_one_while_an_earlier_one_is_held() -> None:
    story = on_the_day().says(started(SKV, version=2, police_present=False))
    story.says(started(AV), started(POLICE, police_present=False))
    before = story.refusals

    story.plans(takes_place(2))

    assert (before, story.day.start.party, story.day.police_present) == ({}, SKV, False)
    assert story.refusals == {"s2": ("already_decided", "/police_present")}


def test_a_start_is_not_past_while_an_earlier_one_may_be_by_a_later_session() -> None:
    later = a_slot(START_AT + timedelta(hours=1))
    story = on_the_day().says(started(SKV, version=2)).says(started(AV), at=END_AT + DAY)
    before = story.num_held

    story.plans(takes_place(2, slot=later))

    assert (before, story.num_held, story.refusals, story.life) == (2, 0, {}, "started")


def test_an_older_word_is_not_superseded_while_what_waits_may_take_the_newer_one_back() -> None:
    story = under_way().says(given_up(SKV, version=2)).says(handed_in(), sequence=5).says(handed_in(), sequence=4)
    before = story.refusals

    story.plans(takes_place(2))

    assert (before, {code for code, _ in story.refusals.values()}) == ({}, {"already_past"})


def test_the_last_hand_in_ends_nothing_while_one_that_may_have_joined_is_held() -> None:
    story = under_way().says(handed_in(MIGRATION, version=2))
    story.says(*(handed_in(agency, one) for agency in (AV, SKV) for one in (FIRST, SECOND)))
    before = story.life

    story.plans(takes_place(2, participants=parts(POLICE, AV, SKV, MIGRATION)))

    assert (before, story.life, story.day.missing_from) == ("started", "started", (MIGRATION,))


def test_the_deadline_ends_nothing_while_something_said_before_is_held() -> None:
    story = under_way().says(handed_in(SKV, version=2))
    story.says(*(handed_in(AV, one) for one in (FIRST, SECOND))).passes(END_AT + DAY)
    held = story.life

    story.plans(takes_place(2))

    assert (held, story.life) == ("started", "completed")
    assert story.completed.missing_from == (SKV,)


def test_it_is_not_given_up_while_something_said_before_is_held() -> None:
    story = under_way().says(handed_in(SKV, version=2), given_up(AV))
    held = (story.life, story.num_held)

    story.plans(takes_place(2))

    assert (held, story.completed.done_inspection_ids) == (("started", 2), (FIRST,))


def test_what_is_heard_after_an_end_that_was_held_is_past() -> None:
    story = under_way().says(given_up(AV, version=2), handed_in(SKV)).plans(takes_place(2))

    assert story.refusals == {"s3": ("already_past", "/operation_id")}
    assert story.completed.done_inspection_ids == ()


def test_a_change_of_plan_that_is_not_confirmed_again_holds_until_its_day_has_long_passed() -> None:
    story = under_way(rescheduled(2, participants=parts(POLICE, AV, invited=(SKV,)))).says(found(AV, version=2))
    held = story.passes(END_AT + DAY - MINUTE).num_held

    story.passes(END_AT + DAY)

    assert (held, story.num_held, story.placed.candidates) == (1, 0, ())


def test_those_on_the_spot_act_by_the_newest_version_that_they_have_named() -> None:
    story = under_way(takes_place(2, inspections=route(FIRST, THIRD))).says(handed_in(AV, FIRST))
    before = story.day.plan.route

    story.says(handed_in(SKV, THIRD, version=2))

    assert (before, story.day.plan.route) == ((FIRST, SECOND), (FIRST, THIRD))


@EVERY_STATEMENT
def test_what_is_held_for_a_week_is_answered(statement: Statement) -> None:
    story = Story().says(statement, at=START_AT).passes(START_AT + HELD_AT_MOST - MINUTE)
    before = story.refusals

    story.passes(START_AT + HELD_AT_MOST)

    assert (before, story.refusals, story.num_held) == ({}, {"s1": ("unknown_id", "/operation_id")}, 0)
    assert story.sayings[0].at == START_AT + HELD_AT_MOST
    assert story.said(EventRejected)[0].replayable


def test_time_touches_what_is_held_and_what_goes_on_and_nothing_else() -> None:
    held, going_on, over = Story().says(found()), under_way(), under_way().says(given_up())

    assert [story.record.is_touched_by(END_AT) for story in (held, going_on, over)] == [True, True, False]


def test_a_statement_is_held_since_the_centres_time_when_that_is_ahead_of_its_admission() -> None:
    story = Story().passes(START_AT).says(started(), at=START_AT - DAY).passes(START_AT + HELD_AT_MOST - MINUTE)

    assert story.num_held == 1


def test_a_version_that_never_came_is_named_as_what_stayed_unknown() -> None:
    story = under_way().says(found(AV, version=9), at=START_AT).passes(START_AT + HELD_AT_MOST)

    assert story.refusals == {"s2": ("unknown_id", "/plan_version")}


def test_what_was_answered_as_unknown_has_no_effect_when_the_version_comes_after_all() -> None:
    story = Story().says(started(), at=START_AT).passes(START_AT + HELD_AT_MOST).plans(scheduled(), takes_place())

    assert (story.life, len(story.sayings)) == ("past", 1)


def test_what_waited_for_a_start_that_never_had_its_effect_is_answered() -> None:
    story = on_the_day().says(started(MIGRATION, version=9), found(SKV), at=START_AT).passes(START_AT + HELD_AT_MOST)

    assert story.refusals == {"s1": ("unknown_id", "/plan_version"), "s2": ("unknown_id", "/plan_version")}


def test_a_postponed_operation_that_nobody_confirms_again_holds_a_start_and_answers_it() -> None:
    story = on_the_day(postponed(version=2)).says(started(version=2), at=START_AT).passes(START_AT + HELD_AT_MOST)

    assert (story.life, story.refusals) == ("postponed", {"s1": ("unknown_id", "/plan_version")})
