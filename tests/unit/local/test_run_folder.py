"""What a run's folder remembers, and who holds it."""

import os
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey
from samsyn_local.failure import StartError
from samsyn_local.run_folder import RunFolder


@pytest.mark.parametrize(
    ("told", "clock"), [({"clock": "driven"}, "driven"), ({"clock": "real"}, "real"), ({"a": 1}, "real")]
)
def test_a_run_goes_on_with_the_clock_it_had(tmp_path: Path, told: dict[str, Any], clock: str) -> None:
    run = RunFolder(tmp_path)
    (tmp_path / "postgres").mkdir()
    run.write_status(told)

    assert run.clock() == clock


def test_a_demos_clock_is_driven_and_a_new_runs_is_real(tmp_path: Path) -> None:
    new = RunFolder(tmp_path).clock()
    (tmp_path / "postgres").mkdir()

    assert (new, RunFolder(tmp_path).clock()) == ("real", "driven")


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    first, second = RunFolder(tmp_path), RunFolder(tmp_path)
    first.lock()
    with pytest.raises(StartError, match=rf"already up \(process {os.getpid()}\)"):
        second.lock()
    first.unlock()


def test_a_pid_left_in_the_lock_by_a_dead_run_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(str(os.getpid()))
    assert RunFolder(tmp_path).holder() is None


def test_the_holder_is_known_while_it_holds(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.lock()
    assert RunFolder(tmp_path).holder() == os.getpid()
    run.unlock()


def test_each_start_has_a_mark_of_its_own_under_the_folders(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    first, second = run.new_mark(), run.new_mark()
    assert first != second
    assert first.startswith(run.mark_prefix())
    assert second.startswith(RunFolder(tmp_path).mark_prefix())


def test_two_folders_never_share_a_mark(tmp_path: Path) -> None:
    assert RunFolder(tmp_path / "a").mark_prefix() != RunFolder(tmp_path / "b").mark_prefix()


def test_a_status_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.write_status({"state": "up", "run": "Väst"})
    assert run.read_status() == {"state": "up", "run": "Väst"}
    assert [path.name for path in tmp_path.iterdir()] == ["status.json"]


def test_a_run_never_started_has_an_empty_status(tmp_path: Path) -> None:
    assert RunFolder(tmp_path).read_status() == {}


def test_the_key_of_contents_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = RunFolder(tmp_path).contents_key()

    assert RunFolder(tmp_path).contents_key() == key
    assert len(bytes.fromhex(key)) == 32
    assert (tmp_path / "contents-key").stat().st_mode & 0o077 == 0


def test_the_key_of_dead_letters_is_made_once_and_its_private_part_is_its_owners_alone(tmp_path: Path) -> None:
    public = RunFolder(tmp_path).dead_letter_key()
    private = tmp_path / "dead-letter-key"

    assert RunFolder(tmp_path).dead_letter_key() == public
    assert bytes(PrivateKey(bytes.fromhex(private.read_text())).public_key).hex() == public
    assert private.stat().st_mode & 0o077 == 0


def test_a_backup_knows_the_keys_by_prints_that_tell_nothing_of_them(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "old")
    prints = run.key_prints()
    keys = {path.name: path.read_text() for path in run.path.iterdir()}

    assert prints.keys() == keys.keys() == {"contents-key", "dead-letter-key", "diary-key"}
    assert not set(prints.values()) & set(keys.values())
    assert run.key_prints() == prints
    assert not set(prints.values()) & set(RunFolder(tmp_path / "new").key_prints().values())
