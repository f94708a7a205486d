"""Operations that are held and clash, on real servers: a loss elsewhere is answered all the same."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest
from samsyn_contracts.plans import OperationPinned
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.verifier import verify

from tests.integration.planning.planning_at_work import SETTLED, Town
from tests.support.in_process import PATIENCE_SECONDS
from tests.support.planning_facts import AV, SKV, a_session_offer, a_team_offer, at

LONG = {"end_at": at(13, 22)}
THE_DAY_BEFORE = at(12, 7)


async def three_days(town: Town) -> None:
    """An operation on each of three days, the first two of the same teams."""
    facts = town.capacity((13, 14, 20))
    for day in (13, 14, 20):
        facts += town.wanted(1, first=day, time_windows=[{"from_at": at(day), "until_at": at(day + 1)}])
    await town.planning.hear(*facts)
    await town.passes(town.now_at + SETTLED)
    assert town.now_on() == {"P13": "P13", "P14": "P14", "P20": "P20"}


async def the_first_day_grows_long_and_the_last_is_lost(town: Town) -> None:
    """All of it before the plan is made anew: too little rest between the first two, and nothing left of the third."""
    own = {"team": f"lag-{town.code}", **LONG}
    session = a_session_offer(town.id("polisen:P13"), 13, **LONG)
    teams = [a_team_offer(town.id(f"{agency}:T13"), 13, **own) for agency in (AV, SKV)]
    await town.planning.hear(*(town.told(offer) for offer in (session, *teams)), *town.police_lose(20))
    await town.planning.settled()


def the_operation(town: Town, day: int) -> str:
    return f"op:{town.id(f'polisen:P{day}')}"


def pin(town: Town, day: int) -> OperationPinned:
    told = {"operation_id": the_operation(town, day), "centre": town.code, "by_function": "coordinator"}
    return OperationPinned.model_validate({**told, "reason_code": "site_prepared"})


async def until_alerted(town: Town) -> None:
    """Wait until it stands that the centre's last plan was refused."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "plan_refused" not in await alerts_of(town):
        assert time.monotonic() < deadline, "no alert stands"
        await asyncio.sleep(0.1)


async def alerts_of(town: Town) -> list[str]:
    told = (await town.planning.pages("/status"))["alerts"]
    return [one["alert"] for one in told if one["about"] == town.code]


def reasons_of(version: dict[str, Any], operation_id: str) -> list[str]:
    (change,) = [c for c in version["changes"] if c["operation_id"] == operation_id]
    return [reason["code"] for reason in change["reasons"]]


async def test_two_pins_that_clash_do_not_stop_the_answer_to_a_loss(town: Town) -> None:
    await three_days(town)
    await town.hears(pin(town, 13), pin(town, 14))
    await town.passes(town.now_at + SETTLED)

    await the_first_day_grows_long_and_the_last_is_lost(town)

    version = await town.plan()
    assert version["problem"]["pinned"] == [the_operation(town, 13)]
    assert "LET_GO" in reasons_of(version, the_operation(town, 14))
    assert town.now_on()["P13"] == "P13"
    assert town.now_on()["P20"] == "nowhere"
    # What is kept is what was solved: replayed it gives the same.
    assert solve(version["problem"], Limit(seconds=None, work=3000))["operations"] == version["plan"]["operations"]


@pytest.mark.parametrize("pins", [(), (13, 14)])
async def test_where_the_freeze_itself_clashes_the_old_plan_without_the_lost_stands_with_an_alert(
    town: Town, pins: tuple[int, ...]
) -> None:
    await three_days(town)
    await town.hears(*(pin(town, day) for day in pins))
    await town.passes(THE_DAY_BEFORE)
    await town.passes(THE_DAY_BEFORE + timedelta(minutes=20))

    await the_first_day_grows_long_and_the_last_is_lost(town)

    version = await town.plan()
    assert verify(version["problem"], version["plan"]).is_accepted
    assert [o["id"] for o in version["plan"]["operations"]] == [the_operation(town, 13)]
    assert town.now_on()["P20"] == "nowhere"
    await until_alerted(town)
