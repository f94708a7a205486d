"""The connection of one adapter with Samsyn: it says, sends and hears at the same time, and survives what fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import signal
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from time import monotonic
from types import TracebackType

from samsyn_contracts.capacity import AdapterHeartbeat

from samsyn_adapter_sdk.https_line import HttpsLine
from samsyn_adapter_sdk.journal import Journal
from samsyn_adapter_sdk.kafka_line import KafkaLine
from samsyn_adapter_sdk.line import Line
from samsyn_adapter_sdk.listener import Listener
from samsyn_adapter_sdk.pauses import Pauses
from samsyn_adapter_sdk.reach import Reach
from samsyn_adapter_sdk.settings import Settings
from samsyn_adapter_sdk.speaker import Speaker
from samsyn_adapter_sdk.statement import Adapter, RetryError, Statement
from samsyn_adapter_sdk.telemetry import start_telemetry

_LOG = logging.getLogger("samsyn.adapter")
_STEADY_SECONDS = 10.0
_MOST_MINUTES = 24 * 60
_ON_THE_LINE = ("sending", "hearing")


@dataclass(frozen=True)
class Status:
    """How an adapter stands.

    `journal_waiting` statements have no answer yet; `heard_offset` is the next offset to hear; `skipped` entries of
    the own system said nothing because no table translates them; `aside` records could not be heard. `awaited` is what
    does not answer, "Kafka" or "the exchange"; `was_connected` once it has.
    """

    journal_waiting: int
    heard_offset: int
    heard_busy: bool
    cursor: str | None
    rejected: int
    skipped: int
    aside: int
    awaited: str | None
    was_connected: bool


def not_ready(stand: Iterable[Status]) -> str | None:
    """Why a process with these adapters is not ready yet, as its `/health` tells it; None once each was connected."""
    awaited = sorted({one.awaited for one in stand if one.awaited is not None and not one.was_connected})
    return f"not ready: {' and '.join(awaited)} away" if awaited else None


class Connection:
    """Connects an adapter; use as `async with Connection(adapter, settings) as connection`."""

    def __init__(self, adapter: Adapter, settings: Settings) -> None:
        self._adapter = adapter
        self._settings = settings
        self._journal = Journal(settings.state_dir / f"{adapter.agency}.sqlite")
        line = _line(adapter.agency, settings)
        self._speaker = Speaker(adapter, settings, self._journal, line)
        self._reach = Reach(adapter.agency, settings)
        self._listener = Listener(
            adapter, self._journal, line, self._speaker.answered, self._speaker.say_all_again, self._reach.found
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Connection:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def start(self) -> None:
        """Begin to say, send and hear."""
        steps = [("reading", self._speaker.read), ("sending", self._speaker.send), ("hearing", self._hear)]
        if self._settings.heartbeat is not None:
            steps.append(("heartbeat", self._beat))
        self._tasks = [asyncio.create_task(self._forever(what, step)) for what, step in steps]

    async def stop(self) -> None:
        """End; what waits in the journal is sent after the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._journal.close()

    def status(self) -> Status:
        """How the adapter stands right now."""
        return Status(
            journal_waiting=self._journal.num_waiting,
            heard_offset=self._listener.heard_offset,
            heard_busy=self._listener.is_busy,
            cursor=self._journal.cursor,
            rejected=self._journal.num_rejected,
            skipped=self._journal.num_skipped,
            aside=self._journal.num_aside,
            awaited=self._reach.awaited,
            was_connected=self._reach.was_there,
        )

    def rejected(self) -> dict[str, str]:
        """Refused statements and the reasons, by event id."""
        return self._journal.rejected()

    def is_admitted(self, event_id: str) -> bool:
        """Whether the exchange has said that it keeps the statement of that id."""
        return self._journal.is_admitted(event_id)

    def replay(self, event_id: str) -> bool:
        """Say a refused statement once more with the same id; False if it is not refused or may not succeed later."""
        return self._speaker.say_again(event_id)

    async def _hear(self) -> None:
        try:
            await self._listener.listen()
        except Exception as error:
            self._reach.lost(str(error) if isinstance(error, RetryError) else type(error).__name__)
            raise

    async def _forever(self, what: str, step: Callable[[], Awaitable[None]]) -> None:
        pauses = Pauses()
        while True:
            began = monotonic()
            try:
                await step()
            except RetryError as error:
                self._tell("%s: %s waits: %s", what, str(error))
            except Exception as error:  # whatever fails is tried again: an adapter stops only when told to
                self._tell("%s: %s is interrupted: %s", what, type(error).__name__)
            if monotonic() - began > _STEADY_SECONDS:
                pauses.reset()
            await pauses.wait()

    def _tell(self, sentence: str, what: str, why: str) -> None:
        """Who does not reach the exchange has said so, and does not say it of every try."""
        level = logging.DEBUG if what in _ON_THE_LINE and not self._reach.is_there else logging.WARNING
        _LOG.log(level, sentence, self._adapter.agency, what, why)

    async def _beat(self) -> None:
        interval = self._settings.heartbeat
        while interval is not None:
            now = datetime.now(UTC)
            beat = AdapterHeartbeat(
                adapter_id=f"{self._adapter.agency}:adapter",
                version=version("samsyn-adapter-sdk"),
                interval_minutes=_whole_minutes(interval),
            )
            self._speaker.take([Statement(beat, now, f"heartbeat:{now.isoformat()}", centre="_all")])
            await asyncio.sleep(interval.total_seconds())


async def run(adapter: Adapter, settings: Settings) -> None:
    """Run an adapter alone until SIGINT or SIGTERM."""
    start_telemetry(adapter.agency, settings.otlp)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with Connection(adapter, settings):
        _LOG.info("%s: runs, before %s", adapter.agency, settings.kafka or settings.exchange_url)
        await stopped.wait()


def _line(agency: str, settings: Settings) -> Line:
    """Kafka where a broker is given, else HTTPS."""
    return HttpsLine(agency, settings) if settings.kafka is None else KafkaLine(agency, settings)


def _whole_minutes(interval: timedelta) -> int:
    """The interval as heartbeats tell it: rounded up, so that none is missed too early."""
    return min(_MOST_MINUTES, max(1, math.ceil(interval / timedelta(minutes=1))))
