"""What the bench tells: the figures as one mapping, and as a plain table with the n of each."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import psutil
from samsyn_local.processes import Part

from tests.bench.chain import Latency, Throughput

MEGABYTE = 1024 * 1024
Report = dict[str, Any]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least that share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def machine() -> Report:
    """Where it was measured."""
    packages = ("aiokafka", "faststream", "SQLAlchemy", "pydantic", "asyncpg")
    return {
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
    }


def of_throughput(chain: Throughput, raw_seconds: float) -> Report:
    """Events per second through the chain, beside the same records through Kafka alone."""
    rate, raw_rate = chain.num / chain.whole, chain.num / raw_seconds
    return {
        "n": chain.num,
        "events_per_second": round(rate, 1),
        "raw_events_per_second": round(raw_rate, 1),
        "ratio_to_raw": round(rate / raw_rate, 4),
        "records_heard_per_event": round(chain.num_heard / chain.num, 2),
        "seconds": {
            "said": round(chain.said, 3),
            "admitted_committed": round(chain.admitted, 3),
            "planning_committed": round(chain.handled, 3),
            "event_admitted_heard": round(chain.answers_heard, 3),
            "planning_answers_heard": round(chain.refusals_heard, 3),
            "whole": round(chain.whole, 3),
        },
    }


def of_latency(latency: Latency) -> Report:
    """How long an agency waits for its answer when it is not busy."""
    return {
        "pace_per_second": latency.pace,
        "event_admitted_ms": _spread(latency.admitted_ms),
        "planning_answer_ms": _spread(latency.refused_ms),
    }


def memory_of(parts: Sequence[Part]) -> dict[str, float]:
    """Megabytes resident per part, all processes of its session together."""
    found = {}
    for part in parts:
        if part.pid is not None:
            first = psutil.Process(part.pid)
            family = [first, *first.children(recursive=True)]
            found[part.name] = round(sum(one.memory_info().rss for one in family) / MEGABYTE, 1)
    return found


def cpu_seconds_of(parts: Sequence[Part]) -> dict[str, float]:
    """Processor seconds that each part has used, all processes of its session together, the ended ones too."""
    found = {}
    for part in parts:
        if part.pid is not None:
            first = psutil.Process(part.pid)
            times = [one.cpu_times() for one in (first, *first.children(recursive=True))]
            found[part.name] = sum(one.user + one.system for one in times) + times[0].children_user
    return found


def table(report: Mapping[str, Any]) -> str:
    """All figures, one a line: what, value, unit, n."""
    chain, relay = report["throughput"], report["relay"]
    rows = [
        ("whole chain", chain["events_per_second"], "events/s", chain["n"]),
        ("raw aiokafka, same records", chain["raw_events_per_second"], "events/s", chain["n"]),
        ("whole chain / raw", chain["ratio_to_raw"], "", chain["n"]),
        ("relay alone", relay["rows_per_second"], "rows/s", relay["n"]),
    ]
    spent = report["cpu_ms_per_event"]
    rows += [
        (f"processor time of {name}", milliseconds, "ms/event", chain["n"]) for name, milliseconds in spent.items()
    ]
    for latency in report["latency"]:
        for told, name in (
            ("event_admitted_ms", "EventAdmitted heard"),
            ("planning_answer_ms", "planning's answer heard"),
        ):
            spread = latency[told]
            rows += [
                (f"{name}, {latency['pace_per_second']}/s, p50", spread["p50"], "ms", spread["n"]),
                (f"{name}, {latency['pace_per_second']}/s, p99", spread["p99"], "ms", spread["n"]),
            ]
    rows += [(f"memory of {name}", megabytes, "MB", 1) for name, megabytes in report["memory_mb"].items()]
    lines = [f"{'what':<42} {'value':>10} {'unit':<9} {'n':>6}"]
    return "\n".join(lines + [f"{what:<42} {value:>10} {unit:<9} {n:>6}" for what, value, unit, n in rows])


def say(sentence: str) -> None:
    """Progress, beside the table."""
    print(sentence, file=sys.stderr, flush=True)


def _spread(values: Sequence[float]) -> Report:
    return {
        "n": len(values),
        "p50": round(percentile(values, 0.5), 1),
        "p99": round(percentile(values, 0.99), 1),
        "max": round(max(values), 1),
    }
