"""Hearing: read what the exchange tells the agency from the own checkpoint, each event once, never blocked for ever."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections.abc import Callable, Sequence

from samsyn_contracts.bus import event_of
from samsyn_contracts.envelope import Envelope, Event, service_source
from samsyn_contracts.platform import EventAdmitted, EventRejected
from samsyn_contracts.rejection import RefusedError

from samsyn_adapter_sdk.journal import Cause, Journal
from samsyn_adapter_sdk.line import Ear, Line, Record, checkpoint_of
from samsyn_adapter_sdk.pauses import Pauses
from samsyn_adapter_sdk.statement import Adapter, RetryError
from samsyn_adapter_sdk.telemetry import hearing_span

_LOG = logging.getLogger("samsyn.adapter")
_MAX_TRIES = 5
_HEAR_SECONDS = 60.0
_BORDER = service_source("exchange")


class Listener:
    """What one agency hears on `samsyn.to.<party>.v1`."""

    def __init__(
        self,
        adapter: Adapter,
        journal: Journal,
        line: Line,
        answered: Callable[[], None],
        of_another_log: Callable[[], None] = lambda: None,
        connected: Callable[[], None] = lambda: None,
    ) -> None:
        self._adapter = adapter
        self._journal = journal
        self._line = line
        self._answered = answered
        self._of_another_log = of_another_log
        self._connected = connected
        checkpoint = journal.checkpoint
        self.heard_offset = checkpoint.position if checkpoint else 0
        self.is_busy = False

    async def listen(self) -> None:
        """Hear until an error or a cancellation; the next call goes on from the checkpoint."""
        async with self._line.hearing(self._journal.checkpoint) as ear:
            self.heard_offset = ear.position
            self._connected()
            while True:
                self._tell_of_another_log(ear)
                records = await ear.records()
                self.is_busy = bool(records)
                try:
                    await self._take(records)
                finally:
                    self.is_busy = False

    def _tell_of_another_log(self, ear: Ear) -> None:
        if ear.is_of_another_log:
            self._of_another_log()
            ear.is_of_another_log = False

    async def _take(self, records: Sequence[Record]) -> None:
        decoded = [(record, _decoded(record)) for record in records]
        for is_answer, group in itertools.groupby(decoded, key=lambda pair: _is_admission(pair[1])):
            if is_answer:
                self._take_admissions(list(group))
                continue
            for record, found in group:
                await self._take_one(record, found)

    def _take_admissions(self, group: Sequence[tuple[Record, Event | RefusedError]]) -> None:
        with self._journal.together(durable=False):
            for _, found in group:
                if isinstance(found, Event) and isinstance(found.message, EventAdmitted):
                    self._journal.admit(found.message.admitted_id)
            self._move(group[-1][0])
        self._answered()

    async def _take_one(self, record: Record, found: Event | RefusedError) -> None:
        if isinstance(found, RefusedError):
            self._set_aside(record, str(found))
            return
        message, envelope = found.message, found.envelope
        is_heard = self._journal.cause(envelope.id) is not None
        if isinstance(message, EventRejected) and not is_heard and not self._is_known(message, envelope):
            self._note_refused(message)
        failure = None if is_heard else await self._hear(found)
        if failure is not None:
            self._set_aside(record, failure)
            return
        with self._journal.together():
            self._journal.note_heard(envelope.id, Cause(envelope.correlationid, envelope.traceparent))
            self._move(record)

    def _is_known(self, refused: EventRejected, answer: Envelope) -> bool:
        """Whether the border gave this answer at once; of what it had admitted, a refusal is news."""
        is_the_borders = self._line.answers_at_once and answer.source == _BORDER
        return is_the_borders and not self._journal.is_admitted(refused.rejected_id)

    def _note_refused(self, refused: EventRejected) -> None:
        with self._journal.together():
            self._journal.reject(refused.rejected_id, refused.reasons, replayable=refused.replayable)
        self._answered()
        codes = ", ".join(reason.code for reason in refused.reasons)
        _LOG.warning("%s: statement %s was refused: %s", self._adapter.agency, refused.rejected_id, codes)

    async def _hear(self, event: Event) -> str | None:
        """Let the adapter hear it; None, or why it was given up. An own system that is away is waited for."""
        pauses = Pauses()
        tries = 0
        while True:
            try:
                await self._hear_once(event)
            except RetryError as error:
                _LOG.warning("%s: own system is away (%s)", self._adapter.agency, error)
            except Exception as error:  # a bug in one message must not stop the others
                tries += 1
                _LOG.warning("%s: %s fails: %s", self._adapter.agency, event.envelope.id, type(error).__name__)
                if tries == _MAX_TRIES:
                    return f"hear failed {tries} times: {type(error).__name__}"
            else:
                return None
            await pauses.wait()

    async def _hear_once(self, event: Event) -> None:
        envelope = event.envelope
        name = type(event.message).__name__
        with hearing_span(self._adapter.agency, name, envelope.id, envelope.traceparent):
            async with asyncio.timeout(_HEAR_SECONDS):
                await self._adapter.hear(event.message, envelope)

    def _set_aside(self, record: Record, reason: str) -> None:
        headers = json.dumps([(key, value.decode("latin-1")) for key, value in record.headers])
        with self._journal.together():
            self._journal.set_aside(checkpoint_of(record), reason, headers, record.value)
            self._move(record)
        _LOG.error("%s: offset %d was set aside: %s", self._adapter.agency, record.offset, reason)

    def _move(self, record: Record) -> None:
        self._journal.move_checkpoint(checkpoint_of(record))
        self.heard_offset = record.offset + 1


def _decoded(record: Record) -> Event | RefusedError:
    try:
        return event_of(record.headers, record.value)
    except RefusedError as error:
        return error


def _is_admission(found: Event | RefusedError) -> bool:
    return isinstance(found, Event) and isinstance(found.message, EventAdmitted)
