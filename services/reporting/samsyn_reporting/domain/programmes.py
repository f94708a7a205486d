"""What each programme comes to: AKC, GVI, a city's own, others; an operation is of those of its inspections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field
from samsyn_contracts.register import programme_names

from samsyn_reporting.domain.carried_out import Day
from samsyn_reporting.domain.told import Value
from samsyn_reporting.domain.units import Proposal
from samsyn_reporting.domain.work import NOTHING, work_by

OTHER = "other"


class OfProgramme(Value):
    """What was planned and carried out within one programme."""

    programme: Annotated[str, Field(description="Code of the register's list; what is not listed is `other`")]
    planned_operations: Annotated[int, Field(description="Operations of the period that have an occasion")]
    planned_inspections: Annotated[int, Field(description="Inspections of those operations")]
    counting_operations: Annotated[int, Field(description="Insatser: ended, and count by the centre's dated rule")]
    inspections_done: Annotated[int, Field(description="Kontroller: done in operations that ended")]

    @property
    def code(self) -> str:
        """The programme as it stands in the code of an indicator."""
        return self.programme.replace("-", "_")

    @property
    def carried_out(self) -> tuple[tuple[str, int, Literal["operations", "inspections"]], ...]:
        """What is done, with its name and unit: two units that are never added."""
        return (
            ("counting_operations", self.counting_operations, "operations"),
            ("inspections_done", self.inspections_done, "inspections"),
        )


def programmes_of(days: Sequence[Day], proposals: Mapping[str, Proposal]) -> tuple[OfProgramme, ...]:
    """A row for every programme of the register's list; an inspection whose proposal was not heard is in none.

    No row at all while one that is counted was proposed before its programme was kept: whichever rows it belongs to
    would be too low, and nobody would see it. Who proposes names a programme always, so None says nothing else.
    """
    unkept = [id_ for id_, one in proposals.items() if one.programme is None]
    if work_by(days, dict.fromkeys(unkept, OTHER)):
        return ()
    found = work_by(days, {id_: _listed(one.programme) for id_, one in proposals.items() if one.programme is not None})
    return tuple(OfProgramme(programme=code, **dict(found.get(code, NOTHING))) for code in programme_names())


def _listed(programme: str) -> str:
    return programme if programme in programme_names() else OTHER
