"""Backups: what would be published if an operation of the frozen part lost its police now, and while that holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.plans import AgreementMissing, BackupPlanInvalidated, BackupPlanPrepared

from samsyn_planning.domain.announcements import Replan
from samsyn_planning.domain.facts import Operation, Question, Value
from samsyn_planning.domain.parties import agency_of
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.publication import publish
from samsyn_planning.domain.restating import ASSUMED
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.stopped import compromised_operations
from samsyn_planning.domain.underway import is_underway
from samsyn_planning.domain.valid_until import READINESS_SECONDS, Crossing, valid_until

MOVES_WITH_TIME = ("now", "freeze_until", "no_new_team_before")
Outcome = Literal["used", "stale", "missing", "refused"]


class Backup(Value):
    """The answer to one operation's loss, kept; `likeness` tells which problem it answers, but for time and cause.

    `refused`: the verifier accepted nothing, and the loss is solved when it comes.
    """

    id: str
    centre: str
    session_id: str
    status: Literal["fresh", "stale", "refused"]
    facts_version: int
    plan_version: int
    likeness: str
    plan: dict[str, Any]
    valid_until: datetime
    expires_by: str
    made_at: datetime
    ladder_step: str = "unchanged"
    consent_missing: tuple[AgreementMissing, ...] = ()

    def holds_at(self, now: datetime) -> bool:
        """Whether it has not been found wrong, and time alone has not made it so."""
        return self.status == "fresh" and now < self.valid_until


class Review(Value):
    """What of a centre's backups holds, what does not, and the operations that need one, soonest first."""

    kept: tuple[Backup, ...]
    told: tuple[BackupPlanInvalidated, ...]
    gone: tuple[str, ...]
    wanting: tuple[Operation, ...]


def frozen_operations(snapshot: Snapshot, policy: Policy) -> list[Operation]:
    """Operations of the frozen part that have police to lose, soonest first; what may be compromised is not mended."""
    now, stopped = _now(snapshot), {o.id for o in compromised_operations(snapshot)}
    found = [
        o
        for o in snapshot.operations
        if is_in_frozen_part(o, now, policy) and not is_underway(o, now) and _has_police(o, snapshot)
        if o.id not in stopped
    ]
    return sorted(found, key=lambda o: (o.start_at, o.id))


def is_in_frozen_part(operation: Operation, now: datetime, policy: Policy) -> bool:
    """Whether it is announced and begins within the freeze horizon."""
    return operation.is_planned and operation.is_announced and operation.start_at < now + policy.frozen


def problem_without(snapshot: Snapshot, operation: Operation, policy: Policy) -> dict[str, Any]:
    """The problem as it would be if the police lost the operation's session now, under consent given."""
    return problem_of(losing(snapshot, operation.session_id), Question(consent="given"), policy)


def problem_with_everybody(snapshot: Snapshot, operation: Operation, policy: Policy) -> dict[str, Any]:
    """The same if everybody asked said yes, and every agency were ready for every site."""
    question = Question(consent="any", asks_to_go_without_police=True)
    problem = problem_of(losing(snapshot, operation.session_id), question, policy)
    return {**problem, "rules": {**problem["rules"], "readiness_seconds": 0}}


def losing(snapshot: Snapshot, session_id: str) -> Snapshot:
    """The snapshot if the police lost a session whole, as PoliceCancelled takes it."""
    loss = PoliceCancelled(capacity_id=session_id, cause_code="other")
    lost = {"loss": loss, "loss_event": ASSUMED, "reported_by": None}
    capacities = (c.model_copy(update=lost) if c.id == session_id else c for c in snapshot.capacities)
    return Snapshot.model_validate({**dict(snapshot), "capacities": tuple(capacities)})


