"""What a new plan version means for operations and participants: what changes, who is asked, who is told what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from samsyn_contracts.message import Message, Reason, Slot
from samsyn_contracts.operations import (
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

from samsyn_planning.domain.answers import guards
from samsyn_planning.domain.code_names import free_names
from samsyn_planning.domain.facts import Cause, Operation, Participation, Value, Visit
from samsyn_planning.domain.ladder import ladder_step
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.snapshot import Snapshot


class Replan(Value):
    """One answer to changed facts: why, from which version to which, and what the planner found."""

    id: str
    scope: str
    causes: tuple[Cause, ...]
    version: int
    now_at: datetime
    problem: dict[str, Any]
    plan: dict[str, Any]
    restores: bool = False


class Publication(Value):
    """Everything that one new plan version makes true and says."""

    operations: tuple[Operation, ...]
    participations: tuple[Participation, ...]
    messages: tuple[Message, ...]
    changes: tuple[PlanChange, ...]
    untouched_count: int


def publish(replan: Replan, snapshot: Snapshot, used_names: Sequence[str], policy: Policy) -> Publication:
    """Apply a plan to a centre's operations."""
    press = _Press(replan, snapshot, used_names, policy)
    for form in replan.plan["operations"]:
        press.set_operation(form)
    for operation in snapshot.operations:
        press.drop_unless_set(operation)
    return press.publication()


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
        cause_event_ids=tuple(cause.event_id for cause in replan.causes),
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


