"""What differs between Kafka and HTTPS: handing statements to the exchange, and reading what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from samsyn_contracts.bus import raw_attribute
from samsyn_contracts.platform import RejectionReason

from samsyn_adapter_sdk.journal import Checkpoint, Waiting


@dataclass(frozen=True)
class Answer:
    """What became of a statement: kept, or refused for these reasons."""

    event_id: str
    reasons: tuple[RejectionReason, ...] = ()
    replayable: bool = False

    @property
    def codes(self) -> str:
        """The codes of the reasons, safe to log."""
        return ", ".join(reason.code for reason in self.reasons)


@dataclass(frozen=True)
class Handed:
    """How many statements were handed over, from the first on, and the answers that came at once."""

    num: int
    answers: tuple[Answer, ...] = ()


class Record(Protocol):
    """What the exchange tells, as it stands on `samsyn.to.<party>.v1`."""

    topic: str
    offset: int
    timestamp: int
    headers: Sequence[tuple[str, bytes]]
    value: bytes | None


def checkpoint_of(record: Record) -> Checkpoint:
    """Where hearing goes on behind a record."""
    return Checkpoint(record.topic, record.offset + 1, raw_attribute(record.headers, "id"), record.timestamp)


class Mouth(Protocol):
    """An open way to the exchange."""

    async def say(self, statements: Sequence[Waiting]) -> Handed:
        """Hand over statements in their order, as many as go together; raises RetryError while nobody takes them."""
        ...


class Ear(Protocol):
    """An open way from the exchange; `position` is the offset it reads next.

    `is_of_another_log`: what the exchange tells is not the log that was heard before; it may have lost what it took.
    """

    position: int
    is_of_another_log: bool

    async def records(self) -> Sequence[Record]:
        """What comes next; waits a while, and may bring nothing."""
        ...


class Line(Protocol):
    """A party's connection with the exchange; `answers_at_once` where the border answers what is handed over."""

    answers_at_once: bool

    def speaking(self) -> AbstractAsyncContextManager[Mouth]:
        """Open the way there."""
        ...

    def hearing(self, checkpoint: Checkpoint | None) -> AbstractAsyncContextManager[Ear]:
        """Open the way back, from the checkpoint on (None: from the beginning): open once the other end answers."""
        ...
