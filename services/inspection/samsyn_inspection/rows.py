"""Which row keeps which value, and how it is read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from pydantic import TypeAdapter
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message

from samsyn_inspection.domain.plans import Plan, Told
from samsyn_inspection.domain.preparation import Preparation
from samsyn_inspection.domain.record import Record
from samsyn_inspection.domain.statements import Heard, Statement
from samsyn_inspection.tables import HeardRow, HeldRow, OperationRow

_PLANS = TypeAdapter(tuple[Plan, ...])
_PREPARATION = TypeAdapter(Preparation)
Row = dict[str, Any]


def operation_rows(record: Record) -> list[Row]:
    """The row of an operation; none while planning has not scheduled it."""
    if record.plan is None:
        return []
    row = {
        "operation_id": record.operation_id,
        "centre": record.centre,
        "life": record.life,
        "start_at": record.plan.start_at,
        "end_at": record.plan.end_at,
        "plans": _PLANS.dump_python(record.plans, mode="json"),
        "preparation": _PREPARATION.dump_python(record.preparation, mode="json", exclude_none=True),
        "look_at": record.preparation.look_at,
    }
    return [row]


def held_row(record: Record) -> Row | None:
    """The row of planning's words that are held; None where none is."""
    messages = [{"type": message.type_name(), "body": _body(message)} for message in record.held]
    return {"operation_id": record.operation_id, "centre": record.centre, "messages": messages} if messages else None


def heard_rows(record: Record) -> list[Row]:
    """A row for each statement."""
    waiting = {heard.key for heard in record.waiting}
    return [
        {
            "operation_id": record.operation_id,
            "centre": record.centre,
            "number": number,
            "at": heard.at,
            "is_held": heard.key in waiting,
            "expired": heard.expired,
            "envelope": heard.envelope.model_dump(mode="json", exclude_none=True),
            "body": _body(heard.message),
        }
        for number, heard in enumerate(record.heard)
    ]


def plans_of(row: OperationRow) -> tuple[Plan, ...]:
    """Planning's words that a row keeps."""
    return _PLANS.validate_python(row.plans)


def preparation_of(row: OperationRow) -> Preparation:
    """What was asked and told of an operation before its day, as a row keeps it."""
    return _PREPARATION.validate_python(row.preparation)


def held_of(row: HeldRow) -> tuple[Told, ...]:
    """Planning's words that are held."""
    return tuple(cast("Told", _message(kept["type"], kept["body"])) for kept in row.messages)


def heard_of(rows: Iterable[HeardRow]) -> tuple[Heard, ...]:
    """The statements that rows keep, in order."""
    return tuple(_heard(row) for row in sorted(rows, key=lambda row: row.number))


def changed_rows(before: Sequence[Row], after: Sequence[Row]) -> list[Row]:
    """The rows of `after` that are not in `before` as they are."""
    return [row for row in after if row not in before]


def _heard(row: HeardRow) -> Heard:
    envelope = Envelope.model_validate(row.envelope)
    return Heard(cast("Statement", _message(envelope.type, row.body)), envelope, row.at, row.expired)


def _message(type_name: str, body: Row) -> Message:
    return MESSAGES[type_name].model_validate(body)


def _body(message: Message) -> Row:
    return message.model_dump(mode="json", exclude_none=True)
