"""What a centre steers, on real Kafka: periods open and freeze once, what is pinned or compromised stays in place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.operations import OperationPostponed
from samsyn_contracts.periods import AnnualWheelPublished, PlanningPeriodFrozen, PlanningPeriodOpened
from samsyn_contracts.plans import OperationPinned, OperationUnpinned
from samsyn_contracts.platform import EventRejected

from tests.integration.planning.planning_at_work import SETTLED, Town
from tests.support.planning_facts import NOW, a_period, a_theme, an_annual_wheel, at

FIVE_MINUTES = timedelta(minutes=5)


def the_wheel(town: Town, *periods: dict[str, Any], version: int = 1) -> AnnualWheelPublished:
    return an_annual_wheel(*periods, version=version, wheel_id=f"{town.code}:wheel-2025")


def the_pin(
    town: Town, kind: type[OperationPinned | OperationUnpinned], session: str = "P13"
) -> OperationPinned | OperationUnpinned:
    told = {"operation_id": f"op:{town.id(f'polisen:{session}')}", "centre": town.code, "by_function": "coordinator"}
    return kind.model_validate({**told, "reason_code": "site_prepared"})


def refusals(town: Town) -> list[tuple[str, str, str]]:
    return [(r.rejected_type or "", r.reasons[0].code, r.reasons[0].pointer) for r in town.said(EventRejected)]


async def test_a_period_of_a_wheel_opens_once_and_is_frozen_once_with_its_operations(town: Town) -> None:
    await town.works_by_day(13)
    wheel = the_wheel(town)
    await town.hears(wheel)
    assert town.said(PlanningPeriodOpened) == []  # only time tells

    await town.passes(at(6, 7))
    await town.passes(at(6, 7) + FIVE_MINUTES)

    opened = town.only(PlanningPeriodOpened)
    assert (opened.period_id, opened.wheel_id, opened.centre) == ("may", wheel.wheel_id, town.code)
    assert (opened.from_day, opened.freeze_at) == (wheel.periods[0].from_day, at(7))
    assert town.said(PlanningPeriodFrozen) == []

    await town.passes(at(7))
    await town.passes(at(7) + FIVE_MINUTES)

    frozen = town.only(PlanningPeriodFrozen)
    assert frozen.frozen_operation_ids == (f"op:{town.id('polisen:P13')}",)
    assert frozen.plan_version == town.published.plan_version
    assert len(town.said(PlanningPeriodOpened)) == 1


async def test_a_new_version_takes_the_place_of_the_old_one_and_an_older_is_refused(town: Town) -> None:
    await town.works_by_day(13)
    await town.hears(the_wheel(town))
    await town.passes(at(7))

    await town.hears(the_wheel(town, a_period(freeze_at=at(8)), version=3))
    await town.hears(the_wheel(town, version=2))
    await town.passes(at(8))

    assert refusals(town) == [("se.samsyn.AnnualWheelPublished.v1", "superseded", "/version")]
    assert len(town.said(PlanningPeriodFrozen)) == 2  # it lay ahead again
    assert len(town.said(PlanningPeriodOpened)) == 1


async def test_a_theme_makes_the_plan_anew_and_is_kept_with_it(town: Town) -> None:
    """One session with room for one of two sites: the lesser one fits the theme, enough to change what was told."""
    await town.planning.hear(
        *town.capacity((13,)),
        *town.wanted(1, value=100, duration_minutes=300),
        *town.wanted(1, first=2, value=80, duration_minutes=300, indications=["construction"]),
    )
    await town.passes(NOW + SETTLED)
    before = await town.operations()

    await town.hears(the_wheel(town, a_period(theme=a_theme(points=1000))))
    await town.passes(town.now_at + SETTLED)

    held = [[visit for visit, _ in row[2]] for row in (*before, *await town.operations())]
    assert held == [["arbetsmiljoverket:I1"], ["arbetsmiljoverket:I2"]]
    (row,) = (await town.plan())["problem"]["weights"]["theme"]
    assert (row["tag"], row["points"]) == ("construction", 1000)


async def small_and_large(town: Town) -> None:
    """A small site on the first day, which another, large one would take if it lost the second."""
    windows = [[{"from_at": at(13), "until_at": at(day)}] for day in (14, 15)]
    await town.planning.hear(
        *town.capacity((13, 14)),
        *town.wanted(1, value=100, duration_minutes=120, time_windows=windows[0]),
        *town.wanted(1, first=2, value=900, duration_minutes=420, time_windows=windows[1]),
    )
    await town.passes(NOW + SETTLED)
    assert town.now_on() == {"P13": "P13", "P14": "P14"}


async def test_what_is_not_pinned_gives_way_to_a_greater_loss(town: Town) -> None:
    await small_and_large(town)

    await town.heard(*town.police_lose(14))

    assert [[visit for visit, _ in row[2]] for row in await town.operations()] == [["arbetsmiljoverket:I2"]]


async def test_a_loss_elsewhere_does_not_move_what_is_pinned_until_the_centre_lets_go(town: Town) -> None:
    await small_and_large(town)
    before = [row for row in await town.operations() if row[1] == "polisen:P13"]
    await town.hears(the_pin(town, OperationPinned))
    await town.passes(town.now_at + SETTLED)

    await town.heard(*town.police_lose(14))

    assert await town.operations() == before
    assert (await town.plan())["problem"]["pinned"] == [f"op:{town.id('polisen:P13')}"]

    await town.hears(the_pin(town, OperationUnpinned))
    await town.passes(town.now_at + SETTLED)

    assert [[visit for visit, _ in row[2]] for row in await town.operations()] == [["arbetsmiljoverket:I2"]]
    assert "pinned" not in (await town.plan())["problem"]


async def test_a_loss_of_its_own_police_hits_what_is_pinned(town: Town) -> None:
    await town.works_by_day(13)
    await town.hears(the_pin(town, OperationPinned))

    await town.heard(*town.police_lose(13))

    assert town.now_on() == {"P13": "P20"}
    assert (await town.plan())["problem"]["pinned"] == [f"op:{town.id('polisen:P13')}"]


async def test_what_may_be_compromised_is_given_no_other_occasion_until_the_centre_lets_go(town: Town) -> None:
    await town.works_by_day(13)
    about = {"operation_id": f"op:{town.id('polisen:P13')}", "by_function": "coordinator"}
    before = await town.operations()
    agency = before[0][3][0].partition(":")[0]
    await town.hears(OperationCompromised.model_validate({**about, "told_by": agency, "how": "leaked"}))
    await town.passes(town.now_at + SETTLED)
    assert (refusals(town), await town.operations()) == ([], before)

    await town.heard(*town.police_lose(13))

    assert town.now_on() == {"P13": "nowhere"}
    assert town.only(OperationPostponed).reasons[0].code == "COMPROMISED"

    await town.hears(OperationCleared.model_validate({**about, "centre": town.code, "reason_code": "not_compromised"}))
    await town.passes(town.now_at + SETTLED)

    assert town.now_on() == {"P13": "P20"}


async def test_a_pin_of_what_is_unknown_or_over_is_refused_with_its_reason(town: Town) -> None:
    await town.works_by_day(13)

    await town.hears(the_pin(town, OperationPinned, "P99"))
    await town.passes(at(13, 16))
    await town.hears(the_pin(town, OperationPinned))

    kind = "se.samsyn.OperationPinned.v1"
    assert refusals(town) == [
        (kind, "unknown_id", "/operation_id"),
        (kind, "already_past", "/operation_id"),
    ]
