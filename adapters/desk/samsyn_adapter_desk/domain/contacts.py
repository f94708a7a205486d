"""By which functions an agency is reached and what its roles are for: whom to call, and whom one speaks with then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from samsyn_contracts.contact_points import Channel, ContactPointChanged
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.participant_roles import ParticipantRoleDefined

from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_the_year import ContactCard, RoleCard
from samsyn_adapter_desk.domain.duties import not_acknowledged_by


@dataclass(frozen=True)
class Call:
    """A line of a call list: an agency and a function of it, None where none is known.

    `deputy` is the code of what the function that answers in its stead does, or that function's own short name where
    nothing else is told of it; it is reached by `deputy_channels`. `has_seen` tells whether the agency has acknowledged
    the newest change, None where that is not asked of it or not told to who reads.
    """

    agency: str
    contact: ContactCard | None = None
    deputy: str = ""
    deputy_channels: tuple[Channel, ...] = ()
    has_seen: bool | None = None


@dataclass(frozen=True)
class Entry:
    """An agency in the directory of a centre: its functions, and what its roles are for."""

    centre: str
    agency: str
    calls: tuple[Call, ...]
    roles: tuple[RoleCard, ...]


def changed(message: ContactPointChanged, envelope: Envelope) -> ContactCard:
    """The function as it is now."""
    told = message.model_dump(exclude={"channels"})
    by = {"centre": envelope.centre, "at": envelope.time, "said": envelope.id, "role": envelope.actorrole}
    return ContactCard(**by, channels=message.channels, **told)


def card_id(centre: str, thing: str) -> str:
    """The card of a function or role in a centre: of one that takes part in several it is as told in each."""
    return f"{centre}/{thing}"


def defined(message: ParticipantRoleDefined, envelope: Envelope) -> RoleCard:
    """What the role is for now."""
    return RoleCard(centre=envelope.centre, at=envelope.time, said=envelope.id, **message.model_dump())


def roles_of(calls: Iterable[Call], roles: Iterable[RoleCard], centre: str) -> list[RoleCard]:
    """What the roles are for of everybody in a call list of the centre, in its order."""
    order = {agency: number for number, agency in enumerate(dict.fromkeys(call.agency for call in calls))}
    there = [one for one in roles if one.centre == centre and one.status == "defined" and one.agency in order]
    return sorted(there, key=lambda one: (order[one.agency], one.role_code))


def directory(contacts: Sequence[ContactCard], roles: Sequence[RoleCard]) -> list[Entry]:
    """Everybody who has told how they are reached or what their roles are for, by centre and agency."""
    contacts = [one for one in contacts if one.status == "reached"]
    roles = [one for one in roles if one.status == "defined"]
    entries = []
    told = {(one.centre, one.agency) for one in contacts} | {(one.centre, one.agency) for one in roles}
    for centre, agency in sorted(told):
        there = {one.function_id: one for one in contacts if one.centre == centre}
        calls = tuple(call for call in _calls(agency, there, None) if call.contact is not None)
        own = (one for one in roles if (one.centre, one.agency) == (centre, agency))
        entries.append(Entry(centre, agency, calls, tuple(sorted(own, key=lambda one: one.role_code))))
    return entries


def call_list(operation: OperationCard, contacts: Sequence[ContactCard], reader: str) -> list[Call]:
    """Whom to call about an operation: the police, who else takes part or is asked, and the centre, each once."""
    there = {c.function_id: c for c in contacts if c.centre == operation.centre and c.status == "reached"}
    seen = _seen(operation) if reader == operation.centre else {}
    return [call for agency in _concerned(operation) for call in _calls(agency, there, seen.get(agency))]


def _concerned(operation: OperationCard) -> Iterable[str]:
    police = operation.slot.session_id.partition(":")[0]
    return dict.fromkeys([police, *(part.agency for part in operation.participants), operation.centre])


def _seen(operation: OperationCard) -> dict[str, bool]:
    """Those who are asked to acknowledge: who has accepted."""
    missing = not_acknowledged_by(operation)
    return {part.agency: part.agency not in missing for part in operation.participants if part.status == "accepted"}


def _calls(agency: str, there: dict[str, ContactCard], has_seen: bool | None) -> Iterable[Call]:
    own = sorted((c for c in there.values() if c.agency == agency), key=lambda c: c.function_id)
    if not own:
        yield Call(agency, has_seen=has_seen)
    for contact in own:
        deputy = there.get(contact.deputy_function or "")
        named = deputy.role_code if deputy else (contact.deputy_function or "").partition(":")[2]
        yield Call(agency, contact, named, deputy.channels if deputy else (), has_seen)
