"""How a centre's facts move ahead of its plan, and which causes are kept for the plan that answers them."""

from __future__ import annotations

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.platform import TimePassed

from samsyn_planning.domain.facts import Cause, Centre, Decision
from samsyn_planning.domain.policy import Policy

TIME = TimePassed.type_name()
MAX_CAUSES = 50


def change(centre: Centre, decision: Decision, envelope: Envelope, traceparent: str | None, policy: Policy) -> Centre:
    """The plan is no longer that of the facts; a loss is urgent, the rest settles first."""
    cause = Cause(
        event_id=envelope.id,
        kind=envelope.type.split(".")[-2],
        subject=envelope.subject or "",
        cause_code=decision.cause_code,
        correlation_id=envelope.correlationid or envelope.id,
        is_urgent=decision.changed == "loss",
        traceparent=traceparent or envelope.traceparent,
    )
    now = max(filter(None, (centre.now_at, envelope.receivedtime or envelope.time)))
    due = now + policy.settle if centre.due_at is None else centre.due_at
    told = decision.changed == "loss" or envelope.type != TIME
    return centre.model_copy(
        update={
            "facts_version": centre.facts_version + 1,
            "now_at": now,
            "is_urgent": centre.is_urgent or decision.changed == "loss",
            "due_at": due if told else now,
            "causes": _kept((*centre.causes, cause)),
            "changed_by": cause.event_id,
        }
    )


def _kept(causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
    """Every loss, and the last of the rest: a first plan has thousands of causes, and nobody reads them."""
    others = tuple(cause for cause in causes if not cause.is_urgent)
    return (*(cause for cause in causes if cause.is_urgent), *others[-MAX_CAUSES:])
