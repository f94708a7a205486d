"""Compares the driver's ledger, the databases and Kafka's log; each check gives its n and what breaks it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING, REPLAY_FOR, from_topic
from samsyn_contracts.message import Message
from samsyn_inspection.handlers import HANDLERS as OF_INSPECTION
from samsyn_planning.handlers import HANDLERS as OF_PLANNING
from samsyn_reporting.handlers import HANDLERS as OF_REPORTING

from tests.faults.again import COPY
from tests.faults.driver import OVER_HTTP
from tests.faults.kept import Kept, Row
from tests.faults.ledger import Ledger
from tests.faults.log import Written

ANSWERS = ("EventAdmitted", "EventRejected")
AHEAD_SECONDS = 60
READERS: Mapping[str, tuple[Mapping[type[Message], object], tuple[str, ...]]] = {
    "planning": (OF_PLANNING, (ADMITTED, INSPECTION)),
    "inspection": (OF_INSPECTION, (ADMITTED, PLANNING)),
    "reporting": (OF_REPORTING, (ADMITTED, INSPECTION, PLANNING)),
}


@dataclass(frozen=True)
class Found:
    """One check: the promise, what is counted, how many there were, and which of them break it."""

    promise: str
    what: str
    num: int
    broken: Sequence[str] = ()

    @property
    def is_kept(self) -> bool:
        """Whether nothing breaks it."""
        return not self.broken


@dataclass(frozen=True)
class Evidence:
    """All that is compared, and when (seconds since 1970)."""

    ledger: Ledger
    kept: Kept
    log: Sequence[Written]
    compared_at: float

    def on(self, topic: str) -> list[Written]:
        """The records of one topic."""
        return [one for one in self.log if one.topic == topic]


def compared(evidence: Evidence) -> list[Found]:
    """Every check."""
    return [check(evidence) for check in CHECKS]


def _acknowledged_is_kept(e: Evidence) -> Found:
    kept = {(row["source"], row["id"]): hashlib.sha256(row["body"]).hexdigest() for row in e.kept.log}
    acknowledged = e.ledger.acknowledged()
    lost = [f"{one.name} {one.id}" for one in acknowledged if kept.get((one.source, one.id)) != one.body_hash]
    return Found("P1", "acknowledged events that the message log does not hold as they were said", len(kept), lost)


def _acknowledged_is_published(e: Evidence) -> Found:
    published = {(one.source, one.id) for one in e.on(ADMITTED)}
    acknowledged = e.ledger.acknowledged()
    lost = [f"{one.name} {one.id}" for one in acknowledged if (one.source, one.id) not in published]
    return Found("P1", "acknowledged events that are not on samsyn.admitted.v1", len(acknowledged), lost)


def _taken_by_the_broker(e: Evidence) -> Found:
    """What the broker has acknowledged stands on the party's topic and was answered."""
    there = {(one.topic, one.id) for one in e.log if one.topic.startswith("samsyn.from.")}
    over_kafka = [one for one in e.ledger.entries.values() if one.source.rpartition(":")[2] not in OVER_HTTP]
    ok = [one for one in over_kafka if one.num_ok]
    lost = [one.id for one in ok if (from_topic(one.source.rpartition(":")[2]), one.id) not in there]
    return Found("P1", "events that the broker took and its log does not hold", len(ok), lost)


def _all_is_answered(e: Evidence) -> Found:
    open_ = [f"{one.name} {one.id}" for one in e.ledger.pending()]
    return Found("P1", "events that were never answered", len(e.ledger.entries), open_)


def _nothing_invented(e: Evidence) -> Found:
    said = {(one.source, one.id) for one in e.ledger.entries.values()}
    unknown = [f"{row['source']} {row['id']}" for row in e.kept.log if (row["source"], row["id"]) not in said]
    return Found("P2", "kept events that nobody had said", len(e.kept.log), unknown)


def _kept_once(e: Evidence) -> Found:
    times = Counter((row["source"], row["id"]) for row in e.kept.log)
    return Found("P2", "events kept more than once", len(times), [f"{key}" for key, num in times.items() if num > 1])


def _readers_have_it(e: Evidence) -> Found:
    num, lost = 0, list[str]()
    for service, (handlers, topics) in READERS.items():
        types = {cls.__name__ for cls in handlers}
        told = [o for t in topics for o in e.on(t) if o.name in types and o.header(REPLAY_FOR) in ("", service)]
        num += len(told)
        inbox = e.kept.inboxes[service]
        lost += [f"{service}: {one.name} {_inbox_id(one)}" for one in told if (one.source, _inbox_id(one)) not in inbox]
    return Found("P1", "published events that a reader's inbox does not hold", num, lost)


