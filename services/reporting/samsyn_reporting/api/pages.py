"""The pages: `GET /v1/ledger`, `GET /v1/indicators` and `GET /v1/targets`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from samsyn_chassis.database import Database
from starlette.concurrency import run_in_threadpool

from samsyn_reporting.api.asking import ALL, Centres, Form, FromDay, ToDay, Year, period_of, prefers_csv
from samsyn_reporting.api.errors import Refusal, RefusingRoute
from samsyn_reporting.domain.indicators import Indicator, as_csv, indicators_of
from samsyn_reporting.domain.ledger import Ledger, Line, Totals, ledger_of
from samsyn_reporting.domain.targets import Standing
from samsyn_reporting.store import MakeStore

CSV = "text/csv; charset=utf-8; header=present"
REFUSED: dict[int | str, dict[str, Any]] = {422: {"model": Refusal, "description": "A parameter is wrong"}}
AS_CSV: dict[str, Any] = {
    "content": {
        "text/csv": {
            "schema": {"type": "string", "description": "RFC 4180: commas, a heading, UTF-8"},
            "example": "code,value,unit,definition_version\r\noperations.planned,12,operations,1\r\n",
        }
    }
}


class Page(BaseModel):
    """What was asked for, and how far the ledger has heard."""

    centres: Annotated[tuple[str, ...], Field(description="The centres counted, sorted")]
    from_day: Annotated[date, Field(description="First Swedish day of the period")]
    to_day: Annotated[date, Field(description="Last Swedish day of the period, included")]
    heard_until: Annotated[
        dict[str, datetime], Field(description="Per centre: up to when, by message time, anything was heard")
    ]


class LedgerPage(Page):
    """The ledger of operations that were planned to start in a period."""

    rows: Annotated[tuple[Line, ...], Field(description="One per cause and operation, by planned start")]
    totals: Annotated[Totals, Field(description="Each operation, inspection, site and company once, by its last hit")]


class IndicatorsPage(Page):
    """The totals of a period as a flat table."""

    indicators: Annotated[tuple[Indicator, ...], Field(description="A fixed part, then rows per agency, cause, …")]


class TargetsPage(BaseModel):
    """How far centres have come towards their targets of a year."""

    year: Annotated[int, Field(description="The year asked for")]
    centres: Annotated[
        tuple[Standing, ...],
        Field(
            description="Per centre that was heard of in the year: up to the last day that it was heard to the end of"
        ),
    ]


def pages_of(database: Database, make_store: MakeStore) -> APIRouter:
    """The pages, over the service's own database."""
    pages = APIRouter(route_class=RefusingRoute, tags=["ledger"], responses=REFUSED)

    @pages.get("/v1/ledger", summary="Huvudboken / The ledger", operation_id="getLedger")
    async def ledger(centre: Centres, from_day: FromDay, to_day: ToDay) -> LedgerPage:
        """Operations hit by a loss, a row per cause and operation, and everything that is counted in the period."""
        asked, found = await _ledger(database, make_store, centre, from_day, to_day)
        return LedgerPage(**asked, rows=found.lines, totals=found.totals)

    @pages.get(
        "/v1/indicators",
        summary="Nyckeltal / Indicators",
        operation_id="getIndicators",
        response_model=IndicatorsPage,
        responses={200: AS_CSV},
    )
    async def indicators(
        request: Request, centre: Centres, from_day: FromDay, to_day: ToDay, form: Form = None
    ) -> IndicatorsPage | Response:
        """The totals as a flat table of code, value, unit and definition_version; as CSV by Accept or `format=csv`."""
        asked, found = await _ledger(database, make_store, centre, from_day, to_day)
        table = indicators_of(found.totals)
        if form == "csv" or (form is None and prefers_csv(request.headers.get("accept", ""))):
            return Response(as_csv(table), media_type=CSV, headers={"Vary": "Accept"})
        return IndicatorsPage(**asked, indicators=table)

    @pages.get("/v1/targets", summary="Mål / Targets", operation_id="getTargets")
    async def targets(centre: Centres, year: Year) -> TargetsPage:
        """What centres mean to reach in a year, what is done, and the forecast at this pace."""
        async with database.transaction() as transaction:
            store = make_store(transaction)
            await store.look_at_one_instant()
            asked = await store.centres() if ALL in centre else frozenset(centre)
            return TargetsPage(year=year, centres=tuple(await store.standings(asked, year)))

    return pages


async def _ledger(
    database: Database, make_store: MakeStore, centres: Sequence[str], from_day: date, to_day: date
) -> tuple[Mapping[str, Any], Ledger]:
    """What was asked for, and the ledger; worked out in a thread, for the service goes on reading meanwhile."""
    period = period_of(frozenset(centres), from_day, to_day)
    async with database.transaction() as transaction:
        store = make_store(transaction)
        await store.look_at_one_instant()
        if ALL in period.centres:
            period = period.model_copy(update={"centres": await store.centres()})
        known = await store.known(period)
    asked = {
        "centres": tuple(sorted(period.centres)),
        "from_day": from_day,
        "to_day": to_day,
        "heard_until": {code: at for code, at in sorted(known.heard_until.items()) if code in period.centres},
    }
    return asked, await run_in_threadpool(ledger_of, known, period)
