"""Saying: journal what the agency says, send it in order, and again until the exchange has answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Sequence
from time import monotonic

from samsyn_contracts.bus import MAX_EVENT_BYTES, headers_of
from samsyn_contracts.envelope import Envelope, party_source

from samsyn_adapter_sdk.journal import Cause, Journal, Waiting, digest
from samsyn_adapter_sdk.line import Answer, Line, Mouth
from samsyn_adapter_sdk.settings import Settings
from samsyn_adapter_sdk.statement import Adapter, RetryError, Saying, Skipped, Statement, event_id
from samsyn_adapter_sdk.telemetry import saying_span

_LOG = logging.getLogger("samsyn.adapter")
_LONGEST_PATIENCE_SECONDS = 300.0
_MAX_TOGETHER = 200


class Speaker:
    """What one agency says, on its way to the exchange."""

    def __init__(self, adapter: Adapter, settings: Settings, journal: Journal, line: Line) -> None:
        self._adapter = adapter
        self._settings = settings
        self._journal = journal
        self._line = line
        self._wake = asyncio.Event()
        self._sent_number = 0
        self._num_logs = 0
        self._answered_at = monotonic()

    async def read(self) -> None:
        """Journal what the adapter says, from the journalled cursor on: what is there at once in one transaction."""
        sayings = self._adapter.said(self._journal.cursor)
        reading = asyncio.create_task(_next(sayings))
        try:
            while True:
                batch = [await reading]
                reading = asyncio.create_task(_next(sayings))
                await asyncio.sleep(0)
                while _is_there(reading) and len(batch) < _MAX_TOGETHER:
                    batch.append(reading.result())
                    reading = asyncio.create_task(_next(sayings))
                    await asyncio.sleep(0)
                self.take(batch)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def take(self, sayings: Sequence[Saying]) -> None:
        """Journal sayings with their cursors and numbers, in one transaction, before anything is sent."""
        with self._journal.together():
            for saying in sayings:
                self._take_one(saying)
        self._wake.set()

    def answered(self) -> None:
        """Note that the exchange is answering: nothing need be sent again yet."""
        self._answered_at = monotonic()

    def say_again(self, refused_id: str) -> bool:
        """Send a refused statement once more with the same id; False if it is not refused or not replayable."""
        with self._journal.together():
            found = self._journal.say_again(refused_id)
        self._wake.set()
        return found

    def say_all_again(self) -> None:
        """Say once more everything that the exchange has taken: it may have lost what it took after its last backup."""
        with self._journal.together():
            self._journal.note_resaid(0)
        self._num_logs += 1
        self._wake.set()

    async def send(self) -> None:
        """Send what waits until an error or a cancellation; the next call begins with all that waits."""
        async with self._line.speaking() as mouth:
            await self._send_from_the_first(mouth)

    @property
    def num_waiting(self) -> int:
        """How many statements the exchange has not answered."""
        return self._journal.num_waiting

    @property
    def _party(self) -> str:
        return self._adapter.agency

    def _take_one(self, saying: Saying) -> None:
        if isinstance(saying, Skipped):
            self._skip(saying.cursor, None if saying.unknown is None else f"no table translates {saying.unknown}")
            return
        try:
            self._check(saying)
            self._keep(saying)
        except ValueError as error:  # a statement that can never be an event: waiting would block all that follow
            self._skip(saying.cursor, f"statement {event_id(self._adapter.agency, saying.key)}: {_safe(error)}")

    async def _send_from_the_first(self, mouth: Mouth) -> None:
        self._sent_number = 0
        patience = self._settings.resend_after.total_seconds()
        sent_at = monotonic()
        while True:
            self._wake.clear()
            began_at = monotonic()
            if await self._send_waiting(mouth):
                sent_at = began_at
                continue
            if self._answered_at > sent_at:
                patience = self._settings.resend_after.total_seconds()
            if await self._is_woken_within(patience):
                continue
            silent = monotonic() - max(sent_at, self._answered_at)
            if self._journal.num_waiting and silent >= patience:
                _LOG.warning("%s: %d statements without an answer are sent again", self._party, self.num_waiting)
                self._sent_number = 0
                patience = min(_LONGEST_PATIENCE_SECONDS, patience * 2)

    async def _send_waiting(self, mouth: Mouth) -> bool:
        if self._journal.resaid_to is not None:
            await self._resay(mouth)
        rows = self._journal.waiting(self._sent_number)
        if rows:
            handed = await mouth.say(rows)
            self._sent_number = rows[handed.num - 1].number
            self._note(handed.answers)
        return bool(rows)

    async def _resay(self, mouth: Mouth) -> None:
        """Say again what was taken; what waits is sent anyhow, and what was refused stays refused."""
        num_said = 0
        while (number := self._journal.resaid_to) is not None:
            num_logs, rows = self._num_logs, self._journal.said(number)
            num_said += await self._say_taken(mouth, [row.again for row in rows if row.state == "admitted"])
            if self._num_logs == num_logs:  # else the log is another one yet again: from the first statement
                with self._journal.together():
                    self._journal.note_resaid(rows[-1].statement.number if rows else None)
        _LOG.warning("%s: %d statements were said again: the log is another one than before", self._party, num_said)

    async def _say_taken(self, mouth: Mouth, taken: Sequence[Waiting]) -> int:
        """Say again these statements, all of them; how many they are."""
        left = taken
        while left:
            handed = await mouth.say(left)
            if self._line.answers_at_once and len(handed.answers) < handed.num:
                raise RetryError("not all that is said again was answered")
            left = left[handed.num :]
        return len(taken)

    def _note(self, answers: Sequence[Answer]) -> None:
        """Do with answers that come at once what is done with those that are heard."""
        if not answers:
            return
        with self._journal.together():
            for answer in answers:
                self._settle(answer)
        self.answered()

    def _settle(self, answer: Answer) -> None:
        if not answer.reasons:
            self._journal.admit(answer.event_id)
            return
        self._journal.reject(answer.event_id, answer.reasons, replayable=answer.replayable)
        _LOG.warning("%s: statement %s was refused: %s", self._party, answer.event_id, answer.codes)

    async def _is_woken_within(self, seconds: float) -> bool:
        """Whether something new is to be sent; False if nothing came in that time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._wake.wait()
        return False

    def _check(self, statement: Statement) -> None:
        owner = statement.message.owner
        if owner not in (None, self._party):
            raise ValueError(f"the thing spoken of belongs to {owner}")
        if len(statement.message.body()) > MAX_EVENT_BYTES:
            raise ValueError("it is larger than an event may be")

    def _keep(self, statement: Statement) -> None:
        own_id = event_id(self._party, statement.key)
        body = statement.message.body()
        known = self._journal.digest_of(own_id)
        if known is not None:
            self._note_known(statement, own_id, is_same=known == digest(body))
            return
        cause = self._journal.cause(statement.causationid) if statement.causationid else None
        name = type(statement.message).__name__
        with saying_span(self._party, name, cause.traceparent if cause else None) as traceparent:
            envelope = self._envelope(statement, own_id, traceparent, cause)
            headers = json.dumps([(key, value.decode()) for key, value in headers_of(envelope)])
            self._journal.keep(own_id, headers, body)
        self._journal.move_cursor(statement.cursor)

    def _envelope(self, statement: Statement, own_id: str, traceparent: str, cause: Cause | None) -> Envelope:
        started_by = (cause.correlationid if cause else None) or statement.causationid or own_id
        return Envelope(
            id=own_id,
            source=party_source(self._party),
            type=statement.message.type_name(),
            time=statement.occurred_at,
            centre=statement.centre,
            environment=self._settings.environment,
            subject=statement.message.subject,
            sequence=self._journal.next_sequence(statement.message.subject) if statement.is_numbered else None,
            correlationid=started_by,
            causationid=statement.causationid,
            actorrole=statement.role,
            agencyref=statement.agencyref,
            traceparent=traceparent,
        )

    def _note_known(self, statement: Statement, own_id: str, *, is_same: bool) -> None:
        if is_same:  # read again after a crash between two statements of one entry
            self._journal.move_cursor(statement.cursor)
        else:
            self._skip(statement.cursor, f"statement {own_id}: its key was already used for another body")

    def _skip(self, cursor: str | None, alert: str | None) -> None:
        self._journal.move_cursor(cursor, skipped=alert is not None)
        if alert is not None:
            _LOG.warning("%s: skipped, %s", self._party, alert)


async def _next(sayings: AsyncIterator[Saying]) -> Saying:
    try:
        return await anext(sayings)
    except StopAsyncIteration:
        raise RetryError("said() has ended, and must wait for more") from None


def _is_there(reading: asyncio.Task[Saying]) -> bool:
    return reading.done() and not reading.cancelled() and reading.exception() is None


def _safe(error: ValueError) -> str:
    # pydantic quotes the input in its text; the fields alone may be logged
    errors = getattr(error, "errors", None)
    return str(error) if errors is None else ", ".join(str(e["loc"]) for e in errors(include_input=False))
