"""Periods, wheels and targets: told an hour later, the newest alone, and not in anybody's quiet hours."""

from datetime import UTC, datetime, timedelta
from typing import Any

from samsyn_contracts.indicators import TargetRiskRaised
from samsyn_contracts.periods import AnnualWheelPublished, PlanningPeriodFrozen, PlanningPeriodOpened

from tests.unit.notify.people_told import AV, CENTRE, HOUR, NOW, a_function, body_of, people

PERIOD: dict[str, Any] = {"period_id": "2025-q3", "wheel_id": f"{CENTRE}:wheel-2025", "centre": CENTRE}
DAYS = {"from_day": "2025-08-25", "until_day": "2025-10-31"}
QUIET = {"from": "21:00", "until": "07:00"}
COORDINATOR = a_function(kind="centre-coordinator")


def opened(**more: Any) -> PlanningPeriodOpened:
    return PlanningPeriodOpened.model_validate({**PERIOD, **DAYS, **more})


def frozen(*operation_ids: str) -> PlanningPeriodFrozen:
    return PlanningPeriodFrozen.model_validate({**PERIOD, "plan_version": 3, "frozen_operation_ids": operation_ids})


def a_wheel(version: int = 1) -> AnnualWheelPublished:
    told = {"wheel_id": f"{CENTRE}:wheel-2025", "year": 2025, "version": version}
    return AnnualWheelPublished.model_validate({**told, "periods": [{"period_id": "2025-q3", **DAYS}]})


def at_risk() -> TargetRiskRaised:
    told = {"centre": CENTRE, "year": 2025, "unit": "inspections", "as_of": "2025-05-04", "definition_version": 1}
    return TargetRiskRaised.model_validate({**told, "to_date": 104, "forecast": 301, "target": 350, "gap": 49})


async def test_a_period_that_opens_is_told_with_the_first_time_to_keep() -> None:
    async with people(AV) as told:
        await told.tell(opened(capacity_call_by="2025-06-02T10:00:00Z", freeze_at="2025-06-20T10:00:00Z"))
        assert told.letterbox.subjects == []
        await told.at(NOW + HOUR)
        assert told.letterbox.subjects == ["AKC Väst: perioden 2025-q3 öppnas för planering"]
        assert "måndag 2 juni 2025 kl. 12.00 (v. 23)" in body_of(told.letterbox.mails[0])


async def test_a_freeze_takes_the_place_of_an_opening_that_is_not_told_yet() -> None:
    async with people(AV) as told:
        await told.tell(opened(), frozen("op:polisen:p1"))
        await told.at(NOW + HOUR)
        assert told.letterbox.subjects == ["AKC Väst: planen för perioden 2025-q3 är fryst"]
        assert "med en insats." in body_of(told.letterbox.mails[0])


async def test_of_versions_in_a_row_the_newest_alone_is_told_and_each_period_for_itself() -> None:
    async with people(AV) as told:
        await told.tell(a_wheel(1), a_wheel(2), opened(), opened(period_id="2025-q4"))
        await told.at(NOW + HOUR)
        assert told.letterbox.subjects[0] == "AKC Väst: årshjulet 2025 är publicerat"
        assert "version 2" in body_of(told.letterbox.mails[0])
        assert len(told.letterbox.subjects) == 3


async def test_nothing_of_a_year_breaks_quiet_hours() -> None:
    async with people(AV, a_function(quiet=QUIET)) as told:
        told.now = datetime(2025, 5, 5, 19, 30, tzinfo=UTC)  # half past nine in Sweden
        await told.tell(a_wheel())
        await told.at(told.now + 9 * HOUR)
        assert told.letterbox.subjects == []
        await told.at(datetime(2025, 5, 6, 5, tzinfo=UTC))
        assert len(told.letterbox.subjects) == 1


async def test_an_opening_is_told_though_its_first_time_passes_while_it_is_held() -> None:
    async with people(AV) as told:
        await told.tell(opened(capacity_call_by=(NOW + HOUR / 2).isoformat()))
        await told.at(NOW + timedelta(days=1))
        assert told.letterbox.subjects == ["AKC Väst: perioden 2025-q3 öppnas för planering"]


async def test_of_an_opening_the_first_time_that_can_still_be_kept_is_told() -> None:
    async with people(AV) as told:
        await told.tell(opened(capacity_call_by=(NOW - HOUR).isoformat(), freeze_at="2025-06-20T10:00:00Z"))
        await told.at(NOW + HOUR)
        assert "fredag 20 juni 2025 kl. 12.00" in body_of(told.letterbox.mails[0])


async def test_a_centre_is_told_of_its_target_and_an_agency_is_not() -> None:
    async with people(CENTRE, COORDINATOR) as centre, people(AV) as agency:
        for told in (centre, agency):
            await told.tell(at_risk())
            await told.at(NOW + HOUR)
        assert centre.letterbox.subjects == ["AKC Väst: ett mål för 2025 nås inte i den här takten"]
        assert "slutar 2025 på 301 kontroller. Målet är 350." in body_of(centre.letterbox.mails[0])
        assert agency.letterbox.subjects == []


async def test_a_centre_is_not_told_of_the_periods_that_it_has_made() -> None:
    async with people(CENTRE, COORDINATOR) as told:
        await told.tell(opened(), frozen(), a_wheel())
        await told.at(NOW + HOUR)
        assert told.letterbox.subjects == []
