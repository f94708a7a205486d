"""What planning tells those who run it: plans that the verifier refused, proposals that nobody decided."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from samsyn_chassis import alerts
from samsyn_contracts.capacity import AutomationModeChanged
from samsyn_contracts.plans import ReplanProposed, ReplanRejected
from samsyn_planning.domain.planner import solve

from tests.integration.planning.planning_at_work import Ear, Planning, Town, listening, planning_on
from tests.support import engines
from tests.support.in_process import PATIENCE_SECONDS, a_centre
from tests.support.kafka_and_postgres import FreshDatabase

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture(scope="module")
async def ear(kafka: str) -> AsyncIterator[Ear]:
    async with listening(kafka) as listened:
        yield listened


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question is answered by a look of its own: an alert that does not stand did not a moment ago either."""
    monkeypatch.setattr(alerts, "FRESH_SECONDS", -1.0)


async def until_stands(planning: Planning, alert: str, about: str, *, stands: bool = True) -> None:
    """Wait until an alert about something stands, or does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        told = [(one["alert"], one["about"]) for one in (await planning.pages("/status"))["alerts"]]
        if ((alert, about) in told) == stands:
            return
        assert time.monotonic() < deadline, f"these stand: {told}"
        await asyncio.sleep(0.1)


async def proposed_after_a_loss(town: Town) -> ReplanProposed:
    """A centre that wants to be asked has been."""
    await town.works_by_day(13)
    mode = {"centre": town.code, "mode": "propose", "by_function": "coordinator", "reason_code": "other"}
    await town.hears(AutomationModeChanged.model_validate(mode))
    await town.heard(*town.police_lose(13))
    return town.only(ReplanProposed)


async def test_a_refused_plan_stands_until_the_next_one_is_accepted(
    kafka: str, fresh_database: FreshDatabase, ear: Ear
) -> None:
    dsn, name = fresh_database("planning"), f"planning-{a_centre()}"
    async with planning_on(kafka, dsn, ear, engines.ignore_losses, name) as broken:
        town = Town(broken)
        await town.works_by_day(13, 14)
        await until_stands(broken, "plan_refused", town.code, stands=False)
        await town.heard(*town.police_lose(13))
        await until_stands(broken, "plan_refused", town.code)

    async with planning_on(kafka, dsn, ear, solve, name) as mended:
        town.planning = mended
        await until_stands(mended, "plan_refused", town.code)
        await town.heard(*town.police_lose(14))
        await until_stands(mended, "plan_refused", town.code, stands=False)


async def test_a_proposal_nobody_decided_stands_for_a_day(planning: Planning, town: Town) -> None:
    proposed = await proposed_after_a_loss(town)
    await town.passes(proposed.decide_by - MINUTE)
    await until_stands(planning, "proposal_undecided", proposed.replan_id, stands=False)

    await town.passes(proposed.decide_by)
    await until_stands(planning, "proposal_undecided", proposed.replan_id)

    await town.passes(proposed.decide_by + DAY)
    await until_stands(planning, "proposal_undecided", proposed.replan_id, stands=False)


async def test_a_proposal_decided_in_time_is_no_alert(planning: Planning, town: Town) -> None:
    proposed = await proposed_after_a_loss(town)
    told = {"replan_id": proposed.replan_id, "centre": town.code, "by_function": "coordinator", "reason_code": "other"}

    await town.hears(ReplanRejected.model_validate(told))
    await town.passes(proposed.decide_by + MINUTE)

    await until_stands(planning, "proposal_undecided", proposed.replan_id, stands=False)


async def test_status_tells_up_to_when_each_centre_has_its_time(planning: Planning, town: Town) -> None:
    await town.passes(town.now_at + DAY)

    assert (await planning.pages("/status"))["times"][town.code] == town.now_at.isoformat()
