"""A dive: columns fixed one after the other until the linear optimum is a plan; turned back where it loses much."""

from collections.abc import Sequence

from samsyn_planning.domain.planner.engine.columns import Column
from samsyn_planning.domain.planner.engine.master import Linear, Pool
from samsyn_planning.domain.planner.engine.tables import Ints

# Every column that the linear optimum takes to the first share is fixed at once; else those it takes to the second, for
# one in so many of the sessions still open; else the one it takes most of.
SURE, LIKELY, SHARE = 0.85, 0.6, 10
# Rounds of pricing after a step; more as long as each gains this share.
ROUNDS, MOST_ROUNDS, WORTH_A_ROUND = 2, 6, 0.001
# A step that loses this share of the value is taken back, so often in one dive.
LOSS, RETURNS = 0.003, 8


class Dive:
    """Steps of one dive; `open_sessions` have no column fixed yet."""

    def __init__(self, linear: Linear, pool: Pool, allowed: Ints, sessions: Sequence[int]) -> None:
        self._linear, self._pool, self._allowed = linear, pool, allowed
        self._before = allowed.copy()
        self.open_sessions = set(sessions)
        self._fixed: list[list[int]] = []
        self._barred: list[int] = []
        self._best = self._last = float("-inf")
        self._rounds, self._returns = 0, RETURNS

    def go_on(self, objective: float, num_new: int) -> bool:
        """Take the next step, or let columns be found first; False where the dive is over."""
        self._rounds += 1
        gained = objective - self._last > WORTH_A_ROUND * abs(objective)
        self._last = objective
        if num_new and (self._rounds < ROUNDS or gained) and self._rounds < MOST_ROUNDS:
            return True
        if self._best - objective > LOSS * abs(self._best) and self.turn_back():
            return True
        self._best = objective
        return self._step()

    def _step(self) -> bool:
        done = {place for step in self._fixed for place in step}
        values = self._linear.values()
        waiting = sorted((-value, place) for place, value in enumerate(values) if value > 1e-6 and place not in done)
        if not waiting:
            return False
        most = max(1, len(self.open_sessions) // SHARE)
        chosen = [place for value, place in waiting if -value >= SURE]
        if len(chosen) < most:
            chosen = [place for value, place in waiting[:most] if -value >= LIKELY] or [waiting[0][1]]
        self._linear.fix(chosen)
        self._fixed.append(chosen)
        for place in chosen:
            column = self._pool.columns[place]
            self.open_sessions.discard(column.session)
            self._allowed[list(column.route)] = 0
        self._rounds = 0
        return True

    def turn_back(self) -> bool:
        """Take the last step back and bar its first column; False where that is not to be done (again)."""
        if not self._fixed or self._returns == 0:
            return False
        self._returns -= 1
        last = self._fixed.pop()
        self._linear.release(last)
        for place in last:
            column = self._pool.columns[place]
            self.open_sessions.add(column.session)
            self._allowed[list(column.route)] = self._before[list(column.route)]
        self._linear.bar(last[0])
        self._barred.append(last[0])
        self._rounds = 0
        return True

    def surface(self) -> None:
        """Leave the linear master as it was."""
        for step in self._fixed:
            self._linear.release(step)
        for place in self._barred:
            self._linear.admit(place)
        self._allowed[:] = self._before

    def columns(self) -> list[Column]:
        """The columns that were fixed."""
        return [self._pool.columns[place] for step in self._fixed for place in step]
