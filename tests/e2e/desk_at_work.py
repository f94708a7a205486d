"""A Friday of two operations at the demo centre, seen at the desk by those who sit for its parties."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

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
    """Two operations of the city and the Tax Agency, confirmed; the city's team is asked each time."""
    centre = await centre_at_work(samsyn, CENTRE)
    lost, beside = centre.session("lost"), centre.session("beside", area="b")
    teams = [centre.team(name, SKV) for name in ("1", "2")]
    city_teams = [centre.team(name, CITY, role=HEALTH) for name in ("1", "2")]
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
    await centre.pass_time(centre.friday_at - BEFORE_START)
    assert len(centre.confirmed(lost)) == 1
    assert len(centre.confirmed(beside)) == 1
    return Friday(centre, lost, beside, (*wanted, *of_city))


def code_name(centre: CentreAtWork, friday: Friday) -> str:
    """The code name of the operation that is going to be lost."""
    return centre.scheduled(friday.lost).message.code_name
