"""Runs the desk with the settings of the environment until it is told to stop."""

from __future__ import annotations

import logging

import uvicorn
from samsyn_adapter_sdk.telemetry import start_telemetry

from samsyn_adapter_desk.app import application
from samsyn_adapter_desk.settings import read_settings

STOP_SECONDS = 2


def main() -> None:
    """Serve the desk."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = read_settings()
    start_telemetry("desk", settings.otlp)
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
