"""From when sessions and shifts can be used, by those who come late and by what participants have been told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from samsyn_planning.domain.facts import Capacity, Operation
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.stopped import compromised_operations
from samsyn_planning.domain.underway import is_underway
from samsyn_planning.domain.waiting_for import LATE_JOIN, is_needed, waits


class Hours:
    """The hours of a centre's capacities for one problem; `standing` are the operations that it holds.

    `lost_police` are sessions that the police are not at; what begins before `freeze_until` is frozen. What has begun,
    and what is held as it stands because it may be compromised, keeps its hours whoever is late.
    """

    def __init__(
        self,
        standing: Iterable[Operation],
        snapshot: Snapshot,
        now: datetime,
        lost_police: Collection[str],
        freeze_until: datetime,
    ) -> None:
        self._snapshot, self._lost_police, self._freeze_until = snapshot, lost_police, freeze_until
        self._planned = [operation for operation in standing if operation.is_planned]
        self._waits = waits(self._planned, snapshot, now, lost_police)
        held = {operation.id for operation in compromised_operations(snapshot)}
        self._left_alone = {o.id for o in self._planned if o.id in held or is_underway(o, now)}

    def session(self, capacity: Capacity) -> datetime | None:
        """From when a session can be used; None where the police come after it has ended."""
        begins_at, ends_at = (capacity.offer.start_at, capacity.offer.end_at) if capacity.is_lost else capacity.span
        on_it = [operation for operation in self._planned if operation.session_id == capacity.id]
        later = [operation.waits_until for operation in on_it]
        if not any(operation.id in self._left_alone for operation in on_it):
            wait = self._waits.get(capacity.id)
            later.append(None if wait is None else wait.from_at)
            if capacity.late is not None and capacity.id not in self._lost_police:
                if capacity.late.from_at >= ends_at:
                    return None
                later.append(capacity.late.from_at)
        return max([begins_at, *(at for at in later if at is not None and at < ends_at)])

    def shift(self, team: Capacity, replanned: Collection[str] = ()) -> datetime | None:
        """From when a team can be used; None where it comes after its shift.

        An operation soon that does not need it is not changed because it joins late, unless it is `replanned` anyway.
        """
        late = team.late
        if late is None:
            return team.offer.start_at
        earlier = [o for o in self._planned if team.id in o.teams and o.start_at < late.from_at]
        if any(o.id != late.operation_id or o.id in self._left_alone for o in earlier):
            return team.offer.start_at  # it is out already, or nobody touches what it is late for
        if any(o.id not in replanned and self._joins_late(team, o) for o in earlier):
            return team.offer.start_at
        return max(team.offer.start_at, late.from_at) if late.from_at < team.offer.end_at else None

    @property
    def joined_late(self) -> Mapping[str, Operation]:
        """Operations that somebody joins later than a team is called, because they do not need it."""
        teams = [one for one in self._snapshot.capacities if not one.is_police and one.late is not None]
        return {o.id: o for team in teams for o in self._planned if team.id in o.teams and self._joins_late(team, o)}

    def _joins_late(self, team: Capacity, operation: Operation) -> bool:
        """Only where what is frozen takes no other sites: later on the team could be counted on before it comes."""
        if operation.start_at >= self._freeze_until:
            return False
        session = self._snapshot.capacity_by_id.get(operation.session_id)
        begins_at = None if session is None else self.session(session)
        if team.late is None or begins_at is None or is_needed(team, operation, self._snapshot):
            return False
        return team.late.operation_id == operation.id and team.late.from_at > begins_at + LATE_JOIN
