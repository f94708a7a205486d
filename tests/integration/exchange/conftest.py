"""An exchange for each test module, with a fresh database and a clock that tests drive.

Topics hold what earlier modules said: events are told apart by their ids.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nacl.public import PrivateKey
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import Services, services

from tests.integration.exchange.wire import Wire
from tests.support.kafka_and_postgres import FreshDatabase

SECRET = "of-tests-".ljust(40, "x")
CONTENTS_KEY = "c0" * 32
SETTINGS = {
    "SAMSYN_CLOCK": "driven",
    "SAMSYN_CLOCK_START": "2025-05-05T06:00:00+00:00",
    "SAMSYN_TOKEN_SECRET": SECRET,
    "SAMSYN_CONTENTS_KEY": CONTENTS_KEY,
}


@pytest.fixture(scope="module")
def dead_letters() -> PrivateKey:
    """The key that opens dead letters."""
    return PrivateKey.generate()


@pytest.fixture(scope="module")
def dsn(fresh_database: FreshDatabase) -> str:
    """The exchange's empty database."""
    return fresh_database("exchange")


@pytest.fixture(scope="module")
def exchange(infrastructure: Infrastructure, dsn: str, dead_letters: PrivateKey) -> Iterator[Services]:
    """A running exchange."""
    env = {**SETTINGS, "SAMSYN_DEAD_LETTER_KEY": bytes(dead_letters.public_key).hex()}
    with services(infrastructure, ["exchange"], env=env, databases={"exchange": dsn}) as started:
        yield started


@pytest.fixture(scope="module")
def wire(kafka: str) -> Wire:
    """A client of the broker."""
    return Wire(kafka)
