"""Kafka for the adapters' integration tests: fresh topics and one answering exchange for each test."""

from collections.abc import AsyncIterator

import pytest
from samsyn_contracts.bus import from_topic, to_topic
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.topics import empty_topics

from tests.support.answering_exchange import AnsweringExchange, an_answering_exchange

PARTIES = ("polisen", "arbetsmiljoverket", "skatteverket", "kommun-goteborg", "handelser-publika")


@pytest.fixture
def fresh_kafka(infrastructure: Infrastructure) -> str:
    """The broker, with nothing on these parties' topics: an adapter without a checkpoint hears all there is."""
    names = {topic_of(party) for party in PARTIES for topic_of in (from_topic, to_topic)}
    empty_topics(infrastructure.kafka, [topic for topic in infrastructure.topics if topic.name in names])
    return infrastructure.kafka


@pytest.fixture
async def exchange(fresh_kafka: str) -> AsyncIterator[AnsweringExchange]:
    """Answers what these parties say from now on."""
    async with an_answering_exchange(fresh_kafka, PARTIES) as answering:
        yield answering
