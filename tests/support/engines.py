"""Engines in place of `solve`, each with a fault of its own: what the planner must live with, not mocks of our code.

They are functions of a module with plain arguments, because the worker's process gets them by name.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samsyn_planning.domain.planner import ColumnPool, Limit, solve
from samsyn_planning.domain.restating import ASSUMED

Names = Mapping[str, tuple[str, str]]
# Longer than any worker gives a solve, who is killed then.
LONGEST_SECONDS = 300.0


def solve_slowly(
    marker: str, seconds: float, problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool
) -> dict[str, Any]:
    """Replans that take their time; `marker` is a file that tells that one is at work."""
    if problem["published"] is not None:
        Path(marker).touch()
        time.sleep(seconds)
    return solve(problem, limit, names=names, pool=pool)


def solve_when_let(
    marker: str, go: str, problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool
) -> dict[str, Any]:
    """Replans that wait until the file `go` is there; `marker` as before."""
    if problem["published"] is not None:
        Path(marker).touch()
        until_let(go)
    return solve(problem, limit, names=names, pool=pool)


def ignore_losses(problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool) -> dict[str, Any]:
    """Replans in which every operation stays where it was, whatever was lost."""
    plan = solve(problem, limit, names=names, pool=pool)
    return plan if problem["published"] is None else {**plan, "operations": problem["published"]["operations"]}


def fail(problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool) -> dict[str, Any]:
    """Replans that meet a bug."""
    if problem["published"] is not None:
        raise KeyError("a bug of the engine")
    return solve(problem, limit, names=names, pool=pool)


def die_once(marker: str, problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool) -> dict[str, Any]:
    """The first replan in which the process is killed; `marker` is a file that tells it has been."""
    if problem["published"] is not None and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return solve(problem, limit, names=names, pool=pool)


def plan_ordinarily_when_let(
    marker: str, go: str, problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool
) -> dict[str, Any]:
    """Replans that wait until the file `go` is there, unless they answer a loss; `marker` as before."""
    if problem["published"] is not None and problem["rules"]["consent"] == "any":
        Path(marker).touch()
        until_let(go)
    return solve(problem, limit, names=names, pool=pool)


def dawdle(seconds: float, problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool) -> dict[str, Any]:
    """Replans that take their time, and heed no limit."""
    if problem["published"] is not None:
        time.sleep(seconds)
    return solve(problem, limit, names=names, pool=pool)


def back_up_when_let(
    marker: str, go: str, problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool
) -> dict[str, Any]:
    """Backups whose second question, what everybody's agreement would save, waits until the file `go` is there.

    `marker` has a line for each that has come so far: when, in seconds of the wall clock.
    """
    if problem["rules"].get("readiness_seconds") == 0:
        with Path(marker).open("a") as lines:
            lines.write(f"{time.time()}\n")
        until_let(go)
    return solve(problem, limit, names=names, pool=pool)


def think_when_let(
    marker: str, go: str, problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool
) -> dict[str, Any]:
    """Losses that have not happened wait until the file `go` is there; `marker` as of replans."""
    if any(row["cause"] == ASSUMED for row in problem["lost"]):
        Path(marker).touch()
        until_let(go)
    return solve(problem, limit, names=names, pool=pool)


def die(problem: Mapping[str, Any], limit: Limit, names: Names, pool: ColumnPool) -> dict[str, Any]:
    """Replans of which none comes to an end: each takes its process with it."""
    if problem["published"] is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return solve(problem, limit, names=names, pool=pool)


def until_let(go: str) -> None:
    """Wait until a file is there."""
    until = time.monotonic() + LONGEST_SECONDS
    while not Path(go).exists() and time.monotonic() < until:
        time.sleep(0.01)
