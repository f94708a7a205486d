"""The tables of some sessions with what may be visited just now, and columns priced from them."""

from collections.abc import Sequence

import numpy as np

from samsyn_planning.domain.planner.engine.columns import Column
from samsyn_planning.domain.planner.engine.cuts import no_charges
from samsyn_planning.domain.planner.engine.inclusion import inclusions
from samsyn_planning.domain.planner.engine.prices import NEVER, Prices
from samsyn_planning.domain.planner.engine.pricing import EPSILON, Found, price
from samsyn_planning.domain.planner.engine.stops import stops_of
from samsyn_planning.domain.planner.engine.tables import LONGEST, Drawer, Floats, Ints
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.schedule import Operation, Schedule


class Pricer:
    """Draws the sessions (which must be empty in the schedule) and prices columns for them."""

    def __init__(self, schedule: Schedule, drawer: Drawer, sessions: Sequence[int], budget: Budget) -> None:
        self.schedule, self.sessions, self._budget = schedule, list(sessions), budget
        drawn = drawer.draw(schedule, self.sessions)
        self.tables, self.options = drawn.tables, drawn.options
        generator = np.random.Generator(np.random.PCG64(1))
        size = len(self.tables.place) + len(self.tables.class_party) + 1
        self._noise = generator.integers(1, 1 << 63, size, np.uint64)
        self._allowed = np.zeros(len(schedule.session_of), np.int64)
        self._options_of: dict[int, list[int]] = {}
        for place, option in enumerate(self.options):
            self._options_of.setdefault(option.session, []).append(place)
        self.allow(schedule.session_of)
        self._is_drawn_whole = drawn.is_whole

    def is_whole(self) -> bool:
        """Whether nothing was left out that a plan could use: else no bound follows from these tables."""
        offered = self.schedule.facts.sessions
        wide = (s for s in self.sessions if (offered[s].max_inspections or LONGEST + 1) > LONGEST)
        return self._is_drawn_whole and all(self.most_stops(session) < LONGEST for session in wide)

    def allow(self, session_of: Sequence[int], only: frozenset[int] | None = None) -> None:
        """Let columns hold only inspections that are in no session, and in `only` where it is named."""
        self._allowed[:] = np.fromiter((held < 0 for held in session_of), np.int64, len(session_of))
        if only is not None:
            self._allowed[[i for i in range(len(session_of)) if i not in only]] = 0

    def candidates(self, session: int) -> Ints:
        """The inspections that the session could hold."""
        first = self.tables.cand_first
        return self.tables.cand[first[session] : first[session + 1]]

    def most_stops(self, session: int) -> int:
        """How many stops the session could hold at most, by the shortest stays."""
        everything, free = np.ones(len(self.tables.place), np.int64), np.zeros(len(self.tables.place))
        return int(stops_of(self.tables, session, everything, free).most)

    def spend(self, steps: int) -> None:
        """Count steps of work done with these tables."""
        self._budget.spend(steps)

    def is_spent(self, share: float = 1.0) -> bool:
        """Whether (a share of) the budget is used up."""
        return self._budget.is_spent(share)

    def is_over(self) -> bool:
        """Whether all seconds are used up."""
        return self._budget.is_over()

    def price(
        self,
        prices: Prices,
        session: int,
        threshold: float,
        keep: int,
        node_limit: int,
        leaf_limit: int,
    ) -> tuple[list[Column], Found]:
        """The session's columns above the threshold: see `pricing.price`."""
        node_limit = self._budget.within(node_limit)
        found = price(
            self.tables,
            session,
            self._allowed,
            prices.inspections,
            prices.classes,
            float(prices.sessions[session]),
            threshold,
            keep,
            node_limit,
            leaf_limit,
            self._noise,
            *prices.cuts,
        )
        self._budget.spend(found.nodes)
        return _columns(prices, session, found), found

    def call_prices(self, sessions: Sequence[int]) -> tuple[Floats, dict[int, int]]:
        """For each class what its cheapest team costs that no other operation bars, and which team that is."""
        classes = np.full(max(1, len(self.tables.class_party)), NEVER)
        teams: dict[int, int] = {}
        for session in sessions:
            busy = self.schedule.busy(session)
            bit = {call.team: call.bit for call in self.schedule.crews.calls[session]}
            for place in self._options_of.get(session, ()):
                option = self.options[place]
                if not bit[option.team] & busy and -option.points < classes[option.row]:
                    classes[option.row], teams[option.row] = -option.points, option.team
        return classes, teams

    def best_alone(self, session: int, look: tuple[int, int]) -> tuple[Column, tuple[int, ...]] | None:
        """The session's best column with its teams, of what is free now; None where none gains."""
        classes, teams = self.call_prices([session])
        nothing, none = np.zeros(0), no_charges(len(classes))
        prices = Prices(
            np.zeros(len(self.tables.place)), classes, np.zeros(len(self.tables.start)), nothing, none, 0.0, 0.0
        )
        columns, _ = self.price(prices, session, EPSILON, 1, *look)
        if not columns:
            return None
        return columns[0], tuple(sorted(teams[row] for row in columns[0].classes))

    def inclusions(
        self, unplanned: Sequence[int], look: tuple[int, int]
    ) -> dict[int, tuple[int, tuple[int, ...], tuple[int, ...]]]:
        """For each unplanned inspection the session, route and teams that hold it at the least loss, where one can.

        Each session may keep, drop and reorder what it holds, and call what teams are free. Those with routes longer
        than can be enumerated are not asked.
        """
        held = self.schedule.operations
        asked = [session for session in self.sessions if _num_stops(held[session]) < LONGEST]
        classes, teams = self.call_prices(asked)
        routes = np.full((len(held), LONGEST), -1, np.int64)
        points = np.zeros(len(held), np.float64)
        for session in asked:
            operation = held[session]
            if operation is not None:
                routes[session, : len(operation.route)] = operation.route
                points[session] = operation.points - self.schedule.idle_points(session)
        found = inclusions(
            self.tables,
            np.array(asked, np.int64),
            routes,
            points,
            np.array(unplanned, np.int64),
            classes,
            *look,
            self._noise,
        )
        self._budget.spend(found.nodes)
        best = {}
        for place, inspection in enumerate(unplanned):
            if found.session[place] >= 0:
                route = tuple(int(i) for i in found.route[place] if i >= 0)
                crew = tuple(sorted(teams[int(row)] for row in found.classes[place] if row >= 0))
                best[inspection] = (int(found.session[place]), route, crew)
        return best


def _columns(prices: Prices, session: int, found: Found) -> list[Column]:
    """The columns found, each with what it brings without any prices."""
    num = len(found.gain)
    if num == 0:
        return []
    lengths, calls = (found.route >= 0).sum(axis=1), (found.classes >= 0).sum(axis=1)
    route, classes = found.route[:, : lengths.max()], found.classes[:, : calls.max()]
    points = found.gain + prices.sessions[session] + prices.paid(np.full(num, session), route, classes)
    routes, crews, worth = route.tolist(), classes.tolist(), np.rint(points).astype(np.int64).tolist()
    return [
        Column(session, tuple(routes[at][: lengths[at]]), tuple(sorted(crews[at][: calls[at]])), worth[at])
        for at in range(num)
    ]


def _num_stops(operation: Operation | None) -> int:
    return 0 if operation is None else len(operation.route)
