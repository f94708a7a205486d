"""Which evaluations came back, of operations that are over or cancelled; lessons that few name are not counted out."""

from __future__ import annotations

from samsyn_reporting.domain.evaluations import Evaluations, OfOperation, Returned
from samsyn_reporting.domain.indicators import indicators_of

from tests.support.told_days import AGENCY, completed, evaluated, started
from tests.support.told_operations import OPERATION, cancelled, confirmed, scheduled
from tests.unit.reporting.heard import totals_of

OTHER = "op:polisen:P9"
ENDED = (confirmed(), started(), completed(missing_from=["polisen"]))


def evaluations(*messages: object) -> Evaluations:
    return totals_of(*messages).evaluations  # type: ignore[arg-type]


def test_an_agency_that_was_there_is_expected_to_evaluate() -> None:
    told = evaluations(*ENDED, evaluated())

    assert told.ended == Returned(expected=2, returned=1, share=0.5)
    assert told.operations == (OfOperation(operation_id=OPERATION, fate="ended", expected=2, returned=1),)


def test_a_cancelled_operation_is_evaluated_too_and_counted_apart() -> None:
    told = evaluations(*ENDED, confirmed(OTHER), cancelled(OTHER), evaluated(OTHER, agency="polisen"))

    assert told.ended.returned == 0
    assert told.cancelled == Returned(expected=2, returned=1, share=0.5)


def test_nobody_is_expected_to_evaluate_what_is_ahead() -> None:
    assert evaluations(scheduled(), evaluated()).ended == Returned(expected=0, returned=0, share=None)


def test_who_was_no_part_of_it_is_not_listened_to() -> None:
    told = evaluations(*ENDED, evaluated(agency="skatteverket"))

    assert (told.ended.returned, told.lessons) == (0, ())


def test_an_agency_that_evaluates_again_counts_once_with_its_newest_word() -> None:
    told = evaluations(*ENDED, evaluated(lessons=["too_few"]), evaluated(lessons=["too_late", "too_late"]))

    assert told.ended.returned == 1
    assert [(each.code, each.evaluations) for each in told.lessons] == [("too_late", "<5")]


def test_a_lesson_is_counted_from_five_evaluations_on() -> None:
    ids = [f"op:polisen:E{number}" for number in range(5)]
    ends = [message for id_ in ids for message in (confirmed(id_), completed(id_))]
    four = evaluations(*ends, *(evaluated(id_) for id_ in ids[:4]))
    five = evaluations(*ends, *(evaluated(id_) for id_ in ids))

    assert [lessons[0].evaluations for lessons in (four.lessons, five.lessons)] == ["<5", 5]


def test_the_table_has_the_share_and_the_lessons() -> None:
    rows = {row.code: (row.value, row.unit) for row in indicators_of(totals_of(*ENDED, evaluated(agency=AGENCY)))}

    assert rows["evaluations.ended.share"] == (0.5, "share")
    assert rows["evaluations.cancelled.share"] == (None, "share")
    assert rows["evaluations.lessons.briefing_too_late"] == ("<5", "evaluations")
