"""An event of the chronicle as a row, and back."""

from __future__ import annotations

from dataclasses import fields

from samsyn_exchange.domain.chronicle import Entry
from samsyn_exchange.tables import ChronicleRow

COLUMNS = tuple(field.name for field in fields(Entry) if field.name != "number")


def row_of_entry(entry: Entry) -> dict[str, object]:
    """The values of its row, but for the number, which the database gives."""
    return {**{name: getattr(entry, name) for name in COLUMNS}, "causes": list(entry.causes)}


def entry_of_row(row: ChronicleRow) -> Entry:
    """The event that a row keeps."""
    return Entry(
        number=row.number or 0,
        source=row.source,
        id=row.id,
        name=row.name,
        centre=row.centre,
        subject=row.subject,
        operation_id=row.operation_id,
        said_at=row.said_at,
        received_at=row.received_at,
        causation=row.causation,
        correlation=row.correlation,
        causes=tuple(row.causes),
        trace_id=row.trace_id,
        body=row.body,
    )
