"""B-1: whatever the prices, the engine's pricing misses no column among all routes and all sets of teams."""

from collections import Counter
from random import Random
from time import monotonic

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_planning.domain.planner.engine.columns import unchanged
from samsyn_planning.domain.planner.engine.cuts import Charges
from samsyn_planning.domain.planner.engine.generation import Generation
from samsyn_planning.domain.planner.engine.prices import Prices
from samsyn_planning.domain.planner.engine.pricing import EPSILON
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.limit import Budget, Limit
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule

from tests.support.brute_force import FrozenClash, optimum_of
from tests.support.brute_force_columns import best_reduced_value, columns_of, net_of_nothing
from tests.support.brute_force_world import Form
from tests.support.tiny_problems import tiny_problems, wide_problems

MANY = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
EVERY_ROUTE = 1 << 40
EVERY_COLUMN = 20_000
ANYTHING = -1e9
Key = tuple[frozenset[str], frozenset[int]]


class PricedSession:
    """An open session with prices on inspections, team sessions and cuts, as the engine sees it."""

    def __init__(self, schedule: Schedule, session: int, random: Random) -> None:
        self.schedule, self.session = schedule, session
        facts = schedule.facts
        self.id = facts.sessions[session].id
        # Now and then the sites are hardly worth their prices and a team's coming is, as where it was published.
        dear, wanted = random.choice(((0, 0), (0, 0), (400, -200)))
        self.inspections = _drawn(random, [own.id for own in facts.inspections], dear, 500 + dear)
        self.teams = _drawn(random, [own.id for own in facts.teams], wanted - 60, wanted + 150)
        self._generation = Generation(schedule, Drawer(facts), [session], Budget(Limit(), monotonic))
        self.cuts = self._drawn_cuts(random)

    def _drawn_cuts(self, random: Random) -> dict[frozenset[str], float]:
        """Up to three cuts, each of three things: inspections, the session, teams that are alone in their class."""
        facts, generation = self.schedule.facts, self._generation
        classes = Counter(option.row for option in generation.options)
        sole = [facts.teams[own.team].id for own in generation.options if classes[own.row] == 1]
        held = [facts.inspections[own].id for own in generation.candidates(self.session)]
        members = [self.id, *held, *sole]
        if len(members) < 3:
            return {}
        drawn = (frozenset(random.sample(members, 3)) for _ in range(random.choice((0, 0, 1, 3))))
        return {cut: random.uniform(1, 200) for cut in drawn}

    def _charges(self) -> Charges:
        """The cuts as pricing is told of them."""
        facts, generation = self.schedule.facts, self._generation
        inspections = np.full((len(self.cuts), 3), -1, np.int64)
        session = np.full(len(self.cuts), -1, np.int64)
        calls = np.zeros((len(self.cuts), max(1, len(generation.tables.class_party))), np.int64)
        for row, cut in enumerate(self.cuts):
            for place, member in enumerate(sorted(cut)):
                if member == self.id:
                    session[row] = self.session
                elif member in facts.inspection_index:
                    inspections[row, place] = facts.inspection_index[member]
            for option in generation.options:
                calls[row, option.row] += facts.teams[option.team].id in cut
        return Charges(inspections, session, calls, np.array(list(self.cuts.values()), np.float64))

    def _prices(self) -> Prices:
        """The prices as the linear master gives them: a class costs what its cheapest team costs."""
        facts, nothing = self.schedule.facts, np.zeros(len(self.schedule.facts.sessions))
        classes = np.full(max(1, len(self._generation.tables.class_party)), 1e18)
        for option in self._generation.options:
            paid = self.teams[facts.teams[option.team].id] - option.points
            classes[option.row] = min(classes[option.row], paid)
        by_index = np.array([self.inspections[own.id] for own in facts.inspections], np.float64)
        calls = np.zeros(len(self._generation.options))
        return Prices(by_index, classes, nothing, calls, self._charges(), 0.0, 0.0)

    def best(self, threshold: float) -> float:
        """What the best column, or the published operation as it stands, brings over idling and its prices.

        Columns below the threshold need not be found.
        """
        _, found = self._generation.price(self._prices(), self.session, threshold, 12, EVERY_ROUTE, EVERY_ROUTE)
        assert found.is_exact
        return max(found.best, self._as_published())

    def _as_published(self) -> float:
        facts, column = self.schedule.facts, unchanged(self.schedule, self.session)
        if column is None:
            return ANYTHING
        held = {facts.inspections[own].id for own in column.route}
        paid = sum(self.inspections[own] for own in held) + sum(self.teams[facts.teams[own].id] for own in column.teams)
        members = {self.id, *held, *(facts.teams[own].id for own in column.teams)}
        return column.points - paid - sum(cost for cut, cost in self.cuts.items() if len(cut & members) > 1)

    def within(self, gap: float) -> set[Key]:
        """The columns that lose at most the gap, as inspections and the classes of their teams."""
        facts = self.schedule.facts
        columns, found = self._generation.price(
            self._prices(), self.session, -gap, EVERY_COLUMN, EVERY_ROUTE, EVERY_ROUTE
        )
        assert found.is_exact
        return {(frozenset(facts.inspections[own].id for own in c.route), frozenset(c.classes)) for c in columns}

    def classes_of(self, teams: frozenset[str]) -> frozenset[int]:
        """The class rows of team sessions."""
        facts = self.schedule.facts
        return frozenset(own.row for own in self._generation.options if facts.teams[own.team].id in teams)


