"""Before the day, through real topics and a real database: agencies are asked, answers kept, briefings told once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from samsyn_contracts.carrying_out import EvaluationSubmitted, Scores
from samsyn_contracts.site_information import SiteInformationProvided
from samsyn_inspection.domain.plans import planned
from samsyn_inspection.domain.preparation import Wanted, wanted

from tests.integration.inspection.inspection_at_work import Inspection, all_said_about
from tests.integration.inspection.test_inspection_of_the_day import Town
from tests.support.day_of_operation import AV, FIRST, SKV, checked_in, scheduled, takes_place
from tests.support.told_operations import OPERATION, START_AT

DAY = timedelta(days=1)
BEFORE = START_AT - 6 * DAY


def an_answer(asked: Wanted) -> SiteInformationProvided:
    ref = f"contents:{asked.agency}:0196a1b2-0000-4000-8000-00000000f088"
    told: dict[str, Any] = {"operation_id": OPERATION, "inspection_id": asked.inspection_id, "agency": asked.agency}
    told |= {"section": asked.section, "as_of": BEFORE, "answer": "known", "content_ref": ref}
    return SiteInformationProvided.model_validate(told)


def learnt(agency: str, *codes: str) -> EvaluationSubmitted:
    scores = Scores(preparation=2, cooperation=4, outcome=4)
    return EvaluationSubmitted(operation_id=OPERATION, agency=agency, scores=scores, lesson_codes=codes)


async def test_a_briefing_is_told_once_with_what_is_missing_and_again_only_when_more_comes(
    inspection: Inspection, dsn: str
) -> None:
    town, plan = Town(), planned((), (scheduled(), takes_place()))[-1]
    *asked, late = wanted(plan)
    await inspection.hear(*town.told(scheduled(), takes_place()))
    await inspection.hear(
        *town.said(*(an_answer(one) for one in asked), at=BEFORE),
        *town.said(learnt(SKV, "too_few", "roles_unclear"), learnt(AV, "too_few"), at=BEFORE),
        *town.said(learnt("migrationsverket", "roles_unclear"), at=BEFORE),
    )
    names = [name for name, _, _ in await all_said_about(dsn, town.centre)]
    assert names == ["SiteInformationRequested"] * 3

    for until in (START_AT - DAY, START_AT - DAY + timedelta(minutes=5)):
        await inspection.hear(town.ticked(until))
    told = (await all_said_about(dsn, town.centre))[3:]

    assert [name for name, _, _ in told] == ["SiteInformationCompleted", "BriefingPublished"]
    account, briefing = told[0][2], told[1][2]
    assert [site.get("missing_sections") for site in account["sites"]] == [[], [late.section]]
    assert briefing["lesson_codes"] == ["too_few"]

    await inspection.hear(*town.said(an_answer(late), at=START_AT - timedelta(hours=2)))
    await inspection.hear(*town.said(checked_in(AV), at=START_AT - timedelta(minutes=30)))
    told = (await all_said_about(dsn, town.centre))[5:]
    page = await inspection.page(f"/v1/operations/{town.operation_id}")

    assert [(name, body["version"], body["completeness"]) for name, _, body in told] == [
        ("SiteInformationCompleted", 2, 100)
    ]
    assert (page["completeness"], page["briefing_version"], list(page["checked_in"])) == (100, 1, [AV])
    assert FIRST in str(account)
    assert "contents:" not in str(page)
