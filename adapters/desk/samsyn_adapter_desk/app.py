"""The desk as a web application: sign-in, pages, forms, and word when something changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from samsyn_adapter_sdk import not_ready
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from samsyn_adapter_desk import sign_in
from samsyn_adapter_desk.assets import FOLDER, Assets
from samsyn_adapter_desk.clock import Clock
from samsyn_adapter_desk.database import is_away
from samsyn_adapter_desk.description import described_forms
from samsyn_adapter_desk.hosting import opened
from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.pages import (
    capacity,
    changes,
    directory,
    filling,
    inspections,
    live,
    loss,
    operation,
    plan,
    texts,
    todo,
    what_if,
    wheel,
)
from samsyn_adapter_desk.rendering import Pages
from samsyn_adapter_desk.security import Security
from samsyn_adapter_desk.settings import Settings
from samsyn_adapter_desk.sign_in import TO_THE_DESK, NotSignedIn, PageInstead, SignIn

UNUSABLE = msgid("The address or the form says something that cannot be used. Go back and try again from the page.")
BROKEN = msgid(
    "Something broke at the desk. What you sent may have been said: look at the page before you send it again."
)
ROUTERS = (todo, plan, changes, what_if, operation, inspections, capacity, loss, wheel, directory, filling, live, texts)


def application(settings: Settings) -> ASGIApp:
    """The desk with these settings; its life is that of the parties' connections."""
    assets = Assets()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings) as desk, httpx.AsyncClient(base_url=settings.exchange_url, timeout=5) as client:
            app.state.desk, app.state.pages, app.state.clock = desk, Pages(assets), Clock(client)
            app.state.sign_in = SignIn(settings, desk.database)
            yield

    # The description alone: the pages that show it would load scripts from a CDN.
    described: Any = {"title": "Samsyn: desk", "version": version("samsyn-adapter-desk")}
    app = FastAPI(lifespan=life, docs_url=None, redoc_url=None, openapi_url="/openapi.json", **described)
    app.mount("/static", StaticFiles(directory=FOLDER), name="static")
    app.include_router(sign_in.router)
    for module in ROUTERS:
        app.include_router(module.router)
    app.add_exception_handler(NotSignedIn, sign_in.answer_not_signed_in)
    app.add_exception_handler(PageInstead, _instead)
    app.add_exception_handler(HTTPException, _http_error)
    for kind in (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, PoolTimeoutError, OSError):
        app.add_exception_handler(kind, _away)
    app.add_exception_handler(RequestValidationError, _unusable)
    app.add_exception_handler(Exception, _broken)
    app.openapi = lambda: described_forms(app)  # type: ignore[method-assign]
    app.add_api_route("/health", _health, include_in_schema=False)
    app.add_api_route("/status", _status, include_in_schema=False)
    return Security(app, settings.desk_url, assets)  # outermost: a page that breaks has the same headers


async def _instead(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, PageInstead)  # noqa: S101 - what the handler is registered for
    pages: Pages = request.app.state.pages
    return pages.instead(error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what the handler is registered for
    sentence = msgid("There is no such page here.") if error.status_code == 404 else UNUSABLE
    answer = await _instead(request, PageInstead(error.status_code, sentence, link=TO_THE_DESK))
    answer.headers.update(error.headers or {})  # which methods there are, for example
    return answer


async def _unusable(request: Request, _error: Exception) -> Response:
    return await _instead(request, PageInstead(422, UNUSABLE, link=TO_THE_DESK))


async def _away(request: Request, error: Exception) -> Response:
    if not is_away(error):
        raise error
    told = msgid("The desk cannot reach its database. Nothing was said; try again in a minute.")
    return await _instead(request, PageInstead(503, told, link=TO_THE_DESK))


async def _broken(request: Request, _error: Exception) -> Response:
    """For the reader; the exception itself goes on to the log."""
    return await _instead(request, PageInstead(500, BROKEN, link=TO_THE_DESK))


async def _health(request: Request) -> JSONResponse:
    """Ready once every hosted party has been connected: what is known can be read whatever is away later."""
    awaited = not_ready(hosted.connection.status() for hosted in request.app.state.desk.parties.values())
    return JSONResponse({"status": awaited or "up"}, 503 if awaited else 200)


async def _status(request: Request) -> JSONResponse:
    """How each hosted party's adapter stands; counts and codes alone."""
    told = {party: hosted.connection.status() for party, hosted in request.app.state.desk.parties.items()}
    waiting = {party: status.journal_waiting for party, status in told.items()}
    is_idle = not any(status.journal_waiting or status.heard_busy for status in told.values())
    shown = {
        "service": "desk",
        "idle": is_idle,
        "waiting": waiting,
        "heard": {party: status.heard_offset for party, status in told.items()},
        "aside": {party: status.aside for party, status in told.items()},
        "awaited": {party: status.awaited for party, status in told.items()},
    }
    return JSONResponse(shown)
