"""A party's people with functions, rules and a letterbox in the place of its mail server; and what they are told of."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from samsyn_adapter_notify.adapter import NotifyAdapter
from samsyn_adapter_notify.clock import Clock
from samsyn_adapter_notify.delivery import Delivery
from samsyn_adapter_notify.exchange import Exchange
from samsyn_adapter_notify.letters import template_names
from samsyn_adapter_notify.mail import Mailer, MailServer
from samsyn_adapter_notify.passing import Passing
from samsyn_adapter_notify.recipients import Recipients
from samsyn_adapter_notify.row import rows_of
from samsyn_adapter_notify.rules import RuleBook, read_rules
from samsyn_adapter_notify.store import Store
from samsyn_adapter_notify.text_messages import Gateway
from samsyn_adapter_notify.writing import Writer
from samsyn_adapter_sdk import Settings
from samsyn_contracts.envelope import Envelope, party_source, service_source
from samsyn_contracts.message import Message, Slot
from samsyn_contracts.operations import (
    GuardResults,
    NotificationAcknowledged,
    OperationCancelled,
    OperationConfirmed,
    OperationRescheduled,
    OperationScheduled,
    Participant,
    ParticipationRequested,
)
from samsyn_contracts.platform import TimePassed
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

AV, SKV, POLICE, CENTRE, CITY = "arbetsmiljoverket", "skatteverket", "polisen", "akc-vast", "kommun-goteborg"
NOW = datetime(2025, 5, 5, 8, tzinfo=UTC)
START = datetime(2025, 5, 16, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPERATION = "op:polisen:p1"
MAIL_FROM = "samsyn@samsyn.example"
DESK = "https://desk.samsyn.example"
GATEWAY = "https://sms.av.example/send"
BOOK: RuleBook = read_rules(None, template_names())


def a_function(code: str = "samordnare", **more: Any) -> dict[str, Any]:
    told = {
        "function": code,
        "kind": "coordinator",
        "title_sv": f"Funktion {code}",
        "title_en": f"Function {code}",
        "centre": CENTRE,
        "mail": f"{code}@av.example",
        "calendar": True,
    }
    return told | more


def functions_of(party: str = AV, *functions: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {
        "party": party,
        "functions": list(functions) or [a_function()],
        "centres": {CENTRE: {"mail": "samordnare@akc-vast.example", "phone": "010-111 11 11"}},
    }
    return told | more


def recipients(party: str = AV, *functions: dict[str, Any], **more: Any) -> Recipients:
    return rows_of(Recipients, functions_of(party, *functions, **more), "functions.json")


def a_slot(start_at: datetime = START, session: str = "p1") -> Slot:
    return Slot(session_id=f"{POLICE}:{session}", start_at=start_at, end_at=start_at + 4 * HOUR)


def participants(*agencies: str) -> tuple[Participant, ...]:
    return tuple(Participant(agency=one, capacity_id=f"{one}:t1", status="accepted") for one in agencies)


def scheduled(version: int = 1, start_at: datetime = START, **more: Any) -> OperationScheduled:
    told = {"operation_id": OPERATION, "code_name": "Granit", "slot": a_slot(start_at), "plan_version": version}
    return OperationScheduled.model_validate(told | {"participants": participants(AV, SKV)} | more)


def confirmed(version: int = 1, start_at: datetime = START, **more: Any) -> OperationConfirmed:
    guards = GuardResults(police="met", other_agency="met", ready="met", coordinator="not_needed")
    told = {"operation_id": OPERATION, "code_name": "Granit", "slot": a_slot(start_at), "plan_version": version}
    return OperationConfirmed.model_validate(
        told | {"participants": participants(AV, SKV), "guard_results": guards} | more
    )


def rescheduled(version: int = 2, start_at: datetime = START + 2 * HOUR, **more: Any) -> OperationRescheduled:
    told = {
        "operation_id": OPERATION,
        "code_name": "Granit",
        "from_slot": a_slot(),
        "to_slot": a_slot(start_at),
        "ladder_step": "moved_session",
        "cause_event_ids": ("e1",),
        "reasons": (),
        "participants": participants(AV, SKV),
        "plan_version": version,
        "notice_minutes": 60,
    }
    return OperationRescheduled.model_validate(told | more)


def cancelled(version: int = 3, **more: Any) -> OperationCancelled:
    told = {
        "operation_id": OPERATION,
        "code_name": "Granit",
        "from_slot": a_slot(),
        "cause_code": "shooting",
        "cause_event_ids": ("e1",),
        "reasons": (),
        "released": (AV,),
        "plan_version": version,
        "notice_minutes": 60,
    }
    return OperationCancelled.model_validate(told | more)


def a_question(version: int = 1, **more: Any) -> ParticipationRequested:
    told = {
        "operation_id": OPERATION,
        "code_name": "Granit",
        "agency": AV,
        "capacity_id": f"{AV}:t1",
        "slot": a_slot(),
        "inspections": (),
        "reply_by": START - 72 * HOUR,
        "plan_version": version,
    }
    return ParticipationRequested.model_validate(told | more)


def a_note(**more: Any) -> ParticipationAnswerReported:
    """The centre has been told by phone that the agency takes part."""
    told = {"operation_id": OPERATION, "noted_by": CENTRE, "agency": AV, "capacity_id": f"{AV}:t1"}
    told |= {"session_id": f"{POLICE}:p1", "answer": "accept", "channel": "phone", "told_by_function": "jour"}
    return ParticipationAnswerReported.model_validate(told | {"told_at": NOW, "by_function": "samordnare"} | more)


def acknowledged(agency: str, version: int = 1) -> NotificationAcknowledged:
    return NotificationAcknowledged(
        operation_id=OPERATION, agency=agency, plan_version=version, by_function="samordnare"
    )


def an_envelope(message: Message) -> Envelope:
    """The envelope in which planning says it."""
    return Envelope(
        id="e1",
        source=service_source("planning"),
        type=message.type_name(),
        time=NOW,
        centre=CENTRE,
        environment="test",
        agencyref="Anna Andersson",
    )


class Letterbox(Mailer):
    """In the place of the mail server: keeps what is handed in, or fails with what stands in `failures`, in turn."""

    def __init__(self) -> None:
        super().__init__(MailServer("127.0.0.1", 25))
        self.payloads: list[bytes] = []
        self.failures: list[Exception] = []

    async def send(self, payload: bytes) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.payloads.append(payload)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(payload, policy=policy.SMTP) for payload in self.payloads]

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    @property
    def told(self) -> list[tuple[str, str]]:
        """To whom, and with which subject."""
        return [(str(mail["To"]).partition("@")[0], str(mail["Subject"])) for mail in self.mails]


@dataclass
class Told:
    """A party's people, told by hand what happens and what time it is."""

    adapter: NotifyAdapter
    store: Store
    delivery: Delivery
    passing: Passing
    letterbox: Letterbox
    in_force: set[str]
    texts: list[dict[str, Any]]
    acknowledged: dict[str, int]
    now: datetime = NOW
    _number: int = field(default=0)

    async def hear(self, message: Message, event_id: str | None = None, by: str | None = None) -> str:
        """Hear a message of planning, or of a party; returns the event's id."""
        self._number += 1
        envelope = Envelope(
            id=event_id or f"event-{self._number}",
            source=service_source("planning") if by is None else party_source(by),
            type=message.type_name(),
            time=self.now,
            centre=CENTRE,
            environment="test",
            receivedtime=self.now,
        )
        await self.adapter.hear(message, envelope)
        return envelope.id

    async def at(self, now: datetime) -> None:
        """Let time pass until then, and send what is due."""
        self.now = now
        await self.hear(TimePassed(centre=CENTRE, until=now))
        await self.send()

    async def send(self) -> None:
        self.delivery._pauses.clear()  # the pauses are the machine's, not the story's
        await self.passing.pass_time(self.now)
        await self.delivery.deliver(self.now)

    async def tell(self, *messages: Message) -> None:
        for message in messages:
            await self.hear(message)
        await self.send()

    def said(self, kind: type[Message] | None = None) -> list[Message]:
        said = [one.message for _, one in self.store.sayings(0)]
        return [message for message in said if kind is None or isinstance(message, kind)]


