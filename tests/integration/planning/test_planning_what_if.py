"""What a centre wonders, on real Kafka: answered as it would be published, and nothing else comes of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from samsyn_contracts.plans import WhatIfAnswered
from samsyn_contracts.platform import EventRejected

from tests.integration.planning.planning_at_work import Town
from tests.integration.planning.wondering_town import answer, answers, asks, wondered
from tests.support.planning_facts import at

TABLES = ("centre", "operation", "participation", "capacity", "proposal", "plan_version", "backup")


async def kept(town: Town) -> dict[str, list[Any]]:
    """Every row of the centre's, but its questions."""
    found: dict[str, list[Any]] = {}
    async with town.planning.service.database.transaction() as transaction:
        for table in TABLES:
            of_centre = "id" if table == "centre" else "centre"
            rows = sa.text(f"select to_jsonb(t) as row from {table} t where {of_centre} = :centre order by 1")  # noqa: S608 - names of ours
            found[table] = [row[0] for row in await transaction.execute(rows, {"centre": town.code})]
    return found


async def test_a_question_is_answered_and_nothing_else_is_changed_or_said(town: Town) -> None:
    await town.works_by_day(13, 14)
    await town.passes(at(12, 9))
    await town.backed(fresh=2)
    before, num_said = await kept(town), town.num_heard

    record = await asks(town)
    told = await answer(town)
    await town.planning.settled()

    (change,) = told.changes
    assert (town.day_of(change.operation_id), change.ladder_step) == ("P13", "postponed")
    assert told.without == (town.id("polisen:P13"),)
    assert (told.outcome, told.plan_version) == ("worked_out", town.published.plan_version)
    assert (told.untouched_count, told.kept_count, told.lost_count, told.returned_count) == (1, 1, 0, 0)
    assert told.score_delta < 0
    assert any("Polisen kan inte komma" in r.sv and "tänkt bortfall" in r.sv for r in change.reasons)
    assert [type(event.message) for event in town.planning.said(town.code)[num_said:]] == [WhatIfAnswered]
    assert town.planning.said(town.code)[-1].envelope.causationid == record[1].id
    assert await kept(town) == before
    assert len(before["backup"]) == 2


async def test_what_was_answered_is_what_is_published_when_it_comes_true(town: Town) -> None:
    await town.works_by_day(13, 14)
    await asks(town, "polisen:P13", "polisen:P14")
    told = await answer(town)

    await town.heard(*town.police_lose(13, 14))

    published = [(c.operation_id, c.kinds, c.ladder_step) for c in town.published.changes]
    assert sorted((c.operation_id, c.kinds, c.ladder_step) for c in told.changes) == sorted(published)
    assert town.published.untouched_count == told.untouched_count


async def test_a_question_asked_again_has_no_second_answer(town: Town) -> None:
    await town.works_by_day(13, 14)
    record = await asks(town)
    await answer(town)

    await town.heard(record)  # the same event
    await asks(town)  # the same question in another
    await asks(town, "polisen:P14", own="q2")
    await answer(town, "q2")

    assert len(answers(town)) == 1
    assert town.said(EventRejected) == []


async def test_what_cannot_be_taken_away_is_refused_by_name(town: Town) -> None:
    await town.works_by_day(13)

    await town.hears(wondered(town, "polisen:P13", "polisen:P99"))

    (refused,) = town.only(EventRejected).reasons
    assert (refused.code, refused.pointer) == ("unknown_id", "/without/1")
