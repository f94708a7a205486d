"""Makes the log anew from what outlives it, outboxes and adapters' journals: `samsyn rebuild kafka`."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from samsyn_chassis.reading import CarefulConsumer
from samsyn_chassis.resaying import ResayError, Resaying
from samsyn_contracts.bus import is_from_topic, raw_attribute, to_topic

from samsyn_local import journals
from samsyn_local.artifacts import Say
from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES, register_codes
from samsyn_local.run_folder import RunFolder
from samsyn_local.topics import Topic, declared_topics, empty_topics, ensure_topics

Ids = Counter[tuple[str, str]]  # topic and event id
SAID = """
select topic, (select header ->> 1 from jsonb_array_elements(headers) header where header ->> 0 = 'ce_id') as id
from outbox
"""


@dataclass
class Account:
    """What a rebuild has done: records per topic, events heard that nobody knows any more, and seconds."""

    said: Counter[str] = field(default_factory=Counter)
    num_discarded: int = 0
    num_heard_and_lost: int = 0
    seconds: float = 0.0

    @property
    def sentence(self) -> str:
        """All of it as one sentence."""
        told = f"{sum(self.said.values())} records said again on {len(+self.said)} topics in {self.seconds:.1f} s"
        lost = f"{self.num_heard_and_lost} events that parties have heard are known to nobody any more"
        return f"{told}; {self.num_discarded} discarded; {lost}"


def infrastructure_alone(run: RunFolder) -> Mapping[str, Any]:
    """The status of a run that is up without services and not half restored; StartError otherwise."""
    run.refuse_half_restored()
    told = run.read_status()
    if run.holder() is None or told.get("state") != "up":
        raise StartError(f"No run is up in {run.path}: `samsyn up --only infra --detach` starts Kafka and PostgreSQL.")
    if any(name in told["parts"] for name in SERVICES):
        raise StartError("The services are running: `samsyn down`, then `samsyn up --only infra --detach`.")
    return told


def rebuild_kafka(run: RunFolder, folders: Sequence[Path], say: Say, *, discard: bool) -> Account:
    """Rebuild the log of a run whose services are stopped; journals are looked for in its folder and in `folders`."""
    told = infrastructure_alone(run)
    rebuild = Rebuild(told["kafka"], told["databases"], say)
    found = journals.found_in([run.path, *folders], register_codes())
    try:
        return asyncio.run(rebuild.run(found, discard=discard))
    except ResayError as error:
        raise StartError(str(error)) from error
    except (KafkaError, asyncpg.PostgresError, OSError) as error:
        raise StartError(
            f"Kafka or PostgreSQL does not answer as it should ({type(error).__name__}): look at `samsyn logs kafka`, "
            "and run the rebuild again; it begins anew."
        ) from error


class Rebuild:
    """One rebuild over a broker and the services' databases."""

    def __init__(self, kafka: str, databases: Mapping[str, str], say: Say) -> None:
        self._connection = {"bootstrap_servers": kafka}
        self._kafka, self._databases, self._say = kafka, databases, say
        self._topics = declared_topics(register_codes())
        self._of_parties = [topic for topic in self._topics if is_from_topic(topic.name)]

    async def run(self, found: Collection[Path], *, discard: bool) -> Account:
        """Say everything again; StartError where the log holds what no outbox does, unless that is to be discarded."""
        began_at, account = time.monotonic(), Account()
        await asyncio.to_thread(ensure_topics, self._kafka, self._topics)
        there = await ids_on(self._of_parties, self._connection)  # first: nothing is emptied before it can be read
        account.num_discarded = await self._make_room(discard=discard)
        shares = [Resaying(name, dsn, self._connection, self._say) for name, dsn in self._databases.items()]
        kept = {topic.name: topic.kept for topic in self._topics if topic.kept is not None}
        for share in shares:
            account.said += await share.say_all(kept)
        account.said += await self._say_journals(found, there, kept[self._of_parties[0].name])
        await self._make_sure({topic: num for topic, num in account.said.items() if not is_from_topic(topic)})
        for share in shares:
            await share.take_over()
        account.num_heard_and_lost = await self._heard_and_lost(found)
        account.seconds = time.monotonic() - began_at
        return account

    async def _make_room(self, *, discard: bool) -> int:
        """Empty the services' topics; returns how many events only they held."""
        ours = [topic for topic in self._topics if not is_from_topic(topic.name)]
        there = await ids_on(ours, self._connection)
        if not there:
            return 0
        outboxes = Ids()
        for dsn in self._databases.values():
            outboxes += await _said(dsn)
        unknown = len(there.keys() - outboxes.keys())
        if unknown and not discard:
            raise StartError(
                f"The log holds {unknown} events that no outbox has (said after the backup that was restored). "
                "They are lost when it is rebuilt: `samsyn rebuild kafka --discard` does so. Nothing was changed."
            )
        self._say(f"The log holds {there.total()} records: it is emptied first")
        await asyncio.to_thread(empty_topics, self._kafka, ours)
        return unknown

    async def _say_journals(self, found: Collection[Path], there: Ids, kept: timedelta) -> Counter[str]:
        said = await journals.say_again(found, there, kept, self._connection)
        self._say(f"{len(found)} journals: {said.total()} records said again")
        return said

    async def _make_sure(self, said: Mapping[str, int]) -> None:
        """Compare what was said with where the topics end."""
        ours = [topic for topic in self._topics if topic.name in said]
        ends = Counter[str]()
        for place, (first, end) in (await self._bounds(ours)).items():
            ends[place.topic] += end - first
        wrong = {topic: (num, ends[topic]) for topic, num in said.items() if ends[topic] != num}
        if wrong:
            raise StartError(
                f"Other records stand on the topics than were said (said, there): {wrong}. Does somebody write?"
            )

    async def _heard_and_lost(self, found: Iterable[Path]) -> int:
        """How many events parties have heard that the exchange, by what it has told them, does not know any more."""
        told: dict[str, set[str]] = {}
        for topic, id_ in await _said(self._databases["exchange"]):
            told.setdefault(topic, set()).add(id_)
        heard: dict[str, frozenset[str]] = {}
        for path in found:
            heard[path.stem] = heard.get(path.stem, frozenset()) | journals.heard_in(path)
        return sum(len(ids - told.get(to_topic(party), set())) for party, ids in heard.items())

    async def _bounds(self, topics: Collection[Topic]) -> dict[TopicPartition, tuple[int, int]]:
        places = _places(topics)
        consumer = AIOKafkaConsumer(enable_auto_commit=False, **self._connection)
        await consumer.start()
        try:
            firsts, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        finally:
            await consumer.stop()
        return {place: (firsts[place], ends[place]) for place in places}


async def _said(dsn: str) -> Ids:
    """The events that an outbox holds; what waits unsent may have been sent, and not noted."""
    connection = await asyncpg.connect(dsn)
    try:
        return Ids((row["topic"], row["id"] or "") for row in await connection.fetch(SAID))
    finally:
        await connection.close()


async def ids_on(topics: Iterable[Topic], connection: Mapping[str, Any]) -> Ids:
    """The events that stand on the topics; what no client can read counts, without an id."""
    places, ids = _places(topics), Ids()
    async with CarefulConsumer(enable_auto_commit=False, **connection) as consumer:
        consumer.assign(places)
        consumer.pause(*places)  # each is read by itself, from its beginning to its end
        for place in places:
            async for record in consumer.read_from(place, 0):
                ids[place.topic, raw_attribute(record.headers, "id", 200) or ""] += 1
    return ids


def _places(topics: Iterable[Topic]) -> list[TopicPartition]:
    return [TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)]
