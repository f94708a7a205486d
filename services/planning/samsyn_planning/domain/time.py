"""What follows when time has passed: replies overdue, decisions expired, operations past, a planning day begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from samsyn_planning.domain.facts import Capacity, Centre, Decision, Operation, Participation, Proposal, Value, Wanted
from samsyn_planning.domain.ladder import STOCKHOLM
from samsyn_planning.domain.on_the_spot import done_in
from samsyn_planning.domain.policy import Policy


class Ended(Value):
    """An operation whose session is over: its inspections, its police session and the police's part in it."""

    operation: Operation
    wanted: tuple[Wanted, ...]
    police: Capacity | None = None
    part: Participation | None = None

    @property
    def took_place(self) -> bool:
        """Confirmed, and not left without the police that it counted on; believed until those on the spot tell."""
        counted_on = self.part is None or self.part.status in ("invited", "accepted")
        is_without = self.police is not None and self.police.is_lost and counted_on
        return self.operation.status == "confirmed" and not is_without

    @property
    def done(self) -> list[Wanted]:
        """What is done for all one knows: neither given back nor already told of."""
        if not self.took_place or self.operation.is_over:
            return []
        visited = [one for one in self.wanted if one.id not in self.operation.given_back and not one.is_done]
        return [done_in(inspection, self.operation) for inspection in visited]


def pass_time(
    centre: Centre,
    until: datetime,
    overdue: Sequence[Participation],
    open_proposals: Sequence[Proposal],
    ended: Sequence[Ended],
    policy: Policy,
) -> Decision:
    """The centre's time moves on, never back; a planning day begins at the policy's hour."""
    kept: list[Value] = [_at(centre, until, policy)]
    kept += [part.model_copy(update={"status": "silent", "reply_by": None}) for part in overdue]
    kept += [p.model_copy(update={"status": "expired"}) for p in open_proposals if p.decide_by <= until]
    for one in ended:
        kept += [one.operation.model_copy(update={"status": "past"}), *one.done]  # what is not done stays on the list
    begun = kept[0] != centre and isinstance(kept[0], Centre) and kept[0].planned_day != centre.planned_day
    return Decision(keep=tuple(kept), changed="period" if overdue or begun else None, cause_code="no_reply")


def _at(centre: Centre, until: datetime, policy: Policy) -> Centre:
    now = until if centre.now_at is None else max(centre.now_at, until)
    local = now.astimezone(STOCKHOLM)
    day = local.date().isoformat()
    begins = day > centre.planned_day and local.hour >= policy.planning_hour
    return centre.model_copy(update={"now_at": now, "planned_day": day if begins else centre.planned_day})
