"""By which dated rule, and by whose assessment, one agency may have what another knows; no rule, no disclosure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from samsyn_contracts.envelope import ALL_CENTRES
from samsyn_contracts.findings import Purpose, WithheldReason
from samsyn_contracts.message import Code, PartyCode
from samsyn_contracts.register import Party, Register, category_names, load_register

from samsyn_exchange.domain.admission import local_day

# Feeds and centres are no agencies: they own nothing that is secret and receive nothing that is.
AgencyKind = Literal["state", "municipal", "law_enforcement", "host"]
Outcome = Literal["deny", "not_secret", "no_harm", "weigh"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)  # in the order in which they are looked at
EVERY_ORDINARY = "*"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Side(_Row):
    """Senders or receivers: agencies of some kinds, or named ones."""

    kinds: tuple[AgencyKind, ...] = ()
    parties: tuple[PartyCode, ...] = ()

    @model_validator(mode="after")
    def _is_somebody(self) -> Side:
        if not self.kinds and not self.parties:
            raise ValueError("a side of a basis names kinds or parties")
        return self

    def includes(self, party: Party) -> bool:
        """Whether the party is on this side; a feed or a centre never is."""
        return party.kind in self.kinds or (party.code in self.parties and party.kind in get_args(AgencyKind))


class Basis(_Row):
    """A rule of the table; `statute` is its number, for people."""

    id: Code
    statute: Annotated[str, Field(min_length=1)]
    senders: Side
    receivers: Side
    categories: Annotated[tuple[str, ...], Field(min_length=1)]
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    outcome: Outcome
    valid_from: date
    valid_to: date | None = None
    tell_receiver: bool = False
    contact_function: Code | None = None
    is_proposed: bool = False

    @model_validator(mode="after")
    def _holds_together(self) -> Basis:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"{self.id}: valid_to is before valid_from")
        if self.tell_receiver and self.contact_function is None:
            raise ValueError(f"{self.id}: a receiver that is told that something exists is told whom to ask, too")
        return self

    def covers(self, sender: Party, receiver: Party, matter: Matter, day: date) -> bool:
        """Whether it is about such a matter between two parties, and in force that day."""
        in_force = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        between = self.senders.includes(sender) and self.receivers.includes(receiver)
        return in_force and between and matter.category in self.categories and bool(self.shared_purposes(matter))

    def shared_purposes(self, matter: Matter) -> tuple[Purpose, ...]:
        """For what of the matter's purposes it holds."""
        return tuple(purpose for purpose in self.purposes if purpose in matter.purposes)


class BasisTable(_Row):
    """The file: what it is, the categories that `*` does not cover, and the rules."""

    about: str
    apart: tuple[str, ...]
    bases: tuple[Basis, ...]

    @model_validator(mode="after")
    def _names_what_exists(self) -> BasisTable:
        ids = [basis.id for basis in self.bases]
        if len(set(ids)) < len(ids):
            raise ValueError("each basis has an id of its own")
        named = {*self.apart, *(code for basis in self.bases for code in basis.categories)} - {EVERY_ORDINARY}
        _refuse("categories", named - category_names().keys())
        parties = {code for basis in self.bases for side in (basis.senders, basis.receivers) for code in side.parties}
        _refuse("parties", parties - load_register().by_code.keys())
        return self

    def written_out(self) -> tuple[Basis, ...]:
        """The rules with `*` as the categories that it stands for."""
        ordinary = tuple(code for code in category_names() if code not in self.apart)
        return tuple(
            basis.model_copy(update={"categories": ordinary}) if EVERY_ORDINARY in basis.categories else basis
            for basis in self.bases
        )


@dataclass(frozen=True)
class Matter:
    """What somebody may get to know: whose it is, in which centre and category, and for which purposes."""

    owner: str
    centre: str
    category: str
    purposes: tuple[Purpose, ...]
    finding_id: str | None = None


