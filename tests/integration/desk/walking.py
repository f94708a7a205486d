"""Walking the desk with axe: one browser, each person signed in once, each page loaded once a language."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from playwright.async_api import Browser, BrowserContext, Page, Response
from playwright.async_api import TimeoutError as Late

from tests.integration.desk.places import Place
from tests.support.accessible import pictures, violations_at_both_sizes

LANGUAGES: dict[Literal["sv", "en"], str] = {"sv": "På svenska", "en": "In English"}
NUM_AT_ONCE = 3
DEADLINE_MS, SHOWN_WITHIN_MS = 20_000, 3_000
# Only where somebody wants to look: a picture takes as long as axe does.
HAS_PICTURES = "SAMSYN_SCREENS" in os.environ


@dataclass
class Walk:
    """What axe has found so far, by page, language and size; and pages that are not those that were meant."""

    browser: Browser
    address: str
    found: dict[str, list[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def faulty(self) -> dict[str, list[str]]:
        """What axe has found anything on."""
        return {place: told for place, told in self.found.items() if told}

    async def everywhere(self, places: Sequence[Place]) -> None:
        """Each person's pages, one person after another."""
        for who in dict.fromkeys(place.who for place in places):
            await self.of(who, [place for place in places if place.who == who])

    async def of(self, who: str, places: Sequence[Place]) -> None:
        """One person's pages in both languages, some of them at once."""
        context = await self.opened()
        first = await context.new_page()
        await self.signed_in(first, who)
        pages = [first, *[await context.new_page() for _ in places[1:NUM_AT_ONCE]]]
        for page in pages:
            page.on("pageerror", lambda error: self.errors.append(f"{who}: {error}"))
        for language, button in LANGUAGES.items():
            await first.goto(f"{self.address}/words")
            if await first.locator("html").get_attribute("lang") != language:
                await first.get_by_role("button", name=button).click()
            left = iter([list(at_one) for _, at_one in groupby(places, key=lambda place: place.path)])
            await asyncio.gather(*(self._in_turn(page, left, language) for page in pages))
        await context.close()

    async def opened(self) -> BrowserContext:
        """Somebody's browser."""
        context = await self.browser.new_context()
        context.set_default_timeout(DEADLINE_MS)
        return context

    async def signed_in(self, page: Page, who: str) -> None:
        """Choose who to be."""
        await page.goto(f"{self.address}/sign-in")
        await page.locator(f'button[value="{who}"]').click()
        # Not the address of return, which sends on: the cookie comes with that.
        await page.wait_for_url(re.compile(rf"{self.address}/(todo|loss)$"))

    async def look(self, page: Page, name: str) -> None:
        """Let axe look at the page as it is, at both sizes."""
        for size, told in (await violations_at_both_sizes(page)).items():
            self.found[f"{name}.{size}"] = told
        if HAS_PICTURES:
            await pictures(page, name)

    async def _in_turn(self, page: Page, left: Iterator[list[Place]], language: str) -> None:
        """The next address that nobody has taken yet, until none is left: the form there, and it when it is sent."""
        for at_one_address in left:
            for place in at_one_address:
                await self._at(page, place)
                assert await page.locator("html").get_attribute("lang") == language, place
                await self.look(page, f"{place.name}.{language}")

    async def _at(self, page: Page, place: Place) -> None:
        answer = None
        if not (place.is_sent and page.url == self.address + place.path):
            answer = await page.goto(self.address + place.path)
        if place.is_sent:
            answer = await _sent(page)
        if answer is None or answer.status != place.status:
            self.errors.append(f"{place.name}: answered with {answer and answer.status}, not {place.status}")
        for selector in place.shows:
            # The timeline is drawn by a script; all else is there when the page is loaded.
            with suppress(Late):
                await page.locator(selector).first.wait_for(state="attached", timeout=SHOWN_WITHIN_MS)
            if not await page.locator(selector).count():
                self.errors.append(f"{place.name}: shows no {selector}")


async def _sent(page: Page) -> Response:
    """The answer to the page's own form, sent as it stands."""
    async with page.expect_navigation() as answered:
        await page.locator("main form button.act--first").first.click()
    answer = await answered.value
    assert answer is not None
    return answer
