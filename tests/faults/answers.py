"""What the agencies hear: each reads its own topic from the beginning, and notes the answers in the ledger."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from samsyn_contracts.bus import to_topic
from samsyn_contracts.platform import EventAdmitted, EventRejected

from tests.faults.ledger import Ledger

ADMITTED, REJECTED = EventAdmitted.type_name().encode(), EventRejected.type_name().encode()


class Answers:
    """The parties' ears; a consumer that fails is replaced, and goes on where the last one was."""

    def __init__(
        self, kafka: str, parties: Sequence[str], ledger: Ledger, may_come_later: Callable[[str], bool]
    ) -> None:
        self._kafka, self._ledger, self._may_come_later = kafka, ledger, may_come_later
        self._next = {TopicPartition(to_topic(party), 0): 0 for party in parties}
        self._refusals: set[tuple[str, str]] = set()

    async def hear(self) -> None:
        """Hear for ever."""
        while True:
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                await self._hear()
            await asyncio.sleep(0.5)

    async def _hear(self) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._kafka, enable_auto_commit=False, fetch_max_wait_ms=50, request_timeout_ms=6000
        )
        try:
            await consumer.start()
            consumer.assign(list(self._next))
            for place, offset in self._next.items():
                consumer.seek(place, offset)
            while True:
                heard = await consumer.getmany(timeout_ms=500)
                for place, records in heard.items():
                    self._note(records)
                    self._next[place] = records[-1].offset + 1
        finally:
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(2):
                    await consumer.stop()

    def _note(self, records: Sequence[Any]) -> None:
        admitted = []
        for record in records:
            headers = dict(record.headers)
            if headers.get("ce_type") == ADMITTED:
                admitted.append(json.loads(record.value)["admitted_id"])
            elif headers.get("ce_type") == REJECTED:
                self._refused(headers.get("ce_id", b"").decode(), json.loads(record.value))
        self._ledger.admitted(admitted)

    def _refused(self, refusal: str, told: dict[str, Any]) -> None:
        """Note a refusal once; an event that may succeed later is said again."""
        id_, code = told["rejected_id"], told["reasons"][0]["code"]
        if (id_, refusal) in self._refusals:
            return
        self._refusals.add((id_, refusal))
        is_later = bool(told["replayable"]) and self._may_come_later(id_)
        self._ledger.rejected(id_, code, is_final=not is_later)
