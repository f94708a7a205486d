"""Sending what is due, each once as far as a mail server lets one know it; and saying that it was sent.

planned → sending (the bytes are on disk before the server sees them) → sent. After a crash, or a broken line, in
`sending` the same bytes go once more: the same Message-ID, and the same UID and SEQUENCE of an invitation. After the
last try that there may be, nobody knows whether it was taken: it ends as `unsure`, and its deputy is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Literal

from samsyn_adapter_sdk import RetryError
from samsyn_contracts.message import Message
from samsyn_contracts.notifications import CalendarInviteIssued, NotificationEscalated, NotificationSent

from samsyn_adapter_notify.invitations import Invitation, invite_uid, next_invitation
from samsyn_adapter_notify.mail import Attachment, Mailer
from samsyn_adapter_notify.notification import DIARY, Notification, State
from samsyn_adapter_notify.outcome import AwayError, UncertainError, UndeliverableError
from samsyn_adapter_notify.store import Claimed, Said, Store
from samsyn_adapter_notify.text_messages import Gateway
from samsyn_adapter_notify.writing import Writer

_LOG = logging.getLogger("samsyn.notify")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
_ENDS = {"failed": "cannot be delivered", "unsure": "may not have been delivered"}


@dataclass
class _Pause:
    """When something is tried again, by the machine's own clock; each pause is twice the one before."""

    seconds: float = _FIRST_PAUSE
    until: float = 0.0

    def begin(self) -> None:
        self.until = monotonic() + self.seconds
        self.seconds = min(_LONGEST_PAUSE, self.seconds * 2)


