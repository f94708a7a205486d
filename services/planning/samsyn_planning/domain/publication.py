"""What a new plan version means for operations and participants: what changes, who is asked, who is released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from samsyn_contracts.message import Message
from samsyn_contracts.plans import PlanChange

from samsyn_planning.domain.announcements import (
    Publication,
    Replan,
    change_reasons,
    confirmation,
    dropped,
    request,
    rescheduled,
    scheduled,
    takes_part,
)
from samsyn_planning.domain.answers import guards
from samsyn_planning.domain.code_names import free_names
from samsyn_planning.domain.facts import Operation, Participation, Visit
from samsyn_planning.domain.ladder import ladder_step
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.stopped import stopped_in
from samsyn_planning.domain.underway import is_underway
from samsyn_planning.domain.waiting_for import Wait, waits

MOVED = frozenset({"moved_session", "postponed"})


def publish(replan: Replan, snapshot: Snapshot, used_names: Sequence[str], policy: Policy) -> Publication:
    """Apply a plan to a centre's operations."""
    told = replan.model_copy(
        update={"stopped": stopped_in(replan.problem, snapshot), "waits": _told_to_wait(replan, snapshot)}
    )
    press = _Press(told, snapshot, used_names, policy)
    for form in replan.plan["operations"]:
        press.set_operation(form)
    for operation in snapshot.operations:
        press.drop_unless_set(operation)
    return press.publication()


def _told_to_wait(replan: Replan, snapshot: Snapshot) -> tuple[Wait, ...]:
    """Waits that their participants have not heard of yet; of a session that is lost, nobody waits for its police."""
    without_police = {own.id for own in snapshot.capacities if own.is_police and own.is_lost}
    without_police |= {session["id"] for session in replan.problem["sessions"] if not session["police"]}
    begins = {operation.id: operation.start_at for operation in snapshot.operations}
    found = waits(snapshot.operations, snapshot, replan.now_at, without_police).values()
    return tuple(wait for wait in found if wait.from_at > begins[wait.operation_id])


