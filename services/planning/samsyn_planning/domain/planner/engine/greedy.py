"""A first plan in one sweep: the session whose best column brings most is filled first, and so on."""

from heapq import heapify, heappop, heappush

from samsyn_planning.domain.planner.engine.columns import assembled
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.schedule import Operation, Schedule

# Nodes of a look at one session, in all and for one set of classes.
LOOK = (1500, 300)


class Greedy:
    """Fills the empty sessions of a pricer's schedule, with `only` these inspections where they are named."""

    def __init__(self, pricer: Pricer, only: frozenset[int] | None = None) -> None:
        self._schedule: Schedule = pricer.schedule
        self._pricer, self._only = pricer, only

    def fill(self) -> None:
        """Fill sessions as long as anything gains."""
        schedule = self._schedule
        offers = []
        for session in self._pricer.sessions:
            if schedule.operations[session] is None:
                offers += self._offer(session)
        heapify(offers)
        while offers:
            _, session, operation = heappop(offers)
            if self._still_holds(session, operation):
                schedule.put(session, operation)
            else:
                for offer in self._offer(session):
                    heappush(offers, offer)

    def _offer(self, session: int) -> list[tuple[int, int, Operation]]:
        """The session's best operation as things stand, ranked by what it gains; none where nothing gains."""
        schedule = self._schedule
        self._pricer.allow(schedule.session_of, self._only)
        best = self._pricer.best_alone(session, LOOK)
        if best is None:
            return []
        operation = assembled(schedule, session, best[0].route, best[1])
        if operation is None or schedule.gain(session, operation) <= 0:
            return []
        return [(-schedule.gain(session, operation), session, operation)]

    def _still_holds(self, session: int, operation: Operation) -> bool:
        schedule = self._schedule
        if any(schedule.session_of[inspection] >= 0 for inspection in operation.route):
            return False
        busy = schedule.busy(session)
        return not any(call.bit & busy for call in schedule.crews.calls[session] if call.team in operation.teams)
