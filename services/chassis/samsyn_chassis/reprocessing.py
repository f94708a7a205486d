"""Processes a dead letter again, as the service would have: the same handlers, locks, inbox and outbox, one effect."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from aiokafka import TopicPartition
from samsyn_contracts.bus import event_of
from samsyn_contracts.envelope import Event
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.rejection import RefusedError

from samsyn_chassis.app import Service
from samsyn_chassis.batches import Receive, is_transient, reason_of, seen_of
from samsyn_chassis.database import Transaction
from samsyn_chassis.dead_letters import CannotOpenError, Original, digest_of, original_of
from samsyn_chassis.letters import Letter, Letters, Outcome
from samsyn_chassis.reading import CarefulConsumer, is_stand_in
from samsyn_chassis.settings import Settings

IN_INBOX = sa.text("select 1 from inbox where source = :source and id = :id")
NOT_THERE = "the original neither stands at its place any more nor opens with the key given"


@dataclass(frozen=True)
class Asked:
    """Who asks for it and why; `is_forced` also where a newer fact has been said; the private key in hex, if any."""

    by: str
    reason: str
    is_forced: bool = False
    private_key: str | None = None


@dataclass(frozen=True)
class Result:
    """What came of it: in one word, and in a sentence with the ids of events."""

    outcome: Outcome
    told: str


async def retry(service: Service, settings: Settings, letter: Letter, asked: Asked) -> Result:
    """Give a dead letter its effect now, or say why not; what came of it is kept either way.

    Raises what a database or broker that is away raises: then nothing has happened.
    """
    try:
        result = await _retried(service, settings, letter, asked)
    except Exception as error:
        if is_transient(error):
            raise
        result = Result("failed", NOT_THERE if isinstance(error, CannotOpenError) else f"again {reason_of(error)}")
    if result.outcome != "retried":
        async with service.database.transaction() as transaction:
            await Letters(transaction).note(letter.id, result.outcome, result.told, asked.reason, asked.by)
    return result


async def _retried(service: Service, settings: Settings, letter: Letter, asked: Asked) -> Result:
    async with CarefulConsumer(enable_auto_commit=False, fetch_max_wait_ms=100, **settings.connection) as consumer:
        original = await _at_its_place(consumer, letter)
        is_there = original is not None
        if original is None:
            original = original_of(letter.told, asked.private_key or "")
        older = event_of(original.headers, original.value)
        newer = None if asked.is_forced else await _newer(consumer, original, older, is_there=is_there)
    if newer is not None:
        return Result("refused", f"superseded by {_name(newer)}")
    receive = next(one.receive for one in service.subscriptions if original.topic in one.topics)
    async with service.database.transaction() as transaction:
        held = await Letters(transaction).hold(letter.id)
        if held is not None and (note := held.settled) is not None and note.outcome == "retried":
            return Result("refused", f"was retried already, and {note.told}")
        told = await _effect(transaction, receive, original, older)
        await Letters(transaction).note(letter.id, "retried", told, asked.reason, asked.by)
    return Result("retried", told)


async def _effect(transaction: Transaction, receive: Receive, original: Original, event: Event) -> str:
    """Let the service's own subscription take the record; what came of it."""
    key = {"source": event.envelope.source, "id": seen_of(original, event.envelope).id}
    was_known = (await transaction.execute(IN_INBOX, key)).first() is not None
    await receive(transaction, [original])
    is_known = (await transaction.execute(IN_INBOX, key)).first() is not None
    refusals = [code for _, headers, body in transaction.said for code in _refusals(event, headers, body)]
    if was_known:
        return "had had its effect before: nothing was done"
    if refusals:
        return f"was refused by its handler: {', '.join(refusals)}"
    return "has had its effect" if is_known else "is nothing that this service acts on: nothing was done"


def _refusals(event: Event, headers: str, body: bytes) -> Sequence[str]:
    """The codes by which what was said refuses the event."""
    if ["ce_type", EventRejected.type_name()] not in json.loads(headers):
        return ()
    rejected = EventRejected.model_validate_json(body)
    return [reason.code for reason in rejected.reasons] if rejected.rejected_id == event.envelope.id else ()


async def _at_its_place(consumer: CarefulConsumer, letter: Letter) -> Original | None:
    """The record, if it still stands where it stood: a topic that was made anew counts from 0 again."""
    place = TopicPartition(letter.told["topic"], letter.told["partition"])
    consumer.assign([place])
    async for record in consumer.read_from(place, letter.told["offset"]):
        is_it = record.offset == letter.told["offset"] and digest_of(record.value) == letter.told["sha256"]
        if not is_it or is_stand_in(record):
            return None
        return Original(place.topic, place.partition, record.offset, record.key, record.value, tuple(record.headers))
    return None


async def _newer(consumer: CarefulConsumer, original: Original, older: Event, *, is_there: bool) -> Event | None:
    """The newest fact that supersedes it, on its own partition; by its place, or by time where its place is unknown."""
    place = TopicPartition(original.topic, original.partition)
    newest: Event | None = None
    async for record in consumer.read_from(place, original.offset + 1 if is_there else 0):
        event = _event_in(record.headers, record.value)
        if event is not None and supersedes(event, older) and (is_there or _at(event) > _at(older)):
            newest = event
    return newest


def supersedes(newer: Event, older: Event) -> bool:
    """Whether an event that stands behind another one is a newer fact of the same sender about the same thing."""
    new, old = newer.envelope, older.envelope
    if new.id == old.id or new.source != old.source or newer.message.subject != older.message.subject:
        return False
    return new.sequence is None or old.sequence is None or new.sequence > old.sequence


def _event_in(headers: Sequence[tuple[str, bytes | None]], value: bytes | None) -> Event | None:
    try:
        return event_of(headers, value)
    except RefusedError:
        return None


def _at(event: Event) -> datetime:
    return event.envelope.receivedtime or event.envelope.time


def _name(event: Event) -> str:
    envelope = event.envelope
    return f"{type(event.message).__name__} {envelope.id} of {envelope.party} about {event.message.subject}"