@dataclass(frozen=True)
class Assessment:
    """What an agency has weighed, as `DisclosureAssessed` last told it; `centre` is what it was said about."""

    assessment_id: str
    centre: str
    receiver: str
    category: str
    purpose: Purpose
    outcome: Literal["not_secret", "no_harm", "weighed", "deny"]
    document_ref: str
    valid_until: datetime
    finding_id: str | None = None
    sequence: int | None = None

    @property
    def owner(self) -> str:
        """The agency whose assessment it is."""
        return self.assessment_id.partition(":")[0]

    def is_about(self, matter: Matter) -> bool:
        """Whether it holds for the matter: a yes only in the centre it was said about, a no wherever it was said."""
        if self.owner != matter.owner:
            return False
        is_here = self.outcome == "deny" or self.centre == matter.centre
        if self.finding_id is None:
            return self.category == matter.category and (is_here or self.centre == ALL_CENTRES)
        return self.finding_id == matter.finding_id and is_here


@dataclass(frozen=True)
class Shared:
    """A receiver may have it: by which basis, for what, by whose assessment where it needs one, and until when."""

    receiver: str
    basis: Basis
    purpose: Purpose
    assessment_id: str | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Withheld:
    """A receiver may not have it: why, and the basis that says so, if there is any."""

    receiver: str
    reason: WithheldReason
    basis: Basis | None = None


Verdict = Shared | Withheld


@cache
def load_bases() -> tuple[Basis, ...]:
    """The table that ships with the exchange."""
    text = files("samsyn_exchange").joinpath("bases.json").read_text("utf-8")
    return BasisTable.model_validate_json(text).written_out()


def judged(
    matter: Matter,
    receivers: Iterable[str],
    bases: Sequence[Basis],
    assessments: Iterable[Assessment],
    register: Register,
    at: datetime,
) -> tuple[Verdict, ...]:
    """Whether each receiver but the owner may have it, sorted; an assessment counts while it is valid.

    A basis that denies goes before everything, then the owner's no to one finding, then a basis that needs no weighing,
    then one that is weighed: by an assessment of that finding, or else by a standing one of its category.
    """
    held = [one for one in assessments if one.is_about(matter) and at < one.valid_until]
    verdicts: list[Verdict] = []
    for receiver in sorted(set(receivers) - {matter.owner}):
        holding = _holding(matter, receiver, bases, register, local_day(at))
        verdicts.append(_verdict(matter, receiver, holding, [one for one in held if one.receiver == receiver]))
    return tuple(verdicts)


def _holding(matter: Matter, receiver: str, bases: Sequence[Basis], register: Register, day: date) -> Sequence[Basis]:
    """The rules between owner and receiver that day, in the order of their outcomes; none for who is no member."""
    giving, taking = register.by_code.get(matter.owner), register.by_code.get(receiver)
    if giving is None or taking is None or not taking.is_member(matter.centre, day):
        return ()
    covering = [basis for basis in bases if basis.covers(giving, taking, matter, day)]
    return sorted(covering, key=lambda basis: OUTCOMES.index(basis.outcome))


def _verdict(matter: Matter, receiver: str, holding: Sequence[Basis], own: Sequence[Assessment]) -> Verdict:
    if not holding:
        return Withheld(receiver, "no_basis")
    if holding[0].outcome == "deny":
        return Withheld(receiver, "denied", holding[0])
    if any(one.finding_id is not None and one.outcome == "deny" for one in own):
        return Withheld(receiver, "assessed_deny", holding[0])
    weighed = [(b, purpose, _weighed(own, purpose)) for b in holding for purpose in b.shared_purposes(matter)]
    for basis, purpose, assessed in weighed:
        if assessed.outcome != "deny" if assessed else basis.outcome != "weigh":
            if assessed is None:
                return Shared(receiver, basis, purpose)
            return Shared(receiver, basis, purpose, assessed.assessment_id, assessed.valid_until)
    is_denied = any(assessed is not None for _, _, assessed in weighed)
    return Withheld(receiver, "assessed_deny" if is_denied else "not_assessed", holding[0])


def _weighed(own: Sequence[Assessment], purpose: Purpose) -> Assessment | None:
    """The assessment that counts for a purpose: one finding's before a standing one, and among these a no first."""
    found = [one for one in own if one.purpose == purpose]
    found.sort(key=lambda one: (one.finding_id is None, one.outcome != "deny", one.assessment_id))
    return found[0] if found else None


def _refuse(what: str, unknown: set[str]) -> None:
    if unknown:
        raise ValueError(f"{what} of the bases that are not in the register: {', '.join(sorted(unknown))}")
