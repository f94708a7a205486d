"""The master's rows say what may not go together: cliques of sessions that a team cannot share (H10)."""

from itertools import combinations
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from samsyn_planning.domain.planner.engine.rows import Rows
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule

from tests.support.planning_forms import Form, a_problem, a_session, a_team_session, an_inspection, at
from tests.unit.planning.planner.small_problems import problems

SOME = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


class Use(NamedTuple):
    """A team in a session."""

    team: str
    session: int


def _drawn(problem: Form) -> tuple[Facts, Rows]:
    facts = Facts(read_problem(problem))
    sessions = range(len(facts.sessions))
    drawn = Drawer(facts).draw(Schedule(facts), sessions)
    return facts, Rows(facts, drawn.options, (int(own) for own in drawn.tables.cand), sessions)


def _uses(facts: Facts, rows: Rows, places: list[int]) -> set[Use]:
    return {Use(facts.teams[rows.options[place].team].team, rows.options[place].session) for place in places}


def _pairs(uses: set[Use]) -> set[frozenset[Use]]:
    """Every two sessions of one team."""
    return {frozenset(pair) for pair in combinations(uses, 2) if pair[0].team == pair[1].team}


def _clashing(facts: Facts, pair: frozenset[Use]) -> bool:
    one, other = (use.session for use in pair)
    return bool(facts.clash[one] >> other & 1)


@SOME
@given(problems())
def test_cliques_cover_every_two_sessions_that_a_team_cannot_share_and_no_others(problem: Form) -> None:
    facts, rows = _drawn(problem)
    everything = _pairs(_uses(facts, rows, list(range(len(rows.options)))))

    covered = {pair for places in rows.cliques.values() for pair in _pairs(_uses(facts, rows, places))}

    assert covered == {pair for pair in everything if _clashing(facts, pair)}


def test_three_sessions_at_once_are_one_clique_and_a_later_one_is_free() -> None:
    hours = ((8, 11), (9, 12), (10, 11), (18, 20))
    sessions = [a_session(f"s{k}", start_at=at(13, low), end_at=at(13, high)) for k, (low, high) in enumerate(hours)]
    team = a_team_session(start_at=at(13, 7), end_at=at(13, 22))
    wanted = an_inspection(time_windows=[[at(13, 8), at(13, 20)]], duration_seconds=600)

    facts, rows = _drawn(a_problem(sessions, [team], [wanted]))

    assert [{use.session for use in _uses(facts, rows, places)} for places in rows.cliques.values()] == [{0, 1, 2}]


def test_a_call_answers_a_column_that_asks_for_its_class_one_for_one() -> None:
    facts, rows = _drawn(a_problem())

    [(row, weight), *shared] = rows.of_option(0)

    assert (rows.is_equal[row], rows.upper[row], weight, shared) == (True, 0.0, -1.0, [])
    assert facts.sessions[rows.options[0].session].id == "s1"
