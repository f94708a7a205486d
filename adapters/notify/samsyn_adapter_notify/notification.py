"""One thing to be told to one function by one channel: planned from news by the rules, and its later steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from samsyn_contracts.envelope import CentreCode, derived_id
from samsyn_contracts.message import Instant
from samsyn_contracts.register import cause_names

from samsyn_adapter_notify.letters import Letter
from samsyn_adapter_notify.news import Known, News, Times
from samsyn_adapter_notify.quiet_hours import soonest, tell_at
from samsyn_adapter_notify.recipients import Function, Recipients
from samsyn_adapter_notify.row import Row
from samsyn_adapter_notify.rules import CHANNELS, Acknowledgement, Calendar, Channel, Rule, RuleBook, Step, Watch

# planned → sending → sent; or superseded (something newer is told), lapsed (it is over), failed (refused for good),
# unsure (tried as often as may be, and nobody knows whether it was taken).
State = Literal["planned", "sending", "sent", "superseded", "lapsed", "failed", "unsure"]

REPLAN = "replan:"  # how the thing of a proposal begins, as planning names it
DIARY = "diary:"  # how the thing of a diary begins: `diary:2025-05-16`
_OF_PLAN = frozenset(f"Operation{word}" for word in ("Scheduled", "Confirmed", "Rescheduled", "Postponed", "Cancelled"))


class Notification(Row):
    """What is told to a function; `id` is the same in every retry.

    `thing` is the operation or proposal that it is about, and it `tells_plan` where it tells how that stands in a
    version of the plan: of those of one version a function needs the last alone. `parent` and `step` of one that was
    sent because nobody acknowledged another: 0 reminds the same function, from 1 on others are told.
    """

    id: str
    thing: str
    cause_event_id: str
    centre: CentreCode
    function: str
    channel: Channel
    template: str
    letter: Letter
    due_at: Instant
    plan_version: int | None = None
    calendar: Calendar | None = None
    acknowledge: Acknowledgement | None = None
    is_question: bool = False
    tells_plan: bool = False
    parent: str | None = None
    step: int | None = None

    @property
    def waits_for_an_answer(self) -> bool:
        """Whether somebody is to answer or to decide: the exchange knows whether that has been done."""
        return self.is_question or self.thing.startswith(REPLAN)

    @property
    def operation_id(self) -> str | None:
        """The operation that it is about, if it is about one."""
        return self.letter.operation_id

    def near_at(self, now: datetime) -> datetime | None:
        """When somebody would come at the earliest because of it: what it has moved away from may be over by now."""
        return soonest(self.letter.start_at, self.letter.before_at, now)

    def has_no_ground(self, known: Known | None) -> bool:
        """Whether it is a question about an operation that has gone, or has moved, since it was asked."""
        if known is None or self.plan_version is None or not self.is_question:
            return False
        has_moved = not known.is_in_force or known.start_at != self.letter.start_at
        return known.plan_version > self.plan_version and has_moved

    def has_lapsed(self, now: datetime) -> bool:
        """Whether it is too late to tell it: its operation has ended, or what it asks for was due before."""
        answer_by = self.letter.answer_by if self.waits_for_an_answer else None
        last_at = answer_by or self.letter.end_at
        return last_at is not None and last_at <= now

    def ack_due_at(self, sent_at: datetime) -> datetime | None:
        """Until when it is to be acknowledged: never later than its operation starts, or would have started."""
        if self.acknowledge is None:
            return None
        wanted = self.step_at(sent_at, self.acknowledge.within_minutes)
        bounds = (self.letter.start_at, self.letter.before_at)
        return min([wanted, *(at for at in bounds if at is not None and at > sent_at)])

    def step_at(self, now: datetime, minutes: int) -> datetime:
        """When its next step is: so many minutes from now, at the latest halfway to when the answer is due."""
        wanted, answer_by = now + timedelta(minutes=minutes), self.letter.answer_by
        return wanted if answer_by is None or answer_by <= now else min(wanted, now + (answer_by - now) / 2)


def planned(
    news: News,
    recipients: Recipients,
    book: RuleBook,
    *,
    is_centre: bool,
    unsent: Mapping[tuple[str, Channel], Times],
) -> list[Notification]:
    """Everything that the rules have told because of the news.

    `unsent` are functions, and the channel by which an earlier change of the same thing has not been told to them,
    with the times that they know: for them that is what it has moved away from.
    """
    found: list[Notification] = []
    for function in recipients.functions:
        for channel in CHANNELS:
            told = news.of(function.capacities, unsent.get((function.function, channel)))
            by_rules = book.telling(told, function, is_centre=is_centre)
            found.extend(_of_rule(told, rule, function, by, recipients.party) for rule, by in by_rules if by == channel)
    return found


def letter_of(news: News) -> Letter:
    """What the news lets a letter tell."""
    return Letter(
        centre=news.centre,
        code_name=news.code_name,
        operation_id=news.operation_id,
        start_at=news.start_at,
        end_at=news.end_at,
        before_at=news.before_at,
        before_end_at=news.before_end_at,
        is_partial=news.is_partial,
        answer_by=news.answer_by,
        cause_code=news.cause_code if news.cause_code in cause_names() else None,
        step=news.step,
        minutes=news.minutes,
        number=news.number,
        year=news.year,
        period_id=news.period_id,
        unit=news.unit,
        target=news.target,
    )


def next_step(told: Notification, num_done: int, recipients: Recipients, now: datetime) -> Notification | None:
    """What is told next where nobody has acknowledged; None where that step has nobody to go to."""
    asked = told.acknowledge
    if asked is None or num_done >= len(asked.steps):
        return None
    step = asked.steps[num_done]
    told_to = recipients.by_code.get(told.function)
    to = told_to if step == "reminder" or told_to is None else recipients.deputy_of(told_to)
    if to is None:
        return None
    return told.model_copy(
        update={
            "id": notification_id(recipients.party, told.id, to.function, step),
            "function": to.function,
            "channel": "mail",
            "template": step,
            "due_at": tell_at(now, to.quiet, told.near_at(now)),
            "calendar": None,
            "acknowledge": None,
            "parent": told.id,
            "step": _escalation_number(asked.steps[: num_done + 1]),
        }
    )


def watch_is_up(
    watch: Watch, news_id: str, known: Known, number: int, function: Function, party: str, now: datetime
) -> Notification:
    """What a centre's function is told where participants have not acknowledged a version of an operation.

    A watch over what is soon, or would have been, breaks quiet hours: somebody may be on the way. The letter names the
    former start, if it is known.
    """
    is_soon = watch.when.notice == "short"
    letter = Letter(
        centre=known.centre,
        code_name=known.code_name,
        operation_id=known.operation_id,
        start_at=known.start_at,
        end_at=known.end_at,
        before_at=known.before_at,
        number=number,
    )
    return Notification(
        id=notification_id(party, news_id, known.operation_id, function.function, watch.id),
        thing=known.operation_id,
        cause_event_id=news_id,
        centre=known.centre,
        function=function.function,
        channel="mail",
        template=watch.template,
        letter=letter,
        due_at=now if is_soon else tell_at(now, function.quiet, known.start_at),
        plan_version=known.plan_version,
        step=1,
    )


def diary_notification(
    party: str, day: str, centre: str, function: Function, template: str, number: int, now: datetime
) -> Notification:
    """What a function's diary of a day is sent with; it tells of so many operations."""
    return Notification(
        id=notification_id(party, DIARY, day, function.function),
        thing=f"{DIARY}{day}",
        cause_event_id=f"{DIARY}{day}",
        centre=centre,
        function=function.function,
        channel="mail",
        template=template,
        letter=Letter(centre=centre, number=number),
        due_at=now,
    )


def notification_id(party: str, *parts: str) -> str:
    """An id of the party's own, the same whenever it is made of the same parts."""
    return f"{party}:ntf-{derived_id('notify', *parts)}"


def _escalation_number(steps: Sequence[Step]) -> int:
    """0 for a reminder; else how many other functions have been told with this one."""
    return 0 if steps[-1] == "reminder" else sum(1 for one in steps if one != "reminder")


def _of_rule(news: News, rule: Rule, function: Function, channel: Channel, party: str) -> Notification:
    wanted_at = news.at + timedelta(minutes=rule.hold_minutes)
    return Notification(
        id=notification_id(party, news.event_id, news.thing, function.function, channel),
        thing=news.thing,
        cause_event_id=news.event_id,
        centre=news.centre,
        function=function.function,
        channel=channel,
        template=rule.template,
        letter=letter_of(news),
        due_at=tell_at(wanted_at, function.quiet, soonest(news.start_at, news.before_at, news.at)),
        plan_version=news.plan_version,
        calendar=rule.calendar if channel == "mail" and function.calendar else None,
        acknowledge=rule.acknowledge if channel == "mail" else None,
        is_question=news.part == "asked",
        tells_plan=news.kind in _OF_PLAN,
    )
