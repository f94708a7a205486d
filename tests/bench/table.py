"""The report as a plain table: what, value, unit, and the n of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

Row = tuple[str, object, str, int]
ANSWERS = (("event_admitted_ms", "EventAdmitted heard"), ("planning_answer_ms", "planning's answer heard"))


def table(report: Mapping[str, Any]) -> str:
    """All figures, one a line."""
    relay = report["relay"]
    rows: list[Row] = [row for told in report["throughput"] for row in _throughput(told)]
    rows += [row for told in report["latency"] for row in _latency(told)]
    rows.append(("relay alone", relay["rows_per_second"], "rows/s", relay["n"]))
    rows += _history(report["history"])
    rows += [(f"memory of {name}", megabytes, "MB", 1) for name, megabytes in report["memory_mb"].items()]
    lines = [f"{'what':<58} {'value':>10} {'unit':<9} {'n':>6}"]
    return "\n".join(lines + [f"{what:<58} {value!s:>10} {unit:<9} {n:>6}" for what, value, unit, n in rows])


def _throughput(told: Mapping[str, Any]) -> Iterator[Row]:
    n, at = told["n"], f"batch {told['batch']}"
    yield f"whole chain, {at}", told["events_per_second"], "events/s", n
    yield f"  aiokafka alone, {at}", told["kafka_alone_per_second"], "events/s", n
    yield "  whole chain / aiokafka alone", told["ratio_to_kafka"], "", n
    yield f"  asyncpg alone, {at}", told["postgres_alone_per_second"], "events/s", n
    yield "  whole chain / asyncpg alone", told["ratio_to_postgres"], "", n
    for name, milliseconds in told["cpu_ms_per_event"].items():
        yield f"  processor time of {name}", milliseconds, "ms/event", n


def _latency(told: Mapping[str, Any]) -> Iterator[Row]:
    for key, name in ANSWERS:
        spread = told[key]
        for share in ("p50", "p99"):
            yield f"{name}, {told['pace_per_second']}/s, {share}", spread[share], "ms", spread["n"]


def _history(history: list[Mapping[str, Any]]) -> Iterator[Row]:
    for told in history:
        yield f"processor time, {told['behind']} events behind", told["cpu_ms_in_all"], "ms/event", told["n"]
        yield f"wall, {told['behind']} events behind", told["wall_ms_per_event"], "ms/event", told["n"]
    for first, later in pairwise(history):
        for key, name in (("cpu_ms_in_all", "processor time"), ("wall_ms_per_event", "wall")):
            what = f"{name}, {later['behind']} behind / {first['behind']} behind"
            yield what, round(later[key] / first[key], 3), "", later["n"]
