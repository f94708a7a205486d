"""The Tax Agency's adapter: reads the files that its system drops, writes those that its system fetches."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from samsyn_adapter_sdk import Contents, ContentsRefusedError, Saying, Skipped, event_id
from samsyn_adapter_sdk.bookings import Booking, booking_of
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingShared, FindingWithheld
from samsyn_contracts.message import Message
from samsyn_contracts.operations import ParticipationRequested
from samsyn_contracts.platform import EventRejected, RejectionReason

from samsyn_adapter_skatteverket.kinds import COLUMNS, KINDS
from samsyn_adapter_skatteverket.reading import Encoding, InFolder, Line, Reading
from samsyn_adapter_skatteverket.rows import BadCellError
from samsyn_adapter_skatteverket.translation import AGENCY, TABLES, column_of, key_of, said_by
from samsyn_adapter_skatteverket.writing import REJECTS, OutFolder

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_FLAG = {True: "ja", False: "nej"}


class TaxAgencyAdapter:
    """Between the folders `in` and `ut` of an exchange of files, and Samsyn; it looks every `poll_seconds`."""

    agency = AGENCY

    def __init__(
        self, folder: Path, contents: Contents, encoding: Encoding = "utf-8", poll_seconds: float = 30.0
    ) -> None:
        self._in = InFolder(folder / "in", encoding, COLUMNS)
        self._out = OutFolder(folder / "ut", encoding)
        self._contents = contents
        self._poll_seconds = poll_seconds

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        """What the rows say, from those after the cursor on."""
        reading = Reading(self._in, after)
        while True:
            lines = await asyncio.to_thread(reading.more)
            cursors = [reading.cursor_after(line) for line in lines]
            # All contents are put before the first statement is said: one journalling for all that came at once.
            sayings = await asyncio.gather(*map(self._saying_of, lines, cursors))
            for line, cursor, saying in zip(lines, cursors, sayings, strict=True):
                yield await self._refused(line, cursor, saying) if isinstance(saying, BadCellError) else saying
            if not lines:
                await asyncio.sleep(self._poll_seconds)

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Write what the agency is asked, what is booked, what others found, and what was refused."""
        if isinstance(message, ParticipationRequested) and message.agency == AGENCY:
            await self._write("forfragningar", envelope, _question(message))
        booking = booking_of(message, AGENCY)
        if booking is not None:
            await self._write("bokningar", envelope, _booked(booking))
        if isinstance(message, FindingShared) and message.receiver == AGENCY:
            await self._fetch(message, envelope)
        if isinstance(message, FindingWithheld):
            await self._write("fynd", envelope, _withheld(message))
        if isinstance(message, EventRejected):
            await asyncio.to_thread(self._write_rejection, message)

    async def _saying_of(self, line: Line, cursor: str) -> Saying | BadCellError:
        try:
            if isinstance(line.found, BadCellError):
                return line.found
            statement, contents = said_by(line.kind, line.found, KINDS, cursor)
            # First the contents, then the reference to them: nobody may find a reference to nothing.
            for kept in contents:
                await self._contents.put(kept.ref, kept.facts, about=kept.about)
        except BadCellError as problem:
            return problem
        except ContentsRefusedError as error:
            return BadCellError("", f"Uppgifterna togs inte emot av innehållslagret (svar {error.status}).")
        return statement

    async def _refused(self, line: Line, cursor: str, problem: BadCellError) -> Skipped:
        place = {"fil": line.file, "rad": str(line.number), "kolumn": problem.column, "atgard": problem.remedy}
        await asyncio.to_thread(self._out.add, REJECTS, None, place)
        return Skipped(cursor, unknown=f"row {line.number} of a file of kind {line.kind or 'unknown'}, {problem}")

    async def _write(self, kind: str, envelope: Envelope, row: Mapping[str, str]) -> None:
        await asyncio.to_thread(self._out.add, kind, _day_of(envelope), {"handelse": envelope.id, **row})

    async def _fetch(self, shared: FindingShared, envelope: Envelope) -> None:
        """Fetch a finding, write it, and tell the store that it need not keep it for the agency."""
        ref = shared.payload_ref
        try:
            content = None if ref is None else json.loads(await self._contents.get(ref))
        except ContentsRefusedError as error:
            await self._write("fynd", envelope, _shared(shared) | {"lage": "ej hämtat", "skal": f"svar {error.status}"})
            return
        text = "" if content is None else json.dumps(content, ensure_ascii=False)
        await self._write("fynd", envelope, _shared(shared) | {"innehall": text})
        if ref is not None:
            await self._contents.acknowledge(ref)

    def _write_rejection(self, rejected: EventRejected) -> None:
        line = self._line_of(rejected.rejected_id)
        place = {} if line is None else {"fil": line.file, "rad": str(line.number)}
        for reason in rejected.reasons:
            told = {"kolumn": _column(reason, line), "atgard": reason.text_sv}
            self._out.add(REJECTS, None, {"handelse": rejected.rejected_id, **place, **told})

    def _line_of(self, rejected_id: str) -> Line | None:
        """The row that was said as an event, if its file is still there."""
        for name in self._in.names():
            for line in self._in.lines(name):
                if _event_of(line) == rejected_id:
                    return line
        return None


