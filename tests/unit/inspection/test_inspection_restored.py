"""A restored inspection uses no version and no id again, also when one backup is restored twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from samsyn_inspection.domain.restoring import STEP, Restored, own_key, restored

CUT_AT = datetime(2026, 11, 26, 18, tzinfo=UTC)
AGO = Restored(CUT_AT - timedelta(days=9), 5000)


@pytest.mark.parametrize("before", [None, AGO])
@pytest.mark.parametrize("between", [timedelta(seconds=1), timedelta(hours=5)])
def test_a_second_restore_of_a_backup_goes_on_beyond_the_first(before: Restored | None, between: timedelta) -> None:
    first, second = (restored(before, CUT_AT, CUT_AT + after) for after in (timedelta(0), between))

    assert first.versions_from >= STEP + (before.versions_from if before else 0)
    assert second.versions_from > first.versions_from + between.total_seconds()
    assert len({own_key(one, "k") for one in (None, before, first, second)}) == (4 if before else 3)


def test_a_clock_that_is_behind_the_backup_takes_nothing_off() -> None:
    assert restored(AGO, CUT_AT, CUT_AT - timedelta(days=1)).versions_from == AGO.versions_from + STEP
