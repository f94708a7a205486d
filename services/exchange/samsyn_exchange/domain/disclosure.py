"""Who hears what of an event, by dated rules; no rule, no disclosure, and no field above the receiver's view."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field
from samsyn_contracts.envelope import ALL_CENTRES, Envelope, Event
from samsyn_contracts.message import Facts, Message, Sensitivity
from samsyn_contracts.operations import NotificationAcknowledged
from samsyn_contracts.register import Kind, Register

from samsyn_exchange.domain.operations import KnownOperation

View = Literal["internal", "invited", "accepted", "entitled"]
VIEWS: tuple[View, ...] = get_args(View)  # from the narrowest to the widest
Selector = Literal[
    "field",
    "participant_in_field",
    "named",
    "centre",
    "members_of_kinds",
    "participants",
    "released",
    "known_participants",
    "known_on_capacity",
]
# What goes to a receiver of the envelope; the rest (the sender's register number, legal basis …) stays here.
KEPT_ATTRIBUTES = (
    *("id", "source", "type", "time", "centre", "environment", "subject", "sequence"),
    *("receivedtime", "causationid", "correlationid"),
)


class Rule(BaseModel):
    """That some parties hear of a type of message, in a view, between two days.

    `by_status` gives each participant the view that its part in the operation allows. `only_from_parts`: it holds only
    for what a participant of the operation spoken of says, or the centre: nobody is told what a stranger says of it.
    `participant_in_field` is who the field names, if it has a part in the operation: nobody else is told of that one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    type: str
    to: Selector
    view: Literal["internal", "invited", "accepted", "entitled", "by_status"]
    valid_from: date
    valid_to: date | None = None
    field: str | None = None
    party: str | None = None
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] | None = None
    only_from_parts: bool = False

    def holds(self, message: Message, day: date) -> bool:
        """Whether it is about such a message and in force that day."""
        if self.type != type(message).__name__:
            return False
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Disclosure:
    """That a party hears of an event, in which view and by which rule."""

    party: str
    view: View
    rule_id: str


@dataclass(frozen=True)
class _Asked:
    rule: Rule
    event: Event
    register: Register
    known: Sequence[KnownOperation]
    day: date


class UnsayableError(ValueError):
    """What is left of a message after redaction is no such message: a rule or a contract is wrong."""


def load_rules() -> tuple[Rule, ...]:
    """The rules that ship with the exchange."""
    text = files("samsyn_exchange").joinpath("disclosure_rules.json").read_text("utf-8")
    return tuple(Rule.model_validate_json(json.dumps(row)) for row in json.loads(text)["rules"])


def disclosed(
    event: Event, register: Register, known: Sequence[KnownOperation], rules: Sequence[Rule], day: date
) -> tuple[Disclosure, ...]:
    """Who hears of the event, each party once in its widest view, sorted; never the sender, never a stranger."""
    widest: dict[str, Disclosure] = {}
    name = type(event.message).__name__
    holding = [rule for rule in rules if rule.type == name and rule.holds(event.message, day)]
    if not holding:
        return ()
    hearers = _hearers(event, register, day)
    for rule in holding:
        if rule.only_from_parts and not _is_from_a_part(event, known):
            continue
        for party, view in _SELECTORS[rule.to](_Asked(rule, event, register, known, day)):
            told = widest.get(party)
            if party in hearers and (told is None or VIEWS.index(view) > VIEWS.index(told.view)):
                widest[party] = Disclosure(party, view, rule.id)
    return tuple(widest[party] for party in sorted(widest))


def _hearers(event: Event, register: Register, day: date) -> set[str]:
    """Who may hear of it at all: the centre's members that day; of what is about all centres, every party."""
    centre = event.envelope.centre
    parties = register.parties if centre == ALL_CENTRES else register.members_of(centre, day)
    return {party.code for party in parties} - {event.envelope.party}


def _is_from_a_part(event: Event, known: Sequence[KnownOperation]) -> bool:
    speaker, operation_id = event.envelope.party, getattr(event.message, "operation_id", None)
    if speaker == event.envelope.centre:
        return True
    about = [one for one in known if one.operation_id == operation_id and one.centre == event.envelope.centre]
    if isinstance(event.message, NotificationAcknowledged):
        return any(speaker in one.concerned for one in about)
    return any(speaker in dict(one.participants) for one in about)


def redacted(message: Message, view: View, entitled: frozenset[str] = frozenset()) -> bytes:
    """The body with nothing above the view; raises UnsayableError if that is no longer such a message.

    Who has accepted sees, of the references of class P3, those that it is `entitled` to, by a basis of its own.
    """
    try:
        shown = message.model_dump(mode="json", exclude_none=True)
        kept = _kept(message, shown, view, entitled if view == "accepted" else frozenset())
        return type(message).model_validate_json(json.dumps(kept)).body()
    except ValueError as error:
        raise UnsayableError(f"{type(message).__name__} cannot be said in the view {view}") from error


