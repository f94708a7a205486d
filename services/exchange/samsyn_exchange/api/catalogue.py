"""What everybody may look up: codes and their names, parties, errors, and the contracts themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from samsyn_contracts.audience import audience_of, sayers_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message
from samsyn_contracts.register import (
    Membership,
    Register,
    Role,
    category_names,
    cause_names,
    checklist_names,
    lesson_names,
    programme_names,
    site_sections,
)
from samsyn_contracts.schemas.asyncapi import asyncapi_document
from samsyn_contracts.schemas.committed import CONTRACTS, committed_examples
from samsyn_contracts.schemas.generation import all_schemas, class_of, file_name

from samsyn_exchange.api.errors import KnownError, catalogue, refused


class Name(BaseModel):
    """A code, and what people call it."""

    code: str
    sv: str
    en: str


class KnownParty(BaseModel):
    """A party of the register: who it is, in which roles it speaks, and in which centres it takes part."""

    code: str
    kind: str
    name_sv: str
    name_en: str
    short_name: str
    roles: tuple[Role, ...]
    memberships: tuple[Membership, ...]


class Codes(BaseModel):
    """Every code that events or answers may hold."""

    causes: list[Name]
    categories: list[Name]
    programmes: list[Name]
    site_sections: list[Name]
    checklist: list[Name]
    lessons: list[Name]
    parties: list[KnownParty]
    errors: list[KnownError]


class Contract(BaseModel):
    """A message: its type, its class of sensitivity, who may say it, who hears it, and where its schema is."""

    name: str
    type: str
    summary: str
    sensitivity: str
    said_by: tuple[str, ...]
    heard_by: tuple[str, ...]
    schema_url: str


class Contracts(BaseModel):
    """Every message of this release."""

    contracts: list[Contract]


@dataclass(frozen=True)
class Catalogue:
    """Reference data of class P0 and P1, open without a token."""

    register: Register

    async def codes(self) -> Codes:
        """Causes, categories, programmes, sections of what is known of sites, of briefings, parties and errors."""
        return Codes(
            causes=_names(cause_names()),
            categories=_names(category_names()),
            programmes=_names(programme_names()),
            site_sections=_names({one.code: (one.sv, one.en) for one in site_sections()}),
            checklist=_names(checklist_names()),
            lessons=_names(lesson_names()),
            parties=[KnownParty.model_validate(party, from_attributes=True) for party in self.register.parties],
            errors=catalogue(),
        )

    async def contracts(self) -> Contracts:
        """The list of messages."""
        return Contracts(contracts=[_contract(cls, self.register) for cls in MESSAGES.values()])

    async def schema(self, name: str) -> Response:
        """The JSON Schema of a message, or of the envelope: `PoliceCancelled.v1`, `Envelope.v1`."""
        found = _schemas().get(f"{name}.json")
        return JSONResponse(found, media_type="application/schema+json") if found else refused("no_contract")

    async def asyncapi(self) -> Response:
        """All of it as one AsyncAPI document."""
        return JSONResponse(_asyncapi())


def _names(names: Mapping[str, tuple[str, str]]) -> list[Name]:
    return [Name(code=code, sv=sv, en=en) for code, (sv, en) in names.items()]


def _contract(message_class: type[Message], register: Register) -> Contract:
    audience = audience_of(message_class)
    name = file_name(message_class).removesuffix(".json")
    return Contract(
        name=name,
        type=message_class.type_name(),
        summary=(message_class.__doc__ or "").strip().partition("\n")[0],
        sensitivity=class_of(message_class),
        said_by=sayers_of(message_class, register),
        heard_by=(*(f"service {service}" for service in audience.services), *audience.parties),
        schema_url=f"/v1/contracts/{name}",
    )


@cache
def _schemas() -> Mapping[str, Any]:
    return all_schemas()


@cache
def _asyncapi() -> Mapping[str, Any]:
    """With examples where the contracts are a checkout: a wheel has none."""
    return asyncapi_document(committed_examples() if (CONTRACTS / "examples").is_dir() else {})
