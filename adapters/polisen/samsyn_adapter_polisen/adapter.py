"""The police's adapter: reads the duty system's log, hands it requests and bookings."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import quote

from samsyn_adapter_sdk import Saying
from samsyn_adapter_sdk.bookings import Booking, booking_of
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.operations import PoliceRequested

from samsyn_adapter_polisen.translation import AGENCY, TABLES, saying_of


class PoliceAdapter:
    """Between the duty system and Samsyn.

    The duty system calls `webhook_url` when its log has grown and the receiver sets `hint`; that is only a hint: the
    log is read from the cursor, and every `poll_seconds` also without one.
    """

    agency = AGENCY

    def __init__(
        self,
        duty_system: OwnSystem,
        hint: asyncio.Event | None = None,
        webhook_url: str | None = None,
        poll_seconds: float = 30.0,
    ) -> None:
        self._duty_system = duty_system
        self._hint = hint or asyncio.Event()
        self._webhook_url = webhook_url
        self._poll_seconds = poll_seconds

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        """What the duty system's log says, from the entry after the cursor on."""
        if self._webhook_url is not None:
            await self._duty_system.post("/prenumerationer", {"adress": self._webhook_url})
        number = int(after or 0)
        while True:
            self._hint.clear()
            entries = await self._duty_system.get("/handelser", efter=number)
            for entry in entries:
                number = int(entry["nr"])
                yield saying_of(entry)
            if not entries:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._poll_seconds):
                        await self._hint.wait()

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Hand the duty system what it is asked, and what is booked."""
        if isinstance(message, PoliceRequested) and message.agency == AGENCY:
            await self._duty_system.post("/forfragningar", _question(message, envelope))
        booking = booking_of(message, AGENCY)
        if booking is not None:
            await self._duty_system.put(
                f"/bokningar/{quote(booking.operation_id, safe='')}", _booked(booking, envelope)
            )


def _question(request: PoliceRequested, envelope: Envelope) -> dict[str, object]:
    return {
        "fraga": envelope.id,
        "insats": request.operation_id,
        "namn": request.code_name,
        "pass": _own_number(request.capacity_id),
        "antal_poliser": request.officers,
        "fran": request.slot.start_at.isoformat(),
        "till": request.slot.end_at.isoformat(),
        "svar_senast": request.reply_by.isoformat(),
    }


def _booked(booking: Booking, envelope: Envelope) -> dict[str, object]:
    return {
        "handelse": envelope.id,
        "namn": booking.code_name,
        "planversion": booking.plan_version,
        "andring": booking.is_change,
        "lage": TABLES["bokning"][booking.state],
        "pass": [_own_number(capacity_id) for capacity_id in booking.capacity_ids],
        "fran": booking.start_at.isoformat(),
        "till": booking.end_at.isoformat(),
    }


def _own_number(capacity_id: str) -> str:
    return capacity_id.partition(":")[2]
