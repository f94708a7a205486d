"""The wheel at the desk, from the form to the rows: said once, shown at once, and refused in the open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import httpx
import pytest
from fastapi import FastAPI, Request
from icalendar import Calendar
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.domain.cards_of_the_year import WheelCard
from samsyn_adapter_desk.hosting import Hosted
from samsyn_adapter_desk.pages import wheel
from samsyn_adapter_desk.pages.asking import Asking, asking
from samsyn_adapter_desk.people import Person, Role, Seat
from samsyn_adapter_desk.reading import Reading
from samsyn_adapter_desk.rendering import Pages
from samsyn_adapter_desk.sign_in import PageInstead, Visitor
from samsyn_adapter_desk.store import Store
from samsyn_contracts.envelope import Envelope, party_source, service_source
from samsyn_contracts.message import Message
from samsyn_contracts.periods import AnnualTargetSet, AnnualWheelPublished
from samsyn_contracts.platform import EventRejected, RejectionReason

from tests.support.kafka_and_postgres import FreshDatabase

CENTRE, OTHER, SKV = "akc-vast", "akc-stockholm", "skatteverket"
NOW = datetime(2026, 5, 8, 12, tzinfo=UTC)
FILLED = {
    "version": "1",
    "period-1-period_id": "2026-q2",
    "period-1-from_day": "2026-03-30",
    "period-1-until_day": "2026-06-28",
    "period-1-freeze_at": "2026-03-20T12:00",
}


@dataclass
class Desk:
    """The wheel's own pages over real rows; who asks is told by the test, not by a sign-in."""

    database: Database
    client: httpx.AsyncClient
    seat: Seat
    notes: list[str] = field(default_factory=list)

    async def leave_note(self, _cookie: str, note: str) -> None:
        """What the next page would tell of what was sent."""
        self.notes.append(note)

    def sits(self, party: str, role: Role) -> Store:
        """Sit on another seat; the rows of its party."""
        self.seat = Seat(party, role, "samordnare")
        return self.store

    @property
    def store(self) -> Store:
        """The rows of the party that sits here."""
        return Store(self.database, self.seat.party, "test")

    @property
    def rows(self) -> Reading:
        """The rows of the party that sits here, as it reads them."""
        return Reading(self.database, self.seat.party, None)

    async def publish(self, once: str, changed: dict[str, str] | None = None, year: int = 2026) -> httpx.Response:
        """Send the form."""
        return await self.client.post(f"/wheel/edit?year={year}", data={**FILLED, "once": once, **(changed or {})})

    async def page(self, path: str) -> str:
        """A page's text."""
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def hear(self, message: Message, source: str, event_id: str) -> None:
        """The party hears something."""
        told = Envelope(
            id=event_id,
            source=source,
            type=message.type_name(),
            time=NOW,
            centre=CENTRE,
            environment="test",
            subject=message.subject,
        )
        await self.store.hear(message, told)


@pytest.fixture(scope="module")
async def database(fresh_database: FreshDatabase) -> AsyncIterator[Database]:
    made = Database(fresh_database("desk").replace("postgresql://", "postgresql+asyncpg://", 1))
    await made.migrate()
    yield made
    await made.close()


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    app = FastAPI()
    app.include_router(wheel.router)
    app.state.pages = Pages(Assets())
    app.state.desk = SimpleNamespace(database=database)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test", cookies={"samsyn": "x"}) as client:
        made = Desk(database, client, Seat(CENTRE, "centre_coordinator", "samordnare"))
        app.state.sign_in = SimpleNamespace(cookie="samsyn", sessions=made)

        def who(request: Request) -> Asking:
            person = Person("subject", "Name", (made.seat,), "en")
            visitor = Visitor(person, made.seat, "en", "csrf", NOW + timedelta(hours=1))
            return Asking(request, visitor, cast("Hosted", SimpleNamespace(store=made.store)), NOW)

        app.dependency_overrides[asking] = who
        yield made


async def test_a_wheel_is_said_in_the_centres_name_and_shown_at_once(desk: Desk) -> None:
    answer = await desk.publish("w1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/wheel?year=2026")
    (said,) = await desk.rows.said("key = 'desk:wheel:w1'")
    assert (said.centre, said.by_function, said.state) == (CENTRE, "samordnare", "waiting")
    assert desk.notes == ["Sent: Publish the annual wheel. 2026."]
    assert isinstance(said.message, AnnualWheelPublished)
    assert said.message.wheel_id == f"{CENTRE}:wheel-2026"
    text = await desk.page("/wheel?year=2026")
    assert "2026-q2" in text
    assert "w. 14–w. 26" in text
    assert "on its way to Samsyn" in text


