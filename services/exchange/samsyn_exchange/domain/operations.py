"""What the exchange remembers of operations: whom a change concerns, and who has seen the newest word of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from samsyn_contracts.carrying_out import OperationCompleted
from samsyn_contracts.envelope import Envelope, Event
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
    PoliceCommitted,
    PoliceDeclined,
)

# So near its start whoever takes part must have seen where and when: later there is no time to find a stand-in.
NEAR = timedelta(hours=24)
Placed = OperationScheduled | OperationConfirmed | OperationRescheduled
No = ParticipationDeclined | ParticipationWithdrawn | PoliceDeclined
OfPolice = PoliceCommitted | PoliceDeclined
Answer = ParticipationAccepted | PoliceCommitted | No


@dataclass(frozen=True)
class KnownOperation:
    """An operation as planning last told of it; `participants` are party codes with `invited` or `accepted`.

    `capacity_id` is the police session it stands on, None once it has lost its occasion. `plan_version` was said at
    `told_at`; `acknowledged` are party codes with the newest version that each has seen, 0 for none, also of
    those who were let go and are to see that. `is_confirmed` holds from its
    confirmation until it is postponed, cancelled or completed. `accepted` are parties and the capacities that planning
    last counted on, `route` its inspections, sorted; `withdrawn` are capacities that were answered no since, each with
    a space and the session that the no was to where it named one. `numbers`
    are the highest heard of each source about each capacity.
    """

    operation_id: str
    centre: str
    code_name: str
    capacity_id: str | None
    participants: tuple[tuple[str, str], ...]
    plan_version: int = 0
    start_at: datetime | None = None
    end_at: datetime | None = None
    is_confirmed: bool = False
    told_at: datetime | None = None
    acknowledged: tuple[tuple[str, int], ...] = ()
    accepted: tuple[tuple[str, str], ...] = ()
    withdrawn: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    numbers: tuple[tuple[str, int], ...] = ()

    @property
    def taking(self) -> frozenset[str]:
        """Who takes part: it has accepted by planning's last word, and has not said no since."""
        gone = {one.partition(" ")[0] for one in self.withdrawn}
        return frozenset(party for party, capacity_id in self.accepted if capacity_id not in gone)

    @property
    def concerned(self) -> frozenset[str]:
        """Who is to see its newest word: its participants, and those that it has let go."""
        return frozenset(party for party, _ in (*self.participants, *self.acknowledged))


def noted(event: Event, about: Sequence[KnownOperation]) -> KnownOperation | None:
    """What is known of an operation after the event; None if it tells nothing of its place and participants.

    `about` holds what was known before, of this operation and perhaps of others.
    """
    message = event.message
    if isinstance(message, Placed):
        return _placed(message, event, _known(message.operation_id, about))
    if isinstance(message, OperationPostponed | OperationCancelled | OperationCompleted):
        return _over(message, _known(message.operation_id, about))
    return None


def answered(
    answer: Answer, envelope: Envelope, at: datetime, about: Sequence[KnownOperation]
) -> KnownOperation | None:
    """The operation once a capacity has been answered for: a no counts from when it is said, until a yes.

    None if the operation is not known in the centre, or where planning will refuse the answer: a stranger's, one
    overtaken by a later one of the same source, one to another session, or said when it was over. Planning's own
    answer comes later, and what it said before it heard the no may come between.
    """
    known, capacity_id = _known(answer.operation_id, about), answer.capacity_id
    if (
        known is None
        or known.centre != envelope.centre
        or capacity_id.partition(":")[0] not in dict(known.participants)
    ):
        return None
    numbers, subject = dict(known.numbers), f"{envelope.source} {capacity_id}"
    if envelope.sequence is not None and envelope.sequence <= numbers.get(subject, -1):
        return None
    if not isinstance(answer, OfPolice) and answer.session_id not in (None, known.capacity_id):
        return None
    if known.end_at is not None and known.end_at <= at:
        return None
    others = {one for one in known.withdrawn if one.partition(" ")[0] != capacity_id}
    withdrawn = {*others, _no_to(answer)} if isinstance(answer, No) else others
    heard = {} if envelope.sequence is None else {subject: envelope.sequence}
    return replace(known, withdrawn=tuple(sorted(withdrawn)), numbers=tuple(sorted({**numbers, **heard}.items())))


def _no_to(answer: No) -> str:
    session_id = None if isinstance(answer, PoliceDeclined) else answer.session_id
    return answer.capacity_id if session_id is None else f"{answer.capacity_id} {session_id}"


