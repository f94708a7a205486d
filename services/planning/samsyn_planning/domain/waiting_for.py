"""Operations that wait for somebody late: their sessions begin when those come whom they cannot do without."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from samsyn_contracts.message import Reason

from samsyn_planning.domain.answers import COORDINATOR
from samsyn_planning.domain.delay import Delay
from samsyn_planning.domain.facts import Operation, Value
from samsyn_planning.domain.parties import agency_of, party_names
from samsyn_planning.domain.planner.words import name_of
from samsyn_planning.domain.said import STOCKHOLM, listed
from samsyn_planning.domain.snapshot import Snapshot


class Wait(Value):
    """That an operation begins no earlier than `from_at`, whom it waits for, and the events that told so.

    `teams` are the shifts of those who are late, each with when it comes.
    """

    operation_id: str
    session_id: str
    from_at: datetime
    agencies: tuple[str, ...]
    said_by: tuple[str, ...]
    teams: dict[str, datetime]

    @property
    def reason(self) -> Reason:
        """Why it begins later, for everybody who takes part."""
        who, at = listed(name_of(agency, party_names()) for agency in self.agencies), self.from_at.astimezone(STOCKHOLM)
        return Reason(
            code="DELAYED",
            sv=f"{who.sv} kommer senare och kan inte undvaras: insatsen väntar och börjar {at:%H.%M}.",
            en=f"{who.en} will be late and cannot be done without: the operation waits, and begins at {at:%H:%M}.",
        )


def waits(snapshot: Snapshot, now: datetime) -> Mapping[str, Wait]:
    """The waits of now, by session.

    An operation that began before it was told to wait is theirs who are there; one that lost the occasion for a delay
    is not given its old hours again. A delay beyond what is left of the session is for those on the phone: no plan
    follows from it.
    """
    found = {}
    for delay in snapshot.delays:
        operation = next((o for o in snapshot.operations if delay.is_of(o)), None)
        wait = None if operation is None else wait_of(operation, delay, snapshot)
        if operation is None or wait is None or operation.is_told_of:
            continue
        if operation.is_planned and operation.start_at <= now and operation.start_at < wait.from_at:
            continue
        found[wait.session_id] = wait
    return found


def wait_of(operation: Operation, delay: Delay, snapshot: Snapshot) -> Wait | None:
    """How long the operation waits; None where nobody is late whom it needs, or too late for the session."""
    session = snapshot.capacity_by_id.get(operation.session_id)
    if session is None:
        return None
    begins_at, ends_at = session.span
    late = {agency: one for agency, one in delay.late.items() if begins_at < one.from_at < ends_at}
    needed = {agency: one for agency, one in late.items() if _is_needed(agency, operation, snapshot)}
    if not needed:
        return None
    return Wait(
        operation_id=operation.id,
        session_id=operation.session_id,
        from_at=max(one.from_at for one in needed.values()),
        agencies=tuple(sorted(needed)),
        said_by=tuple(sorted(one.said_by for one in needed.values())),
        teams={team: one.from_at for agency, one in needed.items() for team in _teams_of(agency, operation, snapshot)},
    )


def _is_needed(agency: str, operation: Operation, snapshot: Snapshot) -> bool:
    """Whether the operation cannot do without it: the police on their session, or one by whose team a rule is met.

    The rules are H7 to H9 of the planning problem: agencies that a site requires, how many there must be, the region
    coordinator. Anybody else joins late, and nobody waits.
    """
    has_police = _has_police(operation, snapshot)
    if has_police and agency_of(snapshot.capacity_by_id[operation.session_id].party) == agency:
        return True
    own = _teams_of(agency, operation, snapshot)
    if not own:
        return False
    others = [team for team in operation.teams if team not in own and team in snapshot.capacity_by_id]
    if len({snapshot.capacity_by_id[team].party for team in others}) < (1 if has_police else 2):
        return True
    known = snapshot.wanted_by_id
    wanted = [known[visit.id].proposal for visit in operation.visits if visit.id in known]
    parties = {snapshot.capacity_by_id[team].party for team in own}
    if any(parties.intersection(one.required_agencies) for one in wanted):
        return True
    return any(one.exploitation_indicated for one in wanted) and not _coordinates(others, snapshot)


def _has_police(operation: Operation, snapshot: Snapshot) -> bool:
    part = snapshot.part_by_key.get(operation.police_key)
    return part is None or part.status != "released" or not operation.is_planned


def _teams_of(agency: str, operation: Operation, snapshot: Snapshot) -> list[str]:
    parties = {team: snapshot.capacity_by_id[team].party for team in operation.teams if team in snapshot.capacity_by_id}
    return [team for team, party in parties.items() if agency_of(party) == agency]


def _coordinates(teams: list[str], snapshot: Snapshot) -> bool:
    return any(COORDINATOR in snapshot.capacity_by_id[team].offer.skills for team in teams)
