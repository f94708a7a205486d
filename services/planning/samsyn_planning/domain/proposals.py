"""What follows when a centre decides about a plan proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.plans import ReplanApproved, ReplanRejected

from samsyn_planning.domain.announcements import Publication, Replan, confirmation
from samsyn_planning.domain.answers import guards
from samsyn_planning.domain.facts import Decision, Operation, Proposal, refused
from samsyn_planning.domain.planner import just_cancel
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.snapshot import Snapshot

# As long as those who should have decided are likely to come to work once.
MISSED_FOR = timedelta(hours=24)


def decide_proposal(
    proposal: Proposal | None, decided: ReplanApproved | ReplanRejected, envelope: Envelope
) -> Decision:
    """Approved: to be published as it was proposed. Rejected: the old plan stands."""
    if proposal is None or not proposal.centre == decided.centre == envelope.centre:
        return refused("unknown_id", "/replan_id")
    if proposal.status != "open":
        return refused("already_decided", "/replan_id")
    if isinstance(decided, ReplanRejected):
        return Decision(keep=(proposal.model_copy(update={"status": "rejected"}),))
    return Decision(keep=(proposal.model_copy(update={"status": "approved"}),), changed="loss", cause_code="approved")


def is_missed(status: str, decide_by: datetime, now_at: datetime) -> bool:
    """Whether nobody decided about a proposal in time, for a day after: then it is history."""
    is_over = status == "open" or (status == "expired" and now_at - decide_by < MISSED_FOR)
    return is_over and decide_by <= now_at


def confirm(view: Snapshot | None) -> Decision:
    """Confirm an operation of which everybody's part is now settled; nothing follows while a guard is not met."""
    if view is None or view.operations[0].status != "scheduled":
        return Decision()
    operation = view.operations[0]
    police, part = view.capacity_by_id.get(operation.session_id), view.part_by_key.get(operation.police_key)
    has_police = part is not None and part.status != "released"
    if has_police and (police is None or police.is_lost):
        return Decision()
    results = guards(operation, view.participations, view, has_police)
    if results is None:
        return Decision()
    confirmed = operation.model_copy(update={"status": "confirmed"})
    return Decision(keep=(confirmed,), say=(confirmation(confirmed, view.participations, results, view),))


def decide_by(publication: Publication, standing: Sequence[Operation], now_at: datetime, policy: Policy) -> datetime:
    """Until when the centre may decide: the usual time, but before the first operation touched starts."""
    touched = {change.operation_id for change in publication.changes}
    starts = [o.start_at for o in (*publication.operations, *standing) if o.id in touched and o.start_at > now_at]
    latest = min(starts, default=now_at + policy.decide) - policy.decided_before_start
    return min(now_at + policy.decide, max(latest, now_at + policy.shortest_decision))


def gain(replan: Replan) -> int:
    """How many points better a plan is than the old one without the lost, which stands if nobody answers."""
    return int(replan.plan["objective"]) - int(just_cancel(replan.problem)["objective"])
