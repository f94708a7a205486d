"""Column generation over some sessions of a schedule: prices, columns, a bound, and the best plan of the columns."""

from collections.abc import Sequence

from samsyn_planning.domain.planner.engine.columns import Column, unchanged
from samsyn_planning.domain.planner.engine.cuts import violated
from samsyn_planning.domain.planner.engine.dive import Dive
from samsyn_planning.domain.planner.engine.master import Linear, LinearError, Pool, reduced
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.engine.prices import Prices
from samsyn_planning.domain.planner.engine.pricing import EPSILON
from samsyn_planning.domain.planner.engine.rows import Rows
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.schedule import Operation, Schedule
from samsyn_planning.domain.planner.visits import disrupted_former

# Columns that a session may add in one round.
KEPT = 12
# Nodes of a look at a session, in all and for one set of classes: quick, more thorough, exact.
QUICK, THOROUGH, EXACT = (2000, 400), (50_000, 10_000), (1 << 60, 1 << 60)
ENUMERATED, ENUMERATION_NODES = 20_000, 5_000_000
# The linear master is solved when what is missing is less than this share of the bound.
TOLERANCE = 1e-4
# Columns that a session may add in one round of a dive.
DIVE_KEPT = 4
# A step of the simplex method weighs as much as so many nodes.
LINEAR_STEPS = 20


class Generation(Pricer):
    """The sessions given are free (and must be empty in the schedule); everything else stays as it is."""

    def __init__(self, schedule: Schedule, drawer: Drawer, sessions: Sequence[int], budget: Budget) -> None:
        super().__init__(schedule, drawer, sessions, budget)
        standing = [
            column for column in (unchanged(schedule, s) for s in self.sessions) if column and self._is_free(column)
        ]
        inspections = {int(i) for i in self.tables.cand}.union(*(column.route for column in standing))
        self.rows = Rows(schedule.facts, self.options, inspections, self.sessions)
        self.pool = Pool(self.rows)
        self.linear = Linear(self.rows, self.tables, self.pool)
        self._class_of = {(o.session, o.team): o.row for o in self.options}
        self.bound = float("inf")
        self.bound_here = float("inf")
        self._unchanged = {column.session: column for column in standing if self.pool.add(column) is not None}

    def _is_free(self, column: Column) -> bool:
        return all(self.schedule.session_of[inspection] < 0 for inspection in column.route)

    def column_of(self, session: int, operation: Operation) -> Column | None:
        """The operation as a column; None where its teams or inspections are not to be had here."""
        special = self._unchanged.get(session)
        if special is not None and (special.route, special.starts, special.teams) == operation[:3]:
            return special
        rows = [self._class_of.get((session, team)) for team in operation.teams]
        if any(row is None for row in rows) or not all(i in self.rows.inspections for i in operation.route):
            return None
        points = operation.points - self.schedule.idle_points(session)
        points -= sum(self.options[self.rows.option_at[session, team]].points for team in operation.teams)
        if disrupted_former(self.schedule.facts, session) and not self.schedule.is_changed(session, operation):
            points -= self.schedule.facts.weights.changed
        return Column(session, operation.route, tuple(sorted(row for row in rows if row is not None)), points)

    def generate(self, rounds: int, levels: Sequence[tuple[int, int]]) -> Prices:
        """Solve the linear master and price, until no column is missing or the rounds or the budget end.

        Sessions are looked at quickly first (`levels[0]`: nodes in all and for one set of classes); where that finds
        nothing, more thoroughly. `bound` is the least upper bound found on what the sessions bring over being idle,
        `bound_here` the one that follows from the prices returned.
        """
        for _ in range(rounds):
            self.linear.take_in()
            prices = self.linear.solve()
            self._budget.spend(LINEAR_STEPS * self.linear.iterations)
            best: dict[int, float] = {}
            open_sessions, num_new = self.sessions, 0
            for level in levels:
                open_sessions, num_new = self._look(prices, open_sessions, level, best)
                if num_new or not open_sessions or self._budget.is_spent():
                    break
            self.bound_here = self._bound(prices, best) if len(best) == len(self.sessions) else float("inf")
            self.bound = min(self.bound, self.bound_here)
            gap = self.bound_here - self.linear.objective
            if num_new == 0 or gap < TOLERANCE * abs(self.bound_here) or self._budget.is_spent():
                break
        return prices

    def tighten(self, most: int) -> int:
        """Add cuts that the linear optimum breaks; how many there are."""
        values = self.linear.values()
        known = self.pool.columns[: len(values)]
        members = [self.rows.members(column) if value > 0 else () for column, value in zip(known, values, strict=True)]
        triples = violated(members, values, set(self.rows.cuts), most)
        self.linear.cut(triples)
        return len(triples)

    def _look(
        self, prices: Prices, sessions: Sequence[int], level: tuple[int, int], best: dict[int, float]
    ) -> tuple[list[int], int]:
        """Price the sessions: those that were not looked at exactly, and how many columns are new."""
        left, num_new = [], 0
        for session in sessions:
            columns, found = self.price(prices, session, EPSILON, KEPT, *level)
            num_new += sum(self.pool.add(column) is not None for column in columns)
            best[session] = max(0.0, found.best)
            if not found.is_exact:
                left.append(session)
            if self._budget.is_spent():
                break
        return left, num_new

    def _bound(self, prices: Prices, best: dict[int, float]) -> float:
        bound = prices.shared + float(prices.inspections.sum())
        for session, most in best.items():
            special = self._unchanged.get(session)
            if special is not None:
                most = max(most, float(reduced([special], prices, self.rows)[0]))
            bound += most + float(prices.sessions[session])
        return bound

    def dive(self) -> list[Column]:
        """Round the linear optimum step by step, finding columns for what is left; the columns it ends with."""
        dive = Dive(self.linear, self.pool, self._allowed, self.sessions)
        while not self._budget.is_spent():
            self.linear.take_in()
            try:
                prices = self.linear.solve()
            except LinearError:
                if not dive.turn_back():
                    break
                continue
            self._budget.spend(LINEAR_STEPS * self.linear.iterations)
            num_new = 0
            for session in sorted(dive.open_sessions):
                columns, _ = self.price(prices, session, EPSILON, DIVE_KEPT, *QUICK)
                num_new += sum(self.pool.add(column) is not None for column in columns)
            if not dive.go_on(self.linear.objective, num_new):
                break
        dive.surface()
        return dive.columns()

    def enumerated(self, prices: Prices, gap: float, most: int) -> list[Column] | None:
        """All columns that a plan within `gap` of the linear bound could use; None where there are more than `most`."""
        columns = list[Column]()
        for session in self.sessions:
            own, found = self.price(prices, session, -gap, min(ENUMERATED, most), ENUMERATION_NODES, ENUMERATION_NODES)
            columns += own
            if not found.is_exact or len(columns) > most or self._budget.is_spent():
                return None
            special = self._unchanged.get(session)
            if special is not None and reduced([special], prices, self.rows)[0] >= -gap:
                columns.append(special)
        return columns
