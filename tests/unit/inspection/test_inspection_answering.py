"""What agencies answer of sites and learn: refused where it names nothing, never from later, told as nobody's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.site_information import SiteInformationProvided
from samsyn_inspection.domain.answering import as_heard, refused_answer
from samsyn_inspection.domain.learning import told_lessons
from samsyn_inspection.domain.record import Record, told

from tests.support.day_of_operation import AV, FIRST, SECOND, SKV, as_said, rescheduled, route, scheduled
from tests.support.told_operations import CENTRE, OPERATION, START_AT

KNOWN = told(told(Record(OPERATION, CENTRE), scheduled()), rescheduled(inspections=route(SECOND)))


def an_answer(**changed: Any) -> SiteInformationProvided:
    own = {"operation_id": OPERATION, "inspection_id": FIRST, "agency": AV, "section": "access"}
    return SiteInformationProvided.model_validate({**own, "as_of": START_AT, "answer": "nothing_known", **changed})


def pointer_of(answer: SiteInformationProvided, record: Record = KNOWN) -> str | None:
    said = refused_answer(record, answer, as_said(answer, "a1", START_AT))
    if said is None:
        return None
    assert isinstance(said.message, EventRejected)
    assert (said.message.rejected_id, said.message.party) == ("a1", AV)
    return said.message.reasons[0].pointer


@pytest.mark.parametrize("inspection_id", [FIRST, SECOND])
def test_an_answer_about_what_the_operation_has_or_had_is_taken(inspection_id: str) -> None:
    assert pointer_of(an_answer(inspection_id=inspection_id)) is None


def test_an_answer_that_names_nothing_is_refused_with_the_field() -> None:
    assert pointer_of(an_answer(section="cellar")) == "/section"
    assert pointer_of(an_answer(inspection_id=f"{AV}:other")) == "/inspection_id"


def test_an_answer_that_is_ahead_of_plannings_word_is_not_refused() -> None:
    assert pointer_of(an_answer(), Record(OPERATION, CENTRE)) is None


@pytest.mark.parametrize("ahead", [-1, 0, 1])
def test_an_answer_is_from_no_later_than_it_was_admitted(ahead: int) -> None:
    answer = an_answer(as_of=START_AT + timedelta(days=ahead))

    assert as_heard(answer, as_said(answer, "a1", START_AT)).as_of == START_AT + timedelta(days=min(ahead, 0))


def test_a_lesson_is_told_once_two_agencies_have_given_it_the_most_frequent_first() -> None:
    given = [(AV, ("too_few",)), (AV, ("too_few", "late")), (SKV, ("late", "roles")), ("polisen", ("roles", "late"))]

    assert told_lessons(given) == ("late", "roles")
