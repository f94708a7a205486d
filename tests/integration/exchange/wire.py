"""A client of Kafka for tests: says records as a party or a service would, and waits for what is heard."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from samsyn_contracts.bus import Headers, event_of, headers_of
from samsyn_contracts.envelope import Event


@dataclass(frozen=True)
class Heard:
    """A record as it stands on a topic."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: dict[str, str]

    @property
    def event(self) -> Event:
        """The event it carries."""
        return event_of([(name, value.encode()) for name, value in self.headers.items()], self.value)


class Wire:
    """Speaks and listens on one broker."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka

    async def say(self, topic: str, event: Event, key: str = "any") -> None:
        """Say one event."""
        await self.say_raw(topic, [(headers_of(event.envelope), event.message.body())], key)

    async def say_raw(
        self,
        topic: str,
        records: Sequence[tuple[Headers, bytes | None]],
        key: str = "any",
        compression: str = "gzip",
    ) -> list[int]:
        """Write records, whatever is in them, in their order; returns their offsets."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self._kafka, acks="all", compression_type=compression, max_request_size=8 * 1024 * 1024
        )
        await producer.start()
        try:
            return [
                (await producer.send_and_wait(topic, body, key=key.encode(), headers=headers)).offset
                for headers, body in records
            ]
        finally:
            await producer.stop()

    async def heard(
        self, topic: str, until: Callable[[list[Heard]], bool], seconds: float = 120, quiet: float = 0
    ) -> list[Heard]:
        """All records of a topic from its start, once they are as wanted (and then `quiet` seconds more)."""
        consumer = AIOKafkaConsumer(
            topic, bootstrap_servers=self._kafka, auto_offset_reset="earliest", fetch_max_wait_ms=50
        )
        await consumer.start()
        records: list[Heard] = []
        ends, found_at = time.monotonic() + seconds, None
        try:
            while True:
                batch = await consumer.getmany(timeout_ms=100)
                records += [_heard(record) for got in batch.values() for record in got]
                now = time.monotonic()
                found_at = found_at or (now if until(records) else None)
                if found_at is not None and now >= found_at + quiet:
                    return records
                assert now < ends, f"{topic} has {len(records)} records, and not those that were waited for"
        finally:
            await consumer.stop()

    async def answers(self, party: str, event_ids: Sequence[str], seconds: float = 120) -> dict[str, list[Event]]:
        """The exchange's answers to a party, by the id that each answers; waits until all the ids are answered."""

        def answered(records: list[Heard]) -> dict[str, list[Event]]:
            by_id: dict[str, list[Event]] = {}
            for event in (record.event for record in records):
                told = getattr(event.message, "admitted_id", None) or getattr(event.message, "rejected_id", None)
                if told is not None:
                    by_id.setdefault(told, []).append(event)
            return by_id

        records = await self.heard(f"samsyn.to.{party}.v1", lambda r: set(event_ids) <= answered(r).keys(), seconds)
        return answered(records)


def _heard(record: object) -> Heard:
    headers = {name: value.decode() for name, value in getattr(record, "headers", ())}
    return Heard(
        getattr(record, "partition", 0),
        getattr(record, "offset", 0),
        getattr(record, "key", None),
        getattr(record, "value", None) or b"",
        headers,
    )
