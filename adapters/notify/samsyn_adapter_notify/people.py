"""One party's people, connected: hear, plan, send and say, side by side until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from time import monotonic
from types import TracebackType

import httpx
from samsyn_adapter_sdk import Connection, RetryError, Settings, Status
from samsyn_contracts.register import load_register

from samsyn_adapter_notify.adapter import NotifyAdapter
from samsyn_adapter_notify.clock import Clock
from samsyn_adapter_notify.delivery import Delivery
from samsyn_adapter_notify.exchange import Exchange
from samsyn_adapter_notify.mail import Mailer
from samsyn_adapter_notify.passing import Passing
from samsyn_adapter_notify.recipients import Recipients
from samsyn_adapter_notify.rules import RuleBook
from samsyn_adapter_notify.settings import NotifySettings
from samsyn_adapter_notify.store import Store
from samsyn_adapter_notify.text_messages import Gateway
from samsyn_adapter_notify.writing import Writer

_LOG = logging.getLogger("samsyn.notify")
_GATEWAY_TIMEOUT_SECONDS = 15.0
_FIRST_ANSWER_SECONDS = 5.0
# What comes in one burst is told in one letter: nothing is sent while more is heard, up to a limit.
_QUIET_SECONDS, _LONGEST_WAIT_SECONDS, _ROUND_SECONDS = 0.5, 5.0, 0.2


class People:
    """The functions of one party; use as `async with People(...)`."""

    def __init__(self, party: str, settings: NotifySettings, recipients: Recipients, book: RuleBook) -> None:
        connection: Settings = settings.connections[party]
        self.party = party
        self._tick_seconds = settings.tick_seconds
        self._store = Store(connection.state_dir / f"{party}.notify.sqlite")
        self._clock = Clock(self._store.until)
        self._exchange = Exchange(connection)
        self._client = httpx.AsyncClient(timeout=_GATEWAY_TIMEOUT_SECONDS, verify=connection.verify)
        is_centre = load_register().by_code[party].kind == "centre"
        self._adapter = NotifyAdapter(party, is_centre, self._store, self._clock, recipients, book)
        gateway = None
        if recipients.sms_gateway is not None:
            gateway = Gateway(self._client, recipients.sms_gateway, settings.sms_tokens.get(party))
        writer = Writer(recipients, settings.mail_from, settings.desk_url)
        self._delivery = Delivery(self._store, writer, Mailer(settings.mail_server), gateway, self._adapter.speak)
        self._passing = Passing(self._store, recipients, book, self._exchange, settings.mail_from)
        self._connection = Connection(self._adapter, connection)
        self._sent_at = monotonic()
        self._has_diary_key = recipients.diary_key is not None
        self._tasks: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> People:
        self._stack.callback(self._store.close)
        self._stack.push_async_callback(self._client.aclose)
        self._stack.push_async_callback(self._exchange.close)
        await self._ask_time_first()
        await self._stack.enter_async_context(self._connection)
        self._tasks = [asyncio.create_task(self._forever(step)) for step in (self._ask_time, self._send)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    def stands(self) -> Status:
        """How its connection stands."""
        return self._connection.status()

    def status(self) -> Mapping[str, object]:
        """How it stands: counts, and whether anything keeps it from speaking or hearing; P1 alone."""
        status = self._connection.status()
        return {
            "now": None if self._clock.now is None else self._clock.now.isoformat(),
            "notifications": self._store.counts(),
            "journal_waiting": status.journal_waiting,
            "heard_offset": status.heard_offset,
            "awaited": status.awaited,
            "rejected": status.rejected,
            "aside": status.aside,
            "diary": self._has_diary_key,
        }

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except RetryError as error:
                _LOG.warning("%s: waits: %s", self.party, error)
                await asyncio.sleep(self._tick_seconds)
            except Exception as error:  # a fault in one round must not stop the next
                _LOG.error("%s: a round failed: %s", self.party, type(error).__name__)
                await asyncio.sleep(self._tick_seconds)

    async def _ask_time_first(self) -> None:
        """What was said while we were away may be nearer now: know the time before hearing, if anybody can tell it."""
        with contextlib.suppress(RetryError, TimeoutError):
            async with asyncio.timeout(_FIRST_ANSWER_SECONDS):
                self._clock.tell(await self._exchange.now())

    async def _ask_time(self) -> None:
        """TimePassed reaches centres alone; everybody else asks."""
        self._clock.tell(await self._exchange.now())
        await asyncio.sleep(self._tick_seconds)

    async def _send(self) -> None:
        now = self._clock.now
        if now is not None and self._is_quiet():
            await self._passing.pass_time(now)
            await self._delivery.deliver(now)
            self._sent_at = monotonic()
        await asyncio.sleep(_ROUND_SECONDS)

    def _is_quiet(self) -> bool:
        """Whether nothing has been heard just now, or has been for so long that what is due cannot wait."""
        now = monotonic()
        return now - self._adapter.heard_at > _QUIET_SECONDS or now - self._sent_at > _LONGEST_WAIT_SECONDS
