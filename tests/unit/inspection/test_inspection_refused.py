"""What an agency says from the spot and has no effect is answered, with code, field and a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.rejection import TEXTS
from samsyn_inspection.domain.statements import Statement

from tests.support.day_of_operation import (
    AV,
    END_AT,
    FIRST,
    MIGRATION,
    SECOND,
    SKV,
    broken_off,
    found,
    given_up,
    handed_in,
    on_the_day,
    scheduled,
    started,
    under_way,
)

ELSEWHERE = "arbetsmiljoverket:A99"
DAY = timedelta(days=1)
EVERY_DEED = pytest.mark.parametrize(
    "deed",
    [handed_in(SKV), broken_off(SKV), given_up(SKV), found(SKV)],
    ids=lambda statement: type(statement).__name__,
)
PAST = ("already_past", "/operation_id")


@EVERY_DEED
def test_nothing_is_done_before_the_operation_has_begun(deed: Statement) -> None:
    assert on_the_day().says(deed).refusals == {"s1": ("not_started", "/operation_id")}


def test_nothing_is_done_at_an_operation_that_is_only_scheduled() -> None:
    assert on_the_day(scheduled(2)).says(handed_in(version=2)).refusals == {"s1": ("not_started", "/operation_id")}


@pytest.mark.parametrize("deed", [handed_in(MIGRATION), broken_off(MIGRATION), given_up(MIGRATION), found(MIGRATION)])
def test_nobody_else_does_anything_there(deed: Statement) -> None:
    story = under_way().says(deed)

    assert (story.life, story.refusals) == ("started", {"s2": ("not_participant", "/operation_id")})


@pytest.mark.parametrize("deed", [handed_in(SKV, ELSEWHERE), found(SKV, ELSEWHERE)])
def test_nothing_is_done_at_an_inspection_that_is_not_on_the_route(deed: Statement) -> None:
    assert under_way().says(deed).refusals == {"s2": ("unknown_id", "/inspection_id")}


def test_nothing_can_be_given_back_that_is_not_on_the_route() -> None:
    story = under_way().says(broken_off(AV, [ELSEWHERE]))

    assert (story.life, story.refusals) == ("started", {"s2": ("unknown_id", "/remaining_inspection_ids")})


@pytest.mark.parametrize("deed", [handed_in(SKV, SECOND), broken_off(SKV), given_up(SKV)])
def test_nothing_more_is_done_when_the_operation_is_over(deed: Statement) -> None:
    assert under_way().says(given_up(), deed).refusals == {"s3": PAST}


def test_an_older_word_about_the_same_inspection_is_superseded() -> None:
    story = under_way().says(handed_in(), sequence=5).says(handed_in(), sequence=5)

    assert story.refusals == {"s3": ("superseded", "/headers/ce_sequence")}


def test_a_word_without_effect_supersedes_nothing() -> None:
    story = on_the_day().says(handed_in(SKV), sequence=9)
    story = under_way().says(found(SKV, ELSEWHERE), sequence=9).says(found(SKV), sequence=8)

    assert (story.refusals, story.placed.inspection_id) == ({"s2": ("unknown_id", "/inspection_id")}, FIRST)


def test_an_answer_names_its_event_and_its_sender_and_says_why_in_both_languages() -> None:
    story = under_way().says(found(MIGRATION))

    (answer,) = story.said(EventRejected)
    (reason,) = answer.reasons
    assert (answer.party, answer.rejected_type, answer.replayable) == (MIGRATION, found().type_name(), False)
    assert (reason.text_sv, reason.text_en) == TEXTS["not_participant"][:2]


def test_an_answer_is_caused_by_what_it_answers() -> None:
    story = under_way().says(found(MIGRATION), correlationid="c1")

    assert [(s.cause.id, s.cause.correlationid) for s in story.sayings] == [("s2", "c1")]


def test_nothing_is_answered_twice() -> None:
    story = under_way().says(found(MIGRATION)).passes(END_AT).plans(scheduled(2)).passes(END_AT + DAY)

    assert len(story.said(EventRejected)) == 1


def test_what_was_refused_too_early_and_is_said_again_has_its_effect() -> None:
    story = on_the_day().says(handed_in(SKV))
    refused, again = story.record.heard[0].envelope, "the-refusal"

    story.says(started())
    story.hears(handed_in(SKV), refused.model_copy(update={"causationid": again}))

    assert (story.day.hand_ins, len(story.sayings)) == (frozenset({(SKV, FIRST)}), 1)


def test_what_is_refused_again_is_answered_again() -> None:
    story = on_the_day().says(handed_in(SKV))
    refused = story.record.heard[0].envelope

    story.hears(handed_in(SKV), refused.model_copy(update={"causationid": "the-refusal"}))

    assert len({saying.key for saying in story.sayings}) == 2
