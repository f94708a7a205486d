"""What became of the poison: refused or set aside exactly, with its reason and every byte, and nobody harmed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from samsyn_chassis.dead_letters import Original, digest_of, original_of, unsealed
from samsyn_chassis.unpacking import MOST_UNPACKED
from samsyn_contracts.platform import EventRejected

from tests.faults.poison_kinds import CANARY
from tests.faults.poison_place import READERS, Place
from tests.faults.poison_rounds import Rounds, Written

LETTERS = "select body from outbox where topic like 'samsyn.dlq.%' order by id"
REFUSED = "select * from refused order by number"
MOST_KEPT = 1024 * 1024
MOST_IN_A_LETTER = 550 * 1024


@dataclass(frozen=True)
class Found:
    """A check: what must be none, of how many, and which there are."""

    what: str
    num: int
    broken: Sequence[str] = ()


@dataclass(frozen=True)
class Told:
    """What is kept of a hostile record, wherever it is kept."""

    place: str
    reason: str
    sha256: str
    original: Original | None


async def compared(rounds: Rounds, since: Mapping[str, int | None]) -> list[Found]:
    """All that is to be none."""
    place = rounds.place
    refused = await _refused(place)
    found = [
        Found("services that ended, or were ended", len(since), place.dead(since)),
        Found("good events without their effect", sum(map(len, rounds.seconds.values())), rounds.lost),
        *_checked("exchange", [one for one in rounds.written if one.where == "party"], refused),
        _answered(rounds),
    ]
    for service in READERS["service"]:
        expected = [one for one in rounds.written if one.where == "service"]
        found += _checked(service, expected, await _letters(place, service))
    found.append(Found("dead letters of the exchange", 1, [one.place for one in await _letters(place, "exchange")]))
    logged = [line for log in place.logs for line in log.splitlines() if CANARY in line or "\x1b" in line]
    return [*found, Found("lines of a log with something hostile in them", 1, logged)]


def _checked(service: str, written: Sequence[Written], kept: Sequence[Told]) -> Iterator[Found]:
    """Exactly the poison is kept, each with its reason and its bytes; what only seems hostile is not."""
    poison = {one.place: one for one in written if one.kind.code is not None}
    by_place = {one.place: one for one in kept}
    missing = [f"{one.kind.name} at {place}" for place, one in poison.items() if place not in by_place]
    others = [place for place in by_place if place not in poison]
    yield Found(f"poison that {service} has not set aside or refused", len(poison), missing)
    yield Found(f"records beside it that {service} has", len(kept), [*others, *_twice(kept)])
    both = [(one, by_place[place]) for place, one in poison.items() if place in by_place]
    unlike = [f"{one.kind.name}: {told.reason} for {one.kind.code}" for one, told in both if not _has_code(one, told)]
    yield Found(f"reasons of {service} that are not the right one", len(both), unlike)
    yield Found(f"originals of {service} of which a byte is another", len(both), list(_changed(service, both)))


def _twice(kept: Sequence[Told]) -> list[str]:
    places = [one.place for one in kept]
    return sorted({place for place in places if places.count(place) > 1})


def _has_code(one: Written, told: Told) -> bool:
    return one.kind.code is not None and one.kind.code in told.reason


def _changed(service: str, both: Sequence[tuple[Written, Told]]) -> Iterator[str]:
    for one, told in both:
        if is_unreadable(one):
            continue
        record = one.record
        most = MOST_KEPT if service == "exchange" else MOST_IN_A_LETTER
        if digest_of(record.body) != told.sha256:
            yield f"{one.kind.name}: the hash"
        if told.original is None and record.size <= most:
            yield f"{one.kind.name}: not kept"
        if told.original is not None and not _is_same(one, told.original):
            yield f"{one.kind.name}: the bytes"


def is_unreadable(one: Written) -> bool:
    """Whether Kafka's client cannot read it: its bytes stand on its topic alone."""
    return one.record.way == "odd key" or len(one.record.body or b"") > MOST_UNPACKED


def _is_same(one: Written, original: Original) -> bool:
    told = (original.key, original.value, tuple(original.headers))
    return told == (one.record.key, one.record.body, one.record.headers)


def _answered(rounds: Rounds) -> Found:
    """The sender hears why, by the event's id or by its place."""
    told = [one for one in rounds.written if one.where == "party"]
    broken: list[str] = []
    for one in told:
        _, message = rounds.heard.get(one.event_id) or rounds.heard.get(one.place) or (0.0, None)
        if isinstance(message, EventRejected) == (one.kind.code is None) or message is None:
            broken.append(one.kind.name)
    return Found("hostile events without their answer", len(told), broken)


async def _refused(place: Place) -> list[Told]:
    rows = await _rows(place, "exchange", REFUSED)
    return [
        Told(
            f"{row['topic']}/{row['partition']}/{row['record_offset']}",
            str(row["reasons"]),
            row["sha256"],
            unsealed(row["sealed"], place.private_key, ("", 0, 0)) if row["sealed"] else None,
        )
        for row in rows
    ]


async def _letters(place: Place, service: str) -> list[Told]:
    letters = [json.loads(row["body"]) for row in await _rows(place, service, LETTERS)]
    return [
        Told(
            f"{one['topic']}/{one['partition']}/{one['offset']}",
            one["reason"],
            one["sha256"],
            original_of(one, place.private_key) if "sealed" in one else None,
        )
        for one in letters
    ]


async def _rows(place: Place, service: str, query: str) -> list[Any]:
    connection = await asyncpg.connect(place.databases[service])
    try:
        rows: list[Any] = await connection.fetch(query)
    finally:
        await connection.close()
    return rows
