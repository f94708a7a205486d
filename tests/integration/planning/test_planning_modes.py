"""Who decides: the brake of a centre (scenario 12), and the call at half past six (scenario 11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import pytest
from samsyn_contracts.capacity import AutomationModeChanged, PoliceRestored
from samsyn_contracts.operations import OperationRescheduled, OperationScheduled, PoliceLossReported
from samsyn_contracts.plans import PlanPublished, ReplanApproved, ReplanProposed, ReplanRejected, ReplanStarted
from samsyn_contracts.platform import EventRejected

from tests.integration.planning.planning_at_work import Town


async def switches(town: Town, mode: Literal["auto", "propose", "off"]) -> None:
    await town.hears(AutomationModeChanged(centre=town.code, mode=mode, by_function="coordinator", reason_code="other"))


async def decides(
    town: Town, kind: type[ReplanApproved | ReplanRejected], proposed: ReplanProposed, **choice: str
) -> None:
    told: dict[str, Any] = {"replan_id": proposed.replan_id, "centre": town.code, "by_function": "coordinator"}
    await town.hears(kind.model_validate({**told, "reason_code": "other", **choice}))


@pytest.mark.scenario(12)
async def test_in_mode_propose_a_loss_is_proposed_and_nothing_is_published(town: Town) -> None:
    await town.works_by_day(13)
    await switches(town, "propose")

    await town.heard(*town.police_lose(13))

    proposed = town.only(ReplanProposed)
    assert (town.published.plan_version, town.now_on()) == (1, {"P13": "P13"})
    assert (proposed.base_plan_version, proposed.if_unanswered) == (1, "old_plan_stands")
    assert [town.day_of(change.operation_id) for change in proposed.changes] == ["P13"]
    assert proposed.decide_by == town.now_at + timedelta(hours=4)


@pytest.mark.scenario(12)
async def test_a_plan_approved_is_published_as_proposed_with_the_cause_of_the_loss(town: Town) -> None:
    await town.works_by_day(13)
    await switches(town, "propose")
    (cancelled,) = town.police_lose(13)
    await town.heard(cancelled)
    proposed = town.only(ReplanProposed)

    await decides(town, ReplanApproved, proposed)

    assert town.now_on() == {"P13": "P20"}
    assert [c.kinds for c in town.published.changes] == [c.kinds for c in proposed.changes]
    assert town.published.cause_event_ids[0] == cancelled[1].id
    assert town.only(OperationRescheduled).cause_event_ids == (cancelled[1].id,)


@pytest.mark.scenario(12)
async def test_a_plan_rejected_leaves_the_old_one(town: Town) -> None:
    await town.works_by_day(13)
    await switches(town, "propose")
    await town.heard(*town.police_lose(13))

    await decides(town, ReplanRejected, town.only(ReplanProposed))

    assert town.published.plan_version == 1


@pytest.mark.scenario(12)
async def test_a_proposal_nobody_answers_expires(town: Town) -> None:
    await town.works_by_day(13)
    await switches(town, "propose")
    await town.heard(*town.police_lose(13))
    proposed = town.only(ReplanProposed)

    await town.passes(proposed.decide_by)
    await decides(town, ReplanApproved, proposed)

    assert [r.code for r in town.only(EventRejected).reasons] == ["already_decided"]
    assert town.published.plan_version == 1


@pytest.mark.scenario(12)
async def test_a_newer_proposal_makes_the_older_stale(town: Town) -> None:
    await town.works_by_day(13, 14)
    await switches(town, "propose")
    await town.heard(*town.police_lose(13))
    await town.heard(*town.police_lose(14))
    older, newer = town.said(ReplanProposed)

    await decides(town, ReplanApproved, older)
    await decides(town, ReplanApproved, newer)

    assert [r.code for r in town.only(EventRejected).reasons] == ["already_decided"]
    assert town.now_on() == {"P13": "P20", "P14": "P21"}


@pytest.mark.scenario(12)
async def test_in_mode_propose_time_alone_proposes_nothing(town: Town) -> None:
    await town.works_by_day(13)
    await switches(town, "propose")

    await town.passes(town.now_at + timedelta(days=1))

    assert town.said(ReplanProposed) == []


@pytest.mark.scenario(12)
async def test_switched_off_planning_warns_once_and_leaves_the_plan_alone(town: Town) -> None:
    await town.works_by_day(13, 14)
    await switches(town, "off")

    await town.heard(*town.police_lose(13))
    await town.heard(*town.police_lose(14))

    assert [m.scope for m in town.said(ReplanStarted)][1:] == ["queued"]
    assert (town.published.plan_version, town.said(ReplanProposed)) == (1, [])


@pytest.mark.scenario(12)
async def test_switched_back_to_auto_everything_that_waited_is_answered_by_one_plan(town: Town) -> None:
    await town.works_by_day(13, 14)
    await switches(town, "off")
    await town.heard(*town.police_lose(13))
    await town.heard(*town.police_lose(14))

    await switches(town, "auto")

    assert (town.published.plan_version, town.now_on()) == (2, {"P13": "P20", "P14": "P21"})


@pytest.mark.scenario(12)
async def test_a_brake_let_go_before_anything_happened_publishes_nothing(town: Town) -> None:
    await town.works_by_day(13)
    for mode in ("propose", "off", "auto"):
        await switches(town, mode)

    assert len(town.said(PlanPublished)) == 1


async def calls(town: Town, by: str) -> None:
    """Somebody has been told by phone that the operation has lost its police."""
    operation_id = town.said(OperationScheduled)[0].operation_id
    reported = PoliceLossReported(
        operation_id=operation_id,
        agency=by,
        told_by_function="duty_officer",
        channel="phone",
        told_at=town.now_at,
    )
    await town.heard(town.told(reported, party=by))


@pytest.mark.scenario(11)
@pytest.mark.parametrize("by", ["centre", "participant"])
async def test_a_loss_told_by_phone_is_prepared_and_proposed_and_not_published(town: Town, by: str) -> None:
    await town.works_by_day(13)

    others = [p.agency for p in town.only(OperationScheduled).participants if p.agency != "polisen"]
    await calls(town, town.code if by == "centre" else others[0])

    proposed = town.only(ReplanProposed)
    assert [town.day_of(change.operation_id) for change in proposed.changes] == ["P13"]
    assert (town.published.plan_version, town.now_on()) == (1, {"P13": "P13"})


@pytest.mark.scenario(11)
async def test_the_polices_own_word_publishes_what_was_told_by_phone(town: Town) -> None:
    await town.works_by_day(13)
    await calls(town, town.code)
    (cancelled,) = town.police_lose(13)

    await town.heard(cancelled)

    assert town.now_on() == {"P13": "P20"}
    assert town.only(OperationRescheduled).cause_event_ids == (cancelled[1].id,)


@pytest.mark.scenario(11)
@pytest.mark.parametrize(("choice", "place"), [({}, "P20"), ({"alternative": "none_moved"}, "nowhere")])
async def test_a_centre_that_takes_responsibility_publishes_what_was_told_by_phone(
    town: Town, choice: dict[str, str], place: str
) -> None:
    await town.works_by_day(13)
    await calls(town, town.code)

    await decides(town, ReplanApproved, town.only(ReplanProposed), **choice)

    assert (town.published.plan_version, town.now_on()) == (2, {"P13": place})
    assert len(town.said(ReplanProposed)) == 1


@pytest.mark.scenario(11)
async def test_the_polices_word_after_the_centres_moves_nothing_twice(town: Town) -> None:
    await town.works_by_day(13)
    await calls(town, town.code)
    await decides(town, ReplanApproved, town.only(ReplanProposed))

    await town.heard(*town.police_lose(13))

    assert len(town.said(OperationRescheduled)) == 1


@pytest.mark.scenario(11)
async def test_a_loss_told_by_phone_waits_on_for_a_decision_when_a_new_day_is_planned(town: Town) -> None:
    await town.works_by_day(13)
    await calls(town, town.code)
    await town.planning.hear(*town.wanted(1, first=19))

    await town.passes(town.now_at + timedelta(days=1))
    await decides(town, ReplanApproved, town.said(ReplanProposed)[-1])

    assert town.now_on()["P13"] != "P13"


@pytest.mark.scenario(11)
async def test_police_who_come_after_all_end_what_was_told_by_phone(town: Town) -> None:
    await town.works_by_day(13, 14)
    await calls(town, town.code)

    await town.hears(PoliceRestored(capacity_id=town.id("polisen:P13")))
    await town.heard(*town.police_lose(14))

    assert len(town.said(ReplanProposed)) == 1
    assert town.now_on() == {"P13": "P13", "P14": "P21"}


@pytest.mark.scenario(11)
async def test_who_does_not_take_part_cannot_tell_of_a_loss(town: Town) -> None:
    await town.works_by_day(13)

    await calls(town, "kommun-goteborg")

    assert [r.code for r in town.only(EventRejected).reasons] == ["not_participant"]
    assert town.said(ReplanProposed) == []
