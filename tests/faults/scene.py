"""Where faults are struck: the system, the agencies that speak to it, and who looks on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import psutil
from aiokafka import TopicPartition
from samsyn_local.infrastructure import SERVICES
from samsyn_local.processes import Part

from tests.faults.driver import Driver
from tests.faults.faults import Fault, Struck
from tests.faults.system import System
from tests.faults.watching import AWAY, Watcher

BURST = 3
Ends = Mapping[TopicPartition, int]


@dataclass
class Scene:
    """What a fault needs to meet work, and to show that it has."""

    system: System
    driver: Driver
    watcher: Watcher
    dice: Random
    ends: Ends = field(default_factory=dict)

    async def amid_work(self, fault: Fault) -> None:
        """Say much at once, and return somewhere in what follows; for a service that reads, when it has not read all.

        Notes where its topics ended then: what of that it has not committed when the fault has come was under way.
        """
        service = reader(fault.target)
        await self.driver.burst(BURST)
        if service is None:
            await asyncio.sleep(fault.into_seconds)
        else:
            self.ends = await self.watcher.behind(service)

    async def note_work(self, fault: Fault, struck: Struck) -> None:
        """What was under way, looked at when the fault had come: events unanswered, or the target's own work."""
        service, pending = reader(fault.target), len(self.driver.ledger.pending())
        if service is None:
            struck.met = f"{pending} events unanswered" if pending else ""
            return
        with suppress(*AWAY):
            num = await asyncio.wait_for(self.watcher.still_unread(service, self.ends), 5)
            struck.met = f"{num} records that were there uncommitted" if num else ""

    async def note_waiting(self, fault: Fault, struck: Struck) -> None:
        """What waits because of a fault that lasts, looked at when it is about to end."""
        service, pending = reader(fault.target), len(self.driver.ledger.pending())
        if service is None:
            struck.met = f"{pending} events unanswered" if pending else ""
            return
        with suppress(*AWAY):
            work = await asyncio.wait_for(self.watcher.work_of(service), 5)
            struck.met = f"{work.unread} records unread, {work.unsent} rows unsent" if work.is_some else ""


def reader(target: str) -> str | None:
    """The service whose reading tells whether it was at work; of the others the unanswered events tell."""
    return next((name for name in SERVICES if target.endswith(name) and name != "exchange"), None)


def family(part: Part) -> list[psutil.Process]:
    """The process of a part and all that it has started."""
    first = psutil.Process(part.pid)
    return [first, *first.children(recursive=True)]
