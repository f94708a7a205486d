"""Lets the exchange read a topic again, as an operator would who sets its offsets back."""

from __future__ import annotations

from aiokafka import AIOKafkaConsumer, TopicPartition
from samsyn_chassis.app import reader_name
from samsyn_contracts.bus import from_topic
from samsyn_contracts.register import load_register


async def rewind(kafka: str, group: str, place: TopicPartition, offset: int) -> None:
    """Commit another offset in the name of the exchange, whose place in the group is kept while it is away."""
    topics = [from_topic(party.code) for party in load_register().parties]
    consumer = AIOKafkaConsumer(
        *topics,
        bootstrap_servers=kafka,
        group_id=group,
        group_instance_id=reader_name("exchange", topics),
        enable_auto_commit=False,
    )
    async with consumer:
        await consumer.commit({place: offset})
