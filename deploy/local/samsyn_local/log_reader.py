"""Reads the logs of a run: the end of one, and what is added to several."""

import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from samsyn_local.artifacts import Say


def last_lines(path: Path, num_lines: int) -> list[str]:
    """The last lines of a log."""
    with path.open(encoding="utf-8", errors="replace") as log:
        return [line.rstrip("\n") for line in deque(log, maxlen=num_lines)]


def follow(paths: Sequence[Path], say: Say) -> None:
    """Say each line that is added to the logs, with the part's name before it, until interrupted."""
    positions = {path: path.stat().st_size for path in paths}
    try:
        while True:
            for path in paths:
                positions[path] = _say_new(path, positions[path], say)
            time.sleep(0.2)
    except KeyboardInterrupt:
        return


def _say_new(path: Path, position: int, say: Say) -> int:
    if not path.exists() or path.stat().st_size < position:
        return 0
    with path.open("rb") as log:
        log.seek(position)
        added = log.read()
    whole, newline, _rest = added.rpartition(b"\n")
    for line in whole.decode(errors="replace").splitlines():
        say(f"{path.stem:<11}{line}")
    return position + len(whole) + len(newline)
