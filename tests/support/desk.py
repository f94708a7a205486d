"""The desk over a running Samsyn: its process and sign-in, and visitors in browsers of their own."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

import asyncpg
import httpx
from aiokafka import TopicPartition
from icalendar import Calendar
from playwright.async_api import Browser, BrowserContext, Locator, Page
from samsyn_contracts.bus import to_topic
from samsyn_local.people import people
from samsyn_local.processes import Part

from tests.support.samsyn import QUIET_SECONDS, Samsyn

DEADLINE_MS = 20_000
FAILURES, NUM_LAST_LINES = Path("var/desk-screens"), 20

WAITING = "select event_id from saying where state = 'waiting'"


@dataclass
class Visitor:
    """Somebody in a browser of their own, signed in."""

    page: Page
    context: BrowserContext
    address: str
    errors: list[str] = field(default_factory=list)

    async def at(self, path: str) -> Page:
        """The page at a path."""
        answer = await self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 500, await self.page.content()
        return self.page


@dataclass
class RunningDesk:
    """A desk as a process, with its sign-in beside it."""

    parts: Sequence[Part]
    browser: Browser
    samsyn: Samsyn
    folder: Path
    database: str
    visitors: list[Visitor] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where people find it."""
        return self.parts[-1].address

    def invitations(self, party: str) -> list[Calendar]:
        """The calendar invitations that were mailed to a party's functions, in the order sent."""
        mails = [
            message_from_bytes(path.read_bytes(), policy=policy.SMTP)
            for path in sorted((self.folder / "mail").glob("*.eml"))
        ]
        found = [part for mail in mails if f"@{party}." in str(mail["To"]) for part in mail.walk()]
        calendars = [part.get_payload(decode=True) for part in found if part.get_content_type() == "text/calendar"]
        read = [Calendar.from_ical(body) for body in calendars if isinstance(body, bytes)]
        return [each for each in read if isinstance(each, Calendar)]

    def log(self) -> str:
        """What the desk has logged."""
        return self.parts[-1].log.read_text(encoding="utf-8", errors="replace")

    async def visitor(self, name: str, language: str = "sv", **context: object) -> Visitor:
        """Somebody of the provider's users, by the beginning of the name on the button."""
        opened = await self.browser.new_context(**context)  # type: ignore[arg-type]
        opened.set_default_timeout(DEADLINE_MS)
        page = await opened.new_page()
        visitor = Visitor(page, opened, self.address)
        await page.goto(f"{self.address}/")
        await page.get_by_role("button", name=name).click()
        # Not the address of return, which sends on: the cookie comes with that.
        await page.wait_for_url(re.compile(rf"{re.escape(self.address)}/(?!sign-in)"))
        page.on("pageerror", lambda error: visitor.errors.append(str(error)))
        page.on("console", lambda said: visitor.errors.append(said.text) if said.type == "error" else None)
        if language == "en":
            await page.get_by_role("button", name="In English").click()
        self.visitors.append(visitor)
        return visitor

    async def show_failure(self) -> None:
        """Keep what each visitor sees, and say where, for whoever reads that the test failed."""
        for number, visitor in enumerate(self.visitors):
            path = FAILURES / f"failed-{number}.png"
            await visitor.page.screenshot(path=path, full_page=True)
            print(f"{visitor.page.url} as it was: {path}; errors: {visitor.errors}")
        print("\n".join(self.log().splitlines()[-NUM_LAST_LINES:]))

    async def quiet(self) -> None:
        """Wait until all that was said at the desk is answered, Samsyn is at rest, and the desk has heard all of it."""
        until = time.monotonic() + QUIET_SECONDS
        async with httpx.AsyncClient(timeout=60) as client:
            while True:
                ends = await self.samsyn.trail.ends()
                await self.samsyn.quiet()
                behind = await self._behind(client, ends)
                if not behind and await self.samsyn.trail.ends() == ends:
                    return
                assert time.monotonic() < until, f"the desk is not quiet: {behind}"
                await asyncio.sleep(0.02)

    async def _behind(self, client: httpx.AsyncClient, ends: Mapping[TopicPartition, int]) -> list[str]:
        """What the desk still has to say or to hear; what was sent to it stands in its database at once."""
        connection = await asyncpg.connect(self.database)
        try:
            waiting = [row["event_id"] for row in await connection.fetch(WAITING)]
        finally:
            await connection.close()
        status = (await client.get(f"{self.address}/status")).json()
        told = {place.topic: end for place, end in ends.items()}
        unheard = [party for party, at in status["heard"].items() if at < told.get(to_topic(party), 0)]
        return waiting + unheard + ([] if status["idle"] else ["it is at work"])


async def send_by(button: Locator) -> None:
    """Click a button that sends a form, and wait until the desk has answered: by then it keeps what was sent."""
    async with button.page.expect_response(lambda answer: answer.request.method == "POST"):
        await button.click()


@asynccontextmanager
async def running_desk(
    samsyn: Samsyn, browser: Browser, parties: Sequence[str], users: Sequence[Mapping[str, object]], folder: Path
) -> AsyncIterator[RunningDesk]:
    """A desk of some parties, on a database of its own; stopped at the end."""
    name = f"desk_{secrets.token_hex(4)}"
    database = await asyncio.to_thread(samsyn.infrastructure.create_database, name)
    file = folder / "users.json"
    file.write_text(json.dumps(users, ensure_ascii=False), encoding="utf-8")
    parts = people(
        samsyn.infrastructure,
        samsyn.address("exchange"),
        samsyn.secret,
        parties,
        file,
        database,
        folder,
    )
    desk = RunningDesk(parts, browser, samsyn, folder, database)
    try:
        for part in parts:
            part.start()
        for part in parts:
            await asyncio.to_thread(part.wait_ready)
        yield desk
    except BaseException:
        await desk.show_failure()
        raise
    finally:
        for visitor in desk.visitors:
            await visitor.context.close()
        for part in reversed(parts):
            await asyncio.to_thread(part.stop)
        await asyncio.to_thread(samsyn.infrastructure.drop_database, name)
