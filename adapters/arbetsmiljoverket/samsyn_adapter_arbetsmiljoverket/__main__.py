"""Runs the Work Environment Authority's adapter alone, with its settings from the environment."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import httpx
from samsyn_adapter_sdk import Contents, Settings, SettingsError, run
from samsyn_adapter_sdk.own_system import OwnSystem

from samsyn_adapter_arbetsmiljoverket.adapter import WorkEnvironmentAdapter


async def _main() -> None:
    settings = Settings.from_environment()
    address = os.environ.get("SAMSYN_ARBETSMILJOVERKET_URL")
    if not address:
        raise SettingsError("Set SAMSYN_ARBETSMILJOVERKET_URL (address of the case system).")
    poll_seconds = float(os.environ.get("SAMSYN_ARBETSMILJOVERKET_POLL_SECONDS", "30"))
    contents = Contents.of(settings)
    async with httpx.AsyncClient(base_url=address, timeout=10) as client:
        await run(WorkEnvironmentAdapter(OwnSystem(client), contents, poll_seconds), settings)
    await contents.close()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(_main())
    except SettingsError as error:
        sys.exit(str(error))
