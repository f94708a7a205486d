"""What is done with each message: load, decide, save."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn_chassis.batches import Handler
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)
from samsyn_contracts.platform import TimePassed

from samsyn_inspection.domain import later, passed, told
from samsyn_inspection.store import Store


async def on_operation_scheduled(scheduled: OperationScheduled, envelope: Envelope, store: Store) -> None:
    """Begin to follow the operation; what was held for it now has its effect."""
    record = await store.record(scheduled.operation_id, envelope.centre)
    store.keep(told(record, scheduled, await store.time_of(envelope.centre)))


async def on_operation_confirmed(confirmed: OperationConfirmed, envelope: Envelope, store: Store) -> None:
    """Note that the operation takes place."""
    record = await store.record(confirmed.operation_id, envelope.centre)
    store.keep(told(record, confirmed, await store.time_of(envelope.centre)))


async def on_operation_rescheduled(rescheduled: OperationRescheduled, envelope: Envelope, store: Store) -> None:
    """Note the operation's new session, participants and inspections."""
    record = await store.record(rescheduled.operation_id, envelope.centre)
    store.keep(told(record, rescheduled, await store.time_of(envelope.centre)))


async def on_operation_postponed(postponed: OperationPostponed, envelope: Envelope, store: Store) -> None:
    """Note that the operation waits for another occasion."""
    record = await store.record(postponed.operation_id, envelope.centre)
    store.keep(told(record, postponed, await store.time_of(envelope.centre)))


async def on_operation_cancelled(cancelled: OperationCancelled, envelope: Envelope, store: Store) -> None:
    """Note that the operation does not take place."""
    record = await store.record(cancelled.operation_id, envelope.centre)
    store.keep(told(record, cancelled, await store.time_of(envelope.centre)))


async def on_time_passed(time_passed: TimePassed, envelope: Envelope, store: Store) -> None:
    """Let the centre's operations begin and end."""
    until = later(await store.time_of(envelope.centre), time_passed.until)
    store.keep_time(envelope.centre, until)
    for record in await store.begun(envelope.centre, until):
        store.keep(passed(record, until))


HANDLERS: Mapping[type[Message], Handler] = {
    OperationScheduled: on_operation_scheduled,
    OperationConfirmed: on_operation_confirmed,
    OperationRescheduled: on_operation_rescheduled,
    OperationPostponed: on_operation_postponed,
    OperationCancelled: on_operation_cancelled,
    TimePassed: on_time_passed,
}
