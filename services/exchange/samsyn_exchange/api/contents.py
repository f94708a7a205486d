"""The contents store over HTTP: what events only refer to."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from samsyn_chassis.database import Database

from samsyn_exchange.api.errors import refused
from samsyn_exchange.api.requests import Callers, read_body
from samsyn_exchange.border import Border
from samsyn_exchange.contents import ContentsStore, ErasedError, OtherContentsError
from samsyn_exchange.domain.contents import FetchOutcome, is_about, is_ref, owner_of, right_to_fetch
from samsyn_exchange.sealing import CannotOpenError
from samsyn_exchange.store import Store

logger = logging.getLogger(__name__)
MAX_CONTENTS_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Contents:
    """The contents store: each is written once by its owner, and read by those who have a grant while it lasts."""

    database: Database
    border: Border
    callers: Callers
    contents_key: str

    async def put(self, request: Request) -> Response:
        """Keep contents under a reference of the caller's own; the same again is no change, others are refused."""
        ref, caller, about = request.path_params["ref"], self.callers.of(request), request.query_params.get("about")
        if caller is None:
            return refused("not_known")
        if not is_ref(ref):
            return refused("bad_ref")
        if owner_of(ref) != caller:
            return refused("not_owner")
        if about is None or not is_about(about):
            return refused("bad_about" if about else "about_missing")
        body = await read_body(request, MAX_CONTENTS_BYTES)
        if body is None:
            return refused("too_large")
        return await self._keep(ref, about, body) if _is_json(body) else refused("not_json")

    async def get(self, request: Request) -> Response:
        """Give contents to their owner or to a party with a grant; every try is logged."""
        ref, caller = request.path_params["ref"], self.callers.of(request)
        if caller is None:
            return refused("not_known")
        if not is_ref(ref):
            return refused("not_found")
        async with self.database.transaction() as transaction:
            now, store = await self.border.now(Store(transaction)), ContentsStore(transaction)
            grant = await store.grant_of(ref, caller)
            outcome, body = await self._fetched(store, ref, right_to_fetch(ref, caller, grant, now))
            await store.note_fetch(ref, caller, outcome, grant, now)
        if body is None:
            return refused("not_found" if outcome == "no_grant" else outcome)
        return Response(body, media_type="application/json")

    async def acknowledge(self, request: Request) -> Response:
        """A receiver has stored what it fetched: it need not fetch again, and may not; once more changes nothing."""
        ref, caller = request.path_params["ref"], self.callers.of(request)
        if caller is None:
            return refused("not_known")
        async with self.database.transaction() as transaction:
            now = await self.border.now(Store(transaction))
            had_grant = is_ref(ref) and await ContentsStore(transaction).acknowledge(ref, caller, now)
        return JSONResponse({"ref": ref}) if had_grant else refused("not_found")

    async def _keep(self, ref: str, about: str, body: bytes) -> Response:
        try:
            async with self.database.transaction() as transaction:
                now = await self.border.now(Store(transaction))
                is_new = await ContentsStore(transaction).keep(self.contents_key, ref, about, body, now)
        except OtherContentsError:
            return refused("differs")
        except ErasedError:
            return refused("erased")
        except CannotOpenError:
            _tell_it_cannot_open()
            return refused("cannot_open")
        return JSONResponse({"ref": ref}, 201 if is_new else 200)

    async def _fetched(
        self, store: ContentsStore, ref: str, outcome: FetchOutcome
    ) -> tuple[FetchOutcome, bytes | None]:
        if outcome != "given":
            return outcome, None
        try:
            body = await store.read(self.contents_key, ref)
        except ErasedError:
            return "erased", None
        except CannotOpenError:
            _tell_it_cannot_open()
            return "cannot_open", None
        return ("not_found" if body is None else "given"), body


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return False
    return True


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _tell_it_cannot_open() -> None:
    logger.critical("contents do not open: SAMSYN_CONTENTS_KEY is not what it was, or they were changed")
