"""What a message means for the people of a party: pure decisions from the message and what is known already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from samsyn_adapter_sdk.bookings import booking_of
from samsyn_contracts.capacity import PoliceCancellationRetracted, PoliceCancelled, PoliceRestored
from samsyn_contracts.carrying_out import (
    InspectionSuspended,
    OperationAborted,
    OperationCompleted,
    OperationStarted,
    ParticipantDelayed,
    SafetyIncidentReported,
)
from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.indicators import TargetRiskRaised
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    ParticipationRequested,
    PoliceLossReported,
    PoliceRequested,
)
from samsyn_contracts.periods import AnnualWheelPublished, PlanningPeriodFrozen, PlanningPeriodOpened
from samsyn_contracts.plans import PlanPublished, ReplanProposed
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

# asked: it is asked to take part · booked: it takes part · released: it took part and does no longer · none: neither.
# A centre, which takes part in nothing, is `booked` while an operation has its place, and `released` when it has not.
Part = Literal["asked", "booked", "released", "none"]
Unit = Literal["inspections", "operations"]
State = Literal["scheduled", "confirmed", "released", "started", "over"]
# Of several capacities with parts of their own: what the whole of them has.
_PRECEDENCE: tuple[Part, ...] = ("booked", "asked", "released")


@dataclass(frozen=True)
class Known:
    """The newest that a party knows of an operation; `invited_ids` are capacities in it that have not accepted.

    `capacity_ids` are the party's own, and it `has_accepted` unless it is only invited; `parties` are all that have
    accepted the newest version, or are let go by it.
    """

    operation_id: str
    code_name: str
    centre: str
    plan_version: int
    session_id: str
    start_at: datetime
    end_at: datetime
    state: State
    capacity_ids: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    has_accepted: bool = True
    invited_ids: tuple[str, ...] = ()

    @property
    def is_in_force(self) -> bool:
        """Whether it is going to take place, as far as the party is concerned."""
        return self.state in ("scheduled", "confirmed")

    @property
    def accepted_ids(self) -> tuple[str, ...]:
        """The party's own capacities that have accepted."""
        return tuple(one for one in self.capacity_ids if one not in self.invited_ids)

    def is_to_see(self, plan_version: int) -> bool:
        """Whether that is what its parties are to have seen: it is the newest, and nothing has begun."""
        return plan_version == self.plan_version and self.state not in ("started", "over")


@dataclass(frozen=True)
class Times:
    """From when to when somebody knows an operation to be; `end_at` is None where only its start is known."""

    start_at: datetime
    end_at: datetime | None = None


@dataclass(frozen=True)
class News:
    """Something that people may have to be told: P1 alone, so that no template can tell more.

    `thing` is what it is about, an operation or a proposal; `answer_by` when the party must have answered; `before_at`
    and `before_end_at` from when to when it would have been, `had` what it was for whom it may release; `capacity_ids`
    are the party's own that it concerns, or concerned until now, and `parts` is each one's; `is_partial` where
    something of the police is left.
    """

    kind: str
    event_id: str
    centre: str
    at: datetime
    thing: str
    part: Part
    operation_id: str | None = None
    code_name: str | None = None
    plan_version: int | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    before_at: datetime | None = None
    before_end_at: datetime | None = None
    answer_by: datetime | None = None
    cause_code: str | None = None
    step: str | None = None
    minutes: int | None = None
    number: int | None = None
    year: int | None = None
    period_id: str | None = None
    unit: Unit | None = None
    target: int | None = None
    is_partial: bool = False
    capacity_ids: tuple[str, ...] = ()
    parts: tuple[tuple[str, Part], ...] = ()
    had: Times | None = None

    @property
    def is_moved(self) -> bool:
        """Whether it starts or ends at another time than was told before."""
        if self.before_at is None:
            return False
        has_other_end = self.before_end_at is not None and self.before_end_at != self.end_at
        return self.before_at != self.start_at or has_other_end

    def of(self, capacities: tuple[str, ...], former: Times | None) -> News:
        """As it is for a function to which only ids that begin so belong, all where none are named.

        `former` are the times that the function knows, where they are not those of the version before. Whom it is
        released from is told the times that were its own: where it has moved meanwhile is nothing to it.
        """
        told = self if former is None else replace(self, before_at=former.start_at, before_end_at=former.end_at)
        if capacities and self.parts:
            own = {one: part for one, part in self.parts if one.partition(":")[2].startswith(capacities)}
            part: Part = next((part for part in _PRECEDENCE if part in own.values()), "none")
            told = replace(told, part=part, capacity_ids=tuple(own))
        had = former or self.had
        if told.part != "released" or had is None:
            return told
        return replace(told, start_at=had.start_at, end_at=had.end_at or told.end_at)


