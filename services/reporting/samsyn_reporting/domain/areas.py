"""How far each area is covered: what was wanted, planned and done in a municipality; small numbers without its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field
from samsyn_contracts.indicators import FEWEST_OF_AN_AREA

from samsyn_reporting.domain.carried_out import Day
from samsyn_reporting.domain.told import Value
from samsyn_reporting.domain.units import Proposal
from samsyn_reporting.domain.work import NOTHING, work_by

ELSEWHERE = "elsewhere"


class OfArea(Value):
    """What was wanted, planned and done in one area."""

    area: Annotated[
        str | None, Field(description="Municipality code; absent for all areas where fewer than 5 are wanted, together")
    ]
    wanted_inspections: Annotated[int, Field(description="Proposed in the period, or planned or done in it")]
    planned_inspections: Annotated[int, Field(description="Of operations of the period that have an occasion")]
    inspections_done: Annotated[int, Field(description="Kontroller: done in operations that ended")]
    counting_operations: Annotated[int, Field(description="Insatser: ended, and count by the centre's dated rule")]

    @property
    def code(self) -> str:
        """The area as it stands in the code of an indicator."""
        return self.area or ELSEWHERE


def areas_of(days: Sequence[Day], proposals: Mapping[str, Proposal], wanted_ids: Collection[str]) -> tuple[OfArea, ...]:
    """A row for each area where at least five inspections are wanted, by code; then one for all others together.

    `wanted_ids` are the inspections proposed in the period. One whose proposal was not heard is in no area. No row at
    all while one was proposed before its municipality was kept: it would be missing in an area that nobody can name.
    """
    listed = {*wanted_ids, *(id_ for day in days for id_ in _taken_up(day))} & proposals.keys()
    area_of = {id_: area for id_ in listed if (area := proposals[id_].municipality) is not None}
    if len(area_of) < len(listed):
        return ()
    wanted = Counter(area_of.values())
    shown = {id_: area if wanted[area] >= FEWEST_OF_AN_AREA else ELSEWHERE for id_, area in area_of.items()}
    found, num_wanted = work_by(days, shown), Counter(shown.values())
    return tuple(
        OfArea(
            area=None if area == ELSEWHERE else area,
            wanted_inspections=num_wanted[area],
            **found.get(area, NOTHING).model_dump(exclude={"planned_operations"}),
        )
        for area in sorted(num_wanted)
    )


def _taken_up(day: Day) -> Iterator[str]:
    yield from day.operation.inspection_ids if day.operation.stands else ()
    yield from () if day.ending is None else day.ending.done_ids
