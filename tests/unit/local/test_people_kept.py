"""Journals are copied while those who write in them stand still, and come back with all that was in them."""

from __future__ import annotations

import itertools
import multiprocessing
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from samsyn_adapter_sdk.journal import Journal
from samsyn_local.failure import StartError
from samsyn_local.people_kept import FOLDERS, PeopleKept, people_kept, put_back, refuse_journals
from samsyn_local.run_folder import RunFolder

SOON_SECONDS = 5.0
START_SECONDS = 60.0  # an interpreter on a machine with other things to do


def count(path: Path) -> None:
    for number in itertools.count():
        path.write_text(str(number), encoding="ascii")


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Path]]:
    """A process that writes all the time, and where; it is told to as the desk is."""
    path = tmp_path / "counted"
    monkeypatch.setenv("SAMSYN_STATE_DIR", str(tmp_path / "state" / "desk"))
    process = multiprocessing.get_context("spawn").Process(target=count, args=(path,))
    process.start()
    until = time.monotonic() + START_SECONDS
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.005)
    assert process.pid is not None
    yield process.pid, path
    process.kill()
    process.join()


def changes(path: Path, seconds: float) -> bool:
    before, until = path.stat().st_mtime_ns, time.monotonic() + seconds
    while path.stat().st_mtime_ns == before and time.monotonic() < until:
        time.sleep(0.005)
    return path.stat().st_mtime_ns != before


def kept(root: Path, **pids: int) -> PeopleKept:
    return PeopleKept("postgresql://nobody@127.0.0.1:1/desk", {part: root / "state" / part for part in FOLDERS}, pids)


def test_who_writes_stands_still_meanwhile_and_goes_on_afterwards(tmp_path: Path, counter: tuple[int, Path]) -> None:
    pid, path = counter

    with kept(tmp_path, desk=pid).standing_still():
        assert not changes(path, 0.1)

    assert changes(path, SOON_SECONDS)


def test_a_process_that_has_the_number_of_one_that_ended_is_left_alone(
    tmp_path: Path, counter: tuple[int, Path]
) -> None:
    pid, path = counter

    with pytest.raises(StartError, match=f"Process {pid} of notify has ended"):
        kept(tmp_path, notify=pid).standing_still().__enter__()

    assert changes(path, SOON_SECONDS)


def test_who_writes_goes_on_though_the_backup_fails(tmp_path: Path, counter: tuple[int, Path]) -> None:
    pid, path = counter

    with pytest.raises(RuntimeError), kept(tmp_path, desk=pid).standing_still():
        raise RuntimeError

    assert changes(path, SOON_SECONDS)


def test_a_journal_that_is_open_comes_back_with_all_that_is_in_it(tmp_path: Path) -> None:
    there, backup, new = kept(tmp_path / "old"), tmp_path / "backup", kept(tmp_path / "new")
    for part in FOLDERS:
        (there.folders[part]).mkdir(parents=True)
    journal = Journal(there.folders["desk"] / "polisen.sqlite")
    with journal.together():
        journal.keep("said", "[]", b"{}")

    files = there.copy_journals(backup)
    journal.close()
    put_back(files, backup, new.folders)

    assert "desk/polisen.sqlite-wal" in files
    copied = new.folders["desk"] / "polisen.sqlite"
    assert copied.stat().st_mode & 0o777 == 0o600
    again = Journal(copied)
    assert [one.event_id for one in again.waiting(0)] == ["said"]
    again.close()
    with pytest.raises(StartError, match=r"polisen.sqlite is there already"):
        refuse_journals(new.folders)


def test_a_run_that_never_had_a_desk_has_nothing_of_it(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    told = {"databases": {"exchange": "postgresql://x@127.0.0.1:1/exchange"}, "parts": {"desk": {"pid": 7}}}
    assert people_kept(run, told) is None

    Journal(run.state("notify") / "polisen.sqlite").close()
    found = people_kept(run, told)

    assert found is not None
    assert (found.database, found.pids) == ("postgresql://x@127.0.0.1:1/desk", {"desk": 7})
