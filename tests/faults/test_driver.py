"""What the faults stand on: a ledger on disk before a call, streams and schedules that a seed repeats, honest sums."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pytest

from tests.faults.comparing import Found
from tests.faults.faults import NET, Fault, Struck, num_of_a_round, schedule
from tests.faults.ledger import Entry, Ledger, lines_of
from tests.faults.phases import NIGHTS
from tests.faults.report import Report
from tests.faults.stream import Stream

NUM = 120


def an_entry(id_: str) -> Entry:
    return Entry(id_, "urn:samsyn:polisen", "PoliceCancelled", "akc-vast", "00", first_said=0.0)


def test_the_ledger_is_on_disk_before_it_goes_on(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.said([an_entry("a")])
    assert [line["what"] for line in lines_of(ledger.path)] == ["said"]
    ledger.came_of([("a", "unknown")])
    ledger.admitted(["a", "never said"])
    assert [line["what"] for line in lines_of(ledger.path)] == ["said", "unknown", "admitted"]
    ledger.close()


def test_what_has_no_answer_is_pending_and_what_is_admitted_is_acknowledged(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.said([an_entry("a"), an_entry("b"), an_entry("c")])
    ledger.admitted(["a"])
    ledger.rejected("b", "unknown_id", is_final=True)
    assert [one.id for one in ledger.pending()] == ["c"]
    assert [one.id for one in ledger.acknowledged()] == ["a"]
    ledger.close()


def test_the_same_seed_gives_the_same_stream_and_another_gives_another() -> None:
    def ids(seed: int) -> list[str]:
        steps = islice(Stream(seed, "t", NIGHTS).steps(), NUM)
        return [f"{one.id} {one.message.body().decode()}" for step in steps for one in step.sayings]

    assert ids(1) == ids(1)
    assert ids(1) != ids(2)


def test_time_goes_forward_in_the_stream_and_over_both_nights_of_summer_time() -> None:
    times = [step.at for step in islice(Stream(3, "t", NIGHTS).steps(), NUM)]

    assert times == sorted(times)
    assert {date(2023, 10, 29), date(2024, 3, 31)} <= {at.date() for at in times}


def test_a_stream_in_real_time_happens_now() -> None:
    began = datetime.now(UTC)
    times = [step.at for step in islice(Stream(3, "t", is_now=True).steps(), NUM)]

    assert all(began <= at <= datetime.now(UTC) for at in times)


@pytest.mark.parametrize("phase", ["processes", "disks", "clocks", "share"])
def test_the_same_seed_gives_the_same_faults_and_a_round_has_every_kind(phase: str) -> None:
    num = num_of_a_round(phase)
    first, again, other = (list(islice(schedule(seed, phase, (1, 2)), num)) for seed in (1, 1, 2))

    assert first == again
    assert first != other
    assert {fault.kind for fault in first} - set(NET) == {fault.kind for fault in other} - set(NET)


def a_report(num_met: int, *, num: int = 10, broken: tuple[str, ...] = ()) -> Report:
    report = Report(1, "command")
    fault = Fault("kill", "kafka")
    report.struck = [Struck(fault, happened=True, met="work" if n < num_met else "") for n in range(num)]
    report.add("phase", [Found("P1", "events lost", 5, broken)])
    return report


def test_a_run_is_sound_if_nothing_is_broken_and_its_faults_met_work() -> None:
    assert a_report(num_met=8).is_sound
    assert "3/n = 0.3000" in a_report(num_met=8).page()


def test_a_run_is_not_sound_if_a_promise_is_broken() -> None:
    assert not a_report(num_met=10, broken=("a",)).is_sound
    assert "VIOLATION P1: 1 events lost" in a_report(num_met=10, broken=("a",)).page()


def test_a_run_is_not_sound_if_its_faults_met_no_work_or_work_was_left() -> None:
    assert not a_report(num_met=7).is_sound
    assert not a_report(num_met=0, num=0).is_sound
    report = a_report(num_met=10)
    report.left.append("processes: planning is at work")
    assert not report.is_sound
