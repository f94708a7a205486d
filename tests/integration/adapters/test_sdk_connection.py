"""The SDK's connection, over Kafka and over HTTPS: said until answered, heard once, never blocked."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from samsyn_adapter_sdk import Connection, RetryError, Saying, Settings, Statement, event_id, kafka_line, not_ready
from samsyn_contracts.bus import to_topic
from samsyn_contracts.capacity import AdapterHeartbeat, CapacityWithdrawn
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventAdmitted, EventRejected, TimePassed
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.topics import declared_topics, empty_topics

from tests.faults.proxy import Proxies
from tests.support.answering_exchange import AnsweringExchange, until

MONDAY = datetime(2025, 5, 5, tzinfo=UTC)
PARTY = "skatteverket"


@dataclass
class TaxAgency:
    """An agency that says what is put in `says`; `troubles` are raised by `hear`, one each call."""

    says: list[str] = field(default_factory=list)
    heard: list[tuple[Message, Envelope]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    agency: str = PARTY
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, *keys: str) -> None:
        self.says.extend(keys)
        self.grown.set()

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        number = int(after or 0)
        while True:
            self.grown.clear()
            while number < len(self.says):
                key, number = self.says[number], number + 1
                message = CapacityWithdrawn(capacity_id=f"{PARTY}:t", reason_code="illness")
                yield Statement(message, MONDAY, key, "akc-vast", cursor=str(number))
            await self.grown.wait()

    async def hear(self, message: Message, envelope: Envelope) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.heard.append((message, envelope))

    @property
    def num_times(self) -> int:
        return sum(isinstance(message, TimePassed) for message, _ in self.heard)


@pytest.fixture(params=["kafka", "https"])
def settings(request: pytest.FixtureRequest, kafka: str, exchange: AnsweringExchange, tmp_path: Path) -> Settings:
    """An adapter's, on each of the two lines."""
    return Settings(
        kafka=kafka if request.param == "kafka" else None,
        exchange_url=exchange.url,
        token=f"token-{PARTY}",
        state_dir=tmp_path,
        # Longer than any answer takes: what is said again is said again by a test's will.
        resend_after=timedelta(seconds=30),
    )


@pytest.fixture
def agency(request: pytest.FixtureRequest) -> TaxAgency:
    return TaxAgency(says=[f"{request.node.name}-1"])


def a_time() -> TimePassed:
    return TimePassed(centre="akc-vast", until=MONDAY)


def keys_said(exchange: AnsweringExchange, agency: TaxAgency) -> list[str]:
    by_id = {event_id(PARTY, key): key for key in agency.says}
    return [by_id[event.envelope.id] for event in exchange.said_by(PARTY) if event.envelope.id in by_id]


def is_done(connection: Connection, agency: TaxAgency) -> bool:
    status = connection.status()
    return status.cursor == str(len(agency.says)) and status.journal_waiting == 0


