"""The form of the wheel makes the contract's statement, or says at each field what is wrong with it."""

from __future__ import annotations

import pytest
from samsyn_adapter_desk.domain.cards_of_the_year import WheelCard
from samsyn_adapter_desk.domain.forms import Asked, FormError, draft
from samsyn_adapter_desk.domain.forms_of_the_wheel import (
    ANEW,
    OUT_OF_ORDER,
    OVERLAPS,
    STANDS_TWICE,
    groups_of,
    next_version,
    values_of,
    wheel_form,
)
from samsyn_contracts.periods import AnnualWheelPublished, FixedDay, Period, Theme

from tests.unit.desk.wheels import AUTUMN, BUILDING, CENTRE, NOW, SPRING, TRAINING, a_wheel

ASKED = Asked(CENTRE, CENTRE, "samordnare", NOW, "once")
FIRST = {"period-1-period_id": "q1", "period-1-from_day": "2026-01-05", "period-1-until_day": "2026-03-29"}
SECOND = {"period-2-period_id": "q2", "period-2-from_day": "2026-03-30", "period-2-until_day": "2026-06-28"}
AFTER_FREEZE = {"period-1-freeze_at": "2026-01-02T10:00", "period-1-evaluate_by": "2026-01-02T09:59"}
FILL_IN = "Fill in this field."


def published(given: dict[str, str], known: WheelCard | None = None) -> AnnualWheelPublished:
    values = {"version": str(next_version(known)), **given}
    made = draft(wheel_form(groups_of(values, known), 2026, known), values, ASKED).message
    assert isinstance(made, AnnualWheelPublished)
    return made


def faults(given: dict[str, str], known: WheelCard | None = None) -> dict[str, str]:
    with pytest.raises(FormError) as refused:
        published(given, known)
    return {fault.field: fault.text for fault in refused.value.faults}


def test_a_first_wheel_is_version_one_of_the_centres_own() -> None:
    made = published(FIRST)
    assert (made.wheel_id, made.year, made.version) == (f"{CENTRE}:wheel-2026", 2026, 1)


def test_empty_groups_are_left_out_wherever_they_stand() -> None:
    made = published({**SECOND, "period-1-period_id": " ", "period-7-period_id": "", "day-3-day": ""})
    assert ([period.period_id for period in made.periods], made.fixed_days) == (["q2"], ())


def test_a_deadline_is_written_in_swedish_time() -> None:
    (period,) = published({**FIRST, "period-1-freeze_at": "2026-01-02T12:00"}).periods
    assert period.freeze_at is not None
    assert period.freeze_at.isoformat() == "2026-01-02T12:00:00+01:00"


def test_an_indication_is_a_theme_by_its_own_name() -> None:
    (period,) = published({**FIRST, "period-1-theme": "risk_sector", "period-1-points": "20"}).periods
    assert period.theme == Theme(code="risk_sector", sv="riskbransch", en="risk sector", tag="risk_sector", points=20)


def test_a_fixed_day_without_names_has_those_of_its_kind() -> None:
    (day,) = published({**FIRST, "day-2-day": "2026-10-01", "day-2-code": "training"}).fixed_days
    assert (day.code, day.sv, day.en) == ("training", "utbildning", "training")


def test_a_fixed_day_has_the_name_that_it_is_given() -> None:
    (day,) = published({**FIRST, "day-1-day": "2026-10-01", "day-1-code": "training", "day-1-sv": "Kurs"}).fixed_days
    assert day == FixedDay.model_validate({"day": "2026-10-01", "code": "training", "sv": "Kurs", "en": "training"})


def test_a_known_wheel_comes_back_as_it_was_one_version_later() -> None:
    deadlines = ("capacity_call_by", "information_by", "freeze_at", "evaluate_by")
    told = {name: f"2026-0{n}-01T11:00:00Z" for n, name in enumerate(deadlines, 1)}
    known = a_wheel(
        AUTUMN, {**SPRING, **told, "theme": BUILDING}, wheel_id=f"{CENTRE}:arshjul", version=4, fixed_days=(TRAINING,)
    )
    made = published(values_of(known), known)
    assert (made.wheel_id, made.version) == (known.wheel_id, 5)
    assert (made.periods, made.fixed_days) == ((known.periods[1], known.periods[0]), known.fixed_days)


def test_a_day_of_a_kind_that_only_the_wheel_knows_comes_back_too() -> None:
    known = a_wheel(fixed_days=({**TRAINING, "code": "sommarmote"},))
    assert published(values_of(known), known).fixed_days == known.fixed_days


def test_to_empty_a_groups_fields_takes_the_period_away() -> None:
    known = a_wheel(SPRING, AUTUMN)
    emptied = {name: "" if name.startswith("period-1-") else value for name, value in values_of(known).items()}
    assert [period.period_id for period in published(emptied, known).periods] == ["2026-q3"]


@pytest.mark.parametrize("version", ["1", "3", "", "x"])
def test_a_form_that_began_from_another_version_is_not_said(version: str) -> None:
    assert faults({**FIRST, "version": version}, a_wheel(version=1)) == {"": ANEW}


