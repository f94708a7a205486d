"""What follows when an operation may be compromised: it is held, with all at its sites, until the centre lets go."""

from __future__ import annotations

from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.envelope import Envelope

from samsyn_planning.domain.capacity import is_older
from samsyn_planning.domain.compromise import Compromise
from samsyn_planning.domain.facts import Decision, refused
from samsyn_planning.domain.parties import agency_of
from samsyn_planning.domain.pins import is_over
from samsyn_planning.domain.snapshot import Snapshot

# How it is feared to be known is for those who take part; what the plan tells is that alone.
CAUSE = "site_compromised"


def hold_operation(
    view: Snapshot | None, known: Compromise | None, said: OperationCompromised, envelope: Envelope
) -> Decision:
    """Held by the word of whoever takes part, or of the centre; said again, by anybody, it changes nothing."""
    if view is None or view.centre.code != envelope.centre:
        return refused("unknown_id", "/operation_id")
    (operation,) = view.operations
    if envelope.party not in (*_concerned(view), envelope.centre):
        return refused("not_participant", "/operation_id")
    if known is not None and is_older(known.sequences.get(envelope.source), envelope):
        return refused("superseded", "/headers/ce_sequence")
    if is_over(operation, view.centre):
        return refused("already_past", "/operation_id")
    before = known if known is not None and known.is_held else None
    held = Compromise(
        id=operation.id,
        centre=operation.centre,
        code_name=operation.code_name,
        is_held=True,
        said_by=envelope.id if before is None else before.said_by,
        sites=_with(before.sites if before else (), {wanted.proposal.site.site_id for wanted in view.wanted}),
        inspections=_with(before.inspections if before else (), {visit.id for visit in operation.visits}),
        sequences=_heard(known, envelope),
    )
    is_new = before is None or _what(before) != _what(held)
    return Decision(keep=(held,), changed="period" if is_new else None, cause_code=CAUSE)


def clear_operation(known: Compromise | None, said: OperationCleared, envelope: Envelope) -> Decision:
    """The centre lets go, whatever has become of the operation meanwhile: what was held may be planned.

    Where nothing is held nothing follows: others may have heard of a fear that planning has refused.
    """
    if said.centre != envelope.centre:
        return refused("unknown_id", "/centre")
    if known is None:
        return Decision()
    if known.centre != envelope.centre:
        return refused("unknown_id", "/operation_id")
    if is_older(known.sequences.get(envelope.source), envelope):
        return refused("superseded", "/headers/ce_sequence")
    cleared = known.model_copy(update={"is_held": False, "sequences": _heard(known, envelope)})
    return Decision(keep=(cleared,), changed="period" if known.is_held else None, cause_code=said.reason_code)


def _what(held: Compromise) -> tuple[object, ...]:
    return held.code_name, held.sites, held.inspections


def _concerned(view: Snapshot) -> set[str]:
    """The agencies that take part, or did until the operation lost its occasion; not those who left it."""
    left = ("declined", "withdrawn", "released") if view.operations[0].is_planned else ("declined", "withdrawn")
    return {agency_of(part.party) for part in view.participations if part.status not in left}


def _with(before: tuple[str, ...], more: set[str]) -> tuple[str, ...]:
    return tuple(sorted({*before, *more}))


def _heard(known: Compromise | None, envelope: Envelope) -> dict[str, int]:
    before = {} if known is None else known.sequences
    return before if envelope.sequence is None else {**before, envelope.source: envelope.sequence}
