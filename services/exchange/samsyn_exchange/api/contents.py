"""The contents store over HTTP: what events only refer to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import TypeAdapter, ValidationError
from samsyn_chassis.database import Database, Transaction
from samsyn_contracts.message import ContentsRef
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from samsyn_exchange.api.errors import refused
from samsyn_exchange.api.requests import read_body
from samsyn_exchange.border import Border
from samsyn_exchange.domain.admission import local_day
from samsyn_exchange.store import Store
from samsyn_exchange.tables import ContentsRow, FetchRow, GrantRow
from samsyn_exchange.tokens import bearer_of

MAX_CONTENTS_BYTES = 1024 * 1024
_REF: TypeAdapter[str] = TypeAdapter(ContentsRef)


@dataclass(frozen=True)
class Contents:
    """The contents store, thin: each is written once by its owner, and read by those who have a grant."""

    database: Database
    border: Border
    token_secret: str

    async def put(self, request: Request) -> Response:
        """Keep contents under a reference of the caller's own; the same again is no change, others are refused."""
        ref, caller = request.path_params["ref"], self._caller(request)
        if caller is None:
            return refused("not_known")
        if not _is_ref(ref):
            return refused("bad_ref")
        if ref.split(":")[1] != caller:
            return refused("not_owner")
        body = await read_body(request, MAX_CONTENTS_BYTES)
        if body is None:
            return refused("too_large")
        return await self._keep(ref, caller, body) if _is_json(body) else refused("not_json")

    async def get(self, request: Request) -> Response:
        """Give contents to their owner or to a party with a grant; every try is logged."""
        ref, caller = request.path_params["ref"], self._caller(request)
        if caller is None:
            return refused("not_known")
        if not _is_ref(ref):
            return refused("not_found")
        async with self.database.transaction() as transaction:
            now = await self.border.now(Store(transaction))
            found = await transaction.session.get(ContentsRow, ref)
            is_given = found is not None and (found.owner == caller or await _is_granted(transaction, ref, caller, now))
            told = {"ref": ref, "party": caller, "is_given": is_given, "fetched_at": now}
            await transaction.execute(sa.insert(FetchRow), [told])
        return Response(found.body, media_type="application/json") if found and is_given else refused("not_found")

    def _caller(self, request: Request) -> str | None:
        parties = [party.code for party in self.border.register.parties]
        return bearer_of(self.token_secret, request.headers.get("authorization"), parties)

    async def _keep(self, ref: str, owner: str, body: bytes) -> Response:
        async with self.database.transaction() as transaction:
            now = await self.border.now(Store(transaction))
            row = {"ref": ref, "owner": owner, "body": body, "stored_at": now}
            insert = postgresql.insert(ContentsRow).values(row).on_conflict_do_nothing().returning(col(ContentsRow.ref))
            is_new = (await transaction.execute(insert)).scalar_one_or_none() is not None
            kept = (await transaction.session.get_one(ContentsRow, ref)).body
        if kept != body:
            return refused("differs")
        return JSONResponse({"ref": ref}, 201 if is_new else 200)


async def _is_granted(transaction: Transaction, ref: str, party: str, now: datetime) -> bool:
    grant = await transaction.session.get(GrantRow, (ref, party))
    day = local_day(now)
    return grant is not None and grant.valid_from <= day and (grant.valid_to is None or day <= grant.valid_to)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return False
    return True


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _is_ref(ref: str) -> bool:
    try:
        _REF.validate_python(ref)
    except ValidationError:
        return False
    return True
