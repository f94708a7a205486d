"""The read models made anew from the log, beside the running service: equal, or what differs is named and mended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from samsyn_contracts.bus import INSPECTION
from samsyn_local.cli import app
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.run_folder import RunFolder
from samsyn_reporting.rebuild.__main__ import main
from samsyn_reporting.rebuild.rebuilding import Outcome, rebuild
from samsyn_reporting.rebuild.replaying import RebuildError
from samsyn_reporting.rebuild.scratch import READ_MODELS, READING, Scratch
from samsyn_reporting.restored import put_reporting_beyond
from samsyn_reporting.tables import MIGRATIONS
from typer.testing import CliRunner

from tests.integration.reporting.reporting_at_work import (
    Reporting,
    a_day_ends,
    a_log,
    everything_said,
    reporting_on,
    said,
)
from tests.support.in_process import Positions, a_centre, say
from tests.support.kafka_and_postgres import FreshDatabase
from tests.support.told_days import completed
from tests.support.told_operations import START_AT, confirmed

CENTRES = (a_centre(), a_centre())
UNREACHED = 1_000_000
SAID = "from outbox, jsonb_array_elements(headers) h where topic = 'samsyn.reporting.v1' and key = $1"


@pytest.fixture(scope="module")
def topics(fresh_topics: str, infrastructure: Infrastructure) -> Iterator[str]:
    """Empty topics, emptied again afterwards: nobody else shall find the poison of these tests."""
    yield fresh_topics
    infrastructure.empty_topics()


@pytest.fixture(scope="module")
async def reporting(topics: str, fresh_database: FreshDatabase) -> AsyncIterator[Reporting]:
    """The service, which has heard the logs of two centres."""
    async with reporting_on(topics, fresh_database("reporting")) as service:
        await service.heard(await say(topics, *(each for centre in CENTRES for each in a_log(centre))))
        yield service


class Lines(list[str]):
    """What a rebuild says."""

    def __call__(self, sentence: str) -> None:
        self.append(sentence)


async def rebuilt(reporting: Reporting, lines: Lines | None = None, *, replace: bool = False) -> Outcome:
    say_line = Lines() if lines is None else lines
    return await rebuild(reporting.settings, say_line, replace=replace, service=reporting.name)


def differing(outcome: Outcome) -> dict[str, int]:
    return {one.table: one.num_different for one in outcome.differences if one.num_different}


async def truncate(reporting: Reporting, *more: str) -> None:
    await reporting.sql(f"truncate {', '.join([*READ_MODELS, *more])}")


async def test_the_log_gives_what_the_service_has(reporting: Reporting) -> None:
    lines = Lines()

    outcome = await rebuilt(reporting, lines)

    assert outcome.is_equal
    assert [one.table for one in outcome.differences if one.num_rebuilt == 0] == ["taken_back"]
    assert lines[-1].startswith(f"Equal: {sum(one.num_live for one in outcome.differences)} rows in 15 tables, sha256 ")


async def test_progress_is_told_in_records_of_how_many(reporting: Reporting) -> None:
    lines = Lines()

    await rebuilt(reporting, lines)

    num_records = sum(len(a_log(centre)) for centre in CENTRES)
    assert any(line.startswith(f"{num_records} of {num_records} records read, ") for line in lines)


@pytest.mark.parametrize(
    ("tampering", "table", "num"),
    [
        ("update fact set notice_minutes = 1 where notice_minutes = 45 and centre = $1", "fact", 1),
        ("delete from loss where centre = $1", "loss", 2),
        ("insert into heard values ($1 || '-too', now())", "heard", 1),
    ],
)
async def test_rows_that_somebody_changed_are_named_and_replacing_mends_them(
    reporting: Reporting, tampering: str, table: str, num: int
) -> None:
    before = await reporting.table(*CENTRES)
    await reporting.sql(tampering, CENTRES[0])
    lines = Lines()

    outcome = await rebuilt(reporting, lines)

    assert differing(outcome) == {table: num}
    assert any(line.startswith(f"{table}: {num} differ ") for line in lines)
    assert differing(await rebuilt(reporting, replace=True)) == {table: num}
    assert (await rebuilt(reporting)).is_equal
    assert await reporting.table(*CENTRES) == before


@pytest.mark.scenario(9)
@pytest.mark.parametrize("more", [(), READING])
async def test_deleted_read_models_come_back_with_a_byte_identical_table(
    reporting: Reporting, more: Sequence[str]
) -> None:
    before = (await reporting.table(*CENTRES)).encode()
    await truncate(reporting, *more)
    assert (await reporting.table(*CENTRES)).encode() != before

    await rebuilt(reporting, replace=True)

    assert (await reporting.table(*CENTRES)).encode() == before


@pytest.mark.scenario(9)
async def test_inspections_and_operations_are_separate_after_a_rebuild(reporting: Reporting) -> None:
    await rebuilt(reporting, replace=True)

    totals = (await reporting.ledger(CENTRES[0]))["totals"]
    assert (totals["operations"]["planned"], totals["inspections"]["planned"]) == (4, 5)
    carried_out = totals["carried_out"]
    assert (carried_out["counting_operations"], carried_out["inspections_done"]) == (1, 1)


@pytest.mark.parametrize("more", [(), READING])
async def test_comparing_alone_finds_deleted_read_models_and_changes_nothing(
    reporting: Reporting, more: Sequence[str]
) -> None:
    await truncate(reporting, *more)

    outcome = await rebuilt(reporting)

    assert (outcome.is_equal, outcome.is_replaced) == (False, False)
    assert await reporting.sql("select count(*) from fact") == 0
    await rebuilt(reporting, replace=True)


async def test_a_service_that_goes_on_reading_meanwhile_loses_nothing_and_is_found_equal(
    reporting: Reporting, topics: str
) -> None:
    centre = a_centre()
    waiting = [True, False, True, False]
    task = asyncio.create_task(rebuilt(reporting, replace=waiting.pop()))
    compared, num_said = [], 0
    positions: Positions = {}
    while not task.done():
        messages = [confirmed(f"op:{centre}:{num_said + n}") for n in range(20)]
        numbered = [said(m, f"{centre}-{num_said + n}", centre) for n, m in enumerate(messages)]
        positions = await say(topics, *numbered)
        num_said += len(numbered)
        if task.done():
            compared += [] if task.result().is_replaced else [task.result().is_equal]
            task = asyncio.create_task(rebuilt(reporting, replace=waiting.pop())) if waiting else task
    await reporting.heard(positions)

    assert (await reporting.ledger(centre))["totals"]["operations"]["planned"] == num_said
    assert compared == [True, True]
    assert (await rebuilt(reporting)).is_equal


async def test_beside_a_service_that_is_down_the_log_is_read_as_far_as_the_service_had_read(
    topics: str, fresh_database: FreshDatabase
) -> None:
    centre = a_centre()
    async with reporting_on(topics, fresh_database("reporting")) as service:
        await say(topics, *a_log(centre))
        await service.heard(await everything_said(topics))
    await say(topics, said(confirmed(f"op:{centre}:later"), f"{centre}-later", centre))

    assert (await rebuilt(service)).is_equal
    assert differing(await rebuilt(service, replace=True)) == {"fact": 1}


async def test_what_the_service_hears_after_its_tables_were_replaced_has_its_effect_once(
    reporting: Reporting, topics: str
) -> None:
    centre = a_centre()
    await rebuilt(reporting, replace=True)

    for _ in range(2):
        await reporting.heard(await say(topics, said(confirmed(f"op:{centre}:1"), f"{centre}-1", centre)))

    assert (await reporting.ledger(centre))["totals"]["operations"]["planned"] == 1
    assert await reporting.sql("select count(*) from fact where operation_id = $1", f"op:{centre}:1") == 1


async def test_what_a_day_brought_is_said_once_whatever_comes_again_or_is_rebuilt(
    reporting: Reporting, topics: str
) -> None:
    centre = CENTRES[0]
    counted = "select count(*) from outbox where topic = 'samsyn.reporting.v1' and key = $1"
    ids = f"select count(distinct h ->> 1) {SAID} and h ->> 0 = 'ce_id'"
    await reporting.heard(await say(topics, a_day_ends(centre), a_day_ends(centre)))
    assert await reporting.sql(counted, centre) == 3  # the figures, that the target will not be reached, and the work

    await rebuilt(reporting, replace=True)
    await reporting.heard(await say(topics, a_day_ends(centre), a_day_ends(centre, 1)))

    assert await reporting.sql(counted, centre) == 3
    asked = {"centre": centre, "year": "2025"}
    (standing,) = (await reporting.client.get("/v1/targets", params=asked)).json()["centres"]
    assert (standing["day"], [each["target"] for each in standing["reached"]]) == ("2025-05-04", [6])
    # What is planned later in the year is wanted, in one area: too little to be told by name.
    assert [(one["area"], one["wanted_inspections"], one["planned_inspections"]) for one in standing["areas"]] == [
        (None, 1, 1)
    ]
    assert standing["programmes"][0] == {**standing["programmes"][0], "programme": "a-krim", "planned_inspections": 1}

    # As in a backup of the day before: nothing of the day has been heard or said, and agencies have heard it all.
    await put_reporting_beyond(reporting.settings.async_database, START_AT)
    await reporting.sql("delete from said where centre = $1", centre)
    await reporting.sql("delete from inbox where id = $1", f"{centre}-day-0")
    await reporting.heard(await say(topics, a_day_ends(centre)))
    assert await reporting.sql(counted, centre) == 6
    assert await reporting.sql(ids, centre) == 6, "nobody has heard these before"


async def test_a_rebuild_that_dies_while_it_replaces_leaves_the_tables_as_they_were(reporting: Reporting) -> None:
    before = await reporting.table(*CENTRES)

    async with Scratch.opened(reporting.settings.async_database, MIGRATIONS) as scratch:
        with pytest.raises(RuntimeError, match="died"):
            await die_while_replacing(scratch)

    assert await reporting.table(*CENTRES) == before
    assert (await rebuilt(reporting)).is_equal


async def die_while_replacing(scratch: Scratch) -> None:
    async with scratch.held() as held:
        await scratch.put_in_place(held)
        raise RuntimeError("died")


async def test_a_rebuild_begins_anew_whatever_another_one_left(reporting: Reporting) -> None:
    async with Scratch.opened(reporting.settings.async_database, MIGRATIONS) as scratch:
        await scratch.copy_live()

    assert (await rebuilt(reporting)).is_equal
    assert await reporting.sql("select to_regnamespace('rebuild') is null")


async def test_two_rebuilds_at_once_are_refused(reporting: Reporting) -> None:
    async with Scratch.opened(reporting.settings.async_database, MIGRATIONS):
        with pytest.raises(RebuildError, match="Another rebuild"):
            await rebuilt(reporting)


async def test_a_log_that_ends_before_what_the_service_has_read_is_refused(reporting: Reporting) -> None:
    await reporting.sql("insert into position values ($1, 99, $2)", INSPECTION, UNREACHED)

    for replace in (False, True):
        with pytest.raises(RebuildError, match="is not the log that the service has read"):
            await rebuilt(reporting, replace=replace)

    await reporting.sql("delete from position where next_offset = $1", UNREACHED)


async def test_a_database_that_no_service_has_used_is_refused(
    reporting: Reporting, fresh_database: FreshDatabase
) -> None:
    settings = reporting.settings.model_copy(update={"database": fresh_database("empty")})

    with pytest.raises(RebuildError, match="start the service once"):
        await rebuild(settings, Lines(), service=reporting.name)


async def command(*arguments: str) -> int:
    """The exit status of `python -m samsyn_reporting.rebuild`."""
    return await asyncio.to_thread(main, arguments)


@pytest.fixture
def environment(reporting: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that the service is told by."""
    for name in ("kafka", "database", "http_port", "environment"):
        monkeypatch.setenv(f"SAMSYN_{name.upper()}", str(getattr(reporting.settings, name)))


