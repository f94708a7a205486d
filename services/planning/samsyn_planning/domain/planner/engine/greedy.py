"""A first plan in one sweep: the session whose best column brings most is filled first, and so on."""

from heapq import heapify, heappop, heappush

from samsyn_planning.domain.planner.engine.columns import assembled
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.schedule import Operation, Schedule

# Nodes of a look at one session, in all and for one set of classes.
LOOK = (1500, 300)
# More sessions than this are filled in turn; the share of the budget that the sweep may spend.
MANY, SHARE = 80, 0.4


class Greedy:
    """Fills the empty sessions of a pricer's schedule, with `only` these inspections where they are named."""

    def __init__(self, pricer: Pricer, only: frozenset[int] | None = None) -> None:
        self._schedule: Schedule = pricer.schedule
        self._pricer, self._only = pricer, only

    def fill(self) -> None:
        """Fill sessions as long as anything gains, or for a share of the budget."""
        schedule = self._schedule
        empty = [session for session in self._pricer.sessions if schedule.operations[session] is None]
        if len(empty) > MANY:
            self._fill_in_turn(empty)
            return
        offers: list[tuple[int, int, Operation]] = []
        for session in empty:
            offers += [] if self._pricer.is_spent(SHARE) else self._offer(session)
        heapify(offers)
        while offers:
            _, session, operation = heappop(offers)
            if schedule.can_put(session, operation):
                schedule.put(session, operation)
            elif not self._pricer.is_spent(SHARE):
                for offer in self._offer(session):
                    heappush(offers, offer)

    def _fill_in_turn(self, empty: list[int]) -> None:
        """Of many sessions the earliest first, each looked at once."""
        start = self._pricer.tables.start
        for session in sorted(empty, key=lambda session: (start[session], session)):
            if self._pricer.is_spent(SHARE):
                return
            for _, _, operation in self._offer(session):
                self._schedule.put(session, operation)

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