async def test_what_is_said_arrives_in_order_once_and_is_answered(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    agency.say(*(f"order-{number}" for number in range(200)))
    async with Connection(agency, settings) as connection:
        await until(lambda: is_done(connection, agency))
    assert keys_said(exchange, agency) == agency.says
    assert [e.envelope.sequence for e in exchange.said_by(PARTY)] == list(range(1, 202))


async def test_what_is_not_answered_is_said_again_with_the_same_id(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    exchange.silent = True
    impatient = replace(settings, resend_after=timedelta(seconds=0.3))
    async with Connection(agency, impatient) as connection:
        await until(lambda: len(exchange.said_by(PARTY)) >= 2)
        assert connection.status().journal_waiting == 1
        exchange.silent = False
        await until(lambda: connection.status().journal_waiting == 0)
    assert len({event.envelope.id for event in exchange.said_by(PARTY)}) == 1


async def test_what_was_not_answered_before_a_stop_is_said_after_the_next_start(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    exchange.silent = True
    async with Connection(agency, settings):
        await until(lambda: len(exchange.said_by(PARTY)) >= 1)
    exchange.silent = False
    num_before = len(exchange.said_by(PARTY))
    async with Connection(agency, settings) as connection:
        await until(lambda: connection.status().journal_waiting == 0)
    assert len(exchange.said_by(PARTY)) > num_before


async def test_after_a_restart_nothing_is_said_twice(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    async with Connection(agency, settings) as connection:
        await until(lambda: is_done(connection, agency))
    agency.say("after the restart")
    async with Connection(agency, settings) as connection:
        await until(lambda: is_done(connection, agency))
    assert keys_said(exchange, agency) == agency.says


async def test_a_refusal_is_kept_with_its_reasons_and_heard(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    exchange.refuses = lambda _event: True
    async with Connection(agency, settings) as connection:
        await until(lambda: bool(agency.heard))
        status = connection.status()
        refused = connection.rejected()
    assert (status.journal_waiting, status.rejected) == (0, 1)
    assert refused == {event_id(PARTY, agency.says[0]): "/inspection_id: unknown_id"}
    assert isinstance(agency.heard[0][0], EventRejected)


async def test_a_replayed_statement_may_be_admitted_later(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    exchange.refuses = lambda _event: True
    async with Connection(agency, settings) as connection:
        await until(lambda: connection.status().rejected == 1)
        exchange.refuses = lambda _event: False
        assert connection.replay(event_id(PARTY, agency.says[0]))
        await until(lambda: connection.status() == replace(connection.status(), rejected=0, journal_waiting=0))
    assert len(exchange.said_by(PARTY)) == 2


async def test_an_event_told_twice_is_heard_once(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    async with Connection(agency, settings) as connection:
        for _ in range(2):
            await exchange.tell(PARTY, a_time(), event_id="told-twice")
        await until(lambda: connection.status().heard_offset == exchange.num_told[to_topic(PARTY)])
    assert agency.num_times == 1


async def test_hearing_goes_on_after_a_restart_where_it_was(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    first = TaxAgency()
    async with Connection(first, settings):
        await exchange.tell(PARTY, a_time())
        await until(lambda: first.num_times == 1)
    await exchange.tell(PARTY, a_time())
    async with Connection(agency, settings):
        await until(lambda: agency.num_times == 1)
        await asyncio.sleep(0.2)
    assert agency.num_times == 1


@pytest.mark.parametrize("settings", ["kafka"], indirect=True)
async def test_an_adapter_that_makes_sure_of_its_log_each_time_hears_all_of_it_once(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_line, "_SURE_SECONDS", 0.0)
    async with Connection(agency, settings) as connection:
        await until(lambda: is_done(connection, agency))
        for number in (1, 2, 3):
            await exchange.tell(PARTY, a_time())
            await until(lambda number=number: agency.num_times == number)  # type: ignore[misc]
    assert keys_said(exchange, agency) == agency.says


@pytest.mark.parametrize("settings", ["kafka"], indirect=True)
async def test_a_log_made_anew_under_a_running_adapter_is_told_everything_again(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    topic = next(topic for topic in declared_topics([PARTY]) if topic.name == to_topic(PARTY))
    async with Connection(agency, settings) as connection:
        await until(lambda: is_done(connection, agency))
        num_said = len(keys_said(exchange, agency))
        await asyncio.to_thread(empty_topics, str(settings.kafka), [topic])
        await until(lambda: len(keys_said(exchange, agency)) > num_said, 30)


async def test_an_own_system_that_is_away_is_waited_for(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    agency.troubles = [RetryError("away")] * 6
    async with Connection(agency, settings) as connection:
        await exchange.tell(PARTY, a_time())
        await until(lambda: connection.status().heard_busy)
        await until(lambda: agency.num_times == 1, seconds=20)
        assert connection.status().aside == 0


async def test_an_event_that_cannot_be_heard_is_set_aside_and_the_next_is_heard(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    agency.troubles = [KeyError("bug")] * 5
    async with Connection(agency, settings) as connection:
        await exchange.tell(PARTY, a_time())
        await exchange.tell(PARTY, a_time())
        await until(lambda: agency.num_times == 1)
        await until(lambda: connection.status().aside == 1)


BROKEN: list[tuple[list[tuple[str, bytes]], bytes | None]] = [
    ([], b"{}"),
    ([("ce_id", b"\xff\xfe")], b"{}"),
    ([("ce_id", b"1"), ("ce_type", b"se.samsyn.TimePassed.v1")], b"garbage"),
    ([("ce_type", b"se.samsyn.NeverHeardOf.v9")], None),
]


async def test_records_that_cannot_be_read_are_set_aside_and_block_nothing(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    async with Connection(agency, settings) as connection:
        for headers, body in BROKEN:
            await exchange.tell_raw(PARTY, headers, body)
        await exchange.tell(PARTY, a_time())
        await until(lambda: agency.num_times == 1)
        assert connection.status().aside == len(BROKEN)


async def test_an_answer_about_somebody_elses_statement_changes_nothing(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    exchange.silent = True
    async with Connection(agency, settings) as connection:
        await until(lambda: connection.status().journal_waiting == 1)
        await exchange.tell(PARTY, EventAdmitted(admitted_id="unknown", received_at=MONDAY))
        await until(lambda: connection.status().heard_offset == exchange.num_told[to_topic(PARTY)])
        assert connection.status().journal_waiting == 1


async def test_an_answer_belongs_to_the_chain_of_what_was_heard(
    settings: Settings, exchange: AnsweringExchange, agency: TaxAgency
) -> None:
    async with Connection(agency, settings):
        told = await exchange.tell(PARTY, a_time())
        await until(lambda: agency.num_times == 1)
    async with Connection(Answering(told), settings):
        await until(lambda: any(e.envelope.causationid == told for e in exchange.said_by(PARTY)))
    (answer,) = [e.envelope for e in exchange.said_by(PARTY) if e.envelope.causationid == told]
    assert answer.correlationid == told


class Answering(TaxAgency):
    """Says one answer to an event."""

    def __init__(self, cause: str) -> None:
        super().__init__()
        self._cause = cause

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        message = CapacityWithdrawn(capacity_id=f"{PARTY}:t", reason_code="illness")
        yield Statement(message, MONDAY, f"answer-{self._cause}", "akc-vast", causationid=self._cause, cursor="99")
        await asyncio.Event().wait()


async def test_a_heartbeat_is_said_when_it_is_set(settings: Settings, exchange: AnsweringExchange) -> None:
    async with Connection(TaxAgency(), replace(settings, heartbeat=timedelta(seconds=0.2))):
        await until(lambda: sum("AdapterHeartbeat" in e.envelope.type for e in exchange.said_by(PARTY)) >= 2)


async def test_started_while_the_other_end_is_away_it_says_so_once_and_connects_by_itself(
    settings: Settings, exchange: AnsweringExchange, infrastructure: Infrastructure, caplog: pytest.LogCaptureFixture
) -> None:
    agency, port = TaxAgency(says=["said meanwhile"]), infrastructure.run.port("away")
    target = urlsplit(exchange.url).port if settings.kafka is None else int(settings.kafka.rpartition(":")[2])
    kafka = None if settings.kafka is None else f"127.0.0.1:{port}"
    name = "the exchange" if kafka is None else "Kafka"
    with Proxies() as proxies, caplog.at_level(logging.INFO, "samsyn.adapter"):
        proxies.open("away", port, target or 0)
        proxies.turn("away", "refusing")
        elsewhere = replace(settings, kafka=kafka, exchange_url=f"http://127.0.0.1:{port}")
        async with Connection(agency, elsewhere) as connection:
            await until(lambda: "away since" in caplog.text and connection.status().journal_waiting == 1)
            assert not_ready([connection.status()]) == f"not ready: {name} away"
            proxies.turn("away", "open")
            await until(lambda: is_done(connection, agency))
            assert (connection.status().awaited, not_ready([connection.status()])) == (None, None)
    told = [record.getMessage() for record in caplog.records if record.name == "samsyn.adapter"]
    assert [line.split(",")[0].split(" is away since")[0] for line in told] == [
        f"{PARTY} is not connected: {name} ({elsewhere.kafka or elsewhere.exchange_url})",
        f"{PARTY} is connected: {name} answers",
    ]


async def test_an_adapter_whose_reading_fails_goes_on_saying(settings: Settings, exchange: AnsweringExchange) -> None:
    agency = Stumbling(says=["after two falls"])
    async with Connection(agency, settings) as connection:
        await until(lambda: is_done(connection, agency))
    assert keys_said(exchange, agency) == agency.says


@dataclass
class Stumbling(TaxAgency):
    """Its own system fails at the first two readings."""

    falls: list[Exception] = field(default_factory=lambda: [RuntimeError("fell over"), RetryError("away")])

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        if self.falls:
            raise self.falls.pop()
        async for saying in super().said(after):
            yield saying


async def test_a_journal_goes_on_where_it_was_when_the_line_changes(
    settings: Settings, exchange: AnsweringExchange, kafka: str
) -> None:
    other = replace(settings, kafka=kafka if settings.kafka is None else None)
    before, after = TaxAgency(says=["before the change"]), TaxAgency(says=["before the change", "after it"])
    async with Connection(before, settings) as connection:
        await exchange.tell(PARTY, a_time())
        await until(lambda: before.num_times == 1 and is_done(connection, before))
    async with Connection(after, other) as connection:
        await exchange.tell(PARTY, a_time())
        await until(lambda: after.num_times == 1 and is_done(connection, after))
    assert keys_said(exchange, after) == after.says


@pytest.mark.parametrize("minutes", [0.5, 5, 7.2])
async def test_a_heartbeat_tells_when_the_next_one_comes(
    settings: Settings, exchange: AnsweringExchange, minutes: float
) -> None:
    async with Connection(TaxAgency(), replace(settings, heartbeat=timedelta(minutes=minutes))):
        await until(lambda: len(exchange.said_by(PARTY)) == 1)
    (beat,) = [event.message for event in exchange.said_by(PARTY)]
    assert isinstance(beat, AdapterHeartbeat)
    assert beat.interval_minutes in (1, 5, 8)
    assert beat.interval_minutes >= minutes
