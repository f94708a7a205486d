"""A restored centre uses no number and no id again, also when one backup is restored twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from samsyn_planning.domain.facts import Centre
from samsyn_planning.restored import NUM_PER_SECOND, STEP, beyond, gone_on
from samsyn_planning.saying import own_key

CUT_AT = datetime(2026, 11, 26, 18, tzinfo=UTC)
BACKED_UP = Centre(code="akc-vast", plan_version=7, num_replans=9)
# Between two restores of one backup: within ten thousand numbers, and far beyond.
BETWEEN = [timedelta(seconds=1), timedelta(minutes=10), timedelta(hours=5)]


@pytest.mark.parametrize(
    ("number", "age", "expected"),
    [
        (0, timedelta(0), STEP),
        (7, timedelta(hours=1), 7 + STEP + 72_000),
        (STEP, timedelta(0), 2 * STEP),
        (7, timedelta(days=-1), 7 + STEP),
    ],
)
def test_numbers_go_on_beyond_all_that_may_have_been_used(number: int, age: timedelta, expected: int) -> None:
    assert beyond(number, age) == expected


@pytest.mark.parametrize("between", BETWEEN)
def test_a_second_restore_of_a_backup_goes_on_beyond_the_first(between: timedelta) -> None:
    first_at = CUT_AT + timedelta(minutes=3)
    first, second = gone_on(BACKED_UP, CUT_AT, first_at), gone_on(BACKED_UP, CUT_AT, first_at + between)

    num_used = int(between.total_seconds() * NUM_PER_SECOND)
    assert second.plan_version > first.plan_version + num_used
    assert second.num_replans > first.num_replans + num_used


@pytest.mark.parametrize("between", BETWEEN)
def test_what_is_said_after_two_restores_of_a_backup_has_different_ids(between: timedelta) -> None:
    restored = [gone_on(BACKED_UP, CUT_AT, at) for at in (CUT_AT, CUT_AT + between)]

    assert len({own_key(centre, "replan/1") for centre in (None, BACKED_UP, *restored)}) == 3


def test_the_instant_of_a_restore_gives_the_same_id_when_it_is_read_again() -> None:
    restored = gone_on(BACKED_UP, CUT_AT, CUT_AT + timedelta(microseconds=1))

    assert own_key(Centre.model_validate_json(restored.model_dump_json()), "k") == own_key(restored, "k")
