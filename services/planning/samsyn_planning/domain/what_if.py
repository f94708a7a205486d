"""What a centre wonders: which questions are taken, what problem they ask, and what its thought plan would mean."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.plans import PlanChange, WhatIfAnswered, WhatIfAsked

from samsyn_planning.domain.announcements import Publication, Replan
from samsyn_planning.domain.facts import Capacity, Cause, Centre, Decision, Operation, Question, Value, refused
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.publication import publish
from samsyn_planning.domain.restating import ASSUMED
from samsyn_planning.domain.said import Said
from samsyn_planning.domain.snapshot import Snapshot

# How many questions of one centre may wait: each costs a solve, and nobody weighs more thoughts at a time.
MOST_OPEN = 5
# What reasons call the loss that has not happened.
ONLY_A_THOUGHT = Said("tänkt bortfall", "assumed loss")
GIVEN = Question(consent="given")


class WhatIf(Value):
    """A question of a centre's, kept when it is answered too: said again it has no second answer."""

    id: str
    centre: str
    without: tuple[str, ...]
    status: Literal["open", "answered"]
    asked_at: datetime
    cause: Cause


def ask_what_if(
    known: WhatIf | None,
    capacities: Mapping[str, Capacity | None],
    num_open: int,
    asked: WhatIfAsked,
    centre: Centre,
    envelope: Envelope,
) -> Decision:
    """The question is kept; no fact changes. `capacities` are those named, by id, None where nobody offered it."""
    if not asked.owner == asked.centre == envelope.centre or centre.plan_version == 0:
        return refused("unknown_id", "/centre")
    if known is not None:
        return Decision() if known.without == _in_order(asked) else refused("already_decided", "/question_id")
    for number, capacity_id in enumerate(asked.without):
        code = _fault_of(capacities[capacity_id], centre)
        if code is not None:
            return refused(code, f"/without/{number}")
    if num_open >= MOST_OPEN:
        return refused("too_many_open", "/question_id")
    question = WhatIf(
        id=asked.question_id,
        centre=asked.centre,
        without=_in_order(asked),
        status="open",
        asked_at=envelope.receivedtime or envelope.time,
        cause=_cause(asked, envelope),
    )
    return Decision(keep=(question,))


def problem_of_thought(snapshot: Snapshot, question: WhatIf, policy: Policy) -> dict[str, Any]:
    """The problem as it would be if all of it were lost now, under consent given."""
    return problem_of(thought(snapshot, question.without), GIVEN, policy)


def thought(snapshot: Snapshot, without: Collection[str]) -> Snapshot:
    """The snapshot without some capacities: police as PoliceCancelled takes them whole, teams as withdrawn."""
    capacities = tuple(_taken_away(c) if c.id in without else c for c in snapshot.capacities)
    return Snapshot.model_validate({**dict(snapshot), "capacities": capacities})


def answer_of(
    question: WhatIf,
    snapshot: Snapshot,
    problem: dict[str, Any],
    plan: Mapping[str, Any],
    value_standing: int,
    used_names: Sequence[str],
    policy: Policy,
) -> WhatIfAnswered:
    """What the thought plan would change, as its publication would tell it; `value_standing` is today's, in points."""
    publication = _publication(question, snapshot, problem, plan, used_names, policy)
    standing = {o.id: o for o in snapshot.operations if o.is_planned and o.is_announced}
    after = standing | {o.id: o for o in publication.operations}
    changed = [change.operation_id for change in publication.changes if change.operation_id in standing]
    lost = [own for own in changed if not after[own].is_planned]
    return WhatIfAnswered(
        question_id=question.id,
        centre=question.centre,
        without=question.without,
        plan_version=snapshot.centre.plan_version,
        outcome="worked_out",
        changes=tuple(_named(change) for change in publication.changes),
        untouched_count=publication.untouched_count,
        kept_count=len(changed) - len(lost),
        lost_count=len(lost),
        returned_count=len(_visited(standing.values()) - _visited(o for o in after.values() if o.is_planned)),
        score_delta=int(plan["objective"]) - value_standing,
    )


def no_answer(question: WhatIf, centre: Centre) -> WhatIfAnswered:
    """That no plan without them could be made that the verifier accepts."""
    return WhatIfAnswered(
        question_id=question.id,
        centre=question.centre,
        without=question.without,
        plan_version=centre.plan_version,
        outcome="no_plan",
    )


def answered(question: WhatIf) -> WhatIf:
    """The question, with its answer told."""
    return question.model_copy(update={"status": "answered"})


def _fault_of(capacity: Capacity | None, centre: Centre) -> Literal["unknown_id", "already_past"] | None:
    if capacity is None or capacity.centre != centre.code:
        return "unknown_id"
    is_past = centre.now_at is not None and capacity.offer.end_at <= centre.now_at
    return "already_past" if is_past else None


def _in_order(asked: WhatIfAsked) -> tuple[str, ...]:
    return tuple(sorted(set(asked.without)))


def _cause(asked: WhatIfAsked, envelope: Envelope) -> Cause:
    return Cause(
        event_id=envelope.id,
        kind=type(asked).__name__,
        subject=asked.question_id,
        correlation_id=envelope.correlationid or envelope.id,
        traceparent=envelope.traceparent,
    )


def _taken_away(capacity: Capacity) -> Capacity:
    if not capacity.is_police:
        return capacity.model_copy(update={"gone_by": ASSUMED})
    loss = PoliceCancelled(capacity_id=capacity.id, cause_code="other")
    return capacity.model_copy(update={"loss": loss, "loss_event": ASSUMED, "reported_by": None})


def _publication(
    question: WhatIf,
    snapshot: Snapshot,
    problem: dict[str, Any],
    plan: Mapping[str, Any],
    used_names: Sequence[str],
    policy: Policy,
) -> Publication:
    """What would be published; nobody keeps it, and of its messages only the changes are told."""
    if snapshot.centre.now_at is None:
        raise ValueError(f"{question.centre} has no time yet")
    replan = Replan(
        id=f"replan:{question.centre}:0",
        scope="loss",
        causes=(),
        version=snapshot.centre.plan_version + 1,
        now_at=snapshot.centre.now_at,
        problem=problem,
        plan=dict(plan),
    )
    return publish(replan, thought(snapshot, question.without), used_names, policy)


def _named(change: PlanChange) -> PlanChange:
    """The change with a name for the loss that has not happened."""
    reasons = tuple(
        reason.model_copy(
            update={
                "sv": reason.sv.replace(ASSUMED, ONLY_A_THOUGHT.sv),
                "en": reason.en.replace(ASSUMED, ONLY_A_THOUGHT.en),
            }
        )
        for reason in change.reasons
    )
    return change.model_copy(update={"reasons": reasons})


def _visited(operations: Iterable[Operation]) -> set[str]:
    return {visit.id for operation in operations for visit in operation.visits}
