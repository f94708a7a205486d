"""Backs up the databases of a run as they were at one instant: `samsyn backup`; the services go on meanwhile."""

import asyncio
import hashlib
import json
import subprocess
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg

from samsyn_local import postgres
from samsyn_local.artifacts import Say
from samsyn_local.failure import StartError
from samsyn_local.people import DESK
from samsyn_local.people_kept import PeopleKept, people_kept, roles_of
from samsyn_local.run_folder import CHECKOUT, RunFolder
from samsyn_local.table_states import States, as_json, state_hash, states_of

FORMAT, FORMAT_VERSION = "samsyn-backup", 2
JOURNALS = "journals"
MANIFEST = "manifest.json"
BACKUPS = CHECKOUT / "var" / "backups"
# Whoever has read an event has read it after its writer's commit: with all of these held at once, no database of the
# backup knows of an event that the backup's writer of it does not have.
HOLD = 'lock table inbox, outbox, "position" in exclusive mode'
PATIENCE = "set lock_timeout = '30s'"
SNAPSHOT = "select pg_export_snapshot()"


def backup(run: RunFolder, folder: Path | None, say: Say) -> Path:
    """Back up a run that is up into a new folder, and return it; StartError where that cannot be."""
    told = run.read_status()
    if run.holder() is None or told.get("state") != "up":
        raise StartError(f"No run is up in {run.path}: `samsyn up` starts it, and then it can be backed up.")
    target = folder or BACKUPS / datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    if target.exists():
        raise StartError(f"{target} is there already: name a folder that is not.")
    # A backup that was broken off never has the name of one.
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(Backup(told["databases"], unfinished, say, people_kept(run, told)).write(run.key_prints()))
    except (asyncpg.PostgresError, OSError) as error:
        raise StartError(f"PostgreSQL does not answer as it should ({type(error).__name__}): {error}") from error
    unfinished.rename(target)
    return target


class Backup:
    """One backup of the services' databases, by name and DSN, and of what people's parts keep, into a folder."""

    def __init__(self, databases: Mapping[str, str], folder: Path, say: Say, people: PeopleKept | None = None) -> None:
        self._services, self._folder, self._say, self._people = databases, folder, say, people
        self._databases = {**databases, **({} if people is None else {DESK: people.database})}
        self._journals: list[str] = []
        self._roles: list[str] = []

    async def write(self, key_prints: Mapping[str, str]) -> None:
        """Write a file per database, and the manifest last of all; `key_prints` tell the keys that it needs."""
        began_at = time.monotonic()
        async with self._cut() as (cut_at, snapshots):
            told = {name: await self._dump(name, *snapshots[name]) for name in self._databases}
        manifest = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "samsyn_version": version("samsyn-local"),
            "cut_at": cut_at.isoformat(),
            "key_prints": dict(key_prints),
            "databases": told,
            "roles": self._roles,
            "journals": [file_told(self._folder / JOURNALS, file) for file in self._journals],
        }
        text = json.dumps({**manifest, "sha256": manifest_hash(manifest)}, indent=2)
        (self._folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
        self._say(f"Backed up as of {cut_at.isoformat(timespec='seconds')}, in {time.monotonic() - began_at:.1f} s")

    @asynccontextmanager
    async def _cut(self) -> AsyncIterator[tuple[datetime, dict[str, tuple[asyncpg.Connection, str]]]]:
        """A snapshot of every database, all of one instant at which none of them took in or said anything."""
        async with AsyncExitStack() as stack:
            async with AsyncExitStack() as held:
                for dsn in self._services.values():
                    holding = await held.enter_async_context(_connected(dsn))
                    await holding.execute(PATIENCE)
                    await held.enter_async_context(holding.transaction())
                    await holding.execute(HOLD)
                # While nobody is told anything: no journal knows of an event that the exchange's database has not.
                if self._people is not None:
                    held.enter_context(self._people.standing_still())
                    self._journals = self._people.copy_journals(self._folder / JOURNALS)
                snapshots = {}
                for name, dsn in self._databases.items():
                    seeing = await stack.enter_async_context(_connected(dsn))
                    await stack.enter_async_context(seeing.transaction(isolation="repeatable_read", readonly=True))
                    snapshots[name] = (seeing, str(await seeing.fetchval(SNAPSHOT)))
                    self._roles = await roles_of(seeing)
                cut_at = datetime.now(UTC)
            yield cut_at, snapshots

    async def _dump(self, name: str, seeing: asyncpg.Connection, snapshot: str) -> dict[str, Any]:
        path = self._folder / f"{name}.dump"
        said = ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={path}", self._databases[name]]
        await asyncio.to_thread(run_program, "pg_dump", said)
        states = await states_of(seeing)
        self._say(f"{name}: {told_of(states)}, {path.stat().st_size / 1e6:.1f} MB")
        return {
            **file_told(self._folder, path.name),
            "postgres": await seeing.fetchval("show server_version_num"),
            "state": state_hash(states),
            "tables": as_json(states),
        }


def run_program(name: str, said: Sequence[str]) -> None:
    """Run one of PostgreSQL's own programs; StartError with what it complained of."""
    done = subprocess.run([postgres.programs() / name, *said], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StartError(f"{name} did not do it:\n{done.stderr.strip()}")


def manifest_hash(manifest: Mapping[str, Any]) -> str:
    """The hash of a manifest without its own."""
    told = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def file_told(folder: Path, name: str) -> dict[str, Any]:
    """A file in a manifest: its name below the folder, its size and its hash."""
    path = folder / name
    return {"file": name, "num_bytes": path.stat().st_size, "sha256": file_hash(path)}


def file_hash(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def told_of(states: States) -> str:
    """A database in a few words."""
    return f"{sum(one.num_rows for one in states.values())} rows, state {state_hash(states)[:16]}"


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
