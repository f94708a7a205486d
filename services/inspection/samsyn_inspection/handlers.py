"""What is done with each message: load, decide, keep."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn_chassis.batches import Handler
from samsyn_contracts.carrying_out import (
    InspectionCompleted,
    InspectionSuspended,
    OperationAborted,
    OperationStarted,
)
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingRecorded
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)
from samsyn_contracts.platform import TimePassed

from samsyn_inspection.domain.plans import Told
from samsyn_inspection.domain.record import later, passed, stated, told
from samsyn_inspection.domain.statements import Statement
from samsyn_inspection.store import Store


async def on_told(message: Told, envelope: Envelope, store: Store) -> None:
    """Note planning's word; what agencies said and what waited for it now has its effect."""
    record = await store.record(message.operation_id, envelope.centre)
    store.keep(told(record, message))


async def on_stated(statement: Statement, envelope: Envelope, store: Store) -> None:
    """Note what an agency says from the spot; it has its effect once what it depends on is known."""
    record = await store.record(statement.operation_id, envelope.centre)
    store.keep(stated(record, statement, envelope))


async def on_time_passed(time_passed: TimePassed, envelope: Envelope, store: Store) -> None:
    """Let the centre's operations begin and end, and answer what has been held for too long."""
    until = later(await store.time_of(envelope.centre), time_passed.until)
    for record in await store.touched(envelope.centre, until):
        store.keep(passed(record, until))
    store.keep_time(envelope.centre, until)


HANDLERS: Mapping[type[Message], Handler] = {
    OperationScheduled: on_told,
    OperationConfirmed: on_told,
    OperationRescheduled: on_told,
    OperationPostponed: on_told,
    OperationCancelled: on_told,
    OperationStarted: on_stated,
    InspectionCompleted: on_stated,
    InspectionSuspended: on_stated,
    OperationAborted: on_stated,
    FindingRecorded: on_stated,
    TimePassed: on_time_passed,
}
