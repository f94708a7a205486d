"""What follows when a participant comes late: an operation that cannot do without it waits, and is planned so."""

from __future__ import annotations

from datetime import datetime, timedelta

from samsyn_contracts.carrying_out import ParticipantDelayed
from samsyn_contracts.envelope import Envelope

from samsyn_planning.domain.announcements import takes_part
from samsyn_planning.domain.capacity import is_older
from samsyn_planning.domain.delay import Delay, Late
from samsyn_planning.domain.facts import Decision, Operation, refused
from samsyn_planning.domain.parties import agency_of
from samsyn_planning.domain.pins import is_over
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.waiting_for import waits

CAUSE = "participant_delayed"


def note_delay(view: Snapshot | None, known: Delay | None, said: ParticipantDelayed, envelope: Envelope) -> Decision:
    """An agency comes later than the operation was to begin; its latest word holds.

    The plan is made anew at once where the operation waits for it, and not otherwise. One that has begun is left
    alone, and one that has told its participants to wait does not call them earlier again.
    """
    if view is None or view.centre.code != envelope.centre:
        return refused("unknown_id", "/operation_id")
    (operation,) = view.operations
    if known is not None and is_older(known.sequences.get(envelope.source), envelope):
        return refused("superseded", "/headers/ce_sequence")
    if is_over(operation, view.centre):
        return refused("already_past", "/operation_id")
    session = view.capacity_by_id.get(operation.session_id)
    if session is None or not operation.is_planned or not _takes_part(said.agency, view):
        return refused("not_participant", "/operation_id")
    from_at = said.arrives_at or operation.start_at + timedelta(minutes=said.minutes)
    if from_at >= session.span[1]:
        return refused("invalid_field", "/minutes" if said.arrives_at is None else "/arrives_at")
    late = Late(from_at=_not_earlier_than_told(from_at, known, said.agency, operation), said_by=envelope.id)
    noted = _with(known, operation, said.agency, late).model_copy(update={"sequences": _heard(known, envelope)})
    before, after = (waits(_knowing(view, delay), _now(view, envelope)).get(session.id) for delay in (known, noted))
    begins = [None if wait is None else (wait.from_at, wait.teams) for wait in (before, after)]
    return Decision(keep=(noted,), changed="loss" if begins[0] != begins[1] else None, cause_code=CAUSE)


def _takes_part(agency: str, view: Snapshot) -> bool:
    return any(agency_of(part.party) == agency and takes_part(part) for part in view.participations)


def _with(known: Delay | None, operation: Operation, agency: str, late: Late) -> Delay:
    """The delays of this occasion; those of an earlier one are forgotten."""
    before = known.late if known is not None and known.is_of(operation) else {}
    return Delay(
        id=operation.id,
        centre=operation.centre,
        code_name=operation.code_name,
        session_id=operation.session_id,
        late={**before, agency: late},
    )


def _not_earlier_than_told(from_at: datetime, known: Delay | None, agency: str, operation: Operation) -> datetime:
    """When it comes, or the hour that its participants have been told to wait until, where that is later."""
    before = known.late.get(agency) if known is not None and known.is_of(operation) else None
    is_told = before is not None and operation.start_at >= before.from_at
    return max(from_at, before.from_at) if before is not None and is_told else from_at


def _knowing(view: Snapshot, delay: Delay | None) -> Snapshot:
    return view.model_copy(update={"delays": () if delay is None else (delay,)})


def _now(view: Snapshot, envelope: Envelope) -> datetime:
    said_at = envelope.receivedtime or envelope.time
    return max(said_at, view.centre.now_at or said_at)


def _heard(known: Delay | None, envelope: Envelope) -> dict[str, int]:
    before = {} if known is None else known.sequences
    return before if envelope.sequence is None else {**before, envelope.source: envelope.sequence}
