"""Opens the simulated own systems, each as its agency's adapter finds it: over REST, as files, or in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
from fastapi import FastAPI
from samsyn_adapter_arbetsmiljoverket.adapter import WorkEnvironmentAdapter
from samsyn_adapter_handelser_publika.adapter import PublishedEventsAdapter, feed_client
from samsyn_adapter_kommun_goteborg.adapter import CityAdapter
from samsyn_adapter_kommun_goteborg.environment import EnvironmentRegister
from samsyn_adapter_kommun_goteborg.licensing import LicensingRegister
from samsyn_adapter_polisen.adapter import PoliceAdapter
from samsyn_adapter_polisen.webhook import webhook
from samsyn_adapter_sdk import Adapter, Contents, Settings
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_adapter_skatteverket.adapter import TaxAgencyAdapter
from samsyn_adapter_skatteverket.reading import cursor_of

from samsyn_demo.agencies.calendar_agency import CalendarAdapter
from samsyn_demo.agencies.environment_register import EnvironmentRegisterApi
from samsyn_demo.agencies.licensing_register import LicensingRegisterApi
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.police_duty_system import PoliceDutyApi, PoliceDutySystem
from samsyn_demo.agencies.published_events import PublishedEvents, PublishedEventsApi
from samsyn_demo.agencies.serving import served
from samsyn_demo.agencies.tax_agency_files import TaxAgencyFiles
from samsyn_demo.agencies.work_environment_system import WorkEnvironmentApi

_POLL_SECONDS = 0.1


def _nothing() -> None:
    """What a system does that is called when something comes."""


@dataclass(frozen=True)
class System:
    """An own system with its adapter.

    `has_read` tells by the adapter's cursor whether everything decided has been read; `look` lets the system see what
    has come to it.
    """

    adapter: Adapter
    has_read: Callable[[str | None], bool]
    look: Callable[[], None] = _nothing


class OwnSystems:
    """Opens systems on a stack; `settings_of` gives a party's settings, `folder` is where files may lie."""

    def __init__(self, stack: AsyncExitStack, settings_of: Callable[[str], Settings], folder: Path) -> None:
        self._stack = stack
        self._settings_of = settings_of
        self._folder = folder

    async def police(self, system: PoliceDutySystem) -> System:
        """The police's duty system, over REST with a webhook."""
        own_system = await self._served(PoliceDutyApi(system).app)
        hint = asyncio.Event()
        receiver = await self._stack.enter_async_context(webhook(hint))
        adapter = PoliceAdapter(own_system, hint, receiver)
        return System(adapter, lambda cursor: cursor == system.diary.latest)

    async def feed(self, published: PublishedEvents) -> System:
        """The feed of published disturbances."""
        address = await self._stack.enter_async_context(served(PublishedEventsApi(published).app))
        client = await self._stack.enter_async_context(feed_client(address, "demo@example.invalid"))
        adapter = PublishedEventsAdapter(OwnSystem(client), poll_seconds=_POLL_SECONDS)
        return System(adapter, published.has_read)

    async def offices(self, offices: Sequence[Office]) -> System:
        """One agency's office, or its departments', with the adapter that the agency has."""
        agency = offices[0].agency
        contents = Contents.of(self._settings_of(agency))
        self._stack.push_async_callback(contents.close)
        opening = {
            "arbetsmiljoverket": self._work_environment,
            "skatteverket": self._tax_agency,
            "kommun-goteborg": self._city,
        }.get(agency, self._calendar)
        return await opening(offices, contents)

    async def _work_environment(self, offices: Sequence[Office], contents: Contents) -> System:
        own_system = await self._served(WorkEnvironmentApi(offices[0]).app)
        adapter = WorkEnvironmentAdapter(own_system, contents, _POLL_SECONDS)
        return System(adapter, lambda cursor: cursor == offices[0].diary.latest)

    async def _tax_agency(self, offices: Sequence[Office], contents: Contents) -> System:
        files = TaxAgencyFiles(offices[0], self._folder / "skatteverket")
        adapter = TaxAgencyAdapter(files.folder, contents, poll_seconds=_POLL_SECONDS)
        return System(adapter, lambda cursor: (cursor or "{}") == cursor_of(files.num_lines), files.look)

    async def _city(self, offices: Sequence[Office], contents: Contents) -> System:
        environment, licensing = offices
        registers = (
            EnvironmentRegister(await self._served(EnvironmentRegisterApi(environment).app)),
            LicensingRegister(await self._served(LicensingRegisterApi(licensing).app)),
        )
        adapter = CityAdapter(registers, contents, _POLL_SECONDS)
        return System(adapter, lambda cursor: (cursor or "0.0") == ".".join(o.diary.latest or "0" for o in offices))

    async def _calendar(self, offices: Sequence[Office], contents: Contents) -> System:
        adapter = CalendarAdapter(offices[0], contents)
        return System(adapter, lambda cursor: cursor == offices[0].diary.latest)

    async def _served(self, app: FastAPI) -> OwnSystem:
        address = await self._stack.enter_async_context(served(app))
        return OwnSystem(await self._stack.enter_async_context(httpx.AsyncClient(base_url=address)))
