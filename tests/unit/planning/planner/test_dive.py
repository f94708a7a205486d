"""A dive fixes columns step by step, takes back a step that loses much, and leaves the linear master as it was."""

from time import monotonic

import numpy as np
from samsyn_planning.domain.planner.engine.dive import LOSS, Dive
from samsyn_planning.domain.planner.engine.generation import EXACT, Generation
from samsyn_planning.domain.planner.engine.tables import Drawer, Ints
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.limit import Budget, Limit
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule

from tests.support.planning_forms import a_problem, a_session, a_team_session, an_inspection

ROUNDS = 20


class Diving:
    """A dive over one session that could hold either of two inspections, the linear master solved."""

    def __init__(self) -> None:
        problem = a_problem(
            [a_session(max_inspections=1)], [a_team_session()], [an_inspection("i1"), an_inspection("i2", value=90)]
        )
        schedule = Schedule(Facts(read_problem(problem)))
        self.generation = Generation(schedule, Drawer(schedule.facts), [0], Budget(Limit(), monotonic))
        self.generation.generate(ROUNDS, [EXACT])
        self.allowed: Ints = np.ones(2, np.int64)
        self.dive = Dive(self.generation.linear, self.generation.pool, self.allowed, [0])

    def objective(self) -> float:
        """The linear optimum as things are fixed and barred now."""
        self.generation.linear.take_in()
        self.generation.linear.solve()
        return self.generation.linear.objective

    def routes(self) -> list[tuple[int, ...]]:
        """What the linear optimum takes."""
        taken = zip(self.generation.pool.columns, self.generation.linear.values(), strict=True)
        return [column.route for column, value in taken if value > 0.5]


def test_a_step_fixes_what_the_linear_optimum_takes_and_closes_its_session() -> None:
    diving = Diving()

    assert diving.dive.go_on(diving.objective(), 0)

    assert ([c.route for c in diving.dive.columns()], diving.dive.open_sessions) == ([(0,)], set())
    assert list(diving.allowed) == [0, 1]


def test_a_step_that_loses_much_is_taken_back_and_its_column_barred() -> None:
    diving = Diving()
    best = diving.objective()
    diving.dive.go_on(best, 0)

    assert diving.dive.go_on(best - 2 * LOSS * abs(best), 0)

    assert (diving.dive.columns(), diving.dive.open_sessions, list(diving.allowed)) == ([], {0}, [1, 1])
    diving.objective()
    assert (0,) not in diving.routes()


def test_a_step_that_loses_little_stands() -> None:
    diving = Diving()
    best = diving.objective()
    diving.dive.go_on(best, 0)

    assert not diving.dive.go_on(best - LOSS * abs(best) / 2, 0)

    assert [c.route for c in diving.dive.columns()] == [(0,)]


def test_where_nothing_is_fixed_nothing_is_taken_back() -> None:
    assert not Diving().dive.turn_back()


def test_after_the_dive_the_linear_master_is_as_it_was() -> None:
    diving = Diving()
    before = diving.objective()
    diving.dive.go_on(before, 0)
    diving.dive.turn_back()
    lower = diving.objective()

    diving.dive.surface()

    assert (lower < before, diving.objective(), list(diving.allowed)) == (True, before, [1, 1])
