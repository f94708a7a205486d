"""What the processes of a run use: memory of each, processor time of those that an event passes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import psutil
from samsyn_local.processes import Part

MEGABYTE = 1024 * 1024
QUIET_SHARE, LOOK_SECONDS, PATIENCE_SECONDS = 0.15, 1.0, 90.0


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
            others = first.children(recursive=True) if part.name == "postgres" else []
            times = [one.cpu_times() for one in (first, *others)]
            found[part.name] = sum(one.user + one.system for one in times) + (times[0].children_user if others else 0)
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
    return sum(float(one.cpu_times().user) for first in families for one in (first, *first.children(recursive=True)))


def _megabytes(process: psutil.Process) -> float:
    return float(round(process.memory_info().rss / MEGABYTE, 1))
