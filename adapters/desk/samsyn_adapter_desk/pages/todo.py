"""Att göra: what needs the one who asks, the most urgent first."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from samsyn_adapter_desk.domain import sentences
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard, SiteRequestCard
from samsyn_adapter_desk.domain.cards_of_plans import ModeCard, ReplanCard
from samsyn_adapter_desk.domain.cards_of_wishes import InspectionCard
from samsyn_adapter_desk.domain.duties import Knowledge, duties
from samsyn_adapter_desk.pages.asking import Asking, Here

router = APIRouter()
LOOKED_BACK = timedelta(days=2)
# Of operations that may be compromised, those that the centre has not let go: their sites are held for ever else.
HELD = "body -> 'compromise' ->> 'event_id' is not null and body -> 'compromise' ->> 'cleared_by' is null"


@router.get("/")
async def front(here: Here) -> RedirectResponse:
    """To what needs the visitor; a duty officer's first page is the loss of police."""
    return RedirectResponse("/loss" if here.seat.role == "duty_officer" else "/todo", 303)


@router.get("/todo")
async def todo(here: Here) -> HTMLResponse:
    """The list, and what Samsyn refused of what was said here."""
    found = duties(here.seat, await knowledge(here), here.now)
    refused = [said for said in await here.rows.said("state = 'rejected'") if _is_recent(here, said.occurred_at)]
    return here.page("todo.html", duties=found, refused=refused, note=lambda told: sentences.note(told, here.reader))


async def knowledge(here: Asking) -> Knowledge:
    """What the duties follow from."""
    since = {"since": here.now - LOOKED_BACK}
    return Knowledge(
        operations=await here.rows.cards(OperationCard, f"at > :since or {HELD}", **since),
        questions=await here.rows.cards(QuestionCard, "state = 'open'"),
        replans=await here.rows.cards(ReplanCard, "state in ('open', 'rejected') and at > :since", **since),
        inspections=await here.rows.cards(InspectionCard, "state = 'wanted'"),
        sites=await here.rows.cards(SiteRequestCard, "state = 'open'"),
        modes=await here.rows.cards(ModeCard),
    )


def _is_recent(here: Asking, at: datetime) -> bool:
    return here.now - LOOKED_BACK < at
