"""Resurser: what the party has offered here, and what of it stands; officers that the police have designated."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from samsyn_adapter_desk.domain.cards_of_wishes import CapacityCard, ConsentCard, OfficerCard
from samsyn_adapter_desk.pages.asking import Here

router = APIRouter()


@router.get("/capacity")
async def capacity(here: Here) -> HTMLResponse:
    """Sessions and shifts that have not ended."""
    since = here.now - timedelta(days=1)
    found = await here.rows.cards(CapacityCard, "at > :since", since=since)
    consents = await here.rows.cards(ConsentCard, "at > :now and state = 'given'", now=here.now)
    officers = await here.rows.cards(OfficerCard)
    return here.page("capacity.html", found=found, consents=consents, officers=officers)