@pytest.mark.usefixtures("environment")
async def test_the_command_ends_with_0_when_equal_and_with_1_when_not(
    reporting: Reporting, capfd: pytest.CaptureFixture[str]
) -> None:
    assert await command() == 0

    await reporting.sql("delete from start where centre = $1", CENTRES[0])
    assert await command() == 1
    assert "start: 2 differ (" in capfd.readouterr().out

    assert await command("--replace") == 0
    assert await command() == 0


@pytest.mark.usefixtures("environment")
async def test_the_command_ends_with_2_and_a_sentence_when_it_cannot_be_done(
    reporting: Reporting, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async with Scratch.opened(reporting.settings.async_database, MIGRATIONS):
        assert await command() == 2
    assert capfd.readouterr().err == "Another rebuild of this service is at work: wait until it is done.\n"

    monkeypatch.setenv("SAMSYN_KAFKA", "127.0.0.1:1")
    assert await command() == 2
    assert "Kafka or PostgreSQL does not answer" in capfd.readouterr().err


async def test_samsyn_rebuild_reporting_is_told_of_the_run_by_its_folder(
    reporting: Reporting, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = RunFolder(tmp_path)
    run.write_status({"kafka": reporting.settings.kafka, "databases": {"reporting": reporting.settings.database}})
    run.lock()
    try:
        result = await asyncio.to_thread(
            CliRunner().invoke, app, ["rebuild", "reporting", "--replace", "--dir", str(tmp_path)]
        )
    finally:
        run.unlock()

    assert result.exit_code == 0, result.output
    assert "Replaced: " in capfd.readouterr().out


async def test_what_the_service_has_set_aside_is_set_aside_again_and_told_to_nobody(
    reporting: Reporting, topics: str
) -> None:
    centre, before = a_centre(), await reporting.sql("select count(*) from outbox")
    topic, told, _ = said(completed(), f"{centre}-poison", centre)
    other = confirmed(start_at=START_AT)  # not what its type says
    await reporting.heard(await say(topics, (topic, told, other)))
    assert await reporting.sql("select count(*) from outbox") == before + 1

    outcomes = [await rebuilt(reporting), await rebuilt(reporting, replace=True)]

    assert [outcome.is_equal for outcome in outcomes] == [True, True]
    assert await reporting.sql("select count(*) from outbox") == before + 1
