"""Årshjulet: the year's periods, what is due, targets and how far they are reached; and the form that publishes it."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from samsyn_contracts.periods import AnnualWheelPublished

from samsyn_adapter_desk import moments
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_the_year import FiguresCard, TargetCard, WheelCard, WorkCard
from samsyn_adapter_desk.domain.forms import Asked, FormError, Shown, Values, draft
from samsyn_adapter_desk.domain.forms_of_the_wheel import groups_of, next_version, values_of, wheel_form
from samsyn_adapter_desk.domain.wheel import bounds_of
from samsyn_adapter_desk.domain.wheel_calendar import calendar_of
from samsyn_adapter_desk.domain.year import Known, Publication, by_centre, refused_of
from samsyn_adapter_desk.pages import filling
from samsyn_adapter_desk.pages.asking import Asking, Here
from samsyn_adapter_desk.sayings import Speech
from samsyn_adapter_desk.sign_in import requires

router = APIRouter()
# The years that the contract takes.
Year = Annotated[int, Query(ge=2000, le=2199)]
OF_CENTRE = "centre = :centre and state = :year"
ENDED = "state in ('completed', 'aborted') and at >= :first and at < :after"
UNSETTLED = "type = :type and state <> 'admitted'"


@router.get("/wheel")
async def wheel(here: Here, year: Year | None = None) -> HTMLResponse:
    """A year, by default this: the list first, then targets, then the drawing."""
    this = moments.local(here.now).year
    known = await _known(here, year or this)
    years = sorted({this, *known.years})
    found = by_centre(known, here.now, here.reader)
    is_published = any(told.is_own and told.wheels for told in found)
    return here.page("wheel.html", year=known.year, years=years, found=found, is_published=is_published)


@router.get("/wheel.ics", response_class=Response)
async def calendar(here: Here, year: Year | None = None) -> Response:
    """The wheels of a year as a file for a calendar."""
    shown = year or moments.local(here.now).year
    found = await here.rows.cards(WheelCard, "state = :year", year=str(shown))
    headers = {"content-disposition": f'attachment; filename="samsyn-{shown}.ics"'}
    return Response(calendar_of(found, here.reader), media_type="text/calendar", headers=headers)


@router.get("/wheel/edit")
async def edit(here: Here, year: Year) -> HTMLResponse:
    """The form of a year, filled in with the newest version, also where Samsyn refused that: it is mended here."""
    await requires("wheel")(here.who)
    newest, refused = await _newest(here, year), refused_of(await _known(here, year))
    shown = refused[0].as_card(here.now) if refused else newest
    values = {**({} if shown is None else values_of(shown)), "version": str(next_version(newest))}
    return _form_page(here, year, newest, values, secrets.token_urlsafe(16))


@router.post("/wheel/edit")
async def publish(here: Here, year: Year) -> Response:
    """Say the wheel; or the form again with what is wrong."""
    await requires("wheel")(here.who)
    given = await filling.values_of(here.request)
    once = given.get("once", "")[: filling.LONGEST_ONCE] or secrets.token_urlsafe(16)
    key = f"desk:wheel:{once}"
    # A form that comes twice would else be judged against the version that it has made itself.
    if not await here.rows.said("key = :key", key=key):
        newest = await _newest(here, year)
        form = wheel_form(groups_of(given, newest), year, newest)
        party, function = here.seat.party, here.seat.function
        try:
            made = draft(form, given, Asked(party, party, function, here.now, once))
        except FormError as error:
            return _form_page(here, year, newest, given, once, error)
        await here.store.say(Speech(made.message, party, key, here.now, here.who.person.subject, function))
        await here.has_sent(form.title, (str(year),))
    return RedirectResponse(f"/wheel?year={year}", 303)


def _form_page(
    here: Asking, year: int, newest: WheelCard | None, values: Values, once: str, error: FormError | None = None
) -> HTMLResponse:
    groups = groups_of(values, newest)
    faults = () if error is None else error.faults
    shown = Shown(wheel_form(groups, year, newest), values, faults, once, here.seat.party)
    status = 200 if error is None else 422
    return here.page("wheel_form.html", status, shown=shown, groups=groups, year=year)


async def _newest(here: Asking, year: int) -> WheelCard | None:
    """The wheel of the own centre and that year."""
    found = await here.rows.cards(WheelCard, OF_CENTRE, centre=here.seat.party, year=str(year))
    return found[-1] if found else None


async def _known(here: Asking, year: int) -> Known:
    first, after = bounds_of(year)
    said = await here.rows.said(UNSETTLED, type=AnnualWheelPublished.type_name())
    return Known(
        year,
        here.seat.party if here.centres == (here.seat.party,) else None,
        await here.rows.cards(WheelCard),
        await here.rows.cards(TargetCard),
        await here.rows.cards(OperationCard, ENDED, first=first, after=after),
        await here.rows.cards(FiguresCard, "state = :year", year=str(year)),
        [
            Publication(one.message, one.state, one.reasons)
            for one in said
            if isinstance(one.message, AnnualWheelPublished)
        ],
        await here.rows.cards(WorkCard, "state = :year", year=str(year)),
    )
