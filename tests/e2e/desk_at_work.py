"""A Friday of two operations at the demo centre, seen at the desk by those who sit for its parties."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser
from samsyn_contracts.capacity import CapacityConsent
from samsyn_contracts.operations import ParticipationAccepted, ParticipationRequested

from tests.e2e.centre_at_work import BEFORE_START, CentreAtWork, Friday, centre_at_work
from tests.e2e.desk_people import CENTRE, CITY, PARTIES, SKV, USERS
from tests.support.desk import RunningDesk, running_desk
from tests.support.samsyn import Samsyn

HEALTH = "miljoforvaltningen"


@asynccontextmanager
async def a_desk(samsyn: Samsyn, browser: Browser, folder: Path) -> AsyncIterator[RunningDesk]:
    """The desk of all parties of these tests."""
    async with running_desk(samsyn, browser, PARTIES, USERS, folder) as desk:
        yield desk


async def a_friday_with_the_city(samsyn: Samsyn) -> Friday:
    """Two operations of the city and the Tax Agency, confirmed; it is three hours before their start."""
    friday = await an_asked_friday(samsyn)
    await accept_all(friday.centre)
    await three_hours_before(friday)
    return friday


async def three_hours_before(friday: Friday) -> None:
    """Let the time pass; both operations are confirmed."""
    await friday.centre.pass_time(friday.centre.friday_at - BEFORE_START)
    assert len(friday.centre.confirmed(friday.lost)) == 1
    assert len(friday.centre.confirmed(friday.beside)) == 1


async def an_asked_friday(samsyn: Samsyn) -> Friday:
    """Two operations, scheduled; the city is asked whether its teams take part."""
    centre = await centre_at_work(samsyn, CENTRE)
    lost, beside = centre.session("lost"), centre.session("beside", area="b")
    teams = [centre.team(name, SKV) for name in ("1", "2")]
    asked = CapacityConsent(mode="ask")
    city_teams = [centre.team(name, CITY, role=HEALTH, consent=asked) for name in ("1", "2")]
    needs: dict[str, Any] = {"required_agencies": (f"{CITY}/{HEALTH}",)}
    wanted = (
        centre.inspection("1", SKV),
        centre.inspection("2", SKV, area="b"),
    )
    of_city = (centre.inspection("1c", CITY, **needs), centre.inspection("2c", CITY, area="b", **needs))
    await centre.tell(lost, beside, *teams, *wanted)
    for told in (*city_teams, *of_city):
        await centre.party(CITY).tell(told, actorrole=HEALTH)
    await samsyn.quiet()
    await centre.tell(*centre.readiness((*wanted, *of_city), (SKV,)))
    for ready in centre.readiness((*wanted, *of_city), (CITY,)):
        await centre.party(CITY).tell(ready, actorrole=HEALTH)
    await centre.settle()
    return Friday(centre, lost, beside, (*wanted, *of_city))


async def accept_all(centre: CentreAtWork) -> None:
    """The city answers yes to everything that it was asked."""
    city = centre.party(CITY)
    for asked in city.told(ParticipationRequested, centre.since):
        question = asked.message
        yes = ParticipationAccepted(
            operation_id=question.operation_id,
            capacity_id=question.capacity_id,
            session_id=question.slot.session_id,
        )
        await city.tell(yes, actorrole=HEALTH)
    await centre.samsyn.quiet()
