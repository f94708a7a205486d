"""In the place of the exchange, on Kafka and over HTTPS: answers agencies, tells them things, keeps contents."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from fastapi import FastAPI, Request, Response
from samsyn_contracts.bus import event_of, from_topic, headers_of, to_topic
from samsyn_contracts.envelope import Envelope, Event, service_source
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventAdmitted, EventRejected
from samsyn_contracts.rejection import rejection
from samsyn_contracts.web import record_of, split_batch, structured
from samsyn_demo.agencies.serving import served

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOW = datetime(2025, 5, 5, 8, tzinfo=UTC)


@dataclass
class AnsweringExchange:
    """What the agencies said, and how it is answered: admitted, unless `refuses` says so or it is `silent`."""

    url: str = ""
    said: list[Event] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    refuses: Callable[[Event], bool] = lambda _event: False
    silent: bool = False
    num_told: dict[str, int] = field(default_factory=dict)
    inboxes: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    _producer: AIOKafkaProducer | None = None

    def said_by(self, party: str) -> list[Event]:
        return [event for event in self.said if event.envelope.party == party]

    async def tell(
        self, party: str, message: Message, event_id: str | None = None, traceparent: str = TRACEPARENT
    ) -> str:
        """Tell a party something; gives the event's id."""
        envelope = Envelope(
            id=event_id or str(uuid.uuid4()),
            source=service_source("exchange"),
            type=message.type_name(),
            time=NOW,
            centre="akc-vast",
            environment="test",
            traceparent=traceparent,
        )
        await self.tell_raw(party, [(key, value) for key, value in headers_of(envelope)], message.body())
        return envelope.id

    async def tell_raw(self, party: str, headers: Sequence[tuple[str, bytes]], body: bytes | None) -> None:
        assert self._producer is not None
        sent = await self._producer.send_and_wait(
            to_topic(party), value=body, key=b"", headers=list(headers), partition=0
        )
        self.num_told[to_topic(party)] = sent.offset + 1
        self.inboxes.setdefault(party, []).append((sent.offset, structured(headers, body)))

    async def answer(self, consumer: AIOKafkaConsumer) -> None:
        async for record in consumer:
            await self._take(event_of(record.headers, record.value))

    def app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)
        app.add_api_route("/v1/contents/{ref}", self._put, methods=["PUT"])
        app.add_api_route("/v1/contents/{ref}", self._get, methods=["GET"])
        app.add_api_route("/v1/contents/{ref}/acknowledged", self._acknowledge, methods=["POST"])
        app.add_api_route("/v1/events", self._say, methods=["POST"], response_model=None)
        app.add_api_route("/v1/inbox", self._inbox, methods=["GET"])
        return app

    async def _put(self, ref: str, request: Request) -> Response:
        self.tokens.add(request.headers["authorization"])
        self.contents[ref] = await request.body()
        return Response(status_code=201)

    async def _get(self, ref: str) -> Response:
        return Response(self.contents[ref]) if ref in self.contents else Response(status_code=404)

    async def _acknowledge(self, ref: str) -> Response:
        self.acknowledged.append(ref)
        return Response(status_code=204)

    async def _say(self, request: Request) -> dict[str, Any] | Response:
        """Answer a batch at once, and tell it in the inbox too, as the exchange does."""
        events = [event_of(*record_of(text)) for text in split_batch((await request.body()).decode())]
        answers = [await self._take(event) for event in events]
        if self.silent:
            return Response(status_code=503)
        return {"answers": [_told_at_once(answer) for answer in answers]}

    async def _inbox(self, request: Request, cursor: int = 0, limit: int = 100, wait: int = 0) -> dict[str, Any]:
        """What a party was told; who it is stands in its token (`token-<party>`)."""
        party = request.headers["authorization"].removeprefix("Bearer token-")
        until = monotonic() + wait
        while True:
            told = [(offset, text) for offset, text in self.inboxes.get(party, ()) if offset >= cursor][:limit]
            if told or monotonic() > until or await request.is_disconnected():
                next_offset = told[-1][0] + 1 if told else cursor
                return {"events": [{"offset": o, "event": json.loads(text)} for o, text in told], "next": next_offset}
            await asyncio.sleep(0.02)

    async def _take(self, event: Event) -> Message:
        self.said.append(event)
        answer = self._answer_to(event)
        if not self.silent:
            await self.tell(event.envelope.party, answer)
        return answer

    def _answer_to(self, event: Event) -> Message:
        if self.refuses(event):
            reason = rejection("unknown_id", "/inspection_id")
            return EventRejected(
                rejected_id=event.envelope.id, party=event.envelope.party, reasons=(reason,), replayable=True
            )
        return EventAdmitted(admitted_id=event.envelope.id, received_at=NOW)


def _told_at_once(answer: Message) -> dict[str, Any]:
    if isinstance(answer, EventRejected):
        reasons = [reason.model_dump(mode="json") for reason in answer.reasons]
        return {"status": "rejected", "http_status": 422, "retry": answer.replayable, "reasons": reasons}
    return {"status": "admitted", "http_status": 201, "retry": False, "reasons": []}


@asynccontextmanager
async def an_answering_exchange(kafka: str, parties: Sequence[str]) -> AsyncIterator[AnsweringExchange]:
    """Answer these parties while the block runs, from what they say from now on."""
    exchange = AnsweringExchange()
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, fetch_max_wait_ms=50)
    exchange._producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await consumer.start()
    await exchange._producer.start()
    places = [TopicPartition(from_topic(party), 0) for party in parties]
    consumer.assign(places)
    await consumer.seek_to_end(*places)
    answering = asyncio.create_task(exchange.answer(consumer))
    try:
        async with served(exchange.app()) as url:
            exchange.url = url
            yield exchange
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        await consumer.stop()
        await exchange._producer.stop()


async def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds; AssertionError if it does not in time."""
    async with asyncio.timeout(seconds):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)
