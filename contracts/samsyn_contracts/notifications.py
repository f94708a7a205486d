"""Who was told of what: a party's own functions, by mail, calendar, text message or desk, until one has seen it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from samsyn_contracts.message import P1, Code, EventId, Instant, Message, OperationId, OwnedId

Channel = Literal["mail", "calendar", "sms", "desk"]
# The UID of an iCalendar event: the same in every invitation about one operation to one function.
InviteUid = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:~@-]{1,200}$")]


class NotificationSent(Message):
    """A party has told one of its own functions of an event; to be acknowledged until `ack_due_at`, if that is set."""

    subject_field: ClassVar[str] = "notification_id"
    owner_of: ClassVar[str | None] = "notification_id"

    notification_id: Annotated[OwnedId, P1]
    recipient_function: Annotated[Code, P1]
    channel: Annotated[Channel, P1]
    template: Annotated[Code, P1]
    cause_event_id: Annotated[EventId, P1]
    operation_id: Annotated[OperationId | None, P1] = None
    plan_version: Annotated[int | None, Field(ge=1), P1] = None
    ack_due_at: Annotated[Instant | None, P1] = None


class NotificationEscalated(Message):
    """Nobody had acknowledged a notification in time: the next function is told, `step` 1 being the first after it."""

    subject_field: ClassVar[str] = "notification_id"
    owner_of: ClassVar[str | None] = "notification_id"

    notification_id: Annotated[OwnedId, P1]
    to_function: Annotated[Code, P1]
    step: Annotated[int, Field(ge=1, le=20), P1]
    operation_id: Annotated[OperationId | None, P1] = None


class CalendarInviteIssued(Message):
    """A party has sent one of its functions a calendar invitation, its change, or its cancellation (RFC 5546)."""

    subject_field: ClassVar[str] = "notification_id"
    owner_of: ClassVar[str | None] = "notification_id"

    notification_id: Annotated[OwnedId, P1]
    invite_uid: Annotated[InviteUid, P1]
    operation_id: Annotated[OperationId, P1]
    sequence: Annotated[int, Field(ge=0, le=1_000_000), P1]
    method: Annotated[Literal["REQUEST", "CANCEL"], P1]
    recipient_function: Annotated[Code, P1]
