"""The ledger over HTTP, to be read only."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel
from samsyn_chassis.database import Database
from samsyn_contracts.message import PartyCode

from samsyn_reporting.domain.ledger import Count, Line
from samsyn_reporting.store import Store

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Totals(BaseModel):
    """Operations and inspections, never added together."""

    operations: Count
    inspections: Count


class LedgerPage(BaseModel):
    """The ledger of a centre for operations planned from the first day to the last, both included."""

    centre: str
    from_day: date
    to_day: date
    rows: tuple[Line, ...]
    totals: Totals


def ledger_pages(database: Database) -> APIRouter:
    """`GET /v1/ledger?centre=&from=&to=`; the days are Swedish days."""
    pages = APIRouter()

    @pages.get("/v1/ledger")
    async def ledger(
        centre: PartyCode,
        from_day: Annotated[date, Query(alias="from")],
        to_day: Annotated[date, Query(alias="to")],
    ) -> LedgerPage:
        if to_day < from_day:
            raise HTTPException(422, "Till-dagen ligger före från-dagen. / The day `to` is before the day `from`.")
        async with database.transaction() as transaction:
            found = await Store(transaction).ledger(centre, _begin(from_day), _begin(to_day + timedelta(days=1)))
        totals = Totals(operations=found.operations, inspections=found.inspections)
        return LedgerPage(centre=centre, from_day=from_day, to_day=to_day, rows=found.lines, totals=totals)

    return pages


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, STOCKHOLM)
