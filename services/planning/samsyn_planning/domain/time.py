"""What follows when time has passed: replies overdue, decisions expired, operations past, a planning day begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from samsyn_planning.domain.facts import Centre, Decision, Operation, Participation, Proposal, Value, Wanted
from samsyn_planning.domain.ladder import STOCKHOLM
from samsyn_planning.domain.policy import Policy


def pass_time(
    centre: Centre,
    until: datetime,
    overdue: Sequence[Participation],
    open_proposals: Sequence[Proposal],
    ended: Sequence[tuple[Operation, Sequence[Wanted]]],
    policy: Policy,
) -> Decision:
    """The centre's time moves on, never back; a planning day begins at the policy's hour."""
    kept: list[Value] = [_at(centre, until, policy)]
    kept += [part.model_copy(update={"status": "silent", "reply_by": None}) for part in overdue]
    kept += [p.model_copy(update={"status": "expired"}) for p in open_proposals if p.decide_by <= until]
    for operation, wanted in ended:
        kept.append(operation.model_copy(update={"status": "past"}))
        if operation.status == "confirmed":  # one never confirmed did not take place: its sites stay on the list
            kept += [inspection.model_copy(update={"is_done": True}) for inspection in wanted]
    begun = kept[0] != centre and isinstance(kept[0], Centre) and kept[0].planned_day != centre.planned_day
    return Decision(keep=tuple(kept), changed="period" if overdue or begun else None, cause_code="no_reply")


def _at(centre: Centre, until: datetime, policy: Policy) -> Centre:
    now = until if centre.now_at is None else max(centre.now_at, until)
    local = now.astimezone(STOCKHOLM)
    day = local.date().isoformat()
    begins = day > centre.planned_day and local.hour >= policy.planning_hour
    return centre.model_copy(update={"now_at": now, "planned_day": day if begins else centre.planned_day})
