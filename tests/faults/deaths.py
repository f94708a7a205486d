"""Processes die or stand still: killed at a random moment, at a named point, paused, doubled, their relay cut off.

Each returns the instant from which on nothing hinders the system any more.
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from contextlib import suppress

import asyncpg
import psutil

from tests.faults.faults import Fault, Struck
from tests.faults.scene import BURST, Scene, family

POINT_SECONDS, MEMBER_SECONDS = 40.0, 11.0
RELAYS = """
select pid from pg_locks where locktype = 'advisory' and objid = 7362 and granted
and database = (select oid from pg_database where datname = current_database())
"""


async def kill(scene: Scene, fault: Fault, struck: Struck) -> float:
    """SIGKILL, at a moment drawn within a burst of work."""
    part = scene.system.part(fault.target)
    await scene.amid_work(fault)
    pid, process = part.pid, part.process
    part.kill()
    await scene.note_work(fault, struck)
    code = None if process is None else process.returncode
    struck.happened = code == -signal.SIGKILL and pid is not None and not psutil.pid_exists(pid)
    struck.evidence = f"process {pid} ended by signal {-(code or 0)}"
    healed_at = time.monotonic()
    await asyncio.to_thread(scene.system.start, fault.target)
    return healed_at


async def die_at_point(scene: Scene, fault: Fault, struck: Struck) -> float:
    """The service kills itself when it comes to the point."""
    wanted, hit = scene.system.points / fault.target, scene.system.points / f"{fault.target}.hit"
    part = scene.system.part(fault.target)
    process = part.process
    hit.unlink(missing_ok=True)
    wanted.write_text(f"{fault.point} {int(fault.into_seconds * 25)}", encoding="ascii")
    until = time.monotonic() + POINT_SECONDS
    while part.is_running and time.monotonic() < until:
        await scene.driver.burst(1)
        await asyncio.sleep(0.1)
    wanted.unlink()
    if hit.exists() and process is not None:
        told = json.loads(hit.read_text(encoding="utf-8"))
        code = await asyncio.to_thread(process.wait, 5)
        struck.happened = code == -signal.SIGKILL and told["point"] == fault.point
        struck.evidence = f"process {told['pid']} killed itself {fault.point}"
        struck.met = f"at {json.dumps(told['doing'])}"
    healed_at = time.monotonic()
    await asyncio.to_thread(scene.system.start, fault.target)
    return healed_at


async def pause(scene: Scene, fault: Fault, struck: Struck) -> float:
    """SIGSTOP to a part and all its processes, and SIGCONT when the seconds are over."""
    await scene.amid_work(fault)
    processes = family(scene.system.part(fault.target))
    _send(processes, signal.SIGSTOP)
    await asyncio.sleep(0.05)
    states = {process.status() for process in processes if process.is_running()}
    struck.happened = states <= {psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP}
    struck.evidence = f"{len(processes)} processes {', '.join(sorted(states))} for {fault.seconds} s"
    await asyncio.sleep(fault.seconds)
    await scene.note_waiting(fault, struck)
    _send(processes, signal.SIGCONT)
    return time.monotonic()


async def cut_relay(scene: Scene, fault: Fault, struck: Struck) -> float:
    """End the database session of the relay that has the lock, from the database's side."""
    connection = await asyncpg.connect(scene.system.database(fault.target))
    try:
        await scene.amid_work(fault)
        pids = [row[0] for row in await connection.fetch(RELAYS)]
        ended = [await connection.fetchval("select pg_terminate_backend($1, 2000)", pid) for pid in pids]
    finally:
        await connection.close()
    await scene.note_work(fault, struck)
    struck.happened = bool(ended) and all(ended)
    struck.evidence = f"backends {pids} terminated"
    return time.monotonic()


async def be_two(scene: Scene, fault: Fault, struck: Struck) -> float:
    """The first process stands still until a second has taken over; then both are there at once."""
    second = scene.system.second(fault.target)
    first = family(scene.system.part(fault.target))
    second.start()
    try:
        await asyncio.to_thread(second.wait_ready)
        await scene.amid_work(fault)
        _send(first, signal.SIGSTOP)
        await scene.note_waiting(fault, struck)
        await asyncio.sleep(max(fault.seconds, MEMBER_SECONDS))  # longer than a member of a group may be silent
        _send(first, signal.SIGCONT)
        healed_at = time.monotonic()
        await scene.driver.burst(BURST)
        await asyncio.sleep(2.0)
        struck.happened = second.is_running and scene.system.part(fault.target).is_running
        struck.evidence = f"process {second.pid} beside {first[0].pid}, which had stood still"
    finally:
        _send(first, signal.SIGCONT)
        await asyncio.to_thread(second.kill)
    return healed_at


def _send(processes: list[psutil.Process], wanted: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(wanted)