async def test_a_form_that_comes_twice_is_one_statement(desk: Desk) -> None:
    for _ in range(2):
        answer = await desk.publish("w1")
        assert answer.status_code == 303
    assert len(await desk.rows.said("key = 'desk:wheel:w1'")) == 1


async def test_another_form_that_began_from_an_older_version_is_told_so(desk: Desk) -> None:
    answer = await desk.publish("w2")
    assert answer.status_code == 422
    assert "published by somebody else meanwhile" in answer.text
    assert await desk.rows.said("key = 'desk:wheel:w2'") == []


async def test_what_is_wrong_is_told_and_what_was_filled_in_is_kept(desk: Desk) -> None:
    answer = await desk.publish("w3", {"version": "2", "period-1-until_day": "2026-01-01"})
    assert answer.status_code == 422
    assert "The last day must not be before the first." in answer.text
    assert 'value="2026-01-01"' in answer.text


async def test_the_next_version_begins_from_the_newest(desk: Desk) -> None:
    text = await desk.page("/wheel/edit?year=2026")
    assert 'name="version" value="2"' in text
    assert 'value="2026-03-20 12:00"' in text
    assert (await desk.publish("w4", {"version": "2"})).status_code == 303
    (card,) = await desk.rows.cards(WheelCard, "state = '2026'")
    assert card.version == 2


async def test_a_refusal_is_told_beside_the_wheel(desk: Desk) -> None:
    (said,) = await desk.rows.said("key = 'desk:wheel:w4'")
    reason = RejectionReason(code="superseded", text_sv="Ersatt.", text_en="Superseded.", pointer="/version")
    rejected = EventRejected(rejected_id=said.event_id, party=CENTRE, reasons=(reason,), replayable=False)
    await desk.hear(rejected, service_source("planning"), "r1")
    text = await desk.page("/wheel?year=2026")
    assert "Samsyn refused version 2" in text
    assert "Superseded." in text


async def test_the_calendar_has_the_wheels_of_its_year_alone(desk: Desk) -> None:
    assert (await desk.publish("w5", {"period-1-period_id": "2027-q1"}, 2027)).status_code == 303
    answer = await desk.client.get("/wheel.ics?year=2026")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="samsyn-2026.ics"'
    told = [str(event["summary"]) for event in Calendar.from_ical(answer.content).events]
    assert [summary.partition(" (")[0] for summary in told] == ["Period 2026-q2", "Frozen at 12:00: 2026-q2"]


async def test_another_party_sees_nothing_of_it_before_it_hears(desk: Desk) -> None:
    desk.sits(OTHER, "centre_coordinator")
    assert "2026-q2" not in await desk.page("/wheel?year=2026")
    assert b"VEVENT" not in (await desk.client.get("/wheel.ics?year=2026")).content
    desk.sits(SKV, "agency_coordinator")
    assert "2026-q2" not in await desk.page("/wheel?year=2026")
    target = AnnualTargetSet(
        centre=CENTRE, year=2026, unit="operations", baseline=3, target=7, by_function="samordnare"
    )
    await desk.hear(target, party_source(CENTRE), "t1")
    assert "The centre&#39;s target: 7. The year before: 3." in await desk.page("/wheel?year=2026")


@pytest.mark.parametrize("role", ["reader", "agency_coordinator", "duty_officer"])
async def test_who_may_not_keep_the_wheel_can_neither_open_nor_send_the_form(desk: Desk, role: Role) -> None:
    desk.sits(CENTRE, role)
    with pytest.raises(PageInstead) as opened:
        await desk.client.get("/wheel/edit?year=2026")
    with pytest.raises(PageInstead) as sent:
        await desk.publish("w9", {"version": "3"})
    assert (opened.value.status, sent.value.status) == (403, 403)
    assert await desk.rows.said("key = 'desk:wheel:w9'") == []


@pytest.mark.parametrize("year", ["1999", "2200", "x"])
async def test_a_year_that_no_wheel_can_have_is_refused(desk: Desk, year: str) -> None:
    for path in ("/wheel", "/wheel.ics", "/wheel/edit"):
        assert (await desk.client.get(f"{path}?year={year}")).status_code == 422
