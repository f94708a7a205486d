"""The agencies, outside the system: they say, note what came of it, hear the answers, and say again what they must."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import time
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any, Self

import httpx
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from samsyn_contracts.bus import from_topic
from samsyn_contracts.web import BATCH, batch, structured

from tests.faults.answers import Answers
from tests.faults.ledger import Entry, Ledger, Outcome
from tests.faults.stream import AV, CENTRES, MIV, PARTIES, Saying, Step, Stream

# These speak over HTTPS's profile, the others on their topics.
OVER_HTTP = (AV, MIV)
CALL_SECONDS, AGAIN_SECONDS, MOST_PENDING, MOST_TOGETHER, MOST_REPLAYS = 6.0, 5.0, 300, 100, 4
REPLAY_SECONDS, LEAVING_SECONDS = 1.0, 15.0
REPEATED_AT_ONCE, REPEATED_NEXT_DAY, SHUFFLED = 0.10, 0.06, 0.15


class Driver:
    """Says a stream at a pace until it is stopped; what it cannot know it says again under the same id."""

    def __init__(self, kafka: str, exchange: str, secret: str, stream: Stream, ledger: Ledger, pace: float) -> None:
        self.ledger, self.pace = ledger, pace
        self.num_repeats = 0
        self._kafka, self._exchange, self._secret = kafka, exchange, secret
        self._steps = stream.steps()
        self._dice = Random(f"driver:{stream.seed}")
        self._said: dict[str, Saying] = {}
        self._said_at: dict[str, float] = {}
        self._replays: dict[str, int] = {}
        self._tomorrow: list[Saying] = []
        self._now: Step | None = None
        self._producer: AIOKafkaProducer | None = None
        self._connecting = asyncio.Lock()
        self._client = httpx.AsyncClient(timeout=CALL_SECONDS)
        self._answers = Answers(kafka, PARTIES, ledger, self._may_come_later)
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._going = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._loops = [asyncio.create_task(work) for work in (self._talk(), self._insist(), self._answers.hear())]
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for task in (*self._loops, *self._tasks):
            task.cancel()
        await asyncio.gather(*self._loops, *self._tasks, return_exceptions=True)
        await self._client.aclose()
        self._let_go(self._producer)
        await asyncio.wait([*self._leaving, asyncio.create_task(asyncio.sleep(0))], timeout=LEAVING_SECONDS)

    def go(self) -> None:
        """Say the stream, at its pace."""
        self._going.set()

    def pause(self) -> None:
        """Say nothing new; what is not answered is still said again."""
        self._going.clear()

    @property
    def is_broken(self) -> BaseException | None:
        """What ended one of the driver's own loops, which nothing should."""
        ended = (task.exception() for task in self._loops if task.done() and not task.cancelled())
        return next((error for error in ended if error is not None), None)

    async def burst(self, num: int) -> None:
        """Say several steps at once, so that a fault meets work."""
        for _ in range(num):
            await self._step()

    @property
    def is_silent(self) -> bool:
        """Whether no call is under way, and none is to come by itself."""
        return not self._tasks

    async def _talk(self) -> None:
        while True:
            await self._going.wait()
            began = time.monotonic()
            num = await self._step()
            is_much_open = len(self.ledger.pending()) > MOST_PENDING
            await asyncio.sleep(1.0 if is_much_open else max(0.0, began + num / self.pace - time.monotonic()))

    async def _step(self) -> int:
        step = self._now = next(self._steps)
        sayings = [*step.sayings, *self._repeats(step)]
        if self._dice.random() < SHUFFLED:
            self._dice.shuffle(sayings)
        self._start(self._passed(step))
        self._say(sayings)
        return len(sayings)

    def _repeats(self, step: Step) -> list[Saying]:
        """Some of these at once, and some of yesterday's."""
        due = [one for one in self._tomorrow if step.at - one.envelope.time >= timedelta(days=1)]
        self._tomorrow = [one for one in self._tomorrow if one not in due]
        self._tomorrow += [one for one in step.sayings if self._dice.random() < REPEATED_NEXT_DAY]
        repeated = [*due, *(one for one in step.sayings if self._dice.random() < REPEATED_AT_ONCE)]
        self.num_repeats += len(repeated)
        return repeated

    def _say(self, sayings: Sequence[Saying]) -> None:
        for party in PARTIES:
            said = [one for one in sayings if one.party == party]
            for start in range(0, len(said), MOST_TOGETHER):
                part = said[start : start + MOST_TOGETHER]
                self._note(part)
                self._start(self._over_http(party, part) if party in OVER_HTTP else self._over_kafka(part))

    def _note(self, sayings: Iterable[Saying]) -> None:
        now, entries = time.monotonic(), []
        for one in sayings:
            self._said[one.id], self._said_at[one.id] = one, now
            digest = hashlib.sha256(one.message.body()).hexdigest()
            told = (one.id, one.envelope.source, type(one.message).__name__, one.envelope.centre, digest)
            entries.append(Entry(*told, first_said=now))
        self.ledger.said(entries)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _over_kafka(self, sayings: Sequence[Saying]) -> None:
        """All on the party's topic, in this order; a call that fails or takes too long came to nobody knows what."""
        outcomes: list[tuple[str, Outcome]] = []
        producer = await self._connected()
        if producer is None:
            self.ledger.came_of((one.id, "fail") for one in sayings)
            return
        calls = []
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(CALL_SECONDS):
                for one in sayings:
                    topic = from_topic(one.party)
                    calls.append(await producer.send(topic, one.message.body(), headers=one.headers, partition=0))
        ended = await asyncio.gather(*calls, return_exceptions=True)
        for number, one in enumerate(sayings):
            is_ok = number < len(ended) and not isinstance(ended[number], BaseException)
            outcomes.append((one.id, "ok" if is_ok else "unknown"))
        if any(outcome != "ok" for _, outcome in outcomes):
            self._let_go(producer)
        self.ledger.came_of(outcomes)

    async def _over_http(self, party: str, sayings: Sequence[Saying]) -> None:
        """All in one request; without an answer nobody knows whether they are kept."""
        body = batch(structured(one.headers, one.message.body()) for one in sayings)
        try:
            answer = await self._client.post(
                f"{self._exchange}/v1/events", content=body.encode(), headers=self._known_as(party, BATCH)
            )
            told = answer.json()["answers"] if answer.status_code == 200 else []
        except (httpx.HTTPError, ValueError, KeyError):
            told = []
        by_id: Mapping[str, str] = {one["id"]: one["status"] for one in told if "id" in one}
        outcomes: list[tuple[str, Outcome]] = []
        for one in sayings:
            is_ok = by_id.get(one.id, "unsettled") != "unsettled"
            outcomes.append((one.id, "ok" if is_ok else "unknown"))
        self.ledger.came_of(outcomes)
        self.ledger.admitted(id_ for id_, status in by_id.items() if status in ("admitted", "repeated"))

    async def _passed(self, step: Step) -> None:
        """The time of the stream is told; a later telling makes up for one that failed."""
        told = {"now": step.at.isoformat(), "centres": CENTRES}
        with contextlib.suppress(httpx.HTTPError):
            await self._client.post(f"{self._exchange}/v1/clock", json=told)

    async def _insist(self) -> None:
        """Say again, in the order in which it was first said, what has got no answer for a while."""
        while True:
            await asyncio.sleep(0.5)
            now = time.monotonic()
            late = [self._said[one.id] for one in self.ledger.pending() if now - self._said_at[one.id] > AGAIN_SECONDS]
            if late:
                self._say(late[:MOST_PENDING])

    def _may_come_later(self, id_: str) -> bool:
        """An event was refused because something else was not known yet: say it again; False when that was enough."""
        self._replays[id_] = self._replays.get(id_, 0) + 1
        if id_ not in self._said or self._replays[id_] > MOST_REPLAYS:
            return False
        self._start(self._replay(self._said[id_]))
        return True

    async def _replay(self, saying: Saying) -> None:
        await asyncio.sleep(REPLAY_SECONDS)
        self._say([saying])

    async def _connected(self) -> AIOKafkaProducer | None:
        async with self._connecting:
            return self._producer or await self._connect()

    async def _connect(self) -> AIOKafkaProducer | None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._kafka,
            acks="all",
            enable_idempotence=True,
            request_timeout_ms=int(CALL_SECONDS * 1000),
        )
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await producer.start()
        except (KafkaError, OSError, TimeoutError):
            self._let_go(producer)
            return None
        self._producer = producer
        return producer

    def _let_go(self, producer: AIOKafkaProducer | None) -> None:
        """A producer that has failed is not used again; what it still holds it may say, or give up, by itself."""
        if producer is None:
            return
        self._producer = None if self._producer is producer else self._producer
        leaving = asyncio.create_task(_stopped(producer))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    def _known_as(self, party: str, kind: str) -> Mapping[str, str]:
        token = hmac.new(self._secret.encode(), party.encode(), hashlib.sha256).hexdigest()
        return {"Authorization": f"Bearer {token}", "Content-Type": kind}


async def _stopped(producer: AIOKafkaProducer) -> None:
    with contextlib.suppress(KafkaError, OSError, TimeoutError):
        await producer.stop()
