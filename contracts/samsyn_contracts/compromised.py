"""Sites that may be compromised: what a participant fears of an operation, and that the centre has decided."""

from __future__ import annotations

from typing import Annotated, ClassVar

from samsyn_contracts.message import P1, P2, Code, Message, OperationId, PartyCode


class OperationCompromised(Message):
    """It may be known where an operation is to go: it is held as it stands, and its sites are planned nowhere else."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "told_by"

    operation_id: Annotated[OperationId, P1]
    told_by: Annotated[PartyCode, P1]
    how: Annotated[Code, P2]
    by_function: Annotated[Code, P1]


class OperationCleared(Message):
    """The centre lets go of an operation that was held as compromised: it and its sites may be planned again."""

    subject_field: ClassVar[str] = "operation_id"
    owner_of: ClassVar[str | None] = "centre"

    operation_id: Annotated[OperationId, P1]
    centre: Annotated[PartyCode, P1]
    by_function: Annotated[Code, P1]
    reason_code: Annotated[Code, P1]
