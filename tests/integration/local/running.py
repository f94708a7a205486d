"""Starts a supervisor as a process of its own and looks at what it runs."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from samsyn_local import artifacts
from samsyn_local.processes import marked, sweep
from samsyn_local.run_folder import CHECKOUT, RunFolder


class Running:
    """A supervisor in its own process, as `samsyn up` is."""

    def __init__(self, folder: Path, path: str | None = None) -> None:
        self.folder = RunFolder(folder)
        self.output = folder / "output"
        self.seconds_to_up = 0.0
        self._began = time.monotonic()
        env = {name: value for name, value in os.environ.items() if not name.startswith("SAMSYN_")}
        env |= {"JAVA_HOME": java_home(), "PATH": path} if path else {}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.local.supervise", str(folder)],
                cwd=CHECKOUT,
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_up(self) -> None:
        """Wait until it is up and note the seconds from its start."""
        eventually(lambda: self.said().get("state") == "up" and self.said()["supervisor"]["pid"] == self.process.pid)
        self.seconds_to_up = time.monotonic() - self._began

    def said(self) -> dict[str, Any]:
        """What its status says now."""
        assert self.process.poll() is None or self.process.returncode == 0, self.output.read_text()
        return self.folder.read_status()

    def part(self, name: str) -> dict[str, Any]:
        told: dict[str, Any] = self.said()["parts"][name]
        return told

    def all_pids(self) -> set[int]:
        """Everything below the supervisor, and its watchdog: parts, their children, PostgreSQL's backends."""
        return {process.pid for process in psutil.Process(self.process.pid).children(recursive=True)}

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(60)

    def end(self) -> None:
        """Stop it if it still runs."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)

    def left(self) -> list[psutil.Process]:
        return marked(self.folder.mark_prefix())


@contextmanager
def a_run(folder: Path | None = None, path: str | None = None) -> Iterator[Running]:
    """A supervisor that is up, in a new folder unless one is given; `path` replaces PATH."""
    with tempfile.TemporaryDirectory(prefix="samsyn-test-") as new:
        running = Running(folder or Path(new), path)
        try:
            running.wait_up()
            yield running
        finally:
            running.end()
            sweep(running.folder.mark_prefix())


def is_gone(pid: int) -> bool:
    """Whether the process has ended (a zombie has; who should have noticed is not asked)."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def java_home() -> str:
    """The folder of the Java that PATH leads to."""
    return str(Path(artifacts.java()).resolve().parents[1])


def eventually(holds: Callable[[], bool], timeout_seconds: float = 60.0) -> None:
    """Wait until something holds; fail when it does not within the timeout."""
    until = time.monotonic() + timeout_seconds
    while not holds():
        assert time.monotonic() < until, f"still not so after {timeout_seconds:.0f} s"
        time.sleep(0.1)
