"""What a backup holds of the desk and of notify: a database, and journals copied while both stand still."""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from samsyn_local.failure import StartError
from samsyn_local.people import DESK
from samsyn_local.postgres import on_same_server
from samsyn_local.run_folder import RunFolder

FOLDERS = (DESK, "notify")
# A process that was stopped leaves them as a crash would; SQLite mends the one by the other when it opens them.
FILES = ("*.sqlite", "*.sqlite-wal", "*.sqlite-journal")
STOP_SECONDS = 5.0
WRITES_IN = "SAMSYN_STATE_DIR"
ROLES = "select rolname from pg_roles where not rolcanlogin and rolname not like 'pg\\_%'"


@dataclass(frozen=True)
class PeopleKept:
    """The desk's database; by part the folders of its and notify's journals, and the processes that write there."""

    database: str
    folders: Mapping[str, Path]
    pids: Mapping[str, int] = field(default_factory=dict)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Stop the processes where they are, and let them go on: nobody is signed out, and nothing is said twice."""
        with ExitStack() as stack:
            for part, pid in self.pids.items():
                stack.enter_context(_stopped(part, pid, self.folders[part]))
            yield

    def copy_journals(self, target: Path) -> list[str]:
        """Copy the journals to `<target>/<part>/…`; their paths there. The processes stand still meanwhile."""
        copied = []
        for part, folder in self.folders.items():
            (target / part).mkdir(parents=True)
            for path in sorted(path for kind in FILES for path in folder.glob(kind)):
                shutil.copyfile(path, target / part / path.name)
                copied.append(f"{part}/{path.name}")
        return copied


def people_kept(run: RunFolder, told: Mapping[str, Any]) -> PeopleKept | None:
    """Those of a run that is up, by its status; None where it has never had a desk."""
    folders = {part: run.path / "state" / part for part in FOLDERS}
    if not any(next(folder.glob("*.sqlite"), None) for folder in folders.values()):
        return None
    pids = {part: pid for part in FOLDERS if (pid := told["parts"].get(part, {}).get("pid")) is not None}
    return PeopleKept(on_same_server(told["databases"]["exchange"], DESK), folders, pids)


def refuse_journals(folders: Mapping[str, Path]) -> None:
    """StartError where journals are there already: two pasts of one party cannot be put together."""
    for folder in folders.values():
        if found := next(folder.glob("*.sqlite"), None):
            raise StartError(f"{found} is there already: a backup is restored on an empty machine.")


def put_back(files: Sequence[str], source: Path, folders: Mapping[str, Path]) -> None:
    """Put journals from a backup where the desk and notify look for them, readable by their owner alone."""
    for file in files:
        part, _, name = file.partition("/")
        folders[part].mkdir(parents=True, exist_ok=True)
        target = folders[part] / name
        target.touch(mode=0o600)
        shutil.copyfile(source / file, target)


async def roles_of(connection: asyncpg.Connection) -> list[str]:
    """The roles without login of a server: a dump names them, and does not hold them."""
    return [row["rolname"] for row in await connection.fetch(ROLES)]


async def make_roles(dsn: str, roles: Sequence[str]) -> None:
    """Make those of the roles that are not there, and let whoever restores be each of them."""
    connection = await asyncpg.connect(dsn)
    try:
        there = {row["rolname"] for row in await connection.fetch("select rolname from pg_roles")}
        for role in roles:
            if role not in there:
                await connection.execute(f'create role "{role}" nologin')
                await connection.execute(f'grant "{role}" to current_user')
    finally:
        await connection.close()


@contextmanager
def _stopped(part: str, pid: int, folder: Path) -> Iterator[None]:
    """A process that stands still; StartError where the one that writes in the folder has ended.

    Its number may be another's by then: the process is known by the folder that it was told to write in.
    """
    ended = StartError(f"Process {pid} of {part} has ended: `samsyn status`, then back up again.")
    try:
        process = psutil.Process(pid)
        if Path(process.environ().get(WRITES_IN, "")).resolve() != folder.resolve():
            raise ended
        process.suspend()
    except psutil.Error:
        raise ended from None
    try:
        _wait_stopped(process)
        yield
    finally:
        with suppress(psutil.Error):
            process.resume()


def _wait_stopped(process: psutil.Process) -> None:
    until = time.monotonic() + STOP_SECONDS
    while process.status() != psutil.STATUS_STOPPED:
        if time.monotonic() > until:
            raise StartError(f"Process {process.pid} does not stand still: try the backup again.")
        time.sleep(0.005)
