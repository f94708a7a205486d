"""Pages from templates: in the visitor's language, with what every page shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from samsyn_adapter_desk import moments
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.people import ROLE_NAMES, Language, may
from samsyn_adapter_desk.security import HTMX_CONFIG
from samsyn_adapter_desk.sign_in import PageInstead, Visitor
from samsyn_adapter_desk.words import LANGUAGES, environment, for_language, msgid

# The way through the desk: address, name, and whose roles find it there.
PLACES = (
    ("/todo", msgid("What needs me"), "read"),
    ("/loss", msgid("Police lost"), "cancel_police"),
    ("/plan", msgid("Plan"), "read"),
    ("/changes", msgid("What changed"), "read"),
    ("/inspections", msgid("List of inspections"), "read"),
    ("/capacity", msgid("Capacity"), "offer"),
    ("/wheel", msgid("Year wheel"), "read"),
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
            "here": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
        }
        text = self._environments[who.language].get_template(template).render({**context, **shown})
        return HTMLResponse(text, status)

    def instead(self, error: PageInstead) -> HTMLResponse:
        """A page with one sentence, in one language or in both."""
        languages = [error.language] if error.language else list(LANGUAGES)
        told = [(language, self._told(error, language)) for language in languages]
        link = error.link and (error.link[0], [(lang, reader(lang).text(error.link[1])) for lang in languages])
        template = self._environments[languages[0]].get_template("instead.html")
        return HTMLResponse(template.render(told=told, link=link, status=error.status), error.status)

    def _told(self, error: PageInstead, language: Language) -> str:
        of_language = {name: text for name, text in error.values.items() if not name.endswith("_sv")}
        if language == "sv":
            of_language |= {n.removesuffix("_sv"): text for n, text in error.values.items() if n.endswith("_sv")}
        return reader(language).text(error.message, **of_language)


def reader(language: Language) -> Reader:
    """Somebody who reads that language."""
    return Reader(language, for_language(language))
