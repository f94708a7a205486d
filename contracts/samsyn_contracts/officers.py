"""Designated operation officers of the police: slots with experience, never persons, and when a slot is no more."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from samsyn_contracts.message import P1, P2, Code, Day, Message, OwnedId


class OperationOfficerDesignated(Message):
    """The police designate an officer of a local police area for joint operations: a slot, never a person.

    The newest about a slot takes the place of the earlier. `area` is written as in CapacityOffered; the slot is there
    from `valid_from` on.
    """

    subject_field: ClassVar[str] = "slot_id"
    owner_of: ClassVar[str | None] = "slot_id"

    slot_id: Annotated[OwnedId, P1]
    area: Annotated[Code, P2]
    experience_band: Annotated[Literal["0", "1-3", "4+"], P2]
    skills: Annotated[tuple[Code, ...], Field(max_length=20), P2] = ()
    valid_from: Annotated[Day, P2]


class OperationOfficerRetired(Message):
    """The police take back a slot for a designated operation officer: it is no more there from `valid_to` on."""

    subject_field: ClassVar[str] = "slot_id"
    owner_of: ClassVar[str | None] = "slot_id"

    slot_id: Annotated[OwnedId, P1]
    valid_to: Annotated[Day, P2]
