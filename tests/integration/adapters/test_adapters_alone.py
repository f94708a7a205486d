"""Each adapter runs as a process of its own, from the environment alone."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from samsyn_contracts.capacity import CapacityOffered, DisturbanceReported
from samsyn_contracts.message import Message
from samsyn_demo.agencies.environment_register import EnvironmentRegisterApi
from samsyn_demo.agencies.licensing_register import LicensingRegisterApi
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.police_duty_system import PoliceDutyApi, PoliceDutySystem
from samsyn_demo.agencies.published_events import PublishedEvents, PublishedEventsApi
from samsyn_demo.agencies.serving import served
from samsyn_demo.agencies.tax_agency_files import TaxAgencyFiles
from samsyn_demo.agencies.work_environment_system import WorkEnvironmentApi

from tests.support.agency_worlds import MONDAY, a_world
from tests.support.answering_exchange import AnsweringExchange, until
from tests.support.opened_adapters import DEPARTMENTS, a_city_world, a_tax_world

Opened = Callable[[Path], AbstractAsyncContextManager[dict[str, str]]]


@asynccontextmanager
async def the_police(_folder: Path) -> AsyncIterator[dict[str, str]]:
    system = PoliceDutySystem([a_world()])
    system.diary.advance(MONDAY)
    async with served(PoliceDutyApi(system).app) as address:
        yield {"SAMSYN_POLISEN_URL": address}


@asynccontextmanager
async def the_authority(_folder: Path) -> AsyncIterator[dict[str, str]]:
    office = Office("arbetsmiljoverket", [a_world()])
    office.diary.advance(MONDAY)
    async with served(WorkEnvironmentApi(office).app) as address:
        yield {"SAMSYN_ARBETSMILJOVERKET_URL": address}


@asynccontextmanager
async def the_tax_agency(folder: Path) -> AsyncIterator[dict[str, str]]:
    files = TaxAgencyFiles(Office("skatteverket", [a_tax_world()]), folder / "files")
    files.office.diary.advance(MONDAY)
    yield {"SAMSYN_SKATTEVERKET_FOLDER": str(files.folder)}


@asynccontextmanager
async def the_city(_folder: Path) -> AsyncIterator[dict[str, str]]:
    """It connects over HTTPS: without Kafka in its settings."""
    environment, licensing = (Office("kommun-goteborg", [a_city_world()], role) for role in DEPARTMENTS)
    for office in (environment, licensing):
        office.diary.advance(MONDAY)
    async with AsyncExitStack() as stack:
        yield {
            "SAMSYN_KAFKA": "",
            "SAMSYN_KOMMUN_GOTEBORG_MILJO_URL": await stack.enter_async_context(
                served(EnvironmentRegisterApi(environment).app)
            ),
            "SAMSYN_KOMMUN_GOTEBORG_TILLSTAND_URL": await stack.enter_async_context(
                served(LicensingRegisterApi(licensing).app)
            ),
        }


@asynccontextmanager
async def the_feed(_folder: Path) -> AsyncIterator[dict[str, str]]:
    published = PublishedEvents([a_world()])
    published.advance(MONDAY.replace(day=6))
    async with served(PublishedEventsApi(published).app) as address:
        yield {
            "SAMSYN_HANDELSER_PUBLIKA_URL": f"{address}/api/events",
            "SAMSYN_HANDELSER_PUBLIKA_CONTACT": "test@example.invalid",
        }


async def running(module: str, environ: dict[str, str]) -> asyncio.subprocess.Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SAMSYN_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=clean | environ, stderr=asyncio.subprocess.PIPE
    )


@pytest.mark.parametrize(
    ("party", "opened", "kind"),
    [
        ("polisen", the_police, CapacityOffered),
        ("arbetsmiljoverket", the_authority, CapacityOffered),
        ("skatteverket", the_tax_agency, CapacityOffered),
        ("kommun-goteborg", the_city, CapacityOffered),
        ("handelser-publika", the_feed, DisturbanceReported),
    ],
    ids=["police", "authority", "tax agency", "city", "feed"],
)
async def test_an_adapter_alone_says_what_its_system_has_decided_and_stops_when_told(
    exchange: AnsweringExchange, fresh_kafka: str, tmp_path: Path, party: str, opened: Opened, kind: type[Message]
) -> None:
    async with opened(tmp_path) as own:
        settings = {
            "SAMSYN_KAFKA": fresh_kafka,
            "SAMSYN_EXCHANGE_URL": exchange.url,
            "SAMSYN_TOKEN": f"token-{party}",
            "SAMSYN_STATE_DIR": str(tmp_path / "state"),
        }
        process = await running(f"samsyn_adapter_{party.replace('-', '_')}", settings | own)
        try:
            await until(lambda: sum(isinstance(e.message, kind) for e in exchange.said_by(party)) >= 2, 30)
            process.send_signal(signal.SIGTERM)
            await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
    assert process.returncode == 0


MODULES = [
    "samsyn_adapter_polisen",
    "samsyn_adapter_arbetsmiljoverket",
    "samsyn_adapter_skatteverket",
    "samsyn_adapter_kommun_goteborg",
    "samsyn_adapter_handelser_publika",
]
CONNECTED = {"SAMSYN_EXCHANGE_URL": "http://localhost:1", "SAMSYN_TOKEN": "x", "SAMSYN_STATE_DIR": "never-made"}


@pytest.mark.parametrize("module", MODULES)
async def test_a_missing_setting_is_one_sentence(module: str) -> None:
    process = await running(module, {})
    _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().startswith("Set SAMSYN_EXCHANGE_URL (address of the exchange), ")
    assert "Traceback" not in said.decode()


@pytest.mark.parametrize(
    ("module", "settings", "told"),
    [
        ("samsyn_adapter_skatteverket", {}, "Set SAMSYN_SKATTEVERKET_FOLDER"),
        ("samsyn_adapter_skatteverket", {"SAMSYN_SKATTEVERKET_FOLDER": "/no/such/place"}, "has no folder in"),
        ("samsyn_adapter_kommun_goteborg", {}, "Set SAMSYN_KOMMUN_GOTEBORG_MILJO_URL"),
        ("samsyn_adapter_handelser_publika", {}, "Set SAMSYN_HANDELSER_PUBLIKA_URL"),
        (
            "samsyn_adapter_handelser_publika",
            {
                "SAMSYN_HANDELSER_PUBLIKA_URL": "http://localhost:1/api/events",
                "SAMSYN_HANDELSER_PUBLIKA_CONTACT": "test@example.invalid",
                "SAMSYN_HANDELSER_PUBLIKA_POLL_SECONDS": "5",
            },
            "must be a number, at least 10",
        ),
    ],
)
async def test_a_setting_of_the_own_system_is_asked_for_in_one_sentence(
    module: str, settings: dict[str, str], told: str
) -> None:
    process = await running(module, CONNECTED | settings)
    _, said = await process.communicate()
    assert process.returncode == 1
    assert told in said.decode()
    assert "Traceback" not in said.decode()
