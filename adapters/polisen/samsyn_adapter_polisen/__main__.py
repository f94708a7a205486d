"""Runs the police's adapter alone, with its settings from the environment."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import httpx
from samsyn_adapter_sdk import Settings, SettingsError, run
from samsyn_adapter_sdk.own_system import OwnSystem

from samsyn_adapter_polisen.adapter import PoliceAdapter
from samsyn_adapter_polisen.webhook import webhook


async def _main() -> None:
    settings = Settings.from_environment()
    address = os.environ.get("SAMSYN_POLISEN_URL")
    if not address:
        raise SettingsError("Set SAMSYN_POLISEN_URL (address of the police duty system).")
    port = int(os.environ.get("SAMSYN_POLISEN_WEBHOOK_PORT", "0"))
    hint = asyncio.Event()
    async with webhook(hint, port) as local_address, httpx.AsyncClient(base_url=address, timeout=10) as client:
        public_address = os.environ.get("SAMSYN_POLISEN_WEBHOOK_URL", local_address)
        await run(PoliceAdapter(OwnSystem(client), hint, public_address), settings)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(_main())
    except SettingsError as error:
        sys.exit(str(error))
