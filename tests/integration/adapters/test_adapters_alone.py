"""Each adapter runs as a process of its own, from the environment alone."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from samsyn_contracts.capacity import CapacityOffered
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.police_duty_system import PoliceDutyApi, PoliceDutySystem
from samsyn_demo.agencies.serving import served
from samsyn_demo.agencies.work_environment_system import WorkEnvironmentApi

from tests.support.agency_worlds import MONDAY, a_world
from tests.support.answering_exchange import AnsweringExchange, until


def the_police() -> FastAPI:
    system = PoliceDutySystem(a_world())
    system.diary.advance(MONDAY)
    return PoliceDutyApi(system).app


def the_authority() -> FastAPI:
    office = Office("arbetsmiljoverket", a_world())
    office.diary.advance(MONDAY)
    return WorkEnvironmentApi(office).app


async def running(module: str, environ: dict[str, str]) -> asyncio.subprocess.Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SAMSYN_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=clean | environ, stderr=asyncio.subprocess.PIPE
    )


@pytest.mark.parametrize(
    ("party", "app"), [("polisen", the_police()), ("arbetsmiljoverket", the_authority())], ids=["police", "authority"]
)
async def test_an_adapter_alone_says_what_its_system_has_decided_and_stops_when_told(
    exchange: AnsweringExchange, fresh_kafka: str, tmp_path: Path, party: str, app: FastAPI
) -> None:
    async with served(app) as address:
        settings = {
            "SAMSYN_KAFKA": fresh_kafka,
            "SAMSYN_EXCHANGE_URL": exchange.url,
            "SAMSYN_TOKEN": "x",
            "SAMSYN_STATE_DIR": str(tmp_path),
            f"SAMSYN_{party.upper()}_URL": address,
        }
        process = await running(f"samsyn_adapter_{party}", settings)
        try:
            await until(lambda: sum(isinstance(e.message, CapacityOffered) for e in exchange.said_by(party)) == 2, 30)
            process.send_signal(signal.SIGTERM)
            await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
    assert process.returncode == 0


@pytest.mark.parametrize("module", ["samsyn_adapter_polisen", "samsyn_adapter_arbetsmiljoverket"])
async def test_a_missing_setting_is_one_sentence(module: str) -> None:
    process = await running(module, {})
    _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().startswith("Set SAMSYN_KAFKA (host:port of the broker), ")
    assert "Traceback" not in said.decode()
