"""What is written to people: templates in both languages, filled with a code name, a centre and times, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal
from urllib.parse import quote

from babel.dates import format_datetime, format_time
from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from samsyn_contracts.envelope import ALL_CENTRES
from samsyn_contracts.message import Instant
from samsyn_contracts.register import cause_names, load_register

from samsyn_adapter_notify.quiet_hours import SWEDEN
from samsyn_adapter_notify.recipients import Language
from samsyn_adapter_notify.row import Row

LANGUAGES: tuple[Language, ...] = ("sv", "en")
_SMS = "sms"
_LAYOUT = "_layout"
_LOCALES: Mapping[Language, str] = {"sv": "sv_SE", "en": "en_GB"}
_DATE_FORMS: Mapping[Language, str] = {"sv": "EEEE d MMMM y 'kl.' HH.mm", "en": "EEEE d MMMM y 'at' HH:mm"}
_TIME_FORMS: Mapping[Language, str] = {"sv": "HH.mm", "en": "HH:mm"}
_WEEKS: Mapping[Language, str] = {"sv": "v.", "en": "week"}
_ALL: Mapping[Language, str] = {"sv": "Alla center", "en": "All centres"}
_CENTRE_WORDS = {"Center mot arbetslivskriminalitet": "AKC"}
_STEPS: Mapping[str, tuple[str, str]] = {
    "other_police_session": ("ett annat polispass", "another police session"),
    "moved_session": ("flyttad till ett annat polispass", "moved to another police session"),
    "smaller": ("mindre, i annan ordning eller vid andra tider", "smaller, in another order or at other times"),
    "without_police": ("utan polis", "without police"),
    "postponed": ("skjuts upp", "postponed"),
    "cancelled": ("ställs in", "cancelled"),
    "unchanged": ("oförändrad", "unchanged"),
    "grown": ("utökad", "larger"),
    "team_changed": ("andra deltagare", "other participants"),
    "restored": ("återställd", "restored"),
}


class Letter(Row):
    """Everything that a letter may tell; what is not here cannot come into one."""

    centre: str
    code_name: str | None = None
    operation_id: str | None = None
    start_at: Instant | None = None
    end_at: Instant | None = None
    before_at: Instant | None = None
    before_end_at: Instant | None = None
    is_partial: bool = False
    answer_by: Instant | None = None
    ack_due_at: Instant | None = None
    cause_code: str | None = None
    step: str | None = None
    minutes: int | None = None
    number: int | None = None
    year: int | None = None
    period_id: str | None = None
    unit: Literal["inspections", "operations"] | None = None
    target: int | None = None


@dataclass(frozen=True)
class Text:
    """A letter, written out: a subject of one line, and a body."""

    subject: str
    body: str


def template_names() -> tuple[str, ...]:
    """Templates of mails that are there in every language."""
    names = [_names(language) for language in LANGUAGES]
    return tuple(sorted(set.intersection(*names)))


def written(template: str, letter: Letter, language: Language, desk_url: str) -> Text:
    """The letter in a language, by a template."""
    told = _environment().get_template(f"{language}/{template}").render(_words(letter, language, desk_url))
    subject, _, body = told.strip().partition("\n")
    return Text(one_line(subject), body.strip() + "\n")


def text_message(letter: Letter, language: Language) -> str:
    """What goes by text message: the code name, and to call the coordinator."""
    told = _environment().get_template(f"{language}/{_SMS}").render(_words(letter, language, ""))
    return one_line(told)


def centre_name(code: str) -> str:
    """What a centre is called in letters: `AKC Väst`, without the town where it sits."""
    party = load_register().by_code.get(code)
    name = code if party is None else party.name_sv.partition("(")[0]
    for long, short in _CENTRE_WORDS.items():
        name = name.replace(long, short)
    return one_line(name)


def one_line(text: str) -> str:
    """Text without line breaks or other control characters: fit for a header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def moment(at: datetime, language: Language) -> str:
    """Day, time by Swedish clocks, and week: `fredag 16 maj 2025 kl. 09.00 (v. 20)`."""
    local = at.astimezone(SWEDEN)
    told = format_datetime(local, _DATE_FORMS[language], locale=_LOCALES[language])
    return f"{told} ({_WEEKS[language]} {local.isocalendar().week})"


def operation_link(desk_url: str, operation_id: str | None) -> str:
    """Where the desk shows an operation, behind sign-in; its first page where there is none."""
    root = desk_url.rstrip("/")
    return f"{root}/" if operation_id is None else f"{root}/operation/{quote(operation_id, safe=':')}"


def _words(letter: Letter, language: Language, desk_url: str) -> dict[str, str | int | None]:
    return {
        "centre": _ALL[language] if letter.centre == ALL_CENTRES else centre_name(letter.centre),
        "code_name": one_line(letter.code_name or ""),
        "start": _moment(letter.start_at, language),
        "times": _times(letter.start_at, letter.end_at, language),
        "before_start": _moment(letter.before_at, language),
        "before": _times(letter.before_at, letter.before_end_at, language) or _moment(letter.before_at, language),
        "is_partial": letter.is_partial,
        "answer_by": _moment(letter.answer_by, language),
        "ack_due": _moment(letter.ack_due_at, language),
        "cause": _named(cause_names(), letter.cause_code, language),
        "step": _named(_STEPS, letter.step, language),
        "minutes": letter.minutes,
        "number": letter.number,
        "year": letter.year,
        "period": one_line(letter.period_id or ""),
        "unit": letter.unit,
        "target": letter.target,
        "link": operation_link(desk_url, letter.operation_id),
    }


def _moment(at: datetime | None, language: Language) -> str:
    return "" if at is None else moment(at, language)


def _times(start_at: datetime | None, end_at: datetime | None, language: Language) -> str:
    """From when to when: `fredag 16 maj 2025 kl. 09.00–13.00 (v. 20)`."""
    if start_at is None or end_at is None:
        return ""
    start, end = start_at.astimezone(SWEDEN), end_at.astimezone(SWEDEN)
    if start.date() != end.date():
        return f"{moment(start, language)} – {moment(end, language)}"
    day, _, week = moment(start, language).partition(" (")
    return f"{day}–{format_time(end, _TIME_FORMS[language], locale=_LOCALES[language])} ({week}"


def _named(names: Mapping[str, tuple[str, str]], code: str | None, language: Language) -> str:
    """The name of a code; nothing for one without a name: free text never comes into a letter."""
    return names.get(code or "", ("", ""))[0 if language == "sv" else 1]


def _names(language: Language) -> set[str]:
    found = files("samsyn_adapter_notify").joinpath("templates", language).iterdir()
    return {entry.name.removesuffix(".txt") for entry in found} - {_LAYOUT, _SMS}


def _source(name: str) -> str | None:
    entry = files("samsyn_adapter_notify").joinpath("templates", f"{name}.txt")
    return entry.read_text("utf-8") if entry.is_file() else None


@cache
def _environment() -> Environment:
    # Text, not HTML: nothing to escape; a name that a template misspells is an error.
    return Environment(
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=(), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
