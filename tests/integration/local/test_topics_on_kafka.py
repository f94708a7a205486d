"""Topics on a real broker: created as declared, kept in line, and never repartitioned by accident."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from samsyn_local.failure import StartError
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.topics import Topic, empty_topics, ensure_topics


def a_topic(name: str, partitions: int = 2, kept: timedelta | None = timedelta(days=3)) -> Topic:
    return Topic(name=name, writer="exchange", readers=(), partitions=partitions, kept=kept, cleanup="delete")


async def partitions_of(bootstrap: str, name: str) -> int:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return len((await admin.describe_topics([name]))[0]["partitions"])
    finally:
        await admin.close()


async def retention_of(bootstrap: str, name: str) -> str:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        asked = ConfigResource(ConfigResourceType.TOPIC, name, configs={"retention.ms": None})
        answered = await admin.describe_configs([asked])
        value: str = answered[0].resources[0][4][0][1]
        return value
    finally:
        await admin.close()


async def all_topics(bootstrap: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        names: list[str] = await admin.list_topics()
        return names
    finally:
        await admin.close()


async def send(bootstrap: str, topic: str, body: bytes, within_ms: int = 60_000) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, max_request_size=4_000_000, request_timeout_ms=within_ms)
    await producer.start()
    try:
        await producer.send_and_wait(topic, body, partition=0)
    finally:
        await producer.stop()


async def num_records(bootstrap: str, topic: str) -> int:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        return sum((await consumer.end_offsets(sorted(consumer.assignment()))).values())
    finally:
        await consumer.stop()


async def test_a_start_creates_the_topics_as_they_are_declared(infrastructure: Infrastructure) -> None:
    assert await partitions_of(infrastructure.kafka, "samsyn.admitted.v1") == 24
    assert await retention_of(infrastructure.kafka, "samsyn.admitted.v1") == "-1"
    assert await partitions_of(infrastructure.kafka, "samsyn.from.polisen.v1") == 1
    assert await retention_of(infrastructure.kafka, "samsyn.from.polisen.v1") == str(7 * 24 * 3600 * 1000)


def test_creating_topics_twice_creates_them_once(kafka: str) -> None:
    assert ensure_topics(kafka, [a_topic("local.twice")]) == 1
    assert ensure_topics(kafka, [a_topic("local.twice")]) == 0


def test_other_partitions_than_declared_are_refused_with_a_sentence(kafka: str) -> None:
    ensure_topics(kafka, [a_topic("local.two", partitions=2)])
    with pytest.raises(StartError, match=r"local\.two has 2 partitions and deploy/topics\.yaml says 3"):
        ensure_topics(kafka, [a_topic("local.two", partitions=3)])


def test_a_changed_retention_takes_effect_at_the_next_start(kafka: str) -> None:
    topic = a_topic("local.kept")
    ensure_topics(kafka, [topic])
    ensure_topics(kafka, [replace(topic, kept=timedelta(days=5))])
    assert asyncio.run(retention_of(kafka, "local.kept")) == str(5 * 24 * 3600 * 1000)


async def test_no_topic_is_created_by_writing_to_it(kafka: str) -> None:
    with pytest.raises(KafkaError):
        await send(kafka, "local.unknown", b"x", within_ms=3_000)
    assert "local.unknown" not in await all_topics(kafka)


async def test_a_body_of_one_mebibyte_is_taken_and_one_of_two_megabytes_refused(kafka: str) -> None:
    await asyncio.to_thread(ensure_topics, kafka, [a_topic("local.large")])
    await send(kafka, "local.large", b"x" * 1024 * 1024)
    with pytest.raises(MessageSizeTooLargeError):
        await send(kafka, "local.large", b"x" * 2_000_000)


async def test_an_emptied_topic_has_no_record(kafka: str) -> None:
    topic = a_topic("local.emptied")
    await asyncio.to_thread(ensure_topics, kafka, [topic])
    await send(kafka, topic.name, b"x")
    await asyncio.to_thread(empty_topics, kafka, [topic])
    assert await num_records(kafka, topic.name) == 0
