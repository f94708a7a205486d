"""One invented storm takes at least six police sessions of a day."""

from datetime import date, timedelta

import pytest
from samsyn_demo.disturbances import Disturbance, losses, read_disturbances, storm
from samsyn_demo.places import day_of, local
from samsyn_demo.world import build_world

from tests.unit.demo.demo_forms import TUESDAY, a_disturbance, a_pass, a_world


def test_a_storm_takes_six_sessions_of_one_day_by_one_disturbance() -> None:
    taken = storm(a_world(*(a_pass(f"p{n}") for n in range(6))))

    assert len(taken) == 6
    assert {loss.disturbance_id for loss in taken} == {f"storm-akc-vast-{TUESDAY}"}


def test_five_sessions_are_no_storm() -> None:
    assert storm(a_world(*(a_pass(f"p{n}") for n in range(5)))) == ()


def test_the_storm_comes_on_the_day_with_most_sessions() -> None:
    next_day = local(TUESDAY + timedelta(days=1), 8)
    passes = [a_pass(f"p{n}") for n in range(6)] + [a_pass(f"q{n}", next_day) for n in range(7)]

    assert {loss.pass_id[0] for loss in storm(a_world(*passes))} == {"q"}


def test_the_storm_leaves_sessions_that_were_lost_before_it() -> None:
    world = a_world(*(a_pass(f"p{n}") for n in range(7)), a_pass("early", local(TUESDAY, 7)))
    by_pass = {loss.pass_id: loss for loss in losses(world, [a_disturbance(occurred_at=local(TUESDAY, 1))])}

    assert "p3" not in {loss.pass_id for loss in storm(world, [by_pass["p3"]])}


def test_the_storm_is_said_before_the_days_first_session() -> None:
    world = build_world()
    taken = storm(world)

    that_day = [p.start_at for p in world.passes if day_of(p.start_at) == day_of(taken[0].said_at)]
    assert max(loss.said_at for loss in taken) < min(that_day)


@pytest.fixture(scope="module")
def published() -> tuple[Disturbance, ...]:
    return read_disturbances()[0]


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_demos_weeks_have_a_storm_beside_the_real_disturbances(
    seed: int, published: tuple[Disturbance, ...]
) -> None:
    world = build_world(seed=seed)
    real = losses(world, published, seed=seed)

    assert len(storm(world, real, seed)) >= 6


def test_the_demos_storm_leaves_a_week_and_more_for_the_rescue() -> None:
    assert day_of(storm(build_world())[0].occurred_at) == date(2025, 5, 21)
