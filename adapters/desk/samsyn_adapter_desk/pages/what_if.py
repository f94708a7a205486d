"""What if: take away sessions and teams in thought, and see the plan that would follow; nothing is changed by it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from samsyn_adapter_desk.domain import what_if
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_plans import PlanCard, WhatIfCard
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Asked, FormError, draft, listed
from samsyn_adapter_desk.domain.forms_of_plans import HOW_MANY
from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.pages.asking import Asking, Here
from samsyn_adapter_desk.pages.filling import LONGEST_ONCE, values_of
from samsyn_adapter_desk.sayings import Speech
from samsyn_adapter_desk.sign_in import TO_THE_DESK, PageInstead, requires

router = APIRouter()
FORM = FORMS["what_if"]
NUM_SHOWN = 10


@router.get("/what-if")
async def choose(here: Here) -> HTMLResponse:
    """What can be taken away, and what was asked before; the address may choose already."""
    await requires(FORM.act)(here.who)
    return await _choices(here, here.request.query_params.getlist("without"), secrets.token_urlsafe(16))


@router.post("/what-if")
async def ask(here: Here) -> Response:
    """Ask; or the choices again with what is wrong."""
    await requires(FORM.act)(here.who)
    given = await values_of(here.request)
    once = given.get("once", "")[:LONGEST_ONCE] or secrets.token_urlsafe(16)
    centre = here.centres[0]
    try:
        made = draft(FORM, given, Asked(here.seat.party, centre, here.seat.function, here.now, once))
    except FormError:
        return await _choices(here, listed(given, "without"), once, fault=HOW_MANY)
    speech = Speech(
        message=made.message,
        centre=centre,
        key=f"desk:{FORM.name}:{once}",
        occurred_at=here.now,
        by_subject=here.who.person.subject,
        by_function=here.seat.function,
    )
    await here.store.say(speech)
    return RedirectResponse(f"/what-if/{made.message.subject}", 303)


@router.get("/what-if/{question_id}")
async def question(here: Here, question_id: str) -> HTMLResponse:
    """One question: on its way, refused and why, or the plan that would follow."""
    await requires(FORM.act)(here.who)
    card = await here.rows.card(WhatIfCard, question_id)
    if card is None:
        raise PageInstead(404, msgid("Your party knows of no such question."), link=TO_THE_DESK)
    return here.page(
        "what_if_answer.html",
        question=card,
        taken_away=what_if.taken_away(card.without, await here.rows.cards(OperationCard), here.reader),
        summary=what_if.summary(card.thought, here.reader) if card.thought else [],
        changes=what_if.changes(card.thought, here.reader) if card.thought else [],
        newest=max((plan.plan_version for plan in await here.rows.cards(PlanCard)), default=0),
        refusal=await _refusal(here, card),
    )


async def _choices(here: Asking, chosen: Sequence[str], once: str, fault: str = "") -> HTMLResponse:
    operations = await here.rows.cards(OperationCard)
    asked = sorted(await here.rows.cards(WhatIfCard), key=lambda card: card.at, reverse=True)[:NUM_SHOWN]
    told = [(card, what_if.taken_away(card.without, operations, here.reader)) for card in asked]
    coming = what_if.occasions(operations, here.now)
    shown = {"occasions": coming, "chosen": set(chosen), "once": once, "fault": fault, "asked": told}
    return here.page("what_if.html", 422 if fault else 200, **shown)


async def _refusal(here: Asking, card: WhatIfCard) -> list[str]:
    """Why Samsyn refused the question, in the visitor's language."""
    if card.status != "refused":
        return []
    said = await here.rows.said("event_id = :id", id=card.said)
    return [here.reader.pick(reason["text_sv"], reason["text_en"]) for one in said for reason in one.reasons]
