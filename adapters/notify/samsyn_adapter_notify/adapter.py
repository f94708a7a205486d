"""The adapter of one party's people: it hears, plans what is told by the rules, and says what has been told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic

from samsyn_adapter_sdk import Saying, Statement
from samsyn_contracts.contact_points import ContactPointChanged
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.operations import NotificationAcknowledged
from samsyn_contracts.platform import TimePassed

from samsyn_adapter_notify.clock import Clock
from samsyn_adapter_notify.hearing import heard
from samsyn_adapter_notify.news import Heard, Listening, News, Times
from samsyn_adapter_notify.notification import planned
from samsyn_adapter_notify.quiet_hours import soonest
from samsyn_adapter_notify.recipients import Recipients
from samsyn_adapter_notify.rules import Channel, RuleBook
from samsyn_adapter_notify.store import Store, Watched

_LONG_OVER = timedelta(days=2)


@dataclass
class NotifyAdapter:
    """Between Samsyn and the functions of one party; what it plans is sent by `Delivery`."""

    agency: str
    is_centre: bool
    store: Store
    clock: Clock
    recipients: Recipients
    book: RuleBook
    heard_at: float = 0.0
    _something_to_say: asyncio.Event = field(default_factory=asyncio.Event)

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        """What has been told to whom, from the saying after the cursor on."""
        number = int(after or 0)
        while True:
            self._something_to_say.clear()
            for at, said in self.store.sayings(number):
                number = at
                yield Statement(
                    message=said.message,
                    occurred_at=said.occurred_at,
                    key=said.key,
                    centre=said.centre,
                    role=said.role,
                    cursor=str(number),
                    causationid=said.causationid,
                )
            if not self.store.sayings(number):
                await self._something_to_say.wait()

    def speak(self) -> None:
        """There is something new to say."""
        self._something_to_say.set()

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Plan what the rules have told; the same event again plans nothing."""
        self.heard_at = monotonic()
        at = self._time_of(message, envelope)
        with self.store.together():
            self.store.pass_time(at)
            if isinstance(message, NotificationAcknowledged):
                self.store.acknowledge(message.operation_id, message.agency, message.plan_version)
            if isinstance(message, ContactPointChanged):
                self.store.contacts.keep(envelope.centre, message)
            listening = Listening(self.agency, self.is_centre, at, self.store.operations(at - _LONG_OVER))
            self._take(heard(message, envelope, listening))

    def _time_of(self, message: Message, envelope: Envelope) -> datetime:
        """What time it is now; a party's own `time` is its word, and moves no clock."""
        told = message.until if isinstance(message, TimePassed) else envelope.receivedtime
        if told is None and envelope.is_from_service:
            told = envelope.time
        if told is not None:
            self.clock.tell(told)
        return self.clock.now or envelope.time

    def _take(self, found: Heard) -> None:
        for thing in found.settled:
            self.store.settle(thing)
        for event_id in found.answered:
            self.store.answer(event_id)
        unsent: dict[tuple[str, Channel], Times] = {}
        before_at = None
        if found.operation is not None:
            unsent = self.store.unsent(found.operation.operation_id)
            before_at = min((one.start_at for one in unsent.values()), default=found.operation.before_at)
            self.store.keep_operation(replace(found.operation, before_at=before_at))
            self.store.settle(
                found.operation.operation_id,
                below_version=found.operation.plan_version,
                but=self._unconcerned(found.news),
            )
        for news in found.news:
            for told in planned(news, self.recipients, self.book, is_centre=self.is_centre, unsent=unsent):
                if self.store.plan(told) and told.tells_plan:
                    self.store.take_place(told)
            self._watch(replace(news, before_at=before_at))

    def _unconcerned(self, news: Sequence[News]) -> list[str]:
        """Functions to which a newer plan is nothing: that they are let go, if it is not sent yet, is still true."""
        if self.is_centre:
            return []
        functions = self.recipients.functions
        return [f.function for f in functions if all(one.of(f.capacities, None).part == "none" for one in news)]

    def _watch(self, news: News) -> None:
        """A centre waits for acknowledgements of the newest version, also that it is off, until it starts."""
        if not self.is_centre or news.operation_id is None or news.plan_version is None:
            return
        rule = next(self.book.watching(news), None)
        if rule is None or news.part not in ("booked", "released"):
            return
        due_at = news.at + timedelta(minutes=rule.within_minutes)
        near_at = soonest(news.start_at, news.before_at, news.at)
        if near_at is not None:
            due_at = min(due_at, max(news.at, near_at - timedelta(minutes=30)))
        self.store.watch(Watched(news.operation_id, due_at, news.plan_version, rule.id, news.event_id))
