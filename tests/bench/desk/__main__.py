"""Measures the desk with 200 open event streams: pages, and how soon a change is told: `python -m tests.bench.desk`.

Over plain HTTP on this machine, whose processors the clients share: what TLS and a network add is not in it.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.store import Store
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import services

from tests.bench.desk.load import open_streams, pages_at_pace
from tests.bench.desk.told import CENTRE, NOW, NUM_INSPECTIONS, NUM_OPERATIONS, NUM_VERSIONS, Told, operation_id
from tests.bench.processes import cpu_seconds_of
from tests.bench.report import machine, percentile, say
from tests.support.desk_process import DeskProcess, Somebody, desk_process

SECRET = "of-the-bench-".ljust(40, "x")
STILL = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": NOW.isoformat(), "SAMSYN_TOKEN_SECRET": SECRET}
COORDINATOR, NUM_SIGN_INS = "samordnare-akc-vast", 20
PAGE_BAR_MS, NEWS_BAR_MS = 300.0, 2000.0
PATHS = (
    "/todo",
    "/plan",
    "/plan/timeline",
    "/changes",
    f"/changes/{CENTRE}/{NUM_VERSIONS}",
    f"/operation/{operation_id(NUM_OPERATIONS // 2)}",
    "/inspections",
    "/what-if",
    "/wheel",
)


def main() -> None:
    """Start what the desk stands on, measure, print a line for each figure; exit status 1 if a bar is not met."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.desk", description=__doc__)
    asked.add_argument("--streams", type=int, default=200, help="open event streams (default 200)")
    asked.add_argument("--pace", type=float, default=5.0, help="pages asked for in a second (default 5)")
    asked.add_argument("--rounds", type=int, default=30, help="how often each page is asked for (default 30)")
    asked.add_argument("--changes", type=int, default=20, help="changes whose word is timed (default 20)")
    asked.add_argument("--seed", type=int, default=None, help="of the rows (default: drawn, and printed)")
    options = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder,
        Infrastructure.start(Path(folder) / "run", databases=("exchange",), given={}) as infrastructure,
        services(infrastructure, ["exchange"], env=STILL) as started,
    ):
        exchange = f"http://127.0.0.1:{started.http_port('exchange')}"
        is_met = asyncio.run(_run(infrastructure, exchange, Path(folder), options))
    sys.exit(0 if is_met else 1)


async def _run(infrastructure: Infrastructure, exchange: str, folder: Path, options: argparse.Namespace) -> bool:
    async with desk_process(infrastructure, exchange, SECRET, (CENTRE,), folder) as desk:
        return await measure(desk, options)


async def measure(desk: DeskProcess, options: argparse.Namespace) -> bool:
    """Fill the desk's rows, open the streams, measure, print; whether every bar is met."""
    seed = secrets.randbelow(10**8) if options.seed is None else options.seed
    told = Told(seed)
    print(f"seed {seed}; {machine()}")
    async with _rows_of(desk) as store:
        num_told = await _fill(store, told)
        rows = f"{NUM_OPERATIONS} operations, {NUM_INSPECTIONS} inspections, {NUM_VERSIONS} plan versions"
        print(f"{num_told} events heard: {rows}")
        async with _people(desk) as somebody, open_streams(somebody, options.streams) as streams:
            await pages_at_pace(somebody, PATHS, options.pace, 2)  # templates are compiled, plans of queries made
            used = cpu_seconds_of([desk.part])
            taken = await pages_at_pace(somebody, PATHS, options.pace, options.rounds)
            of_desk = cpu_seconds_of([desk.part])[desk.part.name] - used[desk.part.name]
            every = []
            for _ in range(options.changes):
                began = time.monotonic()
                await store.hear(*told.change())
                every.append(1000 * max(await streams.until_all_rang(began)))
    for path, milliseconds in taken.items():
        print(_line(path, milliseconds))
    all_pages = [each for milliseconds in taken.values() for each in milliseconds]
    # The figure to read on a busy machine: everything that waits for a processor is in the others.
    print(
        f"{'processor time of the desk for a page':44} n {len(all_pages):4}   {1000 * of_desk / len(all_pages):.1f} ms"
    )
    num = options.streams
    met = (
        _judged(f"pages beside {num} streams, {options.pace:g} a second", all_pages, PAGE_BAR_MS),
        _judged(f"a change until {num} streams have it", every, NEWS_BAR_MS),
    )
    print("PASS" if all(met) else "FAIL")
    return all(met)


@asynccontextmanager
async def _rows_of(desk: DeskProcess) -> AsyncIterator[Store]:
    database = Database(desk.database.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        yield Store(database, CENTRE, "test")
    finally:
        await database.close()


async def _fill(store: Store, told: Told) -> int:
    say("Filling the desk's rows …")
    num = 0
    for message, envelope in told.all():
        await store.hear(message, envelope)
        num += 1
    return num


@asynccontextmanager
async def _people(desk: DeskProcess) -> AsyncIterator[Sequence[Somebody]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(desk.signed_in(COORDINATOR)) for _ in range(NUM_SIGN_INS)]


def _judged(what: str, milliseconds: Sequence[float], bar: float) -> bool:
    is_met = percentile(milliseconds, 0.95) < bar
    print(f"{_line(what, milliseconds)}   bar p95 < {bar:.0f} ms: {'met' if is_met else 'NOT MET'}")
    return is_met


def _line(what: str, milliseconds: Sequence[float]) -> str:
    p50, p95 = (percentile(milliseconds, share) for share in (0.5, 0.95))
    figures = f"p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   max {max(milliseconds):7.1f} ms"
    return f"{what:44} n {len(milliseconds):4}   {figures}"


if __name__ == "__main__":
    main()
