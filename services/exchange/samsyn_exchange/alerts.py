"""What those who run the exchange must look at: operations not seen, silent police, a clock that tells nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from samsyn_chassis.alerts import Alert
from samsyn_chassis.database import Transaction
from samsyn_contracts.envelope import ALL_CENTRES

from samsyn_exchange.adapters import Adapters
from samsyn_exchange.domain.adapters import POLICE, police_silent_since
from samsyn_exchange.domain.clock import silent_since
from samsyn_exchange.domain.operations import NEAR, KnownOperation, unacknowledged
from samsyn_exchange.store import Store
from samsyn_exchange.timekeeping import Clock


@dataclass(frozen=True)
class Watching:
    """The exchange's alerts, and what else its /status tells; `every` is how often a real clock tells the time."""

    clock: Clock
    every: timedelta

    async def standing(self, transaction: Transaction) -> Sequence[Alert]:
        """The alerts of the exchange."""
        store = Store(transaction)
        now = await self._now(store)
        found = [alert for o in await store.confirmed_between(now, now + NEAR) for alert in _of_operation(o, now)]
        silent_at = police_silent_since(await Adapters(transaction).known(), now)
        if silent_at is not None:
            found.append(Alert("police_adapter_silent", POLICE, silent_at))
        return [*found, *await self._of_clock(store)]

    async def shown(self, transaction: Transaction) -> Mapping[str, object]:
        """The time as it was last told, and every adapter ever heard."""
        store = Store(transaction)
        told_at = await store.ticked_at() or await self._now(store)
        adapters = [
            {
                "adapter": adapter.adapter_id,
                "party": adapter.party,
                "status": adapter.status,
                "last_seen_at": adapter.last_seen_at.isoformat(),
                "version": adapter.version,
            }
            for adapter in await Adapters(transaction).known()
        ]
        return {"times": {ALL_CENTRES: told_at.isoformat()}, "adapters": adapters}

    async def _now(self, store: Store) -> datetime:
        return await store.shown_now(self.clock.proposed(), moves=not self.clock.is_driven)

    async def _of_clock(self, store: Store) -> Sequence[Alert]:
        if self.clock.is_driven:
            return ()
        # A process that has just started has not had the time to tell it.
        told_at = max(await store.ticked_at() or self.clock.started_at, self.clock.started_at)
        may_tick = self.clock.may_tick()
        silent_at = silent_since(told_at, self.clock.proposed(), self.every, may_tick=may_tick)
        about = "no centre is told the time" if may_tick else "wall and monotonic clock are apart"
        return () if silent_at is None else (Alert("clock_stopped", about, silent_at),)


def _of_operation(operation: KnownOperation, now: datetime) -> Sequence[Alert]:
    parties = unacknowledged(operation, now)
    if not parties or operation.start_at is None:
        return ()
    began_at = operation.start_at - NEAR
    since = began_at if operation.told_at is None else max(began_at, operation.told_at)
    about = f"{operation.code_name} ({operation.centre}): {', '.join(parties)}"
    return (Alert("participant_unacknowledged", about, since),)
