"""The tables of a year's work: by programme to everybody, by agency and by area to the centre alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samsyn_contracts.register import programme_names

from samsyn_adapter_desk import moments
from samsyn_adapter_desk.domain.cards_of_the_year import FiguresCard, WorkCard
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.marks import msgid


@dataclass(frozen=True)
class Line:
    """A row: what it is of, and its numbers in the order of the table's columns."""

    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Tables:
    """What is told of a year's work; a table of which nothing was told is empty, and `until` names the day."""

    until: str
    programmes: Sequence[Line] = ()
    agencies: Sequence[Line] = ()
    areas: Sequence[Line] = ()


def tables_of(figures: FiguresCard | None, work: WorkCard | None, reader: Reader) -> Tables | None:
    """The tables of a centre, None where nothing was told; the two are counted on the same day, or one is as before."""
    newest = max((card.as_of for card in (figures, work) if card is not None), default=None)
    if newest is None:
        return None
    return Tables(
        until=moments.day(newest, reader.language),
        programmes=[] if figures is None else _programmes(figures, reader),
        agencies=[] if work is None else _agencies(work, reader),
        areas=[] if work is None else _areas(work, reader),
    )


def _programmes(figures: FiguresCard, reader: Reader) -> list[Line]:
    """Insatser and kontroller of each programme in which there are any."""
    lines = []
    for code in programme_names():
        of = f"programmes.{code.replace('-', '_')}"
        done = [int(figures.values.get(f"{of}.{name}", 0)) for name in ("counting_operations", "inspections_done")]
        lines += [Line(reader.programme(code), tuple(done))] if any(done) else []
    return lines


def _agencies(work: WorkCard, reader: Reader) -> list[Line]:
    lines = [
        Line(reader.party(one.agency), (one.joined_operations, one.initiated_operations, one.initiated_inspections))
        for one in work.agencies
    ]
    return sorted(lines, key=lambda line: moments.in_order(line.name))


def _areas(work: WorkCard, reader: Reader) -> list[Line]:
    """By name, and last those where few inspections are wanted, which are told together."""
    named = sorted(
        ((one.area is None, reader.municipality(one.area or ""), one) for one in work.areas),
        key=lambda each: (each[0], moments.in_order(each[1])),
    )
    together = reader.text(msgid("other areas, together"))
    return [
        Line(
            together if is_rest else name,
            (one.wanted_inspections, one.planned_inspections, one.inspections_done, one.counting_operations),
        )
        for is_rest, name, one in named
    ]
