"""When the supervisor starts a dead part again, and when it gives up."""

import sys
from pathlib import Path

import pytest
from samsyn_local.processes import Part
from samsyn_local.supervisor import NUM_DEATHS, Watch


def a_part_that_dies(tmp_path: Path) -> Part:
    return Part(
        name="planning",
        command=[sys.executable, "-c", "print('no database here')"],
        environment={},
        log=tmp_path / "planning.log",
        address="",
        is_ready=lambda: False,
    )


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(a_part_that_dies(tmp_path))


def die(watch: Watch, now: float, said: list[str]) -> None:
    watch.part.start()
    assert watch.part.process is not None
    watch.part.process.wait()
    watch.state = "up"
    watch.look(now, said.append)


def test_the_first_death_waits_half_a_second(watch: Watch) -> None:
    said: list[str] = []
    die(watch, 100.0, said)
    assert (watch.state, watch.next_start) == ("waiting", 100.5)
    assert "planning died; it is started again in 0.5 s" in said[0]


def test_each_further_death_waits_twice_as_long(watch: Watch) -> None:
    for now in (100.0, 101.0, 102.0):
        die(watch, now, [])
    assert watch.next_start == 104.0


def test_nothing_is_started_before_its_time(watch: Watch) -> None:
    die(watch, 100.0, [])
    assert not watch.look(100.4, lambda _said: None)
    assert watch.num_restarts == 0


def test_a_crash_loop_is_left_down_and_the_log_is_said(watch: Watch) -> None:
    said: list[str] = []
    for number in range(NUM_DEATHS + 1):
        die(watch, 100.0 + number, said)
    assert watch.state == "failed"
    assert "is left down" in said[-1]
    assert "no database here" in said[-1]


def test_deaths_long_ago_do_not_count(watch: Watch) -> None:
    for number in range(NUM_DEATHS + 1):
        die(watch, 100.0 * number, [])
    assert watch.state == "waiting"
