"""What follows when a centre decides about a plan proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from samsyn_contracts.bus import MAX_EVENT_BYTES
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.plans import ConsentMissing, ReplanAlternative, ReplanApproved, ReplanProposed, ReplanRejected

from samsyn_planning.domain.alternatives import Beside, may_stand, with_edits
from samsyn_planning.domain.announcements import Publication, Replan, confirmation
from samsyn_planning.domain.answers import guards
from samsyn_planning.domain.facts import Decision, Operation, Proposal, Refusal, refused
from samsyn_planning.domain.planner import just_cancel
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.publication import publish
from samsyn_planning.domain.snapshot import Snapshot

# As long as those who should have decided are likely to come to work once.
MISSED_FOR = timedelta(hours=24)


def decide_proposal(
    proposal: Proposal | None, decided: ReplanApproved | ReplanRejected, envelope: Envelope
) -> Decision:
    """Approved: to be published as proposed, or as the alternative or the edits say. Rejected: the old plan stands."""
    if proposal is None or not proposal.centre == decided.centre == envelope.centre:
        return refused("unknown_id", "/replan_id")
    if proposal.status != "open":
        return refused("already_decided", "/replan_id")
    if isinstance(decided, ReplanRejected):
        return Decision(keep=(proposal.model_copy(update={"status": "rejected"}),))
    fault = _fault_of(proposal, decided)
    if fault is not None:
        return Decision(refuse=fault)
    return Decision(keep=(_approved(proposal, decided),), changed="loss", cause_code="approved")


def _fault_of(proposal: Proposal, decided: ReplanApproved) -> Refusal | None:
    """What of the choice the proposal does not have; it goes on waiting then."""
    if decided.alternative is not None and decided.alternative not in {one.kind for one in proposal.alternatives}:
        return Refusal(code="not_proposed", pointer="/alternative")
    edited = decided.alternative is None and decided.edits
    may = may_stand(proposal.plan, proposal.stands) if edited else ()
    wrong = (number for number, edit in enumerate(decided.edits) if edit.operation_id not in may)
    return next((Refusal(code="cannot_stand", pointer=f"/edits/{number}/operation_id") for number in wrong), None)


def _approved(proposal: Proposal, decided: ReplanApproved) -> Proposal:
    told: dict[str, object] = {"status": "approved", "by_function": decided.by_function}
    if decided.alternative is not None:
        chosen = next(one for one in proposal.alternatives if one.kind == decided.alternative)
        told |= {"alternative": chosen.kind, "question": chosen.question, "plan": chosen.plan}
    if decided.edits:
        let_stand = tuple(sorted({edit.operation_id for edit in decided.edits}))
        told |= {"let_stand": let_stand, "question": with_edits(proposal, let_stand)}
    return proposal.model_copy(update=told)


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


def consents_missing(plan: Mapping[str, Any]) -> tuple[ConsentMissing, ...]:
    """Uses of capacity in a plan whose owners have to be asked."""
    return tuple(
        ConsentMissing(operation_id=form["id"], capacity_id=capacity)
        for form in plan["operations"]
        for capacity in form["needs_consent"]
    )


def alternatives_told(
    ways: Beside, replan: Replan, gained: int, snapshot: Snapshot, used_names: Sequence[str], policy: Policy
) -> tuple[ReplanAlternative, ...]:
    """The other ways as they are told, ranked after the plan proposed; one that changes nothing is what rejecting is.

    Points are told as the proposal's own `gained`: against the old plan without the lost.
    """
    told: list[ReplanAlternative] = []
    for way in ways.ways:
        own = {"problem": way.posed.problem, "plan": way.alternative.plan, "let_go": way.posed.let_go}
        other = replan.model_copy(update=own)
        publication = publish(other, snapshot, used_names, policy)
        if publication.messages:
            told.append(
                ReplanAlternative(
                    rank=len(told) + 2,
                    kind=way.alternative.kind,
                    changes=publication.changes,
                    untouched_count=publication.untouched_count,
                    score_delta=gained + way.points - int(replan.plan["objective"]),
                    consents_missing=consents_missing(way.alternative.plan),
                )
            )
    return tuple(told)


def within_an_event(proposed: ReplanProposed) -> ReplanProposed:
    """Without the alternatives ranked last that make it larger than an event may be."""
    while proposed.alternatives and len(proposed.body()) > MAX_EVENT_BYTES:
        proposed = proposed.model_copy(update={"alternatives": proposed.alternatives[:-1]})
    return proposed


def gain(replan: Replan) -> int:
    """How many points better a plan is than the old one without the lost, which stands if nobody answers."""
    return int(replan.plan["objective"]) - int(just_cancel(replan.problem)["objective"])