def test_a_wheel_without_periods_is_faulted_at_the_first() -> None:
    assert faults({}) == {"period-1-period_id": "Give at least one."}


def test_each_field_of_a_group_that_must_be_filled_in_is_named() -> None:
    given = {"period-3-capacity_call_by": "2026-01-02T12:00", "day-1-sv": "Kurs"}
    assert faults(given) == dict.fromkeys(
        ("period-3-period_id", "period-3-from_day", "period-3-until_day", "day-1-day", "day-1-code"), FILL_IN
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"period-1-theme": "risk_sector"}, "period-1-points"),
        ({"period-1-points": "5"}, "period-1-theme"),
        ({"day-1-day": "2026-05-05", "day-1-code": "other", "day-1-en": "x"}, "day-1-sv"),
    ],
)
def test_a_theme_has_points_and_an_other_day_its_names(given: dict[str, str], field: str) -> None:
    assert faults({**FIRST, **given}) == {field: FILL_IN}


@pytest.mark.parametrize(
    ("given", "field", "text"),
    [
        ({"period-1-period_id": "Q 1"}, "period-1-period_id", "This is not written in the way that the hint"),
        ({"period-1-from_day": "2026-02-30"}, "period-1-from_day", "Give a day."),
        ({"period-1-from_day": "86400"}, "period-1-from_day", "Give a day."),
        ({"period-1-until_day": "i mars"}, "period-1-until_day", "Give a day."),
        ({"period-1-until_day": "2199-13-01"}, "period-1-until_day", "Give a day."),
        ({"period-1-until_day": "2026-01-01"}, "period-1-until_day", "The last day must not be before the first."),
        ({"period-1-freeze_at": "i mars"}, "period-1-freeze_at", "Give a day and a time"),
        ({"period-1-freeze_at": "1999-01-01T10:00"}, "period-1-freeze_at", "Samsyn cannot take this value"),
        ({"period-1-theme": "beauty", "period-1-points": "5"}, "period-1-theme", "Choose one of the choices."),
        ({"period-1-theme": "risk_sector", "period-1-points": "5.5"}, "period-1-points", "Give a whole number."),
        ({"period-1-theme": "risk_sector", "period-1-points": "-1"}, "period-1-points", "The number is too small."),
        ({"period-1-theme": "risk_sector", "period-1-points": "1001"}, "period-1-points", "The number is too large."),
        (AFTER_FREEZE, "period-1-evaluate_by", OUT_OF_ORDER),
        ({**SECOND, "period-2-period_id": "q1"}, "period-2-period_id", STANDS_TWICE),
        ({**SECOND, "period-2-from_day": "2026-03-29"}, "period-2-from_day", OVERLAPS),
        ({**SECOND, "period-2-from_day": "2025-12-01"}, "period-1-from_day", OVERLAPS),
        ({"day-1-day": "1 maj", "day-1-code": "training"}, "day-1-day", "Give a day."),
        ({"day-1-day": "2026-05-01", "day-1-code": "beauty"}, "day-1-code", "Choose one of the choices."),
        ({"day-1-day": "2026-05-01", "day-1-code": "training", "day-1-sv": "a" * 101}, "day-1-sv", "This is too long."),
    ],
)
def test_each_fault_is_told_at_its_field(given: dict[str, str], field: str, text: str) -> None:
    told = faults({**FIRST, **given})
    assert list(told) == [field]
    assert told[field].startswith(text)


def test_a_fault_is_told_at_the_group_where_it_was_filled_in() -> None:
    given = {name.replace("-2-", "-5-"): value for name, value in SECOND.items()}
    assert list(faults({**FIRST, **given, "period-5-until_day": "2026-03-01"})) == ["period-5-until_day"]


def test_faults_of_several_groups_are_told_together() -> None:
    given = {**FIRST, **SECOND, "period-1-from_day": "x", "period-2-until_day": "2026-03-01"}
    assert list(faults(given)) == ["period-1-from_day", "period-2-until_day"]


@pytest.mark.parametrize(
    ("values", "num_periods", "num_days"),
    [
        ({}, 8, 4),
        ({"period-7-period_id": "q7", "day-4-day": "2026-05-05"}, 9, 6),
        ({"period-60-period_id": "q60", "day-200-sv": "x"}, 60, 200),
        ({"period-61-period_id": "q", "period-999999999999-period_id": "q", "day-0-day": "x"}, 8, 4),
        ({"period-30-period_id": " "}, 8, 4),
    ],
)
def test_there_is_room_for_what_is_filled_in_and_some_more(
    values: dict[str, str], num_periods: int, num_days: int
) -> None:
    kinds = [group.kind for group in groups_of(values, None)]
    assert (kinds.count("period"), kinds.count("day")) == (num_periods, num_days)


def test_every_field_of_a_period_is_asked_for() -> None:
    asked = {each.of for each in groups_of({}, None)[0].fields}
    assert asked == {*Period.model_fields, "points"}


def test_the_form_is_for_those_who_keep_the_wheel() -> None:
    assert wheel_form(groups_of({}, None), 2026, None).act == "wheel"
