"""Until when a problem asks the same if nothing but time passes: every limit of planning.md that `now` can cross."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.valid_until import Crossing, valid_until
from samsyn_planning.domain.verifier import objective_of

from tests.support.planning_forms import (
    STOCKHOLM,
    Form,
    a_problem,
    a_session,
    a_team_session,
    a_visit,
    an_inspection,
    an_operation,
    at,
)

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
FREEZE, NOTICE, REST_KEPT = 3 * DAY, DAY, 12 * HOUR
MOVING = (("now", timedelta()), ("freeze_until", FREEZE), ("no_new_team_before", NOTICE))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def asked_at(problem: Form, now: datetime) -> Form:
    """The problem as the service would ask it then: what follows `now` goes with it."""
    return {**problem, **{field: (now + ahead).isoformat() for field, ahead in MOVING}}


def a_centre(now: str, *starts: str, published: tuple[str, ...] = (), hours: int = 8, **more: Any) -> Form:
    """A problem whose sessions s1, s2 … start then; those named in `published` hold an operation."""
    sessions = []
    for number, start in enumerate(starts, 1):
        end = (instant(start) + hours * HOUR).isoformat()
        sessions.append(a_session(f"s{number}", start_at=start, end_at=end))
    operations = [an_operation(session, [a_visit(f"i-{session}")]) for session in published]
    own = {"published": {"schema": "samsyn-plan/1", "operations": operations} if published else None}
    problem = a_problem(sessions, [], [], lost=[], hold=[], rules={}, **own) | more
    return asked_at(problem, instant(now))


def first(problem: Form) -> Crossing:
    found = valid_until(problem, REST_KEPT)
    assert found is not None
    return found


def local(crossing: Crossing) -> str:
    return crossing.at.astimezone(STOCKHOLM).isoformat()


@pytest.mark.parametrize(
    ("now", "until", "reason"),
    [
        (at(6, 9), at(7, 0), "earliness"),
        (at(6, 7), at(6, 8), "near"),
        (at(10, 7), at(10, 8), "near"),
        (at(10, 8), at(10, 8, 0, 1), "frozen"),
        (at(10, 9), at(12, 8, 0, 1), "notice"),
        (at(12, 9), at(13, 8), "started"),
        (at(13, 9), at(14, 4), "past"),
    ],
)
def test_each_limit_is_crossed_in_its_turn(now: str, until: str, reason: str) -> None:
    found = first(a_centre(now, at(13, 8), published=("s1",)))

    assert (local(found), found.reason) == (until, reason)


def test_readiness_is_asked_for_from_a_second_after_its_limit() -> None:
    problem = a_centre(at(12, 8), at(13, 8), rules={"readiness_seconds": 3600})

    found = first(problem)

    assert (local(found), found.reason) == (at(12, 8, 0, 1), "notice")
    later = first(asked_at(problem, instant(at(12, 9))))
    assert (local(later), later.reason) == (at(13, 7, 0, 1), "readiness")


def test_a_session_that_is_published_nowhere_has_no_bands_of_nearness() -> None:
    assert first(a_centre(at(6, 7), at(13, 8))).reason == "earliness"


def test_what_was_moved_today_is_held_until_midnight() -> None:
    found = first(a_centre(at(12, 11), at(13, 10), hold=["op:s1"], published=("s1",)))

    assert (local(found), found.reason) == (at(13, 0), "held_today")


def test_a_day_is_a_day_in_sweden_also_where_clocks_change() -> None:
    """Six days before Sunday 2 November 2025 is the Monday after the Sunday that has 25 hours."""
    found = first(a_centre(at(25, 12, month=10), at(2, 8, month=11)))

    assert found == Crossing(datetime(2025, 10, 26, 23, tzinfo=UTC), "earliness")


def test_time_changes_nothing_where_nothing_is_offered() -> None:
    assert valid_until(a_centre(at(5, 8)), REST_KEPT) is None


def relevant(problem: Form, now: datetime) -> list[object]:
    """What planning.md lets `now` decide, word for word, of a problem asked then."""
    told = asked_at(problem, now)
    facts: list[object] = []
    for session in told["sessions"]:
        start, end = instant(session["start_at"]), instant(session["end_at"])
        notice = (start - now).total_seconds()
        facts += [start <= now, start < now + FREEZE, start < now + NOTICE, notice < 259200]
        for day in {start.astimezone(STOCKHOLM).date(), end.astimezone(STOCKHOLM).date()}:
            facts.append(max(0, 10 - max(0, (day - now.astimezone(STOCKHOLM).date()).days) // 7))
        facts.append(end + REST_KEPT > now)
        if any(o["session"] == session["id"] for o in (told["published"] or {"operations": []})["operations"]):
            facts.append(4 if notice <= 259200 else 3 if notice <= 604800 else 2 if notice <= 1209600 else 1)
    if told["hold"]:
        facts.append(now.astimezone(STOCKHOLM).date())
    return facts


START = datetime(2025, 3, 28, 6, tzinfo=UTC)  # the week in which clocks change
offsets = st.integers(0, 90 * 24 * 4).map(lambda quarters: START + quarters * 15 * MINUTE)


@settings(max_examples=300, deadline=None)
@given(
    now=st.integers(0, 30 * 24 * 3600).map(lambda seconds: START + seconds * SECOND),
    starts=st.lists(offsets, min_size=1, max_size=4),
    num_published=st.integers(0, 4),
    held=st.booleans(),
    hours=st.integers(1, 12),
    share=st.floats(0, 1),
)
def test_nothing_that_counts_changes_before_it_and_something_does_then(
    now: datetime, starts: list[datetime], num_published: int, held: bool, hours: int, share: float
) -> None:
    published = tuple(f"s{number}" for number in range(1, min(num_published, len(starts)) + 1))
    hold = [f"op:{session}" for session in published[:1]] if held else []
    texts = [start.isoformat() for start in starts]
    problem = a_centre(now.isoformat(), *texts, published=published, hours=hours, hold=hold)
    found = valid_until(problem, REST_KEPT)
    before = relevant(problem, now)
    if found is None:
        assert relevant(problem, now + 400 * DAY) == before
        return
    between = now + (found.at - now) * share
    between = between.replace(microsecond=0)
    for same in (between, found.at - SECOND):
        if now <= same < found.at:
            assert relevant(problem, same) == before
    assert relevant(problem, found.at) != before


@settings(max_examples=25, deadline=None)
@given(
    hour=st.integers(0, 23),
    days=st.lists(st.integers(11, 27), min_size=2, max_size=4, unique=True),
    share=st.floats(0, 1),
)
def test_a_plan_made_now_is_the_plan_of_any_instant_before_it(hour: int, days: list[int], share: float) -> None:
    """Solved, not argued: operations and figures are the same, and the verifier gives them the same points."""
    sessions = [a_session(f"s{day}", day) for day in days]
    teams = [a_team_session(f"t{day}", day=day) for day in days]
    windows = [[at(day, 8), at(day, 16)] for day in sorted(days)]
    inspections = [an_inspection(f"i{day}", value=60 + day, time_windows=windows) for day in days]
    problem = asked_at(a_problem(sessions, teams, inspections, hold=[], lost=[], rules={}), instant(at(9, hour)))
    published = solve(problem, Limit(seconds=None, work=200))
    problem = {**problem, "published": published, "lost": [{"id": f"s{days[0]}", "cause": "c1"}]}
    found = first(problem)
    now = instant(problem["now"])
    later = asked_at(problem, (now + (found.at - SECOND - now) * share).replace(microsecond=0))

    plan, of_later = (solve(one, Limit(seconds=None, work=200)) for one in (problem, later))

    assert of_later["operations"] == plan["operations"]
    assert objective_of(later, plan["operations"]) == objective_of(problem, plan["operations"])
    assert of_later["objective"] == plan["objective"]
