"""Word when something of the visitor's party changes, as server-sent events; pages ask for themselves anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from samsyn_adapter_desk.bells import Bells
from samsyn_adapter_desk.sign_in import Visiting

router = APIRouter(include_in_schema=False)
STILL_THERE_SECONDS = 15.0
RETRY_MS = 2000


@router.get("/live")
async def live(request: Request, who: Visiting, since: str = "") -> StreamingResponse:
    """An event `changed` at each change; what came since the page was made, or since a break, is told at once."""
    bells: Bells = request.app.state.desk.bells
    seen = request.headers.get("last-event-id") or since
    stream = changes(bells, who.seat.party, seen, who.ends_at)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def changes(bells: Bells, party: str, seen: str, until: datetime) -> AsyncIterator[str]:
    """The stream of one browser, at most as long as its sign-in; `seen` is the mark of the news that it has."""
    yield f"retry: {RETRY_MS}\n\n"
    with bells.listen(party) as bell:
        if seen != bells.mark(party):
            yield _event(bells.mark(party))
        while datetime.now(UTC) < until:
            if await bell.wait(STILL_THERE_SECONDS):
                yield _event(bells.mark(party))
            else:
                yield ": still there\n\n"
    yield _event(bells.mark(party))  # the page asks once more, and is sent to the sign-in


def _event(mark: str) -> str:
    return f"id: {mark}\nevent: changed\ndata: {mark}\n\n"
