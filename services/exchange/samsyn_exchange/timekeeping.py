"""Tells every centre what time it is: by the real clock while it can be believed, or as a demo drives it."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from samsyn_chassis.batches import is_transient
from samsyn_chassis.database import Database
from samsyn_chassis.telemetry import METER, span

from samsyn_exchange.border import Border
from samsyn_exchange.domain.clock import Reading, Watch, is_tick_due
from samsyn_exchange.settings import ExchangeSettings
from samsyn_exchange.store import Store

logger = logging.getLogger(__name__)
TICK_LOCK = 7363
apart_seconds = METER.create_gauge("samsyn_clock_apart_seconds", description="wall clock minus monotonic, since start")


class Clock:
    """This process's clocks and how far they are believed."""

    def __init__(self, settings: ExchangeSettings) -> None:
        self.is_driven = settings.clock == "driven"
        self._start_at = settings.clock_start
        self._watch = Watch(_read())
        self._was_believed = True
        self.started_at = self._watch.start.wall_at

    def proposed(self) -> datetime:
        """What the time is, or for a driven clock, what it starts at if nobody has set it yet."""
        if self.is_driven:
            return self._start_at or datetime.now(UTC)
        reading = _read()
        self._watch = self._watch.after(reading)
        return self._watch.now(reading)

    def may_tick(self) -> bool:
        """Whether the clocks agree; says so in the log when that changes."""
        reading = _read()
        self._watch = self._watch.after(reading)
        is_believed = self._watch.may_tick(reading)
        apart = self._watch.apart(reading).total_seconds()
        apart_seconds.set(apart)
        if self._was_believed and not is_believed:
            human = "a human must confirm it" if self._watch.waits_for_human else "waiting until they agree"
            logger.critical("wall clock and monotonic clock are %.0f s apart: ticking stops, %s", apart, human)
        self._was_believed = is_believed
        return is_believed

    def confirm(self) -> None:
        """A human has looked: the wall clock is right from here on."""
        self._watch = Watch(_read())
        logger.warning("a human has confirmed the clock")


class Ticking:
    """Says `TimePassed` for every centre, one process at a time, once however long it was silent."""

    def __init__(self, database: Database, border: Border, clock: Clock, every: timedelta) -> None:
        self._database, self._border, self._clock, self._every = database, border, clock, every

    async def run(self) -> None:
        """Tick for ever; a database that is away is waited for."""
        pause = min(self._every.total_seconds() / 10, 5.0)
        while True:
            try:
                if self._clock.may_tick():
                    await self.tick()
            except Exception as error:
                if not is_transient(error):
                    raise
                logger.warning("the clock waits: %s", type(error).__name__)
            await asyncio.sleep(pause)

    async def tick(self) -> bool:
        """Tell the time if it is due and no other process is doing so; whether it was told."""
        async with self._database.transaction() as transaction:
            if not (await transaction.execute(sa.select(sa.func.pg_try_advisory_xact_lock(TICK_LOCK)))).scalar():
                return False
            store = Store(transaction)
            if not is_tick_due(self._border.proposed(), await store.ticked_at(), self._every):
                return False
            centres = self._border.register.centres
            await transaction.lock(self._border.places)
            now = await self._border.now(store)
            with span("tick"):
                await self._border.say_time(store, centres, now)
            await store.note_tick(now)
            await store.save()
            return True


def _read() -> Reading:
    return Reading(datetime.now(UTC), timedelta(seconds=time.monotonic()))
