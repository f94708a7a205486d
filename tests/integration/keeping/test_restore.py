"""A machine is lost and a backup restored on an empty one: what is lost is counted, and no plan version comes twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import asyncpg
from samsyn_contracts.bus import ADMITTED as ADMITTED_TOPIC
from samsyn_contracts.bus import PLANNING, is_from_topic, to_topic
from samsyn_contracts.envelope import derived_id
from samsyn_contracts.plans import PlanPublished
from samsyn_contracts.platform import EventAdmitted
from samsyn_local.backup import Backup
from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.journals import found_in
from samsyn_local.rebuild_kafka import Account, Rebuild
from samsyn_local.restore import checked_manifest, restored, with_the_desk
from samsyn_local.services import services

from tests.e2e.centre_at_work import a_confirmed_friday, centre_at_work
from tests.integration.keeping.people_at_work import NOT_KEPT, PARTIES, PeopleAtWork, people_at_work, said_in
from tests.support.samsyn import STARTS_AT, Samsyn, running_samsyn
from tests.support.trail import Mouth, Trail
from tests.support.whole_log import WholeLog, ids_of, keep_journals, said_by_parties, whole_log

CENTRE = "akc-vast"
TARGET = derived_id(CENTRE, "desk:target:once")
UNSENT = """
select topic, (select header ->> 1 from jsonb_array_elements(headers) header where header ->> 0 = 'ce_id') as id
from outbox where sent_at is null
"""
ADMITTED = "select count(*) as num from message_log where id = $1"


@asynccontextmanager
async def going_on(infrastructure: Infrastructure, now_at: datetime) -> AsyncIterator[Samsyn]:
    """All services over the restored databases of another machine."""
    databases = {name: infrastructure.database(name) for name in SERVICES}
    env = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": STARTS_AT.isoformat()}
    topics = {topic.name: topic.partitions for topic in infrastructure.topics}
    trail, mouth = Trail(infrastructure.kafka, topics), Mouth(infrastructure.kafka)
    with services(infrastructure, SERVICES, env) as running:
        secret = infrastructure.run.token_secret()
        samsyn = Samsyn(infrastructure, running, databases, secret, trail, mouth, now_at=now_at)
        await trail.start()
        await mouth.start()
        try:
            yield samsyn
        finally:
            await samsyn.client.aclose()
            await mouth.stop()
            await trail.stop()


async def rows_of(dsn: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(query)
    finally:
        await connection.close()
    return rows


def versions_in(log: WholeLog) -> list[int]:
    """Every version of the centre's plan that stands in a log."""
    told = [record.message for records in log.values() for record in records if record.topic == PLANNING]
    return [one.plan_version for one in told if isinstance(one, PlanPublished) and one.centre == CENTRE]


def heard_in(log: WholeLog, parties: list[str]) -> set[tuple[str, str]]:
    """What these parties have heard, but for answers that something is kept."""
    topics = {to_topic(party) for party in parties}
    records = [record for found in log.values() for record in found if record.topic in topics]
    return {(record.topic, record.id) for record in records if record.name != EventAdmitted.__name__}


def of_agencies(log: WholeLog) -> WholeLog:
    """A log without what was said at the desk and by notify: those have journals of their own."""
    return {
        place: [r for r in records if not is_from_topic(place.topic) or r.id.startswith("e2e-")]
        for place, records in log.items()
    }


async def a_target_at_the_desk(people: PeopleAtWork) -> None:
    """The coordinator of the centre sets a target of a year that no plan is about."""
    async with people.desk.signed_in("samordnare-akc-vast") as somebody:
        told = {"year": "2031", "unit": "inspections", "baseline": "10", "target": "20"}
        assert (await somebody.send("target", "once", **told)).status_code == 303


async def people_go_on(samsyn: Samsyn, heard_before: set[tuple[str, str]], mailed_before: set[str]) -> None:
    """The restored desk and notify have skipped nothing, and say and mail nothing twice."""
    async with people_at_work(samsyn) as people:
        await people.heard_all(samsyn)
        await samsyn.quiet()
        told = {
            (party, record.id)
            for record in samsyn.trail.records
            for party in PARTIES
            if record.topic == to_topic(party) and record.name not in NOT_KEPT
        }
        await people.heard_all(samsyn)  # they speak themselves, and the centre hears of it
        heard = await people.heard()
        assert heard_before <= heard
        assert told <= heard
        assert mailed_before
        assert people.mailed & mailed_before == set()
    assert [row["num"] for row in await samsyn.rows("exchange", ADMITTED, TARGET)] == [1]


