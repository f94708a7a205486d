"""A service killed between commit and relay: what it had kept is said after the restart, and has its effect once."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from samsyn_contracts.operations import OperationPostponed

from tests.e2e.centre_at_work import AV, SKV, a_confirmed_friday, centre_at_work
from tests.support.samsyn import Samsyn
from tests.support.trail import once

# Whoever holds this lock relays: to the service, a test that holds it is another process of the same service.
RELAY_LOCK = 7362
LAST = "select coalesce(max(id), 0) as id from outbox"
KEPT = "select id, topic, headers from outbox where id > $1 order by id"
UNSENT = "select id, topic, headers from outbox where id > $1 and sent_at is null order by id"
# What follows from one event: after a start planning also looks at what it has prepared for other centres.
FOLLOWS = """
select id from outbox where id > $1 and sent_at is null and strpos(headers::text, $2) > 0 limit 1
"""
# PostgreSQL notices late that a client is gone: what still waits for our row locks must not go on afterwards.
END_WAITING = """
select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()
"""


def place_of(row: Any) -> tuple[str, str]:
    """Topic and event id of an outbox row."""
    return row["topic"], dict(json.loads(row["headers"]))["ce_id"]


@pytest.mark.parametrize("service", ["exchange", "planning"])
async def test_what_was_kept_and_not_yet_said_is_said_after_a_kill(samsyn: Samsyn, service: str) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-bergslagen"))
    centre, since = friday.centre, len(samsyn.trail.records)
    num_plans = len(centre.published())
    last = (await samsyn.rows(service, LAST))[0]["id"]

    await samsyn.stop(service)
    async with samsyn.connected(service) as relaying, samsyn.connected(service) as marking:
        await relaying.execute(f"select pg_advisory_lock({RELAY_LOCK})")
        await samsyn.start(service)
        # The first loss is kept and sent, but nobody can note that it was sent …
        first = await centre.police.say(centre.loss(friday.lost))
        await samsyn.row_comes(service, FOLLOWS, last, first.id)
        held = marking.transaction()
        await held.start()
        marked = await marking.fetch(f"{UNSENT} for update", last)
        sent = {place_of(row) for row in marked}
        await relaying.execute(f"select pg_advisory_unlock({RELAY_LOCK})")
        await samsyn.trail.all_of(lambda r: (r.topic, r.id) in sent, len(sent), "sent and not noted", since)
        # … and the second is kept and not sent when the service is killed.
        second = await centre.police.say(centre.loss(friday.beside))
        await samsyn.row_comes(service, FOLLOWS, marked[-1]["id"], second.id)
        samsyn.kill(service)
        unsent = {place_of(row) for row in await samsyn.rows(service, UNSENT, last)}
        on_topics = {(record.topic, record.id) for record in samsyn.trail.records[since:]}
        # What was kept between our look and the relay's may have been sent too.
        sent_unnoted = unsent & on_topics
        assert sent <= sent_unnoted
        sent = sent_unnoted
        assert unsent - on_topics
        await relaying.execute(END_WAITING)
        await held.rollback()
    await samsyn.start(service)
    for said in (first, second):
        await centre.plan_after(said.id)
    await samsyn.quiet()

    # Nothing is lost and nothing waits; only what had been sent and not noted was sent a second time.
    kept = Counter(place_of(row) for row in await samsyn.rows(service, KEPT, last))
    heard = Counter((r.topic, r.id) for r in samsyn.trail.records[since:] if (r.topic, r.id) in kept)
    assert await samsyn.rows(service, UNSENT, 0) == []
    assert heard - kept == Counter(sent)
    assert kept - heard == Counter()
    # A plan for each loss, and each participant told of each operation once.
    assert len(once(centre.published())) == num_plans + 2
    lost = [centre.operation(friday.beside), centre.operation(friday.lost)]
    for agency in (AV, SKV):
        told = once(centre.party(agency).told(OperationPostponed, since))
        assert sorted(said.message.operation_id for said in told) == lost
