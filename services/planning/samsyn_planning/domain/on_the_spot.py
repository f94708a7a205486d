"""What follows from what was done on the spot: it is done, or goes back to the list and may be planned again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from samsyn_contracts.carrying_out import InspectionSuspended, OperationAborted, OperationCompleted
from samsyn_contracts.envelope import Envelope

from samsyn_planning.domain.facts import Decision, Operation, Participation, Wanted
from samsyn_planning.domain.parties import agency_of

GivenBack = InspectionSuspended | OperationAborted
# Teams are on the spot before the session begins; so long before, inspection takes their word that they have begun.
ON_THE_SPOT_BEFORE = timedelta(hours=2)


def give_back(
    operation: Operation | None,
    parts: Sequence[Participation],
    wanted: Iterable[Wanted | None],
    said: GivenBack,
    envelope: Envelope,
) -> Decision:
    """Those on the spot break off or give up: what they name of the route goes back to the list at once.

    Whoever takes no part, or speaks of an occasion still ahead, is not answered here: inspection does that.
    """
    if operation is None or operation.is_over or not _is_from_a_part(operation, parts, envelope):
        return Decision()
    if _is_ahead(operation, envelope.receivedtime or envelope.time):
        return Decision()
    back = frozenset(named_by(said)) - frozenset(operation.given_back)
    known = _kept_as_given_back(operation, back)
    if known == operation:
        return Decision()
    undone = [_not_done(w) for w in wanted if w is not None and w.id in back and w.done_in == operation.id]
    return Decision(keep=(known, *undone), changed="period", cause_code=said.cause_code)


def take_account(
    operation: Operation | None, wanted: Iterable[Wanted | None], completed: OperationCompleted, envelope: Envelope
) -> Decision:
    """An operation is over: what was done is done, and the rest of its route goes back to the list.

    The account takes the place of what was believed when its session ended. The plan is made anew if something came
    back, or if something was done that may by now stand in another operation.
    """
    if operation is None or operation.centre != envelope.centre:
        return Decision()
    known = [inspection for inspection in wanted if inspection is not None]
    told = [w for w in known if w.id in completed.done_inspection_ids and w.done_in != operation.id]
    is_moved = operation.is_planned and _is_ahead(operation, completed.ended_at)  # it has another occasion by now
    is_elsewhere = any(_may_stand_elsewhere(w, operation, is_moved=is_moved) for w in told if not w.is_done)
    done = tuple(done_in(inspection, operation) for inspection in told)
    if is_moved:
        return Decision(keep=done, changed="period" if is_elsewhere else None)
    back = frozenset(visit.id for visit in operation.visits) - frozenset(completed.done_inspection_ids)
    over = _kept_as_given_back(operation, back).model_copy(update={"is_over": True, "status": _status_of(operation)})
    undone = tuple(_not_done(w) for w in known if w.id in back and w.done_in == operation.id)
    came_back = over.given_back != operation.given_back or bool(undone)
    return Decision(keep=(over, *done, *undone), changed="period" if came_back or is_elsewhere else None)


def named_by(said: GivenBack) -> tuple[str, ...]:
    """The inspections that are given back."""
    return said.remaining_inspection_ids if isinstance(said, InspectionSuspended) else said.left_inspection_ids


def on_the_account(operation: Operation | None, completed: OperationCompleted) -> tuple[str, ...]:
    """The inspections that an account of an operation tells of, by what it says and by its route."""
    route = () if operation is None else tuple(visit.id for visit in operation.visits)
    return tuple(dict.fromkeys((*route, *completed.done_inspection_ids)))


def done_in(inspection: Wanted, operation: Operation) -> Wanted:
    """The inspection, done in that operation."""
    return inspection.model_copy(update={"is_done": True, "done_in": operation.id})


def _not_done(inspection: Wanted) -> Wanted:
    return inspection.model_copy(update={"is_done": False, "done_in": None})


def _kept_as_given_back(operation: Operation, back: frozenset[str]) -> Operation:
    given_back = frozenset(operation.given_back) | back
    in_order = tuple(visit.id for visit in operation.visits if visit.id in given_back)
    return operation.model_copy(update={"given_back": in_order})


def _is_ahead(operation: Operation, at: datetime) -> bool:
    return at < operation.start_at - ON_THE_SPOT_BEFORE


def _status_of(operation: Operation) -> str:
    """One that planning had called off was carried out all the same: it waits for no other occasion."""
    return operation.status if operation.is_planned else "past"


def _may_stand_elsewhere(inspection: Wanted, operation: Operation, *, is_moved: bool) -> bool:
    is_on_the_route = inspection.id in {visit.id for visit in operation.visits}
    is_free = inspection.id in operation.given_back or not is_on_the_route
    return is_moved or is_free or not operation.is_planned


def _is_from_a_part(operation: Operation, parts: Sequence[Participation], envelope: Envelope) -> bool:
    taking = {agency_of(part.party) for part in parts if part.status == "accepted"}
    return operation.centre == envelope.centre and envelope.party in taking
