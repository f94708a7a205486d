"""What changed against the published plan: kinds, causes and notice of every operation."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from samsyn_planning.domain.planner.days import day_of, iso
from samsyn_planning.domain.planner.facts import Facts, Former
from samsyn_planning.domain.planner.schedule import Operation


class Change(NamedTuple):
    """One operation before and after: `former` is None where it is new, `session` where it is in no session now."""

    id: str
    former: Former | None
    session: int | None
    operation: Operation | None


def changes_of(facts: Facts, operations: list[Operation | None], ids: dict[int, str]) -> list[Change]:
    """Every published operation and every new one, by id."""
    session_of = {operation_id: session for session, operation_id in ids.items()}
    former_of = {former.operation.id: former for former in facts.formers}
    found = []
    for operation_id in sorted(session_of.keys() | former_of.keys()):
        session = session_of.get(operation_id)
        held = None if session is None else operations[session]
        found.append(Change(operation_id, former_of.get(operation_id), session, held))
    return found


def kinds_of(facts: Facts, change: Change, planned: frozenset[int]) -> list[str]:
    """The change's kinds in the order of planning.md; `planned` has every inspection that the new plan holds.

    An operation that swaps inspections is both shrunk and grown. One that holds nothing now is dropped, or shrunk
    where some of its inspections are planned in other operations.
    """
    former = change.former
    if former is None:
        return ["new"]
    is_dropped = not former.inspections & planned
    if change.operation is None:
        return ["dropped"] if is_dropped else ["shrunk"]
    kinds = ["dropped"] if is_dropped else _route_kinds(facts, former, change.operation)
    if set(former.operation.teams) != {facts.teams[team].id for team in change.operation.teams}:
        kinds.append("team_changed")
    kinds += _session_kinds(facts, change)
    return kinds or ["kept"]


def _route_kinds(facts: Facts, former: Former, operation: Operation) -> list[str]:
    before = [visit.inspection for visit in former.operation.visits]
    after = [facts.inspections[inspection].id for inspection in operation.route]
    if set(before) == set(after):
        found = {"reordered": before != after, "moved": is_shifted(facts, former, operation)}
    else:
        found = {"shrunk": bool(set(before) - set(after)), "grown": bool(set(after) - set(before))}
    return [kind for kind, is_so in found.items() if is_so]


def _session_kinds(facts: Facts, change: Change) -> list[str]:
    former, session = change.former, change.session
    if former is None or session is None:
        return []
    offered = facts.sessions[session]
    kinds = []
    had_police = former.session is None or facts.sessions[former.session].police or former.is_lost
    if had_police and not offered.police:
        kinds.append("without_police")
    if former.operation.session != offered.id:
        kinds.append("postponed" if day_of(offered.start) > day_of(former.start) else "moved_session")
    return kinds


def is_shifted(facts: Facts, former: Former, operation: Operation) -> bool:
    """Whether any inspection that stays starts beyond the tolerance from its published start."""
    starts = {facts.inspections[i].id: start for i, start in zip(operation.route, operation.starts, strict=True)}
    tolerance = facts.weights.shift_tolerance
    return any(
        abs(starts[visit.inspection] - visit.start) > tolerance
        for visit in former.operation.visits
        if visit.inspection in starts
    )


def is_as_published(facts: Facts, change: Change) -> bool:
    """Whether nothing differs at all."""
    former, held = change.former, change.operation
    if former is None or held is None or change.session is None:
        return False
    visits = [(visit.inspection, visit.start, visit.end) for visit in former.operation.visits]
    held_now = ((facts.inspections[i], start) for i, start in zip(held.route, held.starts, strict=True))
    now = [(wanted.id, start, start + wanted.duration) for wanted, start in held_now]
    teams = {facts.teams[team].id for team in held.teams}
    return (
        visits == now
        and set(former.operation.teams) == teams
        and facts.sessions[change.session].id == former.operation.session
    )


def own_causes(facts: Facts, former: Former) -> list[str]:
    """Ids of `lost` that a published operation names."""
    operation = former.operation
    named = {operation.session, *operation.teams, *(visit.inspection for visit in operation.visits)}
    return sorted(named & facts.problem.lost.keys())


class Causes:
    """Which losses are behind each change, traced from operation to operation by what they gave one another."""

    def __init__(self, facts: Facts, changes: list[Change]) -> None:
        self._facts = facts
        self._changes = changes
        self._own = [own_causes(facts, change.former) if change.former else [] for change in changes]
        self._number = {id(change): number for number, change in enumerate(changes)}
        self._links = self._gifts()

    def _gifts(self) -> list[set[int]]:
        """For each change the others that it has an inspection or a team from, or that have one from it."""
        links: list[set[int]] = [set() for _ in self._changes]
        had: dict[tuple[str, int], list[int]] = {}
        for number, change in enumerate(self._changes):
            for thing in _before(change):
                had.setdefault(thing, []).append(number)
        for number, change in enumerate(self._changes):
            for thing in _after(change) - _before(change):
                for giver in had.get(thing, ()):
                    links[number].add(giver)
                    links[giver].add(number)
        return links

    def of(self, change: Change) -> list[str]:
        """The change's own losses, else those of the nearest hit operations along what was given; all where none is."""
        if is_as_published(self._facts, change):
            return []
        reached = {self._number[id(change)]}
        edge = set(reached)
        while edge:
            causes = {loss for number in edge for loss in self._own[number]}
            if causes:
                return sorted(causes)
            edge = {other for number in edge for other in self._links[number]} - reached
            reached |= edge
        return sorted(self._facts.problem.lost)


def _before(change: Change) -> set[tuple[str, int]]:
    former = change.former
    return set() if former is None else _things(former.inspections, former.teams)


def _after(change: Change) -> set[tuple[str, int]]:
    held = change.operation
    return set() if held is None else _things(held.route, held.teams)


def _things(inspections: Iterable[int], teams: Iterable[int]) -> set[tuple[str, int]]:
    return {("inspection", one) for one in inspections} | {("team", one) for one in teams}


def published_form(facts: Facts, former: Former) -> dict[str, Any]:
    """The operation as it was published."""
    session = None if former.session is None else facts.sessions[former.session]
    operation = former.operation
    return {
        "session": operation.session,
        "start_at": iso(former.start),
        "end_at": iso(session.end) if session else iso(max((v.end for v in operation.visits), default=former.start)),
        "inspections": [
            {"id": visit.inspection, "start_at": iso(visit.start), "end_at": iso(visit.end)}
            for visit in operation.visits
        ],
        "teams": sorted(operation.teams),
    }


def planned_form(facts: Facts, session: int, operation: Operation) -> dict[str, Any]:
    """The operation as it is planned now, without its id."""
    offered = facts.sessions[session]
    return {
        "session": offered.id,
        "start_at": iso(offered.start),
        "end_at": iso(offered.end),
        "inspections": visits_form(facts, operation),
        "teams": sorted(facts.teams[team].id for team in operation.teams),
    }


def visits_form(facts: Facts, operation: Operation) -> list[dict[str, Any]]:
    """The route with its times, as plans carry it."""
    return [
        {
            "id": facts.inspections[inspection].id,
            "start_at": iso(start),
            "end_at": iso(start + facts.inspections[inspection].duration),
        }
        for inspection, start in zip(operation.route, operation.starts, strict=True)
    ]


def notice_seconds(facts: Facts, change: Change) -> int:
    """How long people have: start of the session it is on now, else of the one it was on, less `now`."""
    if change.session is not None:
        return facts.sessions[change.session].start - facts.problem.now
    return (change.former.start if change.former else facts.problem.now) - facts.problem.now
