"""What is asked over HTTP: contents that events refer to, and the clock."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.telemetry import span
from samsyn_contracts.message import ContentsRef
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from samsyn_exchange.domain.admission import local_day
from samsyn_exchange.handlers import Border
from samsyn_exchange.store import Store
from samsyn_exchange.tables import ContentsRow, FetchRow, GrantRow
from samsyn_exchange.timekeeping import Clock
from samsyn_exchange.tokens import OPERATIONS, bearer_of

MAX_CONTENTS_BYTES = 1024 * 1024
_REF: TypeAdapter[str] = TypeAdapter(ContentsRef)

# code -> (HTTP status, Swedish, English)
ERRORS: dict[str, tuple[int, str, str]] = {
    "not_known": (
        401,
        "Ange partens nyckel: Authorization: Bearer <nyckel>.",
        "Give the party's token: Authorization: Bearer <token>.",
    ),
    "not_owner": (403, "Referensen tillhör en annan part.", "The reference belongs to another party."),
    "not_found": (
        404,
        "Innehållet finns inte, eller får inte läsas av parten.",
        "There are no such contents, or the party may not read them.",
    ),
    "differs": (
        409,
        "Referensen har redan ett annat innehåll. Ge varje innehåll en egen referens.",
        "The reference already has other contents. Give all contents a reference of their own.",
    ),
    "too_large": (413, "Innehållet är större än 1 MiB.", "The contents are larger than 1 MiB."),
    "not_json": (422, "Innehållet är inte giltig JSON i UTF-8.", "The body is not valid JSON in UTF-8."),
    "bad_ref": (
        422,
        "Referensen ska ha formen contents:<part>:<uuid>.",
        "The reference must have the form contents:<party>:<uuid>.",
    ),
    "bad_time": (
        422,
        "Ange now (tidpunkt med tidszon) och centres (registrerade center).",
        "Give now (an instant with a time zone) and centres (registered ones).",
    ),
    "clock_is_real": (
        409,
        "Klockan är verklig och kan inte ställas.",
        "The clock is a real one and cannot be set.",
    ),
    "backwards": (409, "Klockan kan inte gå bakåt.", "The clock cannot go backwards."),
}


class ClockSetting(BaseModel):
    """What time it is now, and which centres are told."""

    now: AwareDatetime
    centres: Annotated[tuple[str, ...], Field(min_length=1)]


def refused(code: str) -> JSONResponse:
    """An error: its code, and a sentence in both languages."""
    status, swedish, english = ERRORS[code]
    return JSONResponse({"code": code, "text_sv": swedish, "text_en": english}, status)


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
        body = await _read(request)
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


@dataclass(frozen=True)
class ClockDesk:
    """The clock over HTTP: what it shows, setting a driven one, confirming a real one that jumped."""

    database: Database
    border: Border
    clock: Clock
    token_secret: str

    async def show(self) -> Response:
        """What time it is here."""
        async with self.database.transaction() as transaction:
            return self._shown(await self.border.now(Store(transaction)))

    async def set(self, request: Request) -> Response:
        """Set a driven clock and tell the centres named."""
        if not self.clock.is_driven:
            return refused("clock_is_real")
        setting = _setting(await _read(request), self.border.register.centres)
        if setting is None:
            return refused("bad_time")
        with span("set the clock"):
            async with self.database.transaction() as transaction:
                store = Store(transaction)
                await transaction.lock(self.border.register.centres)
                if setting.now < await self.border.now(store):
                    return refused("backwards")
                await store.set_clock(setting.now)
                await self.border.say_time(store, set(setting.centres), setting.now)
                await store.save()
        return self._shown(setting.now)

    async def confirm(self, request: Request) -> Response:
        """A human confirms the wall clock after a jump; with the token of those who run Samsyn."""
        if bearer_of(self.token_secret, request.headers.get("authorization"), [OPERATIONS]) is None:
            return refused("not_known")
        self.clock.confirm()
        return JSONResponse({"confirmed": True})

    def _shown(self, now: datetime) -> Response:
        mode = "driven" if self.clock.is_driven else "real"
        ticks = self.clock.is_driven or self.clock.may_tick()
        return JSONResponse({"mode": mode, "now": now.isoformat(), "ticks": ticks})


def routes(contents: Contents, desk: ClockDesk) -> APIRouter:
    """Everything under /v1."""
    router = APIRouter(prefix="/v1")
    router.add_api_route("/contents/{ref}", contents.put, methods=["PUT"], response_model=None)
    router.add_api_route("/contents/{ref}", contents.get, methods=["GET"], response_model=None)
    router.add_api_route("/clock", desk.show, methods=["GET"], response_model=None)
    router.add_api_route("/clock", desk.set, methods=["POST"], response_model=None)
    router.add_api_route("/clock/confirm", desk.confirm, methods=["POST"], response_model=None)
    return router


async def _is_granted(transaction: Transaction, ref: str, party: str, now: datetime) -> bool:
    grant = await transaction.session.get(GrantRow, (ref, party))
    day = local_day(now)
    return grant is not None and grant.valid_from <= day and (grant.valid_to is None or day <= grant.valid_to)


async def _read(request: Request) -> bytes | None:
    """The body, None as soon as it is larger than contents may be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_CONTENTS_BYTES:
            return None
    return bytes(body)


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


def _setting(body: bytes | None, centres: tuple[str, ...]) -> ClockSetting | None:
    try:
        setting = ClockSetting.model_validate_json(body or b"")
    except ValidationError:
        return None
    return setting if set(setting.centres) <= set(centres) else None
