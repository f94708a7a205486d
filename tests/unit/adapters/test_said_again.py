"""When the exchange's log is another one, what it once took is said again: all of that, only that, and in order."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from samsyn_adapter_sdk.journal import Checkpoint, Journal, Waiting
from samsyn_adapter_sdk.line import Answer, Handed, Record
from samsyn_adapter_sdk.listener import Listener
from samsyn_adapter_sdk.settings import Settings
from samsyn_adapter_sdk.speaker import Speaker
from samsyn_contracts.bus import resaid_as
from samsyn_contracts.rejection import rejection

from tests.unit.adapters.test_answers_heard import Hearing

PATIENCE_SECONDS = 5


@dataclass
class AnotherLog:
    """A line that takes statements and tells that it is of another log than before; `breaks_after` so many once."""

    answers_at_once: bool = False
    num_answered: int = 1_000
    breaks_after: int = 1_000
    position: int = 0
    is_of_another_log: bool = True
    taken: list[Waiting] = field(default_factory=list)
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def speaking(self) -> AsyncIterator[AnotherLog]:
        yield self

    @contextlib.asynccontextmanager
    async def hearing(self, checkpoint: Checkpoint | None) -> AsyncIterator[AnotherLog]:
        yield self

    async def say(self, statements: Sequence[Waiting]) -> Handed:
        if len(self.taken) >= self.breaks_after:
            self.breaks_after = 1_000
            raise OSError
        self.taken.append(statements[0])
        return Handed(1, (Answer(statements[0].event_id),)[: self.num_answered])

    async def records(self) -> Sequence[Record]:
        self.is_asked.set()
        await asyncio.Event().wait()
        return []


@dataclass
class ChangingLog(AnotherLog):
    """Becomes another log once more when it has taken two statements."""

    changes: Callable[[], None] = lambda: None

    async def say(self, statements: Sequence[Waiting]) -> Handed:
        handed = await super().say(statements)
        if len(self.taken) == 2:
            self.changes()
        return handed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with statements admitted, refused, admitted and waiting."""
    path = tmp_path / "skatteverket.sqlite"
    journal = Journal(path)
    with journal.together():
        for event_id in ("admitted-1", "refused", "admitted-2", "waiting"):
            journal.keep(event_id, "[]", b"{}")
        journal.admit("admitted-1")
        journal.admit("admitted-2")
        journal.reject("refused", (rejection("unknown_id", "/inspection_id"),), replayable=True)
    journal.close()
    return path


async def spoken(speaker: Speaker, is_done: Callable[[], bool]) -> None:
    """Let the speaker send what it has to, until it is done or breaks, and a moment more."""
    sending = asyncio.create_task(speaker.send())
    for _ in range(1000):
        if sending.done() or is_done():
            break
        await asyncio.sleep(0.01)
    await asyncio.wait([sending], timeout=0.1)
    sending.cancel()
    with contextlib.suppress(asyncio.CancelledError, OSError):
        await sending


def speaker_of(journal: Journal, line: AnotherLog) -> Speaker:
    settings = Settings(kafka="127.0.0.1:1", exchange_url="", token="", state_dir=Path())
    return Speaker(Hearing(), settings, journal, line)


def told(line: AnotherLog) -> list[tuple[str, str | None]]:
    return [(one.event_id, resaid_as(one.record_headers)) for one in line.taken]


async def test_what_was_admitted_is_said_again_and_what_waits_as_ever(path: Path) -> None:
    journal, line = Journal(path), AnotherLog()
    speaker = speaker_of(journal, line)

    speaker.say_all_again()
    await spoken(speaker, lambda: len(line.taken) == 3)

    assert told(line) == [("admitted-1", "admitted"), ("admitted-2", "admitted"), ("waiting", None)]
    assert journal.resaid_to is None
    journal.close()


async def test_saying_again_that_was_broken_off_goes_on_after_a_restart(path: Path) -> None:
    journal, line = Journal(path), AnotherLog(breaks_after=1)
    speaker = speaker_of(journal, line)
    speaker.say_all_again()
    await spoken(speaker, lambda: False)
    journal.close()

    journal = Journal(path)
    await spoken(speaker_of(journal, line), lambda: journal.resaid_to is None)

    assert {id_ for id_, resaid in told(line) if resaid} == {"admitted-1", "admitted-2"}
    assert journal.resaid_to is None
    journal.close()


async def test_a_log_that_changes_again_meanwhile_is_told_everything_from_the_first(path: Path) -> None:
    journal = Journal(path)
    line = ChangingLog()
    speaker = speaker_of(journal, line)
    line.changes = speaker.say_all_again

    speaker.say_all_again()
    await spoken(speaker, lambda: journal.resaid_to is None)

    resaid = [id_ for id_, told_as in told(line) if told_as]
    assert resaid == ["admitted-1", "admitted-2"] * 2
    assert journal.resaid_to is None
    journal.close()


async def test_what_was_not_answered_at_once_is_not_done(path: Path) -> None:
    journal, line = Journal(path), AnotherLog(answers_at_once=True, num_answered=0)
    speaker = speaker_of(journal, line)

    speaker.say_all_again()
    with contextlib.suppress(Exception):
        await asyncio.wait_for(speaker.send(), 0.2)

    assert journal.resaid_to == 0
    journal.close()


async def test_another_log_is_told_once(path: Path) -> None:
    journal, line, num_told = Journal(path), AnotherLog(), []
    listener = Listener(Hearing(), journal, line, lambda: None, lambda: num_told.append(1))

    listening = asyncio.create_task(listener.listen())
    await asyncio.wait_for(line.is_asked.wait(), PATIENCE_SECONDS)
    listening.cancel()

    assert (num_told, line.is_of_another_log) == ([1], False)
    journal.close()


def test_a_journal_of_before_gets_its_new_columns(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as old:
        old.execute("ALTER TABLE statement DROP COLUMN said_ms")
        old.execute("ALTER TABLE place DROP COLUMN resaid_to")
        old.commit()

    journal = Journal(path)

    assert [one.state for one in journal.said(0)] == ["admitted", "rejected", "admitted", "waiting"]
    assert journal.resaid_to is None
    journal.close()
