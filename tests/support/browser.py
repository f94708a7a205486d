"""A real browser: Debian's Chromium, driven by Playwright, each visitor with cookies of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

FIND = Path(__file__).parents[2] / ".ci" / "find-chromium"
# Patience costs nothing where a page is quick.
EXPECTED_WITHIN_MS = 20_000
# Nothing but the page: no calls home, which fail one by one where there is no way out.
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """A Chromium without a window; where none is installed, Debian's is."""
    expect.set_options(timeout=EXPECTED_WITHIN_MS)
    finding = await asyncio.create_subprocess_exec(FIND, stdout=asyncio.subprocess.PIPE)
    found, _ = await finding.communicate()
    assert finding.returncode == 0, f"{FIND} found no Chromium and could not install one"
    path = found.decode().strip()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(QUIETLY))
        try:
            yield browser
        finally:
            await browser.close()
