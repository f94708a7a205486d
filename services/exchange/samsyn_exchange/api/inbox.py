"""The inbox over HTTP: what a party was told, from a cursor on, waiting for more if there is nothing yet."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, ValidationError
from samsyn_chassis.batches import Retry
from samsyn_contracts.web import structured

from samsyn_exchange.api.errors import refused
from samsyn_exchange.api.requests import Callers
from samsyn_exchange.inbox import Inbox, Lost, Page

MOST_EVENTS, MOST_SECONDS = 500, 60


class InboxQuery(BaseModel):
    """From where, how many at most, and how long to wait for the first."""

    cursor: Annotated[int | None, Field(ge=0, lt=2**63, description="`next` of the page before; absent: earliest")] = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=MOST_EVENTS, description="the most events of a page")] = 100
    wait: Annotated[int, Field(ge=0, le=MOST_SECONDS, description="seconds to wait while there is nothing")] = 0


class InboxEvent(BaseModel):
    """An event told, in CloudEvents' structured form, and its place in the inbox."""

    offset: int
    event: dict[str, Any]


class InboxPage(BaseModel):
    """Events in the order told; asking from `next` acknowledges them."""

    events: list[InboxEvent]
    next: int


@dataclass(frozen=True)
class InboxDesk:
    """Each party's own inbox, and nobody else's."""

    inbox: Inbox
    callers: Callers

    async def read(self, request: Request) -> Response:
        """What the caller was told from the cursor on."""
        caller, query = self.callers.of(request), _query(request)
        if caller is None or query is None:
            return refused("not_known" if caller is None else "bad_query")
        try:
            return _shown(await self._page(request, caller, query))
        except Retry:
            return refused("away")

    async def _page(self, request: Request, party: str, query: InboxQuery) -> Page | Lost:
        """A page with something in it, or what there is when the time is over or the caller has gone."""
        until = monotonic() + query.wait
        page = await self.inbox.read(party, query.cursor, query.limit)
        while isinstance(page, Page) and not page.told and (left := until - monotonic()) > 0:
            if not await self._grows(request, party, page.next, left):
                break
            page = await self.inbox.read(party, page.next, query.limit)
        return page

    async def _grows(self, request: Request, party: str, cursor: int, seconds: float) -> bool:
        """Whether something came in that time; False as soon as the caller has gone."""
        grown = asyncio.create_task(self.inbox.grown(party, cursor))
        gone = asyncio.create_task(_disconnected(request))
        try:
            await asyncio.wait({grown, gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if grown.done():
                grown.result()
            return grown.done()
        finally:
            grown.cancel()
            gone.cancel()
            await asyncio.gather(grown, gone, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _query(request: Request) -> InboxQuery | None:
    try:
        return InboxQuery.model_validate(dict(request.query_params))
    except ValidationError:
        return None


def _shown(page: Page | Lost) -> Response:
    if isinstance(page, Lost):
        return refused(page.code, earliest=page.earliest)
    told = [f'{{"offset":{one.offset},"event":{structured(one.headers, one.body)}}}' for one in page.told]
    return Response(f'{{"events":[{",".join(told)}],"next":{page.next}}}', media_type="application/json")
