"""What follows when a centre decides about a plan proposed."""

from __future__ import annotations

from samsyn_contracts.plans import ReplanApproved, ReplanRejected

from samsyn_planning.domain.announcements import confirmation
from samsyn_planning.domain.answers import guards
from samsyn_planning.domain.facts import Decision, Proposal, refused
from samsyn_planning.domain.snapshot import Snapshot


def decide_proposal(proposal: Proposal | None, decided: ReplanApproved | ReplanRejected) -> Decision:
    """Approved: to be published as it was proposed. Rejected: the old plan stands."""
    if proposal is None or proposal.centre != decided.centre:
        return refused("unknown_id", "/replan_id")
    if proposal.status != "open":
        return refused("already_decided", "/replan_id")
    if isinstance(decided, ReplanRejected):
        return Decision(keep=(proposal.model_copy(update={"status": "rejected"}),))
    return Decision(keep=(proposal.model_copy(update={"status": "approved"}),), changed="loss", cause_code="approved")


def confirm(view: Snapshot | None) -> Decision:
    """Confirm an operation of which everybody's part is now settled; nothing follows while a guard is not met."""
    if view is None or view.operations[0].status != "scheduled":
        return Decision()
    operation = view.operations[0]
    police = view.capacity_by_id.get(operation.session_id)
    is_police = police is not None and police.is_police and not police.is_lost
    results = guards(operation, view.participations, view.wanted_by_id, is_police)
    if results is None:
        return Decision()
    confirmed = operation.model_copy(update={"status": "confirmed"})
    return Decision(keep=(confirmed,), say=(confirmation(confirmed, view.participations, results, view),))
