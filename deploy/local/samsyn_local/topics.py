"""The topics that `deploy/topics.yaml` declares: read, and created where they are missing."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from samsyn_contracts.bus import is_from_topic

from samsyn_local.failure import StartError
from samsyn_local.run_folder import CHECKOUT

DECLARED = CHECKOUT / "deploy" / "topics.yaml"
FOREVER_MS = -1
# How far ahead a record may be dated. A relay whose clock was ahead goes on with the times that it has given, however
# far ahead they are. On a party's topic it is Kafka's own hour: what is dated ahead is kept as much longer.
ANY_TIME_MS, HOUR_MS = 2**63 - 1, 3600 * 1000
NUM_TRIES = 100


@dataclass(frozen=True)
class Topic:
    """One topic as it shall be; `kept` is None for good."""

    name: str
    writer: str
    readers: tuple[str, ...]
    partitions: int
    kept: timedelta | None
    cleanup: str

    @property
    def settings(self) -> dict[str, str]:
        """The broker's settings of the topic."""
        kept_ms = FOREVER_MS if self.kept is None else int(self.kept / timedelta(milliseconds=1))
        ahead_ms = HOUR_MS if is_from_topic(self.name) else ANY_TIME_MS
        return {
            "retention.ms": str(kept_ms),
            "cleanup.policy": self.cleanup,
            "message.timestamp.after.max.ms": str(ahead_ms),
        }


def declared_topics(party_codes: Sequence[str], path: Path = DECLARED) -> list[Topic]:
    """The topics of the file, its patterns filled in for each party and each service."""
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    fillings = {"party": list(party_codes), "service": declared["services"]}
    return [topic for row in declared["topics"] for topic in _filled_in(row, fillings)]


def _filled_in(row: Mapping[str, Any], fillings: Mapping[str, Sequence[str]]) -> Iterator[Topic]:
    pattern = re.search(r"\{(\w+)\}", row["name"])
    if pattern is None:
        yield _topic(row, {})
        return
    word = pattern.group(1)
    for filling in fillings[word]:
        yield _topic(row, {word: filling})


def _topic(row: Mapping[str, Any], filling: Mapping[str, str]) -> Topic:
    return Topic(
        name=row["name"].format_map(filling),
        writer=row["writer"].format_map(filling),
        readers=tuple(reader.format_map(filling) for reader in row["readers"]),
        partitions=row["partitions"],
        kept=_kept(row["kept"]),
        cleanup=row["cleanup"],
    )


def _kept(said: str) -> timedelta | None:
    if said == "forever":
        return None
    match = re.fullmatch(r"(\d+) days", said)
    if match is None:
        raise StartError(f"A topic is kept for a number of days or forever; deploy/topics.yaml says {said!r}.")
    return timedelta(days=int(match.group(1)))


def ensure_topics(bootstrap: str, topics: Sequence[Topic]) -> int:
    """Create what is missing, bring retention in line, and return how many were created.

    Raises StartError when a topic is there with another number of partitions: a centre's events
    would change partition, so that change is a documented drain and never a side effect.
    """
    return asyncio.run(_ensure_topics(bootstrap, topics))


async def _ensure_topics(bootstrap: str, topics: Sequence[Topic]) -> int:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        wanted = {topic.name: topic for topic in topics}
        there = await _partitions(admin, sorted(wanted))
        _refuse_other_partitions(wanted, there)
        missing = [topic for topic in topics if topic.name not in there]
        await _create(admin, missing)
        await _bring_in_line(admin, [wanted[name] for name in there])
        return len(missing)
    finally:
        await admin.close()


async def _partitions(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, int]:
    there = set(await admin.list_topics()) & set(names)
    if not there:
        return {}
    described = await admin.describe_topics(sorted(there))
    return {row["topic"]: len(row["partitions"]) for row in described}


def _refuse_other_partitions(wanted: Mapping[str, Topic], there: Mapping[str, int]) -> None:
    for name, num_there in there.items():
        num_wanted = wanted[name].partitions
        if num_there != num_wanted:
            raise StartError(
                f"{name} has {num_there} partitions and deploy/topics.yaml says {num_wanted}. "
                "Changing them moves a centre's events to another partition: drain the topic and make it anew."
            )


async def _create(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
    if not topics:
        return
    new = [NewTopic(t.name, t.partitions, 1, topic_configs=t.settings) for t in topics]
    response = await admin.create_topics(new)
    refused = [row for row in response.topic_errors if row[1] != 0]
    if refused:
        raise StartError(f"Kafka did not create these topics: {refused}")
    await _until(admin, {topic.name for topic in topics}, are_there=True)


async def _bring_in_line(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
    if not topics:
        return
    asked = [ConfigResource(ConfigResourceType.TOPIC, t.name, configs=dict.fromkeys(t.settings)) for t in topics]
    answered = await admin.describe_configs(asked)
    there = {row[3]: {c[0]: c[1] for c in row[4]} for answer in answered for row in answer.resources}
    differing = [t for t in topics if there[t.name] != t.settings]
    if differing:
        resources = [ConfigResource(ConfigResourceType.TOPIC, t.name, configs=t.settings) for t in differing]
        await admin.alter_configs(resources)


def empty_topics(bootstrap: str, topics: Sequence[Topic]) -> None:
    """Delete the topics and create them anew, without a record; for a rebuild of the log, and for tests."""
    asyncio.run(_empty_topics(bootstrap, topics))


async def _empty_topics(bootstrap: str, topics: Sequence[Topic]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        names = {topic.name for topic in topics}
        there = sorted(names & set(await admin.list_topics()))
        if there:
            await admin.delete_topics(there)
            await _until(admin, names, are_there=False)
        await _create(admin, topics)
    finally:
        await admin.close()


async def _until(admin: AIOKafkaAdminClient, names: set[str], *, are_there: bool) -> None:
    """Wait until the broker lists all of the topics, or none of them."""
    for _ in range(NUM_TRIES):
        listed = names & set(await admin.list_topics())
        if listed == (names if are_there else set()):
            return
        await asyncio.sleep(0.05)
    raise StartError(f"Kafka still does not show the topics as asked: {sorted(names)[:5]} …")
