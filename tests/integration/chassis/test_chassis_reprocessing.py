"""A dead letter processed again: one effect, the same way as ever, never over a newer fact unless somebody insists."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiokafka import AIOKafkaProducer
from nacl.public import PrivateKey
from samsyn_chassis.alerts import of_outbox
from samsyn_chassis.app import Service, Subscription
from samsyn_chassis.batches import Batches, dispatching
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.dead_letters import Original
from samsyn_chassis.letters import Letter, Letters
from samsyn_chassis.reprocessing import Asked, Result, retry
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import ADMITTED, headers_of
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.platform import TimePassed

from tests.integration.chassis.odd_batches import ODD_KEY, none_left, say_in_one_batch
from tests.support.kafka_and_postgres import FreshDatabase

__all__ = ["none_left"]
pytestmark = pytest.mark.usefixtures("none_left")
AT = datetime(2025, 5, 5, 6, 0, tzinfo=UTC)
WHY = Asked("anna", "the fault is mended")


@dataclass
class Notebook:
    """A store that writes down each event; it is broken while `faults` has anything."""

    transaction: Transaction
    faults: set[str]

    async def note(self, envelope: Envelope) -> None:
        await self.transaction.execute(sa.text("insert into noted values (:id)"), {"id": envelope.id})
        if envelope.id in self.faults:
            raise ZeroDivisionError

    async def save(self) -> None:
        """Everything is written already."""


@dataclass
class Desk:
    """A service that sets aside what it has a fault with, and whoever puts that right."""

    service: Service
    settings: Settings
    key: PrivateKey
    faults: set[str] = field(default_factory=set)

    async def set_aside(self, record: Original) -> Letter:
        batches = Batches("reporting", self.service.database, self.settings, self.service.subscriptions[0].receive)
        await batches.take([record])
        return (await self.letters())[-1]

    async def letters(self) -> list[Letter]:
        async with self.service.database.transaction() as transaction:
            return await Letters(transaction).all()

    async def retry(self, letter: Letter, asked: Asked = WHY) -> Result:
        return await retry(self.service, self.settings, letter, asked)

    async def noted(self) -> list[object]:
        async with self.service.database.engine.connect() as connection:
            return [row[0] for row in await connection.execute(sa.text("select id from noted order by number"))]

    async def alerts(self) -> list[str]:
        async with self.service.database.transaction() as transaction:
            return [alert.name for alert in await of_outbox(transaction, "reporting", datetime.now(UTC))]


@pytest.fixture
async def desk(kafka: str, fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    key, faults = PrivateKey.generate(), set[str]()
    sealed_to = bytes(key.public_key).hex()
    dsn = fresh_database("reprocessing")
    settings = Settings(kafka=kafka, database=dsn, http_port=1, environment="test", dead_letter_key=sealed_to)
    database = Database(settings.async_database)
    await database.migrate(tmp_path)
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("create table noted (id text, number bigserial)"))

    async def note(_message: TimePassed, envelope: Envelope, store: Notebook) -> None:
        await store.note(envelope)

    receive = dispatching({TimePassed: note}, lambda transaction: Notebook(transaction, faults))
    service = Service("reporting", database, tmp_path, [Subscription([ADMITTED], receive)])
    yield Desk(service, settings, key, faults)
    await database.close()


async def said(kafka: str, minutes: int, sequence: int | None = None, body: bytes | None = None) -> Original:
    """What time it is, on a partition of the topic; as the record that a service reads."""
    message = TimePassed(centre="akc-vast", until=AT + timedelta(minutes=minutes))
    envelope = Envelope.model_validate(
        {
            "id": str(uuid.uuid4()),
            "source": "urn:samsyn:service:exchange",
            "type": message.type_name(),
            "time": message.until,
            "centre": "akc-vast",
            "environment": "test",
            "sequence": sequence,
        }
    )
    headers, value = headers_of(envelope), body or message.body()
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        sent = await producer.send_and_wait(ADMITTED, value, key=b"akc-vast", headers=headers, partition=7)
    return Original(ADMITTED, 7, sent.offset, b"akc-vast", value, headers)


def id_of(record: Original) -> str:
    return next(value.decode() for name, value in record.headers if name == "ce_id" and value is not None)


async def set_aside(desk: Desk, kafka: str, minutes: int, sequence: int | None = None) -> tuple[Letter, str]:
    record = await said(kafka, minutes, sequence)
    desk.faults.add(id_of(record))
    letter = await desk.set_aside(record)
    desk.faults.clear()
    return letter, id_of(record)


async def test_a_letter_retried_once_the_fault_is_mended_has_its_effect_once_however_often_it_is_tried(
    desk: Desk, kafka: str
) -> None:
    letter, id_ = await set_aside(desk, kafka, 1)

    results = [(await desk.retry(letter)).outcome for _ in range(3)]

    assert (results, await desk.noted()) == (["retried", "refused", "refused"], [id_])
    assert await desk.alerts() == []


async def test_a_fault_that_is_still_there_leaves_the_letter_open_and_the_try_is_kept(desk: Desk, kafka: str) -> None:
    letter, id_ = await set_aside(desk, kafka, 2)
    desk.faults.add(id_)

    result = await desk.retry(letter)

    (kept,) = await desk.letters()
    assert (result.outcome, result.told) == ("failed", "again ZeroDivisionError")
    assert [(note.outcome, note.noted_by, note.reason) for note in kept.notes] == [("failed", WHY.by, WHY.reason)]
    assert (kept.settled, await desk.noted(), await desk.alerts()) == (None, [], ["dead_letter"])


async def test_an_event_that_was_said_again_meanwhile_has_no_second_effect(desk: Desk, kafka: str) -> None:
    record = await said(kafka, 3)
    desk.faults.add(id_of(record))
    letter = await desk.set_aside(record)
    desk.faults.clear()
    await Batches("reporting", desk.service.database, desk.settings, desk.service.subscriptions[0].receive).take(
        [record]
    )

    result = await desk.retry(letter)

    assert (result.outcome, "before" in result.told) == ("retried", True)
    assert await desk.noted() == [id_of(record)]


async def test_a_superseded_fact_is_refused_by_the_name_of_the_newer_one_and_taken_when_forced(
    desk: Desk, kafka: str
) -> None:
    letter, id_ = await set_aside(desk, kafka, 4)
    newer = await said(kafka, 5)

    refused = await desk.retry(letter)
    before = await desk.noted()
    forced = await desk.retry(letter, Asked("anna", "the newer one is wrong", is_forced=True))

    assert (refused.outcome, f"TimePassed {id_of(newer)}" in refused.told, before) == ("refused", True, [])
    assert (forced.outcome, await desk.noted()) == ("retried", [id_])


async def test_a_fact_with_a_higher_number_is_not_superseded_by_one_that_only_stands_behind_it(
    desk: Desk, kafka: str
) -> None:
    letter, _ = await set_aside(desk, kafka, 6, sequence=9)
    await said(kafka, 7, sequence=8)
    before = (await desk.retry(letter)).outcome
    other, _ = await set_aside(desk, kafka, 8, sequence=9)
    await said(kafka, 9, sequence=10)

    assert (before, (await desk.retry(other)).outcome) == ("retried", "refused")


async def test_a_partition_with_an_unreadable_batch_is_looked_through_all_the_same(desk: Desk, kafka: str) -> None:
    letter, _ = await set_aside(desk, kafka, 10)
    await say_in_one_batch(kafka, ADMITTED, ([(ODD_KEY, b"x")], b"odd"), partition=7)
    newer = await said(kafka, 11)

    result = await desk.retry(letter)

    assert (result.outcome, id_of(newer) in result.told) == ("refused", True)


async def test_an_original_that_stands_no_longer_at_its_place_is_opened_by_the_key_alone(
    desk: Desk, kafka: str
) -> None:
    record = await said(kafka, 12)
    desk.faults.add(id_of(record))
    record.offset += 1_000_000
    letter = await desk.set_aside(record)
    desk.faults.clear()

    without = await desk.retry(letter)
    other = await desk.retry(letter, Asked("anna", "again", private_key=bytes(PrivateKey.generate()).hex()))
    opened = await desk.retry(letter, Asked("anna", "again", private_key=bytes(desk.key).hex()))

    assert [one.outcome for one in (without, other, opened)] == ["failed", "failed", "retried"]
    assert await desk.noted() == [id_of(record)]


async def test_what_can_never_be_read_fails_again_and_stays(desk: Desk, kafka: str) -> None:
    letter = await desk.set_aside(await said(kafka, 13, body=b'{"centre": NaN}'))

    result = await desk.retry(letter)

    assert (result.outcome, "not_json" in result.told) == ("failed", True)


async def test_an_original_too_large_for_a_letter_is_set_aside_all_the_same_and_found_at_its_place(
    desk: Desk, kafka: str
) -> None:
    letter = await desk.set_aside(await said(kafka, 14, body=b'{"a": "' + b"x" * 900_000 + b'"}'))

    result = await desk.retry(letter)

    assert ("sealed" in letter.told, letter.told["size"] > 900_000) == (False, True)
    assert "too_large" in result.told
