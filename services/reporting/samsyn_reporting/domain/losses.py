"""What was taken back that a plan counted on, and which loss a cause in a plan stands for."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn_contracts.capacity import CapacityWithdrawn, PoliceCancellationRetracted, PoliceCancelled
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import (
    ParticipationDeclined,
    ParticipationWithdrawn,
    PoliceDeclined,
    PoliceLossReported,
)

from samsyn_reporting.domain.accounts import Account, Entry
from samsyn_reporting.domain.told import Told, said

LossMessage = (
    PoliceCancelled
    | PoliceLossReported
    | PoliceDeclined
    | CapacityWithdrawn
    | ParticipationWithdrawn
    | ParticipationDeclined
)


class Loss(Told):
    """Somebody took back, or turned out not to have, what a plan counted on: a capacity, of one operation or of all."""

    kind: str
    cause_code: str
    capacity_id: str | None
    operation_id: str | None

    def touches(self, account: Account) -> bool:
        """Whether it is about the operation or a capacity that ever was part of it."""
        parts = {part.capacity_id for fact in account.facts for part in fact.parts}
        return self.operation_id == account.operation.operation_id or self.capacity_id in parts


class TakenBack(Told):
    """A loss was a mistake, says who told of it."""

    cancelled_event_id: str


def loss_of(message: LossMessage, envelope: Envelope) -> Loss:
    """The loss that a party told of; who was told by phone of a loss knows no cause code."""
    match message:
        case PoliceCancelled():
            code = message.cause_code
        case PoliceLossReported():
            code = "not_stated"
        case _:
            code = message.reason_code
    about = {
        "kind": type(message).__name__,
        "cause_code": code,
        "capacity_id": getattr(message, "capacity_id", None),
        "operation_id": getattr(message, "operation_id", None),
    }
    return Loss.model_validate(said(envelope) | about)


def taken_back_of(message: PoliceCancellationRetracted, envelope: Envelope) -> TakenBack:
    """The loss that was none."""
    return TakenBack.model_validate(said(envelope) | {"cancelled_event_id": message.cancelled_event})


def loss_behind(entry: Entry, account: Account, losses: Iterable[Loss]) -> Loss | None:
    """The loss that an entry's cause stands for; None where the cause is something else.

    Plans name a cause by its event alone, and two parties may use one id: a loss of the entry's centre that touches
    the operation goes before one that does not, then the earliest.
    """
    named = [loss for loss in losses if loss.event_id == entry.cause_event_id and loss.centre == entry.centre]
    return min(named, key=lambda loss: (not loss.touches(account), loss.rank), default=None)
