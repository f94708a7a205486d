"""Resurser: what the party has offered here, and what of it stands."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from samsyn_adapter_desk.domain.cards import CapacityCard
from samsyn_adapter_desk.pages.asking import Here

router = APIRouter()


@router.get("/capacity")
async def capacity(here: Here) -> HTMLResponse:
    """Sessions and shifts that have not ended."""
    since = here.now - timedelta(days=1)
    return here.page("capacity.html", found=await here.store.cards(CapacityCard, "at > :since", since=since))
