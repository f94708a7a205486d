"""What a centre says of its year: days are days, periods lie apart, and deadlines come in their order."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.bus import message_of
from samsyn_contracts.periods import AnnualWheelPublished
from samsyn_contracts.rejection import RefusedError

from tests.contract.saying import encoded

SPRING = {"period_id": "spring", "from_day": "2026-03-02", "until_day": "2026-05-29"}
AUTUMN = {"period_id": "autumn", "from_day": "2026-09-01", "until_day": "2026-11-27"}


def a_wheel(*periods: dict[str, Any], **changed: Any) -> AnnualWheelPublished:
    facts = {"wheel_id": "akc-vast:wheel-2026", "year": 2026, "version": 1, "periods": list(periods), **changed}
    told = message_of(AnnualWheelPublished.type_name(), encoded(facts))
    assert isinstance(told, AnnualWheelPublished)
    return told


def refused_at(*periods: dict[str, Any]) -> str:
    """Where the first reason points, for a list with a member that is refused also is one too short."""
    with pytest.raises(RefusedError) as refused:
        a_wheel(*periods)
    assert {reason.code for reason in refused.value.reasons} == {"invalid_field"}
    return refused.value.reasons[0].pointer


def test_a_wheel_belongs_to_the_centre_in_its_id() -> None:
    assert a_wheel(SPRING).owner == "akc-vast"


def test_a_period_of_one_day_is_a_period() -> None:
    assert a_wheel({**SPRING, "until_day": SPRING["from_day"]}).periods[0].period_id == "spring"


def test_periods_may_stand_in_any_order() -> None:
    assert len(a_wheel(AUTUMN, SPRING).periods) == 2


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-03-02T00:00:00Z", "02/03/2026", "20260302", 20260302, "1999-12-31", "2200-01-01"]
)
def test_a_day_that_is_none_is_refused_where_it_stands(day: object) -> None:
    assert refused_at({**SPRING, "from_day": day}) == "/periods/0/from_day"


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    assert refused_at({**SPRING, "until_day": "2026-03-01"}) == "/periods/0"


def test_periods_that_share_a_day_are_refused() -> None:
    assert refused_at(AUTUMN, {**SPRING, "until_day": AUTUMN["from_day"]}) == ""


def test_two_periods_of_one_id_are_refused() -> None:
    assert refused_at(SPRING, {**AUTUMN, "period_id": "spring"}) == ""


def test_a_wheel_without_periods_is_refused() -> None:
    assert refused_at() == "/periods"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("capacity_call_by", "information_by"),
        ("information_by", "freeze_at"),
        ("freeze_at", "evaluate_by"),
        ("capacity_call_by", "evaluate_by"),
    ],
)
def test_deadlines_come_in_their_order(earlier: str, later: str) -> None:
    first, last = "2026-02-02T11:00:00Z", "2026-02-16T11:00:00Z"

    assert a_wheel({**SPRING, earlier: first, later: last})
    assert a_wheel({**SPRING, earlier: first, later: first})
    assert refused_at({**SPRING, earlier: last, later: first}) == "/periods/0"
