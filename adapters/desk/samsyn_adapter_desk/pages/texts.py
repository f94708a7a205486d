"""Pages that are the same for everybody: words in both languages, and how accessible the desk is."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from samsyn_adapter_desk.domain.glossary import WORDS
from samsyn_adapter_desk.moments import in_order
from samsyn_adapter_desk.pages.asking import Here

router = APIRouter()


@router.get("/words")
async def words(here: Here) -> HTMLResponse:
    """The word list."""
    return here.page("words.html", words=sorted(WORDS, key=lambda word: in_order(word.sv)))


@router.get("/accessibility")
async def accessibility(here: Here) -> HTMLResponse:
    """The accessibility statement, with a way to report barriers."""
    mail = here.request.app.state.desk.settings.accessibility_mail
    return here.page("accessibility.html", mail=mail)
