"""How likely the police are to lose a session: a disturbance that is over, and what planning tells a centre of it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from samsyn_contracts.message import P1, P2, Instant, Message, OperationId, OwnedId, Reason
from samsyn_contracts.operations import CodeName

Share = Annotated[float, Field(ge=0, le=1)]


class DisturbanceEnded(Message):
    """A disturbance is over, as who reported it tells; it brings no police back: the police say that themselves."""

    subject_field: ClassVar[str] = "disturbance_id"
    owner_of: ClassVar[str | None] = "disturbance_id"

    disturbance_id: Annotated[OwnedId, P2]
    ended_at: Annotated[Instant, P2]


class CancellationRiskAssessed(Message):
    """How likely a planned operation is to lose its police, told to its centre alone.

    `p` is a share of such sessions, most likely between `p_low` and `p_high` (90 %), by as much evidence as `num_cases`
    sessions would give. Of one operation the last one told holds, while it is on that session.
    """

    subject_field: ClassVar[str] = "operation_id"

    operation_id: Annotated[OperationId, P1]
    code_name: Annotated[CodeName, P1]
    session_id: Annotated[OwnedId, P1]
    p: Annotated[Share, P2]
    p_low: Annotated[Share, P2]
    p_high: Annotated[Share, P2]
    num_cases: Annotated[int, Field(ge=1), P2]
    reasons: Annotated[tuple[Reason, ...], P2]
    model_version: Annotated[str, Field(max_length=80), P1]
