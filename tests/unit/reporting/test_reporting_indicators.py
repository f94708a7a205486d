"""The totals as a flat table that programs can rely on."""

from __future__ import annotations

from collections import Counter

from samsyn_reporting.domain.indicators import Indicator, as_csv, indicators_of

from tests.support.told_days import found, offered
from tests.support.told_operations import cancelled, rescheduled, scheduled
from tests.unit.reporting.heard import totals_of

OTHER = "op:polisen:P9"
EMPTY = indicators_of(totals_of())
FULL = indicators_of(
    totals_of(
        offered(),
        scheduled(),
        scheduled(OTHER, inspections=["polisen:A9"]),
        rescheduled(),
        cancelled(OTHER),
        found(subject_kind="person"),
    )
)


def value_of(code: str, table: tuple[Indicator, ...] = FULL) -> object:
    (row,) = [row for row in table if row.code == code]
    return row.value


def test_what_stands_in_an_empty_table_stands_first_in_every_table() -> None:
    assert [row.code for row in FULL][: len(EMPTY)] == [row.code for row in EMPTY]


def test_no_code_stands_twice() -> None:
    assert [code for code, number in Counter(row.code for row in FULL).items() if number > 1] == []


def test_operations_inspections_and_person_hours_have_units_of_their_own() -> None:
    units = {row.code: row.unit for row in FULL}

    codes = ("operations.hit", "inspections.hit", "carried_out.inspections_done", "hours.lost.total")
    assert [units[code] for code in codes] == ["operations", "inspections", "inspections", "person-hours"]


def test_the_rescued_are_given_in_total_and_by_ladder_step() -> None:
    codes = ("operations.rescued", "operations.rescued.moved_session", "operations.rescued.smaller")

    assert [value_of(code) for code in codes] == [1, 1, 0]


def test_rows_per_agency_cause_and_category_follow() -> None:
    codes = (
        "hours.planned.agency.arbetsmiljoverket",
        "causes.disturbance.hit",
        "findings.recorded.work_environment.arbetsmiljoverket.about_persons",
    )

    assert [value_of(code) for code in codes] == [24, 2, "<5"]


def test_every_row_tells_the_version_of_its_definition() -> None:
    assert {row.definition_version for row in FULL} == {1}


def test_the_csv_has_a_heading_and_a_line_per_row() -> None:
    lines = as_csv(FULL).split("\r\n")

    assert (lines[0], len(lines)) == ("code,value,unit,definition_version", len(FULL) + 2)
    assert "operations.hit,2,operations,1" in lines


def test_an_absent_value_is_an_empty_field_in_the_csv() -> None:
    assert "notice.median,,minutes,1" in as_csv(EMPTY).split("\r\n")
