"""Backups: prepared when nothing else is to be done, used when they are right, and left when they are not."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from samsyn_contracts.capacity import AutomationModeChanged
from samsyn_contracts.operations import OperationRescheduled, ParticipationAccepted, ParticipationRequested
from samsyn_contracts.plans import BackupPlanInvalidated, BackupPlanPrepared, PlanPublished, ReplanProposed
from samsyn_contracts.platform import TimePassed
from samsyn_planning.solver import LIMITS
from samsyn_planning.worker import ENGINE, Engine

from tests.integration.planning.planning_at_work import SETTLED, Town, listening, planning_on, until_there
from tests.support import engines
from tests.support.kafka_and_postgres import FreshDatabase
from tests.support.planning_facts import AV, SKV, asking, at

BACKUP = f"{ENGINE}, backup"
# Well before a background worker that is at a backup is killed, which it is later here than elsewhere.
AT_ONCE_SECONDS, BACKUP_SECONDS = 40.0, 100.0
SPOILED = sa.text("update backup set value = jsonb_set(value, '{plan,objective}', '1') where centre = :centre")
UNLIKE = sa.text("update backup set value = jsonb_set(value, '{likeness}', '\"another\"') where centre = :centre")


@pytest.fixture
def outcomes(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What the planner logs of the backups that it looked for."""
    caplog.set_level(logging.INFO, "samsyn_planning.replanning")
    return caplog


@asynccontextmanager
async def a_town(kafka: str, database: str, engine: Engine) -> AsyncIterator[Town]:
    """A centre whose planning has an engine of its own."""
    async with listening(kafka) as ear, planning_on(kafka, database, ear, engine) as planning:
        yield Town(planning)


async def backed_up(town: Town, *days: int, fresh: int, **offers: object) -> None:
    """Operations on these days, and it is the 12th: those of the next three days have a backup."""
    await town.works_by_day(*days, **offers)
    await town.passes(at(12, 9))
    await town.backed(fresh=fresh)


async def test_a_loss_that_was_prepared_for_is_published_without_a_solve(
    kafka: str, fresh_database: FreshDatabase, outcomes: pytest.LogCaptureFixture
) -> None:
    async with a_town(kafka, fresh_database("planning"), partial(engines.dawdle, 2.0)) as town:
        await backed_up(town, 13, fresh=1)
        (cancelled,) = town.police_lose(13)

        await town.heard(cancelled)

        assert "the backup for the loss was used" in outcomes.text
        assert (await town.plan())["engine"] == BACKUP
        assert town.now_on() == {"P13": "P20"}


async def test_what_a_backup_answers_names_the_loss_that_came(town: Town) -> None:
    await backed_up(town, 13, 14, fresh=2)
    (cancelled,) = town.police_lose(13, cause_code="disturbance")

    await town.heard(cancelled)

    told = town.only(OperationRescheduled)
    assert ((await town.plan())["engine"], told.cause_event_ids) == (BACKUP, (cancelled[1].id,))
    assert town.published.cause_event_ids == (cancelled[1].id,)
    assert any("Polisen kan inte komma" in r.sv and "assumed" not in r.sv for r in told.reasons)
    assert all("assumed" not in f"{r.sv} {r.en}" for r in told.reasons)


async def test_the_centre_is_told_what_a_backup_would_do(town: Town) -> None:
    await backed_up(town, 13, 14, fresh=2)

    first, second = town.said(BackupPlanPrepared)
    assert (first.against, second.against) == (town.id("polisen:P13"), town.id("polisen:P14"))
    assert first.to_slot is not None
    assert (first.ladder_step, first.to_slot.session_id) == ("postponed", town.id("polisen:P20"))
    assert (first.consent_complete, first.needs_consent) == (True, ())
    assert first.valid_until == at(13, 8)
    kept = (await town.planning.pages(f"/v1/backups/{town.code}"))[0]
    assert (kept["status"], kept["expires_by"], kept["ladder_step"]) == ("fresh", "started", "postponed")


async def test_whose_consent_is_missing_is_told(town: Town) -> None:
    await town.works_by_day(13, team={"consent": asking()})
    for asked in town.said(ParticipationRequested):
        yes = ParticipationAccepted(
            operation_id=asked.operation_id, capacity_id=asked.capacity_id, session_id=asked.slot.session_id
        )
        await town.hears(yes)
    await town.passes(at(12, 9))
    await town.backed(fresh=1)

    told = town.only(BackupPlanPrepared)
    assert (told.consent_complete, told.ladder_step, told.to_slot) == (False, "postponed", None)
    asked_for = {(one.kind, one.capacity_id.partition("-")[0]) for one in told.needs_consent}
    assert asked_for & {("consent", f"{AV}:T20"), ("consent", f"{SKV}:T20")}


async def test_facts_that_make_another_of_it_end_a_backup_and_are_told_once(town: Town) -> None:
    await backed_up(town, 13, fresh=1)
    (offered,) = [one for one in town.capacity((22,)) if one[1].subject == town.id("polisen:P22")]
    await town.heard(offered)
    await town.passes(town.now_at + SETTLED)
    await town.backed(fresh=1)
    await town.passes(town.now_at + SETTLED)
    await town.backed(fresh=1)

    told = town.only(BackupPlanInvalidated)
    assert (told.reason_code, told.reason_event_id) == ("facts_changed", offered[1].id)
    assert len(town.said(BackupPlanPrepared)) == 2


