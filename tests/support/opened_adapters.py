"""The adapters of this tree, each connected in memory to a simulated own system, as their tests open them."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from samsyn_adapter_arbetsmiljoverket.adapter import WorkEnvironmentAdapter
from samsyn_adapter_handelser_publika.adapter import PublishedEventsAdapter, feed_client
from samsyn_adapter_kommun_goteborg.adapter import CityAdapter
from samsyn_adapter_kommun_goteborg.environment import EnvironmentRegister
from samsyn_adapter_kommun_goteborg.licensing import LicensingRegister
from samsyn_adapter_polisen.adapter import PoliceAdapter
from samsyn_adapter_sdk import Contents
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_adapter_skatteverket.adapter import TaxAgencyAdapter
from samsyn_adapter_skatteverket.reading import Encoding
from samsyn_demo.agencies.calendar_agency import CalendarAdapter
from samsyn_demo.agencies.environment_register import EnvironmentRegisterApi
from samsyn_demo.agencies.licensing_register import LicensingRegisterApi
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.police_duty_system import PoliceDutyApi, PoliceDutySystem
from samsyn_demo.agencies.published_events import PublishedEvents, PublishedEventsApi
from samsyn_demo.agencies.tax_agency_files import TaxAgencyFiles
from samsyn_demo.agencies.work_environment_system import WorkEnvironmentApi
from samsyn_demo.records import PoliceLoss, World

from tests.support.agency_worlds import HOUR, MONDAY, a_loss, a_shift, a_site, a_sole_traders_site, a_world

KOMMUN = "kommun-goteborg"
OTHER = "migrationsverket"
DEPARTMENTS = ("miljoforvaltningen", "tillstandsenheten")


@dataclass
class KeptContents:
    """What was put in the contents store of the exchange, here a plain HTTP handler; `status` is what it answers."""

    kept: dict[str, Any] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    status: int = 201

    def client(self) -> Contents:
        transport = httpx.MockTransport(self._answer)
        return Contents(httpx.AsyncClient(base_url="http://exchange", transport=transport))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        ref = request.url.path.removeprefix("/v1/contents/").removesuffix("/acknowledged")
        if request.method == "PUT" and self.status < 400:
            self.kept[ref] = json.loads(request.content)
            self.about[ref] = request.url.params["about"]
        if request.method == "POST":
            self.acknowledged.append(ref)
        if request.method == "GET":
            return httpx.Response(200, json=self.kept[ref]) if ref in self.kept else httpx.Response(404)
        return httpx.Response(self.status)


@asynccontextmanager
async def police(losses: Sequence[PoliceLoss] = (a_loss(),)) -> AsyncIterator[PoliceAdapter]:
    """Two sessions offered, a disturbance reported, one session lost."""
    system = PoliceDutySystem([a_world()], losses)
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
async def tax_agency() -> AsyncIterator[TaxAgencyAdapter]:
    """Two shifts, two sites (one a sole trader's), interests and readiness, in files."""
    with TemporaryDirectory() as folder:
        files = TaxAgencyFiles(Office("skatteverket", [a_tax_world()]), Path(folder))
        files.office.diary.advance(MONDAY + 3 * HOUR)
        yield tax_agency_of(Path(folder), KeptContents())


def tax_agency_of(folder: Path, contents: KeptContents, encoding: Encoding = "utf-8") -> TaxAgencyAdapter:
    return TaxAgencyAdapter(folder, contents.client(), encoding, poll_seconds=0.02)


def a_tax_world() -> World:
    shifts = (a_shift("t1", "skatteverket"), a_shift("t2", "skatteverket", team="Lag-2", consent="standing"))
    return a_world(shifts=shifts, sites=(a_site("obj-1", "skatteverket"), a_sole_traders_site("obj-2", "skatteverket")))


@dataclass
class City:
    """The two departments with their registers, and the adapter between them and Samsyn."""

    environment: Office
    licensing: Office
    environment_register: EnvironmentRegisterApi
    licensing_register: LicensingRegisterApi
    contents: KeptContents
    adapter: CityAdapter


@asynccontextmanager
async def city() -> AsyncIterator[CityAdapter]:
    """A shift and two sites of one department, a shift and a site of the other, interests and readiness."""
    async with a_city() as opened:
        yield opened.adapter


@asynccontextmanager
async def a_city(world: World | None = None) -> AsyncIterator[City]:
    environment, licensing = (an_office(KOMMUN, world or a_city_world(), role) for role in DEPARTMENTS)
    registers = EnvironmentRegisterApi(environment), LicensingRegisterApi(licensing)
    contents = KeptContents()
    async with _in_memory(registers[0].app) as one, _in_memory(registers[1].app) as other:
        own = EnvironmentRegister(one), LicensingRegister(other)
        adapter = CityAdapter(own, contents.client(), poll_seconds=0.02)
        yield City(environment, licensing, *registers, contents, adapter)


def a_city_world() -> World:
    shifts = (a_shift("t1", KOMMUN), a_shift("t2", KOMMUN, team="x", role="tillstandsenheten"))
    sites = (
        a_site("obj-1", KOMMUN),
        a_sole_traders_site("obj-2", KOMMUN),
        a_site("obj-3", KOMMUN, role="tillstandsenheten", indications=("alcohol_permit_breach",)),
    )
    return a_world(shifts=shifts, sites=sites)


@asynccontextmanager
async def feed() -> AsyncIterator[PublishedEventsAdapter]:
    """What the police published in the first three days of the world."""
    published = PublishedEvents([a_world()])
    published.advance(MONDAY + timedelta(days=3))
    transport = httpx.ASGITransport(PublishedEventsApi(published).app)
    client = feed_client("http://feed", "test@example.invalid")
    async with httpx.AsyncClient(base_url="http://feed", transport=transport, headers=client.headers) as own:
        yield PublishedEventsAdapter(OwnSystem(own), poll_seconds=0.02)


@asynccontextmanager
async def calendar_agency() -> AsyncIterator[CalendarAdapter]:
    """An agency over the adapter for those that have none of their own yet."""
    world = a_world(shifts=(a_shift("t1", OTHER),), sites=(a_site("obj-1", OTHER), a_sole_traders_site("obj-2", OTHER)))
    yield CalendarAdapter(an_office(OTHER, world), KeptContents().client())


def an_office(agency: str, world: World, role: str | None = None) -> Office:
    """An office that has said what it says in the first hours."""
    office = Office(agency, [world], role)
    office.diary.advance(MONDAY + 3 * HOUR)
    return office


@asynccontextmanager
async def _in_memory(app: Any) -> AsyncIterator[OwnSystem]:
    async with httpx.AsyncClient(base_url="http://own", transport=httpx.ASGITransport(app)) as client:
        yield OwnSystem(client)
