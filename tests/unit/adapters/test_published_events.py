"""What is said of the disturbances that the police publish, when it is said again, and how slowly the feed is asked."""

import time
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from samsyn_adapter_handelser_publika.adapter import PublishedEventsAdapter, feed_client
from samsyn_adapter_handelser_publika.places import municipalities, municipality_of
from samsyn_adapter_handelser_publika.reading import Seen
from samsyn_adapter_sdk import RetryError, Skipped, Statement
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.capacity import DisturbanceReported
from samsyn_contracts.register import load_register
from samsyn_demo.agencies.published_events import PublishedEvents, PublishedEventsApi
from samsyn_demo.disturbances import kind_of
from samsyn_demo.places import CITY_OF_CENTRE, rows_of
from samsyn_demo.places import municipalities as municipalities_of_the_demo

from tests.support.agency_worlds import MONDAY, a_world
from tests.support.next_sayings import next_sayings

GOTHENBURG = {"name": "Göteborg", "gps": "57.70887,11.97456"}


def an_event(number: int = 1, **overrides: Any) -> dict[str, Any]:
    own = {"datetime": "2025-05-05 8:03:02 +02:00", "type": "Brand", "location": GOTHENBURG}
    text = {"name": "HEMLIGT", "summary": "HEMLIGT", "url": "/HEMLIGT"}
    return {"id": number, **text, **own, **overrides}


def said(seen: Seen, *rows: dict[str, Any]) -> list[Any]:
    return list(seen.sayings(rows))


def test_an_event_is_a_disturbance_of_its_municipalitys_centre_not_verified() -> None:
    (saying,) = said(Seen(None), an_event(587596))
    assert isinstance(saying, Statement)
    assert saying.message == DisturbanceReported(
        disturbance_id="handelser-publika:587596", kind="fire", severity="serious", municipality="1480"
    )
    assert saying.centre == "akc-vast"
    assert saying.occurred_at.isoformat() == "2025-05-05T08:03:02+02:00"


def test_no_free_text_of_the_feed_is_said_or_kept() -> None:
    (saying,) = said(Seen(None), an_event())
    assert "HEMLIGT" not in str(saying)


def test_events_are_said_in_the_order_of_their_ids() -> None:
    keys = [saying.key for saying in said(Seen(None), an_event(3), an_event(1), an_event(2))]
    assert keys == ["handelse:1:1", "handelse:2:1", "handelse:3:1"]


def test_an_event_is_said_once() -> None:
    seen = Seen(None)
    assert len(said(seen, an_event())) == 1
    assert said(seen, an_event()) == []


def test_after_a_restart_nothing_is_said_again() -> None:
    (saying,) = said(Seen(None), an_event())
    assert said(Seen(saying.cursor), an_event()) == []


@pytest.mark.parametrize(
    "change",
    [{"type": "Explosion"}, {"type": "Skottlossning"}, {"location": {"name": "Borås", "gps": ""}}],
    ids=["severity", "kind", "place"],
)
def test_an_event_whose_kind_severity_or_place_changes_is_said_anew(change: dict[str, Any]) -> None:
    seen = Seen(None)
    (first,) = said(seen, an_event())
    (second,) = said(seen, an_event(**change))
    assert (first.key, second.key) == ("handelse:1:1", "handelse:1:2")
    assert first.message.subject == second.message.subject


def test_an_event_that_changes_back_is_said_a_third_time() -> None:
    seen = Seen(None)
    said(seen, an_event())
    said(seen, an_event(type="Explosion"))
    (third,) = said(seen, an_event())
    assert third.key == "handelse:1:3"


@pytest.mark.parametrize("change", [{"summary": "another text"}, {"datetime": "2025-05-05 9:00:00 +02:00"}])
def test_an_event_whose_text_or_time_changes_is_not_said_again(change: dict[str, Any]) -> None:
    seen = Seen(None)
    said(seen, an_event())
    assert said(seen, an_event(**change)) == []


def test_an_event_that_leaves_the_feed_says_nothing_and_is_not_said_again_when_it_is_back() -> None:
    seen = Seen(None)
    said(seen, an_event(1), an_event(2))
    assert said(seen, an_event(2)) == []
    assert said(seen, an_event(1), an_event(2)) == []


@pytest.mark.parametrize("kind", ["Sammanfattning natt", "Trafikkontroll", "Stöld"])
def test_a_type_that_drains_no_police_resources_is_not_said(kind: str) -> None:
    assert said(Seen(None), an_event(type=kind)) == []


def test_an_unknown_place_is_counted_once() -> None:
    seen, unknown = Seen(None), an_event(location={"name": "Västra Götalands län", "gps": "58.0,12.5"})
    (saying,) = said(seen, unknown)
    assert isinstance(saying, Skipped)
    assert "Västra Götalands län" in str(saying.unknown)
    assert said(seen, unknown) == []


def test_an_event_whose_place_becomes_known_is_said() -> None:
    seen = Seen(None)
    said(seen, an_event(location={"name": "Västra Götalands län", "gps": ""}))
    assert [saying.key for saying in said(seen, an_event())] == ["handelse:1:1"]