def _drawn(random: Random, ids: list[str], low: float, high: float) -> dict[str, float]:
    return {id_: random.choice((low, random.uniform(low, high))) for id_ in ids}


def _priced_sessions(problem: Form, random: Random) -> list[PricedSession]:
    """Each session that can hold something else than what was published, alone in an empty schedule."""
    try:
        optimum_of(problem)
    except FrozenClash:
        return []
    facts = Facts(read_problem(problem))
    free = [session for session in range(len(facts.sessions)) if not facts.is_closed(session)]
    return [PricedSession(Schedule(facts), session, random) for session in free]


def _compared(problem: Form, random: Random, threshold: float) -> list[tuple[float, float]]:
    """For each open session what the engine's best column and the best of all columns bring over idling."""
    compared = []
    for own in _priced_sessions(problem, random):
        best = best_reduced_value(problem, own.id, own.inspections, own.teams, own.cuts)
        idle = net_of_nothing(problem, own.id)
        if best is not None and idle is not None:
            compared.append((own.best(threshold), best - idle))
    return compared


def _left_out(problem: Form, own: PricedSession, gap: float) -> list[Key]:
    """The changed columns that lose less than the gap and that the engine's enumeration does not give."""
    idle = net_of_nothing(problem, own.id) or 0
    given_by_engine = own.within(gap)
    wanted = [
        (column.inspections, own.classes_of(column.teams))
        for column in columns_of(problem, own.id)
        if column.less(own.inspections, own.teams, own.cuts) - idle > -gap + 1e-6
    ]
    return [key for key in wanted if key not in given_by_engine]


def _without_alternatives(problem: Form) -> Form:
    """Alternatives are the master's affair: without them both must find the very same best."""
    return problem | {"team_sessions": [own | {"alternatives_group": None} for own in problem["team_sessions"]]}


@MANY
@given(tiny_problems | wide_problems, st.randoms(use_true_random=True))
def test_no_column_of_a_session_is_missed(problem: Form, random: Random) -> None:
    compared = _compared(problem, random, ANYTHING)

    assert [pair for pair in compared if pair[0] < pair[1] - 1e-6] == []


@MANY
@given(tiny_problems | wide_problems, st.randoms(use_true_random=True))
def test_no_column_that_gains_is_missed_where_only_gains_are_asked_for(problem: Form, random: Random) -> None:
    compared = _compared(problem, random, EPSILON)

    assert [pair for pair in compared if pair[1] > 2 * EPSILON and pair[0] < pair[1] - EPSILON] == []


@MANY
@given(tiny_problems | wide_problems, st.randoms(use_true_random=True))
def test_no_column_is_thought_better_than_it_is(problem: Form, random: Random) -> None:
    compared = _compared(_without_alternatives(problem), random, ANYTHING)

    assert [pair for pair in compared if pair[0] > pair[1] + 1e-6] == []


@MANY
@given(tiny_problems | wide_problems, st.randoms(use_true_random=True), st.sampled_from((0.5, 40.0, 300.0)))
def test_enumeration_inside_a_gap_leaves_no_column_out(problem: Form, random: Random, gap: float) -> None:
    assert [key for own in _priced_sessions(problem, random) for key in _left_out(problem, own, gap)] == []
