"""Who somebody is at the desk: in whose name, in which role, and what that role may do."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

Role = Literal[
    "centre_coordinator",
    "agency_coordinator",
    "operational_coordinator",
    "duty_officer",
    "region_coordinator",
    "reader",
]
Act = Literal[
    "read",  # the own party's pages
    "answer",  # accept, decline and withdraw participation; note what another answered by phone
    "acknowledge",  # say that a change has been seen
    "propose",  # propose, amend and withdraw an inspection
    "offer",  # offer and withdraw capacity, commit and decline police
    "designate",  # tell which slots the police have for designated operation officers
    "cancel_police",  # cancel a session of the own police, retract that, give it back
    "report_loss",  # tell of a loss heard by phone or radio, provisional until the police confirm
    "warn",  # tell that an operation may be compromised
    "decide_replan",  # approve and reject a proposed plan
    "switch_mode",  # what a centre lets happen by itself
    "pin",  # hold an operation where it is, and let go of it
    "ask",  # wonder what plan would follow without some sessions and teams
    "wheel",  # the annual wheel, periods and targets
    "carry_out",  # begin, complete and abort an operation, record findings
    "evaluate",  # the minute of questions afterwards
    "be_reached",  # tell by which functions the own party is reached
    "declare",  # interest, readiness and consent
]
Language = Literal["sv", "en"]

CLAIM = "samsyn_seats"
MOST_SEATS = 20
ROLE_NAMES: Mapping[Role, Mapping[Language, str]] = {
    "centre_coordinator": {"sv": "samordnare på centret", "en": "centre coordinator"},
    "agency_coordinator": {"sv": "samordnare", "en": "agency coordinator"},
    "operational_coordinator": {"sv": "operativ samordnare", "en": "operational coordinator"},
    "duty_officer": {"sv": "vakthavande befäl", "en": "duty officer"},
    "region_coordinator": {"sv": "regionkoordinator", "en": "region coordinator"},
    "reader": {"sv": "läsare", "en": "reader"},
}
# What each role may do in its own party's name; the exchange has the last word on what a party may say.
MAY: Mapping[Role, frozenset[Act]] = {
    "centre_coordinator": frozenset(
        {
            "read",
            "answer",
            "acknowledge",
            "report_loss",
            "warn",
            "decide_replan",
            "switch_mode",
            "pin",
            "ask",
            "wheel",
            "evaluate",
            "be_reached",
        }
    ),
    "agency_coordinator": frozenset(
        {
            "read",
            "answer",
            "acknowledge",
            "propose",
            "offer",
            "report_loss",
            "warn",
            "carry_out",
            "evaluate",
            "declare",
            "be_reached",
        }
    ),
    "operational_coordinator": frozenset(
        {
            "read",
            "answer",
            "acknowledge",
            "propose",
            "offer",
            "designate",
            "cancel_police",
            "report_loss",
            "warn",
            "carry_out",
            "evaluate",
            "declare",
            "be_reached",
        }
    ),
    "duty_officer": frozenset({"read", "acknowledge", "cancel_police", "report_loss", "warn"}),
    "region_coordinator": frozenset({"read", "acknowledge", "propose", "warn", "evaluate", "declare"}),
    "reader": frozenset({"read"}),
}
_PARTY = re.compile(r"[a-z][a-z0-9-]{1,40}")
_FUNCTION = re.compile(r"[a-z][a-z0-9_-]{0,49}")


class ClaimsRefused(ValueError):
    """What the provider of sign-in says of somebody cannot be used; the sentence names what."""


@dataclass(frozen=True)
class Seat:
    """A chair at the desk: in whose name (a party), in which role, and as which function of that party.

    `actor_role` is the department for which somebody of a party with several roles speaks.
    """

    party: str
    role: Role
    function: str
    actor_role: str | None = None

    def as_json(self) -> dict[str, str]:
        """As the claim has it, and as it is kept with a session."""
        told = {"party": self.party, "role": self.role, "function": self.function}
        return told if self.actor_role is None else {**told, "actor_role": self.actor_role}


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in; `subject` is the provider's name for them, never shown to others."""

    subject: str
    name: str
    seats: tuple[Seat, ...]
    language: Language


def may(seat: Seat, act: Act) -> bool:
    """Whether a seat's role has this act among its own."""
    return act in MAY[seat.role]


def person_in(claims: Mapping[str, Any], hosted: Collection[str]) -> Person:
    """The person that checked claims tell of, with the seats at parties that this desk hosts (perhaps none).

    Raises ClaimsRefused, with a sentence that names the claim, where one is not of its form.
    """
    subject = _text(claims, "sub", 255)
    name = _text(claims, "name", 200)
    seats = seats_in(claims.get(CLAIM))
    # A provider's "sv-SE" is Swedish; whoever reads neither language reads Swedish here.
    language: Language = "en" if str(claims.get("locale", "sv")).lower().startswith("en") else "sv"
    return Person(subject, name, tuple(seat for seat in seats if seat.party in hosted), language)


def seats_in(claim: object) -> tuple[Seat, ...]:
    """Every seat that the claim `samsyn_seats` holds, in its order and each once; ClaimsRefused if it is malformed."""
    if not isinstance(claim, Sequence) or isinstance(claim, str):
        raise ClaimsRefused(
            f"The claim {CLAIM} is not a list of seats. Let the provider give a list, empty if need be."
        )
    if len(claim) > MOST_SEATS:
        raise ClaimsRefused(f"The claim {CLAIM} has {len(claim)} seats: {MOST_SEATS} is the most.")
    return tuple(dict.fromkeys(_seat(item, f"{CLAIM}[{number}]") for number, item in enumerate(claim)))


def _seat(item: object, where: str) -> Seat:
    if not isinstance(item, Mapping):
        raise ClaimsRefused(f"{where} is not an object. Give party, role and function.")
    party = _matching(item, "party", _PARTY, where, "a party's code, as akc-vast")
    role = item.get("role")
    if role not in get_args(Role):
        raise ClaimsRefused(f"{where}.role is not known. Give one of {', '.join(get_args(Role))}.")
    function = _matching(item, "function", _FUNCTION, where, "a function's code, as samordnare")
    actor_role = None
    if item.get("actor_role") is not None:
        actor_role = _matching(item, "actor_role", _FUNCTION, where, "a role of the party, as miljoforvaltningen")
    return Seat(party, cast("Role", role), function, actor_role)


def _matching(item: Mapping[object, object], field: str, form: re.Pattern[str], where: str, wanted: str) -> str:
    value = item.get(field)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ClaimsRefused(f"{where}.{field} is missing or malformed. Give {wanted}.")
    return value


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value.strip()) <= longest:
        raise ClaimsRefused(f"The claim {name} is missing or not a text of at most {longest} characters.")
    return value.strip()
