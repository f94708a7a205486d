"""What follows when a disturbance is told: it weighs where the risk of cancellation does, and starts no replan."""

from __future__ import annotations

from samsyn_contracts.capacity import DisturbanceReported
from samsyn_contracts.envelope import Envelope

from samsyn_planning.domain.capacity import is_older
from samsyn_planning.domain.facts import Decision, Disturbance, refused


def note_disturbance(known: Disturbance | None, reported: DisturbanceReported, envelope: Envelope) -> Decision:
    """Keep what was last told of it; it happened when it was first told to have."""
    if known is not None and known.centre != envelope.centre:
        return refused("unknown_id", "/headers/ce_centre")
    if known is not None and is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    told = Disturbance(
        id=reported.disturbance_id,
        centre=envelope.centre,
        severity=reported.severity,
        municipality=reported.municipality,
        at=envelope.time if known is None else known.at,
        sequence=envelope.sequence if envelope.sequence is not None or known is None else known.sequence,
    )
    return Decision(keep=(told,))
