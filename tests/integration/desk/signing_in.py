"""A provider as a process, a desk of a few pages before it, and browsers that sign in."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from fastapi import Depends, FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.rendering import Pages
from samsyn_adapter_desk.security import Security
from samsyn_adapter_desk.settings import Settings
from samsyn_adapter_desk.sign_in import (
    NotSignedIn,
    PageInstead,
    SignIn,
    Visiting,
    Visitor,
    answer_not_signed_in,
    leave_note,
    requires,
    router,
)
from samsyn_local.sign_in_provider import CLIENT_ID
from starlette.types import ASGIApp

DESK = "http://127.0.0.1:8799"
SECRET = "a secret of tests"  # noqa: S105
HOSTED = "akc-vast,arbetsmiljoverket,polisen"
HTML = {"Accept": "text/html"}
NOTE = "Skickat: Tacka ja. Askås."
BENDING = Path(__file__).with_name("bending_provider.py")
CENTRE = {"party": "akc-vast", "role": "centre_coordinator", "function": "samordnare"}
AGENCY = {"party": "arbetsmiljoverket", "role": "agency_coordinator", "function": "samordnare"}
READER = {"party": "akc-vast", "role": "reader", "function": "lasare"}
ELSEWHERE = {"party": "skatteverket", "role": "reader", "function": "lasare"}
BENT = (
    "wrong-nonce",
    "without-nonce",
    "wrong-audience",
    "wrong-issuer",
    "among-several",
    "expired",
    "from-tomorrow",
    "unsigned",
    "signed-with-the-public-key",
    "signed-by-another",
)
SEATS: Mapping[str, Any] = {
    "coordinator": [CENTRE, AGENCY, ELSEWHERE],
    "reader": [READER],
    "of-another-desk": [ELSEWHERE],
    "malformed": [{**CENTRE, "role": "boss"}],
    **{kind: [CENTRE] for kind in BENT},
}


class Clock:
    """The clock of this machine, moved on by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@contextmanager
def provider_on(port: int, folder: Path) -> Iterator[str]:
    """The bending provider as a process of its own; its issuer."""
    users = folder / "users.json"
    told = [{"subject": name, "name": f"{name} åäö", "name_en": name, "seats": seats} for name, seats in SEATS.items()]
    users.write_text(json.dumps(told), "utf-8")
    said = {
        "SAMSYN_HTTP_PORT": str(port),
        "SAMSYN_PROVIDER_USERS": str(users),
        "SAMSYN_PROVIDER_CLIENT_SECRET": SECRET,
        "SAMSYN_PROVIDER_REDIRECT": f"{DESK}/sign-in/back",
    }
    process = subprocess.Popen([sys.executable, str(BENDING)], env={**os.environ, **said})
    try:
        _wait_answering(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_answering(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(address, timeout=10)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"no provider of sign-in at {address}")


def settings_for(issuer: str, database: str, folder: Path, desk_url: str = DESK, parties: str = HOSTED) -> Settings:
    """Settings of a desk that has an issuer."""
    return Settings(
        database=database,
        desk_parties=parties,
        tokens=folder / "tokens.json",
        exchange_url="http://127.0.0.1:1",
        state_dir=folder,
        desk_url=desk_url,
        http_port=8799,
        environment="test",
        oidc_issuer=issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=SECRET,
    )


def a_desk(settings: Settings, database: Database, now: Callable[[], datetime]) -> ASGIApp:
    """A desk of three pages, guarded as the real one is."""
    app = FastAPI()
    app.state.sign_in = SignIn(settings, database, now)
    app.state.pages = Pages(Assets())
    app.include_router(router)
    app.add_exception_handler(NotSignedIn, answer_not_signed_in)
    app.add_exception_handler(PageInstead, _page_instead)

    @app.get("/page")
    async def page(who: Annotated[Visitor, Depends(requires("read"))]) -> dict[str, str]:
        told = {"party": who.seat.party, "role": who.seat.role, "language": who.language, "csrf": who.csrf}
        return {**told, "name": who.person.name, "seats": str(len(who.person.seats))}

    @app.get("/mode")
    async def mode(who: Annotated[Visitor, Depends(requires("switch_mode"))]) -> str:
        return who.seat.function

    @app.post("/say")
    async def say(request: Request, who: Visiting) -> str:
        await leave_note(request, NOTE)
        return who.seat.function

    @app.get("/words")
    async def words(request: Request, who: Visiting) -> Response:
        pages: Pages = request.app.state.pages
        return pages.page(request, who, "words.html", now(), words=())

    return Security(app, settings.desk_url, Assets())


async def _page_instead(_request: Request, error: Exception) -> Response:
    assert isinstance(error, PageInstead)
    return PlainTextResponse(f"{error.said('sv')}\n{error.said('en')}", error.status)


class Browser:
    """One browser at one desk, with its cookies."""

    def __init__(self, desk: ASGIApp, address: str = DESK) -> None:
        transport = httpx.ASGITransport(app=desk)
        self.http = httpx.AsyncClient(transport=transport, base_url=address, headers=HTML | {"Origin": address})

    async def begin(self, back: str = "/page") -> str:
        """Ask to sign in; where the desk sends us to."""
        answer = await self.http.get("/sign-in", params={"back": back})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def sign_in(self, user: str, back: str = "/page") -> httpx.Response:
        """The whole way; the desk's answer to what the provider sent us back with."""
        return await self.http.get(await chosen(await self.begin(back), user))

    async def page(self) -> dict[str, str]:
        """What the desk knows of us."""
        answer = await self.http.get("/page")
        assert answer.status_code == 200, (answer.status_code, answer.text)
        told: dict[str, str] = answer.json()
        return told

    async def post(self, path: str, **form: str) -> httpx.Response:
        """Send a form of our own page."""
        return await self.http.post(path, data={"csrf": (await self.page())["csrf"], **form})


async def chosen(address: str, user: str) -> str:
    """Choose who to be on the provider's page; the address of return."""
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    async with httpx.AsyncClient(timeout=60) as http:
        page = await http.get(address)
        assert f'value="{user}"' in page.text, page.text
        answer = await http.post(f"{parts.scheme}://{parts.netloc}/authorize", data={**asked, "user": user})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def a_code(issuer: str, verifier: str) -> str:
    """A code that the provider gives to who begins with this verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": CLIENT_ID,
        "redirect_uri": f"{DESK}/sign-in/back",
        "response_type": "code",
        "scope": "openid",
        "state": "state",
        "nonce": "nonce",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    back = await chosen(f"{issuer}/authorize?{urlencode(asked)}", "coordinator")
    return parse_qs(urlsplit(back).query)["code"][0]


async def redeemed(issuer: str, code: str, verifier: str, secret: str = SECRET) -> tuple[int, Any]:
    """What the provider gives for a code: status and body."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{DESK}/sign-in/back"}
    async with httpx.AsyncClient(auth=(CLIENT_ID, secret), timeout=60) as http:
        answer = await http.post(f"{issuer}/token", data={**form, "code_verifier": verifier})
    return answer.status_code, answer.json()