@dataclass(frozen=True)
class Heard:
    """What hearing a message changes: news to tell, the operation as it is known now, and things that are settled.

    `answered` are events that a plan has answered.
    """

    news: tuple[News, ...] = ()
    operation: Known | None = None
    settled: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listening:
    """Who listens, and what it knows: `operations` are those that the message may be about."""

    party: str
    is_centre: bool
    at: datetime
    operations: Sequence[Known] = ()

    def known(self, operation_id: str) -> Known | None:
        """An operation, if the party knows it."""
        return next((one for one in self.operations if one.operation_id == operation_id), None)


def heard(message: Message, envelope: Envelope, listening: Listening) -> Heard:
    """What the message means; nothing for most."""
    read = _READERS.get(type(message))
    return Heard() if read is None else read(message, envelope, listening)


def _asked(message: ParticipationRequested | PoliceRequested, envelope: Envelope, listening: Listening) -> Heard:
    if message.agency != listening.party:
        return Heard()
    news = News(
        kind=type(message).__name__,
        event_id=envelope.id,
        centre=envelope.centre,
        at=listening.at,
        thing=message.operation_id,
        part="asked",
        operation_id=message.operation_id,
        code_name=message.code_name,
        plan_version=message.plan_version,
        start_at=message.slot.start_at,
        end_at=message.slot.end_at,
        answer_by=message.reply_by,
        capacity_ids=(message.capacity_id,),
    )
    return Heard(news=(news,))


def _answer_noted(message: ParticipationAnswerReported, envelope: Envelope, listening: Listening) -> Heard:
    """Somebody has noted an answer in the agency's name: whatever it was, the agency is asked as before.

    Where it has accepted itself the note counts for nothing, and nobody is told of it.
    """
    known = listening.known(message.operation_id)
    is_open = known is not None and not known.has_accepted and message.session_id == known.session_id
    if message.agency != listening.party or known is None or not is_open:
        return Heard()
    news = _news(type(message).__name__, envelope, listening, known, "asked")
    return Heard(news=(replace(news, capacity_ids=(message.capacity_id,)),))


_Planned = OperationScheduled | OperationConfirmed | OperationRescheduled | OperationPostponed | OperationCancelled


def _planned(message: _Planned, envelope: Envelope, listening: Listening) -> Heard:
    before = listening.known(message.operation_id)
    booking = booking_of(message, listening.party)
    if booking is None or (before is not None and message.plan_version < before.plan_version):
        return Heard()
    is_off = isinstance(message, OperationPostponed | OperationCancelled)
    takes_part = not is_off if listening.is_centre else bool(booking.capacity_ids)
    state: State = "released" if not takes_part else "scheduled"
    if takes_part and isinstance(message, OperationConfirmed):
        state = "confirmed"
    now = Known(
        operation_id=message.operation_id,
        code_name=message.code_name,
        centre=envelope.centre,
        plan_version=message.plan_version,
        session_id=booking.session_id,
        start_at=booking.start_at,
        end_at=booking.end_at,
        state=state,
        capacity_ids=booking.capacity_ids,
        parties=_parties(message, before),
        has_accepted=listening.is_centre or _has_accepted(message, listening.party),
        invited_ids=_invited(message),
    )
    return Heard(news=(_news_of_plan(message, envelope, listening, before, now),), operation=now)


def _news_of_plan(
    message: _Planned, envelope: Envelope, listening: Listening, before: Known | None, now: Known
) -> News:
    told = _news(type(message).__name__, envelope, listening, now, _part(before, now))
    earlier = before.capacity_ids if before is not None else ()
    own = tuple(sorted({*now.capacity_ids, *earlier}))
    had = _had(message, before)
    moved = had if isinstance(message, OperationRescheduled) else None
    return replace(
        told,
        capacity_ids=own,
        parts=tuple((one, _part_of(one, before, now)) for one in own),
        had=had,
        before_at=None if moved is None else moved.start_at,
        before_end_at=None if moved is None else moved.end_at,
        cause_code=getattr(message, "cause_code", None),
        step=getattr(message, "ladder_step", None),
    )


def _had(message: _Planned, before: Known | None) -> Times | None:
    """From when to when it was until now: as the message itself tells, or as it was known."""
    if isinstance(message, OperationScheduled | OperationConfirmed):
        return None if before is None else Times(before.start_at, before.end_at)
    return Times(message.from_slot.start_at, message.from_slot.end_at)


