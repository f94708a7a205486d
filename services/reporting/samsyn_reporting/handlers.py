"""What is done with each message: it is kept as a fact; what follows is worked out when it is read, or a day ends."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn_chassis.batches import Handler
from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING
from samsyn_contracts.capacity import CapacityOffered, CapacityWithdrawn, PoliceCancellationRetracted, PoliceCancelled
from samsyn_contracts.carrying_out import (
    EvaluationSubmitted,
    InspectionCompleted,
    InspectionSuspended,
    OperationAborted,
    OperationCompleted,
    OperationStarted,
)
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingRecorded, FindingShared, FindingWithheld
from samsyn_contracts.inspections import InspectionProposed
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    NotificationAcknowledged,
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
from samsyn_contracts.periods import AnnualTargetSet
from samsyn_contracts.platform import TimePassed

from samsyn_reporting.domain.accounts import fact_of
from samsyn_reporting.domain.acknowledgements import acknowledgement_of
from samsyn_reporting.domain.carried_out import break_off_of, ending_of, hand_in_of, start_of
from samsyn_reporting.domain.evaluations import evaluation_of
from samsyn_reporting.domain.findings import disclosure_of, finding_of
from samsyn_reporting.domain.hours import offer_of
from samsyn_reporting.domain.losses import loss_of, taken_back_of
from samsyn_reporting.domain.targets import day_ended, news, target_of
from samsyn_reporting.domain.units import proposal_of
from samsyn_reporting.store import Store

TOPICS = (PLANNING, INSPECTION, ADMITTED)


async def on_operation_scheduled(scheduled: OperationScheduled, envelope: Envelope, store: Store) -> None:
    """The operation is planned; if it waited for an occasion, it has one."""
    store.keep(fact_of(scheduled, envelope))


async def on_operation_confirmed(confirmed: OperationConfirmed, envelope: Envelope, store: Store) -> None:
    """The operation takes place; if it waited for an occasion, it has one."""
    store.keep(fact_of(confirmed, envelope))


async def on_operation_rescheduled(rescheduled: OperationRescheduled, envelope: Envelope, store: Store) -> None:
    """The operation is rescued, by the ladder's step, from each of the causes."""
    store.keep(fact_of(rescheduled, envelope))


async def on_operation_postponed(postponed: OperationPostponed, envelope: Envelope, store: Store) -> None:
    """The operation waits for an occasion, for each of the causes."""
    store.keep(fact_of(postponed, envelope))


async def on_operation_cancelled(cancelled: OperationCancelled, envelope: Envelope, store: Store) -> None:
    """The operation is lost, for each of the causes."""
    store.keep(fact_of(cancelled, envelope))


async def on_police_cancelled(cancelled: PoliceCancelled, envelope: Envelope, store: Store) -> None:
    """A police session is lost, whole or in part."""
    store.keep(loss_of(cancelled, envelope))


async def on_police_cancellation_retracted(
    retracted: PoliceCancellationRetracted, envelope: Envelope, store: Store
) -> None:
    """A loss was a mistake."""
    store.keep(taken_back_of(retracted, envelope))


async def on_police_loss_reported(reported: PoliceLossReported, envelope: Envelope, store: Store) -> None:
    """A loss was told by phone."""
    store.keep(loss_of(reported, envelope))


async def on_police_declined(declined: PoliceDeclined, envelope: Envelope, store: Store) -> None:
    """The police could not take an operation."""
    store.keep(loss_of(declined, envelope))


async def on_capacity_withdrawn(withdrawn: CapacityWithdrawn, envelope: Envelope, store: Store) -> None:
    """A capacity offered is lost."""
    store.keep(loss_of(withdrawn, envelope))


async def on_participation_withdrawn(withdrawn: ParticipationWithdrawn, envelope: Envelope, store: Store) -> None:
    """A participant is lost."""
    store.keep(loss_of(withdrawn, envelope))