class _Press:
    """Goes through the plan's operations one by one and collects what each means."""

    def __init__(self, replan: Replan, snapshot: Snapshot, used_names: Sequence[str], policy: Policy) -> None:
        self._replan, self._snapshot, self._policy = replan, snapshot, policy
        self._old = {operation.id: operation for operation in snapshot.operations}
        self._former = {operation.id: operation for operation in replan.former}
        self._sessions = {session["id"]: session for session in replan.problem["sessions"]}
        offers = (*replan.problem["sessions"], *replan.problem["team_sessions"])
        self._asking = frozenset(offer["id"] for offer in offers if offer["consent"] == "ask")
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
        standing = self._old.get(form["id"])
        if standing is not None and is_underway(standing, self._replan.now_at):
            self._operations[standing.id] = standing
            self._untouched += 1
            return
        old = standing or self._former.get(form["id"])
        new = self._placed_operation(form, old)
        self._operations[new.id] = new
        if new.status == "draft":
            return
        if old is not None and old.is_planned and old.is_announced and self._is_same(old, new):
            self._operations[new.id] = old
            self._untouched += 1
            return
        parts = self._parts_in(new, old)
        self._parts += parts
        self._tell(new, old, parts)

    def drop_unless_set(self, old: Operation) -> None:
        """What the plan no longer holds: a draft disappears, an announced operation waits or is cancelled."""
        if old.id in self._operations or old.status in ("past", "cancelled") or is_underway(old, self._replan.now_at):
            return
        waits = any(self._is_open(visit.id) for visit in old.visits)
        status = "postponed" if waits and old.is_announced else "cancelled"
        if old.status == status:
            return
        cause = old.lost_cause or self._replan.lost_cause_of(old.session_id)
        update = {"status": status, "plan_version": self._replan.version, "lost_cause": cause}
        self._operations[old.id] = old.model_copy(update=update)
        if old.is_announced:
            self._release(old, status)

    def _release(self, old: Operation, status: str) -> None:
        released = [part for part in self._snapshot.parts_of(old.id) if takes_part(part)]
        self._parts += [part.model_copy(update={"status": "released"}) for part in released]
        self._messages.append(dropped(old, status, released, self._replan))
        self._note_change(old, ("dropped",), status)

    def _placed_operation(self, form: Mapping[str, Any], old: Operation | None) -> Operation:
        slot = self._sessions[form["session"]]
        start_at = datetime.fromisoformat(slot["start_at"])
        is_near = start_at < self._replan.now_at + self._policy.published
        is_known = old is not None and old.is_announced
        return Operation(
            id=form["id"],
            centre=self._snapshot.centre.code,
            code_name=old.code_name if old is not None else next(self._names),
            status="scheduled" if is_near or is_known else "draft",
            session_id=form["session"],
            start_at=start_at,
            end_at=datetime.fromisoformat(slot["end_at"]),
            visits=tuple(Visit.model_validate(visit) for visit in form["inspections"]),
            teams=tuple(form["teams"]),
            needs_consent=tuple(form["needs_consent"]),
            plan_version=self._replan.version,
            moved_at=self._moved_at(form, start_at, old),
            sequences=old.sequences if old is not None else {},
            waits_until=self._waits_until(form["session"], start_at),
            risk=old.risk if old is not None else None,
        )

    def _waits_until(self, session_id: str, start_at: datetime) -> datetime | None:
        """When it begins, where that is later than its session could be used if nobody were late."""
        session = self._snapshot.capacity_by_id[session_id]
        return start_at if start_at > (session.offer.start_at if session.is_lost else session.span[0]) else None

    def _moved_at(self, form: Mapping[str, Any], start_at: datetime, old: Operation | None) -> datetime | None:
        """When its participants last heard of another occasion than they knew: now, or as before."""
        if old is None or not old.is_announced:
            return None
        is_kept = old.is_planned and (old.session_id, old.start_at) == (form["session"], start_at)
        return old.moved_at if is_kept else self._replan.now_at

    def _parts_in(self, new: Operation, old: Operation | None) -> list[Participation]:
        """Everybody's part: kept if answered for this session, else standing consent, else asked; others released."""
        has_police = self._sessions[new.session_id]["police"]
        taking = (*((new.session_id,) if has_police else ()), *new.teams)
        parts = [self._part(new, capacity_id) for capacity_id in taking]
        former = self._snapshot.parts_of(new.id) if old is not None else ()
        gone = [part for part in former if part.capacity_id not in taking and takes_part(part)]
        return parts + [part.model_copy(update={"status": "released"}) for part in gone]

    def _part(self, new: Operation, capacity_id: str) -> Participation:
        known = self._snapshot.part_by_key.get((new.id, capacity_id))
        if known is not None and known.session_id == new.session_id and takes_part(known):
            return known
        agreed = self._is_agreed(new, capacity_id, known)
        return Participation(
            operation_id=new.id,
            capacity_id=capacity_id,
            centre=new.centre,
            party=self._snapshot.capacity_by_id[capacity_id].party,
            session_id=new.session_id,
            status="accepted" if agreed else "invited",
            reply_by=None if agreed else self._reply_by(new),
            accepted_for=new.session_id if agreed else known.accepted_for if known is not None else None,
        )

    def _is_agreed(self, new: Operation, capacity_id: str, known: Participation | None) -> bool:
        """Standing consent, an answer or consent given before, or the very part that a mistake took away."""
        pair = [new.session_id, None if capacity_id == new.session_id else capacity_id]
        had_it = self._is_former(new) and known is not None and known.accepted_for == new.session_id
        return capacity_id not in self._asking or pair in self._replan.problem["consented"] or had_it

    def _reply_by(self, new: Operation) -> datetime:
        latest = max(new.start_at - self._policy.reply_before_start, self._replan.now_at + self._policy.decide)
        return min(self._replan.now_at + self._policy.reply, latest, new.start_at - self._policy.reply_at_least_before)

    def _tell(self, new: Operation, old: Operation | None, parts: Sequence[Participation]) -> None:
        taking = [part for part in parts if takes_part(part)]
        if old is None or not old.is_announced:
            self._messages.append(scheduled(new, taking, self._snapshot, self._replan))
            self._note_change(new, ("new",), None)
        else:
            step = self._step(new, old)
            self._messages.append(rescheduled(new, old, step, parts, self._snapshot, self._replan))
            self._note_change(new, self._replan.kinds_of(new.id), step)
        self._messages += self._requests(new, taking)
        self._confirm(new, taking)

    def _is_same(self, old: Operation, new: Operation) -> bool:
        return old.form == new.form and self._had_police(old) == self._sessions[new.session_id]["police"]

    def _is_former(self, new: Operation) -> bool:
        """Whether it stands as it did before a loss that was a mistake."""
        former = self._former.get(new.id)
        return former is not None and former.form == new.form

    def _had_police(self, old: Operation) -> bool:
        part = self._snapshot.part_by_key.get(old.police_key)
        return part is not None and part.status != "released"

    def _step(self, new: Operation, old: Operation) -> str:
        has_police, is_there = self._sessions[new.session_id]["police"], old.session_id == new.session_id
        stands_again = has_police and not self._had_police(old) and (old.form == new.form or not old.is_planned)
        if self._is_former(new) or (is_there and stands_again):
            return "restored"
        return ladder_step(self._kinds(new, old), old.start_at, new.start_at)

    def _kinds(self, new: Operation, old: Operation) -> frozenset[str]:
        """Kinds of a change for its participants, who may know of a later occasion than the planner was told."""
        kinds = frozenset(self._replan.kinds_of(new.id))
        if old.session_id != new.session_id or not kinds & MOVED:
            return kinds
        had, has = ({visit.id for visit in operation.visits} for operation in (old, new))
        return (kinds - MOVED) | {"shrunk" if had - has else "grown" if has - had else "reordered"}

    def _requests(self, new: Operation, taking: Sequence[Participation]) -> list[Message]:
        known = self._snapshot.part_by_key
        asked = [p for p in taking if p.status == "invited" and known.get((p.operation_id, p.capacity_id)) != p]
        officers = self._sessions[new.session_id]["officers"]
        return [request(new, part, officers, self._snapshot, self._replan) for part in asked]

    def _confirm(self, new: Operation, taking: Sequence[Participation]) -> None:
        has_police = self._sessions[new.session_id]["police"]
        results = guards(new, taking, self._snapshot, has_police)
        if results is not None:
            self._operations[new.id] = new.model_copy(update={"status": "confirmed"})
            self._messages.append(confirmation(new, taking, results, self._snapshot))

    def _note_change(self, operation: Operation, kinds: tuple[str, ...], step: str | None) -> None:
        change: dict[str, Any] = {
            "operation_id": operation.id,
            "code_name": operation.code_name,
            "kinds": kinds,
            "ladder_step": step,
            "reasons": change_reasons(operation.id, step, self._replan),
        }
        self._changes.append(PlanChange.model_validate(change))

    def _is_open(self, inspection_id: str) -> bool:
        """Whether an inspection still waits for an occasion."""
        wanted = self._snapshot.wanted_by_id.get(inspection_id)
        if wanted is None or wanted.is_withdrawn or wanted.is_done or inspection_id in self._placed:
            return False
        latest = max(window.until_at for window in wanted.proposal.time_windows)
        return latest > self._replan.now_at
