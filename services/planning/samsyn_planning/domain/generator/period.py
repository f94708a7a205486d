"""The weeks that a generated problem covers: drawn by the seed among weeks that hold no red weekday."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from samsyn_planning.domain.generator.chance import Chance

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# First Mondays such that seven weeks from them hold no red weekday; some hold the night when clocks change.
FIRST_MONDAYS = tuple(
    date(2025, 1, 13) + timedelta(weeks=week) for week in (0, 1, 2, 3, 4, 5, 31, 32, 33, 34, 35, 36, 38, 40, 41)
) + tuple(date(2026, 1, 12) + timedelta(weeks=week) for week in (0, 1, 2, 3, 31, 32, 33, 34, 36, 38, 40))


@dataclass(frozen=True, slots=True)
class Period:
    """So many weeks from a Monday; the problem's now is 08:00 on that Monday and planning begins on the Wednesday."""

    monday: date
    num_weeks: int

    @property
    def now_at(self) -> datetime:
        """08:00 on the first Monday."""
        return at(self.monday, 8 * 60)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day from the first Wednesday to the last Sunday."""
        return tuple(self.monday + timedelta(days=day) for day in range(2, 7 * self.num_weeks))


def drawn_period(chance: Chance, num_weeks: int) -> Period:
    """A period of so many weeks."""
    return Period(chance.one(FIRST_MONDAYS), num_weeks)


def at(day: date, minutes: int) -> datetime:
    """The instant so many minutes of the clock after the day's midnight; 24 * 60 is the midnight that ends it."""
    return datetime.combine(day + timedelta(days=minutes // 1440), time(minutes % 1440 // 60, minutes % 60), STOCKHOLM)


def text(day: date, minutes: int) -> str:
    """The instant as ISO text with its offset."""
    return at(day, minutes).isoformat()
