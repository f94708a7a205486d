"""Whom a party may tell: functions with their mailboxes and telephones, never persons; one file for each party."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints
from samsyn_adapter_sdk import SettingsError
from samsyn_contracts.envelope import ALL_CENTRES, CentreCode
from samsyn_contracts.message import Code, PartyCode
from samsyn_contracts.register import Party, load_register

from samsyn_adapter_notify.row import Row, read_rows

Language = Literal["sv", "en"]
# One plain mailbox: no display name, no comment, nothing that a header could be smuggled in with.
Mailbox = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}$")]
Telephone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{3,20}$")]
PublicKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_LOCAL = {"127.0.0.1", "localhost", "::1"}


def is_loopback(host: str) -> bool:
    """Whether what is said to the host stays on the own machine."""
    return host in _LOCAL


def _private(url: str) -> str:
    address = urlsplit(url)
    if address.scheme == "https" or (address.scheme == "http" and is_loopback(address.hostname or "")):
        return url
    raise ValueError("a gateway's address begins with https:// (http:// only on the own machine)")


class QuietHours(Row):
    """From and until when, by Swedish clocks, a function is left in peace; over midnight where `until` is earlier."""

    from_time: Annotated[time, Field(alias="from")]
    until_time: Annotated[time, Field(alias="until")]


class Function(Row):
    """A function of a party, never a person.

    `centre` `_all` hears of every centre. `capacities` are beginnings of the party's own ids (`mf-`): of operations
    it is told only where one of these takes part; none at all means every one.
    """

    function: Code
    kind: Code
    title_sv: Annotated[str, Field(min_length=1, max_length=80)]
    title_en: Annotated[str, Field(min_length=1, max_length=80)]
    centre: CentreCode = ALL_CENTRES
    role: Code | None = None
    capacities: tuple[str, ...] = ()
    mail: Mailbox
    phone: Telephone | None = None
    sms: bool = False
    calendar: bool = False
    deputy: Code | None = None
    quiet: QuietHours | None = None
    language: Language = "sv"

    def title(self, language: Language) -> str:
        """What the function is called."""
        return self.title_sv if language == "sv" else self.title_en

    def hears_of(self, centre: str, capacity_ids: Sequence[str]) -> bool:
        """Whether it is told of something in a centre that concerns these capacities of its party."""
        if self.centre not in (ALL_CENTRES, centre):
            return False
        own = [capacity_id.partition(":")[2] for capacity_id in capacity_ids]
        return not self.capacities or any(one.startswith(self.capacities) for one in own)


class CentreContact(Row):
    """How a centre is reached: the organizer of its invitations, and the coordinator whom everybody may call."""

    mail: Mailbox
    phone: Telephone


class Other(Row):
    """Another party's function on the call list, until the party tells of it itself.

    Where no `function` is named, until it tells of any of its functions in that centre.
    """

    party: PartyCode
    function: Code | None = None
    centre: CentreCode = ALL_CENTRES
    title_sv: Annotated[str, Field(min_length=1, max_length=80)]
    title_en: Annotated[str, Field(min_length=1, max_length=80)]
    phone: Telephone

    def title(self, language: Language) -> str:
        """What the function is called."""
        return self.title_sv if language == "sv" else self.title_en


class Recipients(Row):
    """A party's functions, the centres that it knows, and the way its own text messages go."""

    party: PartyCode
    functions: Annotated[tuple[Function, ...], Field(min_length=1)]
    centres: Annotated[Mapping[PartyCode, CentreContact], Field(min_length=1)]
    call_list: tuple[Other, ...] = ()
    sms_gateway: Annotated[str, AfterValidator(_private)] | None = None
    diary_key: PublicKey | None = None

    @cached_property
    def by_code(self) -> Mapping[str, Function]:
        """Functions by their code."""
        return {one.function: one for one in self.functions}

    def organizer(self, centre: str, otherwise: str) -> str:
        """The function mailbox of a centre; of one that the file does not name, another one of our own."""
        contact = self.centres.get(centre)
        return otherwise if contact is None else contact.mail

    def deputy_of(self, function: Function) -> Function | None:
        """Who is told where a function does not answer."""
        return self.by_code[function.deputy] if function.deputy else None


def read_recipients(folder: Path, party: str, kinds: Sequence[str]) -> Recipients:
    """`<folder>/<party>.json`, of functions of known kinds; SettingsError names the entry and what to do."""
    path = folder / f"{party}.json"
    found = read_rows(Recipients, path)
    faults = list(_faults(found, party, kinds))
    if faults:
        raise SettingsError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return found


def _faults(found: Recipients, party: str, kinds: Sequence[str]) -> Iterator[str]:
    if found.party != party:
        yield f"party is {found.party}: write {party}, or name the file after the party."
    registered = load_register().by_code.get(party)
    if registered is None:
        yield f"party {party} is not in the register of parties: use a code that is."
        return
    codes = [one.function for one in found.functions]
    for place, one in enumerate(found.functions):
        told = f"functions[{place}] ({one.function})"
        if codes.index(one.function) != place:
            yield f"{told}: stands twice: give each function a code of its own."
        yield from (f"{told} {fault}" for fault in _faults_of(one, found, registered, kinds))


def _faults_of(one: Function, found: Recipients, registered: Party, kinds: Sequence[str]) -> Iterator[str]:
    if one.kind not in kinds:
        yield f"kind: no rule knows {one.kind}: use one of {', '.join(kinds)}."
    if one.deputy is not None and (one.deputy not in found.by_code or one.deputy == one.function):
        yield f"deputy: {one.deputy} is no other function of this file: name one, or leave it out."
    if one.sms and found.sms_gateway is None:
        yield "sms: the party has no sms_gateway: give its address, or write false."
    if one.centre not in (ALL_CENTRES, *found.centres):
        yield f"centre: {one.centre} is not under centres: add its mail and phone there."
    yield from _faults_of_role(one, registered)


def _faults_of_role(one: Function, registered: Party) -> Iterator[str]:
    if registered.roles and (one.role is None or not registered.has_role(one.role)):
        roles = ", ".join(role.code for role in registered.roles)
        yield f"role: the party speaks in roles: write one of {roles}."
    if not registered.roles and one.role is not None:
        yield "role: the party has none in the register: leave it out."
    if registered.roles and not one.capacities:
        yield "capacities: the party has roles that do not see each other's: write how the ids of this one begin."
