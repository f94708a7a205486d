"""Operations that wait for somebody late: they begin when those have come whom they cannot do without."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from samsyn_contracts.inspections import InspectionProposed
from samsyn_contracts.message import Reason

from samsyn_planning.domain.answers import COORDINATOR
from samsyn_planning.domain.facts import Capacity, Operation, Value
from samsyn_planning.domain.parties import agency_of, party_names
from samsyn_planning.domain.planner.words import name_of
from samsyn_planning.domain.said import STOCKHOLM, listed
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.stopped import compromised_operations
from samsyn_planning.domain.underway import is_underway

# Later than this into its session a team is not called (`late_join_seconds` of the planning problem's rules, H7).
LATE_JOIN = timedelta(minutes=30)


class Wait(Value):
    """That an operation begins no earlier than `from_at` on its session, whom it waits for, and what told so."""

    operation_id: str
    session_id: str
    from_at: datetime
    agencies: tuple[str, ...]
    said_by: tuple[str, ...]

    def reason(self, *, stands: bool) -> Reason:
        """Why it begins later, or cannot be on its session; for everybody who takes part."""
        who, at = listed(name_of(agency, party_names()) for agency in self.agencies), self.from_at.astimezone(STOCKHOLM)
        begins = (f"insatsen väntar och börjar {at:%H.%M}", f"the operation waits, and begins at {at:%H:%M}")
        too_late = (f"efter {at:%H.%M} hinns insatsen inte med", f"after {at:%H:%M} there is no time for the operation")
        sv, en = begins if stands else too_late
        return Reason(
            code="DELAYED",
            sv=f"{who.sv} kommer senare och kan inte undvaras: {sv}.",
            en=f"{who.en} will be late and cannot be done without: {en}.",
        )


def waits(
    operations: Iterable[Operation], snapshot: Snapshot, now: datetime, without_police: Collection[str] = ()
) -> Mapping[str, Wait]:
    """The waits of operations as they stand, by session; `without_police` are sessions that the police are not at.

    One that has begun is theirs who are there, and one that may be compromised is held as it stands.
    """
    held = {operation.id for operation in compromised_operations(snapshot)}
    found = (
        _wait_of(operation, snapshot, has_police=_has_police(operation, snapshot, without_police))
        for operation in operations
        if operation.is_planned and operation.id not in held and not is_underway(operation, now)
    )
    return {wait.session_id: wait for wait in found if wait is not None}


def is_needed(capacity: Capacity, operation: Operation, snapshot: Snapshot) -> bool:
    """Whether a site of the operation requires the team's party, or only this team brings the region coordinator."""
    others = _known(operation.teams, snapshot, but=capacity.id)
    wanted = _wanted(operation, snapshot)
    if any(capacity.party in one.required_agencies for one in wanted):
        return True
    return any(one.exploitation_indicated for one in wanted) and _coordinates([capacity]) and not _coordinates(others)


def _wait_of(operation: Operation, snapshot: Snapshot, *, has_police: bool) -> Wait | None:
    """Until the first arrival with which it has all that it would have if nobody were late; None if it has it now."""
    session = snapshot.capacity_by_id.get(operation.session_id)
    if session is None:
        return None
    begins_at, ends_at = session.span
    everybody = {one.id: one for one in (*([session] if has_police else []), *_known(operation.teams, snapshot))}
    late = {own: one.late for own, one in everybody.items() if one.late and begins_at < one.late.from_at < ends_at}
    comes = {own: late[own].from_at if own in late else begins_at for own in everybody}
    needs = _Needs(everybody, comes, _wanted(operation, snapshot))
    at = next(at for at in sorted({begins_at, *comes.values()}) if needs.are_met_by(o for o in comes if comes[o] <= at))
    if at == begins_at:
        return None
    there = [own for own in comes if comes[own] <= at]
    come = [own for own in late if own in there]
    needed = [own for own in come if not needs.are_met_by(other for other in there if other != own)]
    named = needed or [own for own in come if comes[own] == at]
    return Wait(
        operation_id=operation.id,
        session_id=operation.session_id,
        from_at=at,
        agencies=tuple(sorted({agency_of(everybody[own].party) for own in named})),
        said_by=tuple(sorted({late[own].said_by for own in named})),
    )


class _Needs:
    """What of the rules H7 to H9 an operation meets when everybody has come, each at its time.

    A site that can no longer be done when those come whom it requires, requires nobody.
    """

    def __init__(
        self,
        everybody: Mapping[str, Capacity],
        comes: Mapping[str, datetime],
        wanted: Collection[InspectionProposed],
    ) -> None:
        self._everybody = everybody
        teams = {own: one for own, one in everybody.items() if not one.is_police}
        first = {party: min(comes[o] for o in teams if teams[o].party == party) for party in self._parties(teams)}
        self._required = {
            party
            for one in wanted
            for party in one.required_agencies
            if party in first and _can_be_done(one, first[party])
        }
        guides = [comes[own] for own, one in teams.items() if _coordinates([one])]
        self._is_guided = any(one.exploitation_indicated and _can_be_done(one, min(guides)) for one in wanted if guides)
        self._has_police = len(teams) < len(everybody)
        self._num_parties = min(1 if self._has_police else 2, len(first))

    def are_met_by(self, present: Iterable[str]) -> bool:
        """Whether those who are there meet them."""
        there = {own: self._everybody[own] for own in present}
        teams, parties = [one for one in there.values() if not one.is_police], self._parties(there)
        return (
            (len(teams) < len(there) or not self._has_police)
            and len(parties) >= self._num_parties
            and self._required <= parties
            and (_coordinates(teams) or not self._is_guided)
        )

    @staticmethod
    def _parties(capacities: Mapping[str, Capacity]) -> set[str]:
        return {one.party for one in capacities.values() if not one.is_police}


def _has_police(operation: Operation, snapshot: Snapshot, without_police: Collection[str]) -> bool:
    part = snapshot.part_by_key.get(operation.police_key)
    return operation.session_id not in without_police and (part is None or part.status != "released")


def _can_be_done(wanted: InspectionProposed, at: datetime) -> bool:
    lasts = timedelta(minutes=wanted.duration_minutes)
    return any(window.until_at >= at + lasts for window in wanted.time_windows)


def _wanted(operation: Operation, snapshot: Snapshot) -> list[InspectionProposed]:
    known = snapshot.wanted_by_id
    return [known[visit.id].proposal for visit in operation.visits if visit.id in known]


def _known(ids: Iterable[str], snapshot: Snapshot, but: str | None = None) -> list[Capacity]:
    return [snapshot.capacity_by_id[own] for own in ids if own in snapshot.capacity_by_id and own != but]


def _coordinates(teams: Iterable[Capacity]) -> bool:
    return any(COORDINATOR in team.offer.skills for team in teams)
