"""What axe finds on a page, at the size of a desk and of a phone; and pictures of it, to be looked at."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize

SIZES: Mapping[str, ViewportSize] = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
# The tags of WCAG 2.1 A and AA, which EN 301 549 asks for, and axe's own best practices; and rules that axe has
# but does not count among them any longer, or not yet.
RULES: Mapping[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "rules": {rule: {"enabled": True} for rule in ("duplicate-id", "duplicate-id-active", "td-has-header")},
    "resultTypes": ["violations"],
    # Loading style sheets anew serves one rule alone, of pages that lock how a phone is held, and half of the time.
    "preload": False,
}
# axe asks large tables alone for headers: ours say what they are, and what each row or column is. And nothing but what
# scrolls by itself is wider than the screen (WCAG 1.4.10), which axe does not measure.
FIND = """async rules => [
  ...(await axe.run(document, rules)).violations.map(
    each => `${each.id}: ${JSON.stringify(each.nodes.map(node => node.target))}`),
  ...[...document.querySelectorAll("table")]
    .filter(each => !each.caption || !each.querySelector("th[scope]"))
    .map(each => `table without caption or headers: ${each.outerHTML.slice(0, 80)}`),
  ...(document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth} pixels wide`] : []),
]"""
SCREENS = Path(os.environ.get("SAMSYN_SCREENS", "var/desk-screens"))


async def violations(page: Page) -> list[str]:
    """What axe finds, a line each: the rule, and where."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    lines: list[str] = await page.evaluate(FIND, RULES)
    return lines


async def violations_at_both_sizes(page: Page) -> dict[str, list[str]]:
    """What axe finds on the page as it stands, by size."""
    found = {}
    for size, viewport in SIZES.items():
        await page.set_viewport_size(viewport)
        found[size] = await violations(page)
    return found


async def pictures(page: Page, name: str) -> None:
    """The page at both sizes, kept to be looked at, never compared."""
    for size, viewport in SIZES.items():
        await page.set_viewport_size(viewport)
        await page.screenshot(path=SCREENS / f"{name}-{size}.png", full_page=True)
