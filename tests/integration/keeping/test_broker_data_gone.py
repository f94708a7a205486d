"""The broker's data are gone: outboxes and journals say all of it again, and nothing happens twice or not at all."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from samsyn_contracts.bus import is_from_topic, resaid_as
from samsyn_contracts.plans import BackupPlanInvalidated, BackupPlanPrepared
from samsyn_contracts.platform import EventAdmitted
from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.rebuild_kafka import Rebuild

from tests.e2e.centre_at_work import POLICE, a_confirmed_friday, centre_at_work
from tests.support.samsyn import Samsyn, running_samsyn
from tests.support.trail import Mouth, Trail
from tests.support.whole_log import (
    WholeLog,
    ids_of,
    keep_journals,
    lose_the_brokers_data,
    order_of,
    said_by_parties,
    whole_log,
)

AT_LEISURE = (BackupPlanPrepared.__name__, BackupPlanInvalidated.__name__)
PLANS = "select centre, version from plan_version order by 1, 2"


async def let_go(samsyn: Samsyn) -> None:
    """Stop the services and what listens beside them."""
    await samsyn.stop(*SERVICES)
    await samsyn.trail.stop()
    await samsyn.mouth.stop()


async def take_up(samsyn: Samsyn) -> None:
    """Listen anew from the log's beginning, and start the services."""
    topics = {topic.name: topic.partitions for topic in samsyn.infrastructure.topics}
    samsyn.trail, samsyn.mouth = Trail(samsyn.infrastructure.kafka, topics), Mouth(samsyn.infrastructure.kafka)
    await samsyn.trail.start()
    await samsyn.mouth.start()
    await samsyn.start(*SERVICES)


def news_in(log: WholeLog, before: WholeLog) -> list[str]:
    """The records that stand in a log more often than before, but for backups, made and ended at any quiet time."""
    extra = ids_of(log) - ids_of(before)
    found = [record for records in log.values() for record in records if (record.topic, record.id) in extra]
    return [str(record) for record in found if record.name not in AT_LEISURE]


def rebuild_of_reporting(samsyn: Samsyn) -> int:
    """The exit status of reporting's own rebuild: 0 where its tables are those that the log gives."""
    told = {
        "SAMSYN_KAFKA": samsyn.infrastructure.kafka,
        "SAMSYN_DATABASE": samsyn.databases["reporting"],
        "SAMSYN_HTTP_PORT": "0",
        "SAMSYN_ENVIRONMENT": "test",
    }
    return subprocess.call([sys.executable, "-m", "samsyn_reporting.rebuild"], env={**os.environ, **told})


async def test_a_log_that_is_gone_is_said_again_and_all_goes_on(tmp_path: Path) -> None:
    with await asyncio.to_thread(lambda: Infrastructure.start(tmp_path / "run", given={})) as infrastructure:
        async with running_samsyn(infrastructure) as samsyn:
            await the_broker_loses_everything(samsyn, tmp_path)


async def the_broker_loses_everything(samsyn: Samsyn, tmp_path: Path) -> None:
    infrastructure = samsyn.infrastructure
    await samsyn.quiet(120)  # the planner's kernels may have to be compiled first
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-vast"))
    first = await friday.centre.cancel(friday.lost)
    await friday.centre.plan_after(first.id)
    refused = await friday.centre.police.say(friday.centre.loss(friday.lost), source="urn:samsyn:skatteverket")
    await friday.centre.police.rejected(refused.id)
    await samsyn.quiet()
    await let_go(samsyn)
    before, plans = await whole_log(infrastructure), await samsyn.rows("planning", PLANS)
    journals = keep_journals(before, tmp_path / "journals", said_by_parties(before))

    await lose_the_brokers_data(infrastructure)

    rebuild = Rebuild(infrastructure.kafka, samsyn.databases, print)
    account = await rebuild.run(list(journals.values()), discard=False)
    after = await whole_log(infrastructure)
    print(account.sentence)
    assert ids_of(after) - ids_of(before) == {}, "extra"
    assert ids_of(before) - ids_of(after) == {}, "missing"
    assert order_of(after) == order_of(before)
    assert {resaid_as(record.headers) for records in after.values() for record in records} >= {"said", "admitted"}
    for place, records in before.items():
        if not is_from_topic(place.topic):
            assert [r.written_ms for r in after[place]] == [r.written_ms for r in records]

    await take_up(samsyn)
    await samsyn.quiet()
    # Read again, and nothing was done again: no plan, no answer, no record.
    assert news_in(await whole_log(infrastructure), before) == []
    assert await samsyn.rows("planning", PLANS) == plans
    # And it goes on: another loss is answered by the next plan, told once.
    friday.centre.since = 0
    second = await friday.centre.cancel(friday.beside)
    published = await friday.centre.plan_after(second.id)
    await samsyn.quiet()
    assert published.message.plan_version == plans[-1]["version"] + 1
    answers = [s for s in friday.centre.party(POLICE).told(EventAdmitted) if s.message.admitted_id == second.id]
    assert len(answers) == 1
    assert await asyncio.to_thread(rebuild_of_reporting, samsyn) == 0
    await samsyn.trail.stop()
    await samsyn.mouth.stop()


async def test_a_service_does_not_take_another_log_for_its_own(tmp_path: Path) -> None:
    with await asyncio.to_thread(lambda: Infrastructure.start(tmp_path / "run", given={})) as infrastructure:
        async with running_samsyn(infrastructure) as samsyn:
            await samsyn.quiet()
            await let_go(samsyn)
            await lose_the_brokers_data(infrastructure)
            await asyncio.to_thread(infrastructure.empty_topics)

            with pytest.raises(StartError, match="is another log than the one this service knows"):
                await samsyn.start("reporting")
