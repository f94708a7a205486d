"""Restores a backup on an empty machine: `samsyn restore FOLDER`, with Kafka and PostgreSQL up and no service."""

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from samsyn_contracts.register import load_register
from samsyn_inspection.restored import put_beyond as put_inspection_beyond
from samsyn_planning.restored import put_beyond
from samsyn_reporting.restored import put_reporting_beyond

from samsyn_local.artifacts import Say
from samsyn_local.backup import (
    FORMAT,
    FORMAT_VERSION,
    JOURNALS,
    MANIFEST,
    file_hash,
    manifest_hash,
    run_program,
    told_of,
)
from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES
from samsyn_local.people import DESK
from samsyn_local.people_kept import FOLDERS, make_roles, put_back, refuse_journals
from samsyn_local.postgres import create_databases, on_same_server
from samsyn_local.rebuild_kafka import infrastructure_alone
from samsyn_local.run_folder import OF_DIARIES, RunFolder, write_atomically
from samsyn_local.table_states import as_json, states_of

WITHOUT_DESK = 1  # the format before the desk was backed up
OTHER_COPY = "take another copy of the backup, or an older one"
TABLES = "select count(*) from pg_tables where schemaname = 'public'"


def restore(run: RunFolder, folder: Path, say: Say) -> None:
    """Restore a backup into the empty databases of a run; StartError where it is damaged or they are not empty."""
    told = infrastructure_alone(run)
    manifest = checked_manifest(folder)
    _check_keys(run, manifest["key_prints"], say)
    try:
        databases = with_the_desk(told["databases"], manifest)
        asyncio.run(restored(databases, folder, manifest, run.restoring_path, say))
    except (asyncpg.PostgresError, OSError) as error:
        raise StartError(f"PostgreSQL does not answer as it should ({type(error).__name__}): {error}") from error


def with_the_desk(databases: Mapping[str, str], manifest: Mapping[str, Any]) -> Mapping[str, str]:
    """The databases to restore: the desk's is made where the backup has one."""
    if DESK not in manifest["databases"]:
        return databases
    create_databases(databases["exchange"], [DESK])
    return {**databases, DESK: on_same_server(databases["exchange"], DESK)}


async def restored(
    databases: Mapping[str, str], folder: Path, manifest: Mapping[str, Any], restoring: Path, say: Say
) -> None:
    """Restore every database, compare it with the manifest, and let services go on with numbers never used.

    Journals go into `state` beside the file `restoring`, which is there until all of it is done.
    """
    began_at = time.monotonic()
    folders = {part: restoring.parent / "state" / part for part in FOLDERS}
    journals = [told["file"] for told in manifest["journals"]]
    refuse_journals(folders if journals else {})
    for name in databases:
        await _refuse_unfit(name, databases[name], manifest["databases"][name])
    write_atomically(restoring, f"{folder}\n")
    await make_roles(databases["exchange"], manifest["roles"])
    put_back(journals, folder / JOURNALS, folders)
    for name, dsn in databases.items():
        await _restore_one(name, dsn, folder, manifest["databases"][name], say)
    cut_at = datetime.fromisoformat(manifest["cut_at"])
    urls = {name: dsn.replace("postgresql://", "postgresql+asyncpg://", 1) for name, dsn in databases.items()}
    now = datetime.now(UTC)
    versions = await put_beyond(urls["planning"], load_register().centres, cut_at, now)
    await put_inspection_beyond(urls["inspection"], cut_at, now)
    await put_reporting_beyond(urls["reporting"], now)
    await asyncio.to_thread(restoring.unlink)
    say(f"planning: {len(versions)} centres go on from plan version {max(versions.values())} at most")
    say(
        f"Restored as of {manifest['cut_at']} in {time.monotonic() - began_at:.1f} s. What services said later is not "
        "in it; what agencies said later, their adapters say again. Now: `samsyn rebuild kafka`"
    )


def checked_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose files are all as they were written; StartError naming the first that is not.

    One of format 1 holds no desk: it is taken as one of a run that never had any.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise StartError(f"{path} is missing: name the folder that `samsyn backup` has written.")
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        is_of_ours = manifest["format"] == FORMAT
        told_version, told_hash = manifest["format_version"], manifest["sha256"]
    except (ValueError, KeyError, TypeError):
        raise StartError(f"{path} is damaged: {OTHER_COPY}.") from None
    if not is_of_ours or told_version not in (WITHOUT_DESK, FORMAT_VERSION):
        raise StartError(
            f"{path} is of format {manifest['format']} {told_version}, and this version of Samsyn reads "
            f"{FORMAT} {FORMAT_VERSION}: restore it with the version that wrote it, {manifest.get('samsyn_version')}."
        )
    if told_hash != manifest_hash(manifest) or manifest["databases"].keys() - {DESK} != set(SERVICES):
        raise StartError(f"{path} is damaged: {OTHER_COPY}.")
    manifest = {"roles": [], "journals": [], **manifest}
    for told in manifest["databases"].values():
        _check_file(folder / told["file"], told)
    for told in manifest["journals"]:
        _check_file(folder / JOURNALS / told["file"], told)
    return manifest


def _check_file(path: Path, told: Mapping[str, Any]) -> None:
    if not path.is_file():
        raise StartError(f"{path} is missing: {OTHER_COPY}.")
    if path.stat().st_size != told["num_bytes"] or file_hash(path) != told["sha256"]:
        raise StartError(f"{path} is damaged (it is not as it was written): {OTHER_COPY}.")


def _check_keys(run: RunFolder, wanted: Mapping[str, str], say: Say) -> None:
    """What no key opens is lost: better to say so before than after; diaries alone are no reason to restore nothing."""
    others = {name for name, print_ in run.key_prints().items() if wanted.get(name, print_) != print_}
    for name in sorted(others - {OF_DIARIES}):
        raise StartError(
            f"{run.path / name} is not the key that the backup needs. Keys are kept apart from backups: put the "
            "old run's file there, and restore again."
        )
    if others:
        say(
            f"{run.path / OF_DIARIES} is another key than the old run's, which alone opens the diaries that people "
            "have been sent: put the old run's file there before `samsyn up`. Where it is lost, they open no more."
        )


async def _refuse_unfit(name: str, dsn: str, told: Mapping[str, Any]) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        num_tables = await connection.fetchval(TABLES)
        server = int(await connection.fetchval("show server_version_num"))
    finally:
        await connection.close()
    if num_tables:
        raise StartError(
            f"The database {name} is not empty: a backup is restored on an empty machine. Stop the run and name a new "
            "one (`samsyn up --only infra --run NAME --detach`), with the keys of the old one in its folder."
        )
    if server // 10_000 < int(told["postgres"]) // 10_000:
        raise StartError(
            f"The backup of {name} is of PostgreSQL {int(told['postgres']) // 10_000}, this is {server // 10_000}: "
            "restore it on that version or a later one."
        )


async def _restore_one(name: str, dsn: str, folder: Path, told: Mapping[str, Any], say: Say) -> None:
    said = ["--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={dsn}", str(folder / told["file"])]
    await asyncio.to_thread(run_program, "pg_restore", said)
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            states = await states_of(connection)
    finally:
        await connection.close()
    wrong = [table for table, one in as_json(states).items() if one != told["tables"].get(table)]
    if wrong or states.keys() != told["tables"].keys():
        raise StartError(f"{name} was restored and is not what was backed up, in {wrong}: {OTHER_COPY}.")
    say(f"{name}: {told_of(states)}, equal to what was backed up")
