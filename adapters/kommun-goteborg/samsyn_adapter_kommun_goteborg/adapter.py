"""The City of Gothenburg's adapter: two registers, two roles, one connection; what is one department's stays there."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
from collections.abc import AsyncIterator, Sequence

from samsyn_adapter_sdk import Contents, ContentsRefusedError, RetryError, Saying, Skipped
from samsyn_adapter_sdk.bookings import Booking, booking_of
from samsyn_adapter_sdk.codes import UnknownCodeError, load_tables
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingShared, FindingWithheld
from samsyn_contracts.message import Message
from samsyn_contracts.operations import ParticipationRequested

from samsyn_adapter_kommun_goteborg.register import Entry, OthersFinding, Register
from samsyn_adapter_kommun_goteborg.voice import AGENCY

_LOG = logging.getLogger("samsyn.adapter")
_DEPARTMENT_OF = load_tables("samsyn_adapter_kommun_goteborg")["fynd_till"]


class NoDepartmentError(Exception):
    """No rule tells which department may have something: it is set aside, and neither is told."""


class CityAdapter:
    """Between the departments' registers and Samsyn; each is asked every `poll_seconds`.

    The cursor holds the number read in each register, in the order in which they are given: `12.7`.
    """

    agency = AGENCY

    def __init__(self, registers: Sequence[Register], contents: Contents, poll_seconds: float = 30.0) -> None:
        self._registers = registers
        self._contents = contents
        self._poll_seconds = poll_seconds

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        """What the registers say, from the entries after the cursor on."""
        numbers = [int(number) for number in after.split(".")] if after else [0] * len(self._registers)
        while True:
            pages = [await self._page(register, numbers[place]) for place, register in enumerate(self._registers)]
            if all(page is None for page in pages):
                raise RetryError("no register answers")
            for place, page in enumerate(pages):
                for entry in page or ():
                    numbers[place] = entry.number
                    cursor = ".".join(map(str, numbers))
                    yield await self._saying_of(entry, cursor)
            if not any(pages):
                await asyncio.sleep(self._poll_seconds)

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Hand each department what is its own, and nothing of the other's."""
        if isinstance(message, ParticipationRequested) and message.agency == AGENCY:
            await self._owner_of(message.capacity_id).ask(message, envelope)
        booking = booking_of(message, AGENCY)
        if booking is not None:
            for register in self._registers:
                await self._book(register, booking, envelope)
        if isinstance(message, FindingShared) and message.receiver == AGENCY:
            await self._hand_over(message)
        if isinstance(message, FindingWithheld):
            await self._tell_withheld(message)

    async def _page(self, register: Register, after: int) -> Sequence[Entry] | None:
        """New entries of a register; None if it is away, which must not silence the other department."""
        try:
            return await register.entries(after)
        except RetryError as error:
            _LOG.warning("%s: the register of %s is away (%s)", AGENCY, register.voice.role, error)
            return None

    async def _saying_of(self, entry: Entry, cursor: str) -> Saying:
        try:
            # First the contents, then the reference to them: nobody may find a reference to nothing.
            for kept in entry.contents:
                await self._contents.put(kept.ref, kept.facts, about=kept.about)
        except ContentsRefusedError as error:
            return Skipped(cursor, unknown=f"entry {entry.number}: {error}")
        return dataclasses.replace(entry.saying, cursor=cursor)

    def _owner_of(self, owned_id: str) -> Register:
        found = [register for register in self._registers if register.voice.is_own(owned_id)]
        if not found:
            raise NoDepartmentError(f"{owned_id} is no department's")
        return found[0]

    async def _book(self, register: Register, booking: Booking, envelope: Envelope) -> None:
        """Tell a department of its part, or that it has none any more; one that had none is told nothing."""
        own = tuple(capacity_id for capacity_id in booking.capacity_ids if register.voice.is_own(capacity_id))
        if not own and not await register.is_booked(booking.operation_id):
            return
        of_city = [party for party in booking.accepted if party.partition("/")[0] == AGENCY]
        part = dataclasses.replace(
            booking,
            state=booking.state if own else "released",
            capacity_ids=own,
            visits=booking.visits if own else (),
            accepted=tuple(sorted({party.partition("/")[0] for party in booking.accepted})),
        )
        speaks = of_city[:1] == [f"{AGENCY}/{register.voice.role}"]
        await register.book(part, envelope, speaks_for_the_city=speaks)

    async def _hand_over(self, shared: FindingShared) -> None:
        """Fetch a finding for the one department that may have it, and tell the store that it is kept there."""
        register = await self._department_for(shared)
        ref = shared.payload_ref
        if ref is None:
            return
        try:
            content = json.loads(await self._contents.get(ref))
        except ContentsRefusedError as error:  # handed over before a crash, or never fetched in time
            _LOG.warning("%s: finding %s cannot be fetched: %s", AGENCY, shared.finding_id, error)
            return
        await register.tell(
            OthersFinding(shared.finding_id, shared.operation_id, shared.sender, AGENCY, content=content)
        )
        await self._contents.acknowledge(ref)

    async def _department_for(self, shared: FindingShared) -> Register:
        """By whose inspection it is, else by the field of law, else the only department that takes part."""
        by_inspection = [r for r in self._registers if r.voice.is_own(shared.inspection_id)]
        if by_inspection:
            return by_inspection[0]
        by_category = [r for r in self._registers if _is_for(shared.category, r)]
        found = by_category or await self._taking_part(shared.operation_id)
        if len(found) != 1:
            raise NoDepartmentError(f"finding {shared.finding_id} is no department's")
        return found[0]

    async def _tell_withheld(self, withheld: FindingWithheld) -> None:
        """Tell the sender's department, or each that takes part, that there is a finding and whom to ask."""
        is_own = withheld.sender == AGENCY
        told = OthersFinding(
            withheld.finding_id,
            withheld.operation_id,
            withheld.sender,
            withheld.receiver,
            ask=withheld.contact_function,
            is_own=is_own,
        )
        concerned = [self._owner_of(withheld.finding_id)] if is_own else await self._taking_part(withheld.operation_id)
        for register in concerned:
            await register.tell(told)

    async def _taking_part(self, operation_id: str) -> list[Register]:
        return [register for register in self._registers if await register.is_booked(operation_id)]


def _is_for(category: str | None, register: Register) -> bool:
    try:
        return bool(_DEPARTMENT_OF[str(category)] == register.voice.role)
    except UnknownCodeError:
        return False
