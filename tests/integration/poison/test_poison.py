"""P6: a poison message never blocks; a share of the kinds, each before a hundred good ones, and the letters after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from samsyn_local.infrastructure import SERVICES, Infrastructure

from tests.faults.poison import Outcome, measure_poison
from tests.faults.poison_again import reprocessed
from tests.faults.poison_kinds import kinds
from tests.faults.poison_place import Place, place_on
from tests.support.kafka_and_postgres import FreshDatabase

ONE_IN = 5
PATIENCE_SECONDS = 20.0


@pytest.fixture(scope="module")
def place(infrastructure: Infrastructure, fresh_topics: str, fresh_database: FreshDatabase) -> Iterator[Place]:
    """All services over topics and databases that are empty."""
    with place_on(infrastructure, {name: fresh_database(name) for name in SERVICES}) as started:
        yield started


@pytest.fixture(scope="module")
async def outcome(place: Place) -> Outcome:
    """What became of every fifth kind."""
    return await measure_poison(place, print, ONE_IN)


def test_there_are_more_than_thirty_kinds_and_no_two_of_a_name() -> None:
    for where in ("party", "service"):
        names = [kind.name for kind in kinds(where) if kind.code is not None]
        assert len(set(names)) == len(names) > 50


async def test_exactly_the_poison_is_refused_or_set_aside_with_its_reason_and_every_byte(outcome: Outcome) -> None:
    assert outcome.violations == []
    assert outcome.num_good == 100 * outcome.num_poison


async def test_no_good_event_waits_long_behind_poison(outcome: Outcome) -> None:
    extra = {name: value for name, value in outcome.figures.items() if name.endswith("extra seconds, max")}
    assert max(extra.values()) < PATIENCE_SECONDS


async def test_letters_are_retried_once_refused_when_superseded_and_dropped_with_a_reason(
    place: Place, outcome: Outcome
) -> None:
    (found,) = await reprocessed(place)
    assert (found.broken, found.num > 15) == ([], True)
