"""What goes wrong, when and where, all drawn from one seed; healed, nothing goes wrong any more."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from tests.simulation.bus import Bus
from tests.simulation.postgres.server import Server

if TYPE_CHECKING:
    from tests.simulation.processes import Process

# Between which steps a process may die, and how often: once in so many such steps.
DEADLY = {
    "before commit": 250,
    "after commit": 250,
    "before produce": 1500,
    "after produce": 1500,
    "before offsets": 120,
    "after offsets": 400,
    "statement": 4000,
    "fetched": 800,
    "solved": 60,
}
CUT_ONCE_IN = {"statement": 2000, "before commit": 500, "solving": 6}
BREAKS_ONCE_IN = 400
MEDDLED_ONCE_IN = 4


@dataclass
class Weather:
    """The faults of one run."""

    bus: Bus
    random: Random
    is_calm: bool = False
    happened: Counter[str] = field(default_factory=Counter)
    away_until: dict[Server, float] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    take_back: Callable[[str], None] = lambda thing: None
    stir: Callable[[], None] = lambda: None

    async def step(self, process: Process, point: str) -> None:
        """Let time pass, and let the process die here, or its connections break, if the seed wants it."""
        if not self.is_calm:
            if self._strikes(DEADLY.get(point, 0)):
                self.happened[f"killed {point}"] += 1
                process.kill()
            elif self._strikes(CUT_ONCE_IN.get(point, 0)):
                self.happened["connections cut"] += 1
                process.cut_connections()
                if point == "solving":
                    self.stir()
        drawn = self.random.random()
        if process.is_dead or drawn < 0.3:
            # Now and then the machine has something else to do.
            await asyncio.sleep(self.random.expovariate(5.0 if drawn < 0.004 else 1000.0))

    def meddle(self, plan: Mapping[str, Any]) -> None:
        """What a plan counts on is taken back before anybody has heard of the plan, if the seed wants it."""
        used = [
            thing
            for operation in plan.get("operations", ())
            for thing in (operation["session"], *operation["teams"], *(one["id"] for one in operation["inspections"]))
        ]
        if used and not self.is_calm and self._strikes(MEDDLED_ONCE_IN):
            self.happened["facts changed under a solve"] += 1
            self.take_back(self.random.choice(used))

    def count(self, what: str) -> None:
        """Note that something went wrong."""
        self.happened[what] += 1

    def breaks_producer(self) -> bool:
        """Whether a producer's connection breaks under a record."""
        if self.is_calm or not self._strikes(BREAKS_ONCE_IN):
            return False
        self.happened["producer broke"] += 1
        return True

    def is_database_away(self, server: Server) -> bool:
        """Whether a database takes no connections for now."""
        return not self.is_calm and self.away_until.get(server, 0.0) > asyncio.get_running_loop().time()

    def _strikes(self, once_in: int) -> bool:
        return once_in > 0 and self.random.random() * once_in < 1.0
