"""What follows from inspections proposed, amended and withdrawn, and from interest and readiness declared."""

from __future__ import annotations

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.inspections import (
    InspectionAmended,
    InspectionProposed,
    InspectionWithdrawn,
    InterestDeclared,
    ReadinessDeclared,
)

from samsyn_planning.domain.capacity import is_older, party_of
from samsyn_planning.domain.facts import Capacity, Decision, Wanted, refused
from samsyn_planning.domain.policy import Policy


def propose_inspection(
    known: Wanted | None, same_id: Capacity | None, proposed: InspectionProposed, envelope: Envelope
) -> Decision:
    """A site joins the list of wanted inspections; its id is not that of a capacity."""
    if known is not None and known.centre != envelope.centre:
        return refused("unknown_id", "/headers/ce_centre")
    if same_id is not None:
        return refused("invalid_field", "/inspection_id")
    if known is not None and is_older(known.sequences.get(f"{envelope.source} proposal"), envelope):
        return refused("superseded", "/headers/ce_sequence")
    if proposed.site.position is None:
        return refused("missing_field", "/site/position")
    wanted = known or Wanted(
        id=proposed.inspection_id, centre=envelope.centre, party=party_of(envelope), proposal=proposed
    )
    return Decision(
        keep=(_heard(wanted, envelope, "proposal", proposal=proposed, is_withdrawn=False, withdrawn_by=None),),
        changed="period",
    )


def amend_inspection(known: Wanted | None, amended: InspectionAmended, envelope: Envelope) -> Decision:
    """What was said of a wanted inspection changes."""
    if known is None or known.centre != envelope.centre:
        return refused("unknown_id", "/inspection_id")
    if is_older(known.sequences.get(f"{envelope.source} proposal"), envelope):
        return refused("superseded", "/headers/ce_sequence")
    changes = {name: getattr(amended.changes, name) for name in amended.changes.model_fields_set}
    proposal = known.proposal.model_copy(update=changes)
    return Decision(keep=(_heard(known, envelope, "proposal", proposal=proposal),), changed="period")


def withdraw_inspection(known: Wanted | None, withdrawn: InspectionWithdrawn, envelope: Envelope) -> Decision:
    """The agency no longer wants it; an operation that had it is replanned."""
    if known is None or known.centre != envelope.centre:
        return refused("unknown_id", "/inspection_id")
    if is_older(known.sequences.get(f"{envelope.source} proposal"), envelope):
        return refused("superseded", "/headers/ce_sequence")
    kept = _heard(known, envelope, "proposal", is_withdrawn=True, withdrawn_by=envelope.id)
    return Decision(keep=(kept,), changed="loss", cause_code=withdrawn.reason_code)


def declare_interest(known: Wanted | None, declared: InterestDeclared, policy: Policy, envelope: Envelope) -> Decision:
    """How much an agency wants to take part; weighs at the next replan and starts none."""
    if known is None or known.centre != envelope.centre:
        return refused("unknown_id", "/inspection_id")
    if is_older(known.sequences.get(f"{envelope.source} interest"), envelope):
        return refused("superseded", "/headers/ce_sequence")
    points = _points(declared, policy)
    return Decision(
        keep=(_heard(known, envelope, "interest", interests={**known.interests, party_of(envelope): points}),)
    )


def declare_readiness(known: Wanted | None, declared: ReadinessDeclared, envelope: Envelope) -> Decision:
    """Whether an agency is prepared for a site."""
    if known is None or known.centre != envelope.centre:
        return refused("unknown_id", "/inspection_id")
    if is_older(known.sequences.get(f"{envelope.source} readiness"), envelope):
        return refused("superseded", "/headers/ce_sequence")
    ready = {**known.ready, party_of(envelope): declared.ready}
    return Decision(keep=(_heard(known, envelope, "readiness", ready=ready),))


def _points(declared: InterestDeclared, policy: Policy) -> int:
    points = {"low": policy.low_interest, "medium": policy.medium_interest, "high": policy.high_interest}
    return points[declared.interest]


def _heard(wanted: Wanted, envelope: Envelope, family: str, **changes: object) -> Wanted:
    if envelope.sequence is not None:
        changes["sequences"] = {**wanted.sequences, f"{envelope.source} {family}": envelope.sequence}
    return wanted.model_copy(update=changes)
