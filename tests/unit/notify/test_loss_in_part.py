"""A loss of police in part is not told as if they did not come, and is no more to tell once a plan has answered it."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.plans import PlanPublished

from tests.unit.notify.people_told import (
    AV,
    CENTRE,
    GATEWAY,
    HOUR,
    NOW,
    POLICE,
    Told,
    a_function,
    body_of,
    confirmed,
    people,
    rescheduled,
)

SOON = NOW + 6 * HOUR  # until four hours later
FEWER, NONE = "Granit (AKC Väst): polisen kommer inte som planerat", "Granit (AKC Väst): polisen kan inte komma"


def lost(**more: Any) -> PoliceCancelled:
    return PoliceCancelled.model_validate({"capacity_id": f"{POLICE}:p1", "cause_code": "shooting"} | more)


def published(*causes: str) -> PlanPublished:
    told = {"centre": CENTRE, "plan_version": 2, "previous_version": 1, "hash_prev": "a", "hash": "b"}
    told |= {"replan_id": f"replan:{CENTRE}:2", "cause_event_ids": causes, "changes": (), "untouched_count": 1}
    return PlanPublished.model_validate(told)


async def told_of(told: Told, loss: PoliceCancelled) -> list[str]:
    """What is told of a loss that no plan answers."""
    await told.tell(confirmed(1, SOON))
    await told.tell(loss)
    await told.at(NOW + HOUR / 4)
    return told.letterbox.subjects[1:]


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_fewer_officers_is_told_as_that_and_asks_nobody_to_stay(language: str) -> None:
    async with people(AV, a_function(language=language)) as told:
        (subject,) = await told_of(told, lost(officers_left=3))
        body = body_of(told.letterbox.mails[1])
        assert subject == FEWER if language == "sv" else "do not come as planned" in subject
        assert ("färre poliser" in body) == (language == "sv")
        assert "Åk inte" not in body
        assert "3" not in body.partition("Granit, ")[0]


@pytest.mark.parametrize(
    ("loss", "told_as"),
    [
        ({}, [NONE]),
        ({"officers_left": 0}, [NONE]),
        ({"available_from": SOON + HOUR}, [FEWER]),
        ({"available_until": SOON + HOUR}, [FEWER]),
        ({"available_from": SOON + 4 * HOUR}, [NONE]),
        ({"available_until": SOON}, [NONE]),
        ({"available_from": SOON, "available_until": SOON + 4 * HOUR}, []),
        ({"available_from": SOON, "officers_left": 2}, [FEWER]),
    ],
    ids=["whole", "no officers", "late", "early", "after it", "before it", "beside it", "fewer"],
)
async def test_it_is_told_by_what_is_left_for_the_operation(loss: dict[str, Any], told_as: list[str]) -> None:
    async with people() as told:
        assert await told_of(told, lost(**loss)) == told_as


async def test_a_plan_that_answers_it_and_leaves_the_operation_as_it_is_leaves_nothing_to_tell() -> None:
    async with people(AV, a_function(sms=True), sms_gateway=GATEWAY) as told:
        await told.tell(confirmed(1, SOON))
        told.letterbox.payloads.clear()
        told.texts.clear()
        await told.hear(lost(officers_left=3), "loss")
        await told.tell(published("other", "loss"))
        await told.at(NOW + HOUR / 4)
        assert (told.letterbox.subjects, told.texts) == ([], [])


async def test_a_plan_that_answers_something_else_does_not() -> None:
    async with people() as told:
        await told.tell(confirmed(1, SOON))
        await told.hear(lost(officers_left=3), "loss")
        await told.tell(published("other"))
        await told.at(NOW + HOUR / 4)
        assert told.letterbox.subjects[1:] == [FEWER]


async def test_where_the_plan_changes_the_operation_that_is_told_instead() -> None:
    async with people() as told:
        await told.tell(confirmed(1, SOON))
        await told.hear(lost(officers_left=3), "loss")
        await told.tell(rescheduled(2, SOON + HOUR), published("loss"))
        await told.at(NOW + HOUR / 4)
        assert told.letterbox.subjects[1:] == ["Granit (AKC Väst): ny tid"]
