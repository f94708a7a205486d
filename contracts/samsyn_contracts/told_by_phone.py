"""What one party was told of another's answer, by phone: a note in its name, and never its consent."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import model_validator

from samsyn_contracts.message import P1, Code, Instant, Message, OperationId, OwnedId, PartyCode


class ParticipationAnswerReported(Message):
    """Somebody was told, by phone, how an agency answers a request: it binds nobody until the agency says so itself."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "noted_by"

    operation_id: Annotated[OperationId, P1]
    noted_by: Annotated[PartyCode, P1]
    agency: Annotated[PartyCode, P1]
    capacity_id: Annotated[OwnedId, P1]
    session_id: Annotated[OwnedId, P1]
    answer: Annotated[Literal["accept", "decline"], P1]
    reason_code: Annotated[Code | None, P1] = None
    told_by_function: Annotated[Code, P1]
    channel: Annotated[Literal["phone", "radio", "in_person"], P1]
    told_at: Annotated[Instant, P1]
    by_function: Annotated[Code, P1]

    @model_validator(mode="after")
    def _speaks_of_anothers_answer(self) -> ParticipationAnswerReported:
        if self.noted_by == self.agency:
            raise ValueError("agency must be another than noted_by: an agency answers for itself in its own words")
        if self.capacity_id.partition(":")[0] != self.agency:
            raise ValueError("capacity_id must be of the agency that answered")
        if (self.answer == "decline") != (self.reason_code is not None):
            raise ValueError("reason_code goes with the answer decline, and with no other")
        return self
