"""Runs the desk with the settings of the environment until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import uvicorn
from samsyn_adapter_sdk.telemetry import start_telemetry

from samsyn_adapter_desk.app import application
from samsyn_adapter_desk.settings import read_settings
from samsyn_adapter_desk.waiting import until_there

STOP_SECONDS = 2


def main() -> None:
    """Serve the desk, once its database answers."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = read_settings()
    if not asyncio.run(until_there(settings)):
        return
    start_telemetry("desk", settings.otlp)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # which uvicorn gives back once it has ended
    uvicorn.run(
        application(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_level="warning",
        timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False,
    )


if __name__ == "__main__":
    main()
