"""The whole log as it stands, the journals of those who spoke, and a broker that loses everything."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from samsyn_adapter_sdk.journal import Cause, Journal
from samsyn_contracts.bus import from_topic, is_from_topic, to_topic
from samsyn_contracts.platform import EventAdmitted, EventRejected
from samsyn_local import kafka as local_kafka
from samsyn_local.infrastructure import Infrastructure, quietly

from tests.support.trail import Heard

WholeLog = Mapping[TopicPartition, Sequence[Heard]]


async def whole_log(infrastructure: Infrastructure) -> WholeLog:
    """Every record of every declared topic, per partition in order."""
    places = [TopicPartition(topic.name, n) for topic in infrastructure.topics for n in range(topic.partitions)]
    found = defaultdict[TopicPartition, list[Heard]](list)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=infrastructure.kafka, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        consumer.assign(places)
        left = {place: end for place, end in (await consumer.end_offsets(places)).items() if end}
        while left:
            for place, records in (await consumer.getmany(timeout_ms=200)).items():
                found[place] += [_heard(record) for record in records]
            left = {place: end for place, end in left.items() if await consumer.position(place) < end}
    finally:
        await consumer.stop()
    return found


def ids_of(log: WholeLog) -> Counter[tuple[str, str]]:
    """How often each event stands on each topic."""
    return Counter((record.topic, record.id) for records in log.values() for record in records)


def order_of(log: WholeLog) -> Mapping[TopicPartition, list[str]]:
    """The ids per partition, in order."""
    return {place: [record.id for record in records] for place, records in log.items() if records}


def keep_journals(log: WholeLog, folder: Path, parties: Sequence[str]) -> dict[str, Path]:
    """The journals that the parties' adapters would have, had they said and heard what stands on their topics."""
    return {party: _journal(log, folder / f"{party}.sqlite", party) for party in parties}


def _journal(log: WholeLog, path: Path, party: str) -> Path:
    journal = Journal(path)
    heard = log.get(TopicPartition(to_topic(party), 0), ())
    with journal.together():
        for record in log.get(TopicPartition(from_topic(party), 0), ()):
            if journal.digest_of(record.id) is None:
                headers = [(name, (value or b"").decode()) for name, value in record.headers]
                journal.keep(record.id, json.dumps(headers), record.body or b"")
        for record in heard:
            answer = record.message
            if isinstance(answer, EventAdmitted):
                journal.admit(answer.admitted_id)
                continue
            journal.note_heard(record.id, Cause(None, None))
            if isinstance(answer, EventRejected):
                journal.reject(answer.rejected_id, answer.reasons, replayable=answer.replayable)
    journal.close()
    return path


async def lose_the_brokers_data(infrastructure: Infrastructure) -> None:
    """Kill the broker, delete what it kept, and start an empty one at the same address."""
    await asyncio.to_thread(_lose, infrastructure)


def _lose(infrastructure: Infrastructure) -> None:
    (old,) = [part for part in infrastructure.parts if part.name == "kafka"]
    old.kill()
    shutil.rmtree(infrastructure.run.path / "kafka" / "data")
    new = local_kafka.broker(infrastructure.run, infrastructure.mark, quietly)
    assert new.address == infrastructure.kafka
    infrastructure.parts[infrastructure.parts.index(old)] = new
    new.start()
    new.wait_ready()


def said_by_parties(log: WholeLog) -> list[str]:
    """The parties that have written on their topics."""
    return sorted(
        {place.topic.split(".")[2] for place, records in log.items() if records and is_from_topic(place.topic)}
    )


def _heard(record: object) -> Heard:
    return Heard(
        topic=getattr(record, "topic", ""),
        partition=getattr(record, "partition", 0),
        offset=getattr(record, "offset", 0),
        written_ms=getattr(record, "timestamp", 0),
        headers=tuple(getattr(record, "headers", ())),
        body=getattr(record, "value", None),
    )
