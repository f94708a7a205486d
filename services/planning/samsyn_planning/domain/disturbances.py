"""What follows when a disturbance is told, or its end: it lifts the risk of cancellation, and starts no replan."""

from __future__ import annotations

from samsyn_contracts.cancellation_risk import DisturbanceEnded
from samsyn_contracts.capacity import DisturbanceReported
from samsyn_contracts.envelope import Envelope

from samsyn_planning.domain.assessed_risk import due_now, may_lift
from samsyn_planning.domain.capacity import is_older
from samsyn_planning.domain.facts import Centre, Decision, Disturbance, refused


def note_disturbance(
    known: Disturbance | None, reported: DisturbanceReported, centre: Centre, envelope: Envelope
) -> Decision:
    """Keep what was last told of it; it happened when it was first told to have, and what has ended has ended."""
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
        sequence=_latest(known, envelope),
        expected_end_at=reported.expected_end_at,
        ended_at=None if known is None else known.ended_at,
    )
    return _kept(told, known, centre)


def end_disturbance(known: Disturbance | None, ended: DisturbanceEnded, centre: Centre, envelope: Envelope) -> Decision:
    """It is over, also if it is told of only later; what is told twice changes nothing. No police are back by it."""
    if known is not None and known.centre != envelope.centre:
        return refused("unknown_id", "/headers/ce_centre")
    if known is not None and is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    if known is None:
        told = Disturbance(
            id=ended.disturbance_id,
            centre=envelope.centre,
            severity="other",
            municipality=None,
            at=ended.ended_at,
            sequence=envelope.sequence,
            ended_at=ended.ended_at,
        )
    else:
        told = known.model_copy(update={"ended_at": ended.ended_at, "sequence": _latest(known, envelope)})
    return _kept(told, known, centre)


def _kept(told: Disturbance, known: Disturbance | None, centre: Centre) -> Decision:
    if told == known or centre.now_at is None or not may_lift(told, known):
        return Decision(keep=(told,))
    return Decision(keep=(told, due_now(centre)))


def _latest(known: Disturbance | None, envelope: Envelope) -> int | None:
    return envelope.sequence if envelope.sequence is not None or known is None else known.sequence
