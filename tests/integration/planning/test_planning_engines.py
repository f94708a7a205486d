"""What happens around a solve: facts that change meanwhile, engines that fail, processes that are killed."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from samsyn_contracts.inspections import ReadinessDeclared
from samsyn_contracts.operations import (
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    ParticipationAccepted,
)
from samsyn_contracts.plans import PlanPublished
from samsyn_planning.domain.planner import solve
from samsyn_planning.domain.verifier import verify
from samsyn_planning.worker import Engine

from tests.integration.planning.planning_at_work import (
    Ear,
    Planning,
    Town,
    let_go_on,
    listening,
    planning_on,
    until_there,
)
from tests.support import engines
from tests.support.in_process import PATIENCE_SECONDS, a_centre
from tests.support.kafka_and_postgres import FreshDatabase
from tests.support.planning_facts import AV, asking


@dataclass(frozen=True)
class Place:
    """Where services of one database are started, each with an engine of its own."""

    kafka: str
    dsn: str
    ear: Ear

    def planning(self, engine: Engine, name: str = "") -> AbstractAsyncContextManager[Planning]:
        return planning_on(self.kafka, self.dsn, self.ear, engine, name)


@pytest.fixture(scope="module")
async def place(kafka: str, fresh_database: FreshDatabase) -> AsyncIterator[Place]:
    async with listening(kafka) as ear:
        yield Place(kafka, fresh_database("planning"), ear)


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that tells that an engine is at work on a replan."""
    return tmp_path / "at-work"


@pytest.fixture
def go(tmp_path: Path) -> Path:
    """A file that lets an engine that waits go on."""
    return tmp_path / "go"


async def test_facts_that_change_during_a_solve_throw_its_plan_away(
    place: Place, marker: Path, go: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "samsyn_planning.replanning")
    async with place.planning(partial(engines.solve_when_let, str(marker), str(go))) as planning:
        town = Town(planning)
        await town.works_by_day(13, 14)
        first, second = town.police_lose(13, 14)
        await planning.hear(first)
        await until_there(marker)

        await planning.hear(second)
        let_go_on(go)
        await planning.settled()

        assert [v.plan_version for v in town.said(PlanPublished)] == [1, 2]
        assert set(town.published.cause_event_ids) == {first[1].id, second[1].id}
        assert town.now_on() == {"P13": "P20", "P14": "P21"}
    assert "facts changed meanwhile" in caplog.text


async def test_facts_that_go_on_changing_do_not_keep_a_plan_from_being_published(place: Place, marker: Path) -> None:
    async with place.planning(partial(engines.solve_slowly, str(marker), 0.4)) as planning:
        town = Town(planning)
        await town.works_by_day(13)
        await planning.hear(*town.police_lose(13))
        until = time.monotonic() + PATIENCE_SECONDS
        while town.now_on() != {"P13": "P20"}:
            assert time.monotonic() < until, "a plan that always comes too late is never published"
            # A police session on another day: it changes facts, and the plan without it is right all the same.
            town.num_said += 1
            await planning.hear(*town.capacity((30,), session={"staff": 2 + town.num_said % 7}))
            await asyncio.sleep(0.2)


async def test_an_answer_given_during_a_solve_is_not_overwritten(place: Place, marker: Path, go: Path) -> None:
    async with place.planning(partial(engines.solve_when_let, str(marker), str(go))) as planning:
        town = Town(planning)
        await town.works_by_day(13, 14, team={"consent": asking()})
        other = next(m for m in town.said(OperationScheduled) if "P14" in m.operation_id)
        (team,) = [p.capacity_id for p in other.participants if p.agency != "polisen"]
        await planning.hear(*town.police_lose(13))
        await until_there(marker)

        yes = ParticipationAccepted(operation_id=other.operation_id, capacity_id=team, session_id=other.slot.session_id)
        await planning.hear(town.told(yes))
        let_go_on(go)
        await planning.settled()
        confirmed = [m.operation_id for m in town.said(OperationConfirmed)]
        await town.hears(ReadinessDeclared(inspection_id=town.id(f"{AV}:I14"), agency=AV, ready=True))

        assert confirmed == [other.operation_id]
        assert [m.operation_id for m in town.said(OperationConfirmed)] == [other.operation_id]


@pytest.mark.parametrize("engine", [engines.ignore_losses, engines.fail])
async def test_a_plan_that_the_verifier_refuses_is_not_published_the_old_one_without_the_lost_is(
    place: Place, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    async with place.planning(engine) as planning:
        town = Town(planning)
        await town.works_by_day(13, 14)

        await town.heard(*town.police_lose(13))
        version = await town.plan()

        assert [town.day_of(m.operation_id) for m in town.said(OperationPostponed)] == ["P13"]
        assert town.now_on() == {"P13": "nowhere", "P14": "P14"}
        assert verify(version["problem"], version["plan"]).violations == ()
    assert "the verifier refused a plan" in caplog.text


async def test_a_solve_whose_process_is_killed_is_done_again(place: Place, marker: Path) -> None:
    async with place.planning(partial(engines.die_once, str(marker))) as planning:
        town = Town(planning)
        await town.works_by_day(13)

        await town.heard(*town.police_lose(13))

        assert os.access(marker, os.F_OK)
        assert [m.to_slot.session_id for m in town.said(OperationRescheduled)] == [town.id("polisen:P20")]


@pytest.mark.scenario(8)
async def test_a_planner_stopped_in_mid_solve_leaves_the_mark_and_the_next_one_publishes_once(
    place: Place, marker: Path, go: Path
) -> None:
    name = f"planning-{a_centre()}"
    async with place.planning(partial(engines.solve_when_let, str(marker), str(go)), name) as first:
        town = Town(first)
        await town.works_by_day(13)
        (cancelled,) = town.police_lose(13)
        await first.hear(cancelled)
        await until_there(marker)
    assert len(town.said(PlanPublished)) == 1

    async with place.planning(solve, name) as second:
        town.planning = second
        await second.settled()

        assert [v.plan_version for v in town.said(PlanPublished)] == [1, 2]
        assert town.published.cause_event_ids == (cancelled[1].id,)
        assert len(town.said(OperationRescheduled)) == 1
