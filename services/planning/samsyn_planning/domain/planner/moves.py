"""Moves of the search: put an inspection in, let it push others out, take teams from those who need them less."""

from collections.abc import Iterable, Mapping

from samsyn_planning.domain.planner.routes import Route
from samsyn_planning.domain.planner.schedule import Operation, Schedule
from samsyn_planning.domain.planner.standing import best_part

# For each inspection what the best way found to force it in costs, and whom it leaves out.
Prices = Mapping[int, tuple[int, list[int]]]

# How many of the most promising ways to force an inspection in are tried to the end.
TRIED = 4


class Moves:
    """Moves on one schedule, with a memory of the best place of an inspection in a route."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._inserted: dict[tuple[int, Route, int, int], Operation | None] = {}
        self._places: dict[int, list[int]] = {}

    def places(self, inspection: int) -> list[int]:
        """The sessions that could hold the inspection as far as it alone is concerned."""
        if inspection not in self._places:
            sessions = range(len(self._schedule.operations))
            of = self._schedule.visits.of
            self._places[inspection] = [session for session in sessions if of(session, inspection) is not None]
        return self._places[inspection]

    def inserted(
        self, session: int, inspection: int, route: Route | None = None, busy: int | None = None
    ) -> Operation | None:
        """The best operation that the session's route becomes with the inspection added, None where none is allowed."""
        schedule = self._schedule
        if route is None:
            held = schedule.operations[session]
            route = held.route if held else ()
        if busy is None:
            busy = schedule.busy(session)
        key = (session, route, busy, inspection)
        if key not in self._inserted:
            self._inserted[key] = self._insertion(session, route, busy, inspection)
        return self._inserted[key]

    def _insertion(self, session: int, route: Route, busy: int, inspection: int) -> Operation | None:
        schedule = self._schedule
        most = schedule.facts.sessions[session].max_inspections
        if most is not None and len(route) >= most:
            return None
        best: Operation | None = None
        for place in range(len(route) + 1):
            longer = (*route[:place], inspection, *route[place:])
            if schedule.routes.timed(session, longer) is None:
                continue
            found = schedule.evaluated(session, longer, busy)
            if found is None:
                # Which teams may serve hangs on the set of inspections alone: no other order will do either.
                return None
            if best is None or found.points > best.points:
                best = found
        return best

    def best_place(self, inspection: int) -> tuple[int, int, Operation] | None:
        """Gain, session and operation of the best way to add the inspection, None where nothing is gained."""
        best: tuple[int, int, Operation] | None = None
        for session in self.places(inspection):
            operation = self.inserted(session, inspection)
            if operation is None:
                continue
            gain = self._schedule.gain(session, operation)
            if gain > 0 and (best is None or gain > best[0]):
                best = (gain, session, operation)
        return best

    def insert_all(self, pending: Iterable[int], allowed: frozenset[int] | None = None) -> None:
        """Put in one pending inspection after the other, the one that gains most first, while anything gains.

        `allowed` names the sessions that may be touched, None where all may.
        """
        waiting = sorted({i for i in pending if self._schedule.session_of[i] < 0})
        offers: dict[int, dict[int, int]] = {inspection: {} for inspection in waiting}
        for inspection in waiting:
            self._refresh(offers[inspection], inspection, self.places(inspection), allowed)
        while waiting:
            ranked = [(max(offers[inspection].values(), default=0), -inspection) for inspection in waiting]
            gain, inspection = max(ranked)
            if gain <= 0:
                return
            inspection = -inspection
            session = next(s for s, offer in offers[inspection].items() if offer == gain)
            operation = self.inserted(session, inspection)
            if operation is None:
                return
            before = [self._schedule.busy(other) for other in range(len(self._schedule.operations))]
            self._schedule.put(session, operation)
            waiting.remove(inspection)
            touched = [s for s, was in enumerate(before) if s == session or self._schedule.busy(s) != was]
            for other in waiting:
                self._refresh(offers[other], other, touched, allowed)

    def _refresh(
        self, offers: dict[int, int], inspection: int, sessions: Iterable[int], allowed: frozenset[int] | None
    ) -> None:
        for session in sessions:
            if self._schedule.visits.of(session, inspection) is None or (
                allowed is not None and session not in allowed
            ):
                continue
            operation = self.inserted(session, inspection)
            gain = 0 if operation is None else self._schedule.gain(session, operation)
            if gain > 0:
                offers[session] = gain
            else:
                offers.pop(session, None)

    def without(self, session: int, gone: Iterable[int]) -> Operation | None:
        """The session's operation without some inspections, None where nothing is left that may be held."""
        held = self._schedule.operations[session]
        taken = frozenset(gone)
        rest = tuple(inspection for inspection in (held.route if held else ()) if inspection not in taken)
        return best_part(self._schedule, session, rest) if rest else None

    def put_firmly(self, session: int, operation: Operation) -> list[int]:
        """Put an operation in even where others use its teams; they make do. Returns who lost their place."""
        schedule = self._schedule
        held = schedule.operations[session]
        displaced = [i for i in (held.route if held else ()) if i not in operation.route]
        schedule.put(session, operation)
        for other, victim in enumerate(schedule.operations):
            if victim is None or other == session or not self._is_robbed(other, victim):
                continue
            schedule.put(other, None)
            rest = best_part(schedule, other, victim.route)
            if rest is not None and schedule.gain(other, rest) > 0:
                schedule.put(other, rest)
            kept = rest.route if rest is not None and schedule.operations[other] is not None else ()
            displaced += [inspection for inspection in victim.route if inspection not in kept]
        return displaced

    def _is_robbed(self, session: int, operation: Operation) -> bool:
        busy = self._schedule.busy(session)
        return any(call.team in operation.teams and call.bit & busy for call in self._schedule.crews.calls[session])

    def force_in(self, inspection: int) -> tuple[int, list[int], int] | None:
        """Do the best move found that plans the inspection, even at a loss: gain, who was displaced, session.

        The schedule holds the result; None, and nothing is changed, where no session can take it.
        """
        schedule = self._schedule
        options = self._ways_in(inspection)
        best: tuple[int, list[int], int] | None = None
        best_operations = None
        start, mark = schedule.points, schedule.mark()
        for _, session, operation in options[:TRIED]:
            displaced = self.put_firmly(session, operation)
            self.insert_all(displaced)
            gain = schedule.points - start
            if schedule.session_of[inspection] >= 0 and (best is None or gain > best[0]):
                out = [other for other in displaced if schedule.session_of[other] < 0]
                best, best_operations = (gain, out, session), schedule.copy_operations()
            schedule.back(mark)
        if best_operations is not None:
            schedule.become(best_operations)
        return best

    def _ways_in(self, inspection: int) -> list[tuple[int, int, Operation]]:
        """Ways to hold the inspection, most promising first: added, instead of one other, alone, with others' teams."""
        schedule = self._schedule
        found: dict[tuple[int, Operation], int] = {}
        for session in self.places(inspection):
            held = schedule.operations[session]
            route = held.route if held else ()
            routes = [route, *(route[:place] + route[place + 1 :] for place in range(len(route)))]
            for busy in sorted({schedule.busy(session), schedule.busy_for_good(session)}):
                for rest in routes if len(route) < 2 else [*routes, ()]:
                    operation = self.inserted(session, inspection, rest, busy)
                    if operation is not None:
                        found[(session, operation)] = schedule.gain(session, operation)
        return sorted(((gain, session, operation) for (session, operation), gain in found.items()), key=_rank)

    def retimed(self, session: int) -> Operation | None:
        """The session's operation with the best order found and the best crew free today."""
        held = self._schedule.operations[session]
        if held is None:
            return None
        best = self._schedule.evaluated(session, held.route)
        best = held if best is None or best.points <= held.points else best
        for place, inspection in enumerate(held.route):
            if len(held.route) > 1:
                rest = held.route[:place] + held.route[place + 1 :]
                moved = self.inserted(session, inspection, rest)
                if moved is not None and moved.points > best.points:
                    best = moved
        return best


def _rank(way: tuple[int, int, Operation]) -> tuple[int, int, Operation]:
    gain, session, operation = way
    return -gain, session, operation