def is_shown(message_class: type[Message], name: str, view: View) -> bool:
    """Whether a field is in the view."""
    return name in _fields(message_class, view)


def references_in(facts: Facts) -> Iterator[tuple[str, str]]:
    """Names and values of the fields of class P3, references to the contents store, but for those of inner facts."""
    for name in _reference_fields(type(facts)):
        value = getattr(facts, name)
        if isinstance(value, str):
            yield name, value


def redacted_envelope(envelope: Envelope) -> Envelope:
    """The attributes that a receiver gets: the original's identity, times and causes."""
    return Envelope.model_validate({name: getattr(envelope, name) for name in KEPT_ATTRIBUTES})


def _kept(facts: Facts, shown: Mapping[str, Any], view: View, entitled: frozenset[str]) -> dict[str, Any]:
    """The part of the dumped facts (`shown`) that is in the view, and the references that the receiver may have."""
    kept: dict[str, Any] = {}
    for name in _fields(type(facts), view):
        value = getattr(facts, name)
        if value is not None:
            kept[name] = _shown(value, shown[name], view, entitled)
    return kept | {name: ref for name, ref in references_in(facts) if ref in entitled}


def _shown(value: object, dumped: Any, view: View, entitled: frozenset[str]) -> object:
    if isinstance(value, Facts):
        return _kept(value, dumped, view, entitled)
    if isinstance(value, tuple) and isinstance(dumped, list):
        return [_shown(one, text, view, entitled) for one, text in zip(value, dumped, strict=True)]
    if isinstance(value, dict):
        raise UnsayableError("a mapping has no class per field")
    return dumped


@cache
def _fields(of: type[Facts], view: View) -> tuple[str, ...]:
    """The names of the fields that the view shows."""
    return tuple(name for name, field in of.model_fields.items() if _may_see(field.metadata, view))


@cache
def _reference_fields(of: type[Facts]) -> tuple[str, ...]:
    marks = {name: _class_of(field.metadata) for name, field in of.model_fields.items()}
    return tuple(name for name, mark in marks.items() if mark is not None and mark.level == "P3")


def _may_see(metadata: Sequence[object], view: View) -> bool:
    mark = _class_of(metadata)
    if mark is None:
        return False
    if mark.level in ("P0", "P1"):
        return True
    if mark.level == "P2":
        return view in ("accepted", "entitled") or (view == "invited" and not mark.after_acceptance)
    return mark.level == "P3" and view == "entitled"


def _class_of(metadata: Sequence[object]) -> Sensitivity | None:
    """Default deny: a field without exactly one class has none, and is seen by nobody."""
    classes = [mark for mark in metadata if isinstance(mark, Sensitivity)]
    return classes[0] if len(classes) == 1 else None


Selected = Iterator[tuple[str, View]]


def _plain(asked: _Asked) -> View:
    if asked.rule.view == "by_status":
        raise ValueError(f"rule {asked.rule.id} gives a view by status to parties that have none")
    return asked.rule.view


def _field(asked: _Asked) -> Selected:
    named = getattr(asked.event.message, asked.rule.field or "")
    if named is not None:
        yield str(named), _plain(asked)


def _participant_in_field(asked: _Asked) -> Selected:
    parts = {party for party, _ in _known(asked, "operation_id")}
    yield from ((party, view) for party, view in _field(asked) if party in parts)


def _named(asked: _Asked) -> Selected:
    yield asked.rule.party or "", _plain(asked)


def _centre(asked: _Asked) -> Selected:
    yield asked.event.envelope.centre, _plain(asked)


def _members_of_kinds(asked: _Asked) -> Selected:
    members = asked.register.members_of(asked.event.envelope.centre, asked.day)
    yield from ((party.code, _plain(asked)) for party in members if party.kind in (asked.rule.kinds or ()))


def _participants(asked: _Asked) -> Selected:
    for participant in getattr(asked.event.message, "participants", ()):
        yield participant.agency, "accepted" if participant.status == "accepted" else "invited"


def _released(asked: _Asked) -> Selected:
    yield from ((party, _plain(asked)) for party in getattr(asked.event.message, "released", ()))


def _known(asked: _Asked, attribute: str) -> Selected:
    wanted = getattr(asked.event.message, attribute)
    for operation in asked.known:
        if getattr(operation, attribute) == wanted and operation.centre == asked.event.envelope.centre:
            yield from ((party, _plain(asked)) for party, _ in operation.participants)


_SELECTORS: dict[Selector, Callable[[_Asked], Selected]] = {
    "field": _field,
    "participant_in_field": _participant_in_field,
    "named": _named,
    "centre": _centre,
    "members_of_kinds": _members_of_kinds,
    "participants": _participants,
    "released": _released,
    "known_participants": lambda asked: _known(asked, "operation_id"),
    "known_on_capacity": lambda asked: _known(asked, "capacity_id"),
}
