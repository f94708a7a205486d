"""The adapters of this tree, each connected in memory to a simulated own system, as their tests open them."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from samsyn_adapter_arbetsmiljoverket.adapter import WorkEnvironmentAdapter
from samsyn_adapter_polisen.adapter import PoliceAdapter
from samsyn_adapter_sdk import Contents
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_demo.agencies.calendar_agency import CalendarAdapter
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.police_duty_system import PoliceDutyApi, PoliceDutySystem
from samsyn_demo.agencies.work_environment_system import WorkEnvironmentApi
from samsyn_demo.records import PoliceLoss, World

from tests.support.agency_worlds import HOUR, MONDAY, a_loss, a_shift, a_site, a_sole_traders_site, a_world

KOMMUN = "kommun-goteborg"


@dataclass
class KeptContents:
    """What was put in the contents store of the exchange, here a plain HTTP handler; `status` is what it answers."""

    kept: dict[str, Any] = field(default_factory=dict)
    status: int = 201

    def client(self) -> Contents:
        transport = httpx.MockTransport(self._answer)
        return Contents(httpx.AsyncClient(base_url="http://exchange", transport=transport))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        ref = request.url.path.rpartition("/")[2]
        if request.method == "PUT" and self.status < 400:
            self.kept[ref] = json.loads(request.content)
        if request.method == "GET":
            return httpx.Response(200, json=self.kept[ref]) if ref in self.kept else httpx.Response(404)
        return httpx.Response(self.status)


@asynccontextmanager
async def police(losses: Sequence[PoliceLoss] = (a_loss(),)) -> AsyncIterator[PoliceAdapter]:
    """Two sessions offered, a disturbance reported, one session lost."""
    system = PoliceDutySystem(a_world(), losses)
    system.diary.advance(MONDAY + timedelta(days=2))
    async with police_of(system) as adapter:
        yield adapter


@asynccontextmanager
async def police_of(system: PoliceDutySystem) -> AsyncIterator[PoliceAdapter]:
    async with _in_memory(PoliceDutyApi(system).app) as own_system:
        yield PoliceAdapter(own_system, poll_seconds=0.02)


@asynccontextmanager
async def work_environment() -> AsyncIterator[WorkEnvironmentAdapter]:
    """Two shifts, two sites (one a sole trader's), interests and readiness."""
    office = an_office("arbetsmiljoverket", a_world())
    async with work_environment_of(office, KeptContents()) as adapter:
        yield adapter


@asynccontextmanager
async def work_environment_of(office: Office, contents: KeptContents) -> AsyncIterator[WorkEnvironmentAdapter]:
    async with _in_memory(WorkEnvironmentApi(office).app) as own_system:
        yield WorkEnvironmentAdapter(own_system, contents.client(), poll_seconds=0.02)


@asynccontextmanager
async def municipality() -> AsyncIterator[CalendarAdapter]:
    """An agency with roles, over the adapter for agencies that have none of their own yet."""
    world = a_world(
        shifts=(a_shift("t1", KOMMUN),), sites=(a_site("obj-1", KOMMUN), a_sole_traders_site("obj-2", KOMMUN))
    )
    yield CalendarAdapter(an_office(KOMMUN, world), KeptContents().client())


def an_office(agency: str, world: World) -> Office:
    """An office that has said what it says in the first hours."""
    office = Office(agency, world)
    office.diary.advance(MONDAY + 3 * HOUR)
    return office


@asynccontextmanager
async def _in_memory(app: Any) -> AsyncIterator[OwnSystem]:
    async with httpx.AsyncClient(base_url="http://own", transport=httpx.ASGITransport(app)) as client:
        yield OwnSystem(client)
