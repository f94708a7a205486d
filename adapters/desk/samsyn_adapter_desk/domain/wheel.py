"""Where everything of a year stands on its wheel, what its list tells, and how far the year's targets are reached."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from samsyn_contracts.periods import Period

from samsyn_adapter_desk import moments
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_the_year import FiguresCard, TargetCard, WheelCard
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.marks import msgid

Unit = Literal["inspections", "operations"]
Stage = Literal["ahead", "opened", "frozen", "over"]
UNITS: tuple[Unit, ...] = ("inspections", "operations")
# In the order in which they come, as the contract has them.
DEADLINES: Mapping[str, str] = {
    "capacity_call_by": msgid("Offer capacity by"),
    "information_by": msgid("Describe sites by"),
    "freeze_at": msgid("Frozen at"),
    "evaluate_by": msgid("Evaluate by"),
}
MONTHS = range(1, 13)
# The drawing's own lengths; its middle is 0, 0, and it is 112 to each side, 108 up and down.
RING, NAMES_OF_MONTHS = 74.0, 98.0
SHORTEST_NUMBERED = 8  # days; a shorter period has no room for its number


@dataclass(frozen=True)
class Part:
    """A period on the ring: `first` counts days from 1 January (0), `num_days` are those of this year."""

    number: int
    first: int
    num_days: int


@dataclass(frozen=True)
class Spot:
    """A text on the wheel, by its middle; y grows downwards."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """A wheel as it is drawn: angles in degrees, clockwise from 1 January at the top."""

    num_days: int
    parts: tuple[Part, ...]
    numbers: tuple[Spot, ...]
    months: tuple[Spot, ...]
    month_angles: tuple[float, ...]
    freeze_angles: tuple[float, ...]
    fixed_angles: tuple[float, ...]
    now_angle: float | None


@dataclass(frozen=True)
class Line:
    """A period as a row of the list; `number` is its number on the wheel, too."""

    number: int
    period: Period
    weeks: str
    days: str
    theme: str
    stage: Stage
    is_now: bool
    num_frozen: int


@dataclass(frozen=True)
class FixedLine:
    """A fixed day as a row of the list, in the reader's words."""

    day: date
    at: str
    name: str


@dataclass(frozen=True)
class Deadline:
    """Something that is due in a period: `label` is a text of the catalogue."""

    label: str
    period_id: str
    at: datetime


@dataclass(frozen=True)
class Progress:
    """How far one unit is: done, of which target if there is one, and how much of the year has passed (0 to 1)."""

    unit: Unit
    done: int
    passed: float
    target: TargetCard | None = None

    @property
    def at_even_pace(self) -> int:
        """What would be done by now if every day brought as much."""
        return math.floor(self.passed * self.target.target) if self.target else 0


def num_days_of(year: int) -> int:
    """365 or 366."""
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def bounds_of(year: int) -> tuple[datetime, datetime]:
    """The year's first instant in Sweden, and the first after it."""
    return datetime(year, 1, 1, tzinfo=moments.STOCKHOLM), datetime(year + 1, 1, 1, tzinfo=moments.STOCKHOLM)


def passed_of(year: int, now: datetime) -> float:
    """The share of a year that has passed, from 0 to 1."""
    first, after = bounds_of(year)
    return min(1.0, max(0.0, (now - first) / (after - first)))


def angle_of(day: date, year: int) -> float | None:
    """Where the middle of a day is; None for a day of another year."""
    if day.year != year:
        return None
    return ((day - date(year, 1, 1)).days + 0.5) / num_days_of(year) * 360


def drawing_of(card: WheelCard, now: datetime, reader: Reader) -> Drawing:
    """The wheel of a year, as far as it lies in that year; the list tells the rest."""
    year, periods = card.year, in_order(card)
    parts = [part for number, period in enumerate(periods, 1) if (part := _part(number, period, year)) is not None]
    freezes = [moments.local(period.freeze_at).date() for period in periods if period.freeze_at is not None]
    names = moments.MONTHS[reader.language]
    return Drawing(
        num_days=num_days_of(year),
        parts=tuple(parts),
        numbers=tuple(_numbered(part, year) for part in parts if part.num_days >= SHORTEST_NUMBERED),
        months=tuple(_spot(_degrees(date(year, n, 16), year), NAMES_OF_MONTHS, names[n - 1]) for n in MONTHS),
        month_angles=tuple(_degrees(date(year, n, 1), year) for n in MONTHS),
        freeze_angles=_angles(freezes, year),
        fixed_angles=_angles((fixed.day for fixed in card.fixed_days), year),
        now_angle=angle_of(moments.local(now).date(), year),
    )


