"""What a message means for the people of a party: pure decisions from the message and what is known already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

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
from samsyn_contracts.notifications import NotificationEscalated
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

from samsyn_adapter_notify.hearing_of_plans import of_plan
from samsyn_adapter_notify.news import Heard, Known, Listening, News, Part, State, news_of


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
    news = news_of(type(message).__name__, envelope, listening, known, "asked")
    own = message.capacity_id
    return Heard(news=(replace(news, capacity_ids=(own,), parts=((own, "asked"),)),))


def _of_session(
    message: PoliceCancelled | PoliceCancellationRetracted | PoliceRestored, envelope: Envelope, listening: Listening
) -> Heard:
    """The police of a session: news of each operation that it carries, or carried; not where it loses none of it."""
    of_session = [one for one in listening.operations if one.session_id == message.capacity_id]
    hit = [(one, _left(message, one)) for one in of_session if one.is_in_force and one.has_accepted]
    told = [(news_of(type(message).__name__, envelope, listening, one, "booked"), left) for one, left in hit]
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


def _escalated(message: NotificationEscalated, envelope: Envelope, listening: Listening) -> Heard:
    """An agency's deputy has been told: where the agency is only asked, its question is about to lapse unanswered.

    Where another capacity of the party has accepted, its booking may be what nobody has acknowledged.
    """
    known = listening.known(message.operation_id) if message.operation_id is not None else None
    if not listening.is_centre or known is None or not known.is_in_force:
        return Heard()
    is_asked = envelope.party in {capacity_id.partition(":")[0] for capacity_id in known.invited_ids}
    if not is_asked or envelope.party in known.parties:
        return Heard()
    return Heard(news=(news_of(type(message).__name__, envelope, listening, known, "booked"),))


_MINUTE = timedelta(minutes=1)
_OfDay = PoliceLossReported | ParticipantDelayed | SafetyIncidentReported


def _of_day(message: _OfDay, envelope: Envelope, listening: Listening) -> Heard:
    """Something about an operation that changes neither its plan nor its state."""
    known = listening.known(message.operation_id)
    if known is None or known.state in ("released", "over") or not known.has_accepted:
        return Heard()
    if isinstance(message, PoliceLossReported) and message.session_id not in (None, known.session_id):
        return Heard()  # of an occasion that it has left: planning refuses it
    news = news_of(type(message).__name__, envelope, listening, known, "booked")
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
    news = news_of(type(message).__name__, envelope, listening, known, part)
    return Heard(news=(replace(news, plan_version=None),))  # of no version: a newer plan does not make it untrue


_Carried = OperationStarted | InspectionSuspended | OperationAborted | OperationCompleted


def _carried(message: _Carried, envelope: Envelope, listening: Listening) -> Heard:
    """An operation has begun or is over: nobody need acknowledge its plan any more."""
    known = listening.known(message.operation_id)
    if known is None:
        return Heard(settled=(message.operation_id,))
    state: State = "started" if isinstance(message, OperationStarted) else "over"
    takes_part = known.state != "released" and known.has_accepted
    news = news_of(type(message).__name__, envelope, listening, known, "booked" if takes_part else "none")
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


_READERS: Mapping[type[Message], Callable[[Any, Envelope, Listening], Heard]] = {
    ParticipationRequested: _asked,
    PoliceRequested: _asked,
    ParticipationAnswerReported: _answer_noted,
    OperationScheduled: of_plan,
    OperationConfirmed: of_plan,
    OperationRescheduled: of_plan,
    OperationPostponed: of_plan,
    OperationCancelled: of_plan,
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
    NotificationEscalated: _escalated,
    ReplanProposed: _proposed,
    PlanPublished: _published,
    PlanningPeriodOpened: _of_period,
    PlanningPeriodFrozen: _of_period,
    AnnualWheelPublished: _of_wheel,
    TargetRiskRaised: _of_target,
}
