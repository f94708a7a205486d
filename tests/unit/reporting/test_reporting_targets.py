"""Targets of a year: what is done, what is to be expected, and what of that is said, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from samsyn_contracts.indicators import KpiSnapshotTaken, TargetRiskRaised, WorkCounted
from samsyn_contracts.message import Message
from samsyn_reporting.domain.ledger import known_from
from samsyn_reporting.domain.targets import (
    ForecastRule,
    SaidSoFar,
    Standing,
    Unit,
    day_ended,
    forecast_of,
    key_of,
    last_whole_day,
    load_forecast_rules,
    news,
    rule_on,
    standing_of,
)

from tests.support.told_days import aimed_at, completed, evaluated, proposed
from tests.support.told_operations import CENTRE, INSPECTIONS, START_AT, confirmed
from tests.unit.reporting.heard import heard_in_order, proposed_before_upgrade

DAY = date(2025, 5, 12)  # the 132nd day of the year, and that of the operations
RULE = ForecastRule(definition_version=1, fewest_days=31, valid_from=date(2022, 6, 1))
LAST_YEAR = START_AT - timedelta(days=366)  # the 132nd day of 2024, which has one day more


def standing(*messages: Message, day: date = DAY) -> Standing:
    return standing_of(known_from(heard_in_order(*messages)), CENTRE, day)


def an_operation(number: int, *, start_at: datetime = START_AT, counts: bool = True) -> tuple[Message, ...]:
    id_, inspections = f"op:polisen:T{number}", [f"{id_}-{number}" for id_ in INSPECTIONS]
    return confirmed(id_, start_at=start_at, inspections=inspections), completed(id_, done=inspections, counts=counts)


def said_of(steps: Iterable[Standing], so_far: SaidSoFar | None = None) -> list[list[Message]]:
    """What is said, day by day."""
    told: list[list[Message]] = []
    known = so_far or SaidSoFar(centre=CENTRE)
    for step in steps:
        found = news(step, known)
        told.append([*found.messages])
        known = found.so_far
    return told


def risks(messages: Iterable[Message]) -> list[TargetRiskRaised]:
    return [message for message in messages if isinstance(message, TargetRiskRaised)]


def names(messages: Iterable[Message]) -> list[str]:
    return [type(message).__name__ for message in messages]


def figures_in(messages: Iterable[Message]) -> dict[str, object]:
    """The figures of the snapshots, by code."""
    return {kpi.code: kpi.value for one in messages if isinstance(one, KpiSnapshotTaken) for kpi in one.kpis}


class TestStanding:
    def test_units_are_counted_apart_by_the_ledgers_own_counting(self) -> None:
        told = standing(
            aimed_at(120), aimed_at(40, unit="operations"), *an_operation(1), *an_operation(2, counts=False)
        )

        assert [(each.unit, each.target, each.to_date) for each in told.reached] == [
            ("inspections", 120, 4),
            ("operations", 40, 1),
        ]

    def test_the_newest_target_counts_whichever_unit_was_set_between(self) -> None:
        told = standing(aimed_at(120), aimed_at(40, unit="operations"), aimed_at(100))

        assert [each.target for each in told.reached] == [100, 40]

    def test_a_target_of_another_year_or_centre_is_not_this_ones(self) -> None:
        assert standing(aimed_at(year=2026), aimed_at(centre="akc-syd")).reached == ()

    def test_operations_of_other_years_and_later_days_are_not_counted(self) -> None:
        later = an_operation(2, start_at=START_AT + timedelta(days=1))
        told = standing(aimed_at(), *an_operation(1), *later, *an_operation(3, start_at=LAST_YEAR))

        assert told.reached[0].to_date == 2

    def test_the_year_before_is_told_whole_and_up_to_the_same_day(self) -> None:
        before = (*an_operation(1, start_at=LAST_YEAR), *an_operation(2, start_at=LAST_YEAR + timedelta(days=1)))
        (reached,) = standing(aimed_at(), *before).reached

        assert (reached.last_year, reached.last_year_to_date, reached.baseline) == (4, 2, 90)

    def test_a_year_of_which_nothing_was_heard_is_unknown_and_not_nothing(self) -> None:
        (reached,) = standing(aimed_at(), *an_operation(1)).reached

        assert (reached.last_year, reached.last_year_to_date) == (None, None)

    def test_the_share_of_evaluations_stands_beside(self) -> None:
        told = standing(aimed_at(), *an_operation(1), *an_operation(2), evaluated("op:polisen:T1"))

        assert told.evaluated == 0.5


class TestForecast:
    @pytest.mark.parametrize(
        ("to_date", "day", "expected"),
        [
            (104, date(2025, 5, 6), 301),  # 104 × 365 ÷ 126 = 301.27
            (1, date(2025, 12, 31), 1),
            (0, date(2025, 6, 1), 0),
            (5, date(2024, 12, 30), 5),  # 366 days: 5.01
            (1, date(2025, 1, 31), 12),  # 11.77
            (1, date(2025, 1, 30), None),
        ],
    )
    def test_it_is_what_is_done_times_the_year_over_the_days_passed(
        self, to_date: int, day: date, expected: int | None
    ) -> None:
        assert forecast_of(to_date, day, RULE) == expected

    def test_half_is_rounded_up(self) -> None:
        assert forecast_of(1, date(2024, 8, 31), RULE) == 2  # 366 ÷ 244 = 1.5

    def test_the_newest_rule_in_force_counts_and_its_version_is_told(self) -> None:
        newer = RULE.model_copy(update={"definition_version": 2, "valid_from": DAY})

        assert rule_on(DAY, (newer, RULE)) == newer
        assert rule_on(DAY - timedelta(days=1), (newer, RULE)) == RULE
        assert rule_on(date(2000, 1, 1), (newer, RULE)) is None
        assert load_forecast_rules() == (RULE,)


class TestNews:
    @pytest.mark.parametrize(
        ("until", "day"),
        [("2025-05-12T21:59:59Z", 11), ("2025-05-12T22:00:00Z", 12), ("2025-05-13T21:59:00Z", 12)],
    )
    def test_a_day_ends_at_midnight_in_sweden(self, until: str, day: int) -> None:
        assert last_whole_day(datetime.fromisoformat(until)) == date(2025, 5, day)

    def test_a_day_ends_once_and_none_that_is_before_it_ends_after(self) -> None:
        so_far, noon = SaidSoFar(centre=CENTRE, day=DAY), datetime(2025, 5, 13, 12, tzinfo=UTC)

        assert day_ended(noon, so_far) is None
        assert day_ended(noon - timedelta(days=3), so_far) is None
        assert day_ended(noon + timedelta(days=2), so_far) == DAY + timedelta(days=2)
        assert day_ended(noon, SaidSoFar(centre=CENTRE)) == DAY

    def test_without_a_target_nothing_is_said(self) -> None:
        assert said_of([standing(*an_operation(1))]) == [[]]

    def test_figures_are_said_when_they_have_changed_and_not_when_only_a_day_has_passed(self) -> None:
        january = [date(2025, 1, number) for number in (2, 3, 4)]
        told = said_of(
            [
                standing(aimed_at(), day=january[0]),
                standing(aimed_at(), day=january[1]),
                standing(aimed_at(130), day=january[2]),
            ]
        )

        assert [names(each) for each in told] == [["KpiSnapshotTaken"], [], ["KpiSnapshotTaken"]]

    def test_the_figures_are_those_of_the_standing(self) -> None:
        ((snapshot, *_),) = said_of([standing(aimed_at(), *an_operation(1), evaluated("op:polisen:T1"))])

        assert isinstance(snapshot, KpiSnapshotTaken)
        assert (snapshot.snapshot_id, snapshot.year, snapshot.as_of) == (f"kpi:{CENTRE}:2025-05-12", 2025, DAY)
        assert {each.code: each.value for each in snapshot.kpis} == {
            "targets.inspections.target": 120,
            "targets.inspections.baseline": 90,
            "targets.inspections.to_date": 2,
            "targets.inspections.forecast": 6,
            "evaluations.share": 1,
            "programmes.a_krim.counting_operations": 0,
            "programmes.a_krim.inspections_done": 0,
            "programmes.gvi.counting_operations": 0,
            "programmes.gvi.inspections_done": 0,
            "programmes.city.counting_operations": 0,
            "programmes.city.inspections_done": 0,
            "programmes.other.counting_operations": 0,
            "programmes.other.inspections_done": 0,
        }

    def test_what_is_done_within_each_programme_is_among_the_figures(self) -> None:
        wish, later = proposed("skatteverket:S1-1", programme="gvi"), an_operation(2, start_at=START_AT + timedelta(1))
        told = standing(aimed_at(), wish, *an_operation(1), proposed("skatteverket:S1-2", programme="gvi"), *later)
        ((snapshot, *_),) = said_of([told])

        assert isinstance(snapshot, KpiSnapshotTaken)
        figures = {each.code: (each.value, each.unit) for each in snapshot.kpis}
        assert figures["programmes.gvi.counting_operations"] == (1, "operations")
        assert figures["programmes.gvi.inspections_done"] == (1, "inspections")
        assert (told.programmes[1].programme, told.programmes[1].planned_operations) == ("gvi", 2)

    def test_what_is_said_of_a_day_again_after_a_restore_has_another_id(self) -> None:
        ((snapshot, risk, work),) = said_of([standing(aimed_at(), *an_operation(1), evaluated("op:polisen:T1"))])
        assert isinstance(snapshot, KpiSnapshotTaken)
        assert isinstance(risk, TargetRiskRaised)
        assert isinstance(work, WorkCounted)
        so_far, restores = SaidSoFar(centre=CENTRE, day=DAY), (None, START_AT, START_AT + timedelta(seconds=1))
        keys = {key_of(message, so_far, at) for message in (snapshot, risk, work) for at in restores}

        assert len(keys) == 9
        assert key_of(snapshot, so_far, None) == ("KpiSnapshotTaken", CENTRE, "2025-05-12", "")

    def test_a_target_that_will_not_be_reached_is_told_with_its_figures_once(self) -> None:
        below = [standing(aimed_at(), *an_operation(1), day=DAY + timedelta(days=number)) for number in range(3)]
        told = said_of(below)

        (risk,) = [each for messages in told for each in risks(messages)]
        assert (risk.to_date, risk.forecast, risk.target, risk.gap) == (2, 6, 120, 114)
        assert (risk.unit, risk.as_of, risk.definition_version) == ("inspections", DAY, 1)

    def test_it_is_told_again_when_it_has_been_above_meanwhile(self) -> None:
        below, above = standing(aimed_at(10), *an_operation(1)), standing(aimed_at(6), *an_operation(1))
        days = [
            step.model_copy(update={"day": DAY + timedelta(days=n)}) for n, step in enumerate((below, above, below))
        ]

        assert [len(risks(messages)) for messages in said_of(days)] == [1, 0, 1]

    def test_a_forecast_at_the_target_is_no_risk(self) -> None:
        assert risks(said_of([standing(aimed_at(6), *an_operation(1))])[0]) == []

    def test_each_unit_is_told_by_itself(self) -> None:
        both = standing(aimed_at(), aimed_at(3, unit="operations"), *an_operation(1))

        assert [risk.unit for risk in risks(said_of([both])[0])] == ["inspections"]

    def test_early_in_a_year_nothing_is_at_risk_and_what_was_said_of_the_last_is_over(self) -> None:
        units: tuple[Unit, ...] = ("inspections",)
        so_far = SaidSoFar(centre=CENTRE, day=date(2024, 12, 31), at_risk=units)
        january = standing(aimed_at(), day=date(2025, 1, 10))
        june = standing(aimed_at(), day=date(2025, 6, 10))

        assert [len(risks(messages)) for messages in said_of([january, june], so_far)] == [0, 1]


class TestWork:
    def test_it_is_told_by_agency_and_area_when_a_figure_has_changed(self) -> None:
        wishes = [proposed(f"skatteverket:W{number}") for number in range(4)]
        before = standing(aimed_at(), *wishes)
        told = said_of([before, before, standing(aimed_at(), *wishes, proposed("skatteverket:W4"))])

        (first,), (), (again,) = [[each for each in messages if isinstance(each, WorkCounted)] for messages in told]
        assert [(each.area, each.wanted_inspections) for each in first.areas] == [(None, 4)]
        assert [(each.area, each.wanted_inspections) for each in again.areas] == [("1480", 5)]
        assert (again.centre, again.year, again.as_of, again.agencies) == (CENTRE, 2025, DAY, ())

    def test_what_is_planned_is_of_the_whole_year_and_what_is_done_and_wanted_up_to_the_day(self) -> None:
        later = an_operation(2, start_at=START_AT + timedelta(days=1))
        wishes = [proposed(f"{id_}-{number}") for id_ in INSPECTIONS for number in (1, 2)]
        told = standing(aimed_at(), *wishes, *an_operation(1), *later)

        (area,) = told.areas
        assert (area.wanted_inspections, area.planned_inspections, area.inspections_done) == (4, 4, 2)
        assert [(each.agency, each.joined_operations, each.initiated_inspections) for each in told.agencies] == [
            ("arbetsmiljoverket", 1, 1),
            ("polisen", 1, 0),
            ("skatteverket", 0, 1),
        ]

    def test_no_false_nothing_is_told_after_an_upgrade_and_all_of_it_after_the_rebuild(self) -> None:
        wished = [f"{id_}-1" for id_ in INSPECTIONS]
        facts = heard_in_order(aimed_at(), *an_operation(1))
        upgraded = standing_of(known_from([*facts, *map(proposed_before_upgrade, wished)]), CENTRE, DAY)
        rebuilt = standing(aimed_at(), *map(proposed, wished), *an_operation(1), day=DAY + timedelta(days=1))
        first, again = said_of([upgraded, rebuilt])

        assert figures_in(first)["targets.inspections.to_date"] == 2
        assert [code for code in figures_in(first) if code.startswith("programmes.")] == []
        assert figures_in(again)["programmes.a_krim.inspections_done"] == 2
        before, after = (one for messages in (first, again) for one in messages if isinstance(one, WorkCounted))
        assert (len(before.agencies), before.areas) == (3, ())
        assert [area.inspections_done for area in after.areas] == [2]

    def test_of_a_year_without_a_target_nothing_is_told(self) -> None:
        assert said_of([standing(proposed(), *an_operation(1))]) == [[]]

    def test_a_new_year_is_told_of_though_its_figures_are_those_of_the_last(self) -> None:
        (said,) = [
            each for each in said_of([standing(aimed_at(), *an_operation(1))])[0] if isinstance(each, WorkCounted)
        ]
        so_far = SaidSoFar(centre=CENTRE, day=date(2024, 12, 31), agencies=said.agencies, areas=said.areas)

        assert "WorkCounted" in names(said_of([standing(aimed_at(), *an_operation(1))], so_far)[0])
