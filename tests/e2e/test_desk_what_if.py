"""What if, at the desk: asked, answered where it was asked, and nothing and nobody else touched by it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from samsyn_contracts.bus import PLANNING
from samsyn_contracts.plans import WhatIfAnswered

from tests.e2e.centre_at_work import Friday
from tests.e2e.desk_at_work import a_desk, a_friday_with_the_city
from tests.e2e.desk_people import CENTRE, COORDINATOR, READER, TAX_COORDINATOR
from tests.support.accessible import SCREENS, violations
from tests.support.browser import a_browser
from tests.support.desk import DEADLINE_MS, RunningDesk, send_by
from tests.support.samsyn import Samsyn

ASK = "Räkna ut vad som skulle hända"
OF_ITSELF = (
    *("TimePassed", "AdapterHeartbeat", "AdapterStatusChanged", "EventAdmitted"),
    *("BackupPlanPrepared", "BackupPlanInvalidated"),
)
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as opened:
        yield opened


@dataclass
class Scene:
    """A desk at rest with two operations to come, and where the trail stood then."""

    desk: RunningDesk
    friday: Friday
    since: int

    @property
    def name(self) -> str:
        """The code name of the operation that is taken away from."""
        return self.friday.centre.scheduled(self.friday.lost).message.code_name

    def said_since(self) -> dict[str, list[str]]:
        """Names of what has been said since then, but for what is said whether anybody asks or not, by topic."""
        told: dict[str, list[str]] = {}
        for record in self.desk.samsyn.trail.records[self.since :]:
            if record.name not in OF_ITSELF:
                told.setdefault(record.topic, []).append(record.name)
        return told


@pytest.fixture
async def scene(samsyn: Samsyn, browser: Browser, tmp_path: Path) -> AsyncIterator[Scene]:
    friday = await a_friday_with_the_city(samsyn)
    async with a_desk(samsyn, browser, tmp_path) as desk:
        await desk.quiet()
        yield Scene(desk, friday, len(samsyn.trail.records))


async def choose_police_of(page: Page, name: str) -> None:
    """Check the police session of an operation."""
    await page.get_by_role("group", name=re.compile(name)).get_by_label(re.compile("Polispass")).check()


async def test_a_question_is_answered_live_and_nobody_else_hears_of_it(scene: Scene) -> None:
    coordinator = await scene.desk.visitor(COORDINATOR)
    page = await coordinator.at("/plan")
    await page.get_by_role("main").get_by_role("link", name="Vad händer om").click()
    assert await violations(page) == []
    await choose_police_of(page, scene.name)
    await page.screenshot(path=SCREENS / "what-if-wide.png", full_page=True)
    await page.get_by_role("button", name=ASK).first.click()

    await expect(page.get_by_text("Bara på prov: inget har ändrats")).to_be_visible()
    # Backups of the Friday may be in the making: a thought waits for the one at work.
    await expect(page.get_by_role("heading", name="Det här skulle hända")).to_be_visible(timeout=DEADLINE_MS)
    await expect(page.get_by_role("heading", name=scene.name)).to_be_visible()
    await expect(page.get_by_text("tänkt bortfall")).to_be_visible()
    assert await violations(page) == []
    await page.screenshot(path=SCREENS / "what-if-answer-wide.png", full_page=True)

    await scene.desk.quiet()
    said = scene.said_since()
    assert said.pop(f"samsyn.from.{CENTRE}.v1") == ["WhatIfAsked"]
    assert said.pop("samsyn.admitted.v1") == ["WhatIfAsked"]
    assert said.pop(PLANNING) == ["WhatIfAnswered"]
    assert said.pop(f"samsyn.to.{CENTRE}.v1") == ["WhatIfAnswered"]
    assert said == {}
    (answer,) = scene.desk.samsyn.trail.of(WhatIfAnswered, PLANNING, scene.friday.centre.since)[-1:]
    assert answer.message.plan_version == scene.friday.centre.published()[-1].message.plan_version
    assert coordinator.errors == []


async def test_without_scripts_and_on_a_phone_it_is_asked_and_read_by_reloading(scene: Scene) -> None:
    coordinator = await scene.desk.visitor(COORDINATOR, java_script_enabled=False, viewport=NARROW)
    page = await coordinator.at("/what-if")

    await page.get_by_role("button", name=ASK).first.click()
    await expect(page.get_by_role("alert")).to_contain_text("Välj minst en och högst tio.")
    await page.screenshot(path=SCREENS / "what-if-fault-narrow.png", full_page=True)
    await choose_police_of(page, scene.name)
    await send_by(page.get_by_role("button", name=ASK).first)
    await page.wait_for_url(f"{scene.desk.address}/what-if/*")
    asked = page.url
    await scene.desk.quiet()
    await page.goto(asked)

    await expect(page.get_by_role("heading", name="Det här skulle hända")).to_be_visible()
    await page.screenshot(path=SCREENS / "what-if-answer-narrow.png", full_page=True)
    await page.get_by_role("link", name="Fråga igen").click()
    await expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    await expect(page.get_by_role("link", name=re.compile(f"Polispass.*{scene.name}"))).to_be_visible()


async def test_a_question_that_was_never_asked_is_told_to_be_unknown(scene: Scene) -> None:
    coordinator = await scene.desk.visitor(COORDINATOR)

    answer = await coordinator.context.request.get(f"{scene.desk.address}/what-if/{CENTRE}:nothing")

    assert answer.status == 404
    assert "känner inte till någon sådan fråga" in await answer.text()


async def test_only_the_coordinator_of_the_centre_may_ask(scene: Scene) -> None:
    for who in (READER, TAX_COORDINATOR):
        visitor = await scene.desk.visitor(who)
        page = await visitor.at("/todo")
        await expect(page.get_by_role("link", name="Vad händer om")).to_have_count(0)
        answer = await visitor.context.request.get(f"{scene.desk.address}/what-if")
        assert answer.status == 403
        csrf = await page.locator("input[name=csrf]").first.get_attribute("value")
        form: dict[str, str | float | bool] = {"csrf": csrf or "", "once": "x", "without": "polisen:p1"}
        headers = {"Origin": scene.desk.address}
        said = await visitor.context.request.post(f"{scene.desk.address}/what-if", form=form, headers=headers)
        assert said.status == 403
    assert scene.said_since() == {}
