"""Over Kafka an adapter that goes on running notices another log, and a new one begins with the first record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError
from samsyn_adapter_sdk import kafka_line
from samsyn_adapter_sdk.journal import Checkpoint
from samsyn_adapter_sdk.kafka_line import KafkaLine
from samsyn_adapter_sdk.settings import Settings
from samsyn_adapter_sdk.statement import RetryError

from tests.unit.adapters.test_answers_heard import ToldRecord

PARTY = "skatteverket"
PLACE = TopicPartition(f"samsyn.to.{PARTY}.v1", 0)
HEARD = Checkpoint(PLACE.topic, 3, "old-2", 0)


@dataclass
class Log:
    """A topic of one partition, from offset `first` on."""

    ids: Sequence[str] = ()
    first: int = 0

    def consumer(self, **options: object) -> Consumer:
        return Consumer(self, options)


@dataclass
class Consumer:
    """In the place of aiokafka's consumer and a broker."""

    log: Log
    options: Mapping[str, object]
    position: int = -1

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def beginning_offsets(self, _places: object) -> dict[TopicPartition, int]:
        return {PLACE: self.log.first}

    async def end_offsets(self, _places: object) -> dict[TopicPartition, int]:
        return {PLACE: self.log.first + len(self.log.ids)}

    async def offsets_for_times(self, _times: object) -> dict[TopicPartition, None]:
        return {PLACE: None}

    def assign(self, places: object) -> None:
        assert places == [PLACE]

    def seek(self, _place: TopicPartition, offset: int) -> None:
        self.position = offset

    async def getone(self, _place: TopicPartition) -> ToldRecord:
        return self._from_position()[0]

    async def getmany(self, **_options: int) -> dict[TopicPartition, Sequence[ToldRecord]]:
        found = self._from_position()
        self.position += len(found)
        return {PLACE: found} if found else {}

    def _from_position(self) -> list[ToldRecord]:
        if not self.log.first <= self.position <= self.log.first + len(self.log.ids):
            if self.options["auto_offset_reset"] == "none":
                raise OffsetOutOfRangeError({PLACE: self.position})
            self.position = self.log.first
        told = [
            ToldRecord([("ce_id", id_.encode())], b"", offset=at) for at, id_ in enumerate(self.log.ids, self.log.first)
        ]
        return told[self.position - self.log.first :]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    log = Log()
    monkeypatch.setattr(kafka_line, "AIOKafkaConsumer", log.consumer)
    return log


@pytest.fixture
def line() -> KafkaLine:
    return KafkaLine(PARTY, Settings(kafka="127.0.0.1:1", exchange_url="", token="", state_dir=Path()))


def offsets(records: Sequence[object]) -> list[int]:
    return [getattr(record, "offset", -1) for record in records]


async def test_a_new_adapter_hears_from_the_first_record_that_is_kept(log: Log, line: KafkaLine) -> None:
    log.ids, log.first = ("a", "b"), 7

    async with line.hearing(None) as ear:
        assert offsets(await ear.records()) == [7, 8]
        assert not ear.is_of_another_log


async def test_an_adapter_goes_on_after_its_checkpoint(log: Log, line: KafkaLine) -> None:
    log.ids = ("old-0", "old-1", "old-2", "old-3")

    async with line.hearing(HEARD) as ear:
        assert offsets(await ear.records()) == [3]
        assert not ear.is_of_another_log


async def test_a_log_made_anew_under_a_running_adapter_interrupts_it_and_is_known_as_another(
    log: Log, line: KafkaLine
) -> None:
    log.ids = ("old-0", "old-1", "old-2")
    async with line.hearing(HEARD) as ear:
        assert not await ear.records()
        log.ids = ("new-0",)
        with pytest.raises(OffsetOutOfRangeError):
            await ear.records()

    async with line.hearing(HEARD) as ear:
        assert ear.is_of_another_log
        assert offsets(await ear.records()) == [0]


async def test_an_adapter_away_longer_than_the_log_is_kept_goes_on_with_what_is_kept(log: Log, line: KafkaLine) -> None:
    log.ids, log.first = ("later-0", "later-1"), 10

    async with line.hearing(HEARD) as ear:
        assert offsets(await ear.records()) == [10, 11]
        assert not ear.is_of_another_log


async def test_a_log_made_anew_that_is_longer_already_is_known_after_a_quiet_time(
    log: Log, line: KafkaLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_line, "_SURE_SECONDS", 0.0)
    log.ids = ("old-0", "old-1", "old-2", "old-3")
    async with line.hearing(HEARD) as ear:
        assert offsets(await ear.records()) == [3]
        log.ids = ("new-0", "new-1", "new-2", "new-3", "new-4")
        with pytest.raises(RetryError, match="another one than before"):
            await ear.records()


async def test_after_a_quiet_time_the_same_log_is_heard_on(
    log: Log, line: KafkaLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_line, "_SURE_SECONDS", 0.0)
    log.ids = ("old-0",)
    async with line.hearing(None) as ear:
        assert offsets(await ear.records()) == [0]
        log.ids, log.first = ("old-1", "old-2"), 1  # what was heard last is kept no longer
        assert offsets(await ear.records()) == [1, 2]
        assert not ear.is_of_another_log
