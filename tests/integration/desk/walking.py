"""Walking the desk with axe: one browser, each person signed in once, each page fetched once a language.

Most of what it costs to look at a page is to load it with its scripts and axe anew. So the pages' own HTML is fetched,
and put in the place of the last one's, in a tab that stays; what a script draws is looked at in a page that is loaded.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from playwright.async_api import Browser, BrowserContext, Page
from playwright.async_api import TimeoutError as Late

from tests.integration.desk.places import Place
from tests.support.accessible import pictures, violations_at_both_sizes

LANGUAGES: dict[Literal["sv", "en"], str] = {"sv": "På svenska", "en": "In English"}
NUM_AT_ONCE = 3
DEADLINE_MS, SHOWN_WITHIN_MS = 20_000, 20_000
TURN = """async ({ address, isSent }) => {
  const form = isSent ? document.querySelector("main form.form, main form.wheel-form, main form#choices") : null;
  const filledIn = form && { method: "POST", body: new URLSearchParams(new FormData(form)) };
  const answer = await fetch(form ? form.action : address, filledIn || {});
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const sheet of page.querySelectorAll("link[rel=stylesheet]")) {
    if (![...document.styleSheets].some(each => each.href === sheet.href)) {
      await new Promise(loaded => {
        const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet.href });
        link.onload = loaded;
        document.head.append(link);
      });
    }
  }
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  document.body.replaceWith(page.body);
  return answer.status;
}"""
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
    def faults(self) -> str:
        """What axe has found, a line for each page and rule."""
        return "\n".join(f"{place}: {each}" for place, told in self.found.items() for each in told)

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
            await page.goto("/words")
        for language, button in LANGUAGES.items():
            if await first.locator("html").get_attribute("lang") != language:
                await first.goto("/words")
                await first.get_by_role("button", name=button).click()
            left = iter([list(at_one) for _, at_one in groupby(places, key=lambda place: place.path)])
            await asyncio.gather(*(self._in_turn(page, left, language) for page in pages))
        await context.close()

    async def opened(self) -> BrowserContext:
        """Somebody's browser."""
        context = await self.browser.new_context(base_url=self.address)
        context.set_default_timeout(DEADLINE_MS)
        return context

    async def signed_in(self, page: Page, who: str) -> None:
        """Choose who to be."""
        await page.goto("/sign-in")
        await page.locator(f'button[value="{who}"]').click()
        # Not the address of return, which sends on: the cookie comes with that.
        await page.wait_for_url(re.compile(rf"{self.address}/(todo|loss)$"))

    async def look(self, page: Page, name: str) -> None:
        """Let axe look at the page as it is with all that can be unfolded, at both sizes."""
        await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        for size, told in (await violations_at_both_sizes(page)).items():
            self.found[f"{name}.{size}"] = told
        if HAS_PICTURES:
            await pictures(page, name)

    async def _in_turn(self, page: Page, left: Iterator[list[Place]], language: str) -> None:
        """The next address that nobody has taken yet, until none is left: the form there, and it when it is sent."""
        for at_one_address in left:
            for place in at_one_address:
                status = await _shown(page, place, is_there=place is not at_one_address[0])
                if status != place.status:
                    self.errors.append(f"{place.name}: answered with {status}, not {place.status}")
                for selector in place.shows:
                    if not await _is_there(page, selector):
                        self.errors.append(f"{place.name}: shows no {selector}")
                assert await page.locator("html").get_attribute("lang") == language, place
                await self.look(page, f"{place.name}.{language}")


async def _shown(page: Page, place: Place, *, is_there: bool) -> int:
    """Show a place, `is_there` where its form already stands on the page; the status of the answer."""
    if place.is_drawn:
        answer = await page.goto(place.path)
        assert answer is not None
        return answer.status
    about = {"address": place.path, "isSent": False}
    status: int = 200 if is_there else await page.evaluate(TURN, about)
    return await page.evaluate(TURN, about | {"isSent": True}) if place.is_sent else status


async def _is_there(page: Page, selector: str) -> bool:
    """Whether it is on the page; what a script draws may take a moment."""
    with suppress(Late):
        await page.locator(selector).first.wait_for(state="attached", timeout=SHOWN_WITHIN_MS)
    return await page.locator(selector).count() > 0
