"""Some sessions of a schedule taken out to be solved together, everything else left as it stands."""

from collections.abc import Callable, Sequence
from math import isfinite

import numpy as np

from samsyn_planning.domain.planner.engine.columns import Column, assembled
from samsyn_planning.domain.planner.engine.generation import Generation
from samsyn_planning.domain.planner.engine.master import Chosen, choose, reduced
from samsyn_planning.domain.planner.engine.prices import Prices
from samsyn_planning.domain.planner.engine.remembered import ColumnPool, Named
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.schedule import Operation, Schedule

# A node of the integer problem weighs as much as so many steps of pricing.
NODE_STEPS = 20_000
# So does taking in a column of an earlier solve.
RECALL_STEPS = 200


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

    def recall(self, pool: ColumnPool) -> None:
        """Take in what of an earlier solve can still be done."""
        facts = self._schedule.facts
        for named in pool.columns:
            session = facts.session_index.get(named.session, -1)
            route = tuple(facts.inspection_index.get(inspection, -1) for inspection in named.inspections)
            teams = tuple(facts.team_index.get(team, -1) for team in named.teams)
            is_route = route and len(set(route)) == len(route)
            if not is_route or session not in self.operations or min((*route, *teams)) < 0:
                continue
            self._budget.spend(RECALL_STEPS)
            operation = assembled(self._schedule, session, route, teams)
            column = None if operation is None else self.generation.column_of(session, operation)
            if column is not None:
                self.generation.pool.add(column)

    def remember(self, pool: ColumnPool, prices: Prices) -> None:
        """Leave the columns nearest to the linear optimum to the next solve, those of the best plan before them."""
        generation = self.generation
        gain = reduced(generation.pool.columns, prices, generation.rows)
        nearest = [generation.pool.columns[place] for place in np.argsort(-gain, kind="stable")]
        pool.keep(dict.fromkeys(self._named(column) for column in [*(column for column, _ in self._held), *nearest]))

    def _named(self, column: Column) -> Named:
        facts, rows = self._schedule.facts, self.generation.rows
        teams = column.teams or tuple(rows.first_option[row].team for row in column.classes)
        inspections = tuple(facts.inspections[inspection].id for inspection in column.route)
        return Named(facts.sessions[column.session].id, inspections, tuple(sorted(facts.teams[t].id for t in teams)))

    def choose(self, prices: Prices, most: int, node_limit: int) -> bool:
        """Look for a better plan among the columns nearest to the linear optimum; whether one was found."""
        generation = self.generation
        # What misses the bound by more than the gap is in no better plan.
        gap = self.base + self.generation.bound_here - self.points
        loss = -reduced(generation.pool.columns, prices, generation.rows)
        nearest = np.argsort(loss, kind="stable")[:most]
        columns = [generation.pool.columns[place] for place in nearest if loss[place] <= gap]
        return self._accept(self._integer(columns, node_limit))

    def dive(self) -> bool:
        """Look for a better plan by rounding the linear optimum; whether one was found."""
        return self._accept(self._integer(self.generation.dive(), 1))

    def prove(self, prices: Prices, share: float, most: int, node_limit: int) -> bool:
        """Enumerate every column of the plans within a share of the gap, and choose among them; the bound follows.

        False where they are too many. A plan that brings less than the bound by so much may use others.
        """
        here = self.generation.bound_here
        gap = self.base + here - self.points - 1
        if gap < 0 or not isfinite(gap):
            return True
        within = share * gap + 1e-3
        columns = self.generation.enumerated(prices, within, most)
        if columns is None:
            return False
        chosen = self._integer(columns, node_limit)
        if chosen is None:
            return False
        self._accept(chosen)
        best = max(float(self.points - self.base), chosen.bound)
        if share < 1:
            best = max(best, here - within)
        self.generation.bound = min(self.generation.bound, best)
        return True

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
