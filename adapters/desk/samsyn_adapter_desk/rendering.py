"""Pages from templates: in the visitor's language, with what every page shows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from starlette.background import BackgroundTask

from samsyn_adapter_desk import moments
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.people import ROLE_NAMES, Language, may
from samsyn_adapter_desk.security import HTMX_CONFIG
from samsyn_adapter_desk.sign_in import PageInstead, Visitor, take_note
from samsyn_adapter_desk.words import LANGUAGES, environment, for_language

# How long a page waits before it asks for itself anew, drawn for each page: milliseconds, from and to.
PAUSE_MS = (50, 350)
# The way through the desk: address, name, and whose roles find it there.
PLACES = (
    ("/todo", msgid("What needs me"), "read"),
    ("/loss", msgid("Police lost"), "cancel_police"),
    ("/plan", msgid("Plan"), "read"),
    ("/changes", msgid("What changed"), "read"),
    ("/what-if", msgid("What if"), "ask"),
    ("/inspections", msgid("List of inspections"), "read"),
    ("/capacity", msgid("Capacity"), "offer"),
    ("/wheel", msgid("Annual wheel"), "read"),
)


class Pages:
    """The templates of both languages; `assets` gives the addresses of files."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    @cached_property
    def _environments(self) -> Mapping[Language, Environment]:
        return {language: self._environment(language) for language in LANGUAGES}

    def _environment(self, language: Language) -> Environment:
        made = environment(language)
        made.globals |= {"asset": self._assets.address, "htmx_config": HTMX_CONFIG, "language": language}
        # One for each form shown: a form that is sent twice is one statement, the same words another day are another.
        made.globals["pause"] = lambda: PAUSE_MS[0] + secrets.randbelow(PAUSE_MS[1] - PAUSE_MS[0])
        made.globals["once"] = lambda: secrets.token_urlsafe(12)
        made.globals |= {"reader": reader(language), "machine": moments.machine, "week": moments.week}
        return made

    def page(
        self, request: Request, who: Visitor, template: str, now: datetime, status: int = 200, **shown: Any
    ) -> HTMLResponse:
        """A page for somebody who is signed in."""
        context = {
            "who": who,
            "role_name": ROLE_NAMES[who.seat.role][who.language],
            "role_names": {role: names[who.language] for role, names in ROLE_NAMES.items()},
            "places": [(to, name) for to, name, act in PLACES if may(who.seat, act)],  # type: ignore[arg-type]
            "may": lambda act: may(who.seat, act),
            "path": request.url.path,
            "now": now,
            "mark": "",
            "here": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
        }
        text = self._environments[who.language].get_template(template).render({**context, **shown})
        # Taken once it is told: what the visitor is not shown waits for the next page.
        told = BackgroundTask(take_note, request, who.note) if who.note else None
        return HTMLResponse(text, status, background=told)

    def instead(self, error: PageInstead) -> HTMLResponse:
        """A page with one sentence, in both languages."""
        told = [(language, error.said(language)) for language in LANGUAGES]
        link = error.link and (error.link[0], [(each, reader(each).text(error.link[1])) for each in LANGUAGES])
        text = self._environments["sv"].get_template("instead.html").render(told=told, link=link, status=error.status)
        return HTMLResponse(text, error.status)


def reader(language: Language) -> Reader:
    """Somebody who reads that language."""
    return Reader(language, for_language(language))
