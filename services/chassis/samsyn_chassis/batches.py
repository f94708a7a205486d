"""Takes batches of records so that each has its effect once, and no record can stop the ones behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import asyncpg
from aiokafka.errors import KafkaError
from samsyn_contracts.bus import REPLAY_FOR, dead_letter_topic, event_of, raw_attribute
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import Envelope, Event
from samsyn_contracts.message import Message
from samsyn_contracts.rejection import RefusedError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from samsyn_chassis.database import Database, Seen, Transaction, body_hash
from samsyn_chassis.dead_letters import attributes_of, letter_of
from samsyn_chassis.failures import where
from samsyn_chassis.settings import Settings
from samsyn_chassis.telemetry import SpanKind, handled, repeated, set_aside, span

logger = logging.getLogger(__name__)


class Record(Protocol):
    """A record as Kafka's client gives it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


Receive = Callable[[Transaction, Sequence[Record]], Awaitable[None]]
Handler = Callable[[Any, Envelope, Any], Awaitable[None]]
# Connection lost, read-only server, stood still for too long, password or database refused, server shutting down, out
# of resources, deadlock or serialization failure: PostgreSQL, appendix A. None is due to what a record says.
TRANSIENT_STATES = ("08", "25006", "25P03", "28", "3D", "40", "53", "55", "57", "58")

SET_ASIDE = "set-aside"  # the source under which the inbox holds places of records


class Reject(Exception):
    """The message can never have its effect: it is set aside at once."""


class Retry(Exception):
    """The other side is away: tried again with backoff, never set aside."""


class Saves(Protocol):
    """A store that writes its changes once per batch."""

    async def save(self) -> None:
        """Write everything that changed."""


class Batches:
    """What one subscription does with the records it reads."""

    def __init__(self, service: str, database: Database, settings: Settings, receive: Receive) -> None:
        self._service, self._database, self._settings, self._receive = service, database, settings, receive
        self.positions: dict[tuple[str, int], int] = {}
        self.is_busy = False

    async def take(self, records: Sequence[Record]) -> None:
        """Give all records their effect, or set the guilty ones aside; returns only when all is committed."""
        self.is_busy = True
        try:
            await self._take(records)
            self.positions.update(_next_offsets(records))
        finally:
            self.is_busy = False

    async def _take(self, records: Sequence[Record]) -> None:
        """All at once; where that fails half by half, so that a guilty one costs the others little."""
        if len(records) == 1:
            return await self._take_one(records[0])
        try:
            return await self._patiently(partial(self._commit, records))
        except Exception as error:
            logger.warning("a batch of %d failed (%s): half by half", len(records), type(error).__name__)
        middle = len(records) // 2
        for half in (records[:middle], records[middle:]):
            await self._take(half)
        return None

    async def _take_one(self, record: Record) -> None:
        for attempt in range(1, self._settings.max_tries + 1):
            try:
                return await self._patiently(partial(self._commit, [record]))
            except Exception as error:
                if isinstance(error, Reject | RefusedError) or attempt == self._settings.max_tries:
                    return await self._give_up(record, error)
        return None

    async def _give_up(self, record: Record, error: Exception) -> None:
        """Set it aside, however long that is not possible: once this returns, the reading goes on past the record."""
        logger.error("%s %s/%s set aside: %s", record.topic, record.partition, record.offset, where(error))
        pause = 0.1
        while True:
            try:
                return await self._patiently(partial(self._set_aside, record, reason_of(error)))
            except Exception as failure:
                place = (record.topic, record.partition, record.offset)
                logger.critical("%s %s/%s cannot be set aside, all behind it waits: %s", *place, where(failure))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 60)

    async def _patiently(self, action: Callable[[], Awaitable[None]]) -> None:
        pause = 0.1
        while True:
            try:
                return await action()
            except Exception as error:
                if not is_transient(error):
                    raise
                logger.warning("%s waits: %s", self._service, type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10)

    async def _commit(self, records: Sequence[Record]) -> None:
        async with self._database.transaction() as transaction:
            await self._receive(transaction, records)
            await transaction.note_positions((t, p, o) for (t, p), o in _next_offsets(records).items())

    async def _set_aside(self, record: Record, reason: str) -> None:
        """Dead letter: where it stood, why, and the original bytes sealed; nothing of its contents in clear.

        The inbox tells by its place whether there is a letter already, where the record is read again.
        """
        letter = letter_of(record, reason, self._settings.dead_letter_key)
        id_ = attributes_of(record).get("id", "")
        place = _place_of(record)
        async with self._database.transaction() as transaction:
            first, hashes = await transaction.first_seen([place])
            if first or hashes[place.source, place.id] != place.body_hash:
                headers = [("ce_id", id_.encode())]
                transaction.say_raw(dead_letter_topic(self._service), record.topic, headers, letter)
                set_aside.add(1, {"topic": record.topic})
            await transaction.note_positions([(record.topic, record.partition, record.offset + 1)])