def _part_of(capacity_id: str, before: Known | None, now: Known) -> Part:
    """What part one capacity has, or had: it may be let go while another of its party's stays."""
    if now.is_in_force and capacity_id in now.capacity_ids:
        return "asked" if capacity_id in now.invited_ids or not now.has_accepted else "booked"
    if before is None or capacity_id in before.invited_ids:
        return "none"
    return _part(before, replace(now, state="released"))


def _part(before: Known | None, now: Known) -> Part:
    """Who is only invited was asked, and is told no more until it has answered."""
    if now.is_in_force:
        return "booked" if now.has_accepted else "asked"
    return "released" if before is not None and before.is_in_force and before.has_accepted else "none"


def _has_accepted(message: _Planned, party: str) -> bool:
    """Whether a capacity of the party's has accepted; a session's owner has, where only the session names it."""
    if isinstance(message, OperationPostponed | OperationCancelled):
        return False
    statuses = {one.status for one in message.participants if one.agency == party}
    return "accepted" in statuses or not statuses


def _invited(message: _Planned) -> tuple[str, ...]:
    participants = () if isinstance(message, OperationPostponed | OperationCancelled) else message.participants
    return tuple(sorted({one.capacity_id for one in participants if one.status == "invited"}))


def _parties(message: _Planned, before: Known | None) -> tuple[str, ...]:
    """Who has accepted, and of those that had it lets go: they too must see it, or come in vain."""
    participants = () if isinstance(message, OperationPostponed | OperationCancelled) else message.participants
    taking = {one.agency for one in participants if one.status == "accepted"}
    had = set() if before is None else set(before.parties)
    is_same = before is not None and before.plan_version == message.plan_version
    return tuple(sorted(taking | (had if is_same else had & set(getattr(message, "released", ())))))


def _of_session(
    message: PoliceCancelled | PoliceCancellationRetracted | PoliceRestored, envelope: Envelope, listening: Listening
) -> Heard:
    """The police of a session: news of each operation that it carries, or carried; not where it loses none of it."""
    of_session = [one for one in listening.operations if one.session_id == message.capacity_id]
    hit = [(one, _left(message, one)) for one in of_session if one.is_in_force and one.has_accepted]
    told = [(_news(type(message).__name__, envelope, listening, one, "booked"), left) for one, left in hit]
    cause = getattr(message, "cause_code", None)
    return Heard(
        news=tuple(replace(n, cause_code=cause, is_partial=left == "some") for n, left in told if left != "all")
    )


def _left(
    message: PoliceCancelled | PoliceCancellationRetracted | PoliceRestored, known: Known
) -> Literal["none", "some", "all"]:
    """What of the police is left for an operation, of which letters tell no more: numbers and hours are P2."""
    if not isinstance(message, PoliceCancelled) or message.is_whole:
        return "none"
    from_at = message.available_from or known.start_at
    until = message.available_until or known.end_at
    if from_at >= known.end_at or until <= known.start_at:
        return "none"
    has_all_hours = from_at <= known.start_at and until >= known.end_at
    return "all" if has_all_hours and message.officers_left is None else "some"


_MINUTE = timedelta(minutes=1)
_OfDay = PoliceLossReported | ParticipantDelayed | SafetyIncidentReported


def _of_day(message: _OfDay, envelope: Envelope, listening: Listening) -> Heard:
    """Something about an operation that changes neither its plan nor its state."""
    known = listening.known(message.operation_id)
    if known is None or known.state in ("released", "over") or not known.has_accepted:
        return Heard()
    if isinstance(message, PoliceLossReported) and message.session_id not in (None, known.session_id):
        return Heard()  # of an occasion that it has left: planning refuses it
    news = _news(type(message).__name__, envelope, listening, known, "booked")
    return Heard(news=(replace(news, minutes=_minutes_late(message, known)),))


def _minutes_late(message: _OfDay, known: Known) -> int | None:
    """After the start that the letter names; where the plan has waited already, as the late themselves said it."""
    if not isinstance(message, ParticipantDelayed):
        return None
    late = message.minutes if message.arrives_at is None else (message.arrives_at - known.start_at) // _MINUTE
    return late if late > 0 else message.minutes


def _of_compromise(message: OperationCompromised | OperationCleared, envelope: Envelope, listening: Listening) -> Heard:
    """An operation is held, or let go; a centre is told of one that waits for an occasion too: it is to decide."""
    known = listening.known(message.operation_id)
    if known is None or known.state == "over" or not known.has_accepted:
        return Heard()
    part: Part = "released" if known.state == "released" else "booked"
    news = _news(type(message).__name__, envelope, listening, known, part)
    return Heard(news=(replace(news, plan_version=None),))  # of no version: a newer plan does not make it untrue


_Carried = OperationStarted | InspectionSuspended | OperationAborted | OperationCompleted