def _event_of(line: Line) -> str | None:
    try:
        return None if isinstance(line.found, BadCellError) else event_id(AGENCY, key_of(line.kind, line.found))
    except BadCellError:
        return None


def _column(reason: RejectionReason, line: Line | None) -> str:
    other_names = KINDS[line.kind].other_names if line else {}
    return column_of(reason.pointer.split("/"), other_names) or reason.pointer


def _day_of(envelope: Envelope) -> date:
    return (envelope.receivedtime or envelope.time).astimezone(_STOCKHOLM).date()


def _question(request: ParticipationRequested) -> dict[str, str]:
    return {
        "insats": request.operation_id,
        "namn": request.code_name,
        "pass": _own_number(request.capacity_id),
        "polispass": request.slot.session_id,
        "start": request.slot.start_at.isoformat(),
        "slut": request.slot.end_at.isoformat(),
        "kontroller": " ".join(inspection.inspection_id for inspection in request.inspections),
        "svar_senast": request.reply_by.isoformat(),
        "planversion": str(request.plan_version),
    }


def _booked(booking: Booking) -> dict[str, str]:
    return {
        "insats": booking.operation_id,
        "namn": booking.code_name,
        "lage": TABLES["lage"][booking.state],
        "planversion": str(booking.plan_version),
        "andring": _FLAG[booking.is_change],
        "pass": " ".join(map(_own_number, booking.capacity_ids)),
        "polispass": booking.session_id,
        "start": booking.start_at.isoformat(),
        "slut": booking.end_at.isoformat(),
        "kontroller": " ".join(booking.inspection_ids),
        "tider": " ".join(f"{v.start_at.isoformat()}/{v.end_at.isoformat()}" for v in booking.visits),
        "deltar": " ".join(booking.accepted),
        "polis": _FLAG[booking.has_police],
    }


def _shared(shared: FindingShared) -> dict[str, str]:
    return {
        "fynd": shared.finding_id,
        "insats": shared.operation_id,
        "kontroll": shared.inspection_id,
        "lage": "delat",
        "avsandare": shared.sender,
        "mottagare": shared.receiver,
        "omrade": shared.category or "",
    }


def _withheld(withheld: FindingWithheld) -> dict[str, str]:
    return {
        "fynd": withheld.finding_id,
        "insats": withheld.operation_id,
        "lage": "ej delat" if withheld.sender == AGENCY else "sekretess",
        "avsandare": withheld.sender,
        "mottagare": withheld.receiver,
        "skal": withheld.reason_code,
        "kontakt": withheld.contact_function or "",
    }


def _own_number(capacity_id: str) -> str:
    return capacity_id.partition(":")[2]
