"""What a service tells those who run it: which alerts stand, shown, measured, and logged when one comes or goes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from samsyn_contracts.bus import dead_letter_topic

from samsyn_chassis.batches import is_transient
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.failures import where
from samsyn_chassis.telemetry import METER

logger = logging.getLogger(__name__)
LOOK_SECONDS = 15.0
FRESH_SECONDS = 1.0  # /status is asked many times a second by whoever waits for idleness
LONGEST_UNSENT = timedelta(seconds=60)
DEAD_LETTERS_STAND = timedelta(days=7)
RUNBOOK = "deploy/runbooks/{name}.md"

OLDEST_UNSENT = sa.text("select min(created_at) from outbox where sent_at is null and parked_reason is null")
PARKED = sa.text("select topic, min(created_at) from outbox where parked_reason is not null group by topic")
# The condition on the topic is that of the index outbox_dead_letters.
DEAD = sa.text("""
select min(created_at) from outbox where topic like 'samsyn.dlq.%' and created_at > :since
and not exists (select from dead_letter_note n where n.letter = outbox.id and n.outcome in ('retried', 'dropped'))
""")
standing_alerts = METER.create_gauge("samsyn_alert", description="alerts that stand, by name; each has a runbook")


@dataclass(frozen=True)
class Alert:
    """Something a human should look at, since when; `about` says what in P0 and P1, the same while it stands."""

    name: str
    about: str
    since: datetime


Evaluate = Callable[[Transaction], Awaitable[Sequence[Alert]]]


async def no_alerts(_transaction: Transaction) -> Sequence[Alert]:
    """A service without alerts of its own."""
    return ()


class Alerts:
    """The alerts of one process: those of every service, and `own`, which the service evaluates itself."""

    def __init__(self, service: str, database: Database, own: Evaluate) -> None:
        self._service, self._database, self._own = service, database, own
        self._standing: dict[tuple[str, str], Alert] = {}
        self._looked: float | None = None
        self._turn = asyncio.Lock()

    async def standing(self) -> list[Alert]:
        """The alerts that stand, as they were a second ago at most."""
        if self._looked is None or time.monotonic() - self._looked > FRESH_SECONDS:
            return await self.look()
        return list(self._standing.values())

    async def look(self) -> list[Alert]:
        """The alerts that stand now, by name; what is new or gone is logged."""
        async with self._turn, self._database.transaction() as transaction:
            found = [*await of_outbox(transaction, self._service, datetime.now(UTC)), *await self._own(transaction)]
            now = {(alert.name, alert.about): alert for alert in sorted(found, key=lambda a: (a.name, a.about))}
            self._tell(now)
            self._standing, self._looked = now, time.monotonic()
        return list(now.values())

    async def run(self) -> None:
        """Look for ever; an alert that cannot be evaluated stops no service."""
        while True:
            try:
                await self.look()
            except Exception as error:
                if is_transient(error):
                    logger.warning("alerts wait: %s", type(error).__name__)
                else:
                    logger.critical("alerts cannot be evaluated: %s", where(error))
            await asyncio.sleep(LOOK_SECONDS)

    def _tell(self, now: dict[tuple[str, str], Alert]) -> None:
        for name, about in sorted(now.keys() - self._standing.keys()):
            logger.warning("alert %s: %s; see %s", name, about, RUNBOOK.format(name=name))
        for name, about in sorted(self._standing.keys() - now.keys()):
            logger.info("alert %s is over: %s; see %s", name, about, RUNBOOK.format(name=name))
        counted = Counter(name for name, _ in now)
        for name in {name for name, _ in (*now, *self._standing)}:
            standing_alerts.set(counted[name], {"alert": name})


async def of_outbox(transaction: Transaction, service: str, at: datetime) -> list[Alert]:
    """What stands in the outbox for too long, or for ever, and what was set aside; `at` is the wall clock."""
    oldest = (await transaction.execute(OLDEST_UNSENT)).scalar()
    parked = (await transaction.execute(PARKED)).all()
    dead_at = (await transaction.execute(DEAD, {"since": at - DEAD_LETTERS_STAND})).scalar()
    found = [Alert("outbox_old", f"parked on {topic}", since) for topic, since in parked]
    if oldest is not None and at - oldest > LONGEST_UNSENT:
        found.append(Alert("outbox_old", f"rows of {service} wait unsent", oldest))
    if dead_at is not None:
        found.append(Alert("dead_letter", dead_letter_topic(service), dead_at))
    return found
