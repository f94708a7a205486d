"""The whole story at the desk: the police cancel, the centre sees it at once and approves, the city accepts."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from icalendar import Component
from playwright.async_api import ElementHandle, Page, expect
from samsyn_contracts.bus import ADMITTED, PLANNING
from samsyn_contracts.operations import OperationRescheduled

from tests.e2e.desk_at_work import a_desk, a_friday_with_the_city, an_asked_friday, three_hours_before
from tests.e2e.desk_people import CITY, CITY_COORDINATOR, COORDINATOR, DUTY_OFFICER
from tests.support.accessible import violations
from tests.support.browser import a_browser
from tests.support.desk import DEADLINE_MS, RunningDesk, send_by
from tests.support.samsyn import Samsyn

SEEN_WITHIN_SECONDS = 2.0
NOTED = "ja per telefon, ej bekräftat"
STILL_READ = "(item) => item.isConnected && item.contains(document.activeElement)"


async def test_police_cancel_and_everybody_follows_at_the_desk(
    samsyn: Samsyn, tmp_path: Path, measured: list[str]
) -> None:
    friday = await an_asked_friday(samsyn)
    centre = friday.centre
    name = centre.scheduled(friday.lost).message.code_name
    async with a_browser() as browser, a_desk(samsyn, browser, tmp_path) as desk:
        await desk.quiet()
        city = await desk.visitor(CITY_COORDINATOR)
        at_city = await city.at("/todo")

        # Its yes by phone is noted and shown, and is none until the city says it itself.
        coordinator = await desk.visitor(COORDINATOR)
        at_centre = await coordinator.at(f"/operation/{centre.operation(friday.lost)}")
        await note_a_yes(at_centre)
        noted = at_city.get_by_role("link", name=f"{name}: bekräfta svaret som lämnades på telefon")
        await expect(noted).to_be_visible(timeout=DEADLINE_MS)
        await desk.quiet()
        assert centre.confirmed(friday.lost) == []

        # The city takes part in both: its answers confirm the operations.
        for _ in range(2):
            await send_by(at_city.get_by_role("button", name="Tacka ja").first)
        await desk.quiet()
        await expect(at_centre.get_by_text(NOTED)).to_have_count(0, timeout=DEADLINE_MS)
        await three_hours_before(friday)
        spare = await centre.a_spare_session()
        await centre.switch("propose")
        await desk.quiet()
        officer = await desk.visitor(DUTY_OFFICER)
        at_centre = await coordinator.at("/todo")

        read = await being_read(at_city, f"Kvittera {name}")

        # Two taps of the police: the session, then the cause.
        at_police = await officer.at("/")
        await at_police.locator("summary", has_text=f"Ställ in passet {name}").click()
        began = time.monotonic()
        await at_police.get_by_role("button", name=f"Skottlossning {name}").click()
        proposal = at_centre.get_by_role("link", name="En ny plan väntar på ditt beslut")
        await expect(proposal).to_be_visible(timeout=DEADLINE_MS)
        await expect(at_centre.locator("#news")).to_contain_text("Nytt: En ny plan väntar på ditt beslut")
        # The officer is told in words that it was sent, once, where the eye and the ear are led first.
        await expect(at_police.locator("#sent")).to_contain_text(f"Skickat: Ställ in ett polispass. {name}, ")
        await expect(at_police.locator("#sent")).to_be_focused()
        await at_police.reload()
        await expect(at_police.locator("#sent")).to_have_count(0)
        measured.append(f"the police's tap -> the proposal on the centre's desk: {time.monotonic() - began:.2f} s")
        # The proposal's own page ranks what else could be done, and says what that would cost.
        await at_centre.get_by_role("link", name="Visa förslaget").first.click()
        other = at_centre.get_by_role("region", name="Inget flyttas")
        await expect(other).to_contain_text("poäng mot förslaget")
        await expect(other.get_by_role("button", name="Godkänn Inget flyttas")).to_be_visible()
        assert await violations(at_centre) == []
        await send_by(at_centre.get_by_role("button", name="Godkänn den föreslagna planen"))
        await desk.quiet()
        (moved,) = [
            said.message
            for said in samsyn.trail.of(OperationRescheduled, PLANNING, centre.since)
            if said.message.operation_id == centre.operation(friday.lost)
        ]
        assert moved.to_slot.session_id == spare.capacity_id

        # The city has it on its page already, and says that it has seen it.
        await expect(at_city.get_by_text("Flyttad till ett annat pass.").first).to_be_visible(timeout=DEADLINE_MS)
        # What it was reading is where it was, and what is new is said; a renewal of what is shown already is not.
        await expect(at_city.locator("#news")).to_contain_text(f"{name}: ")
        assert await at_city.evaluate(STILL_READ, read)
        assert await at_city.evaluate("newsOf(shownIn(live), shownIn(live), news.dataset)") == ""
        await send_by(at_city.get_by_role("button", name=f"Kvittera {name}").first)
        await desk.quiet()
        await expect(at_city.get_by_role("button", name=f"Kvittera {name}")).to_have_count(0)
        seen = [r for r in samsyn.trail.records if r.name == "NotificationAcknowledged" and r.topic == ADMITTED]
        assert centre.operation(friday.lost) in {record.attribute("subject") for record in seen}
        assert [e for v in desk.visitors for e in v.errors] == []
        # Its calendar has the same entry as before, in its second version.
        sent = await invited_again(desk, CITY, name)
        assert len({event["UID"] for event in sent}) == 1
        assert sequence_of(sent[-1]) > sequence_of(sent[0])
    await centre.switch("auto")


async def being_read(page: Page, button: str) -> ElementHandle:
    """The thing to do whose button somebody's focus is on."""
    found = page.get_by_role("listitem").filter(has=page.get_by_role("button", name=button)).first
    await found.get_by_role("button", name=button).focus()
    return await found.element_handle()


