"""The Work Environment Authority's adapter: polls the case system, hands it requests and bookings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import quote

from samsyn_adapter_sdk import Contents, ContentsRefusedError, Saying, Skipped
from samsyn_adapter_sdk.bookings import Booking, booking_of
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.operations import ParticipationRequested

from samsyn_adapter_arbetsmiljoverket.translation import AGENCY, TABLES, Facts, translation_of


class WorkEnvironmentAdapter:
    """Between the case system and Samsyn; the case system calls nobody, so it is asked every `poll_seconds`."""

    agency = AGENCY

    def __init__(self, case_system: OwnSystem, contents: Contents, poll_seconds: float = 30.0) -> None:
        self._case_system = case_system
        self._contents = contents
        self._poll_seconds = poll_seconds

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        """What the case system's entries say, from the one after the cursor on."""
        number = int(after or 0)
        while True:
            entries = await self._case_system.get("/arenden", sedan=number)
            # All contents of a page are put before its first statement is said: one journalling for the page.
            sayings = await asyncio.gather(*(self._saying_of(entry) for entry in entries))
            for entry, saying in zip(entries, sayings, strict=True):
                number = int(entry["id"])
                yield saying
            if not entries:
                await asyncio.sleep(self._poll_seconds)

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Hand the case system what it is asked, and what is booked."""
        if isinstance(message, ParticipationRequested) and message.agency == AGENCY:
            await self._case_system.post("/forfragningar", _question(message, envelope))
        booking = booking_of(message, AGENCY)
        if booking is not None:
            await self._case_system.put(f"/bokningar/{quote(booking.operation_id, safe='')}", _booked(booking))

    async def _saying_of(self, entry: Facts) -> Saying:
        translation = translation_of(entry)
        try:
            # First the contents, then the reference to them: nobody may find a reference to nothing.
            for ref, contents in translation.contents.items():
                await self._contents.put(ref, contents, about=translation.about)
        except ContentsRefusedError as error:
            return Skipped(str(entry["id"]), unknown=f"entry {entry['id']}: {error}")
        return translation.saying


def _question(request: ParticipationRequested, envelope: Envelope) -> dict[str, object]:
    return {
        "fraga": envelope.id,
        "insats": request.operation_id,
        "namn": request.code_name,
        "pass": _own_number(request.capacity_id),
        "polispass": request.slot.session_id,
        "fran": request.slot.start_at.isoformat(),
        "till": request.slot.end_at.isoformat(),
        "kontroller": [inspection.inspection_id for inspection in request.inspections],
        "svar_senast": request.reply_by.isoformat(),
    }


def _booked(booking: Booking) -> dict[str, object]:
    return {
        "namn": booking.code_name,
        "lage": TABLES["bokning"][booking.state],
        "pass": [_own_number(capacity_id) for capacity_id in booking.capacity_ids],
        "fran": booking.start_at.isoformat(),
        "till": booking.end_at.isoformat(),
        "kontroller": list(booking.inspection_ids),
    }


def _own_number(capacity_id: str) -> str:
    return capacity_id.partition(":")[2]
