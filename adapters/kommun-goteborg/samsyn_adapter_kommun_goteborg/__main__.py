"""Runs the City of Gothenburg's adapter alone, with its settings from the environment."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import httpx
from samsyn_adapter_sdk import Contents, Settings, SettingsError, run
from samsyn_adapter_sdk.own_system import OwnSystem

from samsyn_adapter_kommun_goteborg.adapter import CityAdapter
from samsyn_adapter_kommun_goteborg.environment import EnvironmentRegister
from samsyn_adapter_kommun_goteborg.licensing import LicensingRegister

_ADDRESSES = {
    "SAMSYN_KOMMUN_GOTEBORG_MILJO_URL": "address of Miljöförvaltningen's register",
    "SAMSYN_KOMMUN_GOTEBORG_TILLSTAND_URL": "address of Tillståndsenheten's register",
}


async def _main() -> None:
    settings = Settings.from_environment()
    missing = [f"{name} ({meaning})" for name, meaning in _ADDRESSES.items() if not os.environ.get(name)]
    if missing:
        raise SettingsError("Set " + ", ".join(missing) + ".")
    poll_seconds = float(os.environ.get("SAMSYN_KOMMUN_GOTEBORG_POLL_SECONDS", "30"))
    environment, licensing = (httpx.AsyncClient(base_url=os.environ[name], timeout=10) for name in _ADDRESSES)
    contents = Contents.of(settings)
    async with environment, licensing:
        registers = (EnvironmentRegister(OwnSystem(environment)), LicensingRegister(OwnSystem(licensing)))
        await run(CityAdapter(registers, contents, poll_seconds), settings)
    await contents.close()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(_main())
    except SettingsError as error:
        sys.exit(str(error))
