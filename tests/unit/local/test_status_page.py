"""What `samsyn status` makes of what the parts answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from samsyn_local.asking import Answers, OfService, Outbox, Place
from samsyn_local.status import exit_status, page, with_answers

PART = {"state": "up", "pid": 7, "address": "http://127.0.0.1:1", "num_restarts": 0, "version": "0.1.0"}
UP = {"state": "up", "parts": {"planning": PART}}
ADMITTED, DEAD = "samsyn.admitted.v1", "samsyn.dlq.planning.v1"
ALERT = {"alert": "plan_refused", "about": "akc-vast", "since": "2025-05-09T04:12:00+00:00"}
TIMES = {"akc-vast": "2025-05-09T04:12:00+00:00", "akc-nord": "2025-05-09T04:07:00+00:00"}
ENDS: Mapping[Place, tuple[int, int]] = {
    (ADMITTED, 0): (0, 10),
    (ADMITTED, 1): (0, 5),
    ("samsyn.from.polisen.v1", 0): (0, 99),
    (DEAD, 0): (3, 5),
}


def a_status(**told: Any) -> dict[str, Any]:
    return {"topics": [ADMITTED], "alerts": [], **told}


def told_of(
    status: Mapping[str, Any] | None = None,
    ends: Mapping[Place, tuple[int, int]] | None = ENDS,
    outbox: Outbox | None = None,
    not_asked: tuple[str, ...] = (),
    positions: Mapping[Place, int] | None = None,
) -> dict[str, Any]:
    """The status of a run whose planning answers so; by default it has read 8 and 5 of what was admitted."""
    read = {(ADMITTED, 0): 8, (ADMITTED, 1): 5} if positions is None else positions
    one = OfService(status, read, outbox or Outbox(None, 0))
    return with_answers(UP, Answers({"planning": one}, ends, not_asked))


def figures(**told: Any) -> Mapping[str, Any]:
    answered: Mapping[str, Any] = told_of(**told)["services"]["planning"]
    return answered


class TestFigures:
    def test_lag_is_what_stands_on_its_topics_and_is_not_read(self) -> None:
        assert figures(status=a_status())["lag"] == 2

    def test_what_was_never_read_counts_from_where_it_begins(self) -> None:
        kept: Mapping[Place, tuple[int, int]] = {(ADMITTED, 0): (4, 10)}

        assert figures(status=a_status(), ends=kept, positions={})["lag"] == 6

    def test_a_service_that_does_not_answer_lags_on_what_it_once_read(self) -> None:
        assert figures(positions={(ADMITTED, 0): 8})["lag"] == 7

    def test_dead_letters_are_those_still_kept(self) -> None:
        assert figures(status=a_status())["dead_letters"] == 2

    def test_the_oldest_time_is_that_of_the_centre_furthest_behind(self) -> None:
        told = figures(status=a_status(times=TIMES))

        assert (told["oldest_time"], told["oldest_time_of"]) == (TIMES["akc-nord"], "akc-nord")

    def test_what_could_not_be_asked_is_not_nought(self) -> None:
        told = figures(ends=None)

        assert [told[name] for name in ("lag", "dead_letters", "held", "oldest_time")] == [None] * 4


class TestExitStatus:
    def test_all_well_is_0(self) -> None:
        assert exit_status(told_of(a_status())) == 0

    def test_an_alert_is_1(self) -> None:
        assert exit_status(told_of(a_status(alerts=[ALERT]))) == 1

    def test_a_part_that_does_not_answer_is_1(self) -> None:
        assert exit_status(told_of(not_asked=("planning (alerts, times): no answer within 1.2 s",))) == 1

    @pytest.mark.parametrize("state", ["waiting", "failed", "starting", "down"])
    def test_a_part_that_is_not_up_is_1(self, state: str) -> None:
        assert exit_status({"state": "up", "parts": {"planning": {**PART, "state": state}}}) == 1

    def test_not_running_is_3(self) -> None:
        assert exit_status({"state": "down", "parts": {}}) == 3


class TestPage:
    def test_a_run_that_is_down_is_one_line(self) -> None:
        assert page({"state": "down", "parts": {}}) == "Samsyn is down"

    def test_a_service_is_a_line_of_figures(self) -> None:
        shown = page(told_of(a_status(times=TIMES, held=4), outbox=Outbox(75.4, 1)))

        assert ["planning", "2", "75", "s", "1", "2", "4", "Fri", "9", "May", "2025", "06:07", "(akc-nord)"] in [
            line.split() for line in shown.splitlines()
        ]

    def test_an_alert_is_told_with_its_runbook(self) -> None:
        shown = page(told_of(a_status(alerts=[ALERT])))

        assert (
            "ALERT plan_refused: akc-vast (planning, since Fri 9 May 2025 06:12); see deploy/runbooks/plan_refused.md"
            in shown.splitlines()
        )

    def test_that_none_stands_is_said(self) -> None:
        assert "No alert stands" in page(told_of(a_status()))

    def test_an_adapter_is_told_with_its_status_and_when_it_was_seen(self) -> None:
        seen = {"adapter": "polisen:adapter", "party": "polisen", "status": "late", "version": "1.2"}

        shown = page(told_of(a_status(adapters=[{**seen, "last_seen_at": TIMES["akc-vast"]}])))

        assert "polisen:adapter  late    Fri 9 May 2025 06:12  1.2" in shown.splitlines()

    def test_what_could_not_be_asked_is_said(self) -> None:
        shown = page(told_of(not_asked=("planning (alerts, times): nobody answers there",)))

        assert shown.endswith("Could not be asked\n  planning (alerts, times): nobody answers there")
