"""Forms: shown with what is known, read, and said in the visitor's name; a form sent twice is one statement."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from samsyn_adapter_sdk import ContentsRefusedError, RetryError
from samsyn_contracts.bus import MAX_EVENT_BYTES
from samsyn_contracts.register import load_register

from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_plans import ReplanCard
from samsyn_adapter_desk.domain.cards_of_wishes import InspectionCard, LostSessionCard
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Asked, Draft, Fault, Form, FormError, Shown, draft, happened_at
from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.pages.asking import Asking, Here
from samsyn_adapter_desk.sayings import Speech
from samsyn_adapter_desk.sign_in import TO_THE_DESK, PageInstead, own_path, requires

router = APIRouter()
LONGEST_ONCE = 60
NO_TEXT = msgid("The form has a character that is no text. Go back, take it out and send the form again.")


@router.get("/do/{name}")
async def form(here: Here, name: str) -> HTMLResponse:
    """The form, with what the address says filled in."""
    asked = await _form(here, name)
    given = {key: value for key, value in here.request.query_params.items() if len(value) <= LONGEST_ONCE * 20}
    centre = _centre(here, given) if given.get("centre") or len(here.centres) < 2 else ""
    shown = Shown(asked, given, once=secrets.token_urlsafe(16), centre=centre)
    return here.page("form.html", shown=shown, centres=here.centres, summary=await _summary(here, given))


@router.post("/do/{name}")
async def fill_in(here: Here, name: str) -> Response:
    """Say it; or the form again with what is wrong."""
    asked = await _form(here, name)
    given = await values_of(here.request)
    once = given.get("once", "")[:LONGEST_ONCE] or secrets.token_urlsafe(16)
    centre = _centre(here, given)
    try:
        _must_name_centre(here, given)
        at = happened_at(asked, given, here.now)
        made = draft(asked, given, Asked(here.seat.party, centre, here.seat.function, at, once))
        await _must_be_of_now(here, given)
        await _must_be_sayable(here, made, centre)
        await _keep_contents(here, made)
    except FormError as error:
        shown = Shown(asked, given, error.faults, once, given.get("centre", "") if len(here.centres) > 1 else centre)
        summary = await _summary(here, given)
        again = _address(asked, given, centre)
        return here.page("form.html", 422, shown=shown, centres=here.centres, summary=summary, here=again)
    about = await _summary(here, given)
    await here.store.say(_speech(here, made, asked, at, once, centre))
    await here.has_sent(asked.title, about)
    return RedirectResponse(own_path(given.get("back", "")) if given.get("back") else asked.back_to, 303)


async def values_of(request: Request) -> dict[str, str]:
    """What was filled in; a field that is there several times is joined by commas."""
    found: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            if not _is_text(value):
                raise PageInstead(400, NO_TEXT, link=TO_THE_DESK)
            found.setdefault(name, []).append(value)
    return {name: ",".join(values) for name, values in found.items()}


def _is_text(value: str) -> bool:
    """Whether a database can keep it: no NUL, and no half of a pair."""
    return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


async def _form(here: Asking, name: str) -> Form:
    found = FORMS.get(name)
    if found is None:
        raise PageInstead(404, msgid("There is no such page here."), link=TO_THE_DESK)
    await requires(found.act)(here.who)
    return found


def _centre(here: Asking, given: Mapping[str, str]) -> str:
    """The centre that a form is about; never guessed where one is named."""
    if not here.centres:
        raise PageInstead(403, msgid("Your party takes part in no centre today."), link=TO_THE_DESK)
    asked = given.get("centre") or here.centres[0]
    if asked not in here.centres:
        raise PageInstead(400, msgid("Your party takes no part in that centre. Begin again from its own page."))
    return asked


def _must_name_centre(here: Asking, given: Mapping[str, str]) -> None:
    """What is said in the wrong centre is planned there, and nobody who expects it hears."""
    if len(here.centres) > 1 and not given.get("centre"):
        raise FormError([Fault("centre", msgid("Choose the centre."))])


async def _must_be_of_now(here: Asking, given: Mapping[str, str]) -> None:
    """What is said to a session that the operation has left would be refused: a form left open is told so at once."""
    card = await here.rows.card(OperationCard, given.get("operation_id", ""))
    if card is not None and given.get("session_id", card.slot.session_id) != card.slot.session_id:
        told = msgid("The operation has moved since this form was opened. Open it again from the operation's page.")
        raise FormError([Fault("", told)])


async def _must_be_sayable(here: Asking, made: Draft, centre: str) -> None:
    """What the party's adapter would pass over in silence is told here, and nobody speaks for another department."""
    if made.message.owner not in (None, here.seat.party):
        raise FormError([Fault("", msgid("This belongs to another party than the one that you sit for."))])
    if await here.rows.is_of_another(made.message, centre):
        raise FormError(
            [Fault("", msgid("This belongs to another department of your party, which alone speaks of it."))]
        )
    if len(made.message.body()) > MAX_EVENT_BYTES:
        raise FormError([Fault("", msgid("This is too long. Shorten the texts."))])


