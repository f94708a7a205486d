"""The Work Environment Authority's adapter: polls the case system, hands it requests and bookings."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from urllib.parse import quote

from samsyn_adapter_sdk import Contents, ContentsRefusedError, Saying, Skipped
from samsyn_adapter_sdk.bookings import Booking, booking_of
from samsyn_adapter_sdk.own_system import OwnSystem
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingShared, FindingWithheld
from samsyn_contracts.message import Message
from samsyn_contracts.operations import ParticipationRequested

from samsyn_adapter_arbetsmiljoverket.tables import AGENCY, TABLES, Facts
from samsyn_adapter_arbetsmiljoverket.translation import translation_of

_LOG = logging.getLogger("samsyn.adapter")


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
            await self._case_system.put(
                f"/bokningar/{quote(booking.operation_id, safe='')}", _booked(booking, envelope)
            )
        if isinstance(message, FindingShared) and message.receiver == AGENCY:
            await self._fetch(message)
        if isinstance(message, FindingWithheld) and message.receiver == AGENCY:
            await self._case_system.put(_finding_path(message.finding_id), _withheld(message))

    async def _fetch(self, shared: FindingShared) -> None:
        """Fetch a finding, hand it to the case system, and tell the store that it need not be kept for it."""
        ref = shared.payload_ref
        if ref is None:
            return
        try:
            content = json.loads(await self._contents.get(ref))
        except ContentsRefusedError as error:
            # Handed over and acknowledged before a crash, or never fetched in time: it is in the case system or gone.
            _LOG.warning("finding %s cannot be fetched: %s", shared.finding_id, error)
            return
        await self._case_system.put(_finding_path(shared.finding_id), _shared(shared, content))
        await self._contents.acknowledge(ref)

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


def _booked(booking: Booking, envelope: Envelope) -> dict[str, object]:
    return {
        "handelse": envelope.id,
        "namn": booking.code_name,
        "lage": TABLES["bokning"][booking.state],
        "planversion": booking.plan_version,
        "andring": booking.is_change,
        "deltar": list(booking.accepted),
        "polis": booking.has_police,
        "pass": [_own_number(capacity_id) for capacity_id in booking.capacity_ids],
        "fran": booking.start_at.isoformat(),
        "till": booking.end_at.isoformat(),
        "kontroller": [
            {"kontroll": visit.inspection_id, "fran": visit.start_at.isoformat(), "till": visit.end_at.isoformat()}
            for visit in booking.visits
        ],
    }


def _finding_path(finding_id: str) -> str:
    return f"/fynd/{quote(finding_id, safe='')}"


def _shared(shared: FindingShared, content: object) -> dict[str, object]:
    return {
        "avsandare": shared.sender,
        "insats": shared.operation_id,
        "kontroll": shared.inspection_id,
        "lage": "DELAT",
        "innehall": content,
    }


def _withheld(withheld: FindingWithheld) -> dict[str, object]:
    ask = withheld.contact_function or "ej angiven"
    return {"avsandare": withheld.sender, "insats": withheld.operation_id, "lage": "SEKRETESS", "fraga": ask}


def _own_number(capacity_id: str) -> str:
    return capacity_id.partition(":")[2]
