"""`samsyn backup`, `restore` and `rebuild kafka` where they cannot be done say what to do first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from samsyn_adapter_sdk.journal import Journal
from samsyn_local import journals
from samsyn_local.backup import backup
from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.rebuild import rebuild_in
from samsyn_local.rebuild_kafka import rebuild_kafka
from samsyn_local.restore import checked_manifest, restore, restored
from samsyn_local.run_folder import RunFolder

from tests.unit.local.test_backup_files import a_backup


def quietly(_sentence: str) -> None:
    """What is said is not looked at here."""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[RunFolder]:
    """A run that is up, by its status."""
    run = RunFolder(tmp_path / "run")
    run.lock()
    parts = {name: {"state": "up"} for name in SERVICES}
    run.write_status({"state": "up", "kafka": "127.0.0.1:1", "databases": {}, "parts": parts})
    yield run
    run.unlock()


def test_a_run_that_is_down_cannot_be_backed_up(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="`samsyn up` starts it"):
        backup(RunFolder(tmp_path), None, quietly)


def test_a_backup_writes_over_nothing(run: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(StartError, match="is there already: name a folder that is not"):
        backup(run, tmp_path, quietly)


def test_a_log_is_not_rebuilt_where_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="`samsyn up --only infra --detach` starts"):
        rebuild_kafka(RunFolder(tmp_path), [], quietly, discard=False)


def test_a_log_is_not_rebuilt_under_running_services(run: RunFolder) -> None:
    with pytest.raises(StartError, match="services are running: `samsyn down`"):
        rebuild_kafka(run, [], quietly, discard=False)


@pytest.mark.parametrize("key", ["contents-key", "dead-letter-key"])
def test_a_backup_is_not_restored_without_its_keys(run: RunFolder, tmp_path: Path, key: str) -> None:
    run.write_status({"state": "up", "kafka": "127.0.0.1:1", "databases": {}, "parts": {}})
    (tmp_path / "backup").mkdir()
    folder = a_backup(tmp_path / "backup", key_prints={key: "another"})

    with pytest.raises(StartError, match=rf"{key} is not the key that the backup needs.*put the old run's file"):
        restore(run, folder, quietly)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_restore_without_the_key_of_diaries_goes_on_and_tells_what_they_open_with(
    run: RunFolder, tmp_path: Path, is_kept: bool
) -> None:
    run.write_status({"state": "up", "kafka": "127.0.0.1:1", "databases": {}, "parts": {}})
    (tmp_path / "backup").mkdir()
    key_prints = run.key_prints() if is_kept else {**run.key_prints(), "diary-key": "another"}
    folder, said = a_backup(tmp_path / "backup", key_prints=key_prints, cut_at="2026-11-26T18:00:00+00:00"), list[str]()

    with pytest.raises(KeyError):  # without databases it dies where planning's is to go on
        restore(run, folder, said.append)

    told = [sentence for sentence in said if "diary-key is another key than the old run's" in sentence]
    assert len(told) == (0 if is_kept else 1)


async def test_a_restore_that_dies_leaves_what_it_began_with(tmp_path: Path) -> None:
    manifest = checked_manifest(a_backup(tmp_path, cut_at="2026-11-26T18:00:00+00:00"))

    with pytest.raises(KeyError):  # without databases it dies where planning's is to go on
        await restored({}, tmp_path, manifest, tmp_path / "restoring", quietly)

    assert (tmp_path / "restoring").exists()


async def test_a_restore_that_is_refused_leaves_nothing(tmp_path: Path) -> None:
    nowhere = {"planning": "postgresql://postgres@127.0.0.1:1/planning"}

    with pytest.raises(OSError, match=r"refused|failed"):
        await restored(nowhere, tmp_path, checked_manifest(a_backup(tmp_path)), tmp_path / "restoring", quietly)

    assert not (tmp_path / "restoring").exists()


@pytest.mark.parametrize("name", ["up", "restore", "rebuild kafka", "rebuild reporting"])
def test_a_half_restored_run_goes_on_with_nothing(tmp_path: Path, name: str) -> None:
    run = RunFolder(tmp_path)
    run.restoring_path.touch()
    given = {"SAMSYN_KAFKA": "127.0.0.1:1"}
    commands: dict[str, Callable[[], object]] = {
        "up": lambda: Infrastructure.start(tmp_path, databases=(), given=given),
        "restore": lambda: restore(run, tmp_path, quietly),
        "rebuild kafka": lambda: rebuild_kafka(run, [], quietly, discard=False),
        "rebuild reporting": lambda: rebuild_in(run, "reporting", replace=False),
    }

    with pytest.raises(StartError, match=r"empty the folder but for its four keys, .* and restore again"):
        commands[name]()

    assert run.holder() is None


def test_a_journal_that_an_adapter_uses_is_named(tmp_path: Path) -> None:
    path = tmp_path / "polisen.sqlite"
    journal = Journal(path)

    with (
        pytest.raises(StartError, match=r"polisen.sqlite cannot be opened.*Stop the adapter first"),
        journals.opened(path),
    ):
        pass

    journal.close()


def a_journal(folder: Path, *said: str, name: str = "polisen") -> Path:
    folder.mkdir(exist_ok=True)
    journal = Journal(folder / f"{name}.sqlite")
    with journal.together():
        for event_id in said:
            journal.keep(event_id, "[]", b"{}")
    journal.close()
    return (folder / f"{name}.sqlite").resolve()


def test_a_party_has_a_journal_at_the_desk_and_at_notify_and_both_are_said_again(tmp_path: Path) -> None:
    found = [a_journal(tmp_path / "desk", "d1"), a_journal(tmp_path / "notify", "n1")]
    a_journal(tmp_path, "x", name="somebody-else")

    assert journals.found_in([tmp_path, tmp_path / "desk"], ["polisen"]) == found


def test_two_journals_that_say_the_same_are_named(tmp_path: Path) -> None:
    a_journal(tmp_path / "a", "d1")
    a_journal(tmp_path / "b", "d0", "d1")

    with pytest.raises(StartError, match="polisen has two journals that say the same"):
        journals.found_in([tmp_path], ["polisen"])
