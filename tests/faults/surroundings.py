"""What surrounds Samsyn fails: connections, disks and clocks; and what was said before is said again.

Each returns the instant from which on nothing hinders the system any more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path

from tests.faults.again import copy_records, set_back
from tests.faults.disks import empty, fill
from tests.faults.faults import Fault, Struck
from tests.faults.proxy import Mode
from tests.faults.scene import Scene

MODES: Mapping[str, Mode] = {
    "stall": "stalled",
    "half_open": "half_open",
    "reset": "reset",
    "partition": "refusing",
}
# In which libfaketime surely reads what it is told, and services act by it.
CLOCK_SECONDS = 4.0
NO_SPACE = b"No space left on device"


async def disturb_net(scene: Scene, fault: Fault, struck: Struck) -> float:
    """A proxy stalls, swallows answers, resets in mid-answer or refuses, for some seconds."""
    proxies = scene.system.proxies
    count = proxies[fault.target].count
    before = vars(count).copy()
    await scene.amid_work(fault)
    proxies.turn(fault.target, MODES[fault.kind])
    await asyncio.sleep(fault.seconds)
    await scene.note_waiting(fault, struck)
    proxies.turn(fault.target, "open")
    done = {name: num - before[name] for name, num in vars(count).items() if num > before[name]}
    wanted = {"stall": "bytes_stalled", "half_open": "bytes_swallowed"}.get(fault.kind, "cut")
    struck.happened, struck.evidence = wanted in done, f"{done} in {fault.seconds} s"
    return time.monotonic()


async def fill_disk(scene: Scene, fault: Fault, struck: Struck) -> float:
    """The disk of Kafka's log, of PostgreSQL or of the logs is full, while agencies go on speaking."""
    path, logs = scene.system.disks[fault.target], scene.system.infrastructure.run.path / "log"
    log = logs / f"{fault.target}.log"
    start = log.stat().st_size if log.exists() else 0
    await scene.amid_work(fault)
    num = await asyncio.to_thread(fill, path)
    await scene.note_work(fault, struck)
    until = time.monotonic() + fault.seconds
    while time.monotonic() < until:
        await scene.driver.burst(1)
        await asyncio.sleep(0.5)
    seen = "" if fault.target == "log" else f", the server told so {_num_told(log, start)} times"
    dead = [part.name for part in scene.system.parts() if not part.is_running]
    await asyncio.to_thread(empty, path)
    struck.happened = num > 0
    struck.evidence = f"ENOSPC after {num} bytes{seen}; died of it: {', '.join(dead) or 'nobody'}"
    return time.monotonic()


def _num_told(log: Path, start: int) -> int:
    return log.read_bytes()[start:].count(NO_SPACE) if log.exists() else 0


async def bend_clock(scene: Scene, fault: Fault, struck: Struck) -> float:
    """The wall clock of a service's process is another one for some seconds, and then the right one again."""
    path = scene.system.clocks / fault.target
    await scene.amid_work(fault)
    path.write_text(f"{fault.point}\n", encoding="ascii")
    before = len(scene.driver.ledger.admissions)
    await asyncio.sleep(max(fault.seconds, CLOCK_SECONDS))
    num = len(scene.driver.ledger.admissions) - before
    struck.met = f"{num} events acknowledged meanwhile" if num else ""
    shown = await scene.watcher.clock_apart(fault.target)
    path.write_text("+0\n", encoding="ascii")
    struck.happened = shown
    struck.evidence = f"the date of its answers was {fault.point} off" if shown else "its answers had the right date"
    return time.monotonic()


async def copy_again(scene: Scene, fault: Fault, struck: Struck) -> float:
    """Records that were handled stand at the ends of other partitions once more, some of them several times."""
    await scene.amid_work(fault)
    num = await copy_records(scene.system, fault.target, scene.dice)
    await scene.note_work(fault, struck)
    struck.happened, struck.evidence = num > 0, f"{num} records written again"
    struck.met = struck.met or f"{num} records that had their effect"
    return time.monotonic()


async def read_again(scene: Scene, fault: Fault, struck: Struck) -> float:
    """A service's offsets are set back to the beginning while it is down."""
    await scene.amid_work(fault)
    scene.system.part(fault.target).kill()
    await scene.note_work(fault, struck)
    num = await set_back(scene.system, fault.target)
    struck.happened, struck.evidence = num > 0, f"{num} records to read again"
    struck.met = struck.met or struck.evidence
    healed_at = time.monotonic()
    await asyncio.to_thread(scene.system.start, fault.target)
    return healed_at
