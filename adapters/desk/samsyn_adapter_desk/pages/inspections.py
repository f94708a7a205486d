"""Objektlistan: inspections that are wanted, as far as the party may know of them."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from samsyn_adapter_desk.domain.cards_of_wishes import InspectionCard
from samsyn_adapter_desk.pages.asking import Here

router = APIRouter()
NUM_SHOWN = 200


@router.get("/inspections")
async def inspections(here: Here, all: bool = False) -> HTMLResponse:  # noqa: A002 - the name in the address
    """What is wanted; with `all` also what is done or withdrawn."""
    found = await here.rows.cards(InspectionCard, "true" if all else "state in ('wanted', 'refused')")
    newest = sorted(found, key=lambda card: card.at, reverse=True)
    return here.page("inspections.html", found=newest[:NUM_SHOWN], num_found=len(found), shows_all=all)