async def test_a_backup_restores_on_an_empty_machine(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    folder.mkdir()
    with await asyncio.to_thread(lambda: Infrastructure.start(tmp_path / "lost", given={})) as infrastructure:
        async with running_samsyn(infrastructure) as samsyn:
            await samsyn.quiet(120)  # the planner's kernels may have to be compiled first
            friday = await a_confirmed_friday(await centre_at_work(samsyn, CENTRE))
            async with people_at_work(samsyn) as people:
                await a_target_at_the_desk(people)
                await samsyn.trail.first(lambda r: r.topic == ADMITTED_TOPIC and r.id == TARGET, "target admitted")
                await samsyn.quiet()
                await people.heard_all(samsyn)
                await people.mailed_something()
                heard_before, mailed_before = await people.heard(), people.mailed
                first = await friday.centre.cancel(friday.lost)
                await Backup(samsyn.databases, folder, print, people.kept).write({})
                # They go on as if nothing had been.
                await friday.centre.plan_after(first.id)
                await people.heard_all(samsyn)
                assert await people.heard() > heard_before
            # What comes now is in no backup: a loss that is acknowledged, and a plan that agencies hear of.
            second = await friday.centre.cancel(friday.beside)
            await friday.centre.plan_after(second.id)
            await samsyn.quiet()
            lost_log, now_at = await whole_log(infrastructure), samsyn.now_at
    parties = said_by_parties(lost_log)
    journals = keep_journals(of_agencies(lost_log), tmp_path / "journals", parties)
    issued = versions_in(lost_log)

    with await asyncio.to_thread(lambda: Infrastructure.start(tmp_path / "new", given={})) as infrastructure:
        began_at = time.monotonic()
        databases = {name: infrastructure.database(name) for name in SERVICES}
        restoring, manifest = infrastructure.run.restoring_path, checked_manifest(folder)
        all_databases = await asyncio.to_thread(with_the_desk, databases, manifest)
        await restored(all_databases, folder, manifest, restoring, print)
        assert not restoring.exists()
        assert len(await rows_of(databases["inspection"], "select at from restored where versions_from >= 1000")) == 1
        assert len(await rows_of(databases["reporting"], "select at from restored")) == 1
        of_people = found_in([infrastructure.run.path], PARTIES)
        assert TARGET in said_in(of_people)
        found = [*journals.values(), *of_people]
        account: Account = await Rebuild(infrastructure.kafka, databases, print).run(found, discard=False)
        print(f"{account.sentence}; restored and rebuilt in {(time.monotonic() - began_at) / 60:.2f} minutes")
        resaid = ids_of(await whole_log(infrastructure))
        # The journals lose nothing, and what is lost is told exactly.
        assert {one for one in ids_of(of_agencies(lost_log)) if is_from_topic(one[0])} <= resaid.keys()
        assert said_in(of_people) <= {id_ for _, id_ in resaid}
        unsent = {(row["topic"], row["id"]) for row in await rows_of(databases["exchange"], UNSENT)}
        unknown = heard_in(lost_log, parties) - resaid.keys() - unsent
        assert unknown
        assert account.num_heard_and_lost == len(unknown)

        async with going_on(infrastructure, now_at) as samsyn:
            await samsyn.quiet(120)
            for said in (first, second):
                assert [row["num"] for row in await samsyn.rows("exchange", ADMITTED, said.id)] == [1]
            after = await whole_log(infrastructure)
            anew = versions_in(after)[len([v for v in issued if v in versions_in(after)]) :]
            print(f"issued before {sorted(issued)}, afterwards {sorted(anew)}")
            await people_go_on(samsyn, heard_before, mailed_before)
            assert anew
            assert min(anew) > max(issued)
            assert len(set(versions_in(after))) == len(versions_in(after))