def _inbox_id(one: Written) -> str:
    return f"{one.id}#{one.header('ce_causationid')}" if one.header(REPLAY_FOR) else one.id


def _outbox_is_sent(e: Evidence) -> Found:
    rows = [(name, row) for name, rows in e.kept.outboxes.items() for row in rows]
    left = [f"{name} {row.number} {row.topic} {row.parked or 'unsent'}" for name, row in rows if not row.is_sent]
    return Found("P1", "rows of outboxes that are parked or not sent", len(rows), left)


def _outbox_is_in_the_log(e: Evidence) -> Found:
    written = {(one.topic, one.id, one.body_hash) for one in e.log}
    rows = [row for rows in e.kept.outboxes.values() for row in rows]
    lost = [f"{row.topic} {row.name} {row.id}" for row in rows if (row.topic, row.id, row.body_hash) not in written]
    return Found("P1", "rows of outboxes that Kafka's log does not hold", len(rows), lost)


def _log_is_from_outboxes(e: Evidence) -> Found:
    rows = {(row.topic, row.id, row.body_hash) for rows in e.kept.outboxes.values() for row in rows}
    written = [one for one in e.log if not one.topic.startswith("samsyn.from.")]
    extra = [f"{o.topic} {o.name} {o.id}" for o in written if (o.topic, o.id, o.body_hash) not in rows]
    return Found("P2", "records that no outbox holds", len(written), extra)


def _told_once(e: Evidence) -> Found:
    """One row per topic and event; answers are told once per time that something was said, replays once per refusal."""
    times = Counter(
        (row.topic, row.id, row.headers.get(REPLAY_FOR, "") and row.headers.get("ce_causationid", ""))
        for rows in e.kept.outboxes.values()
        for row in rows
        if row.name not in ANSWERS
    )
    return Found("P2", "effects told twice", len(times), [f"{key}" for key, num in times.items() if num > 1])


def _said_in_order(e: Evidence) -> Found:
    """Per topic and key the log has what the outbox says, in its order; what is repeated does not count."""
    places: dict[tuple[str, str], int] = {}
    there = [one for one in e.log if not one.header(COPY)]
    for number, one in enumerate(sorted(there, key=lambda one: (one.topic, one.partition, one.offset))):
        places.setdefault((one.topic, _instance(one.headers)), number)
    broken = []
    for name, rows in e.kept.outboxes.items():
        last: dict[tuple[str, str], tuple[int, Row]] = {}
        for row in _first_instances(rows):
            at = places.get((row.topic, _instance(row.headers.items())), -1)
            before = last.get((row.topic, row.key))
            if before is not None and 0 <= at < before[0]:
                broken.append(f"{name}: {row.topic} {row.key}: row {row.number} stands before row {before[1].number}")
            last[row.topic, row.key] = (at, row)
    return Found("P2", "records that overtook an earlier one of the same key", len(places), broken)


