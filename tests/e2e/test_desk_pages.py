"""Pages of a desk on which a Friday has been planned: accessible, each party's alone, readable without scripts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_contracts.contact_points import ContactPointChanged

from tests.e2e.centre_at_work import Friday
from tests.e2e.desk_at_work import a_desk, a_friday_with_the_city
from tests.e2e.desk_people import (
    CITY,
    CITY_COORDINATOR,
    COORDINATOR,
    DUTY_OFFICER,
    OTHER_CENTRE,
    OTHER_DEPARTMENT,
    READER,
    TAX_COORDINATOR,
)
from tests.support.accessible import SCREENS, SIZES, violations
from tests.support.browser import a_browser
from tests.support.desk import RunningDesk, Visitor, send_by
from tests.support.samsyn import Samsyn

PLACES = ("/todo", "/plan", "/changes", "/inspections", "/wheel", "/words", "/accessibility")
# A number that PTS keeps for fiction.
ON_DUTY = {
    "function_id": "polisen:vakthavande-befal",
    "agency": "polisen",
    "role_code": "duty_officer",
    "channels": ({"kind": "phone", "address": "031-390 06 05"},),
}


@dataclass
class Scene:
    """A desk where a Friday has been planned and one of its operations has lost its police."""

    desk: RunningDesk
    friday: Friday
    name: str

    @property
    def operation(self) -> str:
        """The page of the operation that was lost."""
        return f"/operation/{self.friday.centre.operation(self.friday.lost)}"

    def places(self, more: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The pages that a coordinator has."""
        newest = max(said.message.plan_version for said in self.friday.centre.published())
        return (*PLACES, self.operation, f"/changes/{self.friday.centre.code}/{newest}", *more)


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
async def scene(samsyn: Samsyn, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    friday = await a_friday_with_the_city(samsyn)
    async with a_desk(samsyn, browser, tmp_path_factory.mktemp("desk")) as desk:
        await friday.centre.tell(ContactPointChanged.model_validate(ON_DUTY))
        said = await friday.centre.cancel(friday.lost)
        await friday.centre.plan_after(said.id)
        await desk.quiet()
        yield Scene(desk, friday, friday.centre.scheduled(friday.lost).message.code_name)


async def picture(visitor: Visitor, name: str) -> None:
    """Kept to be looked at, never compared."""
    await visitor.page.screenshot(path=SCREENS / f"{name}-wide.png", full_page=True)


async def test_axe_finds_nothing_on_the_pages_of_a_friday(scene: Scene) -> None:
    """Loaded, and with what planning says; every page in every state: tests/integration/desk/test_every_page.py."""
    beside = f"/operation/{scene.friday.centre.operation(scene.friday.beside)}"
    found = {}
    for who, more in ((COORDINATOR, ("/do/contact",)), (CITY_COORDINATOR, (beside,)), (DUTY_OFFICER, ("/loss",))):
        visitor = await scene.desk.visitor(who, viewport=SIZES["wide"])
        for place in scene.places(more):
            page = await visitor.at(place)
            await expect(page.locator("html")).to_have_attribute("lang", "sv")
            found[f"{who} {place}"] = await violations(page)
            await picture(visitor, f"{who.split(',')[-1].strip()}{place.replace('/', '-')[:40]}")
        assert visitor.errors == []
    assert {place: told for place, told in found.items() if told} == {}


async def test_what_is_wrong_with_a_form_is_told_at_its_field(scene: Scene) -> None:
    visitor = await scene.desk.visitor(CITY_COORDINATOR)
    page = await visitor.at("/do/propose")
    await page.get_by_label("Minuter på plats").fill("många")
    await page.get_by_role("button", name="Föreslå").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await page.get_by_label("Kommun").get_attribute("aria-invalid") == "true"
    assert await violations(page) == []
    assert await page.get_by_label("Minuter på plats").input_value() == "många"


async def test_without_scripts_everything_is_read_and_answered(scene: Scene) -> None:
    visitor = await scene.desk.visitor(TAX_COORDINATOR, java_script_enabled=False)
    page = await visitor.at("/todo")
    button = page.get_by_role("button", name=f"Kvittera {scene.name}").first
    await expect(button).to_be_visible()
    await send_by(button)
    await scene.desk.quiet()
    await visitor.at("/todo")
    await expect(page.get_by_role("button", name=f"Kvittera {scene.name}")).to_have_count(0)
    await visitor.at(scene.operation)
    calls = page.get_by_role("table", name="Vem man ringer om insatsen")
    await expect(calls.get_by_role("link", name="031-390 06 05")).to_have_attribute("href", "tel:0313900605")


async def test_what_is_known_of_a_site_is_asked_for_and_answered_and_the_briefing_is_read(scene: Scene) -> None:
    visitor = await scene.desk.visitor(TAX_COORDINATOR)
    page = await visitor.at("/todo")
    await expect(page.get_by_role("heading", name="uppgifter om objekten saknas").first).to_be_visible()
    button = page.get_by_role("button", name="Vi vet inget språk och tolk").first
    name = await button.text_content() or ""
    await send_by(button)
    await scene.desk.quiet()
    await expect(page.get_by_role("button", name=name.strip(), exact=True)).to_have_count(0)
    await visitor.at(f"/operation/{scene.friday.centre.operation(scene.friday.beside)}")
    await expect(page.get_by_role("heading", name="Genomgång")).to_be_visible()
    await expect(page.get_by_text("Tolken kommer inte från arbetsplatsen.")).to_be_visible()


async def test_with_the_keyboard_alone_the_content_is_reached_and_links_show_where_one_is(scene: Scene) -> None:
    visitor = await scene.desk.visitor(COORDINATOR)
    page = await visitor.at("/plan")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Till innehållet"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    for _ in range(4):
        await page.keyboard.press("Tab")
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


async def test_nobody_reads_what_is_another_partys(scene: Scene) -> None:
    """Roles × pages × ids: a party whose centre it is not sees neither page nor name."""
    stranger = await scene.desk.visitor(OTHER_CENTRE)
    for place in scene.places():
        answer = await stranger.context.request.get(scene.desk.address + place)
        text = await answer.text()
        assert scene.name not in text, place
        if place not in PLACES:
            assert answer.status == 404, place


async def test_no_department_reads_or_answers_for_another(scene: Scene) -> None:
    """Secrecy holds between departments of one city, too."""
    operation_id = scene.friday.centre.operation(scene.friday.beside)
    told = scene.friday.centre.scheduled(scene.friday.beside).message
    (team,) = {part.capacity_id for part in told.participants if part.agency == CITY}
    other = await scene.desk.visitor(OTHER_DEPARTMENT)
    for place in (*scene.places(), f"/operation/{operation_id}"):
        answer = await other.context.request.get(scene.desk.address + place)
        text = await answer.text()
        assert [name for name in (scene.name, told.code_name, team) if name in text] == [], place
        assert answer.status == (404 if place.startswith("/operation") else 200), place
    csrf = await (await other.at("/todo")).locator("input[name=csrf]").first.get_attribute("value")
    form: dict[str, str | float | bool] = {"csrf": csrf or "", "once": "other", "operation_id": operation_id}
    form |= {"capacity_id": team, "session_id": told.slot.session_id, "reason_code": "no_resources"}
    answer = await other.context.request.post(
        f"{scene.desk.address}/do/withdraw", form=form, headers={"Origin": scene.desk.address}
    )
    assert answer.status == 422
    assert "annan förvaltning" in await answer.text()


async def test_the_centre_reads_no_site_and_no_place(scene: Scene) -> None:
    centre = await scene.desk.visitor(READER)
    secrets = ("Provgatan", "Provkrogen", "402000-1234")
    for place in scene.places():
        text = await (await centre.context.request.get(scene.desk.address + place)).text()
        assert [secret for secret in secrets if secret in text] == [], place
    # The test can see them: a participant that has accepted does.
    city = await scene.desk.visitor(CITY_COORDINATOR)
    beside = f"/operation/{scene.friday.centre.operation(scene.friday.beside)}"
    assert "Provgatan" in await (await city.context.request.get(scene.desk.address + beside)).text()


async def test_a_reader_can_say_nothing(scene: Scene) -> None:
    reader = await scene.desk.visitor(READER)
    page = await reader.at("/todo")
    csrf = await page.locator("input[name=csrf]").first.get_attribute("value")
    filled: dict[str, str | float | bool] = {"csrf": csrf or "", "once": "reader"}
    for name in FORMS:
        answer = await reader.context.request.post(
            f"{scene.desk.address}/do/{name}",
            form=filled,
            headers={"Origin": scene.desk.address},
        )
        assert answer.status == 403, name


async def test_nobody_decides_for_a_centre_that_is_not_theirs(scene: Scene) -> None:
    """A form that names another centre is refused, and nothing is said."""
    stranger = await scene.desk.visitor(OTHER_CENTRE)
    page = await stranger.at("/do/mode")
    csrf = await page.locator("input[name=csrf]").first.get_attribute("value")
    told: dict[str, str | float | bool] = {
        "csrf": csrf or "",
        "once": "x1",
        "mode": "off",
        "reason_code": "exercise",
        "centre": "akc-vast",
    }
    answer = await stranger.context.request.post(
        f"{scene.desk.address}/do/mode", form=told, headers={"Origin": scene.desk.address}, max_redirects=0
    )
    assert answer.status == 400
    await scene.desk.quiet()
    said = [r for r in scene.desk.samsyn.trail.records if r.name == "AutomationModeChanged" and r.body]
    assert {json.loads(r.body or b"{}")["centre"] for r in said if b'"mode":"off"' in (r.body or b"")} <= {"akc-syd"}


async def test_on_the_day_one_checks_in_and_the_others_see_it(scene: Scene) -> None:
    """The last of these tests: from now on it is an hour before the start."""
    await scene.friday.centre.pass_time(scene.friday.centre.friday_at - timedelta(hours=1))
    await scene.desk.quiet()
    beside = f"/operation/{scene.friday.centre.operation(scene.friday.beside)}"
    city, tax = [await scene.desk.visitor(who) for who in (CITY_COORDINATOR, TAX_COORDINATOR)]
    page = await city.at(beside)
    assert await violations(page) == []
    await page.get_by_label("Hur många ni är").fill("3")
    await page.get_by_role("button", name="Vi är här").click()
    await expect(page.get_by_text("3 personer")).to_be_visible()
    await scene.desk.quiet()
    page = await tax.at(beside)
    await expect(page.get_by_text("Göteborgs Stad, 3 personer")).to_be_visible()