async def on_participation_declined(declined: ParticipationDeclined, envelope: Envelope, store: Store) -> None:
    """An agency asked did not take part."""
    store.keep(loss_of(declined, envelope))


async def on_capacity_offered(offered: CapacityOffered, envelope: Envelope, store: Store) -> None:
    """So many people are a capacity."""
    store.keep(offer_of(offered, envelope))


async def on_inspection_proposed(proposed: InspectionProposed, envelope: Envelope, store: Store) -> None:
    """That site and company an inspection is of."""
    store.keep(proposal_of(proposed, envelope))


async def on_notification_acknowledged(
    acknowledged: NotificationAcknowledged, envelope: Envelope, store: Store
) -> None:
    """An agency has seen what it was told."""
    store.keep(acknowledgement_of(acknowledged, envelope))


async def on_operation_started(started: OperationStarted, envelope: Envelope, store: Store) -> None:
    """An operation has begun."""
    store.keep(start_of(started, envelope))


async def on_inspection_completed(completed: InspectionCompleted, envelope: Envelope, store: Store) -> None:
    """An agency has handed in."""
    store.keep(hand_in_of(completed, envelope))


async def on_inspection_suspended(suspended: InspectionSuspended, envelope: Envelope, store: Store) -> None:
    """An operation was broken off; what is left of it goes back to the list."""
    store.keep(break_off_of(suspended, envelope))


async def on_operation_aborted(aborted: OperationAborted, envelope: Envelope, store: Store) -> None:
    """An operation was given up; what is left of it goes back to the list."""
    store.keep(break_off_of(aborted, envelope))


async def on_operation_completed(completed: OperationCompleted, envelope: Envelope, store: Store) -> None:
    """An operation is over."""
    store.keep(ending_of(completed, envelope))


async def on_finding_recorded(recorded: FindingRecorded, envelope: Envelope, store: Store) -> None:
    """Something was found."""
    store.keep(finding_of(recorded, envelope))


async def on_finding_shared(shared: FindingShared, envelope: Envelope, store: Store) -> None:
    """A receiver got a finding."""
    store.keep(disclosure_of(shared, envelope))


async def on_finding_withheld(withheld: FindingWithheld, envelope: Envelope, store: Store) -> None:
    """A receiver did not get a finding."""
    store.keep(disclosure_of(withheld, envelope))


async def on_evaluation_submitted(submitted: EvaluationSubmitted, envelope: Envelope, store: Store) -> None:
    """An agency has told how an operation went."""
    store.keep(evaluation_of(submitted, envelope))


async def on_annual_target_set(target: AnnualTargetSet, envelope: Envelope, store: Store) -> None:
    """A centre means to reach so many in a year."""
    store.keep(target_of(target, envelope))


async def on_time_passed(passed: TimePassed, envelope: Envelope, store: Store) -> None:
    """Where a day has ended: say how far the centre has come, as far as that is news."""
    so_far = await store.said_so_far(envelope.centre)
    if (day := day_ended(passed.until, so_far)) is not None:
        await store.say(news(await store.standing(envelope.centre, day), so_far), envelope)


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
    CapacityOffered: on_capacity_offered,
    InspectionProposed: on_inspection_proposed,
    NotificationAcknowledged: on_notification_acknowledged,
    OperationStarted: on_operation_started,
    InspectionCompleted: on_inspection_completed,
    InspectionSuspended: on_inspection_suspended,
    OperationAborted: on_operation_aborted,
    OperationCompleted: on_operation_completed,
    FindingRecorded: on_finding_recorded,
    FindingShared: on_finding_shared,
    FindingWithheld: on_finding_withheld,
    EvaluationSubmitted: on_evaluation_submitted,
    AnnualTargetSet: on_annual_target_set,
    TimePassed: on_time_passed,
}
# What a rebuild reads: the figures of days that have ended were said then, and are not said anew.
KEEPING = {kind: handler for kind, handler in HANDLERS.items() if kind is not TimePassed}
