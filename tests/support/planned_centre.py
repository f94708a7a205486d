"""A centre that is planned, hit and replanned in memory, as the planner does it, for tests of what is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from samsyn_contracts.message import Message
from samsyn_planning.domain.announcements import Publication, Replan
from samsyn_planning.domain.facts import Cause, Operation, Participation, Question, Value
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import posed_of, problem_of
from samsyn_planning.domain.publication import publish
from samsyn_planning.domain.snapshot import Snapshot

from tests.support.planning_facts import AV, SKV, a_cause, a_session, a_snapshot, a_team, a_wanted, lost, the_centre

M = TypeVar("M", bound=Message)
ANY, GIVEN = Question(consent="any"), Question(consent="given")


@dataclass(frozen=True)
class Planned:
    """A centre after a publication, and what was published."""

    snapshot: Snapshot
    replan: Replan
    publication: Publication

    def said(self, kind: type[M]) -> list[M]:
        """The messages of one kind, in order."""
        return [message for message in self.publication.messages if isinstance(message, kind)]

    def only(self, kind: type[M]) -> M:
        """The one message of a kind."""
        (message,) = self.said(kind)
        return message

    @property
    def operation(self) -> Operation:
        """The one operation that is left."""
        (operation,) = self.snapshot.operations
        return operation

    def status_of(self, operation_id: str) -> str:
        """How an operation now stands."""
        return next(o.status for o in self.publication.operations if o.id == operation_id)


def a_day_of_work(*more: Value, days: Sequence[int] = (13, 14), num_inspections: int = 1) -> Snapshot:
    """A police session and both agencies' teams on each day (P13, T13 …), and inspections I1, I2 …, not planned yet."""
    values: list[Value] = []
    for day in days:
        values += [a_session(f"polisen:P{day}", day), a_team(f"{AV}:T{day}", day), a_team(f"{SKV}:T{day}", day)]
    return with_values(a_snapshot(*values, *(a_wanted(f"{AV}:I{n + 1}") for n in range(num_inspections))), *more)


def with_values(snapshot: Snapshot, *values: Value, now_at: datetime | None = None) -> Snapshot:
    """The snapshot with these values in place of those of the same key."""
    known: dict[tuple[Any, ...], Value] = {}
    for value in (
        *snapshot.capacities,
        *snapshot.wanted,
        *snapshot.operations,
        *snapshot.participations,
        *snapshot.consents,
        *snapshot.proposals,
        *snapshot.pins,
        *snapshot.wheels,
        *snapshot.compromises,
        *values,
    ):
        known[_key(value)] = value
    kept = [v for v in known.values() if not (isinstance(v, Operation) and v.status in ("past", "cancelled"))]
    centre = snapshot.centre if now_at is None else snapshot.centre.model_copy(update={"now_at": now_at})
    return a_snapshot(*kept, centre=centre)


def without(snapshot: Snapshot, session_id: str, by: str = "c1", **part: Any) -> Snapshot:
    """The police have lost a session, wholly unless told what is left."""
    return with_values(snapshot, lost(snapshot.capacity_by_id[session_id], by, **part))


def asked(*values: Value, question: Question = ANY, **centre: Any) -> dict[str, Any]:
    """The problem of a centre that knows these values."""
    return problem_of(a_snapshot(*values, centre=the_centre(**centre)), question, DEFAULT)


def planned(
    snapshot: Snapshot,
    question: Question = ANY,
    *,
    causes: Sequence[Cause] = (),
    restores: bool = False,
    used_names: Sequence[str] = (),
) -> Planned:
    """Ask the planner, publish its answer."""
    posed = posed_of(snapshot, question, DEFAULT)
    replan = Replan(
        id="replan:akc-vast:1",
        scope="loss" if causes else "period",
        causes=tuple(causes),
        version=1 + max((o.plan_version for o in snapshot.operations), default=0),
        now_at=snapshot.centre.now_at,
        problem=posed.problem,
        plan=solve(posed.problem, Limit(seconds=None, work=None)),
        former=(question.standing or ()) if question.holds_everything else (),
        let_go=posed.let_go,
    )
    names = (*used_names, *(operation.code_name for operation in snapshot.operations))
    publication = publish(replan, snapshot, names, DEFAULT)
    after = with_values(snapshot, *publication.operations, *publication.participations)
    return Planned(after, replan, publication)


def replanned(snapshot: Snapshot, *causes: Cause, question: Question = GIVEN) -> Planned:
    """The planner's answer to a loss, under consent given."""
    return planned(snapshot, question, causes=causes or (a_cause(),))


def _key(value: Value) -> tuple[Any, ...]:
    if isinstance(value, Participation):
        return (Participation, value.operation_id, value.capacity_id)
    return (type(value), getattr(value, "id", None))
