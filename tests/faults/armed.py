"""Runs a service that can die at a named point: `python -m tests.faults.armed planning`, put in its place by the test.

The product knows nothing of this. What happens at a point is wrapped here, in the process of the test's service alone.
A file in SAMSYN_FAULT_POINTS, named after the service, holds a point and how often it may be passed; the process that
comes there writes what it was doing beside it, and kills itself with SIGKILL: no handler runs, nothing is flushed.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

FOLDER = "SAMSYN_FAULT_POINTS"
POINTS = (
    "before_inbox_commit",
    "before_commit",
    "after_commit",
    "after_produce_before_ack",
    "after_ack_before_outbox_mark",
    "after_outbox_mark",
    "after_inbox_commit_before_offset_commit",
)


class Points:
    """Where this process is to die, read from its file whenever it comes to a point."""

    def __init__(self, folder: Path, name: str) -> None:
        self._wanted, self._hit = folder / name, folder / f"{name}.hit"
        self._num_passed = 0

    def is_wanted(self, point: str) -> bool:
        """Whether the process is to die at this point, sooner or later."""
        return self._read()[0] == point

    def reached(self, point: str, doing: object) -> None:
        """Die here if that is wanted; returns otherwise."""
        wanted, num = self._read()
        if wanted != point:
            return
        self._num_passed += 1
        if self._num_passed > num:
            told = {"point": point, "pid": os.getpid(), "at": time.time(), "doing": doing}
            with self._hit.open("w", encoding="utf-8") as hit:
                json.dump(told, hit)
                hit.flush()
                os.fsync(hit.fileno())
            os.kill(os.getpid(), signal.SIGKILL)

    def _read(self) -> tuple[str, int]:
        try:
            wanted, num = self._wanted.read_text(encoding="ascii").split()
        except (FileNotFoundError, ValueError):
            self._num_passed = 0
            return "", 0
        return wanted, int(num)


def arm(points: Points) -> None:
    """Wrap the functions at whose edges a crash is worst."""
    _arm_transactions(points)
    _arm_relay(points)
    _arm_reading(points)


def _arm_transactions(points: Points) -> None:
    from samsyn_chassis.database import Database, Transaction

    whole: Callable[..., Any] = Database.transaction
    note: Callable[..., Any] = Transaction.note_positions

    @asynccontextmanager
    async def transaction(self: Any) -> AsyncIterator[Any]:
        num_said = 0
        async with whole(self) as opened:
            yield opened
            num_said = len(opened.said)
            if num_said:
                points.reached("before_commit", {"said": num_said})
        if num_said:
            points.reached("after_commit", {"said": num_said})

    async def note_positions(self: Any, positions: Any) -> None:
        """What a batch does last: all its effects are there, and nothing is committed."""
        await note(self, positions)
        points.reached("before_inbox_commit", {"said": len(self.said)})

    Database.transaction = transaction  # type: ignore[method-assign]
    Transaction.note_positions = note_positions  # type: ignore[method-assign]


def _arm_relay(points: Points) -> None:
    import asyncpg
    from aiokafka.conn import AIOKafkaConnection

    send: Callable[..., Any] = AIOKafkaConnection.send

    def sent(self: Any, request: Any, *more: Any, **named: Any) -> Any:
        future = send(self, request, *more, **named)
        if type(request).__name__.startswith("ProduceRequest"):
            # The bytes are with the kernel: asyncio writes at once. The loop stands still, so no answer is read.
            if points.is_wanted("after_produce_before_ack"):
                time.sleep(0.05)
            points.reached("after_produce_before_ack", {"request": type(request).__name__})
        return future

    AIOKafkaConnection.send = sent
    for name in ("execute", "fetch", "fetchval", "executemany"):
        setattr(asyncpg.Connection, name, _marking(points, getattr(asyncpg.Connection, name)))


def _marking(points: Points, asked: Callable[..., Any]) -> Callable[..., Any]:
    async def marking(self: Any, query: str, *values: Any, **named: Any) -> Any:
        if not query.lstrip().lower().startswith("update outbox set sent_at"):
            return await asked(self, query, *values, **named)
        doing = {"rows": len(values[0]) if values else 0}
        points.reached("after_ack_before_outbox_mark", doing)
        marked = await asked(self, query, *values, **named)
        points.reached("after_outbox_mark", doing)
        return marked

    return marking


def _arm_reading(points: Points) -> None:
    from aiokafka import AIOKafkaConsumer

    commit: Callable[..., Any] = AIOKafkaConsumer.commit

    async def committed(self: Any, offsets: Any = None) -> Any:
        points.reached("after_inbox_commit_before_offset_commit", {"partitions": len(self.assignment())})
        return await commit(self, offsets)

    AIOKafkaConsumer.commit = committed


def main() -> None:
    """Arm this process and become the service."""
    name = sys.argv[1]
    arm(Points(Path(os.environ[FOLDER]), os.environ.get("SAMSYN_INSTANCE", name)))
    sys.argv = [f"samsyn_{name}"]
    runpy.run_module(f"samsyn_{name}", run_name="__main__")


if __name__ == "__main__":
    main()
