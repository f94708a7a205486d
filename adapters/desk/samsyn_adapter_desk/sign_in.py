"""Signing in and out, choosing a seat and a language, and what every page asks first: who is there, and may they?"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.identity import Client, Identity, IdentityAway, IdentityRefused
from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.people import ROLE_NAMES, Act, ClaimsRefused, Language, Person, Seat, may, person_in
from samsyn_adapter_desk.sessions import AT_MOST, TO_SIGN_IN, Sessions
from samsyn_adapter_desk.settings import Settings
from samsyn_adapter_desk.words import for_language

logger = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
LONGEST_BACK = 500
AGAIN = ("/sign-in", msgid("Sign in again"))
TO_THE_DESK = ("/", msgid("To the desk"))
SIGNED_OUT_MEANWHILE = msgid(
    "You are signed out, so nothing was sent. Go back, copy what you wrote, sign in and fill in the form again."
)


class PageInstead(Exception):
    """In place of what was asked, a page with one sentence, rendered by the app with `status` in both languages.

    `message` is a msgid, `values` its placeholders in each language; `link` is where to go: an address and a msgid.
    """

    def __init__(
        self,
        status: int,
        message: str,
        values: Mapping[Language, Mapping[str, str]] | None = None,
        link: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.link = link
        self._values = values or {}

    def said(self, language: Language) -> str:
        """The sentence in a language."""
        return for_language(language).gettext(self.message) % self._values.get(language, {})


class NotSignedIn(Exception):
    """Nobody is signed in, or not any longer; answered by `answer_not_signed_in`."""


@dataclass(frozen=True)
class Visitor:
    """Who asks for a page, on which of the own seats, and until when the sign-in lasts at most.

    `note` is what the page shall tell them, once.
    """

    person: Person
    seat: Seat
    language: Language
    csrf: str
    ends_at: datetime
    note: str = ""


class SignIn:
    """What signing in needs; the app keeps it as `app.state.sign_in`."""

    def __init__(self, settings: Settings, database: Database, now: Callable[[], datetime] | None = None) -> None:
        self.now = now or _utc_now
        self.is_https = settings.is_https
        self.hosted = settings.parties
        self.sessions = Sessions(database, settings.parties, self.now)
        redirect_uri = f"{settings.desk_url.rstrip('/')}/sign-in/back"
        client = Client(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, redirect_uri)
        self.identity = Identity(client, self.now)
        # The prefix makes browsers refuse the cookie from other hosts and without TLS.
        prefix = "__Host-" if self.is_https else ""
        self.cookie = f"{prefix}samsyn"
        self.browser_cookie = f"{prefix}samsyn-browser"

    def set_cookie(self, response: Response, name: str, value: str, seconds: float) -> None:
        """A cookie that scripts cannot read and other sites' forms do not send."""
        response.set_cookie(
            name, value, max_age=int(seconds), path="/", secure=self.is_https, httponly=True, samesite="lax"
        )


def _utc_now() -> datetime:
    return datetime.now(UTC)


def of(request: Request) -> SignIn:
    """The app's sign-in."""
    sign_in: SignIn = request.app.state.sign_in
    return sign_in


async def visitor(request: Request) -> Visitor:
    """Who asks; NotSignedIn, and for what changes something PageInstead unless the page was ours (csrf)."""
    sign_in = of(request)
    # A page left open asks for itself anew whenever something changes, with htmx, or listens.
    is_by_itself = request.method == "GET" and (
        "hx-request" in request.headers or "text/event-stream" in request.headers.get("accept", "")
    )
    found = await sign_in.sessions.signed_in(request.cookies.get(sign_in.cookie), not is_by_itself)
    if found is None:
        raise NotSignedIn
    if request.method not in SAFE_METHODS:
        await _must_be_ours(request, found.csrf)
    note = "" if is_by_itself else found.note
    return Visitor(found.person, found.seat, found.language, found.csrf, found.ends_at, note)


Visiting = Annotated[Visitor, Depends(visitor)]


async def leave_note(request: Request, note: str) -> None:
    """Have the visitor's next page tell something: it is kept with the sign-in, where no link reaches."""
    sign_in = of(request)
    await sign_in.sessions.leave_note(request.cookies[sign_in.cookie], note)


async def take_note(request: Request, note: str) -> None:
    """The page has told it."""
    sign_in = of(request)
    await sign_in.sessions.take_note(request.cookies[sign_in.cookie], note)


def requires(act: Act) -> Callable[[Visitor], Awaitable[Visitor]]:
    """A dependency: the visitor, whose role may do this; PageInstead (403) for others."""

    async def allowed(who: Visiting) -> Visitor:
        if not may(who.seat, act):
            message = msgid("Your role here (%(role)s) may not do this. Choose another seat, or ask a coordinator.")
            values: dict[Language, Mapping[str, str]] = {
                language: {"role": name} for language, name in ROLE_NAMES[who.seat.role].items()
            }
            raise PageInstead(403, message, values, TO_THE_DESK)
        return who

    return allowed


async def answer_not_signed_in(request: Request, _error: Exception) -> Response:
    """To the sign-in for whoever reads a page, 401 for scripts; htmx is told to go there."""
    is_htmx = "hx-request" in request.headers
    if request.method == "GET" and not is_htmx and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(_sign_in_address(_own_address(str(request.url))), 303)
    if request.method == "POST" and not is_htmx and "text/html" in request.headers.get("accept", ""):
        pages = request.app.state.pages
        answer: Response = pages.instead(PageInstead(401, SIGNED_OUT_MEANWHILE, link=AGAIN))
        return answer
    headers = {}
    if is_htmx:
        headers["HX-Redirect"] = _sign_in_address(_own_address(request.headers.get("hx-current-url", "/")))
    return JSONResponse({"reason": "Sign in at /sign-in, then ask again."}, 401, headers)


