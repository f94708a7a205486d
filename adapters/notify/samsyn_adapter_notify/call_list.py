"""Whom to call when Samsyn is away: functions as their own agencies have told of them, and what people have written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from samsyn_contracts.contact_points import Channel, ContactPointChanged
from samsyn_contracts.envelope import ALL_CENTRES
from samsyn_contracts.register import load_register

from samsyn_adapter_notify.letters import centre_name, one_line
from samsyn_adapter_notify.recipients import Function, Language, Other, Recipients

_SCHEMA = """
CREATE TABLE IF NOT EXISTS contact (
  centre TEXT NOT NULL, function_id TEXT NOT NULL, told TEXT NOT NULL, PRIMARY KEY (centre, function_id))
"""
_ROLES: Mapping[str, tuple[str, str]] = {
    "coordinator": ("samordnare", "coordinator"),
    "operational_coordinator": ("operativ samordnare", "operational coordinator"),
    "duty_officer": ("vakthavande befäl", "duty officer"),
    "municipal_police": ("kommunpolis", "municipal police"),
    "on_call": ("jour", "on call"),
}
_DEPUTY = ("ersätts av", "deputy")


@dataclass(frozen=True)
class Contact:
    """A function of another party as that party has told of it, in a centre."""

    centre: str
    told: ContactPointChanged

    def serves(self, centre: str) -> bool:
        """Whether it may be called about a centre's operations; `_all` stands for any of them."""
        return ALL_CENTRES in (centre, self.centre) or centre == self.centre


class Contacts:
    """What is remembered of them: the newest about each, until it is gone."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._db.execute(_SCHEMA)

    def keep(self, centre: str, told: ContactPointChanged) -> None:
        """Take the place of what was told before; a function that is gone is forgotten."""
        if told.is_gone:
            self._db.execute("DELETE FROM contact WHERE centre = ? AND function_id = ?", (centre, told.function_id))
            return
        row = (centre, told.function_id, told.model_dump_json(exclude_none=True))
        self._db.execute("INSERT OR REPLACE INTO contact VALUES (?, ?, ?)", row)

    def all(self) -> list[Contact]:
        """All of them, by agency."""
        rows = self._db.execute("SELECT centre, told FROM contact ORDER BY function_id, centre")
        return [Contact(centre, ContactPointChanged.model_validate_json(told)) for centre, told in rows]


def call_list(function: Function, recipients: Recipients, contacts: Sequence[Contact]) -> Iterator[str]:
    """Lines of a function's call list: centres, the party's own functions, other parties.

    What a party has told itself comes before what people have written of it.
    """
    language = function.language
    told = [one for one in contacts if one.told.agency != recipients.party and one.serves(function.centre)]
    for centre, contact in sorted(recipients.centres.items()):
        if not any(one.told.agency == centre for one in told):
            yield f"- {centre_name(centre)}, {_name(_ROLES, 'coordinator', language)}: {contact.phone}"
    for one in recipients.functions:
        deputy = recipients.deputy_of(one)
        stands_in = f" ({_word(_DEPUTY, language)}: {deputy.title(language)})" if deputy else ""
        yield f"- {one.title(language)}: {one.phone or '–'}{stands_in}"
    yield from (_line(one, told, language, names_centre=function.centre == ALL_CENTRES) for one in told)
    for other in recipients.call_list:
        if not _is_told(other, told):
            yield f"- {other.title(language)}: {other.phone}"


def _is_told(other: Other, told: Sequence[Contact]) -> bool:
    """Whether the party has told of what people have written: of that function, or of any where none is named."""
    there = [one.told for one in told if one.told.agency == other.party and one.serves(other.centre)]
    return any(other.function in (None, one.function_id.partition(":")[2]) for one in there)


def _line(contact: Contact, all_told: Sequence[Contact], language: Language, *, names_centre: bool) -> str:
    told = contact.told
    where = f" ({centre_name(contact.centre)})" if names_centre and contact.centre != ALL_CENTRES else ""
    when = f"; {one_line(told.duty_hours)}" if told.duty_hours else ""
    who = f"{_party(told.agency, language)}, {_name(_ROLES, told.role_code, language)}{where}"
    return f"- {who}: {_reached(told.channels)}{when}{_stands_in(contact, all_told, language)}"


def _stands_in(contact: Contact, all_told: Sequence[Contact], language: Language) -> str:
    deputy = contact.told.deputy_function
    if deputy is None:
        return ""
    there = [o.told for o in all_told if o.told.function_id == deputy and o.serves(contact.centre)]
    if not there:
        return f" ({_word(_DEPUTY, language)}: {deputy.partition(':')[2]})"
    named, reached = _name(_ROLES, there[0].role_code, language), _reached(there[0].channels)
    return f" ({_word(_DEPUTY, language)}: {named}, {reached})"


def _reached(channels: Sequence[Channel]) -> str:
    return ", ".join(f"{'radio ' if one.kind == 'radio' else ''}{one_line(one.address)}" for one in channels)


def _party(code: str, language: Language) -> str:
    party = load_register().by_code.get(code)
    if party is None or party.kind == "centre":
        return centre_name(code)
    return party.name_sv if language == "sv" else party.name_en


def _name(names: Mapping[str, tuple[str, str]], code: str, language: Language) -> str:
    return _word(names.get(code, (code, code)), language)


def _word(words: tuple[str, str], language: Language) -> str:
    return words[0 if language == "sv" else 1]
