"""A phase of a run: one system under its own conditions, struck until its faults or its time are used up, compared."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from tests.faults.comparing import Evidence, compared, duplicates, seconds_to_plan
from tests.faults.driver import Driver
from tests.faults.faults import Fault
from tests.faults.in_order import in_order
from tests.faults.kept import kept_by
from tests.faults.ledger import Ledger
from tests.faults.log import read, reader_name
from tests.faults.report import Report, line_of, say, spread, versions
from tests.faults.scene import Scene
from tests.faults.stream import Stream
from tests.faults.striking import strike
from tests.faults.system import Conditions, System, running
from tests.faults.watching import Watcher

PACE, WARMING_SECONDS, LAST_SECONDS = 30.0, 3.0, 240.0
# The nights when summer time ends and begins; then whatever the seed draws.
NIGHTS = (date(2023, 10, 28), date(2024, 3, 30))
DRIVEN = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": datetime(2023, 1, 1, tzinfo=UTC).isoformat()}
REAL = {"SAMSYN_CLOCK": "real", "SAMSYN_CLOCK_TICK_SECONDS": "2"}


@dataclass
class Phase:
    """What is struck, under which conditions, and for how long at most (seconds)."""

    name: str
    faults: Iterator[Fault]
    conditions: Conditions
    most: float
    num: int | None = None

    @property
    def is_real_time(self) -> bool:
        """Whether the clock runs by itself."""
        return self.conditions.env["SAMSYN_CLOCK"] == "real"


def warm_planner() -> None:
    """Compile the planner's kernels if that has not been done: it would take longer than a fault may."""
    say("compiling the planner, unless it is (up to a minute) …")
    program = "from samsyn_planning.domain.warming import warm; warm()"
    subprocess.run([sys.executable, "-c", program], check=True)


def run_phase(phase: Phase, report: Report, folder: Path) -> None:
    """Start the system, strike, compare; what is found is added to the report."""
    say(f"── {phase.name}: starting Kafka, PostgreSQL and all services …")
    with running(folder / "run", phase.conditions, lambda _sentence: None) as system:
        report.versions = versions({part.name: part.version for part in system.parts()})
        asyncio.run(_run(phase, system, report, folder))


async def _run(phase: Phase, system: System, report: Report, folder: Path) -> None:
    ledger = Ledger(folder / "ledger.jsonl")
    watcher = Watcher(system, ledger)
    stream = Stream(report.seed, f"{phase.name[0]}{report.seed}", NIGHTS, is_now=phase.is_real_time)
    driver = Driver(system.kafka_of_agencies, system.exchange, system.secret, stream, ledger, PACE)
    async with driver:
        driver.go()
        await asyncio.sleep(WARMING_SECONDS)
        await _strike_all(phase, Scene(system, driver, watcher, Random(f"scene:{report.seed}")), report)
        driver.pause()
        if phase.is_real_time:
            await asyncio.to_thread(system.tell_no_more_time)
        say("waiting until all is read, sent, answered and planned …")
        left = await watcher.until_lag_is_nil(LAST_SECONDS, lambda: driver.is_silent)
        if left:
            report.left.append(f"{phase.name}: {left}")
        if driver.is_broken is not None:
            raise driver.is_broken
    await _compare(phase, system, report, ledger, driver.num_repeats)
    await watcher.close()
    ledger.close()


async def _strike_all(phase: Phase, scene: Scene, report: Report) -> None:
    began = time.monotonic()
    for number, fault in enumerate(phase.faults, start=1):
        if (phase.num is not None and number > phase.num) or time.monotonic() - began > phase.most:
            return
        struck = await strike(scene, fault)
        report.struck.append(struck)
        say(f"{time.monotonic() - began:5.0f} s of {phase.most:.0f}  {number} {line_of(struck)}")


async def _compare(phase: Phase, system: System, report: Report, ledger: Ledger, num_repeats: int) -> None:
    say(f"comparing the ledger, the databases and Kafka's log as {reader_name()} reads it …")
    log = read(system.kafka, [topic.name for topic in system.infrastructure.topics])
    evidence = Evidence(ledger, await kept_by(system), log, time.time())
    found = compared(evidence)
    say("running the same events in order …")
    found += await in_order(system, log)
    report.add(phase.name, found)
    report.count("events said", len(ledger.entries))
    report.count("events acknowledged", len(ledger.acknowledged()))
    report.count("duplicates absorbed", duplicates(evidence) + num_repeats)
    report.count("records read from Kafka's log", len(log))
    report.count("plan versions", len(evidence.kept.versions))
    _tell_seconds(phase, report, seconds_to_plan(evidence))


def _tell_seconds(phase: Phase, report: Report, seconds: Sequence[float]) -> None:
    if seconds and not phase.is_real_time:  # where the relays' clocks are bent, their records tell nothing
        report.figures[f"seconds from a loss admitted to its plan published, {phase.name}"] = spread(seconds)
