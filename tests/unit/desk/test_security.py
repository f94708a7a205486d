"""What every answer of the desk carries, and what no request gets past."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.security import HTMX_CONFIG, LARGEST_BODY, Security, content_policy
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

DESK = "https://samsyn.example.se"
OURS = {"Origin": DESK}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "desk.css").write_text("body { color: #000; }")
    return tmp_path


@pytest.fixture
def desk(static: Path) -> httpx.AsyncClient:
    return a_desk(static, DESK)


def a_desk(static: Path, address: str, form_targets: tuple[str, ...] = ()) -> httpx.AsyncClient:
    app = FastAPI()

    @app.get("/")
    async def page() -> Response:
        return PlainTextResponse("page", headers={"Cache-Control": "public"})

    @app.get("/health")
    async def health() -> Response:
        return PlainTextResponse("up")

    @app.post("/say")
    async def say(request: Request) -> Response:
        form = await request.form()
        return PlainTextResponse(str(len(form)))

    app.mount("/static", StaticFiles(directory=static))
    guarded = Security(app, address, Assets(static), form_targets)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=guarded), base_url=address)


async def test_a_page_lets_nothing_in_from_elsewhere(desk: httpx.AsyncClient) -> None:
    headers = (await desk.get("/")).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000"),
        ("cache-control", "no-store"),
    ],
)
async def test_a_page_carries_its_headers_once(desk: httpx.AsyncClient, name: str, value: str) -> None:
    assert (await desk.get("/")).headers.get_list(name) == [value]


async def test_a_refusal_carries_them_too(desk: httpx.AsyncClient) -> None:
    refused = await desk.get("/", headers={"Host": "evil.example.org"})
    assert refused.headers["x-content-type-options"] == "nosniff"


async def test_without_tls_no_browser_is_told_to_insist_on_it(static: Path) -> None:
    answer = await a_desk(static, "http://127.0.0.1:8080").get("/")
    assert answer.status_code == 200
    assert "strict-transport-security" not in answer.headers


def test_forms_may_lead_on_to_the_provider_alone() -> None:
    assert "form-action 'self' https://id.example.se;" in content_policy(["https://id.example.se"])


@pytest.mark.parametrize("host", ["evil.example.org", "samsyn.example.se:8443", "samsyn.example.se.example.org", ""])
async def test_another_host_is_refused(desk: httpx.AsyncClient, host: str) -> None:
    assert (await desk.get("/", headers={"Host": host})).status_code == 400


async def test_who_watches_the_process_may_use_its_address(desk: httpx.AsyncClient) -> None:
    assert (await desk.get("/health", headers={"Host": "10.0.0.7:8080"})).status_code == 200


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example.org", "http://samsyn.example.se"])
async def test_what_changes_something_comes_from_our_own_pages(desk: httpx.AsyncClient, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    assert (await desk.post("/say", data={"a": "b"}, headers=headers)).status_code == 403


async def test_our_own_form_is_taken(desk: httpx.AsyncClient) -> None:
    assert (await desk.post("/say", data={"a": "b"}, headers=OURS)).text == "1"


async def test_a_body_that_says_it_is_too_large_is_not_read(desk: httpx.AsyncClient) -> None:
    refused = await desk.post("/say", content=b"x" * (LARGEST_BODY + 1), headers=OURS)
    assert (refused.status_code, "64 kB" in refused.text) == (413, True)


async def test_a_body_that_grows_too_large_is_refused_as_well(desk: httpx.AsyncClient) -> None:
    async def growing() -> Any:
        for _ in range(9):
            yield b"a=" + b"x" * 8192

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = await desk.post("/say", content=growing(), headers=OURS | form)
    assert (refused.status_code, "64 kB" in refused.text) == (413, True)


async def test_a_static_file_under_its_own_mark_is_kept_for_good(desk: httpx.AsyncClient, static: Path) -> None:
    answer = await desk.get(Assets(static).address("desk.css"))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef"])
async def test_under_another_mark_it_is_asked_for_again(desk: httpx.AsyncClient, query: str) -> None:
    assert (await desk.get(f"/static/desk.css{query}")).headers["cache-control"] == "no-cache"


def test_another_content_has_another_address(static: Path) -> None:
    before = Assets(static).address("desk.css")
    (static / "desk.css").write_text("body { color: #111; }")
    assert Assets(static).address("desk.css") != before


async def test_a_stream_passes_as_it_comes(static: Path) -> None:
    goes_on, has_come = asyncio.Event(), asyncio.Event()
    sent: list[Message] = []

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        await goes_on.wait()
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Message) -> None:
        sent.append(message)
        if message.get("body"):
            has_come.set()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/events",
        "query_string": b"",
        "headers": [(b"host", b"samsyn.example.se")],
    }
    streaming = asyncio.create_task(Security(stream, DESK, Assets(static))(scope, receive, send))
    await asyncio.wait_for(has_come.wait(), 5)
    assert sent[1]["body"] == b"data: 1\n\n"
    goes_on.set()
    await streaming


def test_htmx_evaluates_nothing_and_keeps_nothing() -> None:
    config = json.loads(HTMX_CONFIG)
    assert (config["allowEval"], config["includeIndicatorStyles"], config["historyCacheSize"]) == (False, False, 0)
