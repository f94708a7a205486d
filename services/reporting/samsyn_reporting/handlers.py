"""What is done with each message: load, decide, save."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn_chassis.batches import Handler
from samsyn_contracts.capacity import CapacityWithdrawn, PoliceCancellationRetracted, PoliceCancelled
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    ParticipationDeclined,
    ParticipationWithdrawn,
    PoliceDeclined,
    PoliceLossReported,
)

from samsyn_reporting.domain.accounts import account_of, fact_of
from samsyn_reporting.domain.ledger import loss_of
from samsyn_reporting.store import Store


async def on_operation_scheduled(scheduled: OperationScheduled, envelope: Envelope, store: Store) -> None:
    """Count the operation as planned; if it waited for an occasion, it has one."""
    facts = await store.facts(scheduled.operation_id)
    store.keep(account_of((*facts, fact_of(scheduled, envelope))))


async def on_operation_confirmed(confirmed: OperationConfirmed, envelope: Envelope, store: Store) -> None:
    """Note that the operation takes place; if it waited for an occasion, it has one."""
    facts = await store.facts(confirmed.operation_id)
    store.keep(account_of((*facts, fact_of(confirmed, envelope))))


async def on_operation_rescheduled(rescheduled: OperationRescheduled, envelope: Envelope, store: Store) -> None:
    """Enter the operation as rescued, by the ladder's step, for each of the causes."""
    facts = await store.facts(rescheduled.operation_id)
    store.keep(account_of((*facts, fact_of(rescheduled, envelope))))


async def on_operation_postponed(postponed: OperationPostponed, envelope: Envelope, store: Store) -> None:
    """Enter the operation as waiting for an occasion, for each of the causes."""
    facts = await store.facts(postponed.operation_id)
    store.keep(account_of((*facts, fact_of(postponed, envelope))))


async def on_operation_cancelled(cancelled: OperationCancelled, envelope: Envelope, store: Store) -> None:
    """Enter the operation as lost, for each of the causes."""
    facts = await store.facts(cancelled.operation_id)
    store.keep(account_of((*facts, fact_of(cancelled, envelope))))


async def on_police_cancelled(cancelled: PoliceCancelled, envelope: Envelope, store: Store) -> None:
    """Note the loss of a police session, whole or in part."""
    store.keep_loss(loss_of(cancelled, envelope))


async def on_police_cancellation_retracted(
    retracted: PoliceCancellationRetracted, envelope: Envelope, store: Store
) -> None:
    """Note that a loss was a mistake."""
    store.keep_taken_back(retracted.cancelled_event, envelope.centre)


async def on_police_loss_reported(reported: PoliceLossReported, envelope: Envelope, store: Store) -> None:
    """Note a loss told by phone."""
    store.keep_loss(loss_of(reported, envelope))


async def on_police_declined(declined: PoliceDeclined, envelope: Envelope, store: Store) -> None:
    """Note that the police could not take an operation."""
    store.keep_loss(loss_of(declined, envelope))


async def on_capacity_withdrawn(withdrawn: CapacityWithdrawn, envelope: Envelope, store: Store) -> None:
    """Note the loss of a capacity offered."""
    store.keep_loss(loss_of(withdrawn, envelope))


async def on_participation_withdrawn(withdrawn: ParticipationWithdrawn, envelope: Envelope, store: Store) -> None:
    """Note the loss of a participant."""
    store.keep_loss(loss_of(withdrawn, envelope))


async def on_participation_declined(declined: ParticipationDeclined, envelope: Envelope, store: Store) -> None:
    """Note that an agency asked did not take part."""
    store.keep_loss(loss_of(declined, envelope))


HANDLERS: Mapping[type[Message], Handler] = {
    OperationScheduled: on_operation_scheduled,
    OperationConfirmed: on_operation_confirmed,
    OperationRescheduled: on_operation_rescheduled,
    OperationPostponed: on_operation_postponed,
    OperationCancelled: on_operation_cancelled,
    PoliceCancelled: on_police_cancelled,
    PoliceCancellationRetracted: on_police_cancellation_retracted,
    PoliceLossReported: on_police_loss_reported,
    PoliceDeclined: on_police_declined,
    CapacityWithdrawn: on_capacity_withdrawn,
    ParticipationWithdrawn: on_participation_withdrawn,
    ParticipationDeclined: on_participation_declined,
}
