"""What a form is: fields in, a statement out, or for each field what is wrong and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from samsyn_contracts.message import Message

from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.people import Act

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# By hand: the year first, as the hint shows; what stands between the numbers may be as anybody writes it.
WRITTEN = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]+(\d\d?)[:.](\d\d)|[T ]*(\d\d)(\d\d))")
WRITTEN_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
EVENT_ID = re.compile(r"[A-Za-z0-9._:~-]{1,64}")  # as the envelope's
Values = Mapping[str, str]
Kind = Literal["text", "long_text", "number", "select", "instant", "day", "yes", "hidden"]

# One field each: a browser's own has seven stops for the keyboard, in its own language, by a clock of 12 hours in some.
WRITTEN_AS: Mapping[Kind, str] = {
    "instant": msgid("Written as 2026-05-08 14:00."),
    "day": msgid("Written as 2026-05-08."),
}


@dataclass(frozen=True)
class Option:
    """A choice of a select: the code, and its names in both languages."""

    value: str
    sv: str
    en: str


@dataclass(frozen=True)
class Field:
    """One field: `label` and `hint` are English texts of the catalogue; `of` names the message's own field."""

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    is_required: bool = True
    options: Sequence[Option] = ()
    value: str = ""
    of: str = ""

    @property
    def example(self) -> str:
        """How what it takes is written, as a text of the catalogue; empty where that needs no telling."""
        return WRITTEN_AS.get(self.kind, "")

    @property
    def told_as(self) -> str:
        """The field of the message that this one fills."""
        return self.of or self.name


@dataclass(frozen=True)
class Asked:
    """Who fills a form in, about which centre, and when; `once` makes a form that is sent twice one statement."""

    party: str
    centre: str
    function: str
    now: datetime
    once: str


@dataclass(frozen=True)
class Kept:
    """Contents that a message refers to, put in the contents store before it is said."""

    ref: str
    contents: Mapping[str, Any]
    about: str


@dataclass(frozen=True)
class Draft:
    """A statement, ready to be said, and what it refers to."""

    message: Message
    contents: tuple[Kept, ...] = ()
    causationid: str | None = None


Build = Callable[[Values, Asked], Draft]


@dataclass(frozen=True)
class Form:
    """A form of the desk: `title`, `submit` and `about` are texts of the catalogue."""

    name: str
    act: Act
    title: str
    submit: str
    fields: tuple[Field, ...]
    build: Build
    about: str = ""
    back_to: str = "/todo"
    is_grave: bool = False


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field (empty: with the whole form): `text` is of the catalogue."""

    field: str
    text: str


class FormError(ValueError):
    """A form that is no statement: what is wrong with which field."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.text}" for fault in faults))
        self.faults = tuple(faults)


# What to do about a value that the contract does not take, by the kind of pydantic's error.
REMEDIES: Mapping[str, str] = {
    "missing": msgid("Fill in this field."),
    "string_pattern_mismatch": msgid("This is not written in the way that the hint beside the field shows."),
    "greater_than_equal": msgid("The number is too small."),
    "less_than_equal": msgid("The number is too large."),
    "string_too_long": msgid("This is too long."),
    "literal_error": msgid("Choose one of the choices."),
    "int_parsing": msgid("Give a whole number."),
    "too_short": msgid("Give at least one."),
    "date_from_datetime_parsing": msgid("Give a day."),
}
NOT_FROM_A_PAGE = msgid("The form does not say what it is about. Open it again from the page that led to it.")
OTHERWISE = msgid("Samsyn cannot take this value; the hint beside the field shows what is wanted.")


def draft(form: Form, values: Values, asked: Asked) -> Draft:
    """The statement that a filled-in form makes; FormError that names each field and its remedy."""
    given = {name: value.strip() for name, value in values.items()}
    missing = [each for each in form.fields if each.is_required and not given.get(each.name)]
    if missing:
        raise FormError(_missing(missing))
    unknown = [each.name for each in form.fields if _is_no_choice(each, given.get(each.name, ""))]
    if unknown:
        raise FormError([Fault(name, REMEDIES["literal_error"]) for name in unknown])
    try:
        made = form.build(given, asked)
    except ValidationError as error:
        raise FormError(_faults(form, error)) from None
    if made.causationid is not None and not EVENT_ID.fullmatch(made.causationid):
        raise FormError([Fault("cause_event", REMEDIES["string_pattern_mismatch"])])
    return made


def instant(values: Values, name: str) -> datetime | None:
    """The instant of a field, written as local time in Sweden; None where it is empty; FormError otherwise."""
    text = values.get(name, "")
    if not text:
        return None
    written = WRITTEN.fullmatch(text)  # an offset would be read as if it were not there
    no_instant = FormError([Fault(name, msgid("Give a day and a time, such as 2026-05-08 09:00."))])
    if written is None:
        raise no_instant
    year, month, day, hour, minute = (int(part) for part in written.groups() if part is not None)
    try:
        at = datetime(year, month, day, hour, minute, tzinfo=STOCKHOLM)
    except ValueError:
        raise no_instant from None
    if 2000 <= year < 2200 and at.astimezone(UTC).astimezone(STOCKHOLM).hour != hour:
        raise FormError([Fault(name, msgid("That hour is left out: clocks go forward that night."))])
    return at


