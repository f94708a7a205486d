"""What a role of an agency is for: its mandate and tasks, so that others know whom they speak with."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from samsyn_contracts.message import P1, Code, Day, Message, PartyCode


class ParticipantRoleDefined(Message):
    """An agency tells what one of its roles is for, in its own words; never which person has it.

    The newest about a role takes the place of the earlier, in the centre that the event is about. An agency that
    speaks in several roles defines those of the register alone; another any role, such as `samordnare`.
    """

    subject_field: ClassVar[str] = "agency"
    owner_of: ClassVar[str | None] = "agency"

    agency: Annotated[PartyCode, P1]
    role_code: Annotated[Code, P1]
    mandate_text_sv: Annotated[str, Field(min_length=1, max_length=500), P1]
    mandate_text_en: Annotated[str | None, Field(min_length=1, max_length=500), P1] = None
    tasks: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=120)], ...], Field(max_length=10), P1] = ()
    valid_from: Annotated[Day, P1]