@router.get("/sign-in")
async def begin(request: Request, back: str = "/") -> Response:
    """Send a browser to the provider."""
    sign_in = of(request)
    # One value for all tabs of a browser: whoever signs in on two tabs at once succeeds on both.
    browser = request.cookies.get(sign_in.browser_cookie) or secrets.token_urlsafe(32)
    start = await sign_in.sessions.begin(browser, own_path(back))
    try:
        address = await sign_in.identity.way_there(start.state, start.nonce, start.verifier)
    except IdentityAway as error:
        raise _provider_away(error) from error
    response = RedirectResponse(address, 303)
    sign_in.set_cookie(response, sign_in.browser_cookie, browser, TO_SIGN_IN.total_seconds())
    return response


@router.get("/sign-in/back")
async def come_back(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    """What the provider sends a browser back with: a code for who it is, or a refusal."""
    sign_in = of(request)
    start = await sign_in.sessions.take_start(request.cookies.get(sign_in.browser_cookie, ""), state)
    if start is None:
        raise PageInstead(400, msgid("This sign-in was begun elsewhere, used already, or too long ago."), link=AGAIN)
    if error or not code:
        logger.info("The provider signed nobody in.")
        raise PageInstead(403, msgid("The sign-in was broken off at the provider."), link=AGAIN)
    person = await _person(sign_in, code, start.verifier, start.nonce)
    value = await sign_in.sessions.open(person, request.cookies.get(sign_in.cookie))
    response = RedirectResponse(start.back_to, 303)
    sign_in.set_cookie(response, sign_in.cookie, value, AT_MOST.total_seconds())
    return response


@router.post("/sign-out")
async def leave(request: Request, who: Visiting) -> Response:
    """End the sign-in here."""
    sign_in = of(request)
    await sign_in.sessions.end(request.cookies[sign_in.cookie])
    response = RedirectResponse("/signed-out", 303)
    response.delete_cookie(sign_in.cookie, path="/", secure=sign_in.is_https, httponly=True, samesite="lax")
    return response


@router.get("/signed-out")
async def left() -> Response:
    """Say so; the provider may still know the browser."""
    message = msgid("You are signed out of the desk. On a shared computer, sign out of your provider of sign-in too.")
    raise PageInstead(200, message, link=AGAIN)


@router.post("/seat")
async def sit(request: Request, who: Visiting, seat: Annotated[int, Form()]) -> Response:
    """Sit on another of the own seats; the pages of the other party follow."""
    sign_in = of(request)
    if not 0 <= seat < len(who.person.seats) or who.person.seats[seat].party not in sign_in.hosted:
        raise PageInstead(400, msgid("You have no such seat. Choose one of those in the list."), link=TO_THE_DESK)
    await sign_in.sessions.choose_seat(request.cookies[sign_in.cookie], seat)
    return RedirectResponse("/", 303)


@router.post("/language")
async def speak(
    request: Request, who: Visiting, language: Annotated[Language, Form()], back: Annotated[str, Form()] = "/"
) -> Response:
    """Read in Swedish or English."""
    sign_in = of(request)
    await sign_in.sessions.speak(request.cookies[sign_in.cookie], language)
    return RedirectResponse(own_path(back), 303)


def own_path(back: str) -> str:
    """A path of this desk to go back to; "/" for what could lead elsewhere."""
    is_own = back.startswith("/") and not back.startswith("//") and "\\" not in back and back.isprintable()
    return back if is_own and len(back) <= LONGEST_BACK and not back.startswith("/sign-in") else "/"


def _own_address(address: str) -> str:
    parts = urlsplit(address)
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _sign_in_address(back: str) -> str:
    return f"/sign-in?{urlencode({'back': back})}"


async def _person(sign_in: SignIn, code: str, verifier: str, nonce: str) -> Person:
    try:
        person = person_in(await sign_in.identity.claims(code, verifier, nonce), sign_in.hosted)
    except IdentityAway as error:
        raise _provider_away(error) from error
    except (IdentityRefused, ClaimsRefused) as error:
        logger.warning("A sign-in was refused: %s", error)
        message = msgid("What your provider of sign-in says of you cannot be used. Tell those who run the desk.")
        raise PageInstead(403, message, link=AGAIN) from error
    if not person.seats:
        message = msgid("You have no seat at this desk. Ask those who run your agency's sign-in for one.")
        raise PageInstead(403, message, link=AGAIN)
    return person


def _provider_away(error: IdentityAway) -> PageInstead:
    logger.error("Nobody can sign in: %s", error)
    return PageInstead(503, msgid("The provider of sign-in does not answer. Try again in a minute."), link=AGAIN)


async def _must_be_ours(request: Request, csrf: str) -> None:
    given: Any = request.headers.get("x-csrf")
    if given is None:
        given = (await request.form()).get("csrf")
    if not isinstance(given, str) or not secrets.compare_digest(given.encode(errors="replace"), csrf.encode()):
        message = msgid("The form is not from your own page, or the page is old. Go back, load it anew and try again.")
        raise PageInstead(403, message, link=TO_THE_DESK)