def written_day(text: str) -> str:
    """A day as the contract writes it; what is none stays no day, also where it could be read as seconds."""
    written = WRITTEN_DAY.fullmatch(text)
    return f"no day: {text}" if written is None else "-".join(written.groups())


def exact_instant(values: Values, name: str) -> datetime | None:
    """The instant of a hidden field, with its offset as the page wrote it; None where it is empty; else FormError."""
    text = values.get(name, "")
    if not text:
        return None
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        written = None
    if written is None or written.tzinfo is None or not 2000 <= written.year < 2200:
        raise FormError([Fault(name, msgid("Open the form anew from the page."))])
    return written


WHEN = Field(
    "happened_at",
    msgid("When it happened"),
    "instant",
    msgid("Leave empty if it is now. For what is entered afterwards."),
    is_required=False,
)


def happened_at(form: Form, values: Values, now: datetime) -> datetime:
    """When what a form tells of happened: now, or earlier where it is entered afterwards; FormError for later."""
    return past_instant(values, WHEN.name, now) if WHEN in form.fields else now


def past_instant(values: Values, name: str, now: datetime) -> datetime:
    """The instant of a field, now where it is empty; FormError for one that lies ahead, or is none."""
    at = instant(values, name) or now
    if at > now:
        raise FormError([Fault(name, msgid("This lies ahead. Give the time at which it happened."))])
    return at


def number(values: Values, name: str) -> int | None:
    """The whole number of a field; None where it is empty; FormError otherwise."""
    text = values.get(name, "")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise FormError([Fault(name, REMEDIES["int_parsing"])]) from None


def listed(values: Values, name: str) -> tuple[str, ...]:
    """The codes of a field, separated by commas or given several times."""
    return tuple(code.strip() for code in values.get(name, "").split(",") if code.strip())


def present(**facts: Any) -> dict[str, Any]:
    """Facts without those that are not given: an optional field without a value is absent."""
    return {name: value for name, value in facts.items() if value not in (None, "", ())}


@dataclass(frozen=True)
class Shown:
    """A form as a page shows it: its fields with the values so far, and what is wrong with them."""

    form: Form
    values: Values
    faults: tuple[Fault, ...] = ()
    once: str = ""
    centre: str = ""
    summary: Sequence[str] = field(default_factory=tuple)

    def fault_of(self, name: str) -> str:
        """What is wrong with a field, as a text of the catalogue; empty where nothing is."""
        return next((fault.text for fault in self.faults if fault.field == name), "")

    def value_of(self, each: Field) -> str:
        """What stands in a field; an instant as people write it."""
        value = self.values.get(each.name, each.value)
        return value.replace("T", " ") if each.kind == "instant" else value


def _is_no_choice(each: Field, value: str) -> bool:
    return each.kind == "select" and bool(value) and value not in {option.value for option in each.options}


def _missing(fields: Sequence[Field]) -> list[Fault]:
    """What nobody can fill in stands in the link to the form: one remedy for all of it."""
    told = [Fault(each.name, REMEDIES["missing"]) for each in fields if each.kind != "hidden"]
    return told if len(told) == len(fields) else [*told, Fault("", NOT_FROM_A_PAGE)]


def _faults(form: Form, error: ValidationError) -> list[Fault]:
    told = error.errors(include_url=False, include_input=False)
    # A list with a member that is refused counts as too short, too: what is told of the member is enough.
    refused = {each["loc"][:1] for each in told if len(each["loc"]) > 1}
    return [_fault(form, each) for each in told if each["type"] != "too_short" or each["loc"] not in refused]


def _fault(form: Form, error: Any) -> Fault:
    path = [str(part) for part in error["loc"]]
    text = REMEDIES.get(error["type"], OTHERWISE)
    if error["type"] == "value_error":
        sentence = str(error["ctx"]["error"])
        text = OWN_RULES.get(sentence, OTHERWISE)
        path.append(sentence.partition(" ")[0])  # a rule about several fields begins with the one at fault
    named = [each.name for each in form.fields if each.told_as in path or each.name in path]
    return Fault(named[0] if named else "", text)


# The contracts' own sentences, as the desk's texts.
OWN_RULES: Mapping[str, str] = {
    "end_at must be later than start_at": msgid("The end must be later than the start."),
    "until_at must be later than from_at": msgid("The end must be later than the start."),
    "base is required for a police session": msgid("A police session needs a place that it starts from."),
    "team is required for a unit that is a team": msgid("Give the team's name."),
    "reason_code goes with the answer decline, and with no other": msgid(
        "Choose a reason where the answer is no, and none where it is yes."
    ),
    "until_day must not be earlier than from_day": msgid("The last day must not be before the first."),
}
