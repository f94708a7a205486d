"""Which police sessions a published disturbance takes, and when it is said."""

from datetime import timedelta

import pytest
from samsyn_demo.disturbances import losses, lost_once
from samsyn_demo.input_error import DemoInputError
from samsyn_demo.places import local

from tests.unit.demo.demo_forms import TUESDAY, a_disturbance, a_pass, a_world

MINUTE = timedelta(minutes=1)


def test_a_heavy_disturbance_takes_a_session_near_by() -> None:
    (loss,) = losses(a_world(), [a_disturbance()])

    assert (loss.pass_id, loss.disturbance_id, loss.kind, loss.severity) == ("p1", "d1", "shooting", "heavy")


def test_a_whole_session_is_lost() -> None:
    (loss,) = losses(a_world(), [a_disturbance()])

    assert (loss.officers_left, loss.available_from, loss.available_until) == (None, None, None)


def test_a_session_39_9_km_away_is_taken() -> None:
    assert losses(a_world(a_pass(north_km=39.9)), [a_disturbance()])


def test_a_session_40_1_km_away_is_not_taken() -> None:
    assert losses(a_world(a_pass(north_km=40.1)), [a_disturbance()]) == ()


def test_twelve_hours_before_the_start_is_soon_enough() -> None:
    assert losses(a_world(), [a_disturbance(occurred_at=local(TUESDAY, 8) - timedelta(hours=12))])


def test_a_minute_more_than_twelve_hours_before_the_start_is_too_soon() -> None:
    early = local(TUESDAY, 8) - timedelta(hours=12, minutes=1)

    assert losses(a_world(), [a_disturbance(occurred_at=early)]) == ()


def test_a_session_that_has_started_is_not_taken() -> None:
    world = a_world(a_pass("p1"), a_pass("later", local(TUESDAY, 12)))

    assert [loss.pass_id for loss in losses(world, [a_disturbance(occurred_at=local(TUESDAY, 8))])] == ["later"]


@pytest.mark.parametrize("number", range(20))
def test_a_loss_is_said_five_to_sixty_minutes_after_it_occurred(number: int) -> None:
    (loss,) = losses(a_world(), [a_disturbance(f"d{number}", occurred_at=local(TUESDAY, 4))])

    assert timedelta(minutes=5) <= loss.said_at - loss.occurred_at <= timedelta(minutes=60)


def test_a_loss_is_said_a_minute_before_the_start_at_the_latest() -> None:
    (loss,) = losses(a_world(), [a_disturbance(occurred_at=local(TUESDAY, 7, 58))])

    assert loss.said_at == local(TUESDAY, 7, 59)


def test_a_loss_is_never_said_before_it_occurred() -> None:
    (loss,) = losses(a_world(), [a_disturbance(occurred_at=local(TUESDAY, 7, 59))])

    assert loss.said_at == loss.occurred_at


def test_a_serious_disturbance_takes_nothing_when_its_probability_is_nought() -> None:
    assert losses(a_world(), [a_disturbance(klass="B")], p_b=0.0) == ()


def test_a_serious_disturbance_takes_what_it_reaches_when_its_probability_is_one() -> None:
    (loss,) = losses(a_world(), [a_disturbance(klass="B")], p_b=1.0)

    assert loss.severity == "serious"


def test_about_three_in_ten_serious_disturbances_take_sessions() -> None:
    num_taking = sum(bool(losses(a_world(), [a_disturbance(f"d{n}", klass="B")], p_b=0.3)) for n in range(1000))

    assert 255 <= num_taking <= 345


def test_whether_a_serious_disturbance_takes_sessions_depends_on_seed_and_id_alone() -> None:
    several = [a_disturbance(f"d{n}", klass="B") for n in range(50)]

    alone = {d.disturbance_id for d in several if losses(a_world(), [d], seed=3)}

    assert {loss.disturbance_id for loss in losses(a_world(), several, seed=3)} <= alone
    assert alone != {d.disturbance_id for d in several if losses(a_world(), [d], seed=4)}


def test_a_session_is_lost_once_by_the_first_loss_said() -> None:
    earlier, later = a_disturbance("d1", local(TUESDAY, 2)), a_disturbance("d2", local(TUESDAY, 5))

    taken = losses(a_world(), [later, earlier])

    assert [loss.disturbance_id for loss in taken] == ["d1"]


def test_losses_come_in_the_order_they_are_said() -> None:
    world = a_world(a_pass("p1"), a_pass("p2", local(TUESDAY + timedelta(days=1), 8)))

    taken = losses(world, [a_disturbance("d2", local(TUESDAY + timedelta(days=1), 6)), a_disturbance("d1")])

    assert [loss.pass_id for loss in taken] == ["p1", "p2"]


def test_one_disturbance_is_said_for_all_its_sessions_at_once() -> None:
    world = a_world(a_pass("p1", local(TUESDAY, 10)), a_pass("p2", local(TUESDAY, 11)))

    assert len({loss.said_at for loss in losses(world, [a_disturbance()])}) == 1


def test_lost_once_keeps_a_single_loss_of_each_session() -> None:
    taken = losses(a_world(), [a_disturbance()])

    assert lost_once([*taken, *taken]) == taken


def test_a_probability_above_one_is_refused() -> None:
    with pytest.raises(DemoInputError, match=r"--p-b: 1.5 is no probability. Give a number from 0 to 1."):
        losses(a_world(), [], p_b=1.5)
