"""What differs between two plans, by operation: the plans alone tell it, their problems are not needed.

Operations pair up by id. A plan names no session's times, so an operation's time here is that of its first inspection.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from samsyn_planning.domain.said import STOCKHOLM
from samsyn_planning.domain.verifier.entities import Operation
from samsyn_planning.domain.verifier.plan_form import Plan

KEPT = ("kept",)
KINDS = (
    *("kept", "moved", "reordered", "moved_session", "postponed", "team_changed", "shrunk", "grown"),
    *("dropped", "new"),
)


@dataclass(frozen=True, slots=True)
class OperationDifference:
    """One operation before and after (None where it is in one plan alone) and the kinds of its change, KINDS' order."""

    before: Operation | None
    after: Operation | None
    kinds: tuple[str, ...]

    @property
    def id(self) -> str:
        """The operation's id, the same in both plans."""
        held = self.after or self.before
        return "" if held is None else held.id


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """Two plans and what differs; operations are in the order of time, those that are dropped where they were."""

    before: Plan
    after: Plan
    operations: tuple[OperationDifference, ...]

    @property
    def taken_in(self) -> tuple[str, ...]:
        """Inspections that only the plan after holds, by id."""
        return tuple(sorted(homes_in(self.after).keys() - homes_in(self.before).keys()))

    @property
    def left_out(self) -> tuple[str, ...]:
        """Inspections that only the plan before holds, by id."""
        return tuple(sorted(homes_in(self.before).keys() - homes_in(self.after).keys()))


def difference_of(before: Plan, after: Plan) -> PlanDifference:
    """Pair the operations of two plans and say how each differs."""
    old = {operation.id: operation for operation in before.operations}
    new = {operation.id: operation for operation in after.operations}
    pairs = [(old.get(id_), new.get(id_)) for id_ in old.keys() | new.keys()]
    found = [OperationDifference(was, now, kinds_of(was, now)) for was, now in pairs]
    return PlanDifference(before, after, tuple(sorted(found, key=_in_time)))


def kinds_of(before: Operation | None, after: Operation | None) -> tuple[str, ...]:
    """Every kind whose definition holds of an operation before and after; `kept` where none does.

    Whose consent is missing is no kind: people are asked and answer while the operation stays as it is.
    """
    if before is None or after is None:
        return ("new",) if before is None else ("dropped",)
    return tuple(_kinds(before, after)) or KEPT


def _kinds(before: Operation, after: Operation) -> Iterator[str]:
    was, now = ([visit.inspection for visit in operation.visits] for operation in (before, after))
    if before.session == after.session and retimed(before, after):
        yield "moved"
    if was != now and sorted(was) == sorted(now):
        yield "reordered"
    if before.session != after.session:
        yield "postponed" if _day_of(after) > _day_of(before) else "moved_session"
    if before.teams != after.teams:
        yield "team_changed"
    if before.inspections - after.inspections:
        yield "shrunk"
    if after.inspections - before.inspections:
        yield "grown"


def retimed(before: Operation, after: Operation) -> list[str]:
    """Inspections in both that start or end at another time, in the order of the new route."""
    times = {visit.inspection: (visit.start_at, visit.end_at) for visit in before.visits}
    now = {visit.inspection: (visit.start_at, visit.end_at) for visit in after.visits}
    return [inspection for inspection in now if inspection in times and times[inspection] != now[inspection]]


def homes_in(plan: Plan) -> dict[str, str]:
    """The operation that holds each inspection of a plan."""
    return {inspection: operation.id for operation in plan.operations for inspection in operation.inspections}


def first_start(operation: Operation) -> datetime | None:
    """When the first inspection starts; None where there is none."""
    return min((visit.start_at for visit in operation.visits), default=None)


def _day_of(operation: Operation) -> int:
    start = first_start(operation)
    return 0 if start is None else start.astimezone(STOCKHOLM).toordinal()


def _in_time(difference: OperationDifference) -> tuple[float, str]:
    held = difference.after or difference.before
    start = None if held is None else first_start(held)
    return (0.0 if start is None else start.timestamp(), difference.id)
