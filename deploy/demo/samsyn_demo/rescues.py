"""Counts what each replan saved of the inspections that a cancellation hit, and by which step of the ladder."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from samsyn_demo.evidence import Form, Replan
from samsyn_demo.places import day_of

# The demo cancels whole sessions, so the ladder's "smaller" (a session cut short) cannot happen.
Step = Literal["other_police_session", "moved_session", "without_police", "postponed"]
STEPS: tuple[Step, ...] = ("other_police_session", "moved_session", "without_police", "postponed")
_DEFAULT_TOLERANCE_SECONDS = 900


@dataclass(frozen=True)
class Hit:
    """An inspection that stood on a police session when that session was cancelled."""

    inspection: str
    operation: str
    session: str
    start_at: datetime


def newly_lost(replan: Replan, causes: Collection[str], told: set[tuple[str, str]]) -> frozenset[str]:
    """The sessions lost by one of the causes, that no earlier replan was told of; `told` is added to.

    A row of `lost` names the session, or the operation that stood on it. A lost session may stay there in later
    problems: its inspections are counted once per cause.
    """
    session_of = {operation["id"]: operation["session"] for operation in replan.operations_before}
    rows = [(str(row["id"]), str(row.get("cause"))) for row in replan.problem.get("lost", ())]
    lost = {(session_of.get(own_id, own_id), cause) for own_id, cause in rows if cause in causes}
    new = lost - told
    told |= lost
    return frozenset(session for session, _ in new)


def hits_of(operations: Iterable[Form], lost_sessions: Collection[str]) -> tuple[Hit, ...]:
    """The inspections that stood on the sessions lost."""
    return tuple(
        Hit(visit["id"], operation["id"], operation["session"], datetime.fromisoformat(visit["start_at"]))
        for operation in operations
        if operation["session"] in lost_sessions
        for visit in operation["inspections"]
    )


def planned_in(plan: Form) -> frozenset[str]:
    """The ids of the inspections in a plan."""
    return frozenset(visit["id"] for operation in plan["operations"] for visit in operation["inspections"])


def saved_in(plan: Form, hits: Iterable[Hit]) -> int:
    """How many of the hit inspections a plan has."""
    planned = planned_in(plan)
    return sum(hit.inspection in planned for hit in hits)


def displaced_by(replan: Replan, hits: Iterable[Hit]) -> frozenset[str]:
    """Inspections that stood unhit in the plan before, are still wanted, and are not in the new plan."""
    wanted = {row["id"] for row in replan.problem["inspections"]}
    before = {visit["id"] for operation in replan.operations_before for visit in operation["inspections"]}
    return frozenset((before & wanted) - {hit.inspection for hit in hits} - planned_in(replan.plan))


def step_of(hit: Hit, replan: Replan) -> Step | None:
    """How the plan rescued the inspection, named as in the ladder; None where it is back on the list.

    On a session that is no police session (any more): without police. Else the same day within the shift tolerance,
    at another time that day (or earlier), or on a later day.
    """
    found = next(
        (
            (operation, visit)
            for operation in replan.plan["operations"]
            for visit in operation["inspections"]
            if visit["id"] == hit.inspection
        ),
        None,
    )
    if found is None:
        return None
    operation, visit = found
    if not _has_police(operation["session"], replan.problem):
        return "without_police"
    return _step_by_time(hit.start_at, datetime.fromisoformat(visit["start_at"]), _tolerance(replan.problem))


def _step_by_time(old_at: datetime, new_at: datetime, tolerance: timedelta) -> Step:
    if day_of(new_at) > day_of(old_at):
        return "postponed"
    return "other_police_session" if abs(new_at - old_at) <= tolerance else "moved_session"


def _has_police(session: str, problem: Form) -> bool:
    return any(row["id"] == session and row.get("police", True) for row in problem["sessions"])


def _tolerance(problem: Form) -> timedelta:
    disruption: dict[str, Any] = (problem.get("weights") or {}).get("disruption") or {}
    return timedelta(seconds=disruption.get("shift_tolerance_seconds", _DEFAULT_TOLERANCE_SECONDS))


def overlooked(replans: Iterable[Replan], gone_at: Mapping[str, datetime], counted: Collection[str]) -> Iterator[str]:
    """What does not fit the sessions that the police cancelled, by the instant of it: independent of `lost`.

    A plan made later still counts on such a session's police, or an operation stood on one and was never counted.
    """
    for replan in replans:
        now_at = datetime.fromisoformat(replan.problem["now"])
        gone = {session for session, at in gone_at.items() if at < now_at}
        for session in sorted({o["session"] for o in replan.plan["operations"]} & gone):
            if _has_police(session, replan.problem):
                yield f"replan {replan.number}: plans with the police on {session}, which they had cancelled"
        for session in sorted({o["session"] for o in replan.operations_before} & gone - set(counted)):
            yield f"replan {replan.number}: {session} was cancelled with an operation on it that `lost` does not name"


def standing_at_the_end(replans: Sequence[Replan]) -> frozenset[str]:
    """The inspections that were carried out or still planned when the run ended.

    An inspection is carried out when a plan in force has it and its start is no later than the next replan's `now`.
    """
    done: set[str] = set()
    for replan, following in pairwise(replans):
        now_at = datetime.fromisoformat(following.problem["now"])
        visits = [visit for operation in replan.plan["operations"] for visit in operation["inspections"]]
        done |= {visit["id"] for visit in visits if datetime.fromisoformat(visit["start_at"]) <= now_at}
    return frozenset(done | planned_in(replans[-1].plan)) if replans else frozenset()
