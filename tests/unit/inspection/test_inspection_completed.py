"""An operation is over when all have handed in, a day after its session, or when it is given up; then it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_contracts.carrying_out import OperationCompleted

from tests.support.day_of_operation import (
    AV,
    END_AT,
    FIRST,
    MIGRATION,
    PAUSE,
    POLICE,
    SECOND,
    SKV,
    Story,
    broken_off,
    given_up,
    handed_in,
    on_the_day,
    parts,
    route,
    scheduled,
    started,
    takes_place,
    under_way,
)
from tests.support.told_operations import START_AT, postponed

JAM = "jamstalldhetsmyndigheten"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
EVERYTHING = [handed_in(agency, one) for agency in (AV, SKV) for one in (FIRST, SECOND)]


def test_it_is_completed_by_the_last_hand_in() -> None:
    story = under_way().says(*EVERYTHING[:-1])
    before = story.said(OperationCompleted)

    story.says(EVERYTHING[-1])

    assert (before, story.life) == ([], "completed")
    told = story.completed
    assert (told.outcome, told.plan_version, told.code_name) == ("completed", 1, "Björk")
    assert (told.done_inspection_ids, told.left_inspection_ids) == ((FIRST, SECOND), ())
    assert (told.handed_in_by, told.missing_from) == ((AV, SKV), ())
    assert (told.started_at, told.ended_at) == (START_AT + PAUSE, START_AT + 5 * PAUSE)


def test_the_account_is_caused_by_what_ended_it() -> None:
    story = under_way().says(*EVERYTHING)

    assert [(saying.cause.id, saying.at) for saying in story.sayings] == [("s5", START_AT + 5 * PAUSE)]


def test_the_police_need_not_hand_in_but_may() -> None:
    told = under_way().says(handed_in(POLICE, FIRST), *EVERYTHING).completed

    assert (told.handed_in_by, told.missing_from) == ((AV, POLICE, SKV), ())


def test_who_never_is_on_site_has_nothing_to_hand_in() -> None:
    with_host = takes_place(participants=parts(POLICE, AV, SKV, JAM))

    assert Story(scheduled(), with_host).says(started(), *EVERYTHING).completed.missing_from == ()


def test_where_nobody_need_hand_in_every_inspection_still_has_to_have_an_outcome() -> None:
    story = Story(scheduled(), takes_place(participants=parts(POLICE, JAM))).says(started(POLICE))
    before = story.says(handed_in(POLICE, FIRST)).life

    assert (before, story.says(handed_in(POLICE, SECOND)).life) == ("started", "completed")


@pytest.mark.parametrize(("late", "life"), [(DAY - MINUTE, "started"), (DAY, "in_part")])
def test_a_day_after_its_session_it_is_over_whoever_is_missing(late: timedelta, life: str) -> None:
    story = under_way().says(handed_in(AV, FIRST)).passes(END_AT + late)

    assert story.life == life


def test_who_has_not_handed_in_by_then_is_named() -> None:
    told = under_way().says(*EVERYTHING[:3]).passes(END_AT + DAY).completed

    assert (told.handed_in_by, told.missing_from, told.outcome) == ((AV,), (SKV,), "completed")
    assert (told.done_inspection_ids, told.left_inspection_ids) == ((FIRST, SECOND), ())


def test_what_nobody_has_handed_in_by_then_is_left() -> None:
    told = under_way().says(handed_in(AV, FIRST), handed_in(SKV, FIRST)).passes(END_AT + DAY).completed

    assert (told.outcome, told.done_inspection_ids, told.left_inspection_ids) == ("in_part", (FIRST,), (SECOND,))
    assert (told.handed_in_by, told.missing_from) == ((), (AV, SKV))


def test_one_that_ends_by_time_is_caused_by_its_start_and_ended_with_its_session() -> None:
    story = under_way().says(handed_in(AV, FIRST)).passes(END_AT + 2 * DAY)

    (saying,) = story.sayings
    assert (saying.cause.id, saying.at, story.completed.ended_at) == ("s1", END_AT + DAY, END_AT)


def test_a_statement_heard_after_the_deadline_finds_it_over_before_any_tick() -> None:
    story = under_way().says(handed_in(AV, FIRST), at=END_AT + DAY)

    assert (story.refusals, story.completed.done_inspection_ids) == ({"s2": ("already_past", "/operation_id")}, ())


def test_an_operation_never_begun_is_never_completed() -> None:
    story = on_the_day().passes(END_AT + 2 * DAY)

    assert (story.life, story.sayings) == ("past", [])


def test_one_broken_off_is_over_when_what_is_still_on_it_is_handed_in() -> None:
    story = under_way().says(handed_in(AV, FIRST), broken_off(AV, [SECOND]))
    before = story.life

    told = story.says(handed_in(SKV, FIRST)).completed

    assert (before, story.life, told.outcome) == ("suspended", "in_part", "in_part")
    assert (told.done_inspection_ids, told.left_inspection_ids) == ((FIRST,), (SECOND,))
    assert told.missing_from == ()


def test_one_broken_off_with_nothing_left_on_it_is_over_at_once() -> None:
    told = under_way().says(broken_off(POLICE, [FIRST, SECOND])).completed

    assert (told.outcome, told.done_inspection_ids, told.left_inspection_ids) == ("in_part", (), (FIRST, SECOND))
    assert (told.handed_in_by, told.missing_from) == ((), ())


def test_what_was_given_back_and_done_after_all_is_done() -> None:
    story = under_way().says(handed_in(AV, FIRST), broken_off(AV, [SECOND]), handed_in(SKV, SECOND))
    story.says(handed_in(SKV, FIRST), handed_in(AV, SECOND))

    assert (story.completed.outcome, story.completed.left_inspection_ids) == ("completed", ())


def test_one_given_up_is_over_at_once_and_what_nobody_has_handed_in_is_left() -> None:
    story = under_way().says(handed_in(AV, FIRST), given_up(SKV, [SECOND]))

    told = story.completed
    assert (story.life, told.outcome) == ("aborted", "aborted")
    assert (told.done_inspection_ids, told.left_inspection_ids) == ((FIRST,), (SECOND,))
    assert (told.handed_in_by, told.missing_from) == ((AV,), (SKV,))
    assert told.ended_at == START_AT + 3 * PAUSE


def test_one_given_up_before_anything_was_done_misses_nobody() -> None:
    told = under_way().says(given_up()).completed

    assert (told.left_inspection_ids, told.handed_in_by, told.missing_from) == ((FIRST, SECOND), (), ())


def test_what_an_earlier_version_had_and_was_done_is_told_as_done() -> None:
    changed = takes_place(2, inspections=route(SECOND))

    told = (
        under_way(changed).says(handed_in(AV, FIRST), *(handed_in(a, SECOND, version=2) for a in (AV, SKV))).completed
    )

    assert (told.done_inspection_ids, told.left_inspection_ids, told.plan_version) == ((SECOND, FIRST), (), 2)


def test_who_joined_by_the_version_acted_by_is_waited_for() -> None:
    joined = takes_place(2, participants=parts(POLICE, AV, SKV, MIGRATION))
    story = under_way(joined).says(*(statement.model_copy(update={"plan_version": 2}) for statement in EVERYTHING))

    assert story.life == "started"
    assert story.passes(END_AT + DAY).completed.missing_from == (MIGRATION,)


def test_one_that_planning_has_called_off_is_told_all_the_same() -> None:
    story = under_way().plans(postponed(version=2)).says(*EVERYTHING)

    assert (story.life, story.completed.plan_version) == ("completed", 1)


def test_it_is_told_once() -> None:
    story = under_way().says(*EVERYTHING).passes(END_AT).plans(scheduled(2), takes_place(2)).passes(END_AT + 2 * DAY)

    assert len(story.sayings) == 1
