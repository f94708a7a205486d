"""A loss overtakes whatever less urgent is being solved."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path

from samsyn_contracts.plans import PlanPublished
from samsyn_contracts.platform import TimePassed

from tests.integration.planning.planning_at_work import SETTLED, Town, listening, planning_on, until_there
from tests.support import engines
from tests.support.kafka_and_postgres import FreshDatabase

# Before the worker that is at the ordinary plan is killed.
AT_ONCE_SECONDS = 40.0


async def test_a_loss_does_not_wait_for_an_ordinary_plan_that_is_being_solved(
    kafka: str, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    marker, never = tmp_path / "at-work", tmp_path / "go"
    engine = partial(engines.plan_ordinarily_when_let, str(marker), str(never))
    async with listening(kafka) as ear, planning_on(kafka, fresh_database("planning"), ear, engine) as planning:
        town = Town(planning)
        await town.works_by_day(13, 14)
        await planning.hear(*town.wanted(1, first=99))
        town.now_at += SETTLED
        await planning.hear(town.told(TimePassed(centre=town.code, until=town.now_at), party="exchange"))
        await until_there(marker)

        (lost,) = town.police_lose(13)
        began = time.monotonic()
        await planning.hear(lost)
        while not _is_published(town, lost[1].id):
            assert time.monotonic() - began < AT_ONCE_SECONDS, "the loss waited for the ordinary plan"
            await asyncio.sleep(0.02)


def _is_published(town: Town, event_id: str) -> bool:
    return any(event_id in plan.cause_event_ids for plan in town.said(PlanPublished))
