"""What follows when a centre pins an operation, so that no replan moves it unless it is hit, and lets go of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.plans import OperationPinned, OperationUnpinned

from samsyn_planning.domain.capacity import is_older
from samsyn_planning.domain.facts import Centre, Decision, Operation, Pin, refused


def pin_operation(
    operation: Operation | None,
    known: Pin | None,
    said: OperationPinned | OperationUnpinned,
    centre: Centre,
    envelope: Envelope,
) -> Decision:
    """Pinned or let go; the plan is made anew when that changes, for what is pinned is part of the question.

    Whatever occasion the operation has or is given is pinned: one that waits is pinned where it stands next.
    """
    if said.centre != envelope.centre:
        return refused("unknown_id", "/centre")
    if operation is None or operation.centre != envelope.centre:
        return refused("unknown_id", "/operation_id")
    if known is not None and is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    if is_over(operation, centre):
        return refused("already_past", "/operation_id")
    pin = Pin(
        id=operation.id,
        centre=operation.centre,
        code_name=operation.code_name,
        is_pinned=isinstance(said, OperationPinned),
        said_by=envelope.id,
        sequence=envelope.sequence if envelope.sequence is not None or known is None else known.sequence,
    )
    was_pinned = known is not None and _holds(known, operation)
    changed = "period" if pin.is_pinned != was_pinned else None
    return Decision(keep=(pin,), changed=changed, cause_code=said.reason_code)


def pinned_form(standing: Iterable[Operation], pins: Iterable[Pin]) -> dict[str, Any]:
    """The problem's `pinned`: what stands on a session and is pinned; nothing at all where nothing is."""
    by_id = {pin.id: pin for pin in pins}
    planned = [operation for operation in standing if operation.is_planned and operation.id in by_id]
    pinned = sorted(operation.id for operation in planned if _holds(by_id[operation.id], operation))
    return {"pinned": pinned} if pinned else {}


def _holds(pin: Pin, operation: Operation) -> bool:
    return pin.is_pinned and pin.code_name == operation.code_name


def is_over(operation: Operation, centre: Centre) -> bool:
    """Whether nothing can be said of its future any more: carried out, called off, or its session has ended."""
    has_ended = centre.now_at is not None and operation.end_at <= centre.now_at and operation.is_planned
    return operation.status in ("past", "cancelled") or operation.is_over or has_ended
