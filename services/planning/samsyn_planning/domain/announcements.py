"""What planning says of a replan: the messages, built from values; who may read which field is the exchange's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import dropwhile
from typing import Any

from samsyn_contracts.message import Message, Reason
from samsyn_contracts.operations import (
    GuardResults,
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    Participant,
    ParticipationRequested,
    PlannedInspection,
    PoliceRequested,
)
from samsyn_contracts.plans import PlanChange, PlanPublished, ReplanStarted

from samsyn_planning.domain.facts import Cause, Operation, Participation, Value
from samsyn_planning.domain.ladder import called
from samsyn_planning.domain.letting_go import LetGo
from samsyn_planning.domain.own_reasons import STOPPED, own_reasons
from samsyn_planning.domain.parties import agency_of, role_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.soft_weights import weighed_reasons
from samsyn_planning.domain.waiting_for import Wait

MAX_NAMED = 20
BROKEN_BY_DELAYS = ("H2", "H7", "H8", "H9")
NO_EVENTS = ("no_reply", "unknown")  # causes in a problem that no event stands for


class Replan(Value):
    """One answer to changed facts: why, from which version to which, and what the planner found.

    `former` are the operations as they are to stand again where a loss was a mistake, empty otherwise. `let_go` is what
    could not be held, `chosen` why it is another plan than the planner's best; of what is `stopped` something is left
    out because it may be compromised, and what is in `waits` begins later because somebody comes late.
    """

    id: str
    scope: str
    causes: tuple[Cause, ...]
    version: int
    now_at: datetime
    problem: dict[str, Any]
    plan: dict[str, Any]
    former: tuple[Operation, ...] = ()
    let_go: tuple[LetGo, ...] = ()
    chosen: tuple[Reason, ...] = ()
    stopped: tuple[str, ...] = ()
    waits: tuple[Wait, ...] = ()

    def change_of(self, operation_id: str) -> Mapping[str, Any]:
        """What the planner says of an operation's change; empty if nothing."""
        return next((c for c in self.plan["changes"] if c["operation"] == operation_id), {})

    def kinds_of(self, operation_id: str) -> tuple[str, ...]:
        """Kinds of an operation's change."""
        return tuple(self.change_of(operation_id).get("kinds", ()))

    def reasons_of(self, operation_id: str) -> tuple[Reason, ...]:
        """Why an operation changes, in both languages."""
        rows = self.change_of(operation_id).get("reasons", ())
        return tuple(Reason(code=row["code"], sv=row["sv"], en=row["en"]) for row in rows)

    def lost_cause_of(self, lost_id: str) -> str | None:
        """The event that took a session, a team's shift or an inspection."""
        return next((row["cause"] for row in self.problem["lost"] if row["id"] == lost_id), None)

    def cause_events_of(self, operation_id: str) -> tuple[str, ...]:
        """The events behind an operation's change: those that took what its change names, else those of the replan."""
        change = self.change_of(operation_id)
        lost_ids = list(change.get("causes", ()))
        if "without_police" in self.kinds_of(
            operation_id
        ):  # as published but for the police: the planner names no cause
            lost_ids.append(change["to"]["session"])
        named = [self.lost_cause_of(own_id) for own_id in lost_ids]
        wait = self.wait_of(operation_id)
        named += () if wait is None else wait.said_by
        found = tuple(sorted({event for event in named if event is not None and event not in NO_EVENTS}))
        return found or tuple(cause.event_id for cause in self.told_causes[:MAX_NAMED])

    def wait_of(self, operation_id: str) -> Wait | None:
        """Its wait for somebody late, of which its participants have not heard."""
        return next((one for one in self.waits if one.operation_id == operation_id), None)

    def is_on(self, operation_id: str, session_id: str) -> bool:
        """Whether the plan has the operation on a session."""
        return any((o["id"], o["session"]) == (operation_id, session_id) for o in self.plan["operations"])

    @property
    def told_causes(self) -> tuple[Cause, ...]:
        """What set it off, losses first, in an order that does not hang on which of them came first."""
        return tuple(sorted(self.causes, key=lambda cause: (not cause.is_urgent, cause.event_id)))

    def notice_minutes(self, operation: Operation) -> int:
        """Minutes from now until an operation starts."""
        return int((operation.start_at - self.now_at).total_seconds() // 60)


class Publication(Value):
    """Everything that one new plan version makes true and says."""

    operations: tuple[Operation, ...]
    participations: tuple[Participation, ...]
    messages: tuple[Message, ...]
    changes: tuple[PlanChange, ...]
    untouched_count: int


def announcement(replan: Replan, publication: Publication, centre: str, hash_prev: str) -> PlanPublished:
    """PlanPublished of a publication; the hash covers the one before, the plan and its problem."""
    plan_hash = hash_of(hash_prev, replan.problem, replan.plan)
    return PlanPublished(
        centre=centre,
        plan_version=replan.version,
        previous_version=replan.version - 1,
        hash_prev=hash_prev,
        hash=plan_hash,
        replan_id=replan.id,
        cause_event_ids=tuple(cause.event_id for cause in replan.told_causes),
        changes=publication.changes,
        untouched_count=publication.untouched_count,
    )


def started(replan_id: str, scope: str, causes: Sequence[Cause], snapshot: Snapshot) -> ReplanStarted:
    """ReplanStarted, with what set it off."""
    return ReplanStarted.model_validate(
        {
            "replan_id": replan_id,
            "centre": snapshot.centre.code,
            "trigger_event_ids": tuple(cause.event_id for cause in causes),
            "base_plan_version": snapshot.centre.plan_version,
            "scope": scope,
        }
    )


def hash_of(hash_prev: str, problem: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the canonical JSON of problem and plan."""
    canonical = json.dumps([hash_prev, problem, plan], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def scheduled(
    new: Operation, taking: Sequence[Participation], snapshot: Snapshot, replan: Replan
) -> OperationScheduled:
    """OperationScheduled: an operation has its place in the published plan."""
    return OperationScheduled(
        operation_id=new.id,
        code_name=new.code_name,
        slot=new.slot,
        participants=participants_of(taking),
        inspections=planned_inspections(new, snapshot),
        plan_version=replan.version,
        reasons=(*replan.reasons_of(new.id), *_weighed(new, taking, replan)),
    )


def rescheduled(
    new: Operation, old: Operation, step: str, parts: Sequence[Participation], snapshot: Snapshot, replan: Replan
) -> OperationRescheduled:
    """OperationRescheduled: what changed, from when to when, why, and who no longer takes part."""
    return OperationRescheduled.model_validate(
        {
            "operation_id": new.id,
            "code_name": new.code_name,
            "from_slot": old.slot,
            "to_slot": new.slot,
            "ladder_step": step,
            "cause_event_ids": replan.cause_events_of(new.id),
            "reasons": (*change_reasons(new.id, step, replan), *_weighed(new, parts, replan)),
            "participants": participants_of(parts),
            "inspections": planned_inspections(new, snapshot),
            "plan_version": replan.version,
            "notice_minutes": replan.notice_minutes(new),
            "released": _no_longer(parts),
        }
    )


def change_reasons(operation_id: str, step: str | None, replan: Replan) -> tuple[Reason, ...]:
    """Why an operation is another one than before: what the planner says, which is silent on what it did not plan."""
    told = replan.reasons_of(operation_id) or own_reasons(step, is_mistake=bool(replan.former))
    let_go = tuple(one.reason for one in replan.let_go if one.operation_id == operation_id)
    first = (*let_go, STOPPED) if operation_id in replan.stopped else let_go
    if (wait := replan.wait_of(operation_id)) is not None:
        first += (wait.reason(stands=replan.is_on(operation_id, wait.session_id)),)
        told = _without_rules_broken(told)
    if step is None:
        return (*first, *told, *replan.chosen)
    # The planner knows a lost session by its first inspection alone: what the step is called is said from here.
    name = called(step)
    named = tuple(Reason(code=r.code, sv=name.sv, en=name.en) if r.code == "LADDER" else r for r in told)
    return (*first, *named, *replan.chosen)


def _without_rules_broken(told: Sequence[Reason]) -> tuple[Reason, ...]:
    """Without what comes first of an operation that is hit: the rules that it breaks, here because somebody is late."""
    return tuple(dropwhile(lambda reason: reason.code in BROKEN_BY_DELAYS, told))


def dropped(
    old: Operation, status: str, released: Sequence[Participation], replan: Replan
) -> OperationPostponed | OperationCancelled:
    """OperationPostponed or OperationCancelled, to those who took part."""
    told = OperationPostponed if status == "postponed" else OperationCancelled
    events = replan.cause_events_of(old.id)
    return told(
        operation_id=old.id,
        code_name=old.code_name,
        from_slot=old.slot,
        cause_code=next((cause.cause_code for cause in replan.told_causes if cause.event_id in events), "other"),
        cause_event_ids=events,
        reasons=change_reasons(old.id, status, replan),
        released=tuple(sorted({agency_of(part.party) for part in released})),
        plan_version=replan.version,
        notice_minutes=replan.notice_minutes(old),
    )


def request(new: Operation, part: Participation, officers: int, snapshot: Snapshot, replan: Replan) -> Message:
    """PoliceRequested or ParticipationRequested."""
    told: dict[str, Any] = {
        "operation_id": new.id,
        "code_name": new.code_name,
        "agency": agency_of(part.party),
        "capacity_id": part.capacity_id,
        "slot": new.slot,
        "inspections": planned_inspections(new, snapshot),
        "reply_by": part.reply_by,
        "plan_version": replan.version,
    }
    if part.capacity_id == new.session_id:
        return PoliceRequested(**told, officers=officers)
    return ParticipationRequested(**told, role=role_of(part.party))


def confirmation(
    operation: Operation, taking: Sequence[Participation], results: GuardResults, snapshot: Snapshot
) -> OperationConfirmed:
    """OperationConfirmed, for everybody who takes part."""
    return OperationConfirmed(
        operation_id=operation.id,
        code_name=operation.code_name,
        slot=operation.slot,
        participants=participants_of(taking),
        inspections=planned_inspections(operation, snapshot),
        guard_results=results,
        plan_version=operation.plan_version,
    )


def participants_of(parts: Sequence[Participation]) -> tuple[Participant, ...]:
    """Who takes part, invited or accepted, sorted."""
    rows = [
        Participant.model_validate(
            {
                "agency": agency_of(part.party),
                "role": role_of(part.party),
                "capacity_id": part.capacity_id,
                "status": part.status,
            }
        )
        for part in parts
        if takes_part(part)
    ]
    return tuple(sorted(rows, key=lambda row: (row.agency, row.capacity_id)))


def planned_inspections(operation: Operation, snapshot: Snapshot) -> tuple[PlannedInspection, ...]:
    """The operation's route, with the sites: who may see them is the exchange's to enforce."""
    rows = []
    for visit in operation.visits:
        proposal = snapshot.wanted_by_id[visit.id].proposal
        rows.append(
            PlannedInspection(
                inspection_id=visit.id,
                start_at=visit.start_at,
                end_at=visit.end_at,
                municipality=proposal.site.municipality,
                police_need=proposal.police_need,
                indications=proposal.indications,
                industry=proposal.site.industry,
                site=proposal.site,
            )
        )
    return tuple(rows)


def takes_part(part: Participation) -> bool:
    """Whether a part is still one: invited or accepted."""
    return part.status in ("invited", "accepted")


def _weighed(new: Operation, parts: Sequence[Participation], replan: Replan) -> tuple[Reason, ...]:
    return weighed_reasons(replan.problem, new.session_id, {part.party for part in parts if takes_part(part)})


def _no_longer(parts: Sequence[Participation]) -> tuple[str, ...]:
    taking = {agency_of(part.party) for part in parts if takes_part(part)}
    return tuple(sorted({agency_of(part.party) for part in parts} - taking))
