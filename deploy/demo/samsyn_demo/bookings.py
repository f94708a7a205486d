"""Finds double bookings, in the plans and in what planning told: nobody may be in two places at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, groupby

from samsyn_demo.evidence import Record, Replan

PLANNING_TOPIC = "samsyn.planning.v1"
_PLACED = ("OperationScheduled", "OperationConfirmed", "OperationRescheduled")
_GONE = ("OperationPostponed", "OperationCancelled")
# Said on the day: the field that names the inspections which go back to the list, and may be planned anew.
_BACK = {
    "OperationCompleted": "left_inspection_ids",
    "OperationAborted": "left_inspection_ids",
    "InspectionSuspended": "remaining_inspection_ids",
}


@dataclass(frozen=True, order=True)
class DoubleBooking:
    """Two operations that use the same police session, the same team at overlapping times, or the same inspection."""

    kind: str
    booked: str
    operations: tuple[str, str]

    def __str__(self) -> str:
        return f"{self.kind} {self.booked} is used by both {' and '.join(self.operations)}"


@dataclass(frozen=True)
class Booking:
    """What one operation uses, and when."""

    operation: str
    session: str
    start_at: datetime
    end_at: datetime
    teams: frozenset[str]
    inspections: frozenset[str]


def double_bookings(replans: Iterable[Replan], records: Iterable[Record]) -> tuple[DoubleBooking, ...]:
    """Every double booking in any plan version, once each, from the plans and from the messages.

    An inspection that an operation left undone on its day may be planned again: that is none.
    """
    kept = list(records)
    planned = [clash for replan in replans for clash in clashes(_bookings_of(replan))]
    return tuple(sorted({*planned, *_told_clashes(kept)} - set(_planned_again(kept))))


def clashes(bookings: Iterable[Booking]) -> Iterator[DoubleBooking]:
    """The double bookings among operations that stand beside each other."""
    for one, other in combinations(sorted(bookings, key=lambda b: b.operation), 2):
        pair = (one.operation, other.operation)
        if one.session == other.session:
            yield DoubleBooking("police session", one.session, pair)
        for inspection in one.inspections & other.inspections:
            yield DoubleBooking("inspection", inspection, pair)
        if one.start_at < other.end_at and other.start_at < one.end_at:
            for team in one.teams & other.teams:
                yield DoubleBooking("team", team, pair)


def _bookings_of(replan: Replan) -> list[Booking]:
    """The bookings of a plan; its session's times are the problem's."""
    sessions = {session["id"]: session for session in replan.problem["sessions"]}
    teams = {shift["id"]: f"{shift['agency']} {shift['team']}" for shift in replan.problem["team_sessions"]}
    return [
        Booking(
            operation=operation["id"],
            session=operation["session"],
            start_at=datetime.fromisoformat(sessions[operation["session"]]["start_at"]),
            end_at=datetime.fromisoformat(sessions[operation["session"]]["end_at"]),
            teams=frozenset(teams[team] for team in operation["teams"] if team in teams),
            inspections=frozenset(visit["id"] for visit in operation["inspections"]),
        )
        for operation in replan.plan["operations"]
        if operation["session"] in sessions
    ]


def _told_clashes(records: list[Record]) -> Iterator[DoubleBooking]:
    """The double bookings in what planning told, looked for each time a plan version has been told in full."""
    teams = _team_of_capacity(records)
    told = [r for r in records if r.topic == PLANNING_TOPIC and r.body and r.said in (*_PLACED, *_GONE)]
    told.sort(key=lambda record: (record.partition, record.offset))
    standing: dict[tuple[int, str | None], dict[str, Booking]] = {}
    for (partition, centre, _), version in groupby(told, key=lambda r: (r.partition, r.key, _version_of(r))):
        state = standing.setdefault((partition, centre), {})
        for record in version:
            _apply(record, state, teams)
        yield from clashes(state.values())


def _planned_again(records: Iterable[Record]) -> Iterator[DoubleBooking]:
    """What looks like a double booking of an inspection that one of both operations had left undone."""
    told = [record for record in records if record.body]
    left = {(r.body["operation_id"], one) for r in told if r.body and r.said in _BACK for one in r.body[_BACK[r.said]]}
    others = {r.body["operation_id"] for r in told if r.body and r.said in _PLACED}
    for operation, inspection in left:
        for other in others - {operation}:
            first, second = sorted((operation, other))
            yield DoubleBooking("inspection", inspection, (first, second))


def _version_of(record: Record) -> int:
    return int((record.body or {}).get("plan_version", 0))


def _apply(record: Record, state: dict[str, Booking], teams: Mapping[str, str]) -> None:
    body = record.body or {}
    if record.said in _GONE:
        state.pop(body["operation_id"], None)
        return
    slot = body["to_slot" if record.said == "OperationRescheduled" else "slot"]
    capacities = [participant["capacity_id"] for participant in body["participants"]]
    state[body["operation_id"]] = Booking(
        operation=body["operation_id"],
        session=slot["session_id"],
        start_at=datetime.fromisoformat(slot["start_at"]),
        end_at=datetime.fromisoformat(slot["end_at"]),
        teams=frozenset(teams.get(capacity, capacity) for capacity in capacities),
        inspections=frozenset(visit["inspection_id"] for visit in body["inspections"]),
    )


def _team_of_capacity(records: Iterable[Record]) -> dict[str, str]:
    """Which team each capacity is a shift of, as its agency offered it."""
    offers = [r.body for r in records if r.said == "CapacityOffered" and r.body and r.body.get("team")]
    return {o["capacity_id"]: f"{o['capacity_id'].partition(':')[0]} {o['team']}" for o in offers}
