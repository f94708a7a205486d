"""Which question to ask the planner, and whether its answer may be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from samsyn_contracts.capacity import PoliceCancelled

from samsyn_planning.domain.facts import Capacity, Centre, Operation, Proposal, Question, Value
from samsyn_planning.domain.snapshot import Snapshot


class Task(Value):
    """What a centre's changed facts ask for: one question, and what is done with the answer."""

    question: Question
    publishes: bool
    scope: str
    approved: Proposal | None = None
    restores: bool = False


def is_due(centre: Centre) -> bool:
    """Whether the centre's plan is to be made anew now: a loss at once, the rest when facts have settled."""
    if centre.facts_version <= centre.planned_version or centre.now_at is None:
        return False
    if centre.mode == "off":
        return not centre.is_queue_told
    return centre.is_urgent or centre.due_at is None or centre.now_at >= centre.due_at


def task_of(snapshot: Snapshot, former: Sequence[Operation] | None) -> Task:
    """The question: consent given after a loss, any consent in ordinary planning; `former` stands again if given."""
    approved = next((p for p in snapshot.proposals if p.status == "approved"), None)
    if approved is not None:
        return Task(question=approved.question, publishes=True, scope="loss", approved=approved)
    publishes = snapshot.centre.mode == "auto"
    if former is not None:
        question = Question(consent="given", standing=tuple(former), holds_everything=True)
        return Task(question=question, publishes=publishes, scope="loss", restores=True)
    scope = "loss" if snapshot.centre.is_urgent else "period"
    return Task(question=Question(consent="given" if scope == "loss" else "any"), publishes=publishes, scope=scope)


def reported_losses(snapshot: Snapshot) -> tuple[str, ...]:
    """Police sessions said by phone to be lost, which nobody with the right to say so has confirmed."""
    return tuple(c.id for c in snapshot.capacities if c.reported_by is not None and not c.is_lost)


def has_unserved(plan: Mapping[str, Any]) -> bool:
    """Whether the plan leaves out inspections that stood in the one before."""
    kinds = {kind for change in plan["changes"] for kind in change["kinds"]}
    return bool(kinds & {"dropped", "shrunk"})


def operation_forms(plan: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What of a plan counts when two are held against each other."""
    return sorted(
        (o["id"], o["session"], tuple(v["id"] for v in o["inspections"]), tuple(sorted(o["teams"])))
        for o in plan["operations"]
    )


def take_responsibility(snapshot: Snapshot, approved: Proposal) -> tuple[Capacity, ...]:
    """Sessions that the centre, by approving, takes for lost on a phone call's word."""
    return tuple(
        capacity.model_copy(
            update={
                "loss": PoliceCancelled(capacity_id=capacity.id, cause_code="told_by_phone"),
                "loss_event": capacity.reported_by,
                "reported_by": None,
            }
        )
        for capacity in snapshot.capacities
        if capacity.id in approved.question.assumed_lost and capacity.loss is None
    )
