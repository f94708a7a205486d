"""A backup's files: one that is damaged, missing or of another version is named, with what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from samsyn_local.backup import FORMAT, FORMAT_VERSION, JOURNALS, MANIFEST, file_hash, manifest_hash
from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES
from samsyn_local.people_kept import PeopleKept
from samsyn_local.restore import checked_manifest


def a_backup(folder: Path, **more: object) -> Path:
    """A backup with a file for each service; `more` stands in its manifest."""
    databases = {}
    for name in SERVICES:
        path = folder / f"{name}.dump"
        path.write_bytes(name.encode())
        databases[name] = {"file": path.name, "num_bytes": len(name), "sha256": file_hash(path)}
    journal = folder / JOURNALS / "desk" / "polisen.sqlite"
    journal.parent.mkdir(parents=True)
    journal.write_bytes(b"journal")
    told = {"file": "desk/polisen.sqlite", "num_bytes": 7, "sha256": file_hash(journal)}
    files = {"databases": databases, "journals": [told], "roles": []}
    manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, "samsyn_version": "9.9", **files, **more}
    written = json.dumps({**manifest, "sha256": manifest_hash(manifest)})
    (folder / MANIFEST).write_text(written, encoding="utf-8")
    return folder


def test_a_whole_backup_is_taken(tmp_path: Path) -> None:
    assert checked_manifest(a_backup(tmp_path))["databases"].keys() == set(SERVICES)


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"manifest.json is missing: name the folder that `samsyn backup` has written"):
        checked_manifest(tmp_path)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (a_backup(tmp_path) / "planning.dump").write_bytes(b"plannink")
    with pytest.raises(StartError, match=r"planning.dump is damaged .*take another copy"):
        checked_manifest(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (a_backup(tmp_path) / "exchange.dump").unlink()
    with pytest.raises(StartError, match=r"exchange.dump is missing: take another copy"):
        checked_manifest(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "samsyn-backup"}'])
def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    (a_backup(tmp_path) / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(StartError, match=r"manifest.json is damaged"):
        checked_manifest(tmp_path)


def test_a_manifest_that_was_changed_is_noticed(tmp_path: Path) -> None:
    path = a_backup(tmp_path) / MANIFEST
    path.write_text(path.read_text("utf-8").replace('"num_bytes": 8', '"num_bytes": 9'), encoding="utf-8")
    with pytest.raises(StartError, match=r"manifest.json is damaged"):
        checked_manifest(tmp_path)


def test_a_backup_of_another_version_is_refused_with_the_version_that_reads_it(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"of format samsyn-backup 3, .* with the version that wrote it, 9\.9"):
        checked_manifest(a_backup(tmp_path, format_version=3))


def test_a_backup_from_before_the_desk_was_backed_up_is_taken_without_it(tmp_path: Path) -> None:
    path = a_backup(tmp_path) / MANIFEST
    told = json.loads(path.read_text("utf-8"))
    before = {key: value for key, value in told.items() if key not in ("roles", "journals", "sha256")}
    before["format_version"] = 1
    path.write_text(json.dumps({**before, "sha256": manifest_hash(before)}), encoding="utf-8")

    taken = checked_manifest(tmp_path)

    assert (taken["roles"], taken["journals"], taken["databases"]) == ([], [], told["databases"])


def test_a_process_that_has_ended_is_told(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    with pytest.raises(StartError, match=rf"Process {ended.pid} of desk has ended"):
        PeopleKept("", {"desk": tmp_path}, {"desk": ended.pid}).standing_still().__enter__()
