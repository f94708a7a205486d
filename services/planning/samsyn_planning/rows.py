"""Which row keeps which value."""

from __future__ import annotations

from typing import Any

from sqlmodel import SQLModel

from samsyn_planning.domain.facts import (
    Capacity,
    Centre,
    Consent,
    Operation,
    Participation,
    Proposal,
    Value,
    Wanted,
)
from samsyn_planning.tables import (
    CapacityRow,
    CentreRow,
    ConsentRow,
    OperationRow,
    ParticipationRow,
    ProposalRow,
    WantedRow,
)

TABLES: dict[type[Value], type[SQLModel]] = {
    Centre: CentreRow,
    Capacity: CapacityRow,
    Wanted: WantedRow,
    Operation: OperationRow,
    Participation: ParticipationRow,
    Consent: ConsentRow,
    Proposal: ProposalRow,
}
_SEARCHED: dict[type[Value], tuple[str, ...]] = {
    Centre: ("facts_version", "planned_version"),
    Capacity: ("id", "centre", "team"),
    Wanted: ("id", "centre", "is_done"),
    Operation: ("id", "centre", "status", "end_at", "code_name"),
    Participation: ("operation_id", "capacity_id", "centre", "status", "reply_by"),
    Consent: ("id", "centre"),
    Proposal: ("id", "centre", "status"),
}


def key_of(value: Value) -> tuple[str, ...]:
    """The primary key of a value."""
    if isinstance(value, Participation):
        return (value.operation_id, value.capacity_id)
    if isinstance(value, Centre):
        return (value.code,)
    if isinstance(value, Capacity | Wanted | Operation | Consent | Proposal):
        return (value.id,)
    raise TypeError(type(value).__name__)


def row_of(value: Value) -> dict[str, Any]:
    """The columns of a value's row."""
    row = {name: getattr(value, name) for name in _SEARCHED[type(value)]}
    if isinstance(value, Centre):
        row["id"] = value.code
    return {**row, "value": value.model_dump(mode="json")}
