"""The choices of selects: lists are data of the contracts; here is which of them a form offers."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from samsyn_contracts import register
from samsyn_contracts.register import category_names, cause_names, lesson_names, load_register, programme_names

from samsyn_adapter_desk.domain.forms import Option

POLICE_CAUSES = ("shooting", "explosion", "accident", "fire", "public_order", "serious_violence", "no_resources")
DECLINED = ("no_resources", "illness", "not_our_task")
GONE = ("bankrupt", "moved", "solved")
BROKEN_OFF = ("police_called_away", "threat", "closed_site")
ALWAYS = ("other", "not_stated")


def causes(*codes: str) -> tuple[Option, ...]:
    """Causes by their codes, and the two that every list ends with."""
    names = cause_names()
    return tuple(Option(code, *names[code]) for code in (*codes, *ALWAYS))


def categories() -> tuple[Option, ...]:
    """Fields of law in which something may be found."""
    names = category_names().items()
    return tuple(Option(code, sv, en) for code, (sv, en) in names if code != "site_information")


def programmes() -> tuple[Option, ...]:
    """Programmes of which an inspection may be proposed."""
    return tuple(Option(code, sv, en) for code, (sv, en) in programme_names().items())


def site_sections() -> tuple[Option, ...]:
    """The sections of what is known of a site."""
    return tuple(Option(section.code, section.sv, section.en) for section in register.site_sections())


def lessons() -> tuple[Option, ...]:
    """What may be learnt from an operation."""
    return tuple(Option(code, sv, en) for code, (sv, en) in lesson_names().items())


def parties(codes: Sequence[str]) -> tuple[Option, ...]:
    """Parties of the register, in the order given."""
    known = load_register().by_code
    return tuple(Option(code, known[code].name_sv, known[code].name_en) for code in codes)


@cache
def municipalities() -> tuple[Option, ...]:
    """Every municipality, in the order of their names; origin: SCB's codes, see data/README.md."""
    with files("samsyn_adapter_desk").joinpath("data/municipalities.csv").open(encoding="utf-8") as file:
        rows = [(row["code"], row["name"]) for row in csv.DictReader(file)]
    return tuple(Option(code, name, name) for code, name in rows)


@cache
def indications() -> tuple[Option, ...]:
    """What may indicate work-life crime at a site."""
    with files("samsyn_adapter_desk").joinpath("data/indications.csv").open(encoding="utf-8") as file:
        return tuple(Option(row["code"], row["sv"], row["en"]) for row in csv.DictReader(file))


YES_NO = (Option("yes", "ja", "yes"), Option("no", "nej", "no"))
INTEREST = (Option("low", "litet", "low"), Option("medium", "måttligt", "medium"), Option("high", "stort", "high"))
POLICE_NEED = (
    Option("required", "krävs", "required"),
    Option("wanted", "önskas", "wanted"),
    Option("not_needed", "behövs inte", "not needed"),
)
CONTACT_ROLES = (
    Option("coordinator", "samordnare", "coordinator"),
    Option("operational_coordinator", "operativ samordnare", "operational coordinator"),
    Option("duty_officer", "vakthavande befäl", "duty officer"),
    Option("municipal_police", "kommunpolis", "municipal police"),
    Option("on_call", "jour", "on call"),
)
EXPERIENCE = (
    Option("0", "under 1 år", "less than 1 year"),
    Option("1-3", "1–3 år", "1 to 3 years"),
    Option("4+", "4 år eller mer", "4 years or more"),
)
ANSWERS = (Option("accept", "ja", "yes"), Option("decline", "nej", "no"))
CHANNELS = (
    Option("phone", "per telefon", "by phone"),
    Option("radio", "per radio", "by radio"),
    Option("in_person", "på plats", "in person"),
)
MODES = (
    Option("auto", "automatik: nya planer gäller direkt, inom givna samtycken", "automatic: new plans hold at once"),
    Option(
        "propose", "förslag: inget ändras förrän centret har godkänt det", "propose: nothing changes without approval"
    ),
    Option("off", "av: ändringar läggs i kö", "off: changes are queued"),
)
COVERS = (
    Option("time", "annan tid samma dag", "another time the same day"),
    Option("other_site", "annat objekt", "another site"),
    Option("other_police_unit", "annat polispass", "another police session"),
    Option("fewer_officers", "färre poliser", "fewer officers"),
    Option("without_police", "utan polis där det går", "without police where that is possible"),
    Option("other_participants", "andra deltagare", "other participants"),
)
OUTCOMES = (
    Option("done", "genomförd", "done"),
    Option("closed", "stängt när vi kom", "closed"),
    Option("not_found", "verksamheten fanns inte på platsen", "not found"),
)
SITE_ANSWERS = (
    Option("known", "detta vet vi", "this is what we know"),
    Option("nothing_known", "vi vet inget", "we know nothing"),
)
SUBJECTS = (
    Option("organisation", "ett företag", "a company"),
    Option("sole_trader", "en enskild firma", "a sole trader"),
    Option("person", "en person", "a person"),
    Option("site", "objektet", "the site"),
)
SCORES = tuple(Option(str(n), f"{n} av 5", f"{n} of 5") for n in range(1, 6))
SAFETY = (
    Option("threat", "hot", "threat"),
    Option("violence", "våld", "violence"),
    Option("undue_influence", "otillåten påverkan", "undue influence"),
)
SEVERITY = (
    Option("low", "mindre allvarligt", "low"),
    Option("serious", "allvarligt", "serious"),
    Option("acute", "akut", "acute"),
)
PINNED = (
    Option("agreed", "överenskommet med alla", "agreed by everybody"),
    *causes(),
)
UNPINNED = (Option("no_longer_needed", "behövs inte längre", "no longer needed"), *causes())
MODE_REASONS = (
    Option("exercise", "övning", "exercise"),
    Option("unusual_load", "ovanligt läge", "an unusual situation"),
    Option("back_to_normal", "läget är normalt igen", "the situation is normal again"),
    *causes(),
)
