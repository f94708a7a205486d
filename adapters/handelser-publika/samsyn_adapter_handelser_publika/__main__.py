"""Runs the adapter of published events alone, with its settings from the environment."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from urllib.parse import urlsplit

from samsyn_adapter_sdk import Settings, SettingsError, run
from samsyn_adapter_sdk.own_system import OwnSystem

from samsyn_adapter_handelser_publika.adapter import LEAST_SECONDS, USUAL_SECONDS, PublishedEventsAdapter, feed_client

_MANDATORY = {
    "SAMSYN_HANDELSER_PUBLIKA_URL": "whole address of the feed",
    "SAMSYN_HANDELSER_PUBLIKA_CONTACT": "a mail address for the publisher's questions",
}
_POLL = "SAMSYN_HANDELSER_PUBLIKA_POLL_SECONDS"


def _poll_seconds() -> float:
    try:
        seconds = float(os.environ.get(_POLL, USUAL_SECONDS))
    except ValueError:
        seconds = 0.0
    if seconds < LEAST_SECONDS:
        raise SettingsError(f"{_POLL} must be a number, at least {LEAST_SECONDS:.0f}: the publisher allows no more.")
    return seconds


async def _main() -> None:
    settings = Settings.from_environment()
    missing = [f"{name} ({meaning})" for name, meaning in _MANDATORY.items() if not os.environ.get(name)]
    if missing:
        raise SettingsError("Set " + ", ".join(missing) + ".")
    url, contact = (os.environ[name] for name in _MANDATORY)
    parts, poll_seconds = urlsplit(url), _poll_seconds()
    async with feed_client(f"{parts.scheme}://{parts.netloc}", contact) as client:
        await run(PublishedEventsAdapter(OwnSystem(client), parts.path or "/", poll_seconds), settings)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(_main())
    except SettingsError as error:
        sys.exit(str(error))
