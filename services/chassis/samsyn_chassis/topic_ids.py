"""Asks Kafka for the ids of topics: a topic made anew under the same name has another one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    AbstractType,
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

NO_ID = UUID(int=0)
TEXT, TAGS = CompactString("utf-8"), ("tags", TaggedFields)


class Uuid(AbstractType[UUID]):  # type: ignore[misc]  # aiokafka has no types
    """Sixteen bytes."""

    @classmethod
    def encode(cls, value: UUID) -> bytes:
        """As Kafka writes it."""
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> UUID:
        """As Kafka writes it."""
        return UUID(bytes=data.read(16))


# Metadata, version 12 (KIP-516): the first that names topics by name and tells their ids; aiokafka ends at 5.
_PARTITION = Schema(
    ("error_code", Int16),
    ("partition", Int32),
    ("leader", Int32),
    ("leader_epoch", Int32),
    ("replicas", CompactArray(Int32)),
    ("isr", CompactArray(Int32)),
    ("offline", CompactArray(Int32)),
    TAGS,
)
_TOPIC = Schema(
    ("error_code", Int16),
    ("name", TEXT),
    ("topic_id", Uuid),
    ("is_internal", Boolean),
    ("partitions", CompactArray(_PARTITION)),
    ("operations", Int32),
    TAGS,
)
_BROKER = Schema(("node_id", Int32), ("host", TEXT), ("port", Int32), ("rack", TEXT), TAGS)


class _Answer(Response):  # type: ignore[misc]
    API_KEY = 3
    API_VERSION = 12
    SCHEMA = Schema(
        ("throttle_ms", Int32),
        ("brokers", CompactArray(_BROKER)),
        ("cluster_id", TEXT),
        ("controller_id", Int32),
        ("topics", CompactArray(_TOPIC)),
        TAGS,
    )


class _Question(RequestStruct):  # type: ignore[misc]
    API_KEY = 3
    API_VERSION = 12
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _Answer
    SCHEMA = Schema(
        ("topics", CompactArray(Schema(("topic_id", Uuid), ("name", TEXT), TAGS))),
        ("allow_auto_topic_creation", Boolean),
        ("include_topic_authorized_operations", Boolean),
        TAGS,
    )


class _Metadata(Request[_Question]):  # type: ignore[misc]
    API_KEY = 3

    def __init__(self, topics: Collection[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_Question]) -> _Question:
        return request_struct_class([(NO_ID, name, {}) for name in self._topics], False, False, {})


async def topic_ids(connection: Mapping[str, Any], topics: Collection[str]) -> dict[str, str]:
    """The id of each of these topics that is there; raises KafkaError while no broker answers."""
    client = AIOKafkaClient(**connection)
    try:
        await client.bootstrap()
        node = client.get_random_node()
        if node is None:
            raise KafkaError("no broker answers")
        answer = await client.send(node, _Metadata(sorted(topics)))
    finally:
        await client.close()
    return {name: str(id_) for error, name, id_, *_ in answer.topics if not error and id_ != NO_ID}