def in_order(card: WheelCard) -> list[Period]:
    """Its periods, the first of the year first."""
    return sorted(card.periods, key=lambda period: period.from_day)


def lines_of(card: WheelCard, now: datetime, reader: Reader) -> list[Line]:
    """The wheel as a list: a row a period, in the order of the year."""
    today = moments.local(now).date()
    return [
        Line(
            number=number,
            period=period,
            weeks=weeks_of(period, reader),
            days=f"{_day(period.from_day, card.year, reader)} – {_day(period.until_day, card.year, reader)}",
            theme="" if period.theme is None else reader.pick(period.theme.sv, period.theme.en),
            stage=_stage(card, period, today),
            is_now=period.from_day <= today <= period.until_day,
            num_frozen=len(card.frozen.get(period.period_id, ())),
        )
        for number, period in enumerate(in_order(card), 1)
    ]


def fixed_lines_of(card: WheelCard, reader: Reader) -> list[FixedLine]:
    """The fixed days in the order of the year, each with its week."""
    days = sorted(card.fixed_days, key=lambda fixed: fixed.day)
    return [FixedLine(fixed.day, _day_and_week(fixed.day, reader), reader.pick(fixed.sv, fixed.en)) for fixed in days]


def weeks_of(period: Period, reader: Reader) -> str:
    """From week to week, "v. 14–v. 26"; one week alone where it is one."""
    first, last = (moments.week(day, reader.language) for day in (period.from_day, period.until_day))
    is_one = period.until_day - period.from_day < timedelta(weeks=1) and first == last
    return first if is_one else f"{first}–{last}"


def deadlines_of(card: WheelCard) -> list[Deadline]:
    """Everything that is due in its periods, the earliest first."""
    found = [
        Deadline(label, period.period_id, at)
        for period in card.periods
        for name, label in DEADLINES.items()
        if (at := getattr(period, name)) is not None
    ]
    return sorted(found, key=lambda deadline: (deadline.at, deadline.period_id))


def next_deadline(card: WheelCard, now: datetime) -> Deadline | None:
    """What is due next."""
    return next((deadline for deadline in deadlines_of(card) if deadline.at > now), None)


def progress_of(
    unit: Unit, centre: str, year: int, operations: Iterable[OperationCard], target: TargetCard | None, now: datetime
) -> Progress:
    """What of one unit is done, by the ledger's counting: in operations that ended, each inspection once."""
    ended = [card for card in operations if _has_ended(card, centre, year)]
    done = {
        "inspections": len({inspection_id for card in ended for inspection_id in card.done_inspection_ids}),
        "operations": sum(bool(card.counts_as_operation) for card in ended),
    }
    return Progress(unit, done[unit], passed_of(year, now), target)


def progress_told(progress: Progress, reader: Reader) -> list[str]:
    """How far the centre is, in sentences: against the target, the year that has passed and the year before."""
    target = progress.target
    if target is None:
        return [reader.text(DONE_WITHOUT_TARGET[progress.unit], done=progress.done)]
    told = {"done": progress.done, "target": target.target}
    return [
        reader.text(DONE_OF_TARGET[progress.unit], **told),
        _pace(progress, reader),
        reader.text(msgid("The year before: %(baseline)d."), baseline=target.baseline),
    ]


def own_part_told(progress: Progress, reader: Reader) -> list[str]:
    """The same for a party that knows of its own operations alone: its part, and the centre's target beside it."""
    told = [reader.text(OWN_PART[progress.unit], done=progress.done)]
    if progress.target is not None:
        numbers = {"target": progress.target.target, "baseline": progress.target.baseline}
        told.append(reader.text(msgid("The centre's target: %(target)d. The year before: %(baseline)d."), **numbers))
    return told