def _is_unheard(no: str, counted_on: set[str], session_id: str) -> bool:
    """Whether planning may not have heard a no yet: it counts on the capacity still, and in the session it was to."""
    capacity_id, _, to_session = no.partition(" ")
    return capacity_id in counted_on and to_session in ("", session_id)


def has_more(one: KnownOperation | None, than: KnownOperation | None) -> bool:
    """Whether somebody takes part in the one, or an inspection is on its route, that is not in the other."""
    if one is None or than is None:
        return one is not None
    return bool(one.taking - than.taking or set(one.route) - set(than.route))


def acknowledge(
    acknowledged: NotificationAcknowledged, centre: str, about: Sequence[KnownOperation]
) -> KnownOperation | None:
    """The operation once a participant has seen a version of it; None if that is no news, or not the party's to say."""
    known, party = _known(acknowledged.operation_id, about), acknowledged.agency
    if known is None or known.centre != centre or party not in known.concerned:
        return None
    seen = dict(known.acknowledged)
    if not seen.get(party, 0) < acknowledged.plan_version <= known.plan_version:
        return None
    return replace(known, acknowledged=tuple(sorted({**seen, party: acknowledged.plan_version}.items())))


def seen_by(party: str, operations: Iterable[KnownOperation]) -> dict[str, int]:
    """The newest version that a party has seen of each operation of which it has seen any, by operation id."""
    seen = {operation.operation_id: dict(operation.acknowledged).get(party) for operation in operations}
    return {operation_id: version for operation_id, version in sorted(seen.items()) if version}


def unacknowledged(operation: KnownOperation, now_at: datetime) -> tuple[str, ...]:
    """Who has accepted a confirmed operation soon to start and has not seen its newest version, sorted."""
    if not operation.is_confirmed or operation.start_at is None:
        return ()
    if not now_at < operation.start_at <= now_at + NEAR:
        return ()
    seen = dict(operation.acknowledged)
    parties = {party for party, status in operation.participants if status == "accepted"}
    return tuple(sorted(party for party in parties if seen.get(party, 0) < operation.plan_version))


def _known(operation_id: str, about: Sequence[KnownOperation]) -> KnownOperation | None:
    return next((operation for operation in about if operation.operation_id == operation_id), None)


def _over(
    message: OperationPostponed | OperationCancelled | OperationCompleted, known: KnownOperation | None
) -> KnownOperation | None:
    if known is None:
        return None
    if isinstance(message, OperationCompleted):
        return replace(known, is_confirmed=False)
    return replace(
        known,
        is_confirmed=False,
        capacity_id=None,
        plan_version=max(known.plan_version, message.plan_version),  # that it is off is to be seen too
        accepted=(),
        withdrawn=(),
        route=(),
    )


def _placed(message: Placed, event: Event, known: KnownOperation | None) -> KnownOperation:
    slot = message.to_slot if isinstance(message, OperationRescheduled) else message.slot
    was_confirmed = known is not None and known.is_confirmed and isinstance(message, OperationRescheduled)
    counted_on, withdrawn = {p.capacity_id for p in message.participants}, () if known is None else known.withdrawn
    return KnownOperation(
        operation_id=message.operation_id,
        centre=event.envelope.centre,
        code_name=message.code_name,
        capacity_id=slot.session_id,
        participants=tuple((p.agency, p.status) for p in message.participants),
        plan_version=message.plan_version,
        start_at=slot.start_at,
        end_at=slot.end_at,
        is_confirmed=isinstance(message, OperationConfirmed) or was_confirmed,
        told_at=event.envelope.time,
        acknowledged=_seen(message, known),
        accepted=tuple((p.agency, p.capacity_id) for p in message.participants if p.status == "accepted"),
        withdrawn=tuple(one for one in withdrawn if _is_unheard(one, counted_on, slot.session_id)),
        route=tuple(sorted(visit.inspection_id for visit in message.inspections)),
        numbers=known.numbers if known is not None else (),
    )


def _seen(message: Placed, known: KnownOperation | None) -> tuple[tuple[str, int], ...]:
    """Who had seen what before; who is let go now has not seen it yet."""
    seen = dict(known.acknowledged) if known is not None else {}
    let_go = () if isinstance(message, OperationConfirmed) else message.released
    return tuple(sorted({**dict.fromkeys(let_go, 0), **seen}.items()))
