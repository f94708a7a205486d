"""Hears what the parties of the bench hear, and notes when each of their events was answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from samsyn_contracts.bus import to_topic

ADMITTED_TYPE, REJECTED_TYPE = b"se.samsyn.EventAdmitted.v1", b"se.samsyn.EventRejected.v1"
PLANNING = b"urn:samsyn:service:planning"


class UnansweredError(Exception):
    """The chain did not answer in time, or answered something else than was waited for."""


class Listener:
    """Reads the parties' own topics; instants are those of `time.perf_counter`, by the id of the event answered."""

    def __init__(self, kafka: str, parties: Sequence[str]) -> None:
        topics = [to_topic(party) for party in parties]
        self._consumer = AIOKafkaConsumer(
            *topics, bootstrap_servers=kafka, auto_offset_reset="earliest", fetch_max_wait_ms=500
        )
        self.admitted: dict[str, float] = {}
        self.refused_at_border: dict[str, float] = {}
        self.refused_by_planning: dict[str, float] = {}
        self.num_heard = 0

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        await self._consumer.seek_to_end()
        for place in self._consumer.assignment():
            await self._consumer.position(place)
        self._task = asyncio.create_task(self._hear())
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._consumer.stop()

    async def end_of(self, topic: str) -> int:
        """How many records stand on a topic."""
        await self._consumer.topics()  # its partitions are known from here on
        places = [TopicPartition(topic, number) for number in self._consumer.partitions_for_topic(topic) or ()]
        return sum((await self._consumer.end_offsets(places)).values())

    async def until_answered(
        self, admitted: Collection[str], refused: Collection[str], seconds: float
    ) -> tuple[float, float]:
        """Wait for EventAdmitted of all, and planning's EventRejected of some; when the last of each was heard."""
        deadline = time.perf_counter() + seconds
        wanted, wanted_refusals = set(admitted), set(refused)
        while not (wanted <= self.admitted.keys() and wanted_refusals <= self.refused_by_planning.keys()):
            if self._task.done() or time.perf_counter() > deadline:
                raise UnansweredError(self._lacking(wanted, wanted_refusals))
            await asyncio.sleep(0.005)
        if unmeant := (self.refused_by_planning.keys() & wanted) - wanted_refusals | self.refused_at_border.keys():
            raise UnansweredError(f"{len(unmeant)} events were refused that should have had their effect")
        last_admitted = max(self.admitted[id_] for id_ in wanted)
        return last_admitted, max((self.refused_by_planning[id_] for id_ in wanted_refusals), default=last_admitted)

    async def _hear(self) -> None:
        while True:
            heard = await self._consumer.getmany(timeout_ms=1000)
            now = time.perf_counter()
            for record in (record for records in heard.values() for record in records):
                self.num_heard += 1
                self._note(dict(record.headers), record.value, now)

    def _note(self, headers: dict[str, bytes], body: bytes, now: float) -> None:
        if headers["ce_type"] == ADMITTED_TYPE:
            self.admitted.setdefault(json.loads(body)["admitted_id"], now)
        elif headers["ce_type"] == REJECTED_TYPE:
            told: dict[str, Any] = json.loads(body)
            by = self.refused_by_planning if headers["ce_source"] == PLANNING else self.refused_at_border
            by.setdefault(told["rejected_id"], now)

    def _lacking(self, wanted: set[str], wanted_refusals: set[str]) -> str:
        return (
            f"not admitted: {len(wanted - self.admitted.keys())} of {len(wanted)}; "
            f"not refused by planning: {len(wanted_refusals - self.refused_by_planning.keys())} "
            f"of {len(wanted_refusals)}; refused at the border: {len(self.refused_at_border)}"
        )
