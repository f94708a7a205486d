"""When an adapter is up, late or down, and that each change is said once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from samsyn_contracts.capacity import AdapterHeartbeat
from samsyn_exchange.domain.adapters import Adapter, changed, hear, police_silent_since

AT = datetime(2025, 5, 5, 6, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def a_beat(interval_minutes: int | None = None, adapter_id: str = "polisen:adapter") -> AdapterHeartbeat:
    return AdapterHeartbeat(adapter_id=adapter_id, version="1.2", interval_minutes=interval_minutes)


def an_adapter(party: str = "polisen", name: str = "adapter", **known: Any) -> Adapter:
    adapter = hear([], a_beat(adapter_id=f"{party}:{name}"), party, AT)
    return replace(adapter, **known)


class TestHeard:
    def test_an_adapter_heard_for_the_first_time_is_up(self) -> None:
        adapter = hear([], a_beat(), "polisen", AT)

        assert adapter == Adapter("polisen:adapter", "polisen", "1.2", 5, AT, AT, "up")

    def test_its_own_interval_counts_where_it_says_one(self) -> None:
        assert hear([], a_beat(60), "polisen", AT).interval_minutes == 60

    def test_a_later_beat_moves_what_was_seen_last_and_not_what_was_seen_first(self) -> None:
        adapter = hear([an_adapter("skatteverket"), an_adapter(status="down")], a_beat(), "polisen", AT + HOUR)

        assert (adapter.first_seen_at, adapter.last_seen_at, adapter.status) == (AT, AT + HOUR, "up")


SILENCES: Mapping[timedelta, str] = {
    timedelta(0): "up",
    15 * MINUTE: "up",
    15 * MINUTE + timedelta(microseconds=1): "late",
    60 * MINUTE: "late",
    60 * MINUTE + timedelta(microseconds=1): "down",
    timedelta(days=9): "down",
}


class TestSilent:
    @pytest.mark.parametrize(("silence", "status"), SILENCES.items(), ids=str)
    def test_after_three_intervals_it_is_late_and_after_twelve_down(self, silence: timedelta, status: str) -> None:
        assert an_adapter().at(AT + silence).status == status

    def test_a_slow_adapter_has_longer(self) -> None:
        slow = hear([], a_beat(60), "polisen", AT)

        assert [slow.at(AT + hours * HOUR).status for hours in (3, 4, 12, 13)] == ["up", "late", "late", "down"]

    def test_silence_never_makes_it_better(self) -> None:
        assert an_adapter(status="down").at(AT + 20 * MINUTE).status == "down"
        assert an_adapter(status="late").at(AT + MINUTE).status == "late"

    def test_a_clock_behind_the_last_beat_changes_nothing(self) -> None:
        assert an_adapter().at(AT - HOUR).status == "up"


class TestChanged:
    def test_a_new_adapter_is_said_to_be_up(self) -> None:
        (said,) = changed([], [an_adapter()])

        assert (said.adapter_id, said.party, said.status, said.last_seen_at) == ("polisen:adapter", "polisen", "up", AT)

    def test_one_that_stays_as_it_was_is_not_said(self) -> None:
        assert changed([an_adapter()], [an_adapter(last_seen_at=AT + HOUR)]) == []

    @pytest.mark.parametrize(("before", "after"), [("up", "late"), ("late", "down"), ("down", "up"), ("up", "down")])
    def test_every_other_status_is_said(self, before: str, after: str) -> None:
        (said,) = changed([an_adapter(status=before)], [an_adapter(status=after)])

        assert said.status == after


class TestPolice:
    def test_nothing_is_told_while_an_adapter_of_the_police_is_up(self) -> None:
        replaced, current = an_adapter(name="old", status="down"), an_adapter()

        assert police_silent_since([replaced, current], AT + HOUR) is None

    @pytest.mark.parametrize("status", ["late", "down"])
    def test_they_are_silent_since_the_last_beat_of_any(self, status: str) -> None:
        silent = [an_adapter(status=status), an_adapter(name="other", status="down", last_seen_at=AT + MINUTE)]

        assert police_silent_since(silent, AT + HOUR) == AT + MINUTE

    def test_others_do_not_speak_for_them(self) -> None:
        assert police_silent_since([an_adapter(status="late"), an_adapter("skatteverket")], AT + HOUR) == AT

    def test_never_heard_is_told_when_another_has_been_heard_for_more_than_an_hour(self) -> None:
        others = [an_adapter("skatteverket"), an_adapter("arbetsmiljoverket", first_seen_at=AT + HOUR)]

        assert police_silent_since(others, AT + HOUR) is None
        assert police_silent_since(others, AT + HOUR + MINUTE) == AT + HOUR

    def test_where_nobody_is_heard_nothing_can_be_told(self) -> None:
        assert police_silent_since([], AT) is None
