"""A watchdog beside each run: when the process that started it is gone, so is all that it started.

It reads a pipe whose other end only its owner holds. The end of the pipe says that the owner is
gone, however it went; every process with the run's mark is then ended. `PR_SET_PDEATHSIG` would
not do: it fires when the *thread* that started a child ends, and says nothing of grandchildren.
"""

import contextlib
import subprocess
import sys
from typing import Self

from samsyn_local.processes import sweep


class Guard:
    """The watchdog's owner side: it lives until `close`, or until this process dies."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @classmethod
    def over(cls, mark: str) -> Self:
        """Start a watchdog over all processes that will carry this mark."""
        command = [sys.executable, "-m", "samsyn_local.guard", mark]
        nothing = subprocess.DEVNULL
        pipe = subprocess.PIPE
        return cls(subprocess.Popen(command, stdin=pipe, stdout=nothing, stderr=nothing, start_new_session=True))

    @property
    def pid(self) -> int:
        """The watchdog's process."""
        return self._process.pid

    def close(self) -> None:
        """Let the watchdog sweep what is left and wait until it has."""
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate()


def main() -> None:
    """Wait for the end of the owner, then end what carries the mark."""
    sys.stdin.buffer.read()
    sweep(sys.argv[1])


if __name__ == "__main__":
    main()
