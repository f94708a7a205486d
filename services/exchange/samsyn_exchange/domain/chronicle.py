"""Why things are as they are: every event that became known, and the chains of causes between them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samsyn_contracts.capacity import AdapterHeartbeat
from samsyn_contracts.envelope import ALL_CENTRES, Event, derived_id
from samsyn_contracts.platform import TimePassed

from samsyn_exchange.domain.disclosure import UnsayableError, is_shown, redacted

MOST_EVENTS = 200
# Said so often, and about so little, that they would bury the rest.
NOT_NOTED = (TimePassed, AdapterHeartbeat)
# Where messages name the events behind them, beside the envelope's own causation.
NAMING_ONE, NAMING_SEVERAL = ("cancelled_event",), ("cause_event_ids", "trigger_event_ids")
Key = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """An event as the chronicle keeps it, P0 and P1 alone; `body` is None where nothing of it may be shown so.

    `name` is its class's, `said_at` the sender's time, `received_at` the exchange's; `causes` are ids of the events
    behind it, its causation first; `number` is its place in the chronicle.
    """

    number: int
    source: str
    id: str
    name: str
    centre: str
    subject: str | None
    operation_id: str | None
    said_at: datetime
    received_at: datetime
    causation: str | None
    correlation: str | None
    causes: tuple[str, ...]
    trace_id: str | None
    body: Mapping[str, Any] | None

    @property
    def key(self) -> Key:
        """What tells it from every other event."""
        return self.source, self.id

    @property
    def plan(self) -> tuple[str, int] | None:
        """The centre and version of the plan it is part of, for what planning says of one."""
        version = (self.body or {}).get("plan_version")
        is_of_planning = self.source == "urn:samsyn:service:planning"
        return (self.centre, version) if is_of_planning and isinstance(version, int) else None


@dataclass(frozen=True)
class Line:
    """An event, and the ids of all events behind it, what began it first.

    Of its own causes `others` are kept and not in this account, `missing` not kept at all; `is_by_time`: one is that
    time has passed, which is never kept. `seen` are parties that have acknowledged it.
    """

    entry: Entry
    chain: tuple[str, ...]
    others: tuple[str, ...]
    missing: tuple[str, ...]
    is_by_time: bool
    seen: tuple[tuple[str, datetime], ...]


def entry_of(event: Event, received_at: datetime, traceparent: str | None) -> Entry | None:
    """What the chronicle keeps of an event; None for what it does not note."""
    message, envelope = event.message, event.envelope
    if isinstance(message, NOT_NOTED):
        return None
    is_named = is_shown(type(message), message.subject_field, "internal")
    return Entry(
        number=0,
        source=envelope.source,
        id=envelope.id,
        name=type(message).__name__,
        centre=envelope.centre,
        subject=message.subject if is_named else None,
        operation_id=getattr(message, "operation_id", None),
        said_at=envelope.time,
        received_at=received_at,
        causation=envelope.causationid,
        correlation=envelope.correlationid,
        causes=_causes(event),
        trace_id=traceparent.split("-")[1] if traceparent is not None else None,
        body=_body(event),
    )


def account(entries: Iterable[Entry], kept: Collection[str] = ()) -> tuple[Line, ...]:
    """The events in order, causes before what follows from them, each with its chain.

    `kept` are ids of events that the chronicle has beside these (see `causes_beyond`).
    """
    links = _Links(entries)
    ordered = sorted(links.entries, key=links.place)
    return tuple(links.line(entry, ordered, kept) for entry in ordered)


def causes_beyond(entries: Collection[Entry]) -> set[str]:
    """Ids of causes that are not among the events."""
    return {cause for entry in entries for cause in entry.causes} - {entry.id for entry in entries}


class _Links:
    """Which events stand behind which, as far as they are here; however they are knotted, every walk ends."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_key = {entry.key: entry for entry in entries}
        self.entries = self._by_key.values()
        self._by_id: dict[str, list[Entry]] = defaultdict(list)
        self._plans: dict[tuple[str, int] | None, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            self._by_id[entry.id].append(entry)
            if entry.name == "PlanPublished":
                self._plans[entry.plan].append(entry)
        self._behind = {entry.key: self._all_behind(entry) for entry in self.entries}

    def place(self, entry: Entry) -> tuple[tuple[datetime, int], int, int]:
        """In the order in which events became known, but never before what stands behind it.

        A plan is said after what changes by it, and both in one instant.
        """
        behind = self._behind[entry.key]
        known_at = max((self._by_key[key].received_at, self._by_key[key].number) for key in (entry.key, *behind))
        return known_at, len(behind), entry.number

    def line(self, entry: Entry, ordered: Sequence[Entry], kept: Collection[str]) -> Line:
        """The event with its chain."""
        behind = self._behind[entry.key]
        unknown = [cause for cause in entry.causes if not self._named(entry, cause)]
        passing = derived_id("TimePassed", entry.centre, entry.said_at.isoformat())
        return Line(
            entry=entry,
            chain=tuple(one.id for one in ordered if one.key in behind),
            others=tuple(cause for cause in unknown if cause in kept),
            missing=tuple(cause for cause in unknown if cause not in kept and cause != passing),
            is_by_time=passing in unknown,
            seen=_seen(entry, ordered),
        )

    def _all_behind(self, entry: Entry) -> Collection[Key]:
        found: set[Key] = set()
        waiting = self._directly_behind(entry)
        while waiting:
            one = waiting.pop()
            if one.key not in found and one.key != entry.key:
                found.add(one.key)
                waiting += self._directly_behind(one)
        return found

    def _directly_behind(self, entry: Entry) -> list[Entry]:
        named = [one for cause in entry.causes for one in self._named(entry, cause)]
        is_plan = entry.name == "PlanPublished" or entry.plan is None
        return named if is_plan else named + self._plans.get(entry.plan, [])

    def _named(self, entry: Entry, cause: str) -> list[Entry]:
        """Ids are unique per source alone: only what is about the same centre, or about all, is meant."""
        shared = (entry.centre, ALL_CENTRES)
        return [one for one in self._by_id.get(cause, ()) if entry.centre == ALL_CENTRES or one.centre in shared]


def _seen(entry: Entry, ordered: Sequence[Entry]) -> tuple[tuple[str, datetime], ...]:
    """Who has acknowledged what planning says of an operation, or a later version of it, and when first."""
    if entry.plan is None or entry.operation_id is None:
        return ()
    first: dict[str, datetime] = {}
    for one in ordered:
        said = one.body or {}
        is_of_it = one.name == "NotificationAcknowledged" and one.operation_id == entry.operation_id
        if is_of_it and said["plan_version"] >= entry.plan[1] and one.received_at >= entry.received_at:
            first.setdefault(said["agency"], one.received_at)
    return tuple(sorted(first.items()))


def _causes(event: Event) -> tuple[str, ...]:
    own = event.envelope.causationid
    one = [getattr(event.message, name, None) for name in NAMING_ONE]
    several = [id_ for name in NAMING_SEVERAL for id_ in getattr(event.message, name, ())]
    return tuple(dict.fromkeys(id_ for id_ in (own, *one, *several) if id_ is not None))


def _body(event: Event) -> Mapping[str, Any] | None:
    try:
        body: Mapping[str, Any] = json.loads(redacted(event.message, "internal"))
    except UnsayableError:
        return None
    return body
