"""What time it is when clocks may lie: the wall clock is believed only while the monotonic clock agrees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

TOLERATED = timedelta(seconds=30)
NEEDS_A_HUMAN = timedelta(hours=1)
# One tick may come late behind a long transaction; with three missed every deadline of the centres is late.
TICKS_MISSED = 3


@dataclass(frozen=True)
class Reading:
    """Both clocks, read together; `monotonic` counts from any start."""

    wall_at: datetime
    monotonic: timedelta


@dataclass(frozen=True)
class Watch:
    """Where both clocks stood when they were last believed, and whether a human must look first."""

    start: Reading
    waits_for_human: bool = False

    def apart(self, reading: Reading) -> timedelta:
        """How far the wall clock has gone away from the monotonic one since the start; negative if back."""
        return (reading.wall_at - self.start.wall_at) - (reading.monotonic - self.start.monotonic)

    def after(self, reading: Reading) -> Watch:
        """The watch once this was read: a jump over an hour is not forgotten until a human confirms."""
        jumped = abs(self.apart(reading)) > NEEDS_A_HUMAN
        return replace(self, waits_for_human=True) if jumped else self

    def may_tick(self, reading: Reading) -> bool:
        """Whether time may be told to others."""
        return not self.waits_for_human and abs(self.apart(reading)) <= TOLERATED

    def now(self, reading: Reading) -> datetime:
        """The wall clock while it is believed, else the time since the start by the monotonic clock."""
        if self.may_tick(reading):
            return reading.wall_at
        return self.start.wall_at + (reading.monotonic - self.start.monotonic)


def is_tick_due(now: datetime, ticked_at: datetime | None, every: timedelta) -> bool:
    """Whether time should be told again; however long it was not, once is enough."""
    return ticked_at is None or now - ticked_at >= every


def silent_since(told_at: datetime, now: datetime, every: timedelta, *, may_tick: bool) -> datetime | None:
    """Since when a real clock tells nobody the time; None while it does. `told_at`: when it did, or began to try."""
    return told_at if not may_tick or now - told_at > TICKS_MISSED * every else None
