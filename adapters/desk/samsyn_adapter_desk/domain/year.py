"""What the page of a year tells, centre by centre: its wheels, and how far its targets are reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samsyn_contracts.periods import AnnualWheelPublished

from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_the_year import FiguresCard, TargetCard, WheelCard, WorkCard
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.domain.wheel import (
    UNITS,
    Deadline,
    Drawing,
    FixedLine,
    Line,
    Progress,
    Unit,
    drawing_of,
    evaluated_told,
    figures_told,
    fixed_lines_of,
    lines_of,
    next_deadline,
    own_part_told,
    progress_of,
    progress_told,
)
from samsyn_adapter_desk.domain.work import Tables, tables_of


@dataclass(frozen=True)
class Publication:
    """An own wheel that Samsyn has not taken: waiting, or rejected with reasons; the newest stands first."""

    wheel: AnnualWheelPublished
    state: str
    reasons: Sequence[Mapping[str, Any]] = ()

    def as_card(self, at: datetime) -> WheelCard:
        """As it would have been known, to be changed and published again."""
        told = self.wheel.model_dump(exclude={"by_function"})
        return WheelCard.model_validate({**told, "at": at})

    def is_of(self, card: WheelCard) -> bool:
        """Whether that is what the card shows."""
        return (self.wheel.wheel_id, self.wheel.version) == (card.wheel_id, card.version)


@dataclass(frozen=True)
class Known:
    """What a party knows of a year; `own_centre` is the party itself if it is a centre."""

    year: int
    own_centre: str | None
    wheels: Sequence[WheelCard] = ()
    targets: Sequence[TargetCard] = ()
    operations: Sequence[OperationCard] = ()
    figures: Sequence[FiguresCard] = ()
    unsettled: Sequence[Publication] = ()
    work: Sequence[WorkCard] = ()

    @property
    def years(self) -> set[int]:
        """Every year of which something has been told, and the one that is asked for."""
        return {self.year} | {card.year for card in self.wheels} | {card.year for card in self.targets}

    @property
    def centres(self) -> tuple[str, ...]:
        """The own centre first, then every other that has told something of the year."""
        own = () if self.own_centre is None else (self.own_centre,)
        told = {card.centre for card in self.wheels if card.year == self.year}
        told |= {card.centre for card in self.targets if card.year == self.year}
        return tuple(dict.fromkeys((*own, *sorted(told))))


@dataclass(frozen=True)
class Turned:
    """One wheel as the page shows it; `is_on_its_way` while Samsyn has not answered this version."""

    card: WheelCard
    lines: list[Line]
    fixed_days: list[FixedLine]
    drawing: Drawing
    due: Deadline | None
    is_on_its_way: bool


@dataclass(frozen=True)
class Reached:
    """How far a unit is, in sentences; who knows a part alone has no bar."""

    progress: Progress
    told: list[str]
    has_bar: bool


@dataclass(frozen=True)
class OfCentre:
    """What the page tells of one centre."""

    centre: str
    is_own: bool
    wheels: list[Turned]
    refused: list[Publication]
    reached: list[Reached]
    evaluated: str | None
    tables: Tables | None


def by_centre(known: Known, now: datetime, reader: Reader) -> list[OfCentre]:
    """Everything that the page of a year tells."""
    return [
        OfCentre(
            centre,
            centre == known.own_centre,
            [_turned(card, known, now, reader) for card in _of(known.wheels, centre, known.year)],
            refused_of(known) if centre == known.own_centre else [],
            [_reached(unit, centre, known, now, reader) for unit in UNITS],
            None if (figures := _figures(known, centre)) is None else evaluated_told(figures, reader),
            tables_of(figures, _work(known, centre), reader),
        )
        for centre in known.centres
    ]


def _figures(known: Known, centre: str) -> FiguresCard | None:
    return next((card for card in known.figures if (card.centre, card.year) == (centre, known.year)), None)


def _work(known: Known, centre: str) -> WorkCard | None:
    return next((card for card in known.work if (card.centre, card.year) == (centre, known.year)), None)


def _of(wheels: Sequence[WheelCard], centre: str, year: int) -> list[WheelCard]:
    return [card for card in wheels if (card.centre, card.year) == (centre, year) and not card.is_refused]


def refused_of(known: Known) -> list[Publication]:
    """The own version that was refused last, while no newer one than it is in force."""
    in_force = max((card.version for card in _of(known.wheels, known.own_centre or "", known.year)), default=0)
    rejected = (each for each in known.unsettled if each.state == "rejected" and each.wheel.year == known.year)
    return [each for each in rejected if each.wheel.version > in_force][:1]


def _turned(card: WheelCard, known: Known, now: datetime, reader: Reader) -> Turned:
    return Turned(
        card,
        lines_of(card, now, reader),
        fixed_lines_of(card, reader),
        drawing_of(card, now, reader),
        next_deadline(card, now),
        any(each.state == "waiting" and each.is_of(card) for each in known.unsettled),
    )


def _reached(unit: Unit, centre: str, known: Known, now: datetime, reader: Reader) -> Reached:
    wanted = (centre, known.year, unit)
    target = next((card for card in known.targets if (card.centre, card.year, card.unit) == wanted), None)
    progress = progress_of(unit, centre, known.year, known.operations, target, now)
    is_own = centre == known.own_centre
    told = (progress_told if is_own else own_part_told)(progress, reader)
    if (figures := _figures(known, centre)) is not None:
        told += figures_told(unit, figures, reader, with_done=not is_own)
    return Reached(progress, told, is_own and target is not None and target.target > 0)
