"""Mails: written as bytes that every try repeats, and handed to the party's mail server."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import aiosmtplib
from samsyn_adapter_sdk import RetryError

from samsyn_adapter_notify.letters import Text
from samsyn_adapter_notify.outcome import AwayError, UncertainError, UndeliverableError
from samsyn_adapter_notify.recipients import is_loopback

_TIMEOUT_SECONDS = 30.0
_IMPLICIT_TLS_PORT = 465
_PERMANENT = 500


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    subtype: str
    content: bytes


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed in; anything but the own machine is spoken to by TLS alone."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    timeout_seconds: float = _TIMEOUT_SECONDS


def mail(
    mail_from: str,
    to: str,
    text: Text,
    language: str,
    message_id: str,
    dated_at: datetime,
    invitation: tuple[str, bytes] | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """A mail as it goes over the wire; an invitation (its method, and the iCalendar object) is part and attachment."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = mail_from
    message["To"] = to
    message["Subject"] = text.subject
    message["Date"] = format_datetime(dated_at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = language
    message.set_content(text.body, cte="quoted-printable")
    if invitation is not None:
        _invite(message, *invitation)
    for one in attachments:
        message.add_attachment(one.content, maintype="application", subtype=one.subtype, filename=one.name)
    return message.as_bytes()


class Mailer:
    """Hands mails to the server, each over a connection of its own."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, payload: bytes) -> None:
        """Hand in one mail; AwayError, UncertainError or UndeliverableError where that fails."""
        headers = message_from_bytes(payload, policy=policy.SMTP)
        client = self._client(str(headers["From"]).rpartition("@")[2])
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise AwayError(f"mail server: {type(error).__name__}") from error
        try:
            await self._hand_in(client, str(headers["From"]), str(headers["To"]), payload)
        finally:
            client.close()

    def _client(self, domain: str) -> aiosmtplib.SMTP:
        server = self._server
        is_local = is_loopback(server.host)
        is_implicit = server.port == _IMPLICIT_TLS_PORT and not is_local
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            timeout=server.timeout_seconds,
            use_tls=is_implicit,
            start_tls=not is_local and not is_implicit,
            tls_context=None if is_local else ssl.create_default_context(cafile=server.ca_file),
            # What this machine is called is nobody's concern; and looking it up may hang.
            local_hostname=domain,
        )

    async def _hand_in(self, client: aiosmtplib.SMTP, sender: str, to: str, payload: bytes) -> None:
        try:
            await client.mail(sender)
            await client.rcpt(to)
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise AwayError(f"mail server: {type(error).__name__}") from error
        try:
            await client.data(payload)
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UncertainError(f"mail server: {type(error).__name__}") from error


def _refused(error: aiosmtplib.SMTPResponseException) -> Exception:
    told = f"SMTP status {error.code}"
    return UndeliverableError(told) if error.code >= _PERMANENT else RetryError(told)


def _invite(message: EmailMessage, method: str, calendar: bytes) -> None:
    # Base64 keeps the calendar's own line ends as they are.
    parameters = {"method": method, "charset": "utf-8"}
    message.add_alternative(calendar, maintype="text", subtype="calendar", params=parameters, cte="base64")
    message.add_attachment(
        calendar, maintype="application", subtype="ics", filename="invite.ics", params={"method": method}
    )
