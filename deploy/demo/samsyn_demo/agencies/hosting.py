"""All agencies of a demo in one process: their systems, their adapters, and what a driver of time must know of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

from samsyn_adapter_sdk import Connection, Settings, Status
from samsyn_contracts.bus import to_topic

from samsyn_demo.agencies.deeds import Deed
from samsyn_demo.agencies.diary import Diary
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.own_systems import OwnSystems, System
from samsyn_demo.agencies.peers import agencies_of
from samsyn_demo.agencies.police_duty_system import Decision, PoliceDutySystem
from samsyn_demo.agencies.published_events import PublishedEvents
from samsyn_demo.records import PoliceLoss, World

_POLICE = "polisen"
_WORK_ENVIRONMENT = "arbetsmiljoverket"
_CITY = "kommun-goteborg"
_DEPARTMENTS = ("miljoforvaltningen", "tillstandsenheten")
# Parties that connect over the exchange's HTTPS profile, without Kafka.
_OVER_HTTPS = frozenset({_CITY})


class Agencies:
    """The agencies of worlds, one world a centre; `token_for` gives a party's token for the exchange.

    `police`, `offices` (by party: "skatteverket", "kommun-goteborg/tillstandsenheten") and `published` are the own
    systems, for what a test wants to happen outside the plan. `events` is a file of disturbances to publish instead
    of those that ship with the demo.
    """

    def __init__(
        self,
        worlds: Sequence[World],
        losses: Sequence[PoliceLoss],
        kafka: str,
        exchange_url: str,
        token_for: Callable[[str], str],
        state_dir: Path,
        events: Path | None = None,
    ) -> None:
        self.police = PoliceDutySystem(worlds, losses)
        self.published = PublishedEvents(worlds, events)
        self.offices = {office.party: office for office in _offices(worlds)}
        self._kafka = kafka
        self._exchange_url = exchange_url
        self._token_for = token_for
        self._state_dir = state_dir
        self._systems: dict[str, System] = {}
        self._connections: dict[str, Connection] = {}
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Serve the systems and connect the adapters; nothing is said before the first `advance`."""
        opening = OwnSystems(self._stack, self._settings, self._state_dir)
        try:
            systems = [await opening.police(self.police), await opening.feed(self.published)]
            systems += [await opening.offices(own) for own in self._offices_by_agency().values()]
            for system in systems:
                await self._connect(system)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Disconnect the adapters and end the systems."""
        await self._stack.aclose()
        self._connections.clear()
        self._systems.clear()

    def advance(self, now: datetime) -> None:
        """Let everything happen in the agencies that is due up to an instant."""
        self._look()
        self.published.advance(now)
        for diary in self._diaries():
            diary.advance(now)

    def next_due_at(self) -> datetime | None:
        """When the next thing falls due in any agency; what is published waits for the next advance."""
        self._look()
        due = [due_at for diary in self._diaries() if (due_at := diary.next_due_at()) is not None]
        return min(due, default=None)

    def is_idle(self) -> bool:
        """Whether everything decided is said and answered, and nothing is being heard."""
        self._look()
        return all(_is_idle(c.status(), self._systems[code]) for code, c in self._connections.items())

    def heard_offsets(self) -> dict[str, int]:
        """The next offset that each adapter hears, by topic; over HTTPS too the cursor is the topic's offset."""
        return {to_topic(code): c.status().heard_offset for code, c in self._connections.items()}

    def statuses(self) -> dict[str, Status]:
        """How each adapter stands, by agency."""
        return {code: connection.status() for code, connection in self._connections.items()}

    def rejected(self) -> dict[str, dict[str, str]]:
        """What the exchange refused and why, by agency and event id."""
        found = {code: connection.rejected() for code, connection in self._connections.items()}
        return {code: refused for code, refused in found.items() if refused}

    def _look(self) -> None:
        """Let the systems that call and are called by nobody see what has come."""
        for system in self._systems.values():
            system.look()

    def _diaries(self) -> list[Diary[Decision] | Diary[Deed]]:
        return [self.police.diary, *(office.diary for office in self.offices.values())]

    def _offices_by_agency(self) -> dict[str, list[Office]]:
        found: dict[str, list[Office]] = {}
        for office in self.offices.values():
            found.setdefault(office.agency, []).append(office)
        return found

    async def _connect(self, system: System) -> None:
        code = system.adapter.agency
        connection = Connection(system.adapter, self._settings(code))
        self._connections[code] = await self._stack.enter_async_context(connection)
        self._systems[code] = system

    def _settings(self, code: str) -> Settings:
        return Settings(
            kafka=None if code in _OVER_HTTPS else self._kafka,
            exchange_url=self._exchange_url,
            token=self._token_for(code),
            state_dir=self._state_dir,
        )


def _offices(worlds: Sequence[World]) -> list[Office]:
    codes = agencies_of(worlds) | {_WORK_ENVIRONMENT}
    if _POLICE in codes:
        raise ValueError("the police's duty system has sessions only: no team shifts or sites of theirs")
    roles = {code: _DEPARTMENTS if code == _CITY else (None,) for code in sorted(codes)}
    return [Office(code, worlds, role) for code, own in roles.items() for role in own]


def _is_idle(status: Status, system: System) -> bool:
    return status.journal_waiting == 0 and not status.heard_busy and system.has_read(status.cursor)
