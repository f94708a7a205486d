"""The plan: weeks of operations as a table, and the same as a timeline of sessions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse

from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_plans import BackupCard, ModeCard, PlanCard
from samsyn_adapter_desk.pages.asking import Asking, Here

router = APIRouter()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
Weeks = Annotated[int, Query(ge=1, le=12)]
# Years that every conversion and the database survive, weeks before and after included; those of the wheel.
Start = Annotated[date | None, Query(ge=date(2000, 1, 3), le=date(2199, 12, 31))]


@router.get("/plan")
async def plan(here: Here, start: Start = None, weeks: Weeks = 4) -> HTMLResponse:
    """Operations from a Monday on, so many weeks."""
    first = _monday(start or here.now.astimezone(STOCKHOLM).date())
    found = await _operations(here, first, weeks)
    ready = await here.rows.cards(BackupCard, "state = 'ready' and at > :now", now=here.now)
    backups = {card.operation_id: card for card in ready}
    versions = await here.rows.cards(PlanCard)
    newest = {card.centre: card for card in sorted(versions, key=lambda card: card.plan_version)}
    return here.page(
        "plan.html",
        days=_by_day(found),
        backups=backups,
        newest=list(newest.values()),
        modes=await here.rows.cards(ModeCard),
        first=first,
        weeks=weeks,
        before=first - timedelta(weeks=weeks),
        after=first + timedelta(weeks=weeks),
    )


@router.get("/plan/timeline")
async def timeline(here: Here, start: Start = None, weeks: Weeks = 4) -> JSONResponse:
    """The same operations for the timeline: sessions as resources, operations as events."""
    first = _monday(start or here.now.astimezone(STOCKHOLM).date())
    found = await _operations(here, first, weeks)
    sessions = sorted({card.slot.session_id for card in found})
    events = [
        {
            "id": card.operation_id,
            "resourceId": card.slot.session_id,
            "start": _wall(card.slot.start_at),
            "end": _wall(card.slot.end_at),
            "title": f"{card.code_name} ({here.reader.state(card.state)})",
            "classNames": [f"is-{card.state}"],
            "extendedProps": {"address": f"/operation/{card.operation_id}"},
        }
        for card in found
    ]
    resources = [{"id": session, "title": session.partition(":")[2]} for session in sessions]
    return JSONResponse({"resources": resources, "events": events, "first": first.isoformat(), "weeks": weeks})


async def _operations(here: Asking, first: date, weeks: int) -> list[OperationCard]:
    start = datetime.combine(first, datetime.min.time(), STOCKHOLM)
    end = datetime.combine(first + timedelta(weeks=weeks), datetime.min.time(), STOCKHOLM)
    return await here.rows.cards(OperationCard, "at >= :start and at < :end", start=start, end=end)


def _by_day(found: list[OperationCard]) -> list[tuple[date, list[OperationCard]]]:
    days: dict[date, list[OperationCard]] = {}
    for card in found:
        days.setdefault(card.slot.start_at.astimezone(STOCKHOLM).date(), []).append(card)
    return list(days.items())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _wall(at: datetime) -> str:
    """Swedish wall time, as the timeline shows it."""
    return at.astimezone(STOCKHOLM).replace(tzinfo=None).isoformat(timespec="minutes")
