"""How long before their start operations were hit, and by what."""

from __future__ import annotations

import pytest

from tests.support.told_operations import cancelled, postponed, rescheduled, scheduled
from tests.unit.reporting.heard import a_loss, heard_in_order, ledger_from, totals_of

OTHER, THIRD = "op:polisen:P8", "op:polisen:P9"
DAY = 24 * 60


@pytest.mark.parametrize(
    ("minutes", "bands"),
    [
        (-10, (1, 0, 0)),
        (DAY - 1, (1, 0, 0)),
        (DAY, (0, 1, 0)),
        (3 * DAY, (0, 1, 0)),
        (3 * DAY + 1, (0, 0, 1)),
    ],
)
def test_a_hit_operation_is_in_the_band_of_its_notice(minutes: int, bands: tuple[int, int, int]) -> None:
    notice = totals_of(scheduled(), cancelled(notice_minutes=minutes)).notice

    assert (notice.under_1_day, notice.from_1_to_3_days, notice.over_3_days) == bands


def test_the_median_is_that_of_the_hit_operations() -> None:
    notice = totals_of(
        scheduled(),
        scheduled(OTHER),
        scheduled(THIRD),
        cancelled(notice_minutes=60),
        cancelled(OTHER, notice_minutes=90),
        cancelled(THIRD, notice_minutes=6000),
    ).notice

    assert notice.median_minutes == 90


def test_without_a_hit_there_is_no_median() -> None:
    assert totals_of(scheduled()).notice.median_minutes is None


def test_an_operation_hit_twice_is_counted_by_its_last_hit() -> None:
    told = heard_in_order(
        scheduled(),
        rescheduled(causes=("a",), notice_minutes=6000),
        cancelled(version=3, causes=("b",), notice_minutes=60),
    )

    notice = ledger_from([a_loss("a"), a_loss("b"), *told]).totals.notice

    assert (notice.under_1_day, notice.over_3_days) == (1, 0)


def test_causes_are_counted_with_their_names_in_both_languages() -> None:
    told = heard_in_order(
        scheduled(),
        scheduled(OTHER),
        scheduled(THIRD),
        cancelled(causes=("a",)),
        rescheduled(OTHER, causes=("a",)),
        postponed(THIRD, causes=("b",)),
    )

    causes = ledger_from([a_loss("a", "shooting"), a_loss("b", "own-code"), *told]).totals.causes

    assert [tuple(cause.model_dump().values()) for cause in causes] == [
        ("own-code", "own-code", "own-code", 1, 0, 1, 0),
        ("shooting", "skottlossning", "a shooting", 2, 1, 0, 1),
    ]
