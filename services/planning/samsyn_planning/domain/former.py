"""The plan as it was before losses that were mistakes, where nobody has acted on what came instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from samsyn_planning.domain.facts import Cause, Operation, Participation, Value
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.stopped import compromised_operations
from samsyn_planning.domain.underway import is_underway

# One team's operations closer than this may not both stand (H10): two such are never brought together unsolved.
NEAR = timedelta(days=1)
Plan = Mapping[str, Operation]


class Version(Value):
    """A published plan: its number, what set it off, the operations before it, and the ids of those it holds."""

    number: int
    causes: tuple[Cause, ...]
    before: tuple[Operation, ...]
    holds: frozenset[str]


def taken_back(snapshot: Snapshot) -> frozenset[str]:
    """Sessions that the police never lost; none if more than mistakes is urgent: that is answered as any loss is."""
    urgent = [cause for cause in snapshot.centre.causes if cause.is_urgent]
    if any(cause.kind != "PoliceCancellationRetracted" for cause in urgent):
        return frozenset()
    return frozenset(cause.subject for cause in urgent)


def former_of(
    snapshot: Snapshot, versions: Iterable[Version], mistaken: frozenset[str]
) -> tuple[Operation, ...] | None:
    """The operations with the effects of mistakes undone; `versions` answered them. None if nothing can be undone."""
    standing: Plan = {operation.id: operation for operation in snapshot.operations}
    for _, version in sorted({version.number: version for version in versions}.items(), reverse=True):
        standing = _undone(standing, version, mistaken, snapshot) or standing
    former = tuple(standing[operation_id] for operation_id in sorted(standing))
    return None if former == snapshot.operations else former


def has_been_acted_on(snapshot: Snapshot, former: Iterable[Operation]) -> bool:
    """Whether somebody has said yes to, or begun, an occasion that the former plan does not have."""
    before = {operation.id: operation for operation in former}
    uses = {(o.id, own, o.session_id) for o in before.values() for own in (o.session_id, *o.teams)}
    now = {operation.id: operation for operation in snapshot.operations}
    has_agreed = any(
        _is_yes(part, now) and (part.operation_id, part.capacity_id, part.session_id) not in uses
        for part in snapshot.participations
    )
    return has_agreed or any(_has_begun(o, snapshot) and not _is_same(o, before.get(o.id)) for o in now.values())


def _undone(standing: Plan, version: Version, mistaken: frozenset[str], snapshot: Snapshot) -> Plan | None:
    """The plan as if a version had not come, as far as mistakes brought it; None where that cannot be."""
    before = {o.id: o for o in version.before if not _is_over(o, snapshot)}
    undone = {o.id for o in before.values() if o.is_planned and o.session_id in mistaken}
    if {cause.subject for cause in version.causes if cause.is_urgent} <= mistaken:
        undone |= _changed_by(version, standing, before)
    held = {o.id for o in compromised_operations(snapshot)}
    undone -= held  # they stay as they are, whatever brought them there
    while clashing := _clashing(standing, before, undone, snapshot):
        if clashing & held or any(standing[own].plan_version != version.number for own in clashing):
            return None  # what came later is in the way, or may not be moved
        undone |= clashing
    if not all(_can_stand(o, snapshot) or _is_lost(o, snapshot, mistaken) for o in _planned(before, undone)):
        return None
    kept = {operation_id: o for operation_id, o in standing.items() if operation_id not in undone}
    rewound = kept | {operation_id: before[operation_id] for operation_id in undone & before.keys()}
    return None if has_been_acted_on(snapshot, rewound.values()) else rewound


def _changed_by(version: Version, standing: Plan, before: Plan) -> set[str]:
    """Operations that a version made, changed or dropped, and that nothing has changed since."""
    of_it = [o for o in standing.values() if o.plan_version == version.number]
    dropped = {o.id for o in before.values() if o.is_planned and o.id not in standing and o.id not in version.holds}
    return dropped | {o.id for o in of_it if not _is_same(o, before.get(o.id))}


def _clashing(standing: Plan, before: Plan, undone: set[str], snapshot: Snapshot) -> set[str]:
    """Operations of now that hold what the undone ones had: their session, a site, a team."""
    others = [o for o in standing.values() if o.is_planned and o.id not in undone]
    changed = [o for o in others if not _is_same(o, before.get(o.id))]  # else they stood together before
    had = _planned(before, undone)
    return {o.id for o in changed if any(_is_clash(o, one, snapshot) for one in had)}


def _planned(plan: Plan, ids: set[str]) -> list[Operation]:
    return [plan[operation_id] for operation_id in sorted(ids & plan.keys()) if plan[operation_id].is_planned]


def _is_clash(one: Operation, other: Operation, snapshot: Snapshot) -> bool:
    if one.session_id == other.session_id or {v.id for v in one.visits} & {v.id for v in other.visits}:
        return True
    is_near = one.start_at - NEAR < other.end_at and other.start_at - NEAR < one.end_at
    teams, others = _called(one, snapshot), _called(other, snapshot)
    same_team = {team for team, _ in teams} & {team for team, _ in others}
    same_group = {group for _, group in teams if group} & {group for _, group in others if group}
    return bool(same_group) or (is_near and bool(same_team))


def _called(operation: Operation, snapshot: Snapshot) -> list[tuple[str, str | None]]:
    """Its teams, each with its group of alternatives."""
    known = [snapshot.capacity_by_id[team] for team in operation.teams if team in snapshot.capacity_by_id]
    return [(capacity.team, capacity.offer.alternatives_group) for capacity in known]


def _can_stand(operation: Operation, snapshot: Snapshot) -> bool:
    """Whether its session and teams are there, none of them lost, gone or refused."""
    if any(own in snapshot.refused_capacities for own in (operation.session_id, *operation.teams)):
        return False
    known = [snapshot.capacity_by_id.get(own) for own in (operation.session_id, *operation.teams)]
    return all(capacity is not None and not capacity.is_lost for capacity in known)


def _is_lost(operation: Operation, snapshot: Snapshot, mistaken: frozenset[str]) -> bool:
    """Whether its loss is no mistake: where it used what a mistake left free, it is planned anew without that."""
    police = snapshot.capacity_by_id.get(operation.session_id)
    return operation.session_id not in mistaken and police is not None and police.is_lost


def _is_yes(part: Participation, now: Plan) -> bool:
    """Whether an answer, not consent given beforehand, has agreed to the occasion that the operation has now."""
    operation = now.get(part.operation_id)
    is_current = operation is not None and operation.session_id == part.session_id
    return is_current and part.answered_by is not None and part.status == "accepted"


def _is_same(one: Operation, other: Operation | None) -> bool:
    return other is not None and (one.is_planned, one.form) == (other.is_planned, other.form)


def _has_begun(operation: Operation, snapshot: Snapshot) -> bool:
    now_at = snapshot.centre.now_at
    return now_at is not None and is_underway(operation, now_at)


def _is_over(operation: Operation, snapshot: Snapshot) -> bool:
    now_at = snapshot.centre.now_at
    return now_at is not None and operation.end_at <= now_at
