"""axe on every page of the desk, in both languages and at both sizes; no page, form or role is left out."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

import asyncpg
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute
from playwright.async_api import Browser, Page
from samsyn_adapter_desk.app import application
from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.people import Role
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import services
from starlette.routing import BaseRoute

from tests.integration.desk.known_desk import fill
from tests.integration.desk.places import COORDINATOR, PEOPLE, Place, every_place
from tests.integration.desk.signing_in import settings_for
from tests.integration.desk.walking import Walk
from tests.support.browser import a_browser
from tests.support.desk_process import DeskProcess, desk_process
from tests.unit.desk.told import CENTRE, NOW, OWN, POLICE

SECRET = "of-the-tests-".ljust(40, "x")
STILL = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": NOW.isoformat(), "SAMSYN_TOKEN_SECRET": SECRET}
# Answers that are no page, or a page with one sentence, which is looked at below.
WITHOUT_PAGES = {
    ("GET", "/wheel.ics"),
    ("GET", "/sign-in"),
    ("GET", "/sign-in/back"),
    ("GET", "/signed-out"),
    ("POST", "/sign-out"),
    ("POST", "/seat"),
    ("POST", "/language"),
}
# Pages with one sentence in both languages.
SENTENCES = {
    "/nothing-here": 404,
    "/operation/op:polisen:nothing": 404,
    f"/changes/{CENTRE}/99": 404,
    f"/proposal/replan:{CENTRE}:0001-99": 404,
    f"/what-if/{CENTRE}:nothing": 404,
    "/do/accept-nothing": 404,
    "/do/propose": 403,
    "/capacity%00": 400,
    "/seat": 405,
    "/plan?weeks=99": 422,
    "/sign-in/back?state=x": 400,
    "/signed-out": 200,
}
BROKEN, MENDED = "alter table card rename to card_away", "alter table card_away rename to card"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
async def desk(
    infrastructure: Infrastructure, fresh_topics: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[DeskProcess]:
    folder = tmp_path_factory.mktemp("desk")
    database = infrastructure.create_database("exchange_of_pages")
    with services(infrastructure, ["exchange"], env=STILL, databases={"exchange": database}) as started:
        exchange = f"http://127.0.0.1:{started.http_port('exchange')}"
        parties = (CENTRE, OWN, POLICE, "akc-stockholm")
        async with desk_process(infrastructure, exchange, SECRET, parties, folder) as running:
            rows = Database(running.database.replace("postgresql://", "postgresql+asyncpg://", 1))
            await fill(rows)
            await rows.close()
            yield running
    infrastructure.drop_database("exchange_of_pages")


async def test_axe_finds_nothing_on_any_page(desk: DeskProcess, browser: Browser) -> None:
    walk = Walk(browser, desk.address)
    await walk.everywhere(list(every_place()))
    assert walk.errors == []
    assert not walk.faults, walk.faults


async def test_axe_finds_nothing_where_a_sentence_stands_instead_of_a_page(desk: DeskProcess, browser: Browser) -> None:
    walk = Walk(browser, desk.address)
    context = await walk.opened()
    page = await context.new_page()
    await page.goto(f"{desk.address}/sign-in")
    await walk.look(page, "the provider of sign-in")
    await walk.signed_in(page, COORDINATOR)
    for path, status in SENTENCES.items():
        answer = await page.goto(desk.address + path)
        assert answer is not None
        await looked(walk, page, answer.status, status)
    # More than a form may hold, and a page left open by somebody who is signed out.
    for much, status in (("x" * 70_000, 413), ("", 401)):
        await page.goto(f"{desk.address}/words")
        await page.locator("input[name=back]").first.evaluate("(field, much) => { field.value = much }", much)
        if status == 401:
            await context.clear_cookies()
        async with page.expect_navigation() as answered:
            await page.locator("button[name=language]").click()
        await looked(walk, page, (await answered.value).status, status)
    await walk.signed_in(page, COORDINATOR)
    async with rows_away(desk):
        answer = await page.goto(f"{desk.address}/todo")
        assert answer is not None
        await looked(walk, page, answer.status, 500)
    assert not walk.faults, walk.faults


async def looked(walk: Walk, page: Page, status: int, wanted: int) -> None:
    """One sentence in Swedish and in English, and what axe finds there."""
    assert status == wanted, page.url
    for language in ("sv", "en"):
        assert await page.locator(f"main p[lang={language}]").first.text_content()
    await walk.look(page, f"{wanted} {page.url[len(walk.address) :][:40]}".replace("/", "-"))


@asynccontextmanager
async def rows_away(desk: DeskProcess) -> AsyncIterator[None]:
    """Meanwhile a page breaks as it does by a mistake of ours."""
    connection = await asyncpg.connect(desk.database)
    await connection.execute(BROKEN)
    try:
        yield
    finally:
        await connection.execute(MENDED)
        await connection.close()


def test_every_page_that_the_application_has_is_walked(tmp_path: Path) -> None:
    places = list(every_place())
    left_out = [
        (method, route.path)
        for route in routes_with_pages(tmp_path)
        for method in route.methods or ()
        if not any(is_at(place, method, route) for place in places)
    ]
    assert sorted(left_out) == sorted(WITHOUT_PAGES)


def test_every_form_is_walked_before_and_after_it_is_refused() -> None:
    for is_sent in (False, True):
        walked = {place.path.partition("?")[0] for place in every_place() if place.is_sent == is_sent}
        assert {f"/do/{name}" for name in FORMS} <= walked


def test_everybody_is_walked() -> None:
    assert {place.who for place in every_place()} == set(PEOPLE)
    assert set(PEOPLE.values()) == set(get_args(Role))


def routes_with_pages(folder: Path) -> Iterator[APIRoute]:
    """From the application's own table: what by its type may answer with a page."""
    (folder / "tokens.json").write_text("{}")
    guarded = application(settings_for("http://127.0.0.1:1", "postgresql://localhost/none", folder))
    app = vars(guarded)["_app"]
    assert isinstance(app, FastAPI)
    for route in flat(app.routes):
        if isinstance(route, APIRoute):
            answer = inspect.get_annotations(inspect.unwrap(route.endpoint), eval_str=True)["return"]
            if answer in (HTMLResponse, Response):
                yield route


def flat(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Those of included routers in place of the router."""
    for route in routes:
        included = getattr(route, "original_router", None)
        yield from [route] if included is None else flat(included.routes)


def is_at(place: Place, method: str, route: APIRoute) -> bool:
    """Whether a place is the answer to that method of a route."""
    path = place.path.partition("?")[0]
    return method == ("POST" if place.is_sent else "GET") and route.path_regex.match(path) is not None
