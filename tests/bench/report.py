"""What the bench tells, as one mapping."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from tests.bench.chain import Latency, Throughput

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


def of_throughput(chain: Throughput, raw_seconds: float, raw_database_seconds: float) -> Report:
    """Events per second through the chain, beside as many records through Kafka and into PostgreSQL alone."""
    rate, raw_rate, database_rate = (
        chain.num / seconds for seconds in (chain.whole, raw_seconds, raw_database_seconds)
    )
    return {
        "n": chain.num,
        "events_per_second": round(rate, 1),
        "kafka_alone_per_second": round(raw_rate, 1),
        "ratio_to_kafka": round(rate / raw_rate, 4),
        "postgres_alone_per_second": round(database_rate, 1),
        "ratio_to_postgres": round(rate / database_rate, 4),
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
