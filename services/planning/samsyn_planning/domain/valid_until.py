"""Until when a problem goes on asking the same, if nothing but time passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from samsyn_planning.domain.ladder import STOCKHOLM

# What planning.md says of time: bands of nearness, readiness, and how long an early day is worth points.
NEAR_BANDS = (timedelta(days=3), timedelta(days=7), timedelta(days=14))
READINESS_SECONDS = 259_200
WEEKS_WORTH_POINTS = 10
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


class Crossing(NamedTuple):
    """An instant from which the planner is asked something else, and why: a word for logs and pages."""

    at: datetime
    reason: str


def valid_until(problem: Mapping[str, Any], rest_kept: timedelta) -> Crossing | None:
    """The first instant after `now` at which the passing of time alone changes what the planner is asked.

    `freeze_until` and `no_new_team_before` follow `now`, as the service writes them; what ended `rest_kept` ago is left
    out by it. Windows and deadlines bind when inspections start, never `now`. None if time changes nothing.
    """
    now = _at(problem["now"])
    return min((crossing for crossing in _crossings(problem, now, rest_kept) if crossing.at > now), default=None)


def _crossings(problem: Mapping[str, Any], now: datetime, rest_kept: timedelta) -> Iterator[Crossing]:
    for session in problem["sessions"]:
        yield from _of_session(problem, _at(session["start_at"]), now)
        yield from _earlier_weeks(session, now)
    yield from _nearer(problem)
    for offered in (*problem["sessions"], *problem["team_sessions"]):
        yield Crossing(_at(offered["end_at"]) + rest_kept, "past")
    for row in problem.get("weights", {}).get("theme", ()):
        yield Crossing(_at(row["to"]), "theme_over")
    if problem["hold"]:
        yield Crossing(_midnight(_day(now) + DAY), "held_today")


def _of_session(problem: Mapping[str, Any], start: datetime, now: datetime) -> Iterator[Crossing]:
    yield Crossing(start, "started")
    readiness = problem["rules"].get("readiness_seconds", READINESS_SECONDS)
    yield Crossing(start - timedelta(seconds=readiness) + SECOND, "readiness")
    for field, reason in (("freeze_until", "frozen"), ("no_new_team_before", "notice")):
        if problem[field] is not None:
            yield Crossing(start - (_at(problem[field]) - now) + SECOND, reason)


def _nearer(problem: Mapping[str, Any]) -> Iterator[Crossing]:
    """What is published and not lost weighs more the sooner it starts."""
    starts = {session["id"]: _at(session["start_at"]) for session in problem["sessions"]}
    for operation in (problem["published"] or {"operations": ()})["operations"]:
        if operation["session"] in starts:
            yield from (Crossing(starts[operation["session"]] - band, "near") for band in NEAR_BANDS)


def _earlier_weeks(session: Mapping[str, Any], now: datetime) -> Iterator[Crossing]:
    """A day is worth a point less for each whole week from today to it: at some midnight it is a week less."""
    day, last = _day(_at(session["start_at"])), _day(_at(session["end_at"]))
    while day <= last:
        weeks = min(max(0, (day - _day(now)).days) // 7, WEEKS_WORTH_POINTS)
        if weeks > 0:
            yield Crossing(_midnight(day - (7 * weeks - 1) * DAY), "earliness")
        day += DAY


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _day(instant: datetime) -> datetime:
    """The day in Sweden, as a midnight without offset: days of it are all as long."""
    return datetime.combine(instant.astimezone(STOCKHOLM).date(), time.min)


def _midnight(day: datetime) -> datetime:
    return day.replace(tzinfo=STOCKHOLM).astimezone(UTC)
