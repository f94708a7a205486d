"""Facts as they are kept when messages are heard, and the ledger that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from samsyn_contracts.audience import audience_of
from samsyn_contracts.capacity import CapacityOffered, PoliceCancellationRetracted
from samsyn_contracts.carrying_out import (
    EvaluationSubmitted,
    InspectionCompleted,
    InspectionSuspended,
    OperationAborted,
    OperationCompleted,
    OperationStarted,
)
from samsyn_contracts.envelope import service_source
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
)
from samsyn_contracts.periods import AnnualTargetSet
from samsyn_reporting.domain.accounts import fact_of
from samsyn_reporting.domain.acknowledgements import acknowledgement_of
from samsyn_reporting.domain.carried_out import break_off_of, ending_of, hand_in_of, start_of
from samsyn_reporting.domain.evaluations import evaluation_of
from samsyn_reporting.domain.findings import disclosure_of, finding_of
from samsyn_reporting.domain.hours import offer_of
from samsyn_reporting.domain.ledger import Ledger, Period, Totals, known_from, ledger_of
from samsyn_reporting.domain.losses import loss_of, taken_back_of
from samsyn_reporting.domain.targets import target_of
from samsyn_reporting.domain.told import Told
from samsyn_reporting.domain.units import proposal_of

from tests.support.told_days import proposed
from tests.support.told_operations import CAUSE, CENTRE, START_AT, envelope, police_cancelled

PLANS = (OperationScheduled, OperationConfirmed, OperationRescheduled, OperationPostponed, OperationCancelled)
FACT_OF: Mapping[type[Message], Callable[[Any, Any], Told]] = {
    **dict.fromkeys(PLANS, fact_of),
    CapacityOffered: offer_of,
    InspectionProposed: proposal_of,
    PoliceCancellationRetracted: taken_back_of,
    NotificationAcknowledged: acknowledgement_of,
    OperationStarted: start_of,
    InspectionCompleted: hand_in_of,
    InspectionSuspended: break_off_of,
    OperationAborted: break_off_of,
    OperationCompleted: ending_of,
    FindingRecorded: finding_of,
    FindingShared: disclosure_of,
    FindingWithheld: disclosure_of,
    EvaluationSubmitted: evaluation_of,
    AnnualTargetSet: target_of,
}
MAY = Period(centres=frozenset({CENTRE}), from_at=START_AT - timedelta(days=11), until_at=START_AT + timedelta(days=20))
SAID_AT = START_AT - timedelta(days=7)


def heard(
    message: Message,
    id_: str,
    *,
    party: str | None = None,
    centre: str = CENTRE,
    at: datetime = SAID_AT,
    sequence: int | None = None,
) -> Told:
    """The fact that a message tells; said by the owner of the thing, by a party that is named, or by a service."""
    said_by = audience_of(type(message)).said_by
    named = envelope(message, id_, party=party or message.owner, centre=centre, at=at)
    source = service_source(said_by) if said_by and not party else named.source
    told = named.model_copy(update={"source": source, "sequence": sequence})
    return FACT_OF.get(type(message), loss_of)(message, told)


def heard_in_order(*messages: Message) -> list[Told]:
    """Messages said one after another, a second apart."""
    return [
        heard(message, f"e{number}", at=SAID_AT + timedelta(seconds=number)) for number, message in enumerate(messages)
    ]


def proposed_before_upgrade(inspection_id: str, *, at: datetime = SAID_AT - timedelta(hours=1)) -> Told:
    """A proposal heard before its programme and its municipality were kept, as the migration leaves it."""
    told = heard(proposed(inspection_id), f"old-{inspection_id}", at=at)
    return told.model_copy(update={"programme": None, "municipality": None})


def a_loss(id_: str = CAUSE, cause_code: str = "disturbance") -> Told:
    """The police have cancelled the session that operations stand in."""
    return heard(police_cancelled(cause_code=cause_code), id_)


def ledger_from(facts: Iterable[Told], period: Period = MAY) -> Ledger:
    """The ledger of facts that are all that was heard."""
    return ledger_of(known_from(facts), period)


def totals_of(*messages: Message) -> Totals:
    """The totals after a loss and these messages."""
    return ledger_from([a_loss(), *heard_in_order(*messages)]).totals
