"""How an event travels on Kafka: CloudEvents in binary mode, decoded strictly and without surprises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import ValidationError

from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import Envelope, Event
from samsyn_contracts.message import Message
from samsyn_contracts.platform import RejectionReason
from samsyn_contracts.rejection import RefusedError, rejection

MAX_EVENT_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_HEADERS = 64
MAX_NUMBER = 2**63 - 1
Headers = list[tuple[str, bytes]]

_PLAIN_HEADERS = ("traceparent",)
_UNPRINTABLE = re.compile(r"[\x00-\x1f]")
# No database keeps NUL or half of a surrogate pair.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# Only names that a field of ours could have are echoed in a pointer: any other key may be contents.
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,59}")
_REQUIRED_HEADERS = ("id", "source", "type", "time", "centre", "environment")

ADMITTED = "samsyn.admitted.v1"
PLANNING = "samsyn.planning.v1"
INSPECTION = "samsyn.inspection.v1"
REPORTING = "samsyn.reporting.v1"
# A plain header on `samsyn.admitted.v1`: the service that refused the event as too early and may take it up again. The
# refusal is the record's causation; every other service has had the event before, and lets the record pass.
REPLAY_FOR = "replay_for"
# On a record that was said before and lost with the broker's data: what its sender knows of it (a `Resaid`).
RESAID = "ce_resaid"
Resaid = Literal["said", "waiting", "admitted", "rejected"]


def from_topic(party: str) -> str:
    """The topic on which only that party writes."""
    return f"samsyn.from.{party}.v1"


def is_from_topic(topic: str) -> bool:
    """Whether a party, and no service, writes the topic."""
    return topic.startswith("samsyn.from.")


def resaid_as(headers: Iterable[tuple[str, bytes | None]]) -> str | None:
    """What the sender of a record knew of it when it said it again; None of one that is said the first time."""
    return raw_attribute(headers, RESAID.removeprefix("ce_"))


def to_topic(party: str) -> str:
    """The topic which only that party reads."""
    return f"samsyn.to.{party}.v1"


def dead_letter_topic(service: str) -> str:
    """The topic of what a service set aside, sealed."""
    return f"samsyn.dlq.{service}.v1"


def headers_of(envelope: Envelope) -> Headers:
    """The record headers: `ce_*` for CloudEvents attributes, `traceparent` plain."""
    attributes = envelope.model_dump(mode="json", exclude_none=True)
    headers = [("ce_specversion", b"1.0"), ("content-type", b"application/json")]
    for name, value in attributes.items():
        key = name if name in _PLAIN_HEADERS else f"ce_{name}"
        headers.append((key, str(value).encode()))
    return headers


def envelope_of(headers: Iterable[tuple[str, bytes | None]]) -> Envelope:
    """The envelope in a record's headers; raises RefusedError naming the header."""
    values = _text_headers(headers)
    missing = [rejection("header_missing", f"/headers/ce_{name}") for name in _REQUIRED_HEADERS if name not in values]
    if missing:
        raise RefusedError(*missing)
    if values.get("specversion", "1.0") != "1.0":
        raise RefusedError(rejection("header_invalid", "/headers/ce_specversion"))
    try:
        return Envelope.model_validate(values)
    except ValidationError as error:
        raise RefusedError(
            *(rejection("header_invalid", f"/headers/{_header_name(str(e['loc'][0]))}") for e in error.errors())
        ) from None


def message_of(event_type: str, body: bytes | None) -> Message:
    """The message in a record's body; raises RefusedError with a JSON pointer for every fault found."""
    message_class = MESSAGES.get(event_type)
    if message_class is None:
        raise RefusedError(rejection("unknown_type", "/headers/ce_type"))
    facts_of(body)
    try:
        return message_class.model_validate_json(body or b"", strict=True)
    except ValidationError as error:
        raise RefusedError(*(_field_reason(dict(e)) for e in error.errors(include_input=False))) from None


def event_of(headers: Iterable[tuple[str, bytes | None]], body: bytes | None) -> Event:
    """The event in a record; raises RefusedError."""
    envelope = envelope_of(headers)
    return Event(envelope, message_of(envelope.type, body))


def facts_of(body: bytes | None) -> dict[str, Any]:
    """The JSON object in a body: UTF-8, no duplicate keys, NaN, null, NUL, or integer beyond 64 bits.

    At most 256 KiB and 32 levels deep.
    """
    if body is None:
        raise RefusedError(rejection("not_json"))
    if len(body) > MAX_EVENT_BYTES:
        raise RefusedError(rejection("too_large"))
    try:
        facts = json.loads(body.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except RecursionError:
        raise RefusedError(rejection("too_deep")) from None
    except ValueError:
        raise RefusedError(rejection("not_json")) from None
    if not isinstance(facts, dict):
        raise RefusedError(rejection("not_json"))
    _check_values(facts, "", 0)
    return facts


def raw_attribute(headers: Iterable[tuple[str, bytes | None]], name: str, pattern_length: int = 64) -> str | None:
    """An attribute read from headers that may be broken: None unless it is there, printable and short."""
    for key, value in headers:
        if key == f"ce_{name}" and value is not None:
            text = value.decode("utf-8", "replace")
            return text if len(text) <= pattern_length and text.isascii() and text.isprintable() else None
    return None


def _text_headers(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, (key, value) in enumerate(headers):
        if number >= MAX_HEADERS:
            raise RefusedError(rejection("header_invalid", "/headers"))
        name = key.removeprefix("ce_")
        if (name == key and key not in _PLAIN_HEADERS) or value is None:
            continue
        # Said twice, readers could differ on which one counts; the topic's owner is checked against one of them.
        if name in values:
            raise RefusedError(rejection("header_invalid", _header_pointer(key)))
        values[name] = _text_of(key, value)
    return values


def _text_of(key: str, value: bytes) -> str:
    if len(value) > MAX_EVENT_BYTES:
        raise RefusedError(rejection("too_large"))
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError(rejection("header_not_utf8", _header_pointer(key))) from None
    if _UNPRINTABLE.search(text):
        raise RefusedError(rejection("header_invalid", _header_pointer(key)))
    return text


def _header_pointer(key: str) -> str:
    return f"/headers/{key[:60]}" if key.isascii() and key.isprintable() else "/headers"


def _header_name(attribute: str) -> str:
    return attribute if attribute in _PLAIN_HEADERS else f"ce_{attribute}"


def _no_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate key")
    return members


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _check_values(value: object, pointer: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise RefusedError(rejection("too_deep", pointer))
    if value is None:
        raise RefusedError(rejection("null_not_allowed", pointer))
    if _is_unstorable(value):
        raise RefusedError(rejection("invalid_field", pointer))
    if isinstance(value, Mapping):
        for key, member in value.items():
            _check_values(member, _member_pointer(pointer, str(key)), depth + 1)
    elif isinstance(value, list):
        for number, member in enumerate(value):
            _check_values(member, f"{pointer}/{number}", depth + 1)


def _is_unstorable(value: object) -> bool:
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is not None
    return isinstance(value, int) and not -MAX_NUMBER - 1 <= value <= MAX_NUMBER


def _member_pointer(pointer: str, key: str) -> str:
    return f"{pointer}/{key}" if _FIELD_NAME.fullmatch(key) else pointer


def _field_reason(error: Mapping[str, Any]) -> RejectionReason:
    pointer = "".join(f"/{part}" for part in error["loc"])
    return rejection("missing_field" if error["type"] == "missing" else "invalid_field", pointer)
