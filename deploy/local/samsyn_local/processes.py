"""A part of a run: one process with its log, its address and a way to tell that it is ready."""

import contextlib
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

import psutil

from samsyn_local.failure import StartError

MARK = "SAMSYN_RUN_MARK"
NUM_LAST_LINES = 15
LARGEST_LOG = 20_000_000


@dataclass
class Part:
    """One process of a run; it is started, watched, stopped and killed here and nowhere else.

    Each part has a session of its own, so that Ctrl-C reaches the supervisor alone and the
    order of stopping is the supervisor's. `environment` is the whole environment of the process.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    address: str
    is_ready: Callable[[], bool]
    version: str = ""
    stop_signal: signal.Signals = signal.SIGTERM
    user_id: int | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started_at: datetime | None = None

    @property
    def pid(self) -> int | None:
        """The id of the running process, None when there is none."""
        return self.process.pid if self.process is not None and self.is_running else None

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the process, its output at the end of the log; returns before it is ready."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.rename(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **switch_to(self.user_id),
            )
        self.started_at = datetime.now(UTC)

    def wait_ready(self, timeout_seconds: float = 60.0) -> None:
        """Wait until the part answers; StartError with the log's last lines when it dies or does not."""
        until = time.monotonic() + timeout_seconds
        while not self.is_ready():
            if not self.is_running:
                raise StartError(
                    f"{self.name} stopped while starting; the last lines of {self.log}:\n{self.last_lines()}"
                )
            if time.monotonic() > until:
                raise StartError(
                    f"{self.name} did not answer within {timeout_seconds:.0f} s; "
                    f"the last lines of {self.log}:\n{self.last_lines()}"
                )
            time.sleep(0.05)

    def stop(self, timeout_seconds: float = 20.0) -> None:
        """Ask the process to stop and wait; after the timeout it is killed with all it started."""
        if self.process is None:
            return
        if self.is_running:
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout_seconds)
        self.kill()

    def kill(self) -> None:
        """End the process and what is left of its session with SIGKILL."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None  # its id may soon be another's: it is never signalled again

    def last_lines(self) -> str:
        """The end of the log, for the sentence that says why a part stopped."""
        if not self.log.exists():
            return "(no log)"
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-NUM_LAST_LINES:])


def clean_environment(mark: str, **more: str) -> dict[str, str]:
    """This process's environment, the mark of the run and what is said more."""
    return {**os.environ, MARK: mark, **more}


def marked(prefix: str, but: str = "") -> list[psutil.Process]:
    """All processes whose environment has a mark that begins with `prefix`, except those marked `but`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            mark = process.environ().get(MARK, "")
            if mark.startswith(prefix) and mark != but and process.pid != os.getpid():
                found.append(process)
    return found


def sweep(prefix: str, but: str = "", timeout_seconds: float = 10.0) -> int:
    """End every process with such a mark and return how many there were.

    PostgreSQL gets SIGQUIT first: it then ends its own children, which carry no readable mark.
    """
    num_ended = 0
    until = time.monotonic() + timeout_seconds
    while (left := marked(prefix, but)) and time.monotonic() < until:
        num_ended = max(num_ended, len(left))
        patient = until - time.monotonic() > timeout_seconds / 2
        for process in left:
            _end(process, patient)
        psutil.wait_procs(left, timeout=1.0)
    return num_ended


def _end(process: psutil.Process, patient: bool) -> None:
    with contextlib.suppress(psutil.Error):
        gently = patient and process.name() == "postgres"
        process.send_signal(signal.SIGQUIT if gently else signal.SIGKILL)


class Switch(TypedDict, total=False):
    """What makes subprocess run a program as another user."""

    user: int
    group: int
    extra_groups: list[str | int]


def switch_to(user_id: int | None) -> Switch:
    """Run as that user and its group, and in no group of ours; as ourselves when None."""
    if user_id is None:
        return {}
    return {"user": user_id, "group": pwd.getpwuid(user_id).pw_gid, "extra_groups": []}
