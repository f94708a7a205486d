"""What Samsyn tells an adapter about one operation, for tests of what reaches the own system."""

from datetime import timedelta
from typing import Any

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message, Slot
from samsyn_contracts.operations import PlannedInspection

from tests.support.agency_worlds import MONDAY

START_AT = MONDAY + timedelta(days=7)
SLOT = Slot(session_id="polisen:p1", start_at=START_AT, end_at=START_AT + timedelta(hours=6))
PLANNED = PlannedInspection(
    inspection_id="skatteverket:i1",
    start_at=START_AT,
    end_at=START_AT + timedelta(hours=1),
    municipality="1480",
    police_need="wanted",
)
COMMON: dict[str, Any] = {"operation_id": "op:polisen:p1", "code_name": "Björk", "plan_version": 1}


def envelope_of(message: Message, event_id: str = "q1") -> Envelope:
    facts = {"id": event_id, "source": "urn:samsyn:service:planning", "type": message.type_name(), "time": MONDAY}
    return Envelope.model_validate(facts | {"centre": "akc-vast", "environment": "test"})
