"""Follows events through Samsyn: none lost, none admitted twice, and how long a cancellation took to become a plan."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from samsyn_demo.evidence import Record

ADMITTED_TOPIC = "samsyn.admitted.v1"
PLANNING_TOPIC = "samsyn.planning.v1"
COMMITTED_HEADER = "committed_ms"


@dataclass(frozen=True)
class Deliveries:
    """What became of the events that parties said; ids as "<party> <event id>"."""

    num_said: int
    unanswered: tuple[str, ...]
    not_passed_on: tuple[str, ...]
    passed_on_twice: tuple[str, ...]
    num_without_id: int

    @property
    def num_lost(self) -> int:
        """Events without an answer, and admitted ones without a record on `samsyn.admitted.v1`."""
        return len(self.unanswered) + len(self.not_passed_on)


@dataclass(frozen=True)
class Cancellation:
    """A cancellation of the police's that was admitted; `seconds` until the first plan that names it as its cause.

    `received_at` is by the demo's clock (None where the record does not tell), `seconds` by the wall's.
    """

    event_id: str
    centre: str
    capacity_id: str
    received_at: datetime | None
    seconds: float | None
    fault: str | None = None


def deliveries(records: Iterable[Record]) -> Deliveries:
    """Follow every event id on a `samsyn.from.<party>.v1` to its answer and to its record among the admitted.

    What a party says over HTTPS stands on no such topic: it is known by the answers that the party was given.
    """
    said: set[tuple[str, str]] = set()
    answers: dict[str, set[tuple[str, str]]] = {"EventAdmitted": set(), "EventRejected": set()}
    passed_on: Counter[tuple[str, str]] = Counter()
    num_without_id = 0
    for record in records:
        party = party_of(record.topic)
        if record.topic == ADMITTED_TOPIC:
            passed_on[record.headers.get("ce_source", "").rpartition(":")[2], record.event_id or ""] += 1
        elif record.topic.startswith("samsyn.from."):
            num_without_id += record.event_id is None
            said |= {(party, record.event_id)} if record.event_id else set()
        elif record.topic.startswith("samsyn.to.") and record.said in answers and record.body:
            field = "admitted_id" if record.said == "EventAdmitted" else "rejected_id"
            answers[record.said].add((party, str(record.body.get(field))))
    admitted = answers["EventAdmitted"]
    said |= admitted | answers["EventRejected"]
    return Deliveries(
        num_said=len(said),
        unanswered=_told(said - answers["EventAdmitted"] - answers["EventRejected"]),
        not_passed_on=_told({key for key in admitted if not passed_on[key]}),
        passed_on_twice=_told({key for key in admitted if passed_on[key] > 1}),
        num_without_id=num_without_id,
    )


def party_of(topic: str) -> str:
    """The party of `samsyn.from.<party>.v1` or `samsyn.to.<party>.v1`, else what stands there."""
    return topic.removeprefix("samsyn.").partition(".")[2].removesuffix(".v1")


def _told(keys: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{party} {event_id}" for party, event_id in keys))


def cancellations(records: Sequence[Record]) -> tuple[Cancellation, ...]:
    """Every `PoliceCancelled` that was admitted (once per id), with its time to the plan.

    Seconds from the exchange's commit (header `committed_ms` of the admitted record) to the timestamp of the first
    `PlanPublished` record on `samsyn.planning.v1` whose `cause_event_ids` hold its id; None where no plan names it.
    """
    published_ms: dict[str, int] = {}
    for record in records:
        if record.topic == PLANNING_TOPIC and record.said == "PlanPublished" and record.body:
            for cause in record.body["cause_event_ids"]:
                published_ms[cause] = min(record.timestamp_ms, published_ms.get(cause, record.timestamp_ms))
    admitted = [r for r in records if r.topic == ADMITTED_TOPIC and r.said == "PoliceCancelled" and r.body]
    once = {record.event_id or "": record for record in reversed(admitted)}
    return tuple(_cancellation(record, published_ms.get(event_id)) for event_id, record in sorted(once.items()))


def _cancellation(record: Record, published_ms: int | None) -> Cancellation:
    committed = record.headers.get(COMMITTED_HEADER, "")
    seconds = (published_ms - int(committed)) / 1000 if published_ms is not None and committed.isdigit() else None
    fault = None
    if not committed.isdigit():
        fault = f"its admitted record has no header {COMMITTED_HEADER}"
    elif seconds is not None and seconds < 0:
        fault = f"its plan was published {-seconds:.3f} s before it was admitted"
    received = record.headers.get("ce_receivedtime")
    received_at = datetime.fromisoformat(received) if received else None
    centre, capacity_id = record.key or "", (record.body or {})["capacity_id"]
    return Cancellation(record.event_id or "", centre, capacity_id, received_at, seconds, fault)


def quantiles(seconds: Sequence[float]) -> dict[str, float | int | None]:
    """n, p50, p95 and max (nearest rank: a figure that was measured, never one in between)."""
    ordered = sorted(seconds)
    if not ordered:
        return {"n": 0, "p50": None, "p95": None, "max": None}
    ranked = {f"p{p}": round(ordered[math.ceil(p / 100 * len(ordered)) - 1], 3) for p in (50, 95)}
    return {"n": len(ordered), **ranked, "max": round(ordered[-1], 3)}
