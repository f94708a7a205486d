"""What follows from capacity offered, withdrawn, lost and restored."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn_contracts.capacity import (
    AutomationModeChanged,
    CapacityOffered,
    CapacityWithdrawn,
    ConsentGiven,
    ConsentRevoked,
    PoliceCancellationRetracted,
    PoliceCancelled,
    PoliceRestored,
)
from samsyn_contracts.envelope import Envelope

from samsyn_planning.domain.facts import Capacity, Centre, Consent, Decision, Refusal, Wanted, refused
from samsyn_planning.domain.parties import role_of


def party_of(envelope: Envelope) -> str:
    """The speaking party in its role: agency or agency/role."""
    return f"{envelope.party}/{envelope.actorrole}" if envelope.actorrole else envelope.party


def is_of_another(party: str, envelope: Envelope) -> bool:
    """Whether a department speaks of another's thing; one that was told without a department is the whole party's."""
    return role_of(party) is not None and envelope.actorrole not in (None, role_of(party))


def team_of(offered: CapacityOffered, envelope: Envelope) -> str:
    """The team, under its own party's name: two agencies may both have a "team-1"; empty for a police session."""
    return "" if offered.team is None else f"{party_of(envelope)}:{offered.team}"


def offer_capacity(
    known: Capacity | None,
    same_team: Sequence[Capacity],
    same_id: Wanted | None,
    offered: CapacityOffered,
    envelope: Envelope,
) -> Decision:
    """A new capacity, or new facts of a known one; overlapping time of one team is refused."""
    if known is not None and known.centre != envelope.centre:
        return refused("unknown_id", "/headers/ce_centre")
    if known is not None and is_of_another(known.party, envelope):
        return refused("not_owner", "/capacity_id")
    if known is not None and is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    if same_id is not None:
        return refused("invalid_field", "/capacity_id")
    if any(_overlaps(other, offered) for other in same_team):
        return refused("overlapping_capacity", "/start_at")
    capacity = Capacity(
        id=offered.capacity_id,
        centre=envelope.centre,
        party=party_of(envelope),
        team=team_of(offered, envelope),
        offer=offered,
        sequence=_latest(known, envelope),
    )
    if known is not None and known.gone_by is None:  # a figure corrected brings nothing lost back, nor anybody earlier
        lost = {"loss": known.loss, "loss_event": known.loss_event, "reported_by": known.reported_by}
        capacity = capacity.model_copy(update={**lost, "late": known.late})
    return Decision(keep=(capacity,), changed="period")


def withdraw_capacity(known: Capacity | None, withdrawn: CapacityWithdrawn, envelope: Envelope) -> Decision:
    """The capacity is gone; what used it is replanned."""
    if known is None or known.centre != envelope.centre:
        return refused("unknown_id", "/capacity_id")
    if is_of_another(known.party, envelope):
        return refused("not_owner", "/capacity_id")
    if is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    gone = known.model_copy(update={"gone_by": envelope.id, "sequence": _latest(known, envelope)})
    return Decision(keep=(gone,), changed="loss", cause_code=withdrawn.reason_code)


def cancel_police(known: Capacity | None, cancelled: PoliceCancelled, centre: Centre, envelope: Envelope) -> Decision:
    """The police lose a session, wholly or in part."""
    if known is None or not known.is_police or known.centre != envelope.centre:
        return refused("unknown_id", "/capacity_id")
    if is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    if centre.now_at is not None and known.offer.end_at <= centre.now_at:
        return refused("already_past", "/capacity_id")
    changes = {"loss": cancelled, "loss_event": envelope.id, "reported_by": None, "sequence": _latest(known, envelope)}
    return Decision(keep=(known.model_copy(update=changes),), changed="loss", cause_code=cancelled.cause_code)


def retract_cancellation(
    known: Capacity | None, retracted: PoliceCancellationRetracted, centre: Centre, envelope: Envelope
) -> Decision:
    """The cancellation was a mistake: the session is there as before."""
    if known is None or known.centre != envelope.centre:
        return refused("unknown_id", "/capacity_id")
    if is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    if known.loss_event != retracted.cancelled_event:
        return _too_early(known, "/cancelled_event", envelope)
    if centre.now_at is not None and known.offer.start_at <= centre.now_at:
        return refused("already_past", "/capacity_id")
    return Decision(keep=(_whole_again(known, envelope),), changed="loss", cause_code="retracted")


def restore_police(known: Capacity | None, restored: PoliceRestored, centre: Centre, envelope: Envelope) -> Decision:
    """The police can take the session after all; what was told by phone of its loss holds no longer either."""
    if known is None or known.centre != envelope.centre:
        return refused("unknown_id", "/capacity_id")
    if is_older(known.sequence, envelope):
        return refused("superseded", "/headers/ce_sequence")
    if known.loss is None and known.reported_by is None:
        return _too_early(known, "/capacity_id", envelope)
    if centre.now_at is not None and known.offer.start_at <= centre.now_at:
        return refused("already_past", "/capacity_id")
    code = "disturbance_over" if restored.disturbance_id else "police_back"
    return Decision(keep=(_whole_again(known, envelope),), changed="loss", cause_code=code)


def give_consent(given: ConsentGiven, envelope: Envelope) -> Decision:
    """Keep a consent given beforehand."""
    consent = Consent(id=given.consent_id, centre=envelope.centre, party=party_of(envelope), given=given)
    return Decision(keep=(consent,))


def revoke_consent(known: Consent | None, revoked: ConsentRevoked, envelope: Envelope) -> Decision:
    """The consent holds no longer; plans already published stand."""
    if known is None or known.centre != envelope.centre:
        return refused("unknown_id", f"/{revoked.subject_field}")
    if is_of_another(known.party, envelope):
        return refused("not_owner", f"/{revoked.subject_field}")
    return Decision(keep=(known.model_copy(update={"is_revoked": True}),))


def change_mode(centre: Centre, changed: AutomationModeChanged) -> Decision:
    """The centre switches automation; what was queued is taken up when it is on again."""
    if changed.centre != centre.code:
        return refused("unknown_id", "/centre")
    switched = centre.model_copy(update={"mode": changed.mode, "is_queue_told": False})
    return Decision(keep=(switched,), changed="loss" if changed.mode == "auto" else None, cause_code="mode_auto")


def is_older(known: int | None, envelope: Envelope) -> bool:
    """Whether the source has said something later about the same thing."""
    return known is not None and envelope.sequence is not None and envelope.sequence <= known


def _latest(known: Capacity | None, envelope: Envelope) -> int | None:
    """The highest number heard; a source that leaves it out once does not lose it."""
    if envelope.sequence is None:
        return None if known is None else known.sequence
    return envelope.sequence


def _too_early(known: Capacity, pointer: str, envelope: Envelope) -> Decision:
    """It takes back something not heard of: its number is noted, so that what it took back counts as superseded."""
    noted = known.model_copy(update={"sequence": _latest(known, envelope)})
    return Decision(keep=(noted,), refuse=Refusal(code="unknown_id", pointer=pointer))


def _whole_again(capacity: Capacity, envelope: Envelope) -> Capacity:
    nothing_lost = {"loss": None, "loss_event": None, "reported_by": None}
    return capacity.model_copy(update={**nothing_lost, "sequence": _latest(capacity, envelope)})


def _overlaps(other: Capacity, offered: CapacityOffered) -> bool:
    if other.id == offered.capacity_id or other.gone_by is not None or offered.unit != "team":
        return False
    group = offered.alternatives_group
    if group is not None and other.offer.alternatives_group == group:
        return False
    return other.offer.start_at < offered.end_at and offered.start_at < other.offer.end_at