@asynccontextmanager
async def people(
    party: str = AV, *functions: dict[str, Any], folder: Path | None = None, book: RuleBook = BOOK, **more: Any
) -> AsyncIterator[Told]:
    """A party's people, with a memory in a folder that outlives them if one is given."""
    in_force: set[str] = set()
    texts: list[dict[str, Any]] = []
    seen: dict[str, int] = {}

    def exchange(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"events": [{"id": one} for one in in_force], "acknowledged": seen})

    def gateway(request: httpx.Request) -> httpx.Response:
        texts.append(json.loads(request.content) | {"key": request.headers["Idempotency-Key"]})
        return httpx.Response(202)

    with TemporaryDirectory() as made:
        to = recipients(party, *functions, **more)
        store = Store((folder or Path(made)) / "notify.sqlite")
        settings = Settings(exchange_url="https://exchange.example", token="t", state_dir=Path(made))  # noqa: S106 - no secret
        asked = Exchange(settings)
        asked._asked._client = httpx.AsyncClient(
            base_url="https://exchange.example", transport=httpx.MockTransport(exchange)
        )
        adapter = NotifyAdapter(party, party == CENTRE, store, Clock(store.until), to, book)
        letterbox = Letterbox()
        client = httpx.AsyncClient(transport=httpx.MockTransport(gateway))
        sms = Gateway(client, to.sms_gateway, None) if to.sms_gateway else None
        delivery = Delivery(store, Writer(to, MAIL_FROM, DESK), letterbox, sms, adapter.speak)
        passing = Passing(store, to, book, asked, MAIL_FROM)
        yield Told(adapter, store, delivery, passing, letterbox, in_force, texts, seen)
        await client.aclose()
        await asked.close()
        store.close()


def calendar_of(mail: EmailMessage) -> bytes:
    """The iCalendar object of a mail."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def body_of(mail: EmailMessage) -> str:
    """The text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text
