"""Whom to call: the functions by which each agency is reached, their numbers, and who answers in their stead."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from samsyn_contracts.message import P1, Code, Facts, Message, OwnedId, PartyCode

WRITTEN_AS = {
    "phone": re.compile(r"\+?[0-9][0-9 -]{4,28}[0-9]", re.ASCII),
    "mail": re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,60}(\.[A-Za-z0-9-]{1,60}){1,4}", re.ASCII),
    "radio": re.compile(r"\S.*"),
}


class Channel(Facts):
    """A way to reach a function: a phone number, a mail address, or what to call on the radio."""

    kind: Annotated[Literal["phone", "mail", "radio"], P1]
    address: Annotated[str, Field(min_length=1, max_length=120), P1]

    @model_validator(mode="after")
    def _is_written_as_its_kind(self) -> Channel:
        if not WRITTEN_AS[self.kind].fullmatch(self.address):
            raise ValueError(f"address must be written as what its kind says: {self.kind}")
        return self


class ContactPointChanged(Message):
    """An agency tells by which function it is reached, how, and who answers in its stead; never which person.

    The newest about a function takes the place of the earlier, in the centre that the event is about; a function
    that `is_gone` is called no more. `deputy_function` is another function of the same agency.
    """

    subject_field: ClassVar[str] = "function_id"
    owner_of: ClassVar[str | None] = "agency"

    function_id: Annotated[OwnedId, P1]
    agency: Annotated[PartyCode, P1]
    role_code: Annotated[Code, P1]
    area_id: Annotated[Code | None, P1] = None
    channels: Annotated[tuple[Channel, ...], Field(max_length=6), P1] = ()
    duty_hours: Annotated[str | None, Field(min_length=1, max_length=80), P1] = None
    deputy_function: Annotated[OwnedId | None, P1] = None
    is_gone: Annotated[bool, P1] = False

    @model_validator(mode="after")
    def _is_of_the_agency(self) -> ContactPointChanged:
        if self.function_id.partition(":")[0] != self.agency:
            raise ValueError("function_id must be of the agency that is reached by it")
        deputy = self.deputy_function
        if deputy is not None and (deputy == self.function_id or deputy.partition(":")[0] != self.agency):
            raise ValueError("deputy_function must be another function of the same agency")
        if not self.channels and not self.is_gone:
            raise ValueError("channels must hold at least one, unless the function is gone")
        return self
