"""The journals of adapters on this machine: all that parties have said is said again from them."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from samsyn_adapter_sdk.journal import Journal, Resayable, StateInUseError
from samsyn_contracts.bus import from_topic

from samsyn_local.failure import StartError

DAY_MS = 24 * 3600 * 1000


def found_in(folders: Sequence[Path], party_codes: Sequence[str]) -> list[Path]:
    """The journals below these folders, `<party>.sqlite`; StartError where one is a copy of another.

    A party may have several: that of its own adapter, of the desk and of notify, which say different things.
    """
    everywhere = sorted({path.resolve() for folder in folders for path in folder.rglob("*.sqlite")})
    found = [path for path in everywhere if path.stem in party_codes]
    said_in: dict[str, Path] = {}
    for path in found:
        with opened(path) as journal:
            ids = [one.statement.event_id for rows in _batches(journal) for one in rows]
        if other := next((said_in[id_] for id_ in ids if id_ in said_in), None):
            raise StartError(
                f"{path.stem} has two journals that say the same, {other} and {path}: name the folder of the right one "
                "alone."
            )
        said_in |= dict.fromkeys(ids, path)
    return found


@contextmanager
def opened(path: Path) -> Iterator[Journal]:
    """A journal, while no adapter uses it; StartError where one does."""
    try:
        journal = Journal(path)
    except StateInUseError as error:
        raise StartError(f"{error} Stop the adapter first.") from error
    try:
        yield journal
    finally:
        journal.close()


async def say_again(
    journals: Iterable[Path], there: Counter[tuple[str, str]], kept: timedelta, connection: Mapping[str, Any]
) -> Counter[str]:
    """Say what the journals hold and the topics do not (`there`: topic and id), in order; how many per topic.

    With its own times, none after now; what is nearly older than the topic keeps is dated so that it stays for a day.
    """
    said = Counter[str]()
    async with AIOKafkaProducer(acks="all", enable_idempotence=True, **connection) as producer:
        for path in journals:
            topic = from_topic(path.stem)
            with opened(path) as journal:
                for rows in _batches(journal):
                    missing = [one for one in rows if (topic, one.statement.event_id) not in there]
                    await _send(producer, topic, missing, kept)
                    said[topic] += len(missing)
    return said


def heard_in(path: Path) -> frozenset[str]:
    """The events that a party has heard, by its journal."""
    with opened(path) as journal:
        return journal.heard()


def _batches(journal: Journal) -> Iterator[list[Resayable]]:
    number = 0
    while rows := journal.said(number):
        yield rows
        number = rows[-1].statement.number


def dated(said_ms: int, now_ms: int, kept: timedelta) -> int:
    """The time of a record that is said again; a clock that ran ahead may have said it later than now."""
    earliest_ms = now_ms - kept // timedelta(milliseconds=1) + DAY_MS
    return min(max(said_ms, earliest_ms), now_ms)


async def _send(producer: AIOKafkaProducer, topic: str, rows: Sequence[Resayable], kept: timedelta) -> None:
    now_ms = time.time_ns() // 1_000_000
    sent = [
        await producer.send(
            topic,
            value=one.statement.body,
            headers=one.record_headers,
            partition=0,
            timestamp_ms=dated(one.said_ms, now_ms, kept),
        )
        for one in rows
    ]
    for one in sent:
        await one
