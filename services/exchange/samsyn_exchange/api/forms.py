"""The forms in which events come over HTTP, each read into what a party says, and the pointers back into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import Request
from samsyn_contracts.bus import Headers
from samsyn_contracts.platform import RejectionReason
from samsyn_contracts.rejection import RefusedError
from samsyn_contracts.web import BATCH, BINARY, STRUCTURED, record_headers, record_of, split_batch

from samsyn_exchange.domain.admission import Said

Form = Literal["binary", "structured", "batch"]
FORMS: Mapping[str, Form] = {BINARY: "binary", STRUCTURED: "structured", BATCH: "batch"}
# Where an event stands that came over HTTP: on no topic of Kafka's.
TOPIC, PARTITION, OFFSET = "https", 0, -1
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_OF_THE_WHOLE = ("too_large",)


@dataclass(frozen=True)
class Unreadable:
    """Something in the place of an event that is none."""

    reasons: tuple[RejectionReason, ...]


def form_of(request: Request) -> Form | None:
    """The form that the Content-Type names."""
    return FORMS.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())


def said_in(form: Form, party: str, request: Request, body: bytes) -> list[Said | Unreadable]:
    """What the party says in a request; raises RefusedError for a batch that cannot be taken apart."""
    if form == "binary":
        return [Said(TOPIC, PARTITION, OFFSET, party, record_headers(request.headers.raw), body)]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = ""  # which is no JSON either
    events = split_batch(text) if form == "batch" else [text]
    return [_said(party, event, request.headers.get("traceparent", "")) for event in events]


def pointer_into(form: Form, reason: RejectionReason) -> str:
    """Where the reason stands in what was sent: `/headers/ce-id` and `/site/name`, or `/id` and `/data/site/name`."""
    pointer = reason.pointer
    is_of_header = pointer == "/headers" or pointer.startswith("/headers/")
    if form == "binary":
        return pointer.replace("/headers/ce_", "/headers/ce-", 1) if is_of_header else pointer
    if is_of_header:
        return pointer.removeprefix("/headers").replace("/ce_", "/", 1)
    return pointer if reason.code in _OF_THE_WHOLE else f"/data{pointer}"


def _said(party: str, event: str, trace: str) -> Said | Unreadable:
    try:
        headers, body = record_of(event)
    except RefusedError as refused:
        return Unreadable(refused.reasons)
    return Said(TOPIC, PARTITION, OFFSET, party, _traced(headers, trace), body)


def _traced(headers: Headers, trace: str) -> Headers:
    """An event without a trace of its own belongs to that of the request."""
    if TRACEPARENT.fullmatch(trace) is None or any(key == "traceparent" for key, _ in headers):
        return headers
    return [*headers, ("traceparent", trace.encode())]
