"""What every simulated system has: a numbered log of what it has decided, and things that fall due."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """One thing decided, when, about which centre (`_all`: every one), under a number that rises by one."""

    number: int
    at: datetime
    centre: str
    deed: T


class Diary(Generic[T]):
    """A log and an agenda, driven by simulated time; `on_growth` callbacks run when the log has grown."""

    def __init__(self, starts_at: datetime) -> None:
        self.now = starts_at
        self.on_growth: list[Callable[[], None]] = []
        self._entries: list[Entry[T]] = []
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def write(self, deed: T, centre: str) -> Entry[T]:
        """Log a deed now."""
        entry = Entry(len(self._entries) + 1, self.now, centre, deed)
        self._entries.append(entry)
        for call in self.on_growth:
            call()
        return entry

    def plan(self, due_at: datetime, do: Callable[[], None]) -> None:
        """Do something when its time has come; of two at the same time the one planned first goes first."""
        heapq.heappush(self._agenda, (due_at, next(self._order), do))

    def advance(self, now: datetime) -> None:
        """Do everything that is due up to an instant, each at its own time."""
        while self._agenda and self._agenda[0][0] <= now:
            due_at, _, do = heapq.heappop(self._agenda)
            self.now = max(self.now, due_at)
            do()
        self.now = max(self.now, now)

    def next_due_at(self) -> datetime | None:
        """When the next thing falls due; None if nothing is planned."""
        return self._agenda[0][0] if self._agenda else None

    def after(self, number: int, at_most: int = 500) -> list[Entry[T]]:
        """The log after a number."""
        return self._entries[number : number + at_most]

    @property
    def latest(self) -> str | None:
        """The cursor of one who has read everything; None while nothing is written."""
        return str(len(self._entries)) if self._entries else None
