"""What the exchange says for itself: admitted, rejected, what time it is, and which adapters are alive."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from samsyn_contracts.message import P1, Facts, Instant, Message, OwnedId, PartyCode


class RejectionReason(Facts):
    """Where (JSON pointer into the event) and why, in both languages; never the contents."""

    pointer: Annotated[str, Field(max_length=300), P1]
    code: Annotated[str, P1]
    text_sv: Annotated[str, P1]
    text_en: Annotated[str, P1]


class EventAdmitted(Message):
    """An event is kept for good: its sender need not say it again."""

    subject_field: ClassVar[str] = "admitted_id"

    admitted_id: Annotated[str, P1]
    received_at: Annotated[Instant, P1]


class EventRejected(Message):
    """An event has no effect; `replayable` tells whether the same event may succeed later."""

    subject_field: ClassVar[str] = "rejected_id"

    rejected_id: Annotated[str, P1]
    party: Annotated[PartyCode, P1]
    reasons: Annotated[tuple[RejectionReason, ...], Field(min_length=1), P1]
    replayable: Annotated[bool, P1]
    rejected_type: Annotated[str | None, P1] = None


class TimePassed(Message):
    """Everything up to an instant has happened, as far as one centre is concerned."""

    subject_field: ClassVar[str] = "centre"

    centre: Annotated[PartyCode, P1]
    until: Annotated[Instant, P1]


class AdapterStatusChanged(Message):
    """An adapter's heartbeats come in time (`up`), are overdue (`late`), or have stopped (`down`)."""

    subject_field: ClassVar[str] = "adapter_id"

    adapter_id: Annotated[OwnedId, P1]
    party: Annotated[PartyCode, P1]
    status: Annotated[Literal["up", "late", "down"], P1]
    last_seen_at: Annotated[Instant, P1]
    version: Annotated[str, P1]
