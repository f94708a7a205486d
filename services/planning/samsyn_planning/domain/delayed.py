"""What follows when a participant comes late: an operation that cannot do without it waits, and is planned so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from samsyn_contracts.carrying_out import ParticipantDelayed
from samsyn_contracts.envelope import Envelope

from samsyn_planning.domain.announcements import takes_part
from samsyn_planning.domain.capacity import is_older
from samsyn_planning.domain.facts import Capacity, Decision, Late, Operation, refused
from samsyn_planning.domain.parties import agency_of
from samsyn_planning.domain.pins import is_over
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.underway import is_underway
from samsyn_planning.domain.waiting_for import waits

CAUSE = "participant_delayed"
MINUTE = timedelta(minutes=1)


def note_delay(view: Snapshot | None, said: ParticipantDelayed, envelope: Envelope) -> Decision:
    """An agency comes later than the operation was to begin; its latest word holds.

    The plan is made anew at once where the operation waits longer for it than its participants know. One that has
    begun is left alone: those on the spot decide.
    """
    if view is None or view.centre.code != envelope.centre:
        return refused("unknown_id", "/operation_id")
    (operation,) = view.operations
    if is_older(operation.sequences.get(_subject(envelope)), envelope):
        return refused("superseded", "/headers/ce_sequence")
    if is_over(operation, view.centre):
        return refused("already_past", "/operation_id")
    own = _capacities_of(said.agency, operation, view)
    if not own:
        return refused("not_participant", "/operation_id")
    from_at = _whole_minute(said.arrives_at or operation.start_at + timedelta(minutes=said.minutes))
    if from_at >= min(operation.end_at, *(capacity.span[1] for capacity in own)):
        return refused("invalid_field", "/minutes" if said.arrives_at is None else "/arrives_at")
    heard = _with_number(operation, envelope)
    if is_underway(operation, _now(view, envelope)):
        return Decision(keep=heard)
    late = Late(operation_id=operation.id, from_at=from_at, said_by=envelope.id)
    kept = tuple(capacity.model_copy(update={"late": late}) for capacity in own)
    return Decision(keep=(*heard, *kept), changed=_changed(view, kept, operation, envelope), cause_code=CAUSE)


def _changed(
    view: Snapshot, kept: tuple[Capacity, ...], operation: Operation, envelope: Envelope
) -> Literal["loss", "period"] | None:
    """Urgent where its participants have to be told to wait; else the facts are others, and the plan may stand."""
    before = {capacity.id: capacity for capacity in view.capacities}
    if all(_from_at(before[one.id]) == _from_at(one) for one in kept):
        return None
    known = view.model_copy(update={"capacities": tuple({**before, **{one.id: one for one in kept}}.values())})
    wait = waits(known.operations, known, _now(view, envelope)).get(operation.session_id)
    return "loss" if wait is not None and wait.from_at > operation.start_at else "period"


def _capacities_of(agency: str, operation: Operation, view: Snapshot) -> list[Capacity]:
    """What of an agency takes part in the operation on the occasion of now."""
    parts = [part for part in view.participations if takes_part(part) and agency_of(part.party) == agency]
    called = {operation.session_id, *operation.teams} if operation.is_planned else set()
    ids = called & {part.capacity_id for part in parts}
    return [capacity for capacity in view.capacities if capacity.id in ids]


def _whole_minute(at: datetime) -> datetime:
    """The next whole minute: plans are in whole seconds, and nobody waits for parts of a minute."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + MINUTE


def _from_at(capacity: Capacity) -> datetime | None:
    return None if capacity.late is None else capacity.late.from_at


def _now(view: Snapshot, envelope: Envelope) -> datetime:
    said_at = envelope.receivedtime or envelope.time
    return max(said_at, view.centre.now_at or said_at)


def _subject(envelope: Envelope) -> str:
    return f"{envelope.source} delay"


def _with_number(operation: Operation, envelope: Envelope) -> tuple[Operation, ...]:
    """The operation with the number heard; nothing to keep where none was given."""
    if envelope.sequence is None:
        return ()
    sequences = {**operation.sequences, _subject(envelope): envelope.sequence}
    return (operation.model_copy(update={"sequences": sequences}),)
