"""The register of parties: who they are, in which centres and roles, and who may say what; dated data, never code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["state", "municipal", "law_enforcement", "host", "centre", "feed"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Role(_Row):
    """A role in which a party with several roles speaks."""

    code: str
    name_sv: str
    name_en: str


class Membership(_Row):
    """From when (and until when) a party takes part in a centre."""

    centre: str
    valid_from: date
    valid_to: date | None = None


class Party(_Row):
    """An agency, a municipality, a centre or a feed, with a pair of topics of its own."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    kind: Kind
    name_sv: str
    name_en: str
    short_name: str
    organisation_number: str | None = None
    onsite_allowed: bool = True
    roles: tuple[Role, ...] = ()
    memberships: tuple[Membership, ...] = ()

    def is_member(self, centre: str, day: date) -> bool:
        """Whether the party takes part in the centre that day."""
        return any(
            m.centre == centre and m.valid_from <= day and (m.valid_to is None or day <= m.valid_to)
            for m in self.memberships
        )

    def has_role(self, code: str) -> bool:
        """Whether the role is registered for the party."""
        return any(role.code == code for role in self.roles)


class Permission(_Row):
    """That parties of some kinds, or those named, may say a type of message between two days."""

    type: str
    kinds: tuple[Kind, ...] = ()
    parties: tuple[str, ...] = ()
    valid_from: date
    valid_to: date | None = None

    def allows(self, party: Party, day: date) -> bool:
        """Whether it lets the party speak that day."""
        named = party.kind in self.kinds or party.code in self.parties
        return named and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class KnownTo(_Row):
    """Whose ordinary work a section of site information is: kinds of parties, or named ones."""

    kinds: tuple[Kind, ...] = ()
    parties: tuple[str, ...] = ()


class SiteSection(_Row):
    """A section of what is known of a site before it is inspected, and who of those who take part is asked for it."""

    code: str
    sv: str
    en: str
    known_to: KnownTo = KnownTo()

    def is_known_to(self, party: Party) -> bool:
        """Whether the party is asked for it when it takes part."""
        return party.kind in self.known_to.kinds or party.code in self.known_to.parties


@dataclass(frozen=True)
class Register:
    """All parties and permissions."""

    parties: tuple[Party, ...]
    permissions: tuple[Permission, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Party]:
        """Parties by their code."""
        return {party.code: party for party in self.parties}

    @property
    def centres(self) -> tuple[str, ...]:
        """Codes of all centres."""
        return tuple(party.code for party in self.parties if party.kind == "centre")

    def members_of(self, centre: str, day: date) -> tuple[Party, ...]:
        """Parties that take part in the centre that day, the centre itself included."""
        found = self._members.get((centre, day))
        if found is None:
            found = tuple(p for p in self.parties if p.code == centre or p.is_member(centre, day))
            self._members[centre, day] = found
        return found

    def may_say(self, party: Party, message_name: str, day: date) -> bool:
        """Whether the party may say that message (class name) that day; default deny."""
        return any(permission.allows(party, day) for permission in self._permissions_of.get(message_name, ()))

    @cached_property
    def _members(self) -> dict[tuple[str, date], tuple[Party, ...]]:
        """What `members_of` has found: it is asked for every event, about few centres and days."""
        return {}

    @cached_property
    def _permissions_of(self) -> Mapping[str, tuple[Permission, ...]]:
        types = {permission.type for permission in self.permissions}
        return {type_: tuple(one for one in self.permissions if one.type == type_) for type_ in types}


@cache
def load_register() -> Register:
    """The register that ships with the contracts."""
    folder = files("samsyn_contracts.register")
    parties = json.loads(folder.joinpath("parties.json").read_text("utf-8"))
    permissions = json.loads(folder.joinpath("permissions.json").read_text("utf-8"))
    return Register(
        parties=tuple(Party.model_validate(row) for row in parties["parties"]),
        permissions=tuple(Permission.model_validate(row) for row in permissions["permissions"]),
    )


@cache
def cause_names() -> Mapping[str, tuple[str, str]]:
    """Swedish and English names of cause and reason codes."""
    rows = json.loads(files("samsyn_contracts.register").joinpath("causes.json").read_text("utf-8"))["causes"]
    return {row["code"]: (row["sv"], row["en"]) for row in rows}


@cache
def category_names() -> Mapping[str, tuple[str, str]]:
    """Swedish and English names of the categories of findings and of site information."""
    rows = json.loads(files("samsyn_contracts.register").joinpath("categories.json").read_text("utf-8"))["categories"]
    return {row["code"]: (row["sv"], row["en"]) for row in rows}


@cache
def programme_names() -> Mapping[str, tuple[str, str]]:
    """Swedish and English names of the programmes of which inspections are proposed, in the order to show them in."""
    rows = json.loads(files("samsyn_contracts.register").joinpath("programmes.json").read_text("utf-8"))["programmes"]
    return {row["code"]: (row["sv"], row["en"]) for row in rows}


@cache
def site_sections() -> tuple[SiteSection, ...]:
    """The sections of site information, in the order in which they are asked for."""
    text = files("samsyn_contracts.register").joinpath("site_sections.json").read_text("utf-8")
    return tuple(SiteSection.model_validate(row) for row in json.loads(text)["sections"])


@cache
def checklist_names() -> Mapping[str, tuple[str, str]]:
    """Swedish and English names of what every briefing goes through, in order."""
    return _names_of("checklist")


@cache
def lesson_names() -> Mapping[str, tuple[str, str]]:
    """Swedish and English names of the lessons of evaluations."""
    return _names_of("lessons")


def _names_of(part: str) -> Mapping[str, tuple[str, str]]:
    told = json.loads(files("samsyn_contracts.register").joinpath("briefing.json").read_text("utf-8"))
    return {row["code"]: (row["sv"], row["en"]) for row in told[part]}
