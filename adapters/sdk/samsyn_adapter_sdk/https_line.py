"""The line over HTTPS: events are posted in batches and answered at once, what is told is asked for by long polls."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx
from samsyn_contracts.bus import Headers, raw_attribute, to_topic
from samsyn_contracts.platform import RejectionReason
from samsyn_contracts.web import BATCH, MAX_REQUEST_BYTES, MAX_TOGETHER, batch, record_of, structured

from samsyn_adapter_sdk.journal import Checkpoint, Waiting
from samsyn_adapter_sdk.line import Answer, Handed, Record
from samsyn_adapter_sdk.own_system import checked
from samsyn_adapter_sdk.settings import Settings
from samsyn_adapter_sdk.statement import RetryError

_LOG = logging.getLogger("samsyn.adapter")
_ANSWER_SECONDS = 40.0
_WAIT_SECONDS = 25
_MOST_EVENTS = 500
# Other offsets than the topic now has: it was made anew, or so much time has passed that they are kept no longer.
_LOST = {HTTPStatus.CONFLICT, HTTPStatus.GONE}
_NOT_LET_IN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


class HttpsLine:
    """The border answers in the response; what it tells stands in the party's inbox."""

    answers_at_once = True

    def __init__(self, party: str, settings: Settings) -> None:
        self._party = party
        self._settings = settings

    @contextlib.asynccontextmanager
    async def speaking(self) -> AsyncIterator[HttpsMouth]:
        """A client of the exchange."""
        async with self._client() as client:
            yield HttpsMouth(client)

    @contextlib.asynccontextmanager
    async def hearing(self, checkpoint: Checkpoint | None) -> AsyncIterator[HttpsEar]:
        """A client of its own: a long poll takes a connection."""
        async with self._client() as client:
            ear = HttpsEar(client, self._party)
            await ear.seek(checkpoint)
            yield ear

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self._settings.exchange_url,
            headers={"Authorization": f"Bearer {self._settings.token}"},
            verify=self._settings.verify,
            timeout=_ANSWER_SECONDS,
        )


class HttpsMouth:
    """Posts what waits, in batches."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def say(self, statements: Sequence[Waiting]) -> Handed:
        """Post as many of the statements as one request takes."""
        events = _together([structured(one.record_headers, one.body) for one in statements])
        posting = self._client.post("/v1/events", content=batch(events), headers={"Content-Type": BATCH})
        answers = (await _let_in(posting)).json()["answers"]
        named = zip(statements, answers, strict=False)
        return Handed(len(events), tuple(_answer(one.event_id, told) for one, told in named if _is_settled(told)))


class HttpsEar:
    """Polls the inbox; `position` is the offset it asks for next."""

    def __init__(self, client: httpx.AsyncClient, party: str) -> None:
        self._client = client
        self._party = party
        self._cursor: int | None = None
        self.position = 0
        self.is_of_another_log = False

    async def records(self) -> Sequence[Record]:
        """Ask for what comes next, and wait for it a while."""
        page = await self._page(self._cursor, _MOST_EVENTS, _WAIT_SECONDS)
        if page is None:
            self._begin_anew()
            return []
        self._cursor = self.position = page["next"]
        return [_record(self._party, told) for told in page["events"]]

    async def seek(self, checkpoint: Checkpoint | None) -> None:
        """Go on after a checkpoint, unless the inbox has another event there now."""
        if checkpoint is None:
            await self._page(None, 1, 0)  # whether anybody answers is known before the first long poll ends
            return
        self._cursor = self.position = checkpoint.position
        if checkpoint.event_id is None or checkpoint.position == 0:
            return
        before = await self._page(checkpoint.position - 1, 1, 0)
        found = [_record(self._party, told) for told in before["events"]] if before else []
        if found and raw_attribute(found[0].headers, "id") != checkpoint.event_id:
            self._begin_anew()

    def _begin_anew(self) -> None:
        # What is read twice is known by its event id.
        _LOG.warning("%s: the inbox no longer has what comes next; reading on from its beginning", self._party)
        self._cursor, self.position, self.is_of_another_log = None, 0, True

    async def _page(self, cursor: int | None, limit: int, wait: int) -> dict[str, Any] | None:
        """What the inbox has from the cursor on; None if it does not know the cursor (any more)."""
        asked = {"limit": limit, "wait": wait} | ({} if cursor is None else {"cursor": cursor})
        try:
            page: dict[str, Any] = (await _let_in(self._client.get("/v1/inbox", params=asked))).json()
        except httpx.HTTPStatusError as error:
            if error.response.status_code in _LOST:
                return None
            raise
        return page


@dataclass
class _Told:
    """An event of the inbox in the form of a record."""

    topic: str
    offset: int
    timestamp: int
    headers: Sequence[tuple[str, bytes]]
    value: bytes | None


def _record(party: str, told: Mapping[str, Any]) -> _Told:
    headers, body = record_of(json.dumps(told["event"], ensure_ascii=False))
    return _Told(to_topic(party), told["offset"], _milliseconds(headers), headers, body)


def _milliseconds(headers: Headers) -> int:
    """When the exchange told it, for a journal that goes over to Kafka; 0 if that cannot be read."""
    try:
        return int(datetime.fromisoformat(raw_attribute(headers, "receivedtime") or "").timestamp() * 1000)
    except ValueError:
        return 0


def _together(events: Sequence[str]) -> list[str]:
    """As many of the events as go in one request, at least the first."""
    num, num_bytes = 0, 2
    for event in events[:MAX_TOGETHER]:
        num_bytes += len(event.encode()) + 1
        if num and num_bytes > MAX_REQUEST_BYTES:
            break
        num += 1
    return list(events[:num])


def _is_settled(told: Mapping[str, Any]) -> bool:
    """Whether the border has decided: an event that met a fault there is said again later."""
    return int(told["http_status"]) < HTTPStatus.INTERNAL_SERVER_ERROR


def _answer(event_id: str, told: Mapping[str, Any]) -> Answer:
    reasons = tuple(RejectionReason.model_validate(reason) for reason in told["reasons"])
    return Answer(event_id, reasons, replayable=bool(told["retry"]))


async def _let_in(call: Awaitable[httpx.Response]) -> httpx.Response:
    """The exchange's answer; a wrong token is mended by people, and no statement may be lost by it."""
    try:
        return await checked(call)
    except httpx.HTTPStatusError as error:
        if error.response.status_code in _NOT_LET_IN:
            raise RetryError(f"HTTP status {error.response.status_code}: check SAMSYN_TOKEN") from error
        raise
