"""What answers that are heard do to the journal, on a line that brings answers at once and on one that does not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from samsyn_adapter_sdk.journal import Checkpoint, Journal, Waiting
from samsyn_adapter_sdk.line import Handed, Record
from samsyn_adapter_sdk.listener import Listener
from samsyn_adapter_sdk.statement import Saying
from samsyn_contracts.bus import headers_of
from samsyn_contracts.envelope import Envelope, service_source
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.rejection import rejection

NOW = datetime(2025, 5, 5, tzinfo=UTC)
REFUSED = EventRejected(
    rejected_id="e-1", party="skatteverket", reasons=(rejection("unknown_id", "/inspection_id"),), replayable=True
)


@dataclass
class ToldRecord:
    """A record that a line brings."""

    headers: Sequence[tuple[str, bytes]]
    value: bytes | None
    topic: str = "samsyn.to.skatteverket.v1"
    offset: int = 0
    timestamp: int = 0


@dataclass
class OneRecord:
    """A line on which one record comes, and then nothing."""

    record: Record
    answers_at_once: bool
    position: int = 0
    is_of_another_log: bool = False
    is_taken: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def speaking(self) -> AsyncIterator[OneRecord]:
        yield self

    @contextlib.asynccontextmanager
    async def hearing(self, checkpoint: Checkpoint | None) -> AsyncIterator[OneRecord]:
        yield self

    async def say(self, statements: Sequence[Waiting]) -> Handed:
        return Handed(len(statements))

    async def records(self) -> Sequence[Record]:
        if self.position:
            self.is_taken.set()
            await asyncio.Event().wait()
        self.position = 1
        return [self.record]


@dataclass
class Hearing:
    """An agency that remembers what it hears."""

    heard: list[Message] = field(default_factory=list)
    agency: str = "skatteverket"

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        raise NotImplementedError
        yield

    async def hear(self, message: Message, envelope: Envelope) -> None:
        self.heard.append(message)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "journal.sqlite")
    with opened.together():
        opened.keep("e-1", "[]", b"{}")
    yield opened
    opened.close()


def told_by(service: str) -> ToldRecord:
    envelope = Envelope(
        id="answer-1",
        source=service_source(service),
        type=REFUSED.type_name(),
        time=NOW,
        centre="akc-vast",
        environment="test",
    )
    return ToldRecord(headers_of(envelope), REFUSED.body())


@pytest.mark.parametrize(
    ("service", "answers_at_once", "num_rejected"),
    [("exchange", False, 1), ("planning", True, 1), ("exchange", True, 0)],
    ids=["over Kafka", "by another service", "told at once before"],
)
async def test_a_refusal_is_noted_unless_the_response_has_told_it_before(
    journal: Journal, service: str, answers_at_once: bool, num_rejected: int
) -> None:
    agency, line = Hearing(), OneRecord(told_by(service), answers_at_once)

    listening = asyncio.create_task(Listener(agency, journal, line, lambda: None).listen())
    await asyncio.wait_for(line.is_taken.wait(), timeout=5)
    listening.cancel()

    # Told late it must not refuse what has been said again since; the agency hears of it all the same.
    assert journal.num_rejected == num_rejected
    assert agency.heard == [REFUSED]