def _first_instances(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows without those that say the same once more, which cannot be told apart in the log."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        instance = (row.topic, _instance(row.headers.items()))
        if instance not in seen:
            seen.add(instance)
            yield row


def _instance(headers: Iterable[tuple[str, str]]) -> str:
    return json.dumps(sorted(headers))


def _time_never_goes_back(e: Evidence) -> Found:
    """What each centre was told of the time, in the order of the log.

    A telling that stands there once more, for the broker had taken it and died before it said so, tells nothing.
    """
    told = [one for one in e.on(ADMITTED) if one.name == "TimePassed" and not one.header(COPY)]
    broken, last, known = [], dict[str, str](), set[tuple[str, str]]()
    for one in sorted(told, key=lambda one: (one.partition, one.offset)):
        if (one.id, one.body) in known:
            continue
        known.add((one.id, one.body))
        until = json.loads(one.body)["until"]
        if datetime.fromisoformat(until) < datetime.fromisoformat(last.get(one.key, until)):
            broken.append(one.id)
        last[one.key] = max(until, last.get(one.key, until), key=datetime.fromisoformat)
    return Found("P9", "tellings of the time that went back", len(told), broken)


def _time_is_not_ahead(e: Evidence) -> Found:
    """No centre was told of a time to come, by the clock of who compares."""
    told = [(one.key, json.loads(one.body)["until"]) for one in e.on(ADMITTED) if one.name == "TimePassed"]
    latest = e.compared_at + AHEAD_SECONDS
    ahead = [f"{centre} {until}" for centre, until in told if datetime.fromisoformat(until).timestamp() > latest]
    return Found("P9", "tellings of a time that had not come", len(told), ahead)


def _log_is_chained(e: Evidence) -> Found:
    """Each entry's hash covers the one before: computed here anew."""
    broken, before = [], dict[str, tuple[int, bytes]]()
    for row in e.kept.log:
        number, previous = before.get(row["centre"], (0, bytes(32)))
        own = hashlib.sha256(previous + row["headers"].encode() + b"\n" + row["body"]).digest()
        if row["number"] != number + 1 or row["hash"] != own:
            broken.append(f"{row['centre']} {row['number']}")
        before[row["centre"]] = (row["number"], row["hash"])
    return Found("P2", "entries of the message log that break its chain", len(e.kept.log), broken)


def _plans_are_chained(e: Evidence) -> Found:
    """Versions without a gap or a double, each with the hash of the one before, and as they were published."""
    broken, before = [], defaultdict[str, tuple[int, str]](lambda: (0, ""))
    for row in e.kept.versions:
        version, previous = before[row["centre"]]
        if (row["version"], row["hash_prev"]) != (version + 1, previous) or row["hash"] != _hash_of(row):
            broken.append(f"{row['centre']} version {row['version']}")
        before[row["centre"]] = (row["version"], row["hash"])
    said = Counter(
        (o.key, json.loads(o.body)["plan_version"], o.id) for o in e.on(PLANNING) if o.name == "PlanPublished"
    )
    ids = Counter((centre, version) for centre, version, _ in said)
    broken += [f"{key} was published under {num} ids" for key, num in ids.items() if num > 1]
    kept = {(row["centre"], row["version"]) for row in e.kept.versions}
    broken += [f"{key} was published and is not kept, or the other way round" for key in kept ^ set(ids)]
    return Found("P8", "plan versions lost, doubled or out of their chain", len(e.kept.versions), broken)


def _hash_of(row: Mapping[str, Any]) -> str:
    parts = [row["hash_prev"], json.loads(row["problem"]), json.loads(row["plan"])]
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _never_twice_at_once(e: Evidence) -> Found:
    """In no plan version is a session or a team in two operations that overlap."""
    broken, num = [], 0
    for row in e.kept.versions:
        plan = json.loads(row["plan"])
        used = Counter(op.get("session") for op in plan.get("operations", []) if op.get("session"))
        num += len(used)
        broken += [f"{row['centre']} {row['version']} {session}" for session, times in used.items() if times > 1]
    return Found("P8", "police sessions booked twice in a plan", num, broken)


def _nothing_set_aside(e: Evidence) -> Found:
    letters = [f"{one.topic}/{one.offset} {one.body[:200]}" for one in e.log if one.topic.startswith("samsyn.dlq.")]
    return Found("P6", "good events set aside as dead letters", len(e.ledger.entries), letters)


def duplicates(e: Evidence) -> int:
    """Records said or sent again that had no effect."""
    times = Counter((one.topic, one.id) for one in e.log if one.name not in ANSWERS)
    return sum(num - 1 for num in times.values())


def seconds_to_plan(e: Evidence) -> list[float]:
    """From a loss admitted until the plan that answers it is published, by the broker's clock; kcat alone tells it."""
    admitted: dict[str, int] = {}
    for one in e.on(ADMITTED):
        if one.name == "PoliceCancelled" and one.written_ms:
            admitted.setdefault(one.id, one.written_ms)
    published: dict[str, int] = {}
    for one in e.on(PLANNING):
        for cause in json.loads(one.body).get("cause_event_ids", ()) if one.name == "PlanPublished" else ():
            published.setdefault(cause, one.written_ms)
    return [round((published[id_] - at) / 1000, 3) for id_, at in admitted.items() if id_ in published]


CHECKS: Sequence[Callable[[Evidence], Found]] = (
    _acknowledged_is_kept,
    _acknowledged_is_published,
    _taken_by_the_broker,
    _all_is_answered,
    _readers_have_it,
    _outbox_is_sent,
    _outbox_is_in_the_log,
    _nothing_invented,
    _kept_once,
    _told_once,
    _log_is_from_outboxes,
    _said_in_order,
    _time_never_goes_back,
    _time_is_not_ahead,
    _log_is_chained,
    _plans_are_chained,
    _never_twice_at_once,
    _nothing_set_aside,
)
