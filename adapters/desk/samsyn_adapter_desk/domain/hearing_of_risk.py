"""What a centre hears of how likely its planned operations are to lose their police; no other party hears it."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn_contracts.cancellation_risk import CancellationRiskAssessed
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message

from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import Risk
from samsyn_adapter_desk.domain.known import Hearing, Known


def _assessed(message: CancellationRiskAssessed, envelope: Envelope, known: Known) -> Iterable[Card]:
    operation = known.operation(message.operation_id)
    if operation is not None:
        told = Risk(
            session_id=message.session_id,
            p=message.p,
            p_low=message.p_low,
            p_high=message.p_high,
            reasons=message.reasons,
        )
        yield operation.model_copy(update={"risk": told})


HEARD: dict[type[Message], Hearing] = {CancellationRiskAssessed: _assessed}
