"""A small OpenID provider for the demo, the tests and one machine: whoever comes chooses who to be. No passwords.

`python -m samsyn_local.sign_in_provider`, with SAMSYN_HTTP_PORT, SAMSYN_PROVIDER_USERS (a file as users.json),
SAMSYN_PROVIDER_CLIENT_SECRET and SAMSYN_PROVIDER_REDIRECT (the desk's address of return); on the loopback alone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote_plus, urlencode

import uvicorn
from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from pydantic import BaseModel, ConfigDict, TypeAdapter

CLIENT_ID = "samsyn-desk"
HOST = "127.0.0.1"
USERS = Path(__file__).with_name("users.json")
CODE_SECONDS = 60
TOKEN_SECONDS = 300
KEY_BITS = 2048
STYLE = """\
body { font: 1.125rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 40rem; padding: 1rem; color: #1b1e23;
  background: #fff; }
.warning { border-left: 0.375rem solid #b35c00; padding: 0.5rem 1rem; background: #fff6e5; }
button { display: block; width: 100%; margin: 0.5rem 0; padding: 0.75rem 1rem; font: inherit; text-align: left;
  color: #1b1e23; background: #fff; border: 2px solid #4a5261; border-radius: 0.25rem; cursor: pointer; }
button:hover, button:focus-visible { background: #eef2f8; outline: 3px solid #1f4e9e; outline-offset: 2px; }
small { display: block; color: #4a5261; }
"""
PAGE = """\
<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vem är du? – Samsyns inloggning för demonstration</title><link rel="stylesheet" href="/style.css"></head>
<body><main><h1>Vem är du?</h1>
<p class="warning"><strong>Bara för demonstration och prov.</strong> Här finns inga lösenord: den som kommer hit väljer
själv vem hen är. <span lang="en">For demonstrations and tests only: there are no passwords, whoever comes here chooses
who to be.</span></p>
<form method="post" action="/authorize">{hidden}
{buttons}
</form></main></body></html>
"""
BUTTON = '<button name="user" value="{subject}">{name}<small lang="en">{name_en}</small></button>'

Claims = Mapping[str, Any]
Sign = Callable[[Claims, RSAKey], str]


class User(BaseModel):
    """Somebody to be: a function, never a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    name: str
    name_en: str
    language: str = "sv"
    seats: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """What a client asks for when it sends a browser here."""

    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True)
class Grant:
    """What a code is good for, once, until it expires."""

    user: User
    asked: Asked
    expires_at: float


def read_users(path: Path) -> tuple[User, ...]:
    """The users of a JSON file; ValueError, OSError."""
    return TypeAdapter(tuple[User, ...]).validate_json(path.read_bytes())


def signed(claims: Claims, key: RSAKey) -> str:
    """An ID token, signed as RS256."""
    return jwt.encode({"alg": "RS256", "kid": key.kid}, dict(claims), key)


class Provider:
    """One provider for one client; its key and codes are gone when it ends."""

    def __init__(
        self, issuer: str, users: Sequence[User], client_secret: str, redirect_uri: str, sign: Sign = signed
    ) -> None:
        self.issuer = issuer
        self._users = {user.subject: user for user in users}
        self._secret = client_secret
        self._redirect_uri = redirect_uri
        self._sign = sign
        self._key = RSAKey.generate_key(KEY_BITS, {"use": "sig", "alg": "RS256"})
        self._key.ensure_kid()
        self._grants: dict[str, Grant] = {}

    def document(self) -> dict[str, Any]:
        """What the provider says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "scopes_supported": ["openid", "profile"],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def keys(self) -> Mapping[str, Any]:
        """The public key."""
        return KeySet([self._key]).as_dict(private=False)

    def fault(self, asked: Mapping[str, Any]) -> str | None:
        """Why a browser that was sent here like this gets no page; None if all is well."""
        wanted = {
            "client_id": CLIENT_ID,
            "redirect_uri": self._redirect_uri,
            "response_type": "code",
            "code_challenge_method": "S256",
        }
        for name, value in wanted.items():
            if asked.get(name) != value:
                return f"{name} is not {value}."
        if "openid" not in str(asked.get("scope", "")).split():
            return "scope lacks openid."
        missing = [name for name in ("state", "nonce", "code_challenge") if not asked.get(name)]
        return f"{missing[0]} is missing." if missing else None

    def page(self, asked: Mapping[str, Any]) -> str:
        """Everybody that one can be, as buttons."""
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(str(value))}">'
            for name, value in asked.items()
        )
        buttons = "\n".join(
            BUTTON.format(
                subject=html.escape(user.subject), name=html.escape(user.name), name_en=html.escape(user.name_en)
            )
            for user in self._users.values()
        )
        return PAGE.format(hidden=hidden, buttons=buttons)

    def way_back(self, subject: str, asked: Asked) -> str | None:
        """The address of return with a code for a user; None for one that is not known."""
        user = self._users.get(subject)
        if user is None:
            return None
        code = secrets.token_urlsafe(32)
        self._grants = {known: grant for known, grant in self._grants.items() if grant.expires_at > time.monotonic()}
        self._grants[code] = Grant(user, asked, time.monotonic() + CODE_SECONDS)
        return f"{self._redirect_uri}?{urlencode({'code': code, 'state': asked.state})}"

    def is_client(self, authorization: str) -> bool:
        """Whether a header holds the client's id and secret."""
        scheme, _, encoded = authorization.partition(" ")
        try:
            name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        is_same = secrets.compare_digest(unquote_plus(secret).encode(), self._secret.encode())
        return scheme.lower() == "basic" and unquote_plus(name) == CLIENT_ID and is_same

    def redeemed(self, code: str, verifier: str, redirect_uri: str) -> Mapping[str, Any] | None:
        """Tokens for a code, once; None where it is not known, too old, or asked for by another than who began."""
        grant = self._grants.pop(code, None)
        if grant is None or grant.expires_at <= time.monotonic() or redirect_uri != self._redirect_uri:
            return None
        digest = hashlib.sha256(verifier.encode()).digest()
        if not secrets.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), grant.asked.challenge):
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": grant.user.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "nonce": grant.asked.nonce,
            "name": grant.user.name,
            "locale": grant.user.language,
            "samsyn_seats": [dict(seat) for seat in grant.user.seats],
        }
        return {
            "access_token": secrets.token_urlsafe(32),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "id_token": self._sign(claims, self._key),
        }


router = APIRouter()


def app_of(provider: Provider) -> FastAPI:
    """The provider over HTTP."""
    app = FastAPI(title="Samsyn's provider of sign-in for demonstrations", docs_url=None, redoc_url=None)
    app.state.provider = provider
    app.include_router(router)
    return app


def _of(request: Request) -> Provider:
    provider: Provider = request.app.state.provider
    return provider


@router.get("/health")
async def health() -> Mapping[str, str]:
    """For those who watch."""
    return {"status": "up"}


@router.get("/.well-known/openid-configuration")
async def document(request: Request) -> Mapping[str, Any]:
    """What the provider says of itself."""
    return _of(request).document()


@router.get("/keys")
async def keys(request: Request) -> Mapping[str, Any]:
    """The public key, as a JWKS."""
    return _of(request).keys()


@router.get("/style.css")
async def style() -> Response:
    """How the page looks."""
    return Response(STYLE, media_type="text/css")


@router.get("/authorize")
async def ask(request: Request) -> Response:
    """Ask who somebody is."""
    fault = _of(request).fault(request.query_params)
    return _refused(fault) if fault else HTMLResponse(_of(request).page(request.query_params))


@router.post("/authorize")
async def choose(request: Request) -> Response:
    """Send somebody back who has said who to be."""
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    if fault := _of(request).fault(form):
        return _refused(fault)
    asked = Asked(form["state"], form["nonce"], form["code_challenge"])
    way_back = _of(request).way_back(form.get("user", ""), asked)
    return RedirectResponse(way_back, 303) if way_back else _refused("user is nobody of the list.")


@router.post("/token")
async def token(
    request: Request,
    code: Annotated[str, Form()] = "",
    code_verifier: Annotated[str, Form()] = "",
    redirect_uri: Annotated[str, Form()] = "",
) -> Response:
    """Give tokens for a code."""
    if not _of(request).is_client(request.headers.get("authorization", "")):
        return JSONResponse({"error": "invalid_client"}, 401, {"WWW-Authenticate": "Basic"})
    tokens = _of(request).redeemed(code, code_verifier, redirect_uri)
    return JSONResponse(tokens or {"error": "invalid_grant"}, 200 if tokens else 400, {"Cache-Control": "no-store"})


def serve(sign: Sign = signed) -> int:
    """Run as the environment says; 2 with a sentence where it says something wrong."""
    said = os.environ
    if said.get("SAMSYN_ENVIRONMENT") == "prod":
        return _told("This provider has no passwords: it is not for production. Set SAMSYN_OIDC_ISSUER to a real one.")
    needed = ("SAMSYN_HTTP_PORT", "SAMSYN_PROVIDER_CLIENT_SECRET", "SAMSYN_PROVIDER_REDIRECT")
    if missing := [name for name in needed if not said.get(name)]:
        return _told(f"{', '.join(missing)} missing.")
    path = Path(said.get("SAMSYN_PROVIDER_USERS", str(USERS)))
    try:
        users = read_users(path)
    except (OSError, ValueError) as error:
        return _told(f"SAMSYN_PROVIDER_USERS: {path} holds no users. {error}")
    port = int(said["SAMSYN_HTTP_PORT"])
    secret, redirect_uri = said["SAMSYN_PROVIDER_CLIENT_SECRET"], said["SAMSYN_PROVIDER_REDIRECT"]
    provider = Provider(f"http://{HOST}:{port}", users, secret, redirect_uri, sign)
    uvicorn.run(app_of(provider), host=HOST, port=port, log_level="warning", access_log=False)
    return 0


def _refused(fault: str) -> Response:
    return PlainTextResponse(f"This is no request for a sign-in that I know: {fault}\n", 400)


def _told(sentence: str) -> int:
    print("The provider of sign-in does not start.", sentence, sep="\n", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(serve())
