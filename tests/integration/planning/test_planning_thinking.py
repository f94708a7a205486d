"""What happens around a thought: a loss, backups, faults, another process, an end in the middle of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from samsyn_contracts.plans import PlanPublished, WhatIfAnswered
from samsyn_contracts.platform import EventRejected
from samsyn_planning.domain.planner import solve
from samsyn_planning.domain.what_if import MOST_OPEN
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
from tests.integration.planning.wondering_town import answer, answers, asks, wondered
from tests.support import engines
from tests.support.in_process import PATIENCE_SECONDS
from tests.support.kafka_and_postgres import FreshDatabase
from tests.support.planning_facts import at

# What another process of planning would have done.
ANSWERED = sa.text(
    "update what_if set status = 'answered', value = jsonb_set(value, '{status}', '\"answered\"') where id = :id"
)
AT_IT = "select pg_advisory_lock(hashtextextended($1, 7365))"
# When planning said it, in seconds of the wall clock.
ANSWERED_AT = sa.text(
    "select extract(epoch from created_at) from outbox where key = :centre and headers::text like '%WhatIfAnswered%'"
)
ANOTHER_PLAN = sa.text("update centre set value = jsonb_set(value, '{plan_version}', '2') where id = :centre")


@dataclass(frozen=True)
class Place:
    """Where services of one database are started, each with an engine of its own."""

    kafka: str
    dsn: str
    ear: Ear

    def planning(self, engine: Engine = solve, name: str = "") -> AbstractAsyncContextManager[Planning]:
        return planning_on(self.kafka, self.dsn, self.ear, engine, name)


@pytest.fixture
async def place(kafka: str, fresh_database: FreshDatabase) -> AsyncIterator[Place]:
    async with listening(kafka) as ear:
        yield Place(kafka, fresh_database("planning"), ear)


@dataclass(frozen=True)
class Thinking:
    """A file that tells that a thought is being solved, an engine that waits over it, and a file that lets it go on."""

    folder: Path

    @property
    def marker(self) -> Path:
        return self.folder / "at-work"

    @property
    def go(self) -> Path:
        return self.folder / "go"

    @property
    def engine(self) -> Engine:
        return partial(engines.think_when_let, str(self.marker), str(self.go))


@pytest.fixture
def thinking(tmp_path: Path) -> Thinking:
    return Thinking(tmp_path)


async def test_one_question_more_than_may_wait_is_refused(place: Place, thinking: Thinking) -> None:
    async with place.planning(thinking.engine) as planning:
        town = Town(planning)
        await town.works_by_day(13)
        await asks(town, own="q0")
        await until_there(thinking.marker)

        await planning.hear(*(town.told(wondered(town, own=f"q{number}")) for number in range(1, MOST_OPEN + 1)))
        let_go_on(thinking.go)
        await answer(town, "q0")

        (refused,) = town.only(EventRejected).reasons
        assert (refused.code, refused.pointer) == ("too_many_open", "/question_id")


async def test_a_loss_goes_first_and_the_answer_is_that_of_the_plan_after_it(place: Place, thinking: Thinking) -> None:
    async with place.planning(thinking.engine) as planning:
        town = Town(planning)
        await town.works_by_day(13, 14)
        await asks(town)
        await until_there(thinking.marker)

        began = time.monotonic()
        await planning.hear(*town.police_lose(14))
        while len(town.said(PlanPublished)) < 2:
            assert time.monotonic() - began < PATIENCE_SECONDS, "the loss is not answered"
            await asyncio.sleep(0.02)
        assert town.said(WhatIfAnswered) == [], "the loss waited for a thought"
        let_go_on(thinking.go)

        assert (await answer(town)).plan_version == 2


async def test_a_question_goes_before_backups(place: Place, tmp_path: Path) -> None:
    """The question waits for the backup at work at most, not for the next."""
    marker, go = tmp_path / "at-work", tmp_path / "go"
    engine = partial(engines.back_up_when_let, str(marker), str(go))
    async with place.planning(engine) as planning:
        town = Town(planning)
        await town.works_by_day(13, 14)
        await town.passes(at(12, 9))
        await until_there(marker)

        await asks(town)
        let_go_on(go)
        await answer(town)

        async with planning.service.database.transaction() as transaction:
            answered_at = float((await transaction.execute(ANSWERED_AT, {"centre": town.code})).scalar_one())
        begun = [float(line) for line in marker.read_text().splitlines()]
        assert len([one for one in begun if one < answered_at]) == 1, "the question waited for a second backup"


async def test_what_another_process_has_answered_meanwhile_is_not_answered_again(
    place: Place, thinking: Thinking
) -> None:
    async with place.planning(thinking.engine) as planning:
        town = Town(planning)
        await town.works_by_day(13)
        await asks(town)
        await until_there(thinking.marker)
        async with planning.service.database.transaction() as transaction:
            await transaction.execute(ANSWERED, {"id": f"{town.code}:q1"})

        await asks(town, own="q2")
        let_go_on(thinking.go)
        await answer(town, "q2")

        assert answers(town) == []


async def test_a_plan_that_another_process_publishes_meanwhile_has_it_thought_anew(
    place: Place, thinking: Thinking
) -> None:
    async with place.planning(thinking.engine) as planning:
        town = Town(planning)
        await town.works_by_day(13)
        await asks(town)
        await until_there(thinking.marker)
        async with planning.service.database.transaction() as transaction:
            await transaction.execute(ANOTHER_PLAN, {"centre": town.code})
        let_go_on(thinking.go)

        assert (await answer(town)).plan_version == 2


async def test_a_plan_that_the_verifier_refuses_is_not_told(place: Place) -> None:
    async with place.planning(engines.ignore_losses) as planning:
        town = Town(planning)
        await town.works_by_day(13)

        await asks(town)

        told = await answer(town)
        assert (told.outcome, told.changes, told.plan_version) == ("no_plan", (), 1)


async def test_planning_ended_while_it_thinks_gives_one_answer_when_it_is_back(
    place: Place, thinking: Thinking
) -> None:
    async with place.planning(thinking.engine) as planning:
        town = Town(planning)
        await town.works_by_day(13, 14)
        record = await asks(town)
        await until_there(thinking.marker)
    assert town.said(WhatIfAnswered) == []

    async with place.planning() as again:
        town.planning = again
        await answer(town)
        await town.heard(record)
        await asks(town, "polisen:P14", own="q2")
        await answer(town, "q2")

    assert len(answers(town)) == 1
    assert [version.plan_version for version in town.said(PlanPublished)] == [1]


async def test_a_question_that_another_process_is_at_is_left_to_it_and_taken_up_when_that_is_gone(
    place: Place,
) -> None:
    async with place.planning() as planning:
        town = Town(planning)
        await town.works_by_day(13, 14)
        other = await asyncpg.connect(place.dsn)
        try:
            await other.execute(AT_IT, f"{town.code}:q1")
            await asks(town)
            await asks(town, "polisen:P14", own="q2")
            await answer(town, "q2")
            await town.passes(at(12, 9))
            await town.backed(fresh=2)
            assert answers(town) == []
        finally:
            await other.close()

        await answer(town)
        assert len(answers(town)) == 1
