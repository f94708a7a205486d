"""What a centre chooses: one of the plans beside the proposed one, or the proposed one with something let stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from samsyn_contracts.capacity import AutomationModeChanged
from samsyn_contracts.operations import OperationRescheduled
from samsyn_contracts.plans import PlanPublished, ReplanApproved, ReplanProposed
from samsyn_contracts.platform import EventRejected
from samsyn_planning.domain.verifier import verify

from tests.integration.planning.planning_at_work import Town
from tests.support.planning_facts import at

pytestmark = pytest.mark.scenario(12)


async def a_town_with_a_choice(town: Town) -> ReplanProposed:
    """The 13th is lost; of its two sites the best fits only into the 14th, where it pushes another to the 20th."""
    for day, most in ((13, 2), (14, 1), (20, 2)):
        await town.planning.hear(*town.capacity([day], session={"max_inspections": most}))
    for number, value, days in ((1, 900, (13, 14)), (2, 100, (14, 20)), (3, 100, (13, 20))):
        windows = [{"from_at": at(day), "until_at": at(day + 1)} for day in days]
        await town.planning.hear(*town.wanted(1, first=number, value=value, time_windows=windows))
    await town.passes(town.now_at + timedelta(minutes=15))
    mode = {"centre": town.code, "mode": "propose", "by_function": "coordinator", "reason_code": "other"}
    await town.hears(AutomationModeChanged.model_validate(mode))
    await town.heard(*town.police_lose(13))
    return town.only(ReplanProposed)


async def approves(town: Town, proposed: ReplanProposed, **choice: Any) -> None:
    told = {"replan_id": proposed.replan_id, "centre": town.code, "by_function": "coordinator"}
    await town.hears(ReplanApproved.model_validate({**told, **choice}))


async def refused(town: Town) -> list[tuple[str, str]]:
    return [(reason.code, reason.pointer) for one in town.said(EventRejected) for reason in one.reasons]


async def test_other_ways_are_ranked_and_the_one_approved_is_published_and_holds(town: Town) -> None:
    proposed = await a_town_with_a_choice(town)
    ranked = [(one.rank, one.kind) for one in proposed.alternatives]
    assert ranked == [(2, "hit_only"), (3, "none_moved")]
    deltas = [proposed.score_delta, *(one.score_delta for one in proposed.alternatives)]
    assert deltas == sorted(deltas, reverse=True)
    assert deltas[-1] == 0

    await approves(town, proposed, alternative="hit_only")
    await approves(town, proposed, alternative="none_moved")  # what is decided is decided

    assert town.now_on() == {"P13": "P20", "P14": "P14"}
    assert [change.kinds for change in town.published.changes] == [c.kinds for c in proposed.alternatives[0].changes]
    assert "CHOSEN" in {reason.code for reason in town.only(OperationRescheduled).reasons}
    page = await town.plan()
    assert not verify(page["problem"], page["plan"]).violations
    assert await refused(town) == [("already_decided", "/replan_id")]


async def test_nothing_moved_may_be_chosen(town: Town) -> None:
    proposed = await a_town_with_a_choice(town)

    await approves(town, proposed, alternative="none_moved")

    assert town.now_on() == {"P13": "nowhere", "P14": "P14"}
    assert len(town.said(ReplanProposed)) == 1


async def test_an_operation_let_stand_stands_and_the_rest_is_placed_around_it(town: Town) -> None:
    proposed = await a_town_with_a_choice(town)
    (may_stand,) = proposed.may_stand
    lost = next(change.operation_id for change in proposed.changes if change.operation_id != may_stand)

    await approves(town, proposed, edits=[{"operation_id": f"op:{town.id('polisen:P13')}", "keep": "as_it_stands"}])
    assert (await refused(town), len(town.said(PlanPublished))) == ([("cannot_stand", "/edits/0/operation_id")], 1)
    await approves(town, proposed, edits=[{"operation_id": may_stand, "keep": "as_it_stands"}])

    assert (town.now_on()["P14"], town.published.plan_version) == ("P14", 2)
    changed = {change.operation_id for change in town.published.changes}
    assert (may_stand in changed, lost in changed) == (False, True)
    assert {r.code for change in town.published.changes for r in change.reasons} >= {"EDITED"}


async def test_what_has_changed_since_makes_the_choice_stale_and_a_new_proposal_follows(town: Town) -> None:
    proposed = await a_town_with_a_choice(town)
    told = {"replan_id": proposed.replan_id, "centre": town.code, "by_function": "coordinator"}
    choice = ReplanApproved.model_validate({**told, "alternative": "hit_only"})

    await town.heard(*town.police_lose(20), town.told(choice))

    assert town.published.plan_version == 1
    assert town.said(ReplanProposed)[-1].replan_id != proposed.replan_id
