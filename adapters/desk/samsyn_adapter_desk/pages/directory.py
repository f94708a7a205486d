"""Kontakter och roller: by whom each agency of the party's centres is reached, and what its roles are for."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from samsyn_adapter_desk.domain.cards_of_the_year import ContactCard, RoleCard
from samsyn_adapter_desk.domain.contacts import directory
from samsyn_adapter_desk.pages.asking import Here

router = APIRouter()


@router.get("/directory")
async def contacts_and_roles(here: Here) -> HTMLResponse:
    """Everybody who has told something of the kind."""
    contacts = await here.rows.cards(ContactCard, "state = 'reached'")
    roles = await here.rows.cards(RoleCard, "state = 'defined'")
    return here.page("directory.html", entries=directory(contacts, roles))
