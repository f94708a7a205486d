"""The clock over HTTP: what it shows, setting a driven one, confirming a real one that jumped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from samsyn_chassis.database import Database
from samsyn_chassis.telemetry import span

from samsyn_exchange.api.errors import refused
from samsyn_exchange.api.requests import read_body
from samsyn_exchange.border import Border
from samsyn_exchange.store import Store
from samsyn_exchange.timekeeping import Clock
from samsyn_exchange.tokens import OPERATIONS, bearer_of

MAX_SETTING_BYTES = 64 * 1024


class ClockSetting(BaseModel):
    """What time it is now, and which centres are told."""

    now: AwareDatetime
    centres: Annotated[tuple[str, ...], Field(min_length=1)]


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
        setting = _setting(await read_body(request, MAX_SETTING_BYTES), self.border.register.centres)
        if setting is None:
            return refused("bad_time")
        with span("set the clock"):
            async with self.database.transaction() as transaction:
                store = Store(transaction)
                await transaction.lock(self.border.places)
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


def _setting(body: bytes | None, centres: tuple[str, ...]) -> ClockSetting | None:
    try:
        setting = ClockSetting.model_validate_json(body or b"")
    except ValidationError:
        return None
    return setting if set(setting.centres) <= set(centres) else None
