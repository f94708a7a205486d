"""Planner and verifier read the form apart from each other and refuse the same problems."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_planning.domain.planner.errors import ProblemError as PlannersError
from samsyn_planning.domain.planner.reading import read_problem as read_by_planner
from samsyn_planning.domain.verifier import ProblemError as VerifiersError
from samsyn_planning.domain.verifier.problem_form import read_problem as read_by_verifier

from tests.support.brute_force_world import Form
from tests.support.tiny_problems import tiny_problems

MANY = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
REMOVED, EXTRA, TWICE = object(), object(), object()
ODD: tuple[Any, ...] = (
    *(
        REMOVED,
        EXTRA,
        TWICE,
        None,
        True,
        False,
        0,
        1,
        -1,
        7,
        1001,
        10**10,
        10**19,
        1.5,
        2.0,
        float("nan"),
        float("inf"),
    ),
    *("", " ", "x", "s0", "p0", "2025-05-13", "2025-05-13T09:00:00", "2025-05-13T09:00:00Z"),
    *("2025-05-13T09:00:00.5+02:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+02:00"),
    *([], {}, [None], ["x"], ["x", "x"], [1], {"x": 1}, {"lat": 57.7, "lon": 12}, {"lat": 91, "lon": 12}),
)


def places_in(value: Any, pointer: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a JSON value, as keys and indices."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*pointer, key)
        yield from places_in(member, (*pointer, key))


def put(form: Form, pointer: tuple[Any, ...], odd: Any) -> Form:
    """Give the form with something odd at one place: gone, an unknown key beside it, told twice, or another value."""
    changed = deepcopy(form)
    inside: Any = changed
    for key in pointer[:-1]:
        inside = inside[key]
    last = pointer[-1]
    if odd is REMOVED:
        del inside[last]
    elif odd is EXTRA and isinstance(inside, dict):
        inside["colour"] = "blue"
    elif odd is TWICE and isinstance(inside, list):
        inside.append(inside[last])
    elif odd not in (EXTRA, TWICE):
        inside[last] = odd
    return changed


def refused_at(read: Callable[[Mapping[str, Any]], object], problem: Form) -> str | None:
    """The pointer at which a problem is refused, None where it is read."""
    try:
        read(problem)
    except (PlannersError, VerifiersError) as refused:
        return refused.pointer
    return None


@settings(MANY, max_examples=60)
@given(tiny_problems)
def test_both_read_every_well_formed_problem(problem: Form) -> None:
    assert (refused_at(read_by_planner, problem), refused_at(read_by_verifier, problem)) == (None, None)


@MANY
@given(tiny_problems, st.data())
def test_both_refuse_an_odd_field_or_neither_does(problem: Form, data: st.DataObject) -> None:
    pointer = data.draw(st.sampled_from(list(places_in(problem))))
    odd = put(problem, pointer, data.draw(st.sampled_from(ODD)))

    by_planner, by_verifier = refused_at(read_by_planner, odd), refused_at(read_by_verifier, odd)

    assert (by_planner is None) == (by_verifier is None)
