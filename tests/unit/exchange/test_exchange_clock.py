"""What time it is when the wall clock lies, and when the time is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_exchange.domain.clock import Reading, Watch, is_tick_due, silent_since

from tests.unit.exchange.saying import RECEIVED_AT

START = Reading(RECEIVED_AT, timedelta(hours=5))
EVERY = timedelta(minutes=5)


def a_reading(elapsed: timedelta, lie: timedelta = timedelta(0)) -> Reading:
    return Reading(START.wall_at + elapsed + lie, START.monotonic + elapsed)


def test_clocks_that_agree_are_believed() -> None:
    reading = a_reading(timedelta(days=3), lie=timedelta(seconds=29))

    assert Watch(START).may_tick(reading)
    assert Watch(START).now(reading) == reading.wall_at


@pytest.mark.parametrize("lie", [timedelta(seconds=31), timedelta(seconds=-31), timedelta(hours=1), timedelta(days=-1)])
def test_ticking_stops_while_the_clocks_are_apart(lie: timedelta) -> None:
    assert not Watch(START).may_tick(a_reading(EVERY, lie))


def test_time_goes_on_by_the_monotonic_clock_while_they_are_apart() -> None:
    assert Watch(START).now(a_reading(EVERY, lie=timedelta(minutes=10))) == START.wall_at + EVERY


def test_ticking_goes_on_by_itself_when_a_small_lie_is_over() -> None:
    watch = Watch(START).after(a_reading(EVERY, lie=timedelta(minutes=10)))

    assert watch.may_tick(a_reading(2 * EVERY))


def test_a_jump_of_more_than_an_hour_waits_for_a_human_even_if_it_is_taken_back() -> None:
    watch = Watch(START).after(a_reading(EVERY, lie=timedelta(minutes=61)))

    assert not watch.may_tick(a_reading(2 * EVERY))


@pytest.mark.parametrize(
    ("ticked", "is_due"), [(None, True), (timedelta(minutes=4), False), (EVERY, True), (timedelta(hours=9), True)]
)
def test_the_time_is_told_when_it_has_not_been_for_five_minutes(ticked: timedelta | None, is_due: bool) -> None:
    ticked_at = None if ticked is None else RECEIVED_AT - ticked

    assert is_tick_due(RECEIVED_AT, ticked_at, EVERY) is is_due


@pytest.mark.parametrize(
    ("silent", "may_tick", "is_told"),
    [
        (3 * EVERY, True, False),
        (3 * EVERY + timedelta(seconds=1), True, True),
        (timedelta(seconds=1), False, True),
    ],
    ids=["three ticks late", "more than three", "it may not tick"],
)
def test_a_clock_is_silent_when_it_may_not_tick_or_has_missed_more_than_three(
    silent: timedelta, may_tick: bool, is_told: bool
) -> None:
    told_at = RECEIVED_AT - silent

    assert silent_since(told_at, RECEIVED_AT, EVERY, may_tick=may_tick) == (told_at if is_told else None)
