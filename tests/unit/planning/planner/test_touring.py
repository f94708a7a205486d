"""Long routes are bettered on the spot: more points, every rule kept, and nothing touched where routes are short."""

from time import monotonic

import pytest
from samsyn_planning.domain.generator import generate
from samsyn_planning.domain.planner.engine.greedy import Greedy
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.engine.touring import Touring
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.limit import Budget, Limit
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule

from tests.support.planning_forms import Form, a_problem
from tests.support.toptw import best_known, toptw_problem

SEED = 1
WIDE, NUM_ROUTES = "pr01", 1


class Toured:
    """A problem filled greedily, and the search among its long routes."""

    def __init__(self, problem: Form) -> None:
        self.schedule = Schedule(Facts(read_problem(problem)))
        sessions = range(len(self.schedule.operations))
        self.budget = Budget(Limit(), monotonic)
        whole = Pricer(self.schedule, Drawer(self.schedule.facts), sessions, self.budget)
        Greedy(whole).fill()
        self.touring = Touring(self.schedule, whole, SEED)

    def worth_by_itself(self) -> int:
        """What the operations bring when each is worked out anew."""
        operations = [(s, own) for s, own in enumerate(self.schedule.operations) if own is not None]
        anew = [self.schedule.evaluated(s, own.route) for s, own in operations]
        return sum(own.points for own in anew if own is not None)


@pytest.fixture(scope="module")
def toured() -> Toured:
    return Toured(toptw_problem(WIDE, NUM_ROUTES))


def test_a_wide_instance_is_bettered_to_within_a_fiftieth_of_the_best_known(toured: Toured) -> None:
    best = next(b.score for b in best_known() if (b.instance, b.num_routes) == (WIDE, NUM_ROUTES))
    before = toured.schedule.points

    has_gained = toured.touring.better(3)

    assert has_gained == (toured.schedule.points > before)
    assert 0.98 * best <= toured.schedule.points <= best


def test_what_it_holds_afterwards_is_worth_what_it_says(toured: Toured) -> None:
    assert toured.worth_by_itself() == toured.schedule.points


def test_sessions_that_want_the_same_teams_are_bettered_with_those_they_have() -> None:
    problem = generate("M", 4)
    for session in problem["sessions"]:
        session["max_inspections"] = None
    for inspection in problem["inspections"]:
        inspection["duration_seconds"] //= 4
    toured = Toured(problem)

    assert toured.touring.better(1)
    assert toured.worth_by_itself() == toured.schedule.points


def test_where_every_stop_is_served_nothing_is_searched() -> None:
    toured = Toured(toptw_problem("r203", 4))
    toured.touring.better(1)
    assert min(toured.schedule.session_of) >= 0
    before = toured.budget.steps

    assert not toured.touring.better(1)
    assert toured.budget.steps == before


def test_a_session_of_few_stops_has_no_long_route() -> None:
    toured = Toured(a_problem())
    before = list(toured.schedule.operations)

    assert (toured.touring.has_any(), toured.touring.better(1)) == (False, False)
    assert toured.schedule.operations == before
