"""What /openapi.json tells of the HTTPS profile: forms of requests, answers, errors, and the token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Depends
from fastapi.security import HTTPBearer
from samsyn_contracts.schemas.generation import envelope_schema
from samsyn_contracts.web import BATCH, BINARY, MAX_TOGETHER, STRUCTURED

from samsyn_exchange.api.errors import Problem
from samsyn_exchange.api.events import Answer, Answers
from samsyn_exchange.api.inbox import InboxPage, InboxQuery
from samsyn_exchange.api.state import State

BY_TOKEN = [Depends(HTTPBearer(auto_error=False, description="the party's token"))]
PROBLEMS: Mapping[int, str] = {
    401: "no token of a party's",
    413: "more than 1 MiB, or more than 100 events",
    415: "another form than the three",
    503: "database or Kafka is away; again after Retry-After",
}
CENTRE = {
    "name": "centre",
    "in": "query",
    "description": "one of the caller's centres; all of them if absent",
    "schema": {"type": "string"},
}
Described = dict[str, Any]


def events() -> Described:
    """How POST /v1/events and :validate are described."""
    refusals = (403, 409, 422)
    answers: dict[int | str, Any] = {
        200: {"model": Answer | Answers, "description": "repeated; or of a batch an answer to each event"},
        201: {"model": Answer, "description": "admitted: kept for good"},
        **{status: {"model": Answer, "description": "rejected, with every reason"} for status in refusals},
    }
    event = _event()
    content = {
        STRUCTURED: {"schema": event},
        BATCH: {"schema": {"type": "array", "items": event, "maxItems": MAX_TOGETHER}},
        BINARY: {"schema": {"type": "object", "description": "the facts; attributes as ce- headers, percent-encoded"}},
    }
    body = {"requestBody": {"required": True, "content": content}}
    return {"responses": answers | _problems(401, 413, 415, 503), "openapi_extra": body, **_told(BY_TOKEN)}


def inbox() -> Described:
    """How GET /v1/inbox is described."""
    lost = {
        409: {"model": Problem, "description": "the inbox ends before the cursor"},
        410: {"model": Problem, "description": "kept no longer; `earliest` is"},
        422: {"model": Problem, "description": "a parameter of the wrong form"},
    }
    answers = {200: {"model": InboxPage, "description": "events in the order told, maybe none"}, **lost}
    return {
        "responses": answers | _problems(401, 503),
        "openapi_extra": {"parameters": _parameters(InboxQuery.model_json_schema())},
        **_told(BY_TOKEN),
    }


def state() -> Described:
    """How GET /v1/state is described."""
    refusals = {
        403: {"model": Problem, "description": "no member of that centre"},
        422: {"model": Problem, "description": "no such centre"},
    }
    answers = {200: {"model": State, "description": "what is in force, redacted for the caller"}, **refusals}
    return {
        "responses": answers | _problems(401, 503),
        "openapi_extra": {"parameters": [CENTRE]},
        **_told(BY_TOKEN),
    }


def contract() -> Described:
    """How a single contract is described."""
    return {"responses": {404: {"model": Problem, "description": "no such contract"}}, **_told([])}


def _told(dependencies: list[Any]) -> Described:
    return {"dependencies": dependencies, "response_model": None, "tags": ["HTTPS profile"]}


def _problems(*statuses: int) -> dict[int | str, Any]:
    return {status: {"model": Problem, "description": PROBLEMS[status]} for status in statuses}


def _parameters(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A model's fields as the parameters of a query."""
    return [
        {"name": name, "in": "query", "description": member.get("description", ""), "schema": member}
        for name, member in schema["properties"].items()
    ]


def _event() -> dict[str, Any]:
    """The JSON Schema of an event in structured mode."""
    envelope = envelope_schema()
    attributes = {name.removeprefix("ce_"): member for name, member in envelope["properties"].items()}
    return {
        "type": "object",
        "description": "a CloudEvent; `data` is the facts of the message that `type` names",
        "properties": {**attributes, "data": {"type": "object"}},
        "required": [*(name.removeprefix("ce_") for name in envelope["required"]), "data"],
    }