async def test_each_backup_and_each_end_of_one_is_an_event_of_its_own(town: Town) -> None:
    await backed_up(town, 13, fresh=1)
    for num_told, mode in ((2, "propose"), (3, "auto")):
        async with town.planning.service.database.transaction() as transaction:
            await transaction.execute(UNLIKE, {"centre": town.code})
        told = {"centre": town.code, "mode": mode, "by_function": "coordinator", "reason_code": "other"}
        await town.hears(AutomationModeChanged.model_validate(told))
        await town.tells(BackupPlanPrepared, num_told)
    await town.passes(town.now_at + SETTLED)

    for kind, num_told in ((BackupPlanPrepared, 3), (BackupPlanInvalidated, 2)):
        ids = [e.envelope.id for e in town.planning.said(town.code) if isinstance(e.message, kind)]
        assert (len(ids), len(set(ids))) == (num_told, num_told)


async def test_facts_that_came_with_the_loss_have_it_solved_anew(
    town: Town, outcomes: pytest.LogCaptureFixture
) -> None:
    await backed_up(town, 13, fresh=1)

    await town.heard(*town.capacity((15,)), *town.police_lose(13))

    assert "the backup for the loss was stale" in outcomes.text
    assert (await town.plan())["engine"] == ENGINE
    assert town.now_on() == {"P13": "P20"}


async def test_time_alone_ends_a_backup(
    kafka: str, fresh_database: FreshDatabase, outcomes: pytest.LogCaptureFixture
) -> None:
    async with a_town(kafka, fresh_database("planning"), partial(engines.dawdle, 0.7)) as town:
        await town.works_by_day(13, 14)
        await town.passes(at(13, 7))
        await town.backed(fresh=2)
        until = town.said(BackupPlanPrepared)[-1].valid_until
        town.now_at = until
        passed = town.told(TimePassed(centre=town.code, until=until), party="exchange")

        await town.heard(passed, *town.police_lose(14))

        # Stale, or, where the new hour has a cause of its own to plan anew, not one loss alone and so missing.
        assert "the backup for the loss was used" not in outcomes.text
        assert (await town.plan())["engine"] == ENGINE
        assert town.said(BackupPlanInvalidated) == []


async def test_a_backup_that_the_verifier_refuses_is_solved_anew(
    town: Town, outcomes: pytest.LogCaptureFixture
) -> None:
    await backed_up(town, 13, fresh=1)
    async with town.planning.service.database.transaction() as transaction:
        await transaction.execute(SPOILED, {"centre": town.code})

    await town.heard(*town.police_lose(13))

    assert "the verifier refused a backup" in outcomes.text
    assert "the backup for the loss was refused" in outcomes.text
    assert ((await town.plan())["engine"], town.now_on()) == (ENGINE, {"P13": "P20"})


async def test_a_centre_that_wants_to_be_asked_is_proposed_the_backup(
    town: Town, outcomes: pytest.LogCaptureFixture
) -> None:
    await backed_up(town, 13, fresh=1)
    mode = {"centre": town.code, "mode": "propose", "by_function": "coordinator", "reason_code": "other"}
    await town.hears(AutomationModeChanged.model_validate(mode))

    await town.heard(*town.police_lose(13))

    assert "the backup for the loss was used" in outcomes.text
    assert [town.day_of(change.operation_id) for change in town.only(ReplanProposed).changes] == ["P13"]
    assert town.now_on() == {"P13": "P13"}


async def test_a_loss_does_not_wait_for_a_backup_that_is_being_prepared(
    kafka: str,
    fresh_database: FreshDatabase,
    tmp_path: Path,
    outcomes: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(LIMITS, "loss", replace(LIMITS["loss"], seconds=BACKUP_SECONDS))
    marker, never = tmp_path / "at-work", tmp_path / "go"
    engine = partial(engines.back_up_when_let, str(marker), str(never))
    async with a_town(kafka, fresh_database("planning"), engine) as town:
        await town.works_by_day(13)
        await town.passes(at(12, 9))
        await until_there(marker)

        began = time.monotonic()
        await town.planning.hear(*town.police_lose(13))
        while len(town.said(PlanPublished)) < 2:
            assert time.monotonic() - began < AT_ONCE_SECONDS, "the loss waited for the backup"
            await asyncio.sleep(0.02)
        await town.planning.settled()

        assert time.monotonic() - began < BACKUP_SECONDS, "what the loss asks next waited for the backup"
        assert f"{town.code}: the backup for the loss was missing" in outcomes.text


async def test_a_loss_far_ahead_has_no_backup_and_none_is_missed(
    town: Town, outcomes: pytest.LogCaptureFixture
) -> None:
    await town.works_by_day(13)

    await town.heard(*town.police_lose(13))

    assert f"{town.code}: the backup" not in outcomes.text
    assert town.said(BackupPlanPrepared) == []
