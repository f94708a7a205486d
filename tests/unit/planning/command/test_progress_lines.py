"""Progress does not flood, and nothing that was last is lost."""

from time import monotonic, sleep

import pytest
from samsyn_planning.command.progress_lines import ProgressLines
from samsyn_planning.command.warming import SENTENCE, warmed
from samsyn_planning.domain.planner import Progress


def test_the_first_event_is_said_at_once_under_its_heading() -> None:
    said: list[str] = []
    ProgressLines(said.append).see(Progress("standing", 118887, None))

    assert [line.split() for line in said] == [
        ["seconds", "rung", "best", "bound", "gap"],
        ["0.00", "standing", "118887", "–", "–"],
    ]


def test_a_bound_has_its_gap_in_percent() -> None:
    said: list[str] = []
    ProgressLines(said.append).see(Progress("columns", 990, 1000.0))

    assert said[-1].split()[1:] == ["columns", "990", "1000.0", "1.00", "%"]


def test_of_a_flood_no_more_than_one_line_a_pause_is_said_and_the_last_of_all() -> None:
    said: list[str] = []
    lines = ProgressLines(said.append, pause_seconds=0.05)
    began = monotonic()
    while monotonic() - began < 0.3:
        lines.see(Progress("neighbourhoods", len(said), None))
    took = monotonic() - began
    lines.see(Progress("neighbourhoods", 123456, None))
    lines.finish()

    assert len(said) <= 1 + took / 0.05 + 3
    assert "123456" in said[-1]


def test_what_waits_is_said_when_the_pause_is_over_though_nothing_more_comes() -> None:
    said: list[str] = []
    lines = ProgressLines(said.append, pause_seconds=0.02)
    lines.see(Progress("standing", 1, None))
    lines.see(Progress("columns", 2, None))
    assert len(said) == 2
    sleep(0.2)

    assert said[-1].split()[1:3] == ["columns", "2"]
    lines.finish()
    assert len(said) == 3


def test_a_warming_that_takes_a_while_says_what_is_going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samsyn_planning.command.warming.SAID_AFTER_SECONDS", 0.02)
    said: list[str] = []
    warmed(said.append, lambda: sleep(0.2))

    assert said == [SENTENCE]


def test_a_quick_warming_says_nothing() -> None:
    said: list[str] = []
    warmed(said.append, int)

    assert said == []


@pytest.mark.parametrize("is_compiled", [False, True])
def test_an_engine_that_is_not_compiled_is_warmed(monkeypatch: pytest.MonkeyPatch, is_compiled: bool) -> None:
    warmings: list[str] = []
    monkeypatch.setattr("samsyn_planning.domain.warming.is_compiled", lambda: is_compiled)
    monkeypatch.setattr("samsyn_planning.domain.warming.warm", lambda: warmings.append("warmed"))

    warmed(lambda _: None)

    assert warmings == ([] if is_compiled else ["warmed"])
