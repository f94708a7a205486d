"""Says events over HTTP as a party would, in each of the three forms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx
from samsyn_contracts.bus import Headers, headers_of
from samsyn_contracts.envelope import Event
from samsyn_contracts.web import BATCH, BINARY, STRUCTURED, batch, structured

from tests.integration.exchange.asking import as_party

EVENTS, VALIDATE = "/events", "/events:validate"


def structured_of(event: Event, **changed: Any) -> str:
    """An event in structured mode; `x=None` leaves an attribute out, another value replaces or adds it."""
    told = json.loads(structured(headers_of(event.envelope), event.message.body())) | changed
    return json.dumps({name: value for name, value in told.items() if value is not None})


def binary_of(headers: Headers) -> dict[str, str]:
    """Record headers as HTTP headers in binary mode."""
    return {key.replace("ce_", "ce-"): quote(value.decode(), safe=":/+") for key, value in headers}


async def post(
    http: httpx.AsyncClient, event: Event | str, party: str = "polisen", path: str = EVENTS
) -> httpx.Response:
    """Say an event in structured mode."""
    body = event if isinstance(event, str) else structured_of(event)
    return await http.post(path, content=body.encode(), headers={"Content-Type": STRUCTURED, **as_party(party)})


async def post_binary(
    http: httpx.AsyncClient, headers: Headers, body: bytes, party: str = "polisen", path: str = EVENTS
) -> httpx.Response:
    """Say an event in binary mode."""
    told = {**binary_of(headers), "Content-Type": f"{BINARY}; charset=utf-8", **as_party(party)}
    return await http.post(path, content=body, headers=told)


async def post_batch(
    http: httpx.AsyncClient, events: Sequence[Event | str], party: str = "polisen", path: str = EVENTS
) -> httpx.Response:
    """Say several events."""
    texts = [event if isinstance(event, str) else structured_of(event) for event in events]
    return await http.post(path, content=batch(texts), headers={"Content-Type": BATCH, **as_party(party)})


def told(answer: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, what became of the event, and code and pointer of each reason."""
    shown = answer.json()
    return answer.status_code, shown["status"], [(one["code"], one["pointer"]) for one in shown["reasons"]]
