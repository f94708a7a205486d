"""Waiting longer and longer between tries."""

from __future__ import annotations

import asyncio


class Pauses:
    """Pauses that double from `first` to `most` seconds; `reset` begins anew after a success."""

    def __init__(self, first: float = 0.1, most: float = 30.0) -> None:
        self._first = first
        self._most = most
        self._next = first

    async def wait(self) -> None:
        """Wait for the next pause."""
        pause, self._next = self._next, min(self._most, self._next * 2)
        await asyncio.sleep(pause)

    def reset(self) -> None:
        """Begin anew with the shortest pause."""
        self._next = self._first
