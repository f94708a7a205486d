"""A party's rows at the desk: each event once, each party alone, and what a refusal takes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from samsyn_adapter_desk.bells import Bells
from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard
from samsyn_adapter_desk.domain.cards_of_wishes import CapacityCard, InspectionCard
from samsyn_adapter_desk.pages.todo import HELD
from samsyn_adapter_desk.party import DeskAdapter
from samsyn_adapter_desk.reading import Reading
from samsyn_adapter_desk.sayings import Speech
from samsyn_adapter_desk.store import Store
from samsyn_adapter_sdk import RetryError
from samsyn_contracts.capacity import CapacityConsent, CapacityOffered, CapacityWithdrawn, PoliceCancelled
from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.contact_points import ContactPointChanged
from samsyn_contracts.envelope import Envelope, service_source
from samsyn_contracts.inspections import InspectionProposed, InspectionWithdrawn, InterestDeclared, ReadinessDeclared
from samsyn_contracts.message import Message, Slot
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    OperationScheduled,
    Participant,
    ParticipationAccepted,
    ParticipationRequested,
    ParticipationWithdrawn,
)
from samsyn_contracts.platform import EventRejected, RejectionReason
from sqlalchemy.exc import ProgrammingError

from tests.support.kafka_and_postgres import FreshDatabase
from tests.unit.desk.told import example

SKV, CITY, POLICE = "skatteverket", "kommun-goteborg", "polisen"
NINE = datetime(2026, 5, 8, 7, tzinfo=UTC)
SLOT = Slot(session_id="polisen:s1", start_at=NINE, end_at=NINE + timedelta(hours=4))
OPERATION = "op:polisen:s1"


class Party(Store):
    """A party that hears and says, and its rows."""

    @property
    def rows(self) -> Reading:
        """All of them, as whoever sits for a party without departments reads them."""
        return self.of(None)

    def of(self, role: str | None) -> Reading:
        """What a department of it reads."""
        return Reading(self._database, self.party, role)


@pytest.fixture(scope="module")
async def database(fresh_database: FreshDatabase) -> AsyncIterator[Database]:
    made = Database(fresh_database("desk").replace("postgresql://", "postgresql+asyncpg://", 1))
    await made.migrate()
    await made.migrate()  # a second process finds everything there
    yield made
    await made.close()


@pytest.fixture
def parties(database: Database) -> tuple[Party, Party]:
    return Party(database, SKV, "test"), Party(database, CITY, "test")


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


async def test_an_event_that_is_heard_twice_stands_once(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    for _ in range(2):
        await tax.hear(scheduled(), envelope(scheduled(), "e-twice"))
    assert len(await tax.rows.heard("event_id = 'e-twice'")) == 1
    assert [card.code_name for card in await tax.rows.cards(OperationCard)] == ["Björk"]


async def test_an_older_version_that_comes_late_changes_nothing(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    await tax.hear(scheduled(5), envelope(scheduled(5), "e-new"))
    await tax.hear(scheduled(4), envelope(scheduled(4), "e-old"))
    (card,) = await tax.rows.cards(OperationCard)
    assert card.plan_version == 5


async def test_another_party_sees_nothing_of_it(parties: tuple[Party, Party], database: Database) -> None:
    tax, city = parties
    await tax.hear(scheduled(), envelope(scheduled(), "e-own"))
    assert await city.rows.cards(OperationCard) == []
    assert await city.rows.heard("true") == []
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


async def test_a_form_that_is_sent_twice_is_one_statement(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    told = NotificationAcknowledged(operation_id=OPERATION, agency=SKV, plan_version=1, by_function="samordnare")
    first = await tax.say(speech(told, "desk:acknowledge:once"))
    assert await tax.say(speech(told, "desk:acknowledge:once")) == first
    assert len(await tax.rows.said("key = 'desk:acknowledge:once'")) == 1


async def test_sayings_are_read_on_in_the_order_said(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    before = max([said.number for said in await tax.rows.said()], default=0)
    told = NotificationAcknowledged(operation_id=OPERATION, agency=SKV, plan_version=1, by_function="samordnare")
    for number in range(5):
        await tax.say(speech(told, f"desk:order:{number}"))
    assert [said.key for said in await tax.sayings_after(before)] == [f"desk:order:{n}" for n in range(5)]


async def test_an_answer_shows_at_once_and_a_refusal_takes_it_back(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    await tax.hear(question(), envelope(question(), "e-question"))
    yes = ParticipationAccepted(operation_id=OPERATION, capacity_id="skatteverket:t1", session_id="polisen:s1")
    said_id = await tax.say(speech(yes, "desk:accept:1"))
    (answered,) = await tax.rows.cards(QuestionCard)
    assert answered.status == "answered"

    await tax.hear(refusal(said_id), envelope(refusal(said_id), "e-refused"))
    (open_again,) = await tax.rows.cards(QuestionCard)
    assert open_again.status == "open"
    (refused,) = await tax.rows.said("key = 'desk:accept:1'")
    assert refused.state == "rejected"
    assert refused.reasons[0]["text_sv"] == "För sent."


async def test_a_refusal_of_somebody_elses_statement_changes_nothing(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    before = await tax.rows.said()
    await tax.hear(refusal("not-ours"), envelope(refusal("not-ours"), "e-not-ours"))
    assert await tax.rows.said() == before


async def test_a_session_that_the_police_cancel_here_is_lost_at_once(database: Database) -> None:
    police = Party(database, POLICE, "test")
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
    (card,) = await police.rows.cards(CapacityCard)
    assert (card.state, card.lost_by) == ("lost", lost_id)

    await police.hear(refusal(lost_id), envelope(refusal(lost_id), "e-lost-refused"))
    (card,) = await police.rows.cards(CapacityCard)
    assert card.state == "offered"


async def test_a_refused_word_puts_the_card_back_as_it_was(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    wanted = InspectionCard(centre="akc-vast", at=NINE, inspection_id="skatteverket:i1", is_own=True)
    async with tax._database.as_party(SKV) as connection:
        await tax._keep(connection, [wanted])
    withdrawn = InspectionWithdrawn(inspection_id="skatteverket:i1", reason_code="moved")
    said_id = await tax.say(speech(withdrawn, "desk:withdraw:1"))
    assert (await tax.rows.cards(InspectionCard))[0].state == "withdrawn"
    await tax.hear(refusal(said_id), envelope(refusal(said_id), "e-withdraw-refused"))
    assert (await tax.rows.cards(InspectionCard))[0] == wanted


async def test_what_may_be_compromised_is_found_however_old_until_it_is_let_go(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    feared = OperationCompromised(operation_id=OPERATION, told_by=POLICE, how="leaked", by_function="jour")
    cleared = OperationCleared(
        operation_id=OPERATION, centre="akc-vast", by_function="samordnare", reason_code="goes_ahead"
    )
    await tax.hear(scheduled(), envelope(scheduled(), "e1"))
    assert await tax.rows.cards(OperationCard, HELD) == []

    await tax.hear(feared, envelope(feared, "f1"))
    assert [card.code_name for card in await tax.rows.cards(OperationCard, HELD)] == ["Björk"]

    await tax.hear(cleared, envelope(cleared, "c1"))
    assert await tax.rows.cards(OperationCard, HELD) == []


async def test_what_has_changed_since_is_not_put_back(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    await tax.hear(scheduled(20), envelope(scheduled(20), "e-20"))
    before = (await tax.rows.cards(OperationCard))[0].acknowledged_version
    seen = NotificationAcknowledged(operation_id=OPERATION, agency=SKV, plan_version=20, by_function="samordnare")
    said_id = await tax.say(speech(seen, "desk:seen:20"))
    await tax.hear(scheduled(21), envelope(scheduled(21), "e-21"))
    await tax.hear(refusal(said_id), envelope(refusal(said_id), "e-seen-refused"))
    card = await tax.rows.card(OperationCard, OPERATION)
    assert card is not None
    assert (card.plan_version, card.acknowledged_version) == (21, before)


async def test_an_admission_that_is_noted_late_does_not_hide_a_refusal(parties: tuple[Party, Party]) -> None:
    tax, _ = parties
    yes = ParticipationAccepted(operation_id=OPERATION, capacity_id="skatteverket:t1", session_id="polisen:s1")
    said_id = await tax.say(speech(yes, "desk:accept:late"))
    await tax.hear(refusal(said_id), envelope(refusal(said_id), "e-late"))
    await tax.admitted([said_id])
    (said,) = await tax.rows.said("key = 'desk:accept:late'")
    assert (said.state, len(said.reasons)) == ("rejected", 1)


async def test_a_cursor_of_another_database_begins_anew(parties: tuple[Party, Party], database: Database) -> None:
    tax, _ = parties
    told = NotificationAcknowledged(operation_id=OPERATION, agency=SKV, plan_version=1, by_function="samordnare")
    await tax.say(speech(told, "desk:cursor:1"))
    adapter = DeskAdapter(tax, Bells("postgresql://nobody@127.0.0.1:9/none"))
    here = await tax.database_id()
    newest = max(said.number for said in await tax.rows.said())
    first = await anext(adapter.said(f"another-database:{newest}"))
    assert first.cursor == f"{here}:{min(said.number for said in await tax.rows.said())}"
    assert (await anext(adapter.said(f"{here}:{newest - 1}"))).cursor == f"{here}:{newest}"


async def test_while_its_database_is_away_the_desk_waits_and_sets_nothing_aside() -> None:
    gone = Database("postgresql+asyncpg://nobody@127.0.0.1:9/none")
    adapter = DeskAdapter(Store(gone, SKV, "test"), Bells("postgresql://nobody@127.0.0.1:9/none"))
    with pytest.raises(RetryError, match="database is away"):
        await adapter.hear(scheduled(), envelope(scheduled(), "e-away"))
    await gone.close()


async def test_no_error_of_the_database_tells_what_was_said(database: Database) -> None:
    with pytest.raises(ProgrammingError) as failed:
        async with database.as_party(SKV) as connection:
            await connection.execute(sa.text("select :body from no_such_table"), {"body": "Kalles Grill AB"})
    assert "Kalles Grill" not in str(failed.value)


ENVIRONMENT, LICENSING = "miljoforvaltningen", "tillstandsenheten"


async def test_each_department_reads_what_is_its_own(parties: tuple[Party, Party]) -> None:
    _, city = parties
    operations = {role: f"op:polisen:of-{role}" for role in (ENVIRONMENT, LICENSING)}
    for role, operation_id in operations.items():
        part = Participant(agency=CITY, capacity_id=f"kommun-goteborg:{role}", status="invited", role=role)
        about = {"operation_id": operation_id, "code_name": "Al", "slot": SLOT, "plan_version": 1}
        told = OperationScheduled(**about, participants=(part,))
        to_team = {"agency": CITY, "role": role, "capacity_id": part.capacity_id, "inspections": (), "reply_by": NINE}
        asked = ParticipationRequested.model_validate({**about, **to_team})
        await city.hear(told, envelope(told, f"e-{role}"))
        await city.hear(asked, envelope(asked, f"q-{role}"))
        yes = ParticipationAccepted(operation_id=operation_id, capacity_id=part.capacity_id, session_id="polisen:s1")
        await city.say(replace(speech(yes, f"desk:accept:{role}"), actorrole=role))

    for role, operation_id in operations.items():
        rows = city.of(role)
        assert [card.id for card in await rows.cards(OperationCard)] == [operation_id]
        assert [card.operation_id for card in await rows.cards(QuestionCard)] == [operation_id]
        assert {row.subject for row in await rows.heard("true")} == {operation_id}
        assert [said.actorrole for said in await rows.said()] == [role]
    assert await city.of("").cards(OperationCard) == []
    assert await city.of("").said() == []


async def test_who_was_let_go_finds_the_operation_where_it_stood_then(parties: tuple[Party, Party]) -> None:
    _, city = parties
    about = {"operation_id": "op:polisen:let-go", "code_name": "Alm"}
    part = Participant(agency=CITY, capacity_id="kommun-goteborg:let-go", status="accepted", role=LICENSING)
    stays = Participant(agency=CITY, capacity_id="kommun-goteborg:stays", status="accepted", role=ENVIRONMENT)
    for version, weeks, parts in ((1, 0, (part, stays)), (2, 0, (stays,)), (3, 2, (stays,))):
        start = NINE + timedelta(weeks=weeks)
        slot = Slot(session_id=f"polisen:s{weeks}", start_at=start, end_at=start + timedelta(hours=4))
        told = OperationScheduled(**about, slot=slot, participants=parts, plan_version=version)
        await city.hear(told, envelope(told, f"e-let-go-{version}"))

    async def found(role: str, since: datetime) -> list[int]:
        cards = await city.of(role).cards(
            OperationCard, "at >= :since and id = :id", since=since, id=about["operation_id"]
        )
        return [card.plan_version for card in cards]

    assert [await found(LICENSING, NINE + timedelta(days=days)) for days in (0, 1)] == [[2], []]
    assert [await found(ENVIRONMENT, NINE + timedelta(days=days)) for days in (0, 1)] == [[3], [3]]


async def test_no_department_speaks_of_what_is_anothers(parties: tuple[Party, Party]) -> None:
    _, city = parties
    parts = {role: f"kommun-goteborg:{role}-2" for role in (ENVIRONMENT, LICENSING)}
    told = OperationScheduled(
        operation_id="op:polisen:of-both",
        code_name="Alm",
        slot=SLOT,
        participants=tuple(
            Participant(agency=CITY, capacity_id=capacity_id, status="accepted", role=role)
            for role, capacity_id in parts.items()
        ),
        plan_version=1,
    )
    await city.hear(told, envelope(told, "e-both"))
    await city.say(replace(speech(a_shift(), "desk:offer:te"), actorrole=LICENSING))

    def leaves(role: str) -> ParticipationWithdrawn:
        about = {"operation_id": told.operation_id, "capacity_id": parts[role], "reason_code": "no_resources"}
        return ParticipationWithdrawn(**about)

    environment = city.of(ENVIRONMENT)
    assert not await environment.is_of_another(leaves(ENVIRONMENT), "akc-vast")
    assert await environment.is_of_another(leaves(LICENSING), "akc-vast")
    gone = CapacityWithdrawn(capacity_id=a_shift().capacity_id, reason_code="no_resources")
    assert await environment.is_of_another(gone, "akc-vast")
    assert not await city.of(LICENSING).is_of_another(gone, "akc-vast")
    unknown = gone.model_copy(update={"capacity_id": "kommun-goteborg:unknown"})
    assert not await environment.is_of_another(unknown, "akc-vast")
    reached = {"function_id": "kommun-goteborg:jour", "agency": CITY, "role_code": "on_call"}
    jour = ContactPointChanged.model_validate({**reached, "channels": ({"kind": "phone", "address": "031-390 06 05"},)})
    await city.say(replace(speech(jour, "desk:contact:te"), actorrole=LICENSING))
    assert await environment.is_of_another(jour, "akc-vast")
    assert not await city.of(LICENSING).is_of_another(jour, "akc-vast")
    assert not await environment.is_of_another(jour, "akc-nord")
    assert not await city.rows.is_of_another(leaves(LICENSING), "akc-vast")


def a_shift() -> CapacityOffered:
    consent = CapacityConsent(mode="standing")
    about = {"capacity_id": "kommun-goteborg:te-9", "unit": "team", "team": "te", "staff": 2, "consent": consent}
    return CapacityOffered.model_validate({**about, "start_at": NINE, "end_at": NINE + timedelta(hours=8)})


async def test_what_was_kept_before_departments_were_told_apart_is_found_by_its_own(database: Database) -> None:
    city = Party(database, CITY, "test")
    offer = a_shift().model_copy(update={"capacity_id": "kommun-goteborg:te-old"})
    await city.say(replace(speech(offer, "desk:offer:old"), actorrole=LICENSING))
    told = scheduled().model_copy(
        update={
            "operation_id": "op:polisen:old",
            "participants": (
                Participant(agency=CITY, capacity_id="kommun-goteborg:old", status="invited", role=LICENSING),
            ),
        }
    )
    asked = question().model_copy(
        update={"operation_id": told.operation_id, "agency": CITY, "capacity_id": "kommun-goteborg:old", "role": None}
    )
    await city.hear(told, envelope(told, "e-old-1"))
    await city.hear(asked, envelope(asked, "e-old-2"))
    seen = NotificationAcknowledged(operation_id=told.operation_id, agency=CITY, plan_version=1, by_function="f")
    await city.say(replace(speech(seen, "desk:seen:old"), actorrole=LICENSING))
    wish = InspectionProposed.model_validate(example("InspectionProposed", inspection_id="skatteverket:old"))
    await city.hear(wish, envelope(wish, "e-old-3"))
    for number, level in enumerate(("low", "high")):
        interest = InterestDeclared.model_validate(
            {"inspection_id": wish.inspection_id, "agency": CITY, "interest": level}
        )
        await city.say(replace(speech(interest, f"desk:interest:{number}"), actorrole=LICENSING))
    ready = ReadinessDeclared(inspection_id=wish.inspection_id, agency=CITY, ready=True)
    await city.say(replace(speech(ready, "desk:ready:old"), actorrole=LICENSING))
    async with database.transaction() as connection:
        await connection.execute(
            sa.text("update card set body = body - cast(:names as text[]) where party = :party"),
            {"party": CITY, "names": ["role", "seen_by_role", "interest_of", "readiness_of"]},
        )
        await connection.execute(sa.text("update alembic_version set version_num = 'desk_0002'"))

    await database.migrate()

    rows = city.of(LICENSING)
    assert await rows.card(CapacityCard, offer.capacity_id) is not None
    assert await rows.card(QuestionCard, f"{told.operation_id}|kommun-goteborg:old") is not None
    operation = await rows.card(OperationCard, told.operation_id)
    assert operation is not None
    assert operation.acknowledged_version == 1
    wanted = await rows.card(InspectionCard, wish.inspection_id)
    assert wanted is not None
    assert (wanted.interest, wanted.is_ready) == ("high", True)
    elsewhere = await city.of(ENVIRONMENT).card(InspectionCard, wish.inspection_id)
    assert elsewhere is not None
    assert (elsewhere.interest, elsewhere.is_ready) == (None, None)
