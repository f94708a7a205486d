"""The times of what is said again from a journal: never after now, and never so early that it goes at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_local.journals import DAY_MS, dated

NOW_MS = 1000 * DAY_MS
KEPT = timedelta(days=7)


@pytest.mark.parametrize(
    ("said_ms", "expected_ms"),
    [
        pytest.param(NOW_MS - DAY_MS, NOW_MS - DAY_MS, id="its-own"),
        pytest.param(NOW_MS - 30 * DAY_MS, NOW_MS - 6 * DAY_MS, id="nearly-older-than-is-kept"),
        pytest.param(NOW_MS + 2 * DAY_MS, NOW_MS, id="of-a-clock-that-ran-ahead"),
    ],
)
def test_a_statement_is_dated_as_it_was_said_where_the_topic_takes_and_keeps_it(said_ms: int, expected_ms: int) -> None:
    assert dated(said_ms, NOW_MS, KEPT) == expected_ms