def _carried(message: _Carried, envelope: Envelope, listening: Listening) -> Heard:
    """An operation has begun or is over: nobody need acknowledge its plan any more."""
    known = listening.known(message.operation_id)
    if known is None:
        return Heard(settled=(message.operation_id,))
    state: State = "started" if isinstance(message, OperationStarted) else "over"
    takes_part = known.state != "released" and known.has_accepted
    news = _news(type(message).__name__, envelope, listening, known, "booked" if takes_part else "none")
    told = replace(news, cause_code=getattr(message, "cause_code", None))
    return Heard(news=(told,), operation=replace(known, state=state), settled=(message.operation_id,))


def _proposed(message: ReplanProposed, envelope: Envelope, listening: Listening) -> Heard:
    news = News(
        kind="ReplanProposed",
        event_id=envelope.id,
        centre=message.centre,
        at=listening.at,
        thing=message.replan_id,
        part="none",
        answer_by=message.decide_by,
    )
    return Heard(news=(news,))


def _published(message: PlanPublished, _envelope: Envelope, _listening: Listening) -> Heard:
    return Heard(settled=(message.replan_id,), answered=message.cause_event_ids)


_OfPeriod = PlanningPeriodOpened | PlanningPeriodFrozen


def _of_period(message: _OfPeriod, envelope: Envelope, listening: Listening) -> Heard:
    """A period is open, or frozen; what was planned to be told of it before and is not sent yet is old by then."""
    thing = f"period:{message.centre}/{message.period_id}"
    news = _of_year(type(message).__name__, envelope, listening, thing)
    if isinstance(message, PlanningPeriodFrozen):
        news = replace(news, number=len(message.frozen_operation_ids))
    else:
        deadlines = (message.capacity_call_by, message.information_by, message.freeze_at)
        news = replace(news, answer_by=next((at for at in deadlines if at is not None and at > listening.at), None))
    return Heard(news=(replace(news, period_id=message.period_id),), settled=(thing,))


def _of_wheel(message: AnnualWheelPublished, envelope: Envelope, listening: Listening) -> Heard:
    """Of several versions that come in a row the newest alone is told."""
    news = _of_year(type(message).__name__, envelope, listening, f"wheel:{message.wheel_id}")
    return Heard(news=(replace(news, year=message.year, number=message.version),), settled=(news.thing,))


def _of_target(message: TargetRiskRaised, envelope: Envelope, listening: Listening) -> Heard:
    thing = f"target:{message.centre}/{message.year}/{message.unit}"
    news = _of_year(type(message).__name__, envelope, listening, thing)
    told = replace(news, year=message.year, unit=message.unit, number=message.forecast, target=message.target)
    return Heard(news=(told,), settled=(thing,))


def _of_year(kind: str, envelope: Envelope, listening: Listening, thing: str) -> News:
    return News(kind, envelope.id, envelope.centre, listening.at, thing, "none")


def _news(kind: str, envelope: Envelope, listening: Listening, known: Known, part: Part) -> News:
    return News(
        kind=kind,
        event_id=envelope.id,
        centre=known.centre,
        at=listening.at,
        thing=known.operation_id,
        part=part,
        operation_id=known.operation_id,
        code_name=known.code_name,
        plan_version=known.plan_version,
        start_at=known.start_at,
        end_at=known.end_at,
        capacity_ids=known.capacity_ids,
        parts=tuple((one, "asked" if one in known.invited_ids else part) for one in known.capacity_ids),
    )


_READERS: Mapping[type[Message], Callable[[Any, Envelope, Listening], Heard]] = {
    ParticipationRequested: _asked,
    PoliceRequested: _asked,
    ParticipationAnswerReported: _answer_noted,
    OperationScheduled: _planned,
    OperationConfirmed: _planned,
    OperationRescheduled: _planned,
    OperationPostponed: _planned,
    OperationCancelled: _planned,
    PoliceCancelled: _of_session,
    PoliceCancellationRetracted: _of_session,
    PoliceRestored: _of_session,
    PoliceLossReported: _of_day,
    ParticipantDelayed: _of_day,
    OperationCompromised: _of_compromise,
    OperationCleared: _of_compromise,
    SafetyIncidentReported: _of_day,
    OperationStarted: _carried,
    InspectionSuspended: _carried,
    OperationAborted: _carried,
    OperationCompleted: _carried,
    ReplanProposed: _proposed,
    PlanPublished: _published,
    PlanningPeriodOpened: _of_period,
    PlanningPeriodFrozen: _of_period,
    AnnualWheelPublished: _of_wheel,
    TargetRiskRaised: _of_target,
}
