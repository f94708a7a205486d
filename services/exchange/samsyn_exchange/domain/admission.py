"""Decides whether a record that a party wrote is an event that Samsyn takes, and says why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError
from samsyn_contracts.bus import MAX_EVENT_BYTES, envelope_of, message_of, raw_attribute, resaid_as
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import ALL_CENTRES, CentreCode, Envelope, Environment, party_source
from samsyn_contracts.message import EventId, Message
from samsyn_contracts.participant_roles import ParticipantRoleDefined
from samsyn_contracts.platform import RejectionReason
from samsyn_contracts.register import Party, Register
from samsyn_contracts.rejection import RefusedError, rejection

from samsyn_exchange.domain.contents import is_ref, owner_of

# The register's days are days of people in Sweden.
STOCKHOLM = ZoneInfo("Europe/Stockholm")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_EVENT_ID: TypeAdapter[str] = TypeAdapter(EventId)
_CENTRE: TypeAdapter[str] = TypeAdapter(CentreCode)


@dataclass(frozen=True)
class Said:
    """A record as it stands on a party's topic; `party` is the owner of the topic, the only one who can write there."""

    topic: str
    partition: int
    offset: int
    party: str
    headers: Sequence[tuple[str, bytes | None]]
    body: bytes | None
    key: bytes | None = None

    @property
    def place(self) -> str:
        """Where the record stands, for one that has no readable id."""
        return place_of(self.topic, self.partition, self.offset)

    @cached_property
    def event_id(self) -> str | None:
        """The event's id if it can be read and has the right form."""
        return _valid(_EVENT_ID, raw_attribute(self.headers, "id"))

    @cached_property
    def centre(self) -> str | None:
        """The centre it claims to be about, if it can be read and has the right form."""
        return _valid(_CENTRE, raw_attribute(self.headers, "centre"))


@dataclass(frozen=True)
class Admitted:
    """An event as Samsyn keeps it: the sender's envelope with what the exchange adds, and the message."""

    envelope: Envelope
    message: Message

    @cached_property
    def body(self) -> bytes:
        """The message's body, as it is kept, hashed and published."""
        return self.message.body()


@dataclass(frozen=True)
class Refused:
    """What is answered: the event's id or place, its type and centre where they are known, and every reason."""

    rejected_id: str
    event_id: str | None
    rejected_type: str | None
    centre: str | None
    reasons: tuple[RejectionReason, ...]


def is_answered(said: Said) -> bool:
    """Whether it is only said again for the log's sake, by a sender that knows our answer."""
    return resaid_as(said.headers) in ("admitted", "rejected")


def place_of(topic: str, partition: int, offset: int) -> str:
    """Where a record stands."""
    return f"{topic}/{partition}/{offset}"


def admit(said: Said, register: Register, environment: Environment, received_at: datetime) -> Admitted | Refused:
    """Check a record in the order of the house: form, speaker, right, place, body, owner."""
    try:
        return _checked(said, register, environment, received_at)
    except RefusedError as refused:
        return refusal(said, register, *refused.reasons)


def refusal(said: Said, register: Register, *reasons: RejectionReason) -> Refused:
    """The refusal of a record: of its headers an id, a type and a centre if well formed, of its body nothing."""
    type_ = raw_attribute(said.headers, "type", 100)
    return Refused(
        rejected_id=said.event_id or said.place,
        event_id=said.event_id,
        rejected_type=type_ if type_ in MESSAGES else None,
        centre=said.centre if said.centre in register.centres else None,
        reasons=reasons,
    )


def local_day(instant: datetime) -> date:
    """The day of an instant in Sweden."""
    return instant.astimezone(STOCKHOLM).date()