async def note_a_yes(page: Page) -> None:
    """The centre's coordinator notes, from an operation's page, that the city has said yes by phone."""
    await page.get_by_role("link", name="Anteckna ett svar per telefon: Göteborgs Stad").click()
    await page.get_by_label("Vad de svarade").select_option("accept")
    assert await violations(page) == []
    await page.get_by_role("button", name="Anteckna svaret").click()
    await expect(page.get_by_text(NOTED)).to_be_visible(timeout=DEADLINE_MS)


def sequence_of(event: Component) -> int:
    """Which version of the entry it is."""
    return int(str(event["SEQUENCE"]))


async def invited_again(desk: RunningDesk, party: str, name: str) -> list[Component]:
    """The entries about an operation that a party was sent, once there are two of different sequence."""
    until = time.monotonic() + DEADLINE_MS / 1000
    while True:
        sent = [event for calendar in desk.invitations(party) for event in calendar.walk("VEVENT")]
        about = [event for event in sent if name in str(event["SUMMARY"])]
        if len({sequence_of(event) for event in about}) > 1:
            return about
        assert time.monotonic() < until, f"no second invitation; sent: {[str(e['SUMMARY']) for e in sent]}"
        await asyncio.sleep(0.1)


async def test_a_change_is_seen_at_the_desk_within_two_seconds(
    samsyn: Samsyn, tmp_path: Path, measured: list[str]
) -> None:
    friday = await a_friday_with_the_city(samsyn)
    centre = friday.centre
    name = centre.scheduled(friday.lost).message.code_name
    async with a_browser() as browser, a_desk(samsyn, browser, tmp_path) as desk:
        await desk.quiet()
        coordinator = await desk.visitor(COORDINATOR)
        page = await coordinator.at("/plan")
        row = page.get_by_role("row").filter(has_text=name)
        await expect(row).to_contain_text("bekräftad")
        await asyncio.sleep(0.5)  # the stream of changes is open

        said = await centre.cancel(friday.lost)
        plan = await centre.plan_after(said.id)
        await expect(row).to_contain_text("uppskjuten", timeout=DEADLINE_MS)
        seen_ms = time.time() * 1000
        committed_ms = int(centre.admitted(said.id).header("committed_ms"))
        published = (plan.record.written_ms - committed_ms) / 1000
        seen = (seen_ms - committed_ms) / 1000
        measured.append(f"PoliceCancelled admitted -> published {published:.2f} s -> seen on the desk {seen:.2f} s")
        assert seen < SEEN_WITHIN_SECONDS * 20
