"""The times that the relay gives records: they order a topic as its offsets do, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from samsyn_chassis.relay import Relay, milliseconds
from samsyn_chassis.settings import Settings

SETTINGS = Settings(kafka="127.0.0.1:1", database="postgresql://nobody@127.0.0.1/none", http_port=1, environment="test")


def test_a_clock_that_steps_back_gives_no_earlier_time() -> None:
    relay, later = Relay(SETTINGS), datetime.now(UTC) + timedelta(hours=1)
    relay._time = later

    assert relay._next_time() == later


def test_times_are_whole_milliseconds_so_that_the_outbox_knows_what_the_broker_has() -> None:
    at = Relay(SETTINGS)._next_time()

    assert at.microsecond % 1000 == 0
    assert datetime.fromtimestamp(milliseconds(at) / 1000, UTC) == at