class _Press:
    """Goes through the plan's operations one by one and collects what each means."""

    def __init__(self, replan: Replan, snapshot: Snapshot, used_names: Sequence[str], policy: Policy) -> None:
        self._replan, self._snapshot, self._policy = replan, snapshot, policy
        self._old = {operation.id: operation for operation in snapshot.operations}
        self._change_by_id = {change["operation"]: change for change in replan.plan["changes"]}
        self._sessions = {session["id"]: session for session in replan.problem["sessions"]}
        self._names = iter(free_names(frozenset(used_names), len(replan.plan["operations"]) + 1))
        self._operations: dict[str, Operation] = {}
        self._parts: list[Participation] = []
        self._messages: list[Message] = []
        self._changes: list[PlanChange] = []
        self._untouched = 0
        self._placed = {visit["id"] for form in replan.plan["operations"] for visit in form["inspections"]}

    def publication(self) -> Publication:
        """All of it."""
        return Publication(
            operations=tuple(self._operations.values()),
            participations=tuple(self._parts),
            messages=tuple(self._messages),
            changes=tuple(self._changes),
            untouched_count=self._untouched,
        )

    def set_operation(self, form: Mapping[str, Any]) -> None:
        """Place one operation of the plan: announced, changed, or left alone."""
        old = self._old.get(form["id"])
        new = self._placed_operation(form, old)
        self._operations[new.id] = new
        if new.status == "draft":
            return
        if old is not None and old.is_announced and _same_form(old, new):
            self._operations[new.id] = old if old.status != "postponed" else new
            self._untouched += 1
            return
        parts = self._asked(new, old)
        self._parts += parts
        self._tell(new, old, parts)

    def drop_unless_set(self, old: Operation) -> None:
        """What the plan no longer holds: a draft disappears, an announced operation waits or is cancelled."""
        if old.id in self._operations or old.status in ("past", "cancelled"):
            return
        waits = any(self._is_open(visit.id) for visit in old.visits)
        status = "postponed" if waits and old.is_announced else "cancelled"
        if old.status == status:
            return
        change = self._change_by_id.get(old.id, {})
        cause = old.lost_cause or next(iter(change.get("causes", ())), None)
        update = {"status": status, "plan_version": self._replan.version, "lost_cause": cause}
        self._operations[old.id] = old.model_copy(update=update)
        if old.is_announced:
            self._release(old, status)

    def _release(self, old: Operation, status: str) -> None:
        released = sorted({_agency(part.party) for part in self._snapshot.parts_of(old.id) if _takes_part(part)})
        parts = self._snapshot.parts_of(old.id)
        self._parts += [part.model_copy(update={"status": "released"}) for part in parts if _takes_part(part)]
        told = OperationPostponed if status == "postponed" else OperationCancelled
        self._messages.append(
            told(
                operation_id=old.id,
                code_name=old.code_name,
                from_slot=old.slot,
                cause_code=self._cause_code(),
                cause_event_ids=self._cause_ids(),
                reasons=self._reasons(old.id),
                released=tuple(released),
                plan_version=self._replan.version,
                notice_minutes=self._notice(old),
            )
        )
        self._note_change(old, ("dropped",), status)

    def _placed_operation(self, form: Mapping[str, Any], old: Operation | None) -> Operation:
        session = self._snapshot.capacity_by_id[form["session"]]
        is_near = session.offer.start_at < self._replan.now_at + self._policy.published
        known = old is not None and old.status != "cancelled"
        announced = known and old is not None and old.is_announced
        slot = self._sessions[form["session"]]
        return Operation(
            id=form["id"],
            centre=self._snapshot.centre.code,
            code_name=old.code_name if old is not None else next(self._names),
            status="scheduled" if is_near or announced else "draft",
            session_id=form["session"],
            start_at=datetime.fromisoformat(slot["start_at"]),
            end_at=datetime.fromisoformat(slot["end_at"]),
            visits=tuple(Visit.model_validate(visit) for visit in form["inspections"]),
            teams=tuple(form["teams"]),
            needs_consent=tuple(form["needs_consent"]),
            plan_version=self._replan.version,
            sequences=old.sequences if old is not None else {},
        )

    def _asked(self, new: Operation, old: Operation | None) -> list[Participation]:
        """Everybody's part: kept if answered for this session, else standing consent, else asked."""
        parts = [self._part(new, capacity_id) for capacity_id in self._taking_part(new)]
        stay = {part.capacity_id for part in parts}
        former = self._snapshot.parts_of(new.id) if old is not None else ()
        gone = [
            p.model_copy(update={"status": "released"}) for p in former if p.capacity_id not in stay and _takes_part(p)
        ]
        return parts + gone

    def _taking_part(self, new: Operation) -> tuple[str, ...]:
        is_police = self._sessions[new.session_id]["police"]
        return (*((new.session_id,) if is_police else ()), *new.teams)

    def _part(self, new: Operation, capacity_id: str) -> Participation:
        known = self._snapshot.part_by_key.get((new.id, capacity_id))
        capacity = self._snapshot.capacity_by_id[capacity_id]
        pair = [new.session_id, None if capacity_id == new.session_id else capacity_id]
        answered = known is not None and known.session_id == new.session_id and known.status in ("accepted", "invited")
        if known is not None and answered:
            return known
        agreed = capacity.offer.consent.mode == "standing" or pair in self._replan.problem["consented"]
        if known is not None and self._replan.restores and known.accepted_for == new.session_id:
            agreed = True
        return Participation(
            operation_id=new.id,
            capacity_id=capacity_id,
            centre=new.centre,
            party=capacity.party,
            session_id=new.session_id,
            status="accepted" if agreed else "invited",
            reply_by=None if agreed else self._reply_by(new),
            accepted_for=new.session_id if agreed else None,
        )

    def _reply_by(self, new: Operation) -> datetime:
        latest = max(new.start_at - self._policy.reply_before_start, self._replan.now_at + self._policy.decide)
        return min(self._replan.now_at + self._policy.reply, latest, new.start_at - self._policy.reply_at_least_before)

    def _tell(self, new: Operation, old: Operation | None, parts: Sequence[Participation]) -> None:
        taking = [part for part in parts if _takes_part(part)]
        released = tuple(sorted({_agency(p.party) for p in parts} - {_agency(p.party) for p in taking}))
        if old is None or not old.is_announced:
            self._messages.append(self._scheduled(new, taking))
            self._note_change(new, ("new",), None)
        else:
            step = self._step(new, old)
            self._messages.append(self._rescheduled(new, old, step, taking, released))
            self._note_change(new, self._kinds(new.id), step)
        self._messages += self._requests(new, taking)
        self._confirm(new, taking)

    def _step(self, new: Operation, old: Operation) -> str:
        stands_again = old.status == "postponed" and old.session_id == new.session_id
        if self._replan.restores or stands_again:
            return "restored"
        return ladder_step(self._kinds(new.id), old.start_at, new.start_at)

    def _confirm(self, new: Operation, taking: Sequence[Participation]) -> None:
        is_police = self._sessions[new.session_id]["police"]
        results = guards(new, taking, self._snapshot.wanted_by_id, is_police)
        if results is None:
            return
        self._operations[new.id] = new.model_copy(update={"status": "confirmed"})
        self._messages.append(confirmation(new, taking, results, self._snapshot))

    def _scheduled(self, new: Operation, taking: Sequence[Participation]) -> OperationScheduled:
        return OperationScheduled(
            operation_id=new.id,
            code_name=new.code_name,
            slot=new.slot,
            participants=participants_of(taking),
            inspections=planned_inspections(new, self._snapshot),
            plan_version=self._replan.version,
            reasons=self._reasons(new.id),
        )

    def _rescheduled(
        self, new: Operation, old: Operation, step: str, taking: Sequence[Participation], released: tuple[str, ...]
    ) -> OperationRescheduled:
        return OperationRescheduled.model_validate(
            {
                "operation_id": new.id,
                "code_name": new.code_name,
                "from_slot": old.slot,
                "to_slot": new.slot,
                "ladder_step": step,
                "cause_event_ids": self._cause_ids(),
                "reasons": self._reasons(new.id),
                "participants": participants_of(taking),
                "inspections": planned_inspections(new, self._snapshot),
                "plan_version": self._replan.version,
                "notice_minutes": self._notice(new),
                "released": released,
            }
        )

    def _requests(self, new: Operation, taking: Sequence[Participation]) -> list[Message]:
        known = self._snapshot.part_by_key
        asked = [p for p in taking if p.status == "invited" and known.get((p.operation_id, p.capacity_id)) != p]
        return [self._request(new, part) for part in asked]

    def _request(self, new: Operation, part: Participation) -> Message:
        told: dict[str, Any] = {
            "operation_id": new.id,
            "code_name": new.code_name,
            "agency": _agency(part.party),
            "capacity_id": part.capacity_id,
            "slot": new.slot,
            "inspections": planned_inspections(new, self._snapshot),
            "reply_by": part.reply_by,
            "plan_version": self._replan.version,
        }
        if part.capacity_id == new.session_id:
            return PoliceRequested(**told, officers=self._sessions[new.session_id]["officers"])
        return ParticipationRequested(**told)

    def _note_change(self, operation: Operation, kinds: tuple[str, ...], step: str | None) -> None:
        change: dict[str, Any] = {
            "operation_id": operation.id,
            "code_name": operation.code_name,
            "kinds": kinds,
            "ladder_step": step,
            "reasons": self._reasons(operation.id),
        }
        self._changes.append(PlanChange.model_validate(change))

    def _kinds(self, operation_id: str) -> tuple[str, ...]:
        return tuple(self._change_by_id.get(operation_id, {}).get("kinds", ()))

    def _reasons(self, operation_id: str) -> tuple[Reason, ...]:
        rows = self._change_by_id.get(operation_id, {}).get("reasons", ())
        return tuple(Reason(code=row["code"], sv=row["sv"], en=row["en"]) for row in rows)

    def _cause_ids(self) -> tuple[str, ...]:
        return tuple(cause.event_id for cause in self._replan.causes)

    def _cause_code(self) -> str:
        return self._replan.causes[0].cause_code if self._replan.causes else "other"

    def _notice(self, operation: Operation) -> int:
        return int((operation.start_at - self._replan.now_at).total_seconds() // 60)

    def _is_open(self, inspection_id: str) -> bool:
        """Whether an inspection still waits for an occasion."""
        wanted = self._snapshot.wanted_by_id.get(inspection_id)
        if wanted is None or wanted.is_withdrawn or wanted.is_done or inspection_id in self._placed:
            return False
        latest = max(window.until_at for window in wanted.proposal.time_windows)
        return latest > self._replan.now_at


def confirmation(
    operation: Operation, taking: Sequence[Participation], results: Any, snapshot: Snapshot
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
                "agency": _agency(part.party),
                "role": part.party.partition("/")[2] or None,
                "capacity_id": part.capacity_id,
                "status": part.status,
            }
        )
        for part in parts
        if _takes_part(part)
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


def _same_form(old: Operation, new: Operation) -> bool:
    same_slot = (old.session_id, old.start_at, old.end_at) == (new.session_id, new.start_at, new.end_at)
    return same_slot and old.visits == new.visits and set(old.teams) == set(new.teams) and old.status != "postponed"


def _takes_part(part: Participation) -> bool:
    return part.status in ("invited", "accepted")


def _agency(party: str) -> str:
    return party.partition("/")[0]


def slot_of(session: Mapping[str, Any]) -> Slot:
    """The slot of a session of the problem."""
    return Slot.model_validate(
        {"session_id": session["id"], "start_at": session["start_at"], "end_at": session["end_at"]}
    )