@pytest.mark.parametrize(
    "row",
    [{}, {"id": 1}, an_event(location=None), an_event(datetime="i går"), an_event(type=None), an_event(id="x"), "text"],
)
def test_a_row_of_another_form_says_nothing_and_stops_nothing(row: Any) -> None:
    assert [saying.key for saying in said(Seen(None), row, an_event(2))] == ["handelse:2:1"]


def test_the_cursor_does_not_grow_for_ever() -> None:
    *_, last = said(Seen(None), *(an_event(number) for number in range(1, 2101)))
    assert len(str(last.cursor)) < 70_000
    assert '"2100"' in str(last.cursor)
    assert '"100"' not in str(last.cursor)


@pytest.mark.parametrize(
    ("name", "point", "code"),
    [
        ("Göteborg", "", "1480"),
        ("Nordsjön", "57.0,5.0", None),
        ("Hisingen", "57.72,11.95", "1480"),
        ("Stockholms län", "59.3,18.0", None),
        ("Okänd", "här", None),
    ],
)
def test_a_place_is_found_by_its_name_else_by_its_point(name: str, point: str, code: str | None) -> None:
    found = municipality_of(name, point)
    assert (found.code if found else None) == code


def test_the_table_has_all_municipalities_of_the_registers_centres() -> None:
    told = {m.code: m.centre for m in municipalities().values()}
    cities = {city: centre for centre, city in CITY_OF_CENTRE.items()}
    assert told == {m.code: cities[m.centre_city] for m in municipalities_of_the_demo().values()}
    assert set(told.values()) == set(load_register().centres)


def test_every_type_of_the_demos_disturbances_is_told_with_its_kind_and_class() -> None:
    classes = {row["type"]: row["klass"] for row in rows_of("disturbances.csv")}
    told = {kind: said(Seen(None), an_event(type=kind))[0].message for kind in classes}
    severity = {"A": "heavy", "B": "serious"}
    assert {kind: (message.kind, message.severity) for kind, message in told.items()} == {
        kind: (kind_of(kind), severity[klass]) for kind, klass in classes.items()
    }


async def test_the_feed_is_not_asked_more_often_than_it_allows_also_after_errors() -> None:
    asked: list[float] = []

    def answer(_request: httpx.Request) -> httpx.Response:
        asked.append(time.monotonic())
        return httpx.Response(503)

    client = httpx.AsyncClient(base_url="http://feed", transport=httpx.MockTransport(answer))
    adapter = PublishedEventsAdapter(OwnSystem(client), poll_seconds=0.1)
    for _ in range(3):
        with pytest.raises(RetryError):
            await anext(aiter(adapter.said(None)))
    assert all(later - earlier >= 0.09 for earlier, later in pairwise(asked))
    assert len(asked) == 3


async def test_an_answer_that_is_no_list_is_waited_out() -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json={"error": "x"}))
    client = httpx.AsyncClient(base_url="http://feed", transport=transport)
    with pytest.raises(RetryError):
        await anext(aiter(PublishedEventsAdapter(OwnSystem(client), poll_seconds=0.01).said(None)))


async def test_who_does_not_name_itself_is_refused_by_the_publisher_and_the_adapter_does() -> None:
    published = PublishedEvents([a_world()])
    published.advance(MONDAY + timedelta(days=1))
    transport = httpx.ASGITransport(PublishedEventsApi(published).app)
    named = feed_client("http://feed", "test@example.invalid").headers
    async with httpx.AsyncClient(base_url="http://feed", transport=transport) as anonymous:
        assert (await anonymous.get("/api/events")).status_code == 403
        assert (await anonymous.get("/api/events", headers=named)).status_code == 200
    assert named["user-agent"].endswith("(test@example.invalid)")


async def test_the_page_shows_what_was_published_up_to_the_driven_time() -> None:
    published = PublishedEvents([a_world()])
    assert published.has_read(None)
    published.advance(MONDAY + timedelta(days=1))
    shown = published.shown()
    assert shown
    assert all(event.published_at <= MONDAY + timedelta(days=1) for event in shown)
    assert not published.has_read(None)


async def test_what_was_withdrawn_is_not_shown() -> None:
    published = PublishedEvents([a_world()])
    withdrawn = [event for event in published._events if event.withdrawn_at is not None]
    published.advance(a_world().ends_at)
    assert not {event.event_id for event in withdrawn if event.withdrawn_at} & {e.event_id for e in published.shown()}


async def test_the_adapter_reads_the_page_of_the_simulated_publisher() -> None:
    published = PublishedEvents([a_world()])
    published.advance(MONDAY + timedelta(days=1))
    headers = feed_client("http://feed", "x").headers
    transport = httpx.ASGITransport(PublishedEventsApi(published).app)
    async with httpx.AsyncClient(base_url="http://feed", transport=transport, headers=headers) as client:
        sayings = await next_sayings(PublishedEventsAdapter(OwnSystem(client), poll_seconds=0.02).said(None), 500)
    assert len(sayings) == len(published.shown())
    assert published.has_read(sayings[-1].cursor)
