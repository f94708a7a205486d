"""Some sessions of a schedule taken out to be solved together, everything else left as it stands."""

from collections.abc import Callable, Sequence
from math import isfinite

from samsyn_planning.domain.planner.engine.columns import Column, assembled
from samsyn_planning.domain.planner.engine.generation import Generation
from samsyn_planning.domain.planner.engine.master import Chosen, choose, reduced
from samsyn_planning.domain.planner.engine.prices import Prices
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.schedule import Operation, Schedule

# A node of the integer problem weighs as much as so many steps of pricing.
NODE_STEPS = 20_000


class Opened:
    """`operations` is the best known for the sessions, `base` what the schedule brings with all of them idle."""

    def __init__(self, schedule: Schedule, drawer: Drawer, sessions: Sequence[int], budget: Budget) -> None:
        self._schedule, self._budget = schedule, budget
        self.operations: dict[int, Operation | None] = {s: schedule.operations[s] for s in sessions}
        self.points = schedule.points
        for session in sessions:
            schedule.put(session, None)
        self.base = schedule.points
        self.generation = Generation(schedule, drawer, sessions, budget)
        self._held = self._columns_of(self.operations)

    @property
    def bound(self) -> float:
        """No plan that differs in these sessions alone brings more."""
        return self.base + self.generation.bound

    def generate(self, rounds: int, *levels: tuple[int, int]) -> Prices:
        """Find columns: see `Generation.generate`."""
        return self.generation.generate(rounds, levels)

    def choose(self, prices: Prices, most: int, node_limit: int) -> bool:
        """Look for a better plan among the columns nearest to the linear optimum; whether one was found."""
        generation = self.generation
        # What misses the bound by more than the gap is in no better plan.
        gap = self.base + self.generation.bound_here - self.points
        ranked = sorted(
            (
                (-reduced(column, prices, generation.rows), place)
                for place, column in enumerate(generation.pool.columns)
            ),
        )
        columns = [generation.pool.columns[place] for loss, place in ranked[:most] if loss <= gap]
        return self._accept(self._integer(columns, node_limit))

    def dive(self) -> bool:
        """Look for a better plan by rounding the linear optimum; whether one was found."""
        return self._accept(self._integer(self.generation.dive(), 1))

    def prove(self, prices: Prices, most: int, node_limit: int) -> None:
        """Enumerate every column that a better plan could use, and choose among them; the bound follows."""
        gap = self.base + self.generation.bound_here - self.points - 1
        if gap < 0 or not isfinite(gap):
            return
        columns = self.generation.enumerated(prices, gap + 1e-3, most)
        if columns is None:
            return
        chosen = self._integer(columns, node_limit)
        if chosen is None:
            return
        self._accept(chosen)
        best = max(float(self.points - self.base), chosen.bound)
        self.generation.bound = min(self.generation.bound, best)

    def _integer(self, columns: list[Column], node_limit: int) -> Chosen | None:
        held = [column for column, _ in self._held]
        known = set(held)
        listed = [*held, *(column for column in columns if column not in known)]
        hint = [(place, teams) for place, (_, teams) in enumerate(self._held)]
        limit = max(1, min(node_limit, self._budget.left() // NODE_STEPS))
        chosen = choose(self.generation.rows, listed, hint, limit, self._budget.seconds_left())
        self._budget.is_late()
        if chosen is not None:
            self._budget.spend(NODE_STEPS * (chosen.nodes + 1))
        return chosen

    def _accept(self, chosen: Chosen | None) -> bool:
        if chosen is None or self.base + chosen.points <= self.points:
            return False
        found: dict[int, Operation | None] = dict.fromkeys(self.operations)
        for column, teams in chosen.columns:
            found[column.session] = self._operation(column, teams)
        schedule = self._schedule
        mark = schedule.mark()
        for session, operation in found.items():
            if operation is not None:
                schedule.put(session, operation)
        points = schedule.points
        schedule.back(mark)
        if points <= self.points:
            return False
        self.operations, self.points = found, points
        self._held = self._columns_of(found)
        return True

    def _operation(self, column: Column, teams: tuple[int, ...]) -> Operation | None:
        if column.starts:
            points = column.points + self._schedule.idle_points(column.session)
            return Operation(column.route, column.starts, column.teams, points)
        return assembled(self._schedule, column.session, column.route, teams)

    def _columns_of(self, operations: dict[int, Operation | None]) -> list[tuple[Column, tuple[int, ...]]]:
        """The operations as columns, with their teams; those that are no columns are left out."""
        columns = []
        for session, operation in operations.items():
            column = None if operation is None else self.generation.column_of(session, operation)
            if column is not None and operation is not None:
                self.generation.pool.add(column)
                columns.append((column, operation.teams))
        return columns

    def lend(self, better: Callable[[], None]) -> None:
        """Let somebody better the schedule with the best known in it, and take in what came of it."""
        schedule = self._schedule
        self.close()
        better()
        self.operations = {session: schedule.operations[session] for session in self.operations}
        self.points = schedule.points
        for session in self.operations:
            schedule.put(session, None)
        self._held = self._columns_of(self.operations)

    def close(self) -> bool:
        """Put the best known back; whether it fits (what no longer fits beside the rest would be lost)."""
        for session, operation in self.operations.items():
            self._schedule.put(session, operation)
        return self._schedule.points == self.points
