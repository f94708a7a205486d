"""The figures that the planner's bench tells: spreads, gaps over time, and its last line."""

import pytest
from samsyn_planning.domain.verifier import verify

from tests.bench.planner.figures import Bar, closing, spread
from tests.bench.planner.scratch import as_if_unpublished, num_changed
from tests.bench.planner.timed import Event, Timed
from tests.support.planning_forms import Form, a_plan, a_problem, a_visit, an_operation, at


def a_run(*events: Event, seconds: float = 10.0, **plan: object) -> Timed:
    """A solve that ended after so many seconds with these lines of progress."""
    problem, told = a_problem(), a_plan([]) | plan
    return Timed(problem, told, seconds, events, verify(problem, told))


EVENTS = (Event(0.1, "greedy", 80, None), Event(1.0, "columns", 95, 110.0), Event(4.0, "proof", 100, 100.4))


def test_the_95th_percentile_of_thirty_is_the_second_largest() -> None:
    assert spread([float(value) for value in range(1, 31)]).p95 == 29.0


def test_what_never_happened_is_above_every_bar_and_told() -> None:
    measured = spread([0.1, None])

    assert measured.p95 > 1e9
    assert measured.of_seconds("proven") == "proven: n 2, median never, p95 never, max never, never in 1"


@pytest.mark.parametrize(
    ("at", "gap"),
    [(0.5, None), (1.0, 15 / 110), (3.9, 15 / 110), (4.0, 0.4 / 100.4)],
)
def test_a_gap_is_of_the_plan_and_the_bound_known_by_then(at: float, gap: float | None) -> None:
    assert a_run(*EVENTS, bound=100.4, objective=100).gap_at(at) == (None if gap is None else pytest.approx(gap))


def test_a_plan_is_measured_against_the_last_bound_too() -> None:
    assert a_run(*EVENTS, bound=100.4, objective=100).distance_at(0.5) == pytest.approx(20.4 / 100.4)


def test_an_optimum_is_proven_when_the_bound_rounded_down_is_the_plan() -> None:
    assert a_run(*EVENTS).proven_at == 4.0


def test_a_proof_that_no_line_told_counts_from_the_end() -> None:
    assert a_run(*EVENTS[:2], proven=True).proven_at == 10.0
    assert a_run(*EVENTS[:2]).proven_at is None


def test_the_first_better_plan_is_the_first_above_the_standing_one() -> None:
    run = a_run(*EVENTS, objective=100)

    assert [run.better_at(80), run.better_at(99), run.better_at(100)] == [1.0, 4.0, None]


def test_explaining_is_what_follows_the_last_news() -> None:
    assert a_run(*EVENTS, EVENTS[-1]._replace(seconds=9.0)).explaining_seconds == 6.0


def test_an_operation_is_changed_by_another_route_time_team_or_session() -> None:
    before = [an_operation("s1"), an_operation("s2", [a_visit("i2")])]
    moved = an_operation("s1", [a_visit("i1", at(13, 9, 16), at(13, 10, 16))])

    def changed(*operations: Form) -> int:
        return num_changed(before, a_plan(operations))

    assert changed(*before) == 0
    assert changed(moved, before[1]) == 1
    assert changed(before[0]) == 1
    assert changed(an_operation("s1", teams=["t2"]), before[1]) == 1


def test_a_problem_as_if_unpublished_knows_nothing_of_the_plan_or_the_lost() -> None:
    problem = a_problem(published=a_plan([]), lost=[{"id": "i1", "cause": "x"}], pinned=[], hold=[], confirmed=[])

    anew = as_if_unpublished(problem)

    assert (anew["published"], anew["lost"], anew["inspections"]) == (None, [], [])


def test_the_last_line_names_the_bars_that_are_not_met() -> None:
    bars = [Bar("F-S", True, ()), Bar("F-L", None, ()), Bar("R-S", False, ()), Bar("Y", False, ())]

    assert (closing(bars), closing(bars[:2])) == ("FAIL: R-S, Y", "PASS")
