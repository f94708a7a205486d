"""What the adapter needs of a department's register, whatever its fields and codes are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from samsyn_adapter_sdk import Saying
from samsyn_adapter_sdk.bookings import Booking
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import ParticipationRequested

from samsyn_adapter_kommun_goteborg.voice import Contents, Voice


@dataclass(frozen=True)
class Entry:
    """One entry of a register: its number, what it says (without a cursor yet), and the contents to be put first."""

    number: int
    saying: Saying
    contents: tuple[Contents, ...] = ()


@dataclass(frozen=True)
class OthersFinding:
    """What another agency has found: its contents, or whom to ask because they are secret.

    `is_own`: it is the department's own finding that the receiver did not get.
    """

    finding_id: str
    operation_id: str
    sender: str
    receiver: str
    content: Mapping[str, Any] | None = None
    ask: str | None = None
    is_own: bool = False


class Register(Protocol):
    """A department's own system."""

    voice: Voice

    async def entries(self, after: int) -> Sequence[Entry]:
        """What was decided after an entry."""
        ...

    async def ask(self, request: ParticipationRequested, envelope: Envelope) -> None:
        """Hand it a question about one of its shifts."""
        ...

    async def is_booked(self, operation_id: str) -> bool:
        """Whether it has a part in an operation, by what it was told."""
        ...

    async def book(self, booking: Booking, envelope: Envelope, *, speaks_for_the_city: bool) -> None:
        """Tell it of its part in an operation."""
        ...

    async def tell(self, finding: OthersFinding) -> None:
        """Tell it of a finding."""
        ...
