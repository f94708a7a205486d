"""What is said while a command works: on standard error, so that standard output holds the result alone."""

import sys


def say(line: str) -> None:
    """Say one line at once."""
    print(line, file=sys.stderr, flush=True)
