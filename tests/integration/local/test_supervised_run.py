"""A run under its supervisor: what it tells, what it restarts, and that nothing outlives it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from samsyn_local.infrastructure import SERVICES

from tests.integration.local.running import Running, a_run, eventually, is_gone

# Two to three seconds on an idle machine; the margin is for one that runs much else.
LONGEST_SECOND_START_SECONDS = 30


@pytest.fixture(scope="module")
def run() -> Iterator[Running]:
    with a_run() as running:
        yield running


def a_started_again(run: Running, name: str, old_pid: int) -> bool:
    part = run.part(name)
    return bool(part["state"] == "up" and part["pid"] != old_pid)


def test_status_tells_the_address_process_and_log_of_every_part(run: Running) -> None:
    parts = run.said()["parts"]
    assert set(parts) == {"kafka", "postgres", "spans", *SERVICES}
    assert all(psutil.pid_exists(part["pid"]) and Path(part["log"]).exists() for part in parts.values())


def test_a_service_is_told_its_own_database_and_where_kafka_is(run: Running) -> None:
    told = (run.folder.state("planning") / "told").read_text().splitlines()
    assert f"SAMSYN_KAFKA={run.said()['kafka']}" in told
    assert f"SAMSYN_DATABASE={run.said()['databases']['planning']}" in told
    assert run.said()["databases"]["planning"].endswith("/planning")


def test_a_service_is_told_its_name_among_readers_and_the_key_that_dead_letters_are_sealed_to(run: Running) -> None:
    for name in SERVICES:
        told = (run.folder.state(name) / "told").read_text().splitlines()
        assert f"SAMSYN_INSTANCE={name}" in told
        assert f"SAMSYN_DEAD_LETTER_KEY={run.folder.dead_letter_key()}" in told


@pytest.mark.parametrize("name", ["planning", "kafka", "postgres"])
def test_a_part_that_is_killed_is_started_again(run: Running, name: str) -> None:
    before = run.part(name)
    os.kill(before["pid"], signal.SIGKILL)
    eventually(lambda: a_started_again(run, name, before["pid"]))
    assert run.part(name)["num_restarts"] == before["num_restarts"] + 1


def test_what_a_dead_service_had_started_is_ended_with_it(run: Running) -> None:
    child = int((run.folder.state("exchange") / "child").read_text())
    old_pid = run.part("exchange")["pid"]
    os.kill(old_pid, signal.SIGKILL)
    eventually(lambda: a_started_again(run, "exchange", old_pid))
    eventually(lambda: is_gone(child))


def test_a_second_run_stands_beside_the_first(run: Running) -> None:
    with a_run() as second:
        addresses = [{part["address"] for part in one.said()["parts"].values()} for one in (run, second)]
        assert addresses[0].isdisjoint(addresses[1])


def test_a_second_supervisor_of_the_same_folder_is_refused(run: Running) -> None:
    before = {name: part["pid"] for name, part in run.said()["parts"].items()}
    second = Running(run.folder.path)
    assert second.process.wait(120) != 0
    assert "already up" in second.output.read_text()
    assert {name: part["pid"] for name, part in run.said()["parts"].items()} == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill"])
def test_nothing_outlives_the_supervisor(number: signal.Signals) -> None:
    with a_run() as running:
        pids = running.all_pids()
        assert len(pids) > len(running.said()["parts"])
        running.signal(number)
        eventually(lambda: not running.left() and all(is_gone(pid) for pid in pids))
        assert running.folder.holder() is None


def test_the_second_start_keeps_its_addresses_and_needs_no_maven(tmp_path: Path) -> None:
    with a_run(tmp_path) as first:
        kafka, databases = first.said()["kafka"], first.said()["databases"]
    with a_run(tmp_path, path="/nowhere") as second:
        assert (second.said()["kafka"], second.said()["databases"]) == (kafka, databases)
        assert second.seconds_to_up < LONGEST_SECOND_START_SECONDS