def _checked(said: Said, register: Register, environment: Environment, received_at: datetime) -> Admitted:
    _check_size(said)
    envelope = envelope_of(said.headers)
    _check_text(envelope)
    if envelope.environment != environment:
        raise RefusedError(rejection("wrong_environment", "/headers/ce_environment"))
    if envelope.source != party_source(said.party):
        raise RefusedError(rejection("foreign_source", "/headers/ce_source"))
    party, day = register.by_code[said.party], local_day(received_at)
    _check_right(envelope, party, register, day)
    _check_centre(envelope, party, register, day)
    message = message_of(envelope.type, said.body)
    if message.owner is not None and message.owner != party.code:
        raise RefusedError(rejection("not_owner", f"/{message.owner_of}"))
    if isinstance(message, ParticipantRoleDefined):
        _check_own_role(message, envelope, party)
    _check_texts(message.model_dump(exclude_none=True), party, "")
    added = {
        "receivedtime": received_at,
        "correlationid": envelope.correlationid or envelope.id,
        "subject": message.subject,
    }
    return Admitted(envelope.model_copy(update=added), message)


def _check_size(said: Said) -> None:
    num_bytes = len(said.body or b"") + sum(len(key) + len(value or b"") for key, value in said.headers)
    if num_bytes > MAX_EVENT_BYTES:
        raise RefusedError(rejection("too_large"))


def _check_text(envelope: Envelope) -> None:
    """No control characters: they would break databases (NUL) and logs (line feed) further in."""
    for name, value in envelope:
        if isinstance(value, str) and CONTROL.search(value):
            raise RefusedError(rejection("header_invalid", f"/headers/ce_{name}"))


def _check_right(envelope: Envelope, party: Party, register: Register, day: date) -> None:
    message_class = MESSAGES.get(envelope.type)
    if message_class is None:
        raise RefusedError(rejection("unknown_type", "/headers/ce_type"))
    if not register.may_say(party, message_class.__name__, day):
        raise RefusedError(rejection("not_allowed", "/headers/ce_type"))
    if envelope.actorrole is None and len(party.roles) > 1:
        raise RefusedError(rejection("role_missing", "/headers/ce_actorrole"))
    if envelope.actorrole is not None and not party.has_role(envelope.actorrole):
        raise RefusedError(rejection("role_unknown", "/headers/ce_actorrole"))


def _check_centre(envelope: Envelope, party: Party, register: Register, day: date) -> None:
    if envelope.centre == ALL_CENTRES and MESSAGES[envelope.type].is_reference:
        return
    if envelope.centre not in register.centres:
        raise RefusedError(rejection("unknown_centre", "/headers/ce_centre"))
    is_its_own = party.kind == "centre" and party.code == envelope.centre
    if not is_its_own and not party.is_member(envelope.centre, day):
        raise RefusedError(rejection("not_member", "/headers/ce_centre"))


def _check_own_role(defined: ParticipantRoleDefined, envelope: Envelope, party: Party) -> None:
    """A party with roles defines those of the register alone, and each of them in that role."""
    if party.roles and not party.has_role(defined.role_code):
        raise RefusedError(rejection("role_unknown", "/role_code"))
    if envelope.actorrole not in (None, defined.role_code):
        raise RefusedError(rejection("not_owner", "/role_code"))


def _check_texts(value: object, party: Party, pointer: str) -> None:
    """No NUL, which would poison every reader, for PostgreSQL has none; and references to one's own contents alone.

    Who could refer to another's contents would have them handed to third parties by an assessment of its own.
    """
    if isinstance(value, str):
        if "\x00" in value:
            raise RefusedError(rejection("invalid_field", pointer))
        if is_ref(value) and owner_of(value) != party.code:
            raise RefusedError(rejection("not_owner", pointer))
    if isinstance(value, dict):
        for name, member in value.items():
            _check_texts(member, party, f"{pointer}/{name}")
    if isinstance(value, tuple):
        for number, member in enumerate(value):
            _check_texts(member, party, f"{pointer}/{number}")


def _valid(form: TypeAdapter[str], text: str | None) -> str | None:
    try:
        return None if text is None else form.validate_python(text)
    except ValidationError:
        return None
