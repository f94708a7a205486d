"""The adapter of the police's published events: asks the feed, slowly and by name, and hears nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from importlib.metadata import version
from time import monotonic

import httpx
from samsyn_adapter_sdk import RetryError, Saying
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message

from samsyn_adapter_handelser_publika.reading import AGENCY, Seen

PATH = "/api/events"
# The publisher's terms: not more often than every ten seconds, sixty times an hour, 1 440 times a day.
LEAST_SECONDS = 10.0
USUAL_SECONDS = 60.0


class PublishedEventsAdapter:
    """Between the feed and Samsyn; between two calls lie `poll_seconds`, also after errors.

    The client of `feed` names itself (`feed_client`): the publisher refuses who does not.
    """

    agency = AGENCY

    def __init__(self, feed: OwnSystem, path: str = PATH, poll_seconds: float = USUAL_SECONDS) -> None:
        self._feed = feed
        self._path = path
        self._poll_seconds = poll_seconds
        self._may_ask_at = monotonic()

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        """Disturbances that are new or changed, as the feed tells them: not verified."""
        seen = Seen(after)
        while True:
            await asyncio.sleep(max(0.0, self._may_ask_at - monotonic()))
            self._may_ask_at = monotonic() + self._poll_seconds
            rows = await self._feed.get(self._path)
            if not isinstance(rows, list):
                raise RetryError("the feed answers something else than a list")
            for saying in seen.sayings(rows):
                yield saying

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """The feed is nobody that could be told anything."""


def feed_client(address: str, contact: str) -> httpx.AsyncClient:
    """A client that names itself and whom to contact, as the publisher asks for."""
    name = f"samsyn-adapter-{AGENCY}/{version(f'samsyn-adapter-{AGENCY}')}"
    return httpx.AsyncClient(base_url=address, timeout=20, headers={"User-Agent": f"{name} ({contact})"})
