"""What stands between a plan that was right when it was asked for and its publication."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from samsyn_contracts.plans import PlanPublished

from tests.integration.planning.planning_at_work import Town, let_go_on, listening, planning_on, until_there
from tests.support import engines
from tests.support.kafka_and_postgres import FreshDatabase

PUBLISHED_MEANWHILE = sa.text("update centre set value = jsonb_set(value, '{plan_version}', '7') where id = :code")


async def test_a_plan_is_not_published_over_one_that_another_process_published_meanwhile(
    kafka: str, fresh_database: FreshDatabase, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "samsyn_planning.replanning")
    solving, go = tmp_path / "solving", tmp_path / "go"
    engine = partial(engines.solve_when_let, str(solving), str(go))
    async with listening(kafka) as ear, planning_on(kafka, fresh_database("guards"), ear, engine) as planning:
        town = Town(planning)
        await town.works_by_day(13)
        await planning.hear(*town.police_lose(13))
        await until_there(solving)

        async with planning.service.database.transaction() as transaction:
            await transaction.execute(PUBLISHED_MEANWHILE, {"code": town.code})
        let_go_on(go)
        await planning.settled()

        assert "planned again" in caplog.text
        assert [(v.previous_version, v.plan_version) for v in town.said(PlanPublished)] == [(0, 1), (7, 8)]
