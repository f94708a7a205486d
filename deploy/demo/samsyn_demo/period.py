"""The weeks that a demo covers, checked, and the days on which anything can be planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from samsyn_demo.input_error import DemoInputError
from samsyn_demo.places import CITY_OF_CENTRE, is_red, local, red_days

MAX_WEEKS = 26


@dataclass(frozen=True)
class Period:
    """A centre's weeks: `num_weeks` times seven days from `from_day`, made by the seed."""

    centre: str
    from_day: date
    num_weeks: int
    seed: int

    def own_id(self, local_id: str) -> str:
        """An id that no other centre's world has: agencies take part in several centres under one code."""
        return f"{self.centre.removeprefix('akc-')}-{local_id}"

    @property
    def starts_at(self) -> datetime:
        """A week before the first day at 08:00, so that requests can be asked and answered."""
        return local(self.from_day - timedelta(days=7), 8)

    @property
    def ends_at(self) -> datetime:
        """The midnight that ends the last day."""
        return local(self.days[-1], 24)

    @property
    def days(self) -> tuple[date, ...]:
        """All days."""
        return tuple(self.from_day + timedelta(days=n) for n in range(7 * self.num_weeks))

    @property
    def weeks(self) -> tuple[tuple[date, ...], ...]:
        """The days of each week."""
        days = self.days
        return tuple(days[n : n + 7] for n in range(0, len(days), 7))

    @property
    def theme_day(self) -> date:
        """The day of joint effort: a middle weekday of the last week but one, so that weeks remain for a rescue."""
        week = self.weeks[max(0, self.num_weeks - 2)]
        working = [day for day in week if is_working(day)]
        return min(working or week, key=lambda day: (abs(day.weekday() - 2), day))

    def randomness(self, *purpose: str) -> Random:
        """Randomness of its own for each purpose: what one part draws never moves what another draws."""
        return Random(":".join([str(self.seed), self.centre, self.from_day.isoformat(), *purpose]))


def is_working(day: date) -> bool:
    """Whether a day is Monday to Friday and not red."""
    return day.weekday() < 5 and not is_red(day)


def checked_period(centre: str, from_day: date, weeks: int, seed: int) -> Period:
    """The period asked for; raises DemoInputError naming the option and the remedy."""
    if centre not in CITY_OF_CENTRE:
        raise DemoInputError(
            "--centre", f"there is no centre {centre!r}", f"Choose one of {', '.join(CITY_OF_CENTRE)}."
        )
    if not 1 <= weeks <= MAX_WEEKS:
        raise DemoInputError("--weeks", f"{weeks} weeks cannot be run", f"Give 1 to {MAX_WEEKS}.")
    first, last = min(red_days()), max(red_days())
    if not first <= from_day <= last - timedelta(days=7 * weeks):
        raise DemoInputError(
            "--from",
            f"the calendar of red days covers {first} to {last}, not {weeks} weeks from {from_day}",
            f"Give a day from {first} to {last - timedelta(days=7 * weeks)}.",
        )
    period = Period(centre, from_day, weeks, seed)
    empty = [week[0] for week in period.weeks if not any(map(is_working, week))]
    if empty:
        raise DemoInputError("--from", f"the week from {empty[0]} has no working day", "Choose other weeks.")
    return period
