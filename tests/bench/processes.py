"""What the processes of a run use: memory of each, processor time of those that an event passes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import psutil
from samsyn_local.processes import Part

MEGABYTE = 1024 * 1024
QUIET_SHARE, LOOK_SECONDS, PATIENCE_SECONDS = 0.25, 1.0, 60.0


def memory_of(parts: Sequence[Part]) -> dict[str, float]:
    """Megabytes resident of each part: of its own process, and of those that it has started together."""
    found: dict[str, float] = {}
    for part in parts:
        if part.pid is not None:
            first = psutil.Process(part.pid)
            others = first.children(recursive=True)
            found[part.name] = _megabytes(first)
            if others:
                found[f"{part.name}'s {len(others)} others"] = round(sum(map(_megabytes, others)), 1)
    return found


def cpu_seconds_of(parts: Sequence[Part]) -> dict[str, float]:
    """Processor seconds that each part has used: of PostgreSQL all processes, of a service its first one alone.

    No event passes through the others of planning, which wait for something to plan.
    """
    found = {}
    for part in parts:
        if part.pid is not None:
            first = psutil.Process(part.pid)
            found[part.name] = _seconds(first)
            if part.name == "postgres":
                found[part.name] += first.cpu_times().children_user + sum(map(_seconds, first.children(recursive=True)))
    return found


async def until_quiet(parts: Sequence[Part]) -> None:
    """Wait until none of the parts has much to do any more, those that they have started included."""
    ends = time.monotonic() + PATIENCE_SECONDS
    used = _all_seconds(parts)
    while time.monotonic() < ends:
        await asyncio.sleep(LOOK_SECONDS)
        before, used = used, _all_seconds(parts)
        if used - before < QUIET_SHARE * LOOK_SECONDS:
            return


def _all_seconds(parts: Sequence[Part]) -> float:
    families = [psutil.Process(part.pid) for part in parts if part.pid is not None]
    return sum(_seconds(one) for first in families for one in (first, *first.children(recursive=True)))


def _seconds(process: psutil.Process) -> float:
    """What it has used; nothing if it has just ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _megabytes(process: psutil.Process) -> float:
    return float(round(process.memory_info().rss / MEGABYTE, 1))
