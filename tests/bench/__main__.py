"""Measures the whole chain beside raw Kafka and raw PostgreSQL, in the same run: `python -m tests.bench`."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from samsyn_local.infrastructure import Infrastructure

from tests.bench.measuring import OWN, SERVICES, Measuring
from tests.bench.report import machine, say
from tests.bench.table import table

REPORT = Path("var/bench/report.json")
BEHIND = (10_000, 100_000)


def main() -> None:
    """Start all, measure, write the report, print the table."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument("--events", type=int, default=5000, help="events said at full speed (default 5000)")
    asked.add_argument(
        "--behind",
        type=int,
        action="append",
        help=f"also with so many events behind; may be repeated (default {BEHIND[0]} and {BEHIND[1]}; 0 for none)",
    )
    asked.add_argument("--out", type=Path, default=REPORT, help=f"where the report is written (default {REPORT})")
    options = asked.parse_args()
    behind = BEHIND if options.behind is None else tuple(sorted(num for num in options.behind if num))
    with tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder:
        say("Starting Kafka and PostgreSQL …")
        with Infrastructure.start(Path(folder) / "run", databases=(*SERVICES, OWN), given={}) as infrastructure:
            measuring = Measuring(infrastructure, options.events)
            measured = asyncio.run(measuring.all(behind))
    report = {"machine": machine(), **measured}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(table(report))
    say(f"Written to {options.out}.")


if __name__ == "__main__":
    main()
