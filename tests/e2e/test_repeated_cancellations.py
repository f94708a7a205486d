"""A cancellation said again, late, or read again from the beginning has had its effect and gets no second one."""

from __future__ import annotations

import pytest
from samsyn_contracts.bus import headers_of
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.platform import EventAdmitted

from tests.e2e.centre_at_work import AV, Friday, a_confirmed_friday, centre_at_work
from tests.e2e.reading_again import read_everything_again
from tests.support.samsyn import Samsyn

ANSWERS = ("EventAdmitted", "EventRejected")
# Prepared, and ended, whenever planning has nothing else to do.
AT_LEISURE = ("BackupPlanPrepared", "BackupPlanInvalidated")


def effects(samsyn: Samsyn) -> list[tuple[str, str]]:
    """What anybody but the sender of an answer hears, backups apart: topic and id of every such record."""
    apart = (*ANSWERS, *AT_LEISURE)
    told = [r for r in samsyn.trail.records if not r.topic.startswith("samsyn.from.") and r.name not in apart]
    return sorted((record.topic, record.id) for record in told)


async def a_lost_friday(samsyn: Samsyn, code: str, **attributes: int) -> tuple[Friday, PoliceCancelled, str]:
    """A plan that has answered a cancellation; the cancellation, and the id it was said under."""
    friday = await a_confirmed_friday(await centre_at_work(samsyn, code))
    await friday.centre.a_spare_session()
    said = await friday.centre.cancel(friday.lost, **attributes)
    await friday.centre.plan_after(said.id)
    await samsyn.quiet()
    return friday, PoliceCancelled(capacity_id=friday.lost.capacity_id, cause_code="shooting"), said.id


@pytest.mark.scenario(3)
async def test_a_cancellation_said_three_times_has_one_effect(samsyn: Samsyn) -> None:
    friday, cancelled, event_id = await a_lost_friday(samsyn, "akc-bergslagen")
    police, before = friday.centre.police, effects(samsyn)

    for _ in range(2):
        since = len(samsyn.trail.records)
        await police.say_raw(headers_of(police.envelope(cancelled, id=event_id)), cancelled.body())
        await police.admitted(event_id, since)
    await samsyn.quiet()

    assert effects(samsyn) == before
    answers = [s.message for s in police.told(EventAdmitted) if s.message.admitted_id == event_id]
    assert len(answers) == 3
    assert len({answer.received_at for answer in answers}) == 1


@pytest.mark.scenario(3)
async def test_an_older_word_about_the_session_that_comes_late_is_superseded(samsyn: Samsyn) -> None:
    friday, _, _ = await a_lost_friday(samsyn, "akc-bergslagen", sequence=2)
    centre, num_plans = friday.centre, len(friday.centre.published())
    heard_by_av = len(centre.party(AV).records())

    fewer = PoliceCancelled(capacity_id=friday.lost.capacity_id, cause_code="shooting", officers_left=2)
    late = await centre.police.say(fewer, sequence=1)
    refused = await centre.police.rejected(late.id)
    await samsyn.quiet()

    assert [(r.pointer, r.code) for r in refused.message.reasons] == [("/headers/ce_sequence", "superseded")]
    assert len(centre.published()) == num_plans
    new = centre.party(AV).records()[heard_by_av:]
    assert [record.name for record in new if record.name.startswith("Operation")] == []


@pytest.mark.scenario(3)
async def test_topics_read_again_from_the_beginning_have_no_second_effect(samsyn: Samsyn) -> None:
    await a_lost_friday(samsyn, "akc-syd")
    before = effects(samsyn)

    await read_everything_again(samsyn)
    await samsyn.quiet()

    assert effects(samsyn) == before
