"""A batch on a real database: each event has its effect once, and no record stops the ones behind it."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from samsyn_chassis.batches import Batches, Receive, Record, Reject, Retry, dispatching
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import REPLAY_FOR, headers_of
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.plans import PlanPublished
from samsyn_contracts.platform import TimePassed

from tests.support.kafka_and_postgres import FreshDatabase

TOPIC = "samsyn.admitted.v1"
CANARY = "Kanariefagel "
AT = datetime(2025, 5, 5, 6, 0, tzinfo=UTC)
Act = Callable[[str, Transaction], Awaitable[None]]


@dataclass
class SomeRecord:
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    offset: int = 0
    topic: str = TOPIC
    partition: int = 0
    key: bytes | None = b"akc-vast"


def a_record(id_: str, value: bytes | None = None) -> SomeRecord:
    """What time it is, said under an id."""
    message = TimePassed(centre="akc-vast", until=AT)
    envelope = Envelope.model_validate(
        {
            "id": id_,
            "source": "urn:samsyn:service:exchange",
            "type": message.type_name(),
            "time": AT,
            "centre": "akc-vast",
            "environment": "test",
        }
    )
    return SomeRecord(value or message.body(), headers_of(envelope))


@dataclass
class Notebook:
    """A store that writes down each event it was told of, in the same transaction."""

    transaction: Transaction
    act: Act

    async def note(self, _message: TimePassed, envelope: Envelope, _store: object) -> None:
        await self.transaction.execute(sa.text("insert into noted values (:id)"), {"id": envelope.id})
        await self.act(envelope.id, self.transaction)

    async def save(self) -> None:
        """Everything is written already."""


async def nothing(_id: str, _transaction: Transaction) -> None:
    """Do no more than note."""


@dataclass
class Bench:
    """Batches over one database, and what came of them."""

    database: Database
    settings: Settings
    records: list[Record] = field(default_factory=list)

    def batches(self, act: Act = nothing, service: str = "") -> Batches:
        async def note(message: TimePassed, envelope: Envelope, store: Notebook) -> None:
            await store.note(message, envelope, store)

        receive: Receive = dispatching(
            {TimePassed: note}, lambda transaction: Notebook(transaction, act), None, service
        )
        return Batches("reporting", self.database, self.settings, receive)

    async def all(self, query: str) -> list[tuple[object, ...]]:
        async with self.database.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(sa.text(query))]

    async def noted(self) -> list[object]:
        return [row[0] for row in await self.all("select id from noted order by number")]

    async def dead(self) -> list[object]:
        return [row[0] for row in await self.all("select headers -> 0 ->> 1 from outbox where topic like '%dlq%'")]


@pytest.fixture
async def bench(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[Bench]:
    dsn = fresh_database("chassis")
    settings = Settings(kafka="127.0.0.1:1", database=dsn, http_port=1, environment="test")
    database = Database(settings.async_database)
    await database.migrate(tmp_path)
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("create table noted (id text, number bigserial)"))
    yield Bench(database, settings)
    await database.close()


def numbered(*records: SomeRecord) -> list[SomeRecord]:
    for offset, record in enumerate(records):
        record.offset = offset
    return list(records)


async def test_events_of_a_batch_have_their_effect_in_order_and_the_position_is_noted(bench: Bench) -> None:
    await bench.batches().take(numbered(a_record("a"), a_record("b"), a_record("c")))

    assert await bench.noted() == ["a", "b", "c"]
    assert await bench.all('select topic, "partition", next_offset from "position"') == [(TOPIC, 0, 3)]


def said_again(id_: str, service: str, refusal: str) -> SomeRecord:
    """An event said again because a service has refused it as too early."""
    first = a_record(id_)
    headers = [*first.headers, ("ce_causationid", refusal.encode()), (REPLAY_FOR, service.encode())]
    return SomeRecord(first.value, headers)


async def test_an_event_said_again_is_taken_up_by_the_service_that_refused_it_once_for_each_refusal(
    bench: Bench,
) -> None:
    batches = bench.batches(service="planning")
    await batches.take(numbered(a_record("a")))

    await batches.take(numbered(said_again("a", "planning", "r1"), said_again("a", "planning", "r1"), a_record("a")))
    assert await bench.noted() == ["a", "a"]

    await batches.take(numbered(said_again("a", "planning", "r2"), said_again("a", "planning", "r1")))
    assert await bench.noted() == ["a", "a", "a"]


@pytest.mark.parametrize("service", ["reporting", ""])
async def test_an_event_said_again_for_another_service_passes_by(bench: Bench, service: str) -> None:
    batches = bench.batches(service=service)
    await batches.take(numbered(a_record("a")))

    await batches.take(numbered(said_again("a", "planning", "r1"), a_record("b")))

    assert await bench.noted() == ["a", "b"]


async def test_an_event_that_comes_again_has_no_second_effect(bench: Bench) -> None:
    batches = bench.batches()

    await batches.take(numbered(a_record("a"), a_record("a")))
    await batches.take(numbered(a_record("a"), a_record("b")))

    assert await bench.noted() == ["a", "b"]


async def test_an_id_reused_for_another_body_is_set_aside_and_the_rest_of_its_batch_is_not(bench: Bench) -> None:
    other = TimePassed(centre="akc-vast", until=AT.replace(hour=7)).body()

    await bench.batches().take(numbered(a_record("a"), a_record("a", other), a_record("b")))

    assert (await bench.noted(), await bench.dead()) == (["a", "b"], ["a"])


async def test_an_unreadable_event_is_set_aside_at_once(bench: Bench) -> None:
    await bench.batches().take(numbered(a_record("a"), a_record("bad", b"garbage"), a_record("b")))

    assert (await bench.noted(), await bench.dead()) == (["a", "b"], ["bad"])


async def test_what_is_set_aside_and_read_again_has_one_letter_and_another_in_its_place_its_own(bench: Bench) -> None:
    batches = bench.batches()
    for record in (a_record("bad", b"garbage"), a_record("bad", b"garbage"), a_record("worse", b"other garbage")):
        await batches.take(numbered(record))

    assert await bench.dead() == ["bad", "worse"]
    assert await bench.all('select next_offset from "position"') == [(1,)]


async def test_a_type_of_ours_that_nobody_handles_passes_by(bench: Bench) -> None:
    other = a_record("x", b"garbage")
    other.headers = [("ce_id", b"x"), ("ce_type", PlanPublished.type_name().encode())]

    await bench.batches().take(numbered(other, a_record("a")))

    assert (await bench.noted(), await bench.dead()) == (["a"], [])


@pytest.mark.parametrize("type_", [b"se.samsyn.TimePassed.v2", b"\xff", None])
async def test_what_has_no_type_of_ours_is_set_aside_and_not_passed_over_in_silence(
    bench: Bench, type_: bytes | None
) -> None:
    odd = a_record("odd")
    odd.headers = [(name, value) for name, value in odd.headers if name != "ce_type"]
    odd.headers += [] if type_ is None else [("ce_type", type_)]

    await bench.batches().take(numbered(odd, a_record("a")))

    assert (await bench.noted(), await bench.dead()) == (["a"], ["odd"])


async def test_a_bug_in_one_event_is_tried_a_few_times_and_costs_the_others_nothing(bench: Bench) -> None:
    tries: list[str] = []

    async def act(id_: str, _transaction: Transaction) -> None:
        tries.append(id_)
        if id_ == "bad":
            raise ZeroDivisionError

    await bench.batches(act).take(numbered(a_record("a"), a_record("bad"), a_record("b")))

    assert (await bench.noted(), await bench.dead()) == (["a", "b"], ["bad"])
    assert tries.count("bad") == 2 + bench.settings.max_tries


async def test_a_guilty_one_among_many_costs_few_more_transactions(bench: Bench) -> None:
    tries: list[str] = []

    async def act(id_: str, _transaction: Transaction) -> None:
        tries.append(id_)
        if id_ == "bad":
            raise Reject

    await bench.batches(act).take(numbered(a_record("bad"), *(a_record(str(number)) for number in range(255))))

    assert (len(await bench.noted()), await bench.dead()) == (255, ["bad"])
    assert tries.count("bad") == 9


async def test_no_value_of_a_failed_event_is_logged(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    async def act(id_: str, transaction: Transaction) -> None:
        await transaction.execute(sa.text("insert into noted values (:id, 'x')").bindparams(id=CANARY + id_))

    await bench.batches(act).take(numbered(a_record("bad")))

    assert (await bench.dead(), "InvalidTextRepresentationError" in caplog.text) == (["bad"], True)
    assert CANARY not in caplog.text


async def test_what_can_never_be_is_set_aside_without_a_second_try(bench: Bench) -> None:
    tries: list[str] = []

    async def act(id_: str, _transaction: Transaction) -> None:
        tries.append(id_)
        raise Reject

    await bench.batches(act).take(numbered(a_record("bad")))

    assert (await bench.dead(), tries) == (["bad"], ["bad"])


async def test_another_side_that_is_away_is_waited_for(bench: Bench) -> None:
    tries: list[str] = []

    async def act(id_: str, _transaction: Transaction) -> None:
        tries.append(id_)
        if len(tries) <= 2 + bench.settings.max_tries:  # longer than a bug would be tried
            raise Retry

    await bench.batches(act).take(numbered(a_record("a")))

    assert (await bench.noted(), await bench.dead()) == (["a"], [])


@pytest.mark.parametrize("value", [2**80, "no number"])
async def test_a_value_that_the_database_cannot_take_is_a_bug_and_no_outage(bench: Bench, value: object) -> None:
    async def act(id_: str, transaction: Transaction) -> None:
        if id_ == "bad":
            statement = sa.text("update noted set number = :number").bindparams(sa.bindparam("number", value))
            await transaction.execute(statement)

    await bench.batches(act).take(numbered(a_record("bad"), a_record("a")))

    assert (await bench.noted(), await bench.dead()) == (["a"], ["bad"])


async def test_a_connection_that_is_cut_in_the_middle_is_no_bug(bench: Bench) -> None:
    cuts: list[str] = []

    async def act(id_: str, transaction: Transaction) -> None:
        if not cuts:
            cuts.append(id_)
            await transaction.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))

    await bench.batches(act).take(numbered(a_record("a")))

    assert (await bench.noted(), await bench.dead()) == (["a"], [])


async def test_a_dead_letter_tells_where_and_why_but_nothing_of_the_contents(bench: Bench) -> None:
    await bench.batches().take(numbered(a_record("bad", b'{"centre": "Kanariefagel"}')))

    ((body,),) = await bench.all("select body from outbox")
    assert isinstance(body, bytes)
    letter = json.loads(body)
    assert (letter["topic"], letter["partition"], letter["offset"]) == (TOPIC, 0, 0)
    assert "sealed" not in letter
    assert b"Kanariefagel" not in body


async def test_many_repetitions_cost_one_look_at_the_inbox(bench: Bench) -> None:
    records = [a_record(str(uuid.uuid4())) for _ in range(500)]
    statements: list[str] = []
    batches = bench.batches()
    await batches.take(numbered(*records))
    sa.event.listen(
        bench.database.engine.sync_engine, "before_cursor_execute", lambda *told: statements.append(told[2])
    )

    await batches.take(numbered(*records))

    assert len([one for one in statements if "inbox" in one]) == 2
