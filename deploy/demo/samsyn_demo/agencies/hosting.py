"""All agencies of a demo in one process: their systems, their adapters, and what a driver of time must know of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

import httpx
from samsyn_adapter_arbetsmiljoverket.adapter import WorkEnvironmentAdapter
from samsyn_adapter_polisen.adapter import PoliceAdapter
from samsyn_adapter_polisen.webhook import webhook
from samsyn_adapter_sdk import Adapter, Connection, Contents, Settings, Status
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.bus import to_topic

from samsyn_demo.agencies.calendar_agency import CalendarAdapter
from samsyn_demo.agencies.diary import Diary
from samsyn_demo.agencies.office import Deed, Office
from samsyn_demo.agencies.police_duty_system import Decision, PoliceDutyApi, PoliceDutySystem
from samsyn_demo.agencies.serving import served
from samsyn_demo.agencies.work_environment_system import WorkEnvironmentApi
from samsyn_demo.records import PoliceLoss, World

_POLICE = "polisen"
_WORK_ENVIRONMENT = "arbetsmiljoverket"
_POLL_SECONDS = 0.05


class Agencies:
    """The agencies of a world; `token_for` gives a party's token for the exchange.

    `police` and `offices` (by agency) are the own systems, for what a test wants to happen outside the plan.
    """

    def __init__(
        self,
        world: World,
        losses: Sequence[PoliceLoss],
        kafka: str,
        exchange_url: str,
        token_for: Callable[[str], str],
        state_dir: Path,
    ) -> None:
        self.police = PoliceDutySystem(world, losses)
        codes = {shift.agency for shift in world.shifts} | {site.agency for site in world.sites} | {_WORK_ENVIRONMENT}
        if _POLICE in codes:
            raise ValueError("the police's duty system has sessions only: no team shifts or sites of theirs")
        self.offices = {code: Office(code, world) for code in sorted(codes)}
        self._kafka = kafka
        self._exchange_url = exchange_url
        self._token_for = token_for
        self._state_dir = state_dir
        self._connections: dict[str, Connection] = {}
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Serve the systems and connect the adapters; nothing is said before the first `advance`."""
        try:
            await self._connect(_POLICE, await self._police_adapter())
            for code, office in self.offices.items():
                await self._connect(code, await self._office_adapter(office))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Disconnect the adapters and end the systems."""
        await self._stack.aclose()
        self._connections.clear()

    def advance(self, now: datetime) -> None:
        """Let everything happen in the agencies that is due up to an instant."""
        for diary in self._diaries().values():
            diary.advance(now)

    def next_due_at(self) -> datetime | None:
        """When the next thing falls due in any agency."""
        due = [due_at for diary in self._diaries().values() if (due_at := diary.next_due_at()) is not None]
        return min(due, default=None)

    def is_idle(self) -> bool:
        """Whether everything decided is said and answered, and nothing is being heard."""
        diaries = self._diaries()
        return all(_is_idle(c.status(), diaries[code].latest) for code, c in self._connections.items())

    def heard_offsets(self) -> dict[str, int]:
        """The next offset that each adapter hears, by topic."""
        return {to_topic(code): c.status().heard_offset for code, c in self._connections.items()}

    def statuses(self) -> dict[str, Status]:
        """How each adapter stands, by agency."""
        return {code: connection.status() for code, connection in self._connections.items()}

    def rejected(self) -> dict[str, dict[str, str]]:
        """What the exchange refused and why, by agency and event id."""
        found = {code: connection.rejected() for code, connection in self._connections.items()}
        return {code: refused for code, refused in found.items() if refused}

    def _diaries(self) -> dict[str, Diary[Decision] | Diary[Deed]]:
        return {_POLICE: self.police.diary} | {code: office.diary for code, office in self.offices.items()}

    async def _connect(self, code: str, adapter: Adapter) -> None:
        self._connections[code] = await self._stack.enter_async_context(Connection(adapter, self._settings(code)))

    async def _police_adapter(self) -> PoliceAdapter:
        address = await self._stack.enter_async_context(served(PoliceDutyApi(self.police).app))
        client = await self._stack.enter_async_context(httpx.AsyncClient(base_url=address))
        hint = asyncio.Event()
        receiver = await self._stack.enter_async_context(webhook(hint))
        return PoliceAdapter(OwnSystem(client), hint, receiver)

    async def _office_adapter(self, office: Office) -> Adapter:
        contents = Contents.of(self._settings(office.agency))
        self._stack.push_async_callback(contents.close)
        if office.agency != _WORK_ENVIRONMENT:
            return CalendarAdapter(office, contents)
        address = await self._stack.enter_async_context(served(WorkEnvironmentApi(office).app))
        client = await self._stack.enter_async_context(httpx.AsyncClient(base_url=address))
        return WorkEnvironmentAdapter(OwnSystem(client), contents, _POLL_SECONDS)

    def _settings(self, code: str) -> Settings:
        return Settings(
            kafka=self._kafka,
            exchange_url=self._exchange_url,
            token=self._token_for(code),
            state_dir=self._state_dir,
        )


def _is_idle(status: Status, latest: str | None) -> bool:
    return status.cursor == latest and status.journal_waiting == 0 and not status.heard_busy
