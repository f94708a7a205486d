"""From a notification to the very bytes that are sent: letter, invitation and diary in one mail, or a text message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from samsyn_adapter_notify.diary import SEALED
from samsyn_adapter_notify.invitations import Invitation, Party, itip
from samsyn_adapter_notify.letters import centre_name, one_line, operation_link, text_message, written
from samsyn_adapter_notify.mail import Attachment, mail
from samsyn_adapter_notify.notification import Notification
from samsyn_adapter_notify.recipients import Function, Recipients
from samsyn_adapter_notify.text_messages import text_message_payload


@dataclass(frozen=True)
class Writer:
    """Writes what goes to a party's functions."""

    recipients: Recipients
    mail_from: str
    desk_url: str

    def payload(
        self,
        told: Notification,
        now: datetime,
        ack_due_at: datetime | None,
        invitation: Invitation | None,
        attachments: Sequence[Attachment] = (),
    ) -> bytes:
        """The bytes of a notification, the same for every try."""
        function = self.recipients.by_code[told.function]
        letter = told.letter.model_copy(update={"ack_due_at": ack_due_at})
        if told.channel == "sms":
            return text_message_payload(function.function, text_message(letter, function.language))
        return mail(
            self.mail_from,
            function.mail,
            written(told.template, letter, function.language, self.desk_url),
            function.language,
            self._message_id(told),
            now,
            None if invitation is None else (invitation.method, self._itip(told, function, invitation, now)),
            attachments,
        )

    def diary_attachments(self, day: str, text: bytes, calendar: bytes) -> tuple[Attachment, ...]:
        """A day's encrypted diary as files."""
        return (
            Attachment(f"samsyn-{day}.txt{SEALED}", "octet-stream", text),
            Attachment(f"samsyn-{day}.ics{SEALED}", "octet-stream", calendar),
        )

    def _itip(self, told: Notification, function: Function, invitation: Invitation, now: datetime) -> bytes:
        centre = centre_name(told.centre)
        return itip(
            invitation,
            f"{one_line(told.letter.code_name or '')} ({centre})",
            Party(self.recipients.organizer(told.centre, self.mail_from), centre),
            Party(function.mail, function.title(function.language)),
            now,
            operation_link(self.desk_url, told.operation_id),
        )

    def _message_id(self, told: Notification) -> str:
        """Stable: where the same mail comes twice, mailboxes and people see that it is one."""
        domain = self.mail_from.rpartition("@")[2]
        return f"<{told.id.replace(':', '.')}@{domain}>"
