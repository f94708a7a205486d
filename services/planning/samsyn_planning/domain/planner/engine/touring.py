"""The search among long routes put to work on a schedule: which sessions have them, with which teams."""

from collections.abc import Sequence

import numpy as np

from samsyn_planning.domain.planner.engine.long_routes import Field, roam
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.engine.tables import Ints
from samsyn_planning.domain.planner.schedule import Operation, Schedule

# A session that could hold so many stops has long routes.
LONG = 9
# Tries of one call, and the share of the points that a worse plan may lie below the best at first.
CALL, HEAT = 2_000_000, 0.01
# A session whose teams are not known yet is looked at so thoroughly.
LOOK = (20_000, 5_000)


class Touring:
    """Betters the long routes of a schedule."""

    def __init__(self, schedule: Schedule, whole: Pricer, seed: int) -> None:
        self._schedule, self._whole, self._seed = schedule, whole, seed
        self.sessions = [s for s in whole.sessions if whole.most_stops(s) >= LONG]

    def better(self, calls: int, is_spent: object = None) -> bool:
        """Search for so many calls; whether that gained."""
        crews = self._crews()
        sessions = [s for s in self.sessions if s in crews]
        if not sessions:
            return False
        field, num_stops = self._field(sessions, crews)
        stop, num = self._routes(field, sessions, num_stops)
        before = self._schedule.points
        for _ in range(calls):
            self._seed += 1
            _, spent = roam(self._whole.tables, field, stop, num, CALL, HEAT, self._seed)
            self._whole.spend(spent)
            if self._whole.is_spent():
                break
        self._put(field, sessions, crews, stop, num)
        return self._schedule.points > before
