"""Where periods and days are on the wheel, what the list tells of them, and how far the targets are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from samsyn_adapter_desk.domain import wheel
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_the_year import FiguresCard
from samsyn_adapter_desk.domain.hearing import hear, needs_of
from samsyn_adapter_desk.domain.known import Known
from samsyn_adapter_desk.domain.own_words import say
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.words import for_language
from samsyn_contracts.envelope import Envelope, party_source
from samsyn_contracts.indicators import KpiSnapshotTaken, WorkCounted
from samsyn_contracts.periods import PlanningPeriodFrozen, PlanningPeriodOpened

from tests.unit.desk.wheels import (
    AUTUMN,
    CENTRE,
    NOW,
    SPRING,
    TRAINING,
    a_message,
    a_target,
    a_wheel,
    an_ended_operation,
)

SWEDISH, ENGLISH = Reader("sv", for_language("sv")), Reader("en", for_language("en"))


def drawn(*periods: dict[str, Any], now: datetime = NOW, **changed: Any) -> wheel.Drawing:
    return wheel.drawing_of(a_wheel(*periods, **changed), now, SWEDISH)


def test_a_period_lies_where_its_days_lie() -> None:
    assert drawn({**SPRING, "from_day": "2026-01-01", "until_day": "2026-01-31"}).parts == (wheel.Part(1, 0, 31),)


def test_a_leap_year_has_its_day() -> None:
    leap = drawn({**SPRING, "from_day": "2028-01-01", "until_day": "2028-12-31"}, year=2028)
    assert (leap.num_days, leap.parts) == (366, (wheel.Part(1, 0, 366),))


def test_what_lies_in_another_year_is_not_drawn() -> None:
    before = {**SPRING, "period_id": "a", "from_day": "2025-12-01", "until_day": "2026-01-10"}
    after = {**AUTUMN, "period_id": "b", "from_day": "2027-01-01", "until_day": "2027-01-31"}
    assert drawn(before, after).parts == (wheel.Part(1, 0, 10),)


def test_the_middle_of_the_year_is_below() -> None:
    (angle,) = drawn(fixed_days=({**TRAINING, "day": "2026-07-02"},)).fixed_angles
    assert angle == 180.0


def test_a_day_of_another_year_has_no_angle() -> None:
    assert drawn(fixed_days=({**TRAINING, "day": "2027-01-01"},)).fixed_angles == ()


def test_a_freeze_is_drawn_on_its_day_in_sweden() -> None:
    late = {**SPRING, "freeze_at": "2026-03-01T23:30:00Z"}  # 00.30 on 2 March
    assert drawn(late).freeze_angles == (round(60.5 / 365 * 360, 2),)


def test_today_is_drawn_only_in_its_own_year() -> None:
    assert drawn().now_angle is not None
    assert drawn(now=datetime(2027, 1, 1, 12, tzinfo=UTC)).now_angle is None


def test_the_number_of_a_period_stands_in_its_middle() -> None:
    (spot,) = drawn({**SPRING, "from_day": "2026-01-01", "until_day": "2026-12-31"}).numbers
    assert (spot.x, spot.y, spot.text) == (0.0, wheel.RING, "1")


def test_a_period_of_a_week_has_no_room_for_its_number() -> None:
    assert drawn({**SPRING, "until_day": "2026-04-05"}).numbers == ()


def test_the_months_are_named_in_the_readers_language() -> None:
    card = a_wheel()
    swedish, english = (wheel.drawing_of(card, NOW, reader).months[4].text for reader in (SWEDISH, ENGLISH))
    assert (swedish, english) == ("maj", "May")


def test_the_list_is_in_the_order_of_the_year() -> None:
    told = wheel.lines_of(a_wheel(AUTUMN, SPRING), NOW, SWEDISH)
    assert [(line.number, line.period.period_id) for line in told] == [(1, "2026-q2"), (2, "2026-q3")]


@pytest.mark.parametrize(
    ("until_day", "weeks"), [("2026-06-28", "v. 14–v. 26"), ("2026-04-05", "v. 14"), ("2027-04-11", "v. 14–v. 14")]
)
def test_weeks_are_told_from_the_first_to_the_last(until_day: str, weeks: str) -> None:
    (line,) = wheel.lines_of(a_wheel({**SPRING, "until_day": until_day}), NOW, SWEDISH)
    assert line.weeks == weeks


def test_a_day_of_another_year_is_told_with_that() -> None:
    (line,) = wheel.lines_of(a_wheel({**SPRING, "until_day": "2027-01-10"}), NOW, SWEDISH)
    assert line.days == "mån 30 mars – sön 10 jan 2027"


def test_weeks_are_told_in_english_too() -> None:
    assert wheel.lines_of(a_wheel(), NOW, ENGLISH)[0].weeks == "w. 14–w. 26"


@pytest.mark.parametrize(
    ("changed", "day", "stage"),
    [
        ({}, "2026-03-01", "ahead"),
        ({"opened": ["2026-q2"]}, "2026-03-01", "opened"),
        ({"opened": ["2026-q2"], "frozen": {"2026-q2": ["op:akc-vast:1"]}}, "2026-06-28", "frozen"),
        ({"frozen": {"2026-q2": []}}, "2026-06-29", "over"),
    ],
)
def test_a_period_opens_is_frozen_and_is_over(changed: dict[str, Any], day: str, stage: str) -> None:
    now = datetime.fromisoformat(f"{day}T10:00:00+02:00")
    assert wheel.lines_of(a_wheel(**changed), now, SWEDISH)[0].stage == stage


def test_the_list_tells_how_many_operations_are_frozen() -> None:
    frozen = a_wheel(frozen={"2026-q2": ["op:akc-vast:1", "op:akc-vast:2"]})
    assert [line.num_frozen for line in wheel.lines_of(frozen, NOW, SWEDISH)] == [2, 0]


def test_a_period_is_now_on_its_first_and_its_last_day_in_sweden() -> None:
    instants = ("2026-03-29T21:59:00Z", "2026-03-29T22:00:00Z", "2026-06-28T21:59:00Z", "2026-06-28T22:00:00Z")
    told = [wheel.lines_of(a_wheel(SPRING), datetime.fromisoformat(at), SWEDISH)[0].is_now for at in instants]
    assert told == [False, True, True, False]


def test_the_next_deadline_is_the_first_that_has_not_passed() -> None:
    spring = {**SPRING, "capacity_call_by": "2026-03-02T11:00:00Z", "evaluate_by": "2026-07-10T10:00:00Z"}
    autumn = {**AUTUMN, "capacity_call_by": "2026-06-01T10:00:00Z"}
    due = wheel.next_deadline(a_wheel(spring, autumn), NOW)
    assert due is not None
    assert (due.label, due.period_id) == ("Offer capacity by", "2026-q3")


def test_nothing_is_due_when_all_has_passed() -> None:
    assert wheel.next_deadline(a_wheel({**SPRING, "freeze_at": NOW}), NOW) is None


def test_fixed_days_are_listed_by_day_with_their_week() -> None:
    meeting = {"day": "2026-02-03", "code": "meeting", "sv": "Möte", "en": "Meeting"}
    told = wheel.fixed_lines_of(a_wheel(fixed_days=(TRAINING, meeting)), SWEDISH)
    assert [(line.day, line.at, line.name) for line in told] == [
        (date(2026, 2, 3), "tis 3 feb (v. 6)", "Möte"),
        (date(2026, 10, 1), "tors 1 okt (v. 40)", "Gemensam utbildning"),
    ]


@pytest.mark.parametrize(
    ("now", "share"),
    [
        ("2025-12-31T22:59:00Z", 0.0),
        ("2025-12-31T23:00:00Z", 0.0),
        ("2026-07-02T11:00:00Z", 0.5),
        ("2026-12-31T23:00:00Z", 1.0),
        ("2028-01-01T00:00:00Z", 1.0),
    ],
)
def test_the_year_passes_in_swedish_time(now: str, share: float) -> None:
    assert wheel.passed_of(2026, datetime.fromisoformat(now)) == pytest.approx(share, abs=1e-9)


def done(unit: wheel.Unit, *operations: Any) -> int:
    return wheel.progress_of(unit, CENTRE, 2026, operations, None, NOW).done


def test_an_inspection_that_two_operations_name_is_done_once() -> None:
    two = (an_ended_operation("skv:1", "skv:2"), an_ended_operation("skv:2", day="2026-05-07"))
    assert (done("inspections", *two), done("operations", *two)) == (2, 2)


def test_an_operation_that_does_not_count_has_inspections_that_do() -> None:
    alone = an_ended_operation("skv:1", counts=False)
    assert (done("inspections", alone), done("operations", alone)) == (1, 0)


def test_what_was_done_before_an_operation_was_given_up_is_done() -> None:
    assert done("inspections", an_ended_operation("skv:1", counts=False, state="aborted")) == 1


@pytest.mark.parametrize(
    "other",
    [
        an_ended_operation("skv:1", day="2025-12-31"),
        an_ended_operation("skv:1", centre="akc-stockholm"),
        an_ended_operation(counts=None, state="confirmed"),
        an_ended_operation(counts=None, state="aborted"),
    ],
)
def test_what_is_of_another_year_or_centre_or_has_not_ended_is_not_counted(other: Any) -> None:
    assert (done("inspections", other), done("operations", other)) == (0, 0)


def test_progress_is_told_against_target_year_and_the_year_before() -> None:
    half = datetime(2026, 7, 2, 11, 1, tzinfo=UTC)
    progress = wheel.progress_of("inspections", CENTRE, 2026, [an_ended_operation("skv:1")], a_target(), half)
    assert wheel.progress_told(progress, ENGLISH) == [
        "1 of 120 inspections are done.",
        "50 percent of the year has passed; at an even pace it would be 60.",
        "The year before: 90.",
    ]


@pytest.mark.parametrize(("passed", "sentence"), [(0.0, "The year has not begun."), (1.0, "The year is over.")])
def test_before_and_after_the_year_there_is_no_pace(passed: float, sentence: str) -> None:
    assert sentence in wheel.progress_told(wheel.Progress("operations", 3, passed, a_target()), ENGLISH)


def test_without_a_target_what_is_done_is_told_alone() -> None:
    told = wheel.progress_told(wheel.Progress("operations", 3, 0.5), ENGLISH)
    assert told == ["Operations carried out: 3. No target is set."]


def test_who_is_not_the_centre_is_not_told_that_its_part_is_all() -> None:
    told = wheel.own_part_told(wheel.Progress("inspections", 3, 0.5, a_target()), ENGLISH)
    assert told == [
        "Inspections done that your party has heard of: 3.",
        "The centre's target: 120. The year before: 90.",
    ]


def an_envelope(message: Any) -> Envelope:
    return Envelope(
        id="e-1",
        source=party_source(CENTRE),
        type=message.type_name(),
        time=NOW,
        centre=CENTRE,
        environment="test",
        subject=message.subject,
    )


def after(message: Any, known: Card | None, *, how: Any = hear) -> list[Any]:
    cards = {} if known is None else {(known.kind, known.id): known}
    return list(how(message, an_envelope(message), Known(CENTRE, cards)))


def test_what_the_centre_says_of_its_wheel_is_shown_at_once() -> None:
    told = a_message(SPRING, fixed_days=(TRAINING,))
    (card,) = after(told, None, how=say)
    assert (card.wheel_id, card.version, card.periods, card.fixed_days) == (
        told.wheel_id,
        1,
        told.periods,
        told.fixed_days,
    )


def test_an_older_version_does_not_take_the_place_of_a_newer() -> None:
    assert after(a_message(version=1), a_wheel(version=2)) == []


def test_a_new_version_keeps_what_was_opened_and_frozen() -> None:
    (card,) = after(a_message(version=2), a_wheel(opened=["2026-q2"], frozen={"2026-q2": ["op:akc-vast:1"]}))
    assert (card.version, card.opened, card.frozen) == (2, ("2026-q2",), {"2026-q2": ("op:akc-vast:1",)})


def test_that_a_period_is_opened_and_frozen_is_noted_on_its_wheel() -> None:
    about = {"period_id": "2026-q2", "wheel_id": f"{CENTRE}:wheel-2026", "centre": CENTRE}
    days = {"from_day": "2026-03-30", "until_day": "2026-06-28"}
    opened = PlanningPeriodOpened.model_validate({**about, **days})
    (card,) = after(opened, a_wheel())
    assert needs_of(opened, an_envelope(opened)).keys == (("wheel", card.wheel_id),)
    frozen = PlanningPeriodFrozen.model_validate(
        {**about, "plan_version": 3, "frozen_operation_ids": ("op:akc-vast:1",)}
    )
    (card,) = after(frozen, card)
    (line, _) = wheel.lines_of(card, NOW, SWEDISH)
    assert (line.stage, line.num_frozen) == ("frozen", 1)


def test_the_figures_of_a_year_are_the_newest_that_were_counted() -> None:
    about = {"centre": CENTRE, "year": 2026}
    kpis = [{"code": "evaluations.share", "value": 0.5, "unit": "share", "definition_version": 1}]
    newer, older = (
        KpiSnapshotTaken.model_validate({**about, "as_of": day, "kpis": kpis, "snapshot_id": f"kpi:{CENTRE}:{day}"})
        for day in ("2026-05-07", "2026-05-06")
    )
    assert needs_of(newer, an_envelope(newer)).keys == (("figures", f"{CENTRE}/2026"),)
    (card,) = after(newer, None)
    assert (card.id, card.as_of.isoformat(), card.values) == (
        f"{CENTRE}/2026",
        "2026-05-07",
        {"evaluations.share": 0.5},
    )
    assert after(older, card) == []


def test_the_work_of_a_year_is_the_newest_that_was_counted() -> None:
    told = {"centre": CENTRE, "year": 2026, "definition_version": 1}
    newer, older = (WorkCounted.model_validate({**told, "as_of": day}) for day in ("2026-05-07", "2026-05-06"))
    assert needs_of(newer, an_envelope(newer)).keys == (("work", f"{CENTRE}/2026"),)
    (card,) = after(newer, None)
    assert (card.kind, card.id, card.status, card.as_of.isoformat()) == (
        "work",
        f"{CENTRE}/2026",
        "2026",
        "2026-05-07",
    )
    assert after(older, card) == []


def test_of_one_day_the_newer_word_counts_as_after_a_restore() -> None:
    told = {"centre": CENTRE, "year": 2026, "as_of": "2026-05-07", "snapshot_id": f"kpi:{CENTRE}:2026-05-07"}
    first, again = (
        KpiSnapshotTaken.model_validate(
            {**told, "kpis": [{"code": "evaluations.share", "value": v, "unit": "share", "definition_version": 1}]}
        )
        for v in (0.5, 0.75)
    )
    (card,) = after(first, None)
    later = an_envelope(again).model_copy(update={"time": NOW + timedelta(days=1)})

    (newer,) = hear(again, later, Known(CENTRE, {(card.kind, card.id): card}))
    assert isinstance(newer, FiguresCard)
    assert newer.values == {"evaluations.share": 0.75}
    assert after(first, newer) == []