@dataclass
class Delivery:
    """Sends a party's notifications; `said` is called when there is something new to say."""

    store: Store
    writer: Writer
    mailer: Mailer
    gateway: Gateway | None
    said: Callable[[], None] = lambda: None
    _pauses: dict[str, _Pause] = field(default_factory=dict)

    async def deliver(self, now: datetime) -> None:
        """Send what was being sent, then what is due."""
        for claimed in self.store.being_sent():
            if self._is_on(claimed.notification):
                await self._send_again(claimed, now)
        for told in self.store.due(now):
            # A function is told of one thing in order: what is newer waits for a try that has not come to its end.
            if (told.thing, told.function) in self._unsure():
                continue
            if self._is_on(told) and (found := self._claimed(told, now)) is not None:
                await self._send(found, now, is_new=True)

    def _unsure(self) -> set[tuple[str, str]]:
        """Of which things which functions may or may not have been told."""
        return {(one.notification.thing, one.notification.function) for one in self.store.being_sent()}

    def _is_on(self, told: Notification) -> bool:
        """Whether neither it nor its channel is waiting."""
        return all(pause.until <= monotonic() for key in (told.id, told.channel) if (pause := self._pauses.get(key)))

    def _claimed(self, told: Notification, now: datetime) -> Claimed | None:
        try:
            return self._claim(told, now)
        except Exception as error:  # a fault in writing one letter must not hold up the others
            _LOG.error("%s cannot be written: %s", told.id, type(error).__name__)
            self._pauses.setdefault(told.id, _Pause()).begin()
            return None

    def _claim(self, told: Notification, now: datetime) -> Claimed | None:
        """Write it and mark it as being sent; None where it is not to be sent any more."""
        with self.store.together():
            ended = self._ended(told, now)
            if ended is not None:
                self.store.finish(told.id, ended)
                return None
            invitation = self._invitation(told)
            if invitation is not None:
                self.store.issue(told, invitation)
            ack_due_at = told.ack_due_at(now)
            payload = self.writer.payload(told, now, ack_due_at, invitation, self._attachments(told))
            self.store.attempts.begin(told.id)
            return self.store.claim(told, payload, ack_due_at)

    def _ended(self, told: Notification, now: datetime) -> State | None:
        """Why it is not to be sent any more."""
        if told.has_lapsed(now):
            return "lapsed"
        if told.has_no_ground(self.store.operation(told.operation_id)):
            return "superseded"
        if told.function not in self.writer.recipients.by_code:
            _LOG.error("%s: the function %s is no longer in the file of functions", told.id, told.function)
            return "failed"
        return None

    def _invitation(self, told: Notification) -> Invitation | None:
        letter = told.letter
        if told.calendar is None or letter.start_at is None or letter.end_at is None:
            return None
        last = self.store.invitation(told.thing, told.function)
        uid = invite_uid(self.writer.recipients.party, told.thing, told.function)
        return next_invitation(told.calendar, last, uid, letter.start_at, letter.end_at)

    def _attachments(self, told: Notification) -> tuple[Attachment, ...]:
        day = told.thing.removeprefix(DIARY)
        found = self.store.diary(day, told.function) if told.thing.startswith(DIARY) else None
        return () if found is None else self.writer.diary_attachments(day, found.text, found.calendar)

    async def _send_again(self, claimed: Claimed, now: datetime) -> None:
        told = claimed.notification
        with self.store.together():
            may_be_tried = self.store.attempts.begin(told.id)
        if may_be_tried:
            await self._send(claimed, now, is_new=False)
        else:
            self._not_sent(told, now, "unsure", "whether the server has taken it is not known")

    async def _send(self, claimed: Claimed, now: datetime, *, is_new: bool) -> None:
        told = claimed.notification
        try:
            await self._hand_in(claimed)
        except UndeliverableError as error:
            self._not_sent(told, now, "failed", str(error))
        except UncertainError as error:
            self._wait(told, error)
        except RetryError as error:
            self._wait(told, error)
            with self.store.together():
                self.store.attempts.undo(told.id)
                if is_new:  # nobody has seen it: what is newer may still take its place
                    self.store.release(told.id)
        else:
            self._sent(told, now)

    async def _hand_in(self, claimed: Claimed) -> None:
        told = claimed.notification
        if told.channel == "mail":
            await self.mailer.send(claimed.payload)
        elif self.gateway is not None:
            await self.gateway.send(claimed.payload, told.id)
        else:
            raise UndeliverableError("no gateway")

    def _wait(self, told: Notification, error: RetryError) -> None:
        _LOG.warning("%s waits: %s", told.id, error)
        self._pauses.setdefault(told.channel if isinstance(error, AwayError) else told.id, _Pause()).begin()

    def _not_sent(self, told: Notification, now: datetime, state: Literal["failed", "unsure"], why: str) -> None:
        """Who would have been reminded is passed over, the deputy is told at once.

        What was refused for good nobody has in a calendar; what is unsure somebody may have, and it can be taken back.
        """
        _LOG.error("%s to %s %s: %s", told.id, told.function, _ENDS[state], why)
        with self.store.together():
            self._finish(told, state)
            if state == "failed":
                self.store.unissue(told.id)
            if told.acknowledge is not None and "deputy" in told.acknowledge.steps:
                self.store.step_taken(told.id, told.acknowledge.steps.index("deputy"), now)

    def _finish(self, told: Notification, state: State) -> None:
        self.store.finish(told.id, state)
        self.store.attempts.end(told.id)

    def _sent(self, told: Notification, now: datetime) -> None:
        self._pauses.pop(told.id, None)
        self._pauses.pop(told.channel, None)
        with self.store.together():
            self._finish(told, "sent")
            if told.acknowledge is not None and not told.is_question:
                self.store.chase_only(told)
            for message in self._told(told):
                self.store.say(self._saying(told, message, now))
        _LOG.info("%s sent to %s by %s", told.id, told.function, told.channel)
        self.said()

    def _told(self, told: Notification) -> list[Message]:
        """What is said of a notification that was sent; of a diary nothing, which no event has caused."""
        if told.thing.startswith(DIARY):
            return []
        said: list[Message] = [
            NotificationSent(
                notification_id=told.id,
                recipient_function=told.function,
                channel=told.channel,
                template=told.template,
                cause_event_id=told.cause_event_id,
                operation_id=told.operation_id,
                plan_version=told.plan_version,
                ack_due_at=self.store.ack_due_at(told.id),
            )
        ]
        invitation = self.store.issued_with(told.id)
        if invitation is not None and told.operation_id is not None:
            said.append(
                CalendarInviteIssued(
                    notification_id=told.id,
                    invite_uid=invitation.uid,
                    operation_id=told.operation_id,
                    sequence=invitation.sequence,
                    method=invitation.method,
                    recipient_function=told.function,
                )
            )
        if told.step:
            said.append(
                NotificationEscalated(
                    notification_id=told.parent or told.id,
                    to_function=told.function,
                    step=told.step,
                    operation_id=told.operation_id,
                )
            )
        return said

    def _saying(self, told: Notification, message: Message, now: datetime) -> Said:
        return Said(
            key=f"{type(message).__name__}:{told.id}",
            type=message.type_name(),
            body=message.body().decode(),
            occurred_at=now,
            centre=told.centre,
            role=self.writer.recipients.by_code[told.function].role,
            causationid=told.cause_event_id,
        )
