"""What time brings without anybody saying anything: reminders, deputies, the centre told, and each morning a diary."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from samsyn_adapter_sdk import RetryError

from samsyn_adapter_notify.diary import diary_calendar, diary_text, sealed
from samsyn_adapter_notify.exchange import Exchange, Standing
from samsyn_adapter_notify.news import Known
from samsyn_adapter_notify.notification import Notification, diary_notification, next_step, watch_is_up
from samsyn_adapter_notify.quiet_hours import SWEDEN, soonest
from samsyn_adapter_notify.recipients import Function, Recipients
from samsyn_adapter_notify.rules import DiaryRule, RuleBook
from samsyn_adapter_notify.store import Sealed, Store, Waiting, Watched

_LOG = logging.getLogger("samsyn.notify")


@dataclass
class Passing:
    """Plans what is due for a party because time has passed."""

    store: Store
    recipients: Recipients
    book: RuleBook
    exchange: Exchange
    mail_from: str

    async def pass_time(self, now: datetime) -> None:
        """Everything that is due at an instant."""
        waiting = self.store.unacknowledged(now)
        for centre in sorted({one.notification.centre for one in waiting}):
            try:
                standing = await self.exchange.standing(centre)
            except RetryError as error:  # asked again in the next round
                _LOG.warning("%s: who has answered and acknowledged is not known: %s", centre, error)
                continue
            for one in waiting:
                if one.notification.centre == centre:
                    self._escalate(one, standing, now)
        for watched in self.store.watched(now):
            self._tell_the_centre(watched, now)
        self._write_diaries(now)

    def _escalate(self, waiting: Waiting, standing: Standing, now: datetime) -> None:
        told, asked = waiting.notification, waiting.notification.acknowledge
        if asked is None or told.has_lapsed(now) or self._is_done(told, standing):
            with self.store.together():
                self.store.step_taken(told.id, waiting.num_steps, None)
            return
        num_steps = waiting.num_steps + 1
        goes_on = num_steps < len(asked.steps)
        following = next_step(told, waiting.num_steps, self.recipients, now)
        with self.store.together():
            if following is not None and following.due_at > now:  # asked again after the quiet hours
                self.store.step_taken(told.id, waiting.num_steps, following.due_at)
                return
            if following is not None:
                self.store.plan(following)
            next_at = told.step_at(now, asked.every_minutes) if goes_on else None
            self.store.step_taken(told.id, num_steps, next_at)

    def _is_done(self, told: Notification, standing: Standing) -> bool:
        """Whether nobody need be reminded: it is answered or decided, or the party has acknowledged that version.

        Of a party with several departments the exchange does not tell which of them has acknowledged.
        """
        if told.waits_for_an_answer:
            return told.cause_event_id not in standing.in_force
        if told.plan_version is None or len({one.role for one in self.recipients.functions}) > 1:
            return False
        return told.tells_plan and standing.acknowledged.get(told.thing, 0) >= told.plan_version

    def _tell_the_centre(self, watched: Watched, now: datetime) -> None:
        """Tell who coordinates how many participants have not acknowledged; if there is still something to do."""
        known = self.store.operation(watched.operation_id)
        rule = next((rule for rule in self.book.watches if rule.id == watched.rule_id), None)
        with self.store.together():
            self.store.unwatch(watched.operation_id)
            if known is None or rule is None or not known.is_to_see(watched.plan_version):
                return
            missing = set(known.parties) - self.store.acknowledged(watched.operation_id, watched.plan_version)
            known = _with_the_nearer(known, watched.due_at)
            for function in self._of_kinds(rule.to) if missing else ():
                if function.hears_of(known.centre, ()):
                    told = (rule, watched.event_id, known, len(missing), function)
                    self.store.plan(watch_is_up(*told, self.recipients.party, now))

    def _of_kinds(self, kinds: tuple[str, ...]) -> list[Function]:
        return [one for one in self.recipients.functions if one.kind in kinds]

    def _write_diaries(self, now: datetime) -> None:
        rule, local = self.book.diary, now.astimezone(SWEDEN)
        if rule is None or self.recipients.diary_key is None or local.time() < rule.at:
            return
        day = local.date().isoformat()
        if self.store.has_diary(day):
            return
        with self.store.together():
            for function in self._of_kinds(rule.to):
                self._write_diary(function, rule, day, self.recipients.diary_key, now)

    def _write_diary(self, function: Function, rule: DiaryRule, day: str, key: str, now: datetime) -> None:
        until = now + timedelta(hours=rule.hours)
        coming = [
            one
            for one in self.store.operations(ending_after=now)
            if one.is_in_force and one.has_accepted and one.start_at <= until
        ]
        coming = [one for one in coming if function.hears_of(one.centre, one.accepted_ids)]
        coming.sort(key=lambda one: (one.start_at, one.operation_id))
        contacts = self.store.contacts.all()
        text = sealed(diary_text(function, coming, self.recipients, contacts, now).encode(), key)
        calendar = diary_calendar(function, coming, self.recipients, self.mail_from, now)
        self.store.keep_diary(day, function.function, Sealed(text, sealed(calendar, key)))
        # Told in its quiet hours too: a mail wakes nobody, and must lie there before the first of the day set out.
        self.store.plan(
            diary_notification(self.recipients.party, day, function.centre, function, rule.template, len(coming), now)
        )


def _with_the_nearer(known: Known, due_at: datetime) -> Known:
    """With its former start only where somebody would have come by that before it starts."""
    near_at = soonest(known.start_at, known.before_at, due_at)
    return replace(known, before_at=None if near_at == known.start_at else near_at)
