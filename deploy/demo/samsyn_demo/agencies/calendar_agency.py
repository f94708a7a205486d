"""Agencies whose own adapters come later: an office in this process and one adapter for all of them over the SDK."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from samsyn_adapter_sdk import Contents, ContentsRefusedError, Saying, Statement
from samsyn_adapter_sdk.bookings import Booking as TeamsBooked
from samsyn_adapter_sdk.bookings import booking_of
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingShared, FindingWithheld
from samsyn_contracts.message import Message
from samsyn_contracts.operations import ParticipationRequested

from samsyn_demo.agencies.calendar_messages import contents_of, message_of
from samsyn_demo.agencies.deeds import Acknowledged, Answered, Booking, Deed, Question, Received, Visit
from samsyn_demo.agencies.diary import Entry
from samsyn_demo.agencies.office import Office


class CalendarAdapter:
    """Between one office and Samsyn."""

    def __init__(self, office: Office, contents: Contents) -> None:
        self.agency = office.agency
        self._office = office
        self._contents = contents
        self._grown = asyncio.Event()
        office.diary.on_growth.append(self._grown.set)

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        """What the office's diary says, from the entry after the cursor on."""
        number = int(after or 0)
        while True:
            self._grown.clear()
            for entry in self._office.diary.after(number):
                number = entry.number
                await self._put_contents(entry.deed)
                yield self._statement(entry)
            if not self._office.diary.after(number, 1):
                await self._grown.wait()

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Put questions in the office's inbox, bookings in its calendar, findings on its desk."""
        if isinstance(message, ParticipationRequested) and message.agency == self.agency:
            self._office.ask(_question(message, envelope))
        booking = booking_of(message, self.agency)
        if booking is not None:
            self._office.book(_booked(booking, envelope))
        if isinstance(message, FindingShared) and message.receiver == self.agency:
            await self._fetch(message)
        if isinstance(message, FindingWithheld) and message.receiver == self.agency:
            ask = message.contact_function or "not stated"
            self._office.receive(Received(message.finding_id, message.sender, ask=ask))

    def _statement(self, entry: Entry[Deed]) -> Statement:
        deed = entry.deed
        return Statement(
            message=message_of(self.agency, deed),
            occurred_at=entry.at,
            key=f"diary:{entry.number}",
            centre=entry.centre,
            cursor=str(entry.number),
            causationid=_caused_by(deed),
        )

    async def _put_contents(self, deed: Deed) -> None:
        """First the contents, then the reference to them: nobody may find a reference to nothing."""
        kept = contents_of(self.agency, deed)
        if kept is not None:
            ref, about, facts = kept
            await self._contents.put(ref, facts, about=about)

    async def _fetch(self, shared: FindingShared) -> None:
        """Fetch what another agency has found, keep it, and tell the store that it is kept here."""
        if shared.payload_ref is None:
            return
        try:
            content = json.loads(await self._contents.get(shared.payload_ref))
        except ContentsRefusedError:  # fetched and acknowledged before a crash, or too old: nothing is left to fetch
            return
        self._office.receive(Received(shared.finding_id, shared.sender, content=json.dumps(content)))
        await self._contents.acknowledge(shared.payload_ref)


def _question(request: ParticipationRequested, envelope: Envelope) -> Question:
    return Question(
        question_id=envelope.id,
        operation_id=request.operation_id,
        shift_id=_own_number(request.capacity_id),
        session_id=request.slot.session_id,
        start_at=request.slot.start_at,
        inspection_ids=tuple(inspection.inspection_id for inspection in request.inspections),
    )


def _booked(booking: TeamsBooked, envelope: Envelope) -> Booking:
    return Booking(
        operation_id=booking.operation_id,
        state=booking.state,
        plan_version=booking.plan_version,
        shift_ids=tuple(_own_number(capacity_id) for capacity_id in booking.capacity_ids),
        start_at=booking.start_at,
        visits=tuple(Visit(visit.inspection_id, visit.start_at, visit.end_at) for visit in booking.visits),
        accepted=booking.accepted,
        has_police=booking.has_police,
        is_change=booking.is_change,
        told_by=envelope.id,
    )


def _caused_by(deed: Deed) -> str | None:
    match deed:
        case Answered(question=question):
            return question.question_id
        case Acknowledged(told_by=told_by):
            return told_by
        case _:
            return None


def _own_number(capacity_id: str) -> str:
    return capacity_id.partition(":")[2]