def likeness(problem: Mapping[str, Any]) -> str:
    """Equal for two problems that say the same but for the time and for who took what is lost."""
    now = datetime.fromisoformat(problem["now"])
    ahead = [(datetime.fromisoformat(problem[field]) - now).total_seconds() for field in MOVES_WITH_TIME]
    asked = {field: value for field, value in problem.items() if field not in MOVES_WITH_TIME}
    lost = sorted(row["id"] for row in problem["lost"])
    text = json.dumps({**asked, "lost": lost, "ahead": ahead}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def holds_until(problem: Mapping[str, Any], operation: Operation, policy: Policy) -> Crossing:
    """Until when a backup holds by itself; no longer than to the operation's own start."""
    own = Crossing(operation.start_at, "started")
    return min(own, valid_until(problem, policy.rest_kept) or own)


def review(snapshot: Snapshot, backups: Iterable[Backup], policy: Policy) -> Review:
    """Hold each backup against the problem of today: told is what fails before its time, once."""
    known, now = {backup.id: backup for backup in backups}, _now(snapshot)
    kept, told, wanting = [], [], []
    operations = frozen_operations(snapshot, policy)
    for operation in operations:
        backup = known.get(operation.id)
        if backup is not None and _is_like(backup, problem_without(snapshot, operation, policy), now):
            kept.append(_of_today(backup, snapshot))
            continue
        wanting.append(operation)
        if backup is not None and backup.status == "fresh":
            kept.append(backup.model_copy(update={"status": "stale"}))
            told += _invalidated(backup, snapshot)
    gone = [known[own] for own in sorted(known.keys() - {o.id for o in operations})]
    told += [message for backup in gone for message in _invalidated(backup, snapshot)]
    return Review(
        kept=tuple(backup for backup in kept if backup != known[backup.id]),
        told=tuple(told),
        gone=tuple(backup.id for backup in gone),
        wanting=tuple(wanting),
    )


def chosen(
    backups: Iterable[Backup], problem: Mapping[str, Any], snapshot: Snapshot, policy: Policy
) -> tuple[Outcome | None, Backup | None]:
    """The backup for exactly the loss that is to be answered, or why there is none; None where none could be."""
    now, urgent = _now(snapshot), {cause.subject for cause in snapshot.centre.causes if cause.is_urgent}
    lost = urgent & {row["id"] for row in problem["lost"]}
    hit = [o for o in snapshot.operations if o.session_id in lost and is_in_frozen_part(o, now, policy)]
    if not hit or is_underway(hit[0], now):
        return None, None
    backup = next((b for b in backups if b.id == hit[0].id and b.status != "refused"), None)
    if backup is None or len(urgent) > 1:
        return "missing", None
    is_right = backup.holds_at(now) and backup.session_id in lost and _is_like(backup, problem, now)
    return ("used", backup) if is_right else ("stale", None)


def agreements_missing(
    problem: Mapping[str, Any], plan: Mapping[str, Any], snapshot: Snapshot
) -> tuple[AgreementMissing, ...]:
    """Whose consent or readiness a plan counts on that is not there: capacities asked, and sites not ready for.

    `problem` is the one that the plan answers (with sessions that only everybody's consent opens).
    """
    found = [missing for form in plan["operations"] for missing in _missing_in(form, problem, snapshot)]
    return tuple(sorted(found, key=lambda one: (one.kind, one.agency, one.capacity_id, one.inspection_id or "")))


def told_of(
    backup: Backup, operation: Operation, problem: dict[str, Any], value_loss: int, snapshot: Snapshot, policy: Policy
) -> tuple[Backup, BackupPlanPrepared]:
    """The backup with its step of the ladder, and what the centre is told of it."""
    replan = Replan(
        id=f"replan:{backup.centre}:0",
        scope="loss",
        causes=(),
        version=backup.plan_version + 1,
        now_at=backup.made_at,
        problem=problem,
        plan=backup.plan,
    )
    publication = publish(replan, losing(snapshot, backup.session_id), (), policy)
    step = next((c.ladder_step for c in publication.changes if c.operation_id == operation.id), None) or "unchanged"
    after = next((o for o in publication.operations if o.id == operation.id and o.is_planned), None)
    prepared = BackupPlanPrepared(
        operation_id=operation.id,
        centre=backup.centre,
        code_name=operation.code_name,
        against=backup.session_id,
        plan_version=backup.plan_version,
        ladder_step=step,
        to_slot=None if after is None else after.slot,
        consent_complete=not backup.consent_missing,
        needs_consent=backup.consent_missing,
        value_loss=value_loss,
        valid_until=backup.valid_until,
    )
    return backup.model_copy(update={"ladder_step": step}), prepared


def _is_like(backup: Backup, problem: Mapping[str, Any], now: datetime) -> bool:
    is_open = backup.status != "stale" and now < backup.valid_until
    return is_open and backup.likeness == likeness(problem)


def _of_today(backup: Backup, snapshot: Snapshot) -> Backup:
    versions = {"facts_version": snapshot.centre.facts_version, "plan_version": snapshot.centre.plan_version}
    return backup.model_copy(update=versions)


def _invalidated(backup: Backup, snapshot: Snapshot) -> list[BackupPlanInvalidated]:
    """Nothing where it was fresh no longer: that was told, or its time was told with it."""
    if not backup.holds_at(_now(snapshot)):
        return []
    is_new_plan = backup.plan_version != snapshot.centre.plan_version
    message = BackupPlanInvalidated(
        operation_id=backup.id,
        centre=backup.centre,
        reason_code="plan_changed" if is_new_plan else "facts_changed",
        reason_event_id=snapshot.centre.changed_by,
    )
    return [message]


def _has_police(operation: Operation, snapshot: Snapshot) -> bool:
    police, part = snapshot.capacity_by_id.get(operation.session_id), snapshot.part_by_key.get(operation.police_key)
    return (
        police is not None and police.is_police and not police.is_lost and (part is None or part.status != "released")
    )


def _missing_in(form: Mapping[str, Any], problem: Mapping[str, Any], snapshot: Snapshot) -> Iterator[AgreementMissing]:
    for capacity_id in form["needs_consent"]:
        party = snapshot.capacity_by_id[capacity_id].party
        yield AgreementMissing(kind="consent", agency=agency_of(party), capacity_id=capacity_id)
    if _is_far(form["session"], problem):
        return
    ready = {row["id"]: row["ready"] for row in problem["inspections"]}
    before = (problem["published"] or {"operations": ()})["operations"]
    own = {v["id"] for row in before if row["session"] == form["session"] for v in row["inspections"]}
    for team in form["teams"]:
        party = snapshot.capacity_by_id[team].party
        for inspection in (visit["id"] for visit in form["inspections"] if visit["id"] not in own):
            if ready[inspection] is not None and party not in ready[inspection]:
                yield AgreementMissing(
                    kind="readiness", agency=agency_of(party), capacity_id=team, inspection_id=inspection
                )


def _is_far(session_id: str, problem: Mapping[str, Any]) -> bool:
    """Whether there is time enough to make ready (H14)."""
    start_at = next(row["start_at"] for row in problem["sessions"] if row["id"] == session_id)
    notice = datetime.fromisoformat(start_at) - datetime.fromisoformat(problem["now"])
    return notice >= timedelta(seconds=READINESS_SECONDS)


def _now(snapshot: Snapshot) -> datetime:
    if snapshot.centre.now_at is None:
        raise ValueError(f"{snapshot.centre.code} has no time yet")
    return snapshot.centre.now_at
