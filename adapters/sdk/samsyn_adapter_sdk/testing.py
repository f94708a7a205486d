"""Conformance tests that every adapter must pass; an agency's own test file is a class of two lines.

    class TestOurAdapter(AdapterConformance):
        open = staticmethod(our_adapter_with_three_entries)

`open()` is an async context manager that gives the adapter, connected to a test system of the agency's own which has
said at least three things. It is opened anew, on the same content, for each test and for each second reading; a
reading ends when nothing came for `quiet_seconds`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from samsyn_contracts.bus import event_of, headers_of
from samsyn_contracts.capacity import CapacityOffered
from samsyn_contracts.envelope import Envelope, party_source, service_source
from samsyn_contracts.message import Message, Slot
from samsyn_contracts.operations import (
    GuardResults,
    Participant,
    ParticipationRequested,
    PlannedInspection,
    PoliceRequested,
)
from samsyn_contracts.operations import OperationConfirmed as Confirmed
from samsyn_contracts.operations import OperationScheduled as Scheduled
from samsyn_contracts.platform import TimePassed
from samsyn_contracts.register import load_register

from samsyn_adapter_sdk.statement import Adapter, Saying, Statement, event_id

Opened = Callable[[], AbstractAsyncContextManager[Adapter]]

_MAX_CURSORS = 5
_CENTRE = "akc-vast"


class AdapterConformance:
    """What must hold of every adapter."""

    pytestmark: ClassVar[object] = pytest.mark.asyncio
    open: Opened
    quiet_seconds: float = 0.2

    async def test_every_statement_is_a_valid_event_of_the_agency(self) -> None:
        """It survives the wire, and speaks only of the agency's own things."""
        agency, statements = await self._all()
        for statement in statements:
            event = event_of(headers_of(_envelope(agency, statement)), statement.message.body())
            assert event.message == statement.message, f"{statement.key} does not survive the wire"
            assert statement.message.owner in (None, agency), f"{statement.key} is about another party's thing"

    async def test_the_agency_may_say_every_statement(self) -> None:
        """The register lets the agency say it, in a registered role where the agency has several."""
        agency, statements = await self._all()
        register = load_register()
        party = register.by_code[agency]
        for statement in statements:
            name = type(statement.message).__name__
            assert register.may_say(party, name, statement.occurred_at.date()), f"{agency} may not say {name}"
            assert not party.roles or (statement.role and party.has_role(statement.role)), f"{statement.key}: role"

    async def test_keys_are_distinct_and_the_same_at_every_reading(self) -> None:
        """Ids of events come from keys: a key that changes would say the same thing twice."""
        _, first = await self._all()
        _, second = await self._all()
        assert len({statement.key for statement in first}) == len(first)
        assert first == second

    async def test_reading_goes_on_after_every_cursor(self) -> None:
        """After a restart nothing is left out and nothing comes twice."""
        agency, sayings = await self._sayings(None)
        cursors = [(number, saying.cursor) for number, saying in enumerate(sayings) if saying.cursor is not None]
        assert cursors, "no saying has a cursor: nothing would ever be journalled as read"
        for number, cursor in cursors[:_MAX_CURSORS]:
            _, rest = await self._sayings(cursor)
            assert rest == sayings[number + 1 :], f"{agency} does not go on after cursor {cursor}"

    async def test_the_last_saying_has_a_cursor(self) -> None:
        """Else the last entry would be read again at every start."""
        _, sayings = await self._sayings(None)
        assert sayings[-1].cursor is not None

    async def test_a_message_that_does_not_concern_the_agency_is_ignored(self) -> None:
        """New kinds of messages come with new releases."""
        async with self.open() as adapter:
            message = TimePassed(centre=_CENTRE, until=datetime(2025, 5, 5, 8, tzinfo=UTC))
            await adapter.hear(message, _told(message, "time-1"))

    async def test_hearing_an_event_twice_does_what_hearing_it_once_does(self) -> None:
        """A crash in the middle of hearing lets the same event come again."""
        _, statements = await self._all()
        for message in _told_about(statements):
            async with self.open() as adapter:
                envelope = _told(message, "told-1")
                await adapter.hear(message, envelope)
                once = await _until_quiet(adapter.said(None), self.quiet_seconds)
                await adapter.hear(message, envelope)
                assert await _until_quiet(adapter.said(None), self.quiet_seconds) == once

    async def _all(self) -> tuple[str, list[Statement]]:
        agency, sayings = await self._sayings(None)
        statements = [saying for saying in sayings if isinstance(saying, Statement)]
        assert len(statements) >= 3, "let the test system say at least three things"
        return agency, statements

    async def _sayings(self, after: str | None) -> tuple[str, list[Saying]]:
        async with self.open() as adapter:
            return adapter.agency, await _until_quiet(adapter.said(after), self.quiet_seconds)


async def _until_quiet(sayings: AsyncIterator[Saying], quiet_seconds: float) -> list[Saying]:
    found: list[Saying] = []
    while True:
        reading = asyncio.create_task(_next(sayings))
        done, _ = await asyncio.wait({reading}, timeout=quiet_seconds)
        if not done:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            return found
        found.append(reading.result())


async def _next(sayings: AsyncIterator[Saying]) -> Saying:
    try:
        return await anext(sayings)
    except StopAsyncIteration:
        raise AssertionError("said() ended; it must wait for more") from None


def _envelope(agency: str, statement: Statement) -> Envelope:
    return Envelope(
        id=event_id(agency, statement.key),
        source=party_source(agency),
        type=statement.message.type_name(),
        time=statement.occurred_at,
        centre=statement.centre,
        environment="test",
        subject=statement.message.subject,
        actorrole=statement.role,
    )


def _told(message: Message, told_id: str) -> Envelope:
    return Envelope(
        id=told_id,
        source=service_source("planning"),
        type=message.type_name(),
        time=datetime(2025, 5, 5, 8, tzinfo=UTC),
        centre=_CENTRE,
        environment="test",
    )


def _told_about(statements: list[Statement]) -> list[Message]:
    """What Samsyn may tell an agency about the first capacity it has offered."""
    offered = next((s.message for s in statements if isinstance(s.message, CapacityOffered)), None)
    if offered is None:
        return []
    operation_id, agency = f"op:{offered.capacity_id}", str(offered.owner)
    slot = Slot(session_id="polisen:p1", start_at=offered.start_at, end_at=offered.end_at)
    inspection = PlannedInspection(
        inspection_id="skatteverket:i1",
        start_at=offered.start_at,
        end_at=offered.start_at + timedelta(minutes=30),
        municipality="1480",
        police_need="wanted",
    )
    participant = Participant(agency=agency, capacity_id=offered.capacity_id, status="accepted")
    asked = {
        "operation_id": operation_id,
        "code_name": "Björk",
        "agency": agency,
        "capacity_id": offered.capacity_id,
        "slot": slot,
        "inspections": (inspection,),
        "reply_by": offered.start_at,
        "plan_version": 1,
        "officers": 2,
    }
    told = {
        "operation_id": operation_id,
        "code_name": "Björk",
        "slot": slot,
        "participants": (participant,),
        "inspections": (inspection,),
        "plan_version": 1,
        "guard_results": GuardResults(police="met", other_agency="met", ready="met", coordinator="not_needed"),
    }
    request = ParticipationRequested if offered.unit == "team" else PoliceRequested
    return [request.model_validate(asked), Scheduled.model_validate(told), Confirmed.model_validate(told)]
