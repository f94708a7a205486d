"""Which adapters are alive, by their heartbeats and the exchange's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from samsyn_contracts.capacity import AdapterHeartbeat
from samsyn_contracts.platform import AdapterStatusChanged

AdapterStatus = Literal["up", "late", "down"]
POLICE = "polisen"
# An adapter that does not say how often it beats.
USUAL_MINUTES = 5
# The longest silence, in the adapter's own intervals, before it is late: two beats may get lost in a restart or a
# broker's change of leader, and nobody is woken for that.
LATE_AFTER = 3
# And before it is down: an hour at the usual interval, longer than any restart or upgrade of an agency's server.
DOWN_AFTER = 12
# How long others must have been heard before it tells something that the police's adapter never was.
GRACE = timedelta(hours=1)


@dataclass(frozen=True)
class Adapter:
    """An adapter as last heard of; instants by the exchange's clock."""

    adapter_id: str
    party: str
    version: str
    interval_minutes: int
    first_seen_at: datetime
    last_seen_at: datetime
    status: AdapterStatus

    @property
    def told(self) -> AdapterStatusChanged:
        """What is said when its status has changed."""
        return AdapterStatusChanged(
            adapter_id=self.adapter_id,
            party=self.party,
            status=self.status,
            last_seen_at=self.last_seen_at,
            version=self.version,
        )

    def at(self, now_at: datetime) -> Adapter:
        """As it is when it has been silent until now; a status never gets better by silence."""
        interval = timedelta(minutes=self.interval_minutes)
        silent = now_at - self.last_seen_at
        status: AdapterStatus = "down" if silent > DOWN_AFTER * interval else "late"
        return replace(self, status=status) if silent > LATE_AFTER * interval and self.status != "down" else self


def hear(known: Sequence[Adapter], heartbeat: AdapterHeartbeat, party: str, now_at: datetime) -> Adapter:
    """The adapter after a heartbeat: up."""
    first = [adapter.first_seen_at for adapter in known if adapter.adapter_id == heartbeat.adapter_id]
    return Adapter(
        adapter_id=heartbeat.adapter_id,
        party=party,
        version=heartbeat.version,
        interval_minutes=heartbeat.interval_minutes or USUAL_MINUTES,
        first_seen_at=first[0] if first else now_at,
        last_seen_at=now_at,
        status="up",
    )


def changed(before: Sequence[Adapter], after: Sequence[Adapter]) -> list[AdapterStatusChanged]:
    """What is to be said: each adapter whose status is another than before, or that was not known."""
    known = {adapter.adapter_id: adapter.status for adapter in before}
    return [adapter.told for adapter in after if known.get(adapter.adapter_id) != adapter.status]


def police_silent_since(adapters: Sequence[Adapter], now_at: datetime) -> datetime | None:
    """Since when no adapter of the police is heard in time; None while one is, and while it is too early to tell.

    Silence begins at the last beat; where the police were never heard, when others had been for an hour.
    """
    of_police = [adapter for adapter in adapters if adapter.party == POLICE]
    if of_police:
        is_heard = any(adapter.status == "up" for adapter in of_police)
        return None if is_heard else max(adapter.last_seen_at for adapter in of_police)
    first = min((adapter.first_seen_at for adapter in adapters), default=now_at)
    return first + GRACE if now_at - first > GRACE else None
