"""The annual wheel: its versions, what is told of its periods and when, once, and what its themes weigh."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from samsyn_contracts.message import Message
from samsyn_contracts.periods import Period, PlanningPeriodFrozen, PlanningPeriodOpened
from samsyn_planning.domain.backups import likeness
from samsyn_planning.domain.facts import Centre, Decision, Operation, Wheel
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.valid_until import Crossing, valid_until
from samsyn_planning.domain.verifier import verify
from samsyn_planning.domain.wheel import Turning, opens_at, publish_wheel, start_of, turn_wheels

from tests.support.planned_centre import GIVEN, a_day_of_work, planned, with_values
from tests.support.planning_facts import (
    AV,
    CENTRE,
    NOW,
    OTHER_CENTRE,
    a_period,
    a_snapshot,
    a_theme,
    a_wanted,
    a_wheel,
    an_annual_wheel,
    an_envelope,
    an_operation,
    at,
    the_centre,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def published(
    *periods: dict[str, Any],
    known: Wheel | None = None,
    version: int = 1,
    centre: Centre | None = None,
    **envelope: Any,
) -> Decision:
    message = an_annual_wheel(*periods, version=version)
    return publish_wheel(known, message, centre or the_centre(), DEFAULT, an_envelope(message, **envelope))


def kept(decision: Decision) -> Wheel:
    (wheel,) = decision.keep
    assert isinstance(wheel, Wheel)
    return wheel


def turned(wheel: Wheel, until: datetime, *operations: Operation, plan_version: int = 7) -> tuple[Wheel, list[Message]]:
    turning = Turning(wheel=wheel, operations=operations)
    decision = turn_wheels([turning], the_centre(plan_version=plan_version), until, DEFAULT)
    return kept(decision), list(decision.say)


def names(said: list[Message]) -> list[str]:
    return [type(message).__name__ for message in said]


class TestVersions:
    """A wheel is kept until a higher version of it comes."""

    def test_a_wheel_is_kept_and_no_plan_made_where_it_has_no_theme(self) -> None:
        decision = published()

        assert (kept(decision).told, decision.changed) == (an_annual_wheel(), None)

    def test_a_theme_makes_the_plan_anew(self) -> None:
        assert published(a_period(theme=a_theme())).changed == "period"

    def test_the_same_theme_in_a_new_version_makes_no_plan(self) -> None:
        known = a_wheel(a_period(theme=a_theme()))

        assert published(a_period(theme=a_theme(), freeze_at=at(8)), known=known, version=2).changed is None

    @pytest.mark.parametrize("changed", [{"theme": a_theme(points=1)}, {"theme": None}, {"until_day": "2025-05-29"}])
    def test_a_theme_that_weighs_otherwise_or_is_gone_makes_the_plan_anew(self, changed: dict[str, Any]) -> None:
        known = a_wheel(a_period(theme=a_theme()))

        assert published(a_period(**{"theme": a_theme(), **changed}), known=known, version=2).changed == "period"

    @pytest.mark.parametrize("version", [1, 2])
    def test_a_version_that_is_not_higher_is_superseded(self, version: int) -> None:
        refuse = published(known=a_wheel(version=2), version=version).refuse

        assert refuse is not None
        assert (refuse.code, refuse.pointer) == ("superseded", "/version")

    def test_a_wheel_said_about_another_centre_is_refused(self) -> None:
        message = an_annual_wheel()
        envelope = an_envelope(message, centre=OTHER_CENTRE)

        refuse = publish_wheel(None, message, Centre(code=OTHER_CENTRE), DEFAULT, envelope).refuse

        assert refuse is not None
        assert (refuse.code, refuse.pointer) == ("unknown_id", "/headers/ce_centre")

    def test_what_was_told_is_remembered_of_the_periods_that_are_still_there(self) -> None:
        told = a_wheel(a_period(), a_period("autumn", from_day="2025-09-01", until_day="2025-09-30"))
        known = told.model_copy(update={"opened": ("may", "autumn"), "frozen": ("may",)})
        now = the_centre(now_at=at(12))

        assert kept(published(a_period(), known=known, version=2, centre=now)).opened == ("may",)
        assert kept(published(a_period(), known=known, version=2, centre=now)).frozen == ("may",)

    def test_what_was_told_and_lies_ahead_again_is_told_again(self) -> None:
        known = a_wheel(opened=("may",), frozen=("may",))
        later = a_period(capacity_call_by=None, information_by=None, freeze_at=at(19))

        new = kept(published(later, known=known, version=2, centre=the_centre(now_at=at(12))))

        assert (new.opened, new.frozen, new.due_at) == (("may",), (), at(19))


class TestWhenPeriodsOpen:
    """Four weeks before the first deadline, or the first day where there is none."""

    @pytest.mark.parametrize(
        ("deadlines", "first"),
        [
            ({}, at(28, month=4)),
            ({"capacity_call_by": None}, at(5)),
            ({"capacity_call_by": None, "information_by": None}, at(7)),
            (dict.fromkeys(("capacity_call_by", "information_by", "freeze_at")), at(12)),
        ],
    )
    def test_a_period_opens_four_weeks_before_its_first_deadline(
        self, deadlines: dict[str, Any], first: datetime
    ) -> None:
        assert opens_at(Period.model_validate(a_period(**deadlines)), DEFAULT) == first - timedelta(days=28)

    def test_a_day_begins_at_midnight_in_sweden(self) -> None:
        assert start_of(date(2025, 5, 12)).astimezone(UTC) == datetime(2025, 5, 11, 22, tzinfo=UTC)
        assert start_of(date(2025, 12, 1)).astimezone(UTC) == datetime(2025, 11, 30, 23, tzinfo=UTC)


class TestTelling:
    """Each period is told to be open once, and to be frozen once."""

    def test_a_wheel_is_due_when_its_first_period_opens(self) -> None:
        early = the_centre(now_at=at(1, month=1))

        assert kept(published(centre=early)).due_at == at(28, month=4) - timedelta(days=28)

    def test_a_period_is_told_to_be_open_with_its_days_and_deadlines(self) -> None:
        _, said = turned(a_wheel(), at(6))

        assert said == [
            PlanningPeriodOpened.model_validate(
                {**a_period(), "wheel_id": f"{CENTRE}:wheel-2025", "centre": CENTRE},
            )
        ]

    def test_nothing_is_told_a_moment_before(self) -> None:
        opening = at(28, month=4) - timedelta(days=28)

        assert turned(a_wheel(), opening - MINUTE)[1] == []
        assert names(turned(a_wheel(), opening)[1]) == ["PlanningPeriodOpened"]

    def test_a_period_is_frozen_with_the_plan_and_the_operations_that_begin_in_it(self) -> None:
        inside = an_operation("op:polisen:P2", start_at=at(30, 20), end_at=at(30, 23))
        around = [
            an_operation("op:polisen:P3", start_at=at(11, 23), end_at=at(12, 4)),
            an_operation("op:polisen:P4", start_at=at(31), end_at=at(31, 4)),
        ]

        _, said = turned(a_wheel(opened=("may",)), at(7), *around, inside, an_operation())

        assert said == [
            PlanningPeriodFrozen(
                period_id="may",
                wheel_id=f"{CENTRE}:wheel-2025",
                centre=CENTRE,
                plan_version=7,
                frozen_operation_ids=("op:polisen:P1", "op:polisen:P2"),
            )
        ]

    def test_each_is_told_once_however_often_time_passes(self) -> None:
        wheel, heard = a_wheel(due_at=NOW), list[Message]()
        for minutes in range(0, 60 * 24 * 10, 5):
            until = at(1) + minutes * MINUTE
            if wheel.due_at is not None and wheel.due_at <= until:
                wheel, said = turned(wheel, until)
                heard += said

        assert names(heard) == ["PlanningPeriodOpened", "PlanningPeriodFrozen"]
        assert wheel.due_at is None

    def test_after_an_outage_both_are_told_at_once(self) -> None:
        assert names(turned(a_wheel(), at(20))[1]) == ["PlanningPeriodOpened", "PlanningPeriodFrozen"]

    def test_of_a_period_that_is_over_nothing_is_told(self) -> None:
        after = at(31)

        assert turned(a_wheel(due_at=NOW), after) == (a_wheel(), [])
        assert kept(published(centre=the_centre(now_at=after))).due_at is None

    def test_a_period_without_a_freeze_is_never_frozen(self) -> None:
        wheel, said = turned(a_wheel(a_period(freeze_at=None)), at(20))

        assert (names(said), wheel.due_at) == (["PlanningPeriodOpened"], None)

    def test_periods_are_told_in_the_order_of_their_days(self) -> None:
        june = a_period("june", from_day="2025-06-01", until_day="2025-06-30")

        _, said = turned(a_wheel(june, a_period()), at(6))

        assert [(type(m).__name__, getattr(m, "period_id", "")) for m in said] == [
            ("PlanningPeriodOpened", "may"),
            ("PlanningPeriodOpened", "june"),
        ]


def problem_with(*wheels: Wheel, now_at: datetime = NOW, **wanted: Any) -> dict[str, Any]:
    told = a_snapshot(a_wanted(**wanted), *wheels, centre=the_centre(now_at=now_at))
    return problem_of(told, GIVEN, DEFAULT)


class TestThemes:
    """What a period favours earns more in it."""

    wheel = a_wheel(a_period(theme=a_theme()))

    def test_without_a_theme_the_problem_is_the_same_to_the_byte(self) -> None:
        assert problem_with(a_wheel()) == problem_with()

    def test_a_theme_is_a_row_of_its_period_from_midnight_to_midnight(self) -> None:
        row = {"tag": "construction", "from": "2025-05-12T00:00:00+02:00", "to": "2025-05-31T00:00:00+02:00"}

        assert problem_with(self.wheel)["weights"] == {"theme": [{**row, "points": 400}]}

    def test_an_indication_that_a_theme_favours_is_a_tag_and_no_other(self) -> None:
        (row,) = problem_with(self.wheel, indications=["construction", "undeclared_work"])["inspections"]

        assert row["tags"] == ["construction", "work_life_crime"]

    def test_a_programme_that_a_theme_favours_is_one_tag(self) -> None:
        wheel = a_wheel(a_period(theme=a_theme("work_life_crime")))

        (row,) = problem_with(wheel, indications=["work_life_crime"])["inspections"]

        assert row["tags"] == ["work_life_crime"]

    @pytest.mark.parametrize(("now_at", "is_told"), [(at(30, 23, 59), True), (at(31), False)])
    def test_a_theme_is_told_until_its_period_is_over(self, now_at: datetime, is_told: bool) -> None:
        assert ("weights" in problem_with(self.wheel, now_at=now_at)) is is_told

    def test_a_theme_that_ends_ends_what_was_prepared(self) -> None:
        problem = {**problem_with(self.wheel), "sessions": [], "team_sessions": []}

        assert valid_until(problem, DEFAULT.rest_kept) == Crossing(at(31).astimezone(UTC), "theme_over")
        assert likeness(problem) != likeness({**problem_with(), "sessions": [], "team_sessions": []})

    def test_themes_stand_beside_other_weights(self) -> None:
        policy = DEFAULT.model_copy(update={"risk": 50})
        told = a_snapshot(a_wanted(), self.wheel, centre=the_centre())

        assert set(problem_of(told, GIVEN, policy)["weights"]) == {"risk", "theme"}

    def test_a_site_that_fits_the_theme_is_taken_before_another_and_the_plan_accepted(self) -> None:
        """One session with room for one inspection; the other site is worth more by itself."""
        plain, favoured = f"{AV}:I1", f"{AV}:I2"
        town = a_day_of_work(days=(13,), num_inspections=0)
        sites = [
            a_wanted(plain, value=100, duration_minutes=300),
            a_wanted(favoured, value=80, duration_minutes=300, indications=["construction"]),
        ]
        without = planned(with_values(town, *sites))
        with_theme = planned(with_values(town, *sites, self.wheel))

        assert [v.id for v in without.operation.visits] == [plain]
        assert [v.id for v in with_theme.operation.visits] == [favoured]
        plan = solve(with_theme.replan.problem, Limit(seconds=None, work=None))
        assert verify(with_theme.replan.problem, plan).is_accepted


def test_a_wheel_keeps_its_days_when_it_is_written_and_read() -> None:
    wheel = a_wheel(a_period(theme=a_theme()), opened=("may",), due_at=at(7))

    assert Wheel.model_validate(wheel.model_dump(mode="json")) == wheel


def test_a_tick_of_long_ago_tells_nothing() -> None:
    assert turned(a_wheel(), NOW - 400 * DAY)[1] == []
