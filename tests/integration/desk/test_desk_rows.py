"""A party's rows at the desk: each event once, each party alone, and what a refusal takes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.domain.cards import CapacityCard, OperationCard, QuestionCard
from samsyn_adapter_desk.store import Speech, Store
from samsyn_contracts.capacity import CapacityConsent, CapacityOffered, PoliceCancelled
from samsyn_contracts.envelope import Envelope, service_source
from samsyn_contracts.message import Message, Slot
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    OperationScheduled,
    Participant,
    ParticipationAccepted,
    ParticipationRequested,
)
from samsyn_contracts.platform import EventRejected, RejectionReason
from sqlalchemy.exc import ProgrammingError

from tests.support.kafka_and_postgres import FreshDatabase

SKV, CITY, POLICE = "skatteverket", "kommun-goteborg", "polisen"
NINE = datetime(2026, 5, 8, 7, tzinfo=UTC)
SLOT = Slot(session_id="polisen:s1", start_at=NINE, end_at=NINE + timedelta(hours=4))
OPERATION = "op:polisen:s1"


@pytest.fixture(scope="module")
async def database(fresh_database: FreshDatabase) -> AsyncIterator[Database]:
    made = Database(fresh_database("desk").replace("postgresql://", "postgresql+asyncpg://", 1))
    await made.migrate()
    await made.migrate()  # a second process finds everything there
    yield made
    await made.close()


@pytest.fixture
def parties(database: Database) -> tuple[Store, Store]:
    return Store(database, SKV, "test"), Store(database, CITY, "test")


def envelope(message: Message, event_id: str) -> Envelope:
    return Envelope(
        id=event_id,
        source=service_source("planning"),
        type=message.type_name(),
        time=NINE - timedelta(days=3),
        centre="akc-vast",
        environment="test",
        subject=message.subject,
    )


def scheduled(version: int = 1) -> OperationScheduled:
    return OperationScheduled(
        operation_id=OPERATION,
        code_name="Björk",
        slot=SLOT,
        participants=(Participant(agency=SKV, capacity_id="skatteverket:t1", status="accepted"),),
        plan_version=version,
    )


def question() -> ParticipationRequested:
    return ParticipationRequested(
        operation_id=OPERATION,
        code_name="Björk",
        agency=SKV,
        capacity_id="skatteverket:t1",
        slot=SLOT,
        inspections=(),
        reply_by=NINE - timedelta(days=1),
        plan_version=1,
    )


def speech(message: Message, key: str) -> Speech:
    return Speech(message, "akc-vast", key, NINE - timedelta(days=2), "somebody", "samordnare")


def refusal(event_id: str) -> EventRejected:
    reason = RejectionReason(pointer="/", code="already_past", text_sv="För sent.", text_en="Too late.")
    return EventRejected(rejected_id=event_id, party=SKV, reasons=(reason,), replayable=False)


async def test_an_event_that_is_heard_twice_stands_once(parties: tuple[Store, Store]) -> None:
    tax, _ = parties
    for _ in range(2):
        await tax.hear(scheduled(), envelope(scheduled(), "e-twice"))
    assert len(await tax.heard("event_id = 'e-twice'")) == 1
    assert [card.code_name for card in await tax.cards(OperationCard)] == ["Björk"]


async def test_an_older_version_that_comes_late_changes_nothing(parties: tuple[Store, Store]) -> None:
    tax, _ = parties
    await tax.hear(scheduled(5), envelope(scheduled(5), "e-new"))
    await tax.hear(scheduled(4), envelope(scheduled(4), "e-old"))
    (card,) = await tax.cards(OperationCard)
    assert card.plan_version == 5


async def test_another_party_sees_nothing_of_it(parties: tuple[Store, Store], database: Database) -> None:
    tax, city = parties
    await tax.hear(scheduled(), envelope(scheduled(), "e-own"))
    assert await city.cards(OperationCard) == []
    assert await city.heard("true") == []
    # Not even to a statement that forgets to ask for the own party alone.
    async with database.as_party(CITY) as connection:
        for table in ("heard", "card", "saying"):
            found = await connection.execute(sa.select(sa.func.count()).select_from(sa.table(table)))
            assert found.scalar_one() == 0


async def test_no_row_is_written_in_another_partys_name(database: Database) -> None:
    insert = sa.text(
        "insert into card (party, kind, id, centre, state, at, body) values (:p, 'mode', 'x', 'x', 'x', now(), '{}')"
    )
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.as_party(CITY) as connection:
            await connection.execute(insert, {"p": SKV})


async def test_who_has_no_party_sees_no_row(database: Database) -> None:
    async with database.as_party("") as connection:
        assert (await connection.execute(sa.text("select count(*) from heard"))).scalar_one() == 0


async def test_a_form_that_is_sent_twice_is_one_statement(parties: tuple[Store, Store]) -> None:
    tax, _ = parties
    told = NotificationAcknowledged(operation_id=OPERATION, agency=SKV, plan_version=1, by_function="samordnare")
    first = await tax.say(speech(told, "desk:acknowledge:once"))
    assert await tax.say(speech(told, "desk:acknowledge:once")) == first
    assert len(await tax.said("key = 'desk:acknowledge:once'")) == 1


async def test_sayings_are_read_on_in_the_order_said(parties: tuple[Store, Store]) -> None:
    tax, _ = parties
    before = max([said.number for said in await tax.said()], default=0)
    told = NotificationAcknowledged(operation_id=OPERATION, agency=SKV, plan_version=1, by_function="samordnare")
    for number in range(5):
        await tax.say(speech(told, f"desk:order:{number}"))
    assert [said.key for said in await tax.sayings_after(before)] == [f"desk:order:{n}" for n in range(5)]


async def test_an_answer_shows_at_once_and_a_refusal_takes_it_back(parties: tuple[Store, Store]) -> None:
    tax, _ = parties
    await tax.hear(question(), envelope(question(), "e-question"))
    yes = ParticipationAccepted(operation_id=OPERATION, capacity_id="skatteverket:t1", session_id="polisen:s1")
    said_id = await tax.say(speech(yes, "desk:accept:1"))
    (answered,) = await tax.cards(QuestionCard)
    assert answered.status == "answered"

    await tax.hear(refusal(said_id), envelope(refusal(said_id), "e-refused"))
    (open_again,) = await tax.cards(QuestionCard)
    assert open_again.status == "open"
    (refused,) = await tax.said("key = 'desk:accept:1'")
    assert refused.state == "rejected"
    assert refused.reasons[0]["text_sv"] == "För sent."


async def test_a_refusal_of_somebody_elses_statement_changes_nothing(parties: tuple[Store, Store]) -> None:
    tax, _ = parties
    before = await tax.said()
    await tax.hear(refusal("not-ours"), envelope(refusal("not-ours"), "e-not-ours"))
    assert await tax.said() == before


async def test_a_session_that_the_police_cancel_here_is_lost_at_once(database: Database) -> None:
    police = Store(database, POLICE, "test")
    offered = CapacityOffered(
        capacity_id="polisen:s9",
        unit="local_police",
        start_at=NINE,
        end_at=NINE + timedelta(hours=4),
        staff=4,
        consent=CapacityConsent(mode="standing"),
        base={"lat": 57.7, "lon": 11.9},
    )
    await police.say(speech(offered, "desk:offer:1"))
    lost_id = await police.say(speech(PoliceCancelled(capacity_id="polisen:s9", cause_code="shooting"), "desk:lost:1"))
    (card,) = await police.cards(CapacityCard)
    assert (card.state, card.lost_by) == ("lost", lost_id)

    await police.hear(refusal(lost_id), envelope(refusal(lost_id), "e-lost-refused"))
    (card,) = await police.cards(CapacityCard)
    assert card.state == "offered"