def _address(form: Form, given: Mapping[str, str], centre: str) -> str:
    """Where the form is found again, with what it is about."""
    about = {each.name: given[each.name] for each in form.fields if each.kind == "hidden" and given.get(each.name)}
    return f"/do/{form.name}?{urlencode({**about, 'centre': centre})}"


def _speech(here: Asking, made: Draft, form: Form, at: datetime, once: str, centre: str) -> Speech:
    return Speech(
        message=made.message,
        centre=centre,
        key=f"desk:{form.name}:{once}",
        occurred_at=at,
        by_subject=here.who.person.subject,
        by_function=here.seat.function,
        actorrole=_role(here),
        causationid=made.causationid,
    )


def _role(here: Asking) -> str | None:
    """The role in which a party with several roles speaks: the seat's own, never another."""
    known = load_register().by_code[here.seat.party]
    if not known.roles:
        return None
    if here.seat.actor_role is None or not known.has_role(here.seat.actor_role):
        told = msgid("Your party speaks by its departments, and your seat names none. Tell those who run the sign-in.")
        raise PageInstead(403, told, link=TO_THE_DESK)
    return here.seat.actor_role


async def _keep_contents(here: Asking, made: Draft) -> None:
    """Contents go before the message that refers to them; the same reference again is harmless."""
    try:
        for kept in made.contents:
            await here.hosted.contents.put(kept.ref, kept.contents, about=kept.about)
    except RetryError:
        text = msgid("The contents store does not answer: nothing was sent. Send the form again in a minute.")
        raise FormError([Fault("", text)]) from None
    except ContentsRefusedError:
        text = msgid("The contents store does not take the text. Shorten it and send the form again.")
        raise FormError([Fault("", text)]) from None


async def _summary(here: Asking, given: Mapping[str, str]) -> list[str]:
    """What the form is about, in the words of the pages."""
    told = []
    if operation_id := given.get("operation_id"):
        card = await here.rows.card(OperationCard, operation_id)
        if card is not None:
            told.append(f"{card.code_name}, {here.reader.span(card.slot)}")
    if inspection_id := given.get("inspection_id"):
        wanted = await here.rows.card(InspectionCard, inspection_id)
        if wanted is not None and wanted.municipality:
            told.append(here.reader.municipality(wanted.municipality))
        told.append(here.reader.plain(inspection_id))
    if replan_id := given.get("replan_id"):
        replan = await here.rows.card(ReplanCard, replan_id)
        told += [] if replan is None else [", ".join(change.code_name for change in replan.changes)]
    if agency := given.get("agency"):
        told.append(here.reader.party(agency))
    if "capacity_id" in given and not told:
        told.append(await _session_or_team(here, given["capacity_id"]))
    return told


async def _session_or_team(here: Asking, capacity_id: str) -> str:
    """A session by the operation that is on it, or was when it was lost, as people know it; else by its own id."""
    found = await here.rows.cards(OperationCard, "session_id = :session", session=capacity_id)
    card = next((each for each in reversed(found) if not each.is_over), None)
    if card is not None:
        return f"{card.code_name}, {here.reader.span(card.slot)}"
    lost = await here.rows.card(LostSessionCard, capacity_id)
    if lost is None:
        return capacity_id.partition(":")[2]
    was_for = here.reader.text(msgid("Session that was for %(name)s"), name=lost.code_name)
    return f"{was_for}, {here.reader.moment(lost.at)}"
