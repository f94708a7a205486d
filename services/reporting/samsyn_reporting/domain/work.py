"""The same four counts, parted by whatever each inspection belongs to: a programme, an agency, an area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from samsyn_reporting.domain.carried_out import Day
from samsyn_reporting.domain.told import Value

Counted = tuple[str, str, str]  # the part, what is counted, and the id of one such thing


class Work(Value):
    """Operations with an occasion and their inspections; insatser and kontroller. Each thing once in a part."""

    planned_operations: int = 0
    planned_inspections: int = 0
    counting_operations: int = 0
    inspections_done: int = 0


NOTHING = Work()


def work_by(days: Iterable[Day], part_of: Mapping[str, str]) -> Mapping[str, Work]:
    """The work of every part, `part_of` by inspection id; an operation is of each part that an inspection of it is of.

    What is not in `part_of` is of no part, so parts need not add up to the whole; nor do operations of several parts.
    """
    tallies: dict[str, Counter[str]] = {}
    for part, name, _ in {each for day in days for each in _counted(day, part_of)}:
        tallies.setdefault(part, Counter())[name] += 1
    return {part: Work.model_validate(tally) for part, tally in tallies.items()}


def _counted(day: Day, part_of: Mapping[str, str]) -> Iterator[Counted]:
    operation, ending = day.operation, day.ending
    own = [id_ for id_ in operation.inspection_ids if id_ in part_of]
    parts = {part_of[id_] for id_ in own}
    if operation.stands:
        yield from ((part, "planned_operations", operation.operation_id) for part in parts)
        yield from ((part_of[id_], "planned_inspections", id_) for id_ in own)
    if ending is not None and ending.counts_as_operation:
        yield from ((part, "counting_operations", operation.operation_id) for part in parts)
    if ending is not None:
        yield from ((part_of[id_], "inspections_done", id_) for id_ in ending.done_ids if id_ in part_of)