def figures_told(unit: Unit, figures: FiguresCard, reader: Reader, *, with_done: bool) -> list[str]:
    """What reporting has counted of a unit, for the whole centre: done, as far a year ago, what the year comes to."""
    numbers = {name: figures.values.get(f"targets.{unit}.{name}") for name in OF_FIGURES}
    day = _day(figures.as_of, figures.year, reader)
    told = []
    if with_done and numbers["to_date"] is not None and numbers["target"] is not None:
        counted = msgid("The whole centre up to %(day)s: %(done)d of %(target)d.")
        told.append(reader.text(counted, day=day, done=numbers["to_date"], target=numbers["target"]))
    if numbers["last_year_to_date"] is not None:
        told.append(
            reader.text(msgid("As many days into the year before: %(before)d."), before=numbers["last_year_to_date"])
        )
    if numbers["forecast"] is not None and numbers["target"] is not None:
        sentence = BELOW if numbers["forecast"] < numbers["target"] else REACHED
        told.append(reader.text(sentence, day=day, forecast=numbers["forecast"]))
    return told


def evaluated_told(figures: FiguresCard, reader: Reader) -> str | None:
    """How many of the year's evaluations are in: quantity is never told without how it went."""
    share = figures.values.get("evaluations.share")
    told = msgid("Of the evaluations of the year's operations %(share)d percent are in.")
    return None if share is None else reader.text(told, share=math.floor(share * 100))


def _pace(progress: Progress, reader: Reader) -> str:
    if progress.passed <= 0:
        return reader.text(msgid("The year has not begun."))
    if progress.passed >= 1:
        return reader.text(msgid("The year is over."))
    told = msgid("%(share)d percent of the year has passed; at an even pace it would be %(even)d.")
    return reader.text(told, share=math.floor(progress.passed * 100), even=progress.at_even_pace)


def _day(day: date, year: int, reader: Reader) -> str:
    """A day of the year, or with its own year a day of another."""
    return (moments.day if day.year == year else moments.day_and_year)(day, reader.language)


def _day_and_week(day: date, reader: Reader) -> str:
    return f"{moments.day(day, reader.language)} ({moments.week(day, reader.language)})"


def _has_ended(card: OperationCard, centre: str, year: int) -> bool:
    """Whether Samsyn has told what came of it: a completion says whether it counts, whatever its outcome."""
    is_told = card.counts_as_operation is not None
    return is_told and card.centre == centre and moments.local(card.slot.start_at).year == year


def _stage(card: WheelCard, period: Period, today: date) -> Stage:
    if period.until_day < today:
        return "over"
    if period.period_id in card.frozen:
        return "frozen"
    return "opened" if period.period_id in card.opened else "ahead"


def _part(number: int, period: Period, year: int) -> Part | None:
    first = max(period.from_day, date(year, 1, 1))
    last = min(period.until_day, date(year, 12, 31))
    if last < first:
        return None
    return Part(number, (first - date(year, 1, 1)).days, (last - first).days + 1)


def _numbered(part: Part, year: int) -> Spot:
    return _spot((part.first + part.num_days / 2) / num_days_of(year) * 360, RING, str(part.number))


def _degrees(day: date, year: int) -> float:
    """Where a day of the year begins."""
    return round((day - date(year, 1, 1)).days / num_days_of(year) * 360, 2)


def _angles(days: Iterable[date], year: int) -> tuple[float, ...]:
    found = (angle_of(day, year) for day in days)
    return tuple(round(angle, 2) for angle in found if angle is not None)


def _spot(degrees: float, radius: float, text: str) -> Spot:
    turned = math.radians(degrees)
    return Spot(round(radius * math.sin(turned), 1), round(-radius * math.cos(turned), 1), text)


OF_FIGURES = ("target", "to_date", "last_year_to_date", "forecast")
BELOW = msgid("At the pace up to %(day)s the year comes to %(forecast)d: below the target.")
REACHED = msgid("At the pace up to %(day)s the year comes to %(forecast)d: the target is reached.")
DONE_OF_TARGET: Mapping[Unit, str] = {
    "inspections": msgid("%(done)d of %(target)d inspections are done."),
    "operations": msgid("%(done)d of %(target)d operations are carried out."),
}
DONE_WITHOUT_TARGET: Mapping[Unit, str] = {
    "inspections": msgid("Inspections done: %(done)d. No target is set."),
    "operations": msgid("Operations carried out: %(done)d. No target is set."),
}
OWN_PART: Mapping[Unit, str] = {
    "inspections": msgid("Inspections done that your party has heard of: %(done)d."),
    "operations": msgid("Operations carried out that your party has heard of: %(done)d."),
}
