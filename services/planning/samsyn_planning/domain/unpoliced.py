"""Which lost sessions may be used without police, and which teams have agreed to that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from samsyn_planning.domain.facts import Question
from samsyn_planning.domain.snapshot import Snapshot


def without_police(snapshot: Snapshot, question: Question) -> dict[str, bool]:
    """Sessions the police have lost -> whether they may be used without police, by consent given or by asking."""
    lost: dict[str, bool] = {}
    for capacity in snapshot.capacities:
        if capacity.is_police and (capacity.is_lost or capacity.id in question.assumed_lost):
            lost[capacity.id] = question.asks_to_go_without_police or _may_go_without(capacity.id, snapshot)
    return lost


def wary_teams(snapshot: Snapshot, unpoliced: Sequence[str]) -> frozenset[str]:
    """Teams with standing consent whose party has not agreed to go without police: there, they have to be asked."""
    if not unpoliced:
        return frozenset()
    until = max(snapshot.capacity_by_id[session].offer.start_at for session in unpoliced)
    return frozenset(
        capacity.id
        for capacity in snapshot.capacities
        if not capacity.is_police
        and capacity.offer.consent.mode == "standing"
        and not _covers(capacity.party, until, snapshot)
    )


def _may_go_without(session_id: str, snapshot: Snapshot) -> bool:
    operation = next((o for o in snapshot.operations if o.session_id == session_id and o.is_announced), None)
    if operation is None or not operation.teams:
        return False
    part = snapshot.part_by_key.get(operation.police_key)
    if operation.is_planned and (part is None or part.status == "released"):
        return True  # it was decided before, and published without them
    parties = {snapshot.capacity_by_id[team].party for team in operation.teams if team in snapshot.capacity_by_id}
    return all(_covers(party, operation.start_at, snapshot) for party in parties)


def _covers(party: str, at: datetime, snapshot: Snapshot) -> bool:
    return any(
        c.party == party and not c.is_revoked and "without_police" in c.given.covers and c.given.valid_until >= at
        for c in snapshot.consents
    )