def dispatching(
    handlers: Mapping[type[Message], Handler],
    make_store: Callable[[Transaction], Saves],
    load: Callable[[Any, Sequence[Event]], Awaitable[None]] | None = None,
    service: str = "",
) -> Receive:
    """Receive events of the given classes, each once, under the locks of their centres; our other types pass by.

    `load` reads into the store, in few statements, what the handlers of a whole batch will ask for. `service` names who
    takes up again what it refused as too early and the sender has said again; nobody else does.
    """
    types = {cls.type_name(): handler for cls, handler in handlers.items()}

    async def receive(transaction: Transaction, records: Sequence[Record]) -> None:
        known = [r for r in records if _is_heard(r, types) and _is_for(r, service)]
        events = [(record, event_of(record.headers, record.value)) for record in known]
        await transaction.lock(event.envelope.centre for _, event in events)
        seen = [seen_of(record, event.envelope) for record, event in events]
        first, hashes = await transaction.first_seen(seen)
        if any(hashes[one.source, one.id] != one.body_hash for one in seen):
            raise Reject("an id is reused for another body")
        store = make_store(transaction)
        if load is not None:
            await load(store, [event for _, event in events])
        for (_, event), one in zip(events, seen, strict=True):
            if (one.source, one.id) not in first:
                repeated.add(1)
                continue
            first.remove((one.source, one.id))
            await _handle(types[event.envelope.type], event, store)
        await store.save()

    return receive


async def _handle(handler: Handler, event: Event, store: Saves) -> None:
    name = type(event.message).__name__
    told = {"id": event.envelope.id, "centre": event.envelope.centre}
    with span(f"handle {name}", event.envelope.traceparent, SpanKind.CONSUMER, **told):
        await handler(event.message, event.envelope, store)
    handled.add(1, {"type": name})


def seen_of(record: Record, envelope: Envelope) -> Seen:
    """The inbox's view of an event; one said again after a refusal is another one than the first."""
    parts = (envelope.type.encode(), envelope.centre.encode(), record.value or b"")
    id_ = f"{envelope.id}#{envelope.causationid}" if _replay_for(record) else envelope.id
    return Seen(envelope.source, id_, body_hash(*parts))


def _is_heard(record: Record, types: Collection[str]) -> bool:
    """Whether it is for a handler; what no version of ours could have said is taken too, and so refused aloud."""
    type_ = raw_attribute(record.headers, "type", 100)
    return type_ in types or type_ not in MESSAGES


def _is_for(record: Record, service: str) -> bool:
    return _replay_for(record) in (b"", service.encode())


def _replay_for(record: Record) -> bytes:
    return next((value or b"" for name, value in record.headers if name == REPLAY_FOR), b"")


def is_transient(error: BaseException) -> bool:
    """Whether trying again may help because the other side was away."""
    if isinstance(error, DBAPIError):
        # The driver's own error stands behind two others; a value that it cannot encode is no outage.
        told = getattr(error.orig, "__cause__", None) or error.orig
        state = str(getattr(told, "sqlstate", None) or "")
        is_bad_value = isinstance(told, ValueError | TypeError)
        is_outage = isinstance(error, InterfaceError | OperationalError) and not state and not is_bad_value
        return error.connection_invalidated or is_outage or state.startswith(TRANSIENT_STATES)
    if isinstance(error, asyncpg.PostgresError):  # the driver's own comes by itself while a connection is opened
        return str(error.sqlstate or "").startswith(TRANSIENT_STATES)
    return isinstance(error, Retry | PoolTimeout | KafkaError | OSError | TimeoutError)


def _place_of(record: Record) -> Seen:
    """The inbox's view of a record that is set aside; in a topic made anew another one stands at its place."""
    place = f"{record.topic}/{record.partition}/{record.offset}"
    return Seen(SET_ASIDE, place, body_hash(record.key or b"", record.value or b""))


def _next_offsets(records: Sequence[Record]) -> dict[tuple[str, int], int]:
    return {(record.topic, record.partition): record.offset + 1 for record in records}


def reason_of(error: Exception) -> str:
    """What may be told of an error: its kind, and of a refusal where and why, never what was said."""
    return f"{type(error).__name__}: {error}" if isinstance(error, RefusedError) else type(error).__name__
