"""Small disks for Kafka, PostgreSQL and the logs: a tmpfs each, which a ballast fills until nothing more goes in."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

NEW_MOUNT_NAMESPACE = 0x00020000  # CLONE_NEWNS of sched.h
MEGABYTE = 1024 * 1024
BALLAST = "ballast"


@cache
def may_mount() -> bool:
    """Go to a mount namespace of our own, which is gone when we are; whether a tmpfs can be mounted there.

    Call it before anything is started: a thread or a process has the namespace of the one that started it.
    """
    if os.geteuid() != 0 or ctypes.CDLL(None).unshare(NEW_MOUNT_NAMESPACE) != 0:
        return False
    with TemporaryDirectory() as folder:
        try:
            _run("mount", "--make-rprivate", "/")
            _run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder)
            _run("umount", folder)
        except OSError:
            return False
    return True


def put_on_small_disk(path: Path, megabytes: int) -> None:
    """Move a folder, which nobody uses now, to a tmpfs of that size at the same path."""
    kept = path.with_name(f"{path.name}.before")
    path.rename(kept)
    path.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(path))
    _run("cp", "-a", f"{kept}/.", str(path))
    shutil.rmtree(kept)


def fill(path: Path) -> int:
    """Write until the disk is full; how many bytes that took. ENOSPC has been seen when this returns."""
    num = 0
    with (path / BALLAST).open("wb", buffering=0) as ballast:
        for size in (MEGABYTE, 4096, 1):
            try:
                while True:
                    num += ballast.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
    return num


def empty(path: Path) -> None:
    """Let there be room again."""
    (path / BALLAST).unlink(missing_ok=True)


def take_away(paths: Mapping[str, Path]) -> None:
    """Let the disks go with all that is on them."""
    for path in paths.values():
        with suppress(OSError):
            _run("umount", "--lazy", str(path))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
