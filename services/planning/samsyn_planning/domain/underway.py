"""Operations that have begun: planning leaves them alone, whatever happens; those on the spot decide."""

from __future__ import annotations

from datetime import datetime

from samsyn_planning.domain.facts import Operation, Value
from samsyn_planning.domain.snapshot import Snapshot


class Withheld(Value):
    """What the planner is not told of, because it belongs to an operation that has begun and was hit since."""

    operations: frozenset[str]
    capacities: frozenset[str]
    inspections: frozenset[str]


def is_underway(operation: Operation, now: datetime) -> bool:
    """Whether it holds a session that has begun, by the clock or by the word of those on the spot."""
    return operation.is_planned and (operation.start_at <= now or operation.is_told_of)


def withheld(snapshot: Snapshot, now: datetime) -> Withheld:
    """An unhit operation under way stands in the plan as it is; a hit one the planner would drop: it is withheld.

    So is one that those on the spot have told of; what they gave back may be planned again.
    """
    begun = [o for o in snapshot.operations if is_underway(o, now)]
    hit = [o for o in begun if o.is_told_of or _is_hit(o, snapshot)]
    return Withheld(
        operations=frozenset(o.id for o in hit),
        capacities=frozenset(capacity for o in hit for capacity in (o.session_id, *o.teams)),
        inspections=frozenset(visit.id for o in hit for visit in o.visits if visit.id not in o.given_back),
    )


def _is_hit(operation: Operation, snapshot: Snapshot) -> bool:
    police = snapshot.capacity_by_id.get(operation.session_id)
    if police is None or police.gone_by is not None or police.loss is not None:
        return True
    if any(
        visit.id not in snapshot.wanted_by_id or snapshot.wanted_by_id[visit.id].is_withdrawn
        for visit in operation.visits
    ):
        return True
    taken = snapshot.refused_capacities | {c.id for c in snapshot.capacities if c.gone_by is not None}
    return any(capacity in taken for capacity in (operation.session_id, *operation.teams))
