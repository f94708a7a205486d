"""Strikes faults one after the other; each is healed, and its last traces waited for, before the next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from tests.faults import deaths, surroundings
from tests.faults.faults import Fault, Struck
from tests.faults.scene import Scene
from tests.faults.surroundings import MODES
from tests.faults.watching import AWAY

LAG_SECONDS, ANSWER_SECONDS = 150.0, 30.0
WAYS: Mapping[str, Callable[[Scene, Fault, Struck], Awaitable[float]]] = {
    "kill": deaths.kill,
    "point": deaths.die_at_point,
    "pause": deaths.pause,
    "relay_cut": deaths.cut_relay,
    "twins": deaths.be_two,
    "disk_full": surroundings.fill_disk,
    "clock": surroundings.bend_clock,
    "copies": surroundings.copy_again,
    "rewind": surroundings.read_again,
    **dict.fromkeys(MODES, surroundings.disturb_net),
}


async def strike(scene: Scene, fault: Fault) -> Struck:
    """Do it, heal it, and wait until nothing is left of it."""
    struck = Struck(fault)
    scene.driver.go()
    try:
        healed_at = await WAYS[fault.kind](scene, fault, struck)
    except AWAY as error:  # whoever was to look on could not: the fault does not count
        healed_at, struck.happened = time.monotonic(), False
        struck.evidence = f"not struck, or not seen: {type(error).__name__}: {error}"
    await asyncio.to_thread(scene.system.raise_the_dead)
    first = await _first_answer(scene, healed_at)
    scene.driver.pause()
    struck.stuck = await scene.watcher.until_lag_is_nil(LAG_SECONDS)
    if not struck.stuck:
        struck.seconds_to_lag_nil = round(time.monotonic() - healed_at, 2)
    struck.seconds_to_first_ack = None if first is None else round(first - healed_at, 2)
    return struck


async def _first_answer(scene: Scene, since: float) -> float | None:
    """Agencies speak on while Samsyn recovers, until one of them has an answer; when that was."""
    until = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < until:
        if (first := scene.driver.ledger.first_admission_since(since)) is not None:
            return first
        await asyncio.sleep(0.02)
    return None
