"""What is said while a command works: on standard error, so that standard output holds the result alone."""

import contextlib
import sys


def say(line: str) -> None:
    """Say one line at once; where nobody listens any more the work goes on."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(line, file=sys.stderr, flush=True)
